"""A wallet's phone line: which SIM speaks there, and whether the one who holds it is still our customer.

Numbers are given to other people, and SIMs to thieves, so a number is no identity. When its SIM changes, or it was
silent for longer than an operator waits before giving it away, whoever speaks must prove who she is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.refusal import Refusal
from core.text import _

# Where tries of the proof are counted, as those of a PIN are, by whoever hears it.
PROOF = "proof"
ON_THE_PHONE, AT_THE_COUNTER = "phone", "counter"


class NotYou(Refusal):
    text = _("That is not what you told us. Tries left: {left}.")


@dataclass(frozen=True, slots=True)
class Line:
    """`sim` is a mark of the SIM, `KEY:MARK`, blank where no gateway has told one. We doubt since `doubted_at`."""

    wallet_id: str
    sim: str = ""
    doubted_at: datetime | None = None
    version: int = 0

    def differs(self, sim: str) -> bool:
        """Whether it is another SIM. Marks made with two keys cannot be compared: then the newer is believed."""
        key, known = sim.partition(":")[0], self.sim.partition(":")[0]
        return bool(sim and self.sim) and key == known and sim != self.sim

    def heard(self, sim: str) -> Line:
        return replace(self, sim=sim or self.sim)

    def doubted(self, now: datetime) -> Line:
        return replace(self, doubted_at=now)

    def believed(self) -> Line:
        return replace(self, doubted_at=None)
