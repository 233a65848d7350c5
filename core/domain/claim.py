"""Who is at work on what, where several processes share one store.

A claim is a lease with a fencing number. It runs out by itself when its holder dies; and a holder who was stopped, and
wakes up after somebody else has taken over, finds another number there and writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.refusal import Fault


class Fenced(Fault):
    """Another process has taken this work over meanwhile: nothing is written."""


@dataclass(frozen=True, slots=True)
class Claim:
    """`what` is a piece of work, as `payment:ID`, or a role that one process at a time has, as `role:prices`.

    `version` is the fencing number: it grows whenever the claim is taken, kept on or let go.
    """

    what: str
    holder: str
    until: datetime
    version: int = 0

    def free_for(self, holder: str, *, now: datetime) -> bool:
        return self.holder == holder or self.until <= now

    def taken(self, holder: str, *, until: datetime) -> Claim:
        return replace(self, holder=holder, until=until)


def payment_work(payment_id: str) -> str:
    return f"payment:{payment_id}"


def role(name: str) -> str:
    return f"role:{name}"
