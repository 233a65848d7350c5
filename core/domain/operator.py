"""An operator: a person with a name and a passphrase, so that what two of them decide was decided by two.

What operators read is plain English, as all their commands are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from core.domain.pin import PAUSES, WRONG_IN_A_ROW
from core.refusal import Refusal
from core.text import Text, verbatim

SHORTEST_PASSPHRASE = 10
LONGEST_PASSPHRASE = 256
# So many can be added by whoever sets the counter up; every later one is admitted by two of those.
FOUNDERS = 2

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


class OperatorRefusal(Refusal):
    """A refusal that only operators read. `says` has places for the values it is raised with."""

    says: ClassVar[str]
    text = verbatim("")

    @property
    def words(self) -> Text:
        return verbatim(self.says.format(**self.values))


class NotAName(OperatorRefusal):
    says = "{name} is no name for an operator: 2 to 32 of a-z, 0-9 and . _ -, a letter first."


class PassphraseTooEasy(OperatorRefusal):
    says = (
        "A passphrase has {shortest} signs or more, and not the operator's name in it: four words that make no sense."
    )


class UnknownOperator(OperatorRefusal):
    says = "There is no operator {name}."


class OperatorClosed(OperatorRefusal):
    says = "{name} is no operator any more."


class NotAdmitted(OperatorRefusal):
    says = "{name} is not admitted yet: two operators must say so, with `loket review decide operator:{name} admit`."


class NameTaken(OperatorRefusal):
    says = "There is an operator {name} already, or there was one. A name is never given twice."


class WrongPassphrase(OperatorRefusal):
    says = "That is not the passphrase of {name}. Tries left: {left}."


class PassphrasePaused(OperatorRefusal):
    says = "Too many wrong passphrases for {name}. Wait until {until:%Y-%m-%d %H:%M:%S}Z."


class NeedsAnOperator(OperatorRefusal):
    says = "There are two operators already: name one of them with --as. Then another one must admit {name}."


class TooFewLeft(OperatorRefusal):
    says = "Two operators must be left to decide. Add another one first."


@dataclass(frozen=True, slots=True)
class Operator:
    """`admitted_at` is when she may decide; `wrong` counts passphrases since the last right one."""

    name: str
    pass_hash: str
    added_by: str
    added_at: datetime
    admitted_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    wrong: int = 0
    paused_until: datetime | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        return self.admitted_at is not None and self.closed_at is None

    def refusal(self) -> OperatorRefusal | None:
        """Why she may decide nothing; None when she may."""
        if self.closed_at is not None:
            return OperatorClosed(name=self.name)
        return NotAdmitted(name=self.name) if self.admitted_at is None else None

    def after_try(self, *, right: bool, now: datetime) -> tuple[Operator, OperatorRefusal | None]:
        """Count one try of the passphrase. In a pause the right one is refused like a wrong one, and not counted."""
        if self.paused_until is not None and now < self.paused_until:
            return self, PassphrasePaused(name=self.name, until=self.paused_until)
        if right:
            return replace(self, wrong=0, paused_until=None), None
        wrong = self.wrong + 1
        if wrong % WRONG_IN_A_ROW:
            return replace(self, wrong=wrong), WrongPassphrase(
                name=self.name, left=WRONG_IN_A_ROW - wrong % WRONG_IN_A_ROW
            )
        until = now + PAUSES[min(wrong // WRONG_IN_A_ROW, len(PAUSES)) - 1]
        return replace(self, wrong=wrong, paused_until=until), PassphrasePaused(name=self.name, until=until)


def operator_name(words: str) -> str:
    """A name as it is kept: capitals make no difference. Raises `NotAName`."""
    name = words.strip().lower()
    if not _NAME.fullmatch(name):
        raise NotAName(name=words)
    return name


def new_passphrase(words: str, *, name: str) -> str:
    """Raises `PassphraseTooEasy`."""
    long_enough = SHORTEST_PASSPHRASE <= len(words) <= LONGEST_PASSPHRASE
    if not long_enough or name in words.lower() or len(set(words)) < SHORTEST_PASSPHRASE // 2:
        raise PassphraseTooEasy(shortest=SHORTEST_PASSPHRASE)
    return words
