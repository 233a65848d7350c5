"""How a chat tells what is new: each update has a number, and what it means was found out before."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.conversation.said import Mark, Reading, Repeated


@dataclass(frozen=True, slots=True)
class Update:
    """One update and its reading. Delivered again after a crash it is a repetition, whatever it would mean now."""

    number: int
    reading: Reading = field(repr=False)

    @property
    def mark(self) -> Mark:
        return Mark(self.number, "")

    def after(self, before: Mark | None) -> Reading:
        return Repeated() if before is not None and before.length == self.number else self.reading
