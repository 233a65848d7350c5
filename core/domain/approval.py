"""What two operators decide together: one proposes, another one who says the same decides.

A subject is named `kind:id`, as `payment:01jd3k5x…`, and has at most one open proposal at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.domain.operator import OperatorRefusal

DONE, WITHDRAWN, REJECTED = "done", "withdrawn", "rejected"
OUTCOMES = ("", DONE, WITHDRAWN, REJECTED)


class SameOperator(OperatorRefusal):
    says = "{by} proposed this: another operator must decide."


class OtherProposal(OperatorRefusal):
    says = "{by} proposed {action} for {subject}: {told}. Say the same, or reject it: `loket review reject {subject}`."


class NothingProposed(OperatorRefusal):
    says = "Nothing is proposed for {subject}."


class DecidedAlready(OperatorRefusal):
    says = "{subject} was decided already: {action} is {outcome}."


class NotPossible(OperatorRefusal):
    says = "{action} is not possible for {subject}: {why}"


class NoSuchVerdict(OperatorRefusal):
    says = "{action} is no verdict for {subject}. There is: {possible}."


class NoReason(OperatorRefusal):
    says = "Say why, with --reason: it is kept with the decision."


@dataclass(frozen=True, slots=True)
class Proposal:
    """The `number`th proposal about a subject. What was done by one operator alone has no `decided_by`.

    `detail` is what the verdict needs to be known, in JSON with sorted keys, so that the same is the same text.
    """

    subject: str
    number: int
    action: str
    detail: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    decided_why: str = ""
    outcome: str = ""
    version: int = 0

    @property
    def proposal_id(self) -> str:
        return f"{self.subject}#{self.number}"

    @property
    def open(self) -> bool:
        return not self.outcome

    @property
    def subject_id(self) -> str:
        """The subject without its kind: the key of the record it is about."""
        return self.subject.partition(":")[2]

    @property
    def details(self) -> Mapping[str, str]:
        found: dict[str, str] = json.loads(self.detail) if self.detail else {}
        return found

    @property
    def told(self) -> str:
        """Its details for a person: `cost 22200, token 1234 5678`."""
        return ", ".join(f"{name} {value}" for name, value in self.details.items()) or "nothing more"

    def says(self, action: str, detail: str) -> bool:
        return (self.action, self.detail) == (action, detail)

    def names(self, by: str) -> str:
        """Who decided, as it stands in the journal and in the evidence."""
        return self.proposed_by if by == self.proposed_by else f"{self.proposed_by} and {by}"

    def ended(self, outcome: str, *, by: str, why: str, now: datetime) -> Proposal:
        alone = outcome == DONE and by == self.proposed_by
        return replace(self, outcome=outcome, decided_by="" if alone else by, decided_at=now, decided_why=why)


def detail_of(**details: str) -> str:
    """Details as a proposal keeps them; blank ones are left out."""
    given = {name: value for name, value in details.items() if value}
    return json.dumps(given, sort_keys=True, ensure_ascii=False) if given else ""
