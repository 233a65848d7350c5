"""Which notes an amount is paid with. People count notes where they do not read numbers."""

from __future__ import annotations

from dataclasses import dataclass

# The notes people pay with, the largest first, in major units.
NOTES: dict[str, tuple[int, ...]] = {
    "IDR": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000),
    "KES": (1_000, 500, 200, 100, 50),
    "TZS": (10_000, 5_000, 2_000, 1_000),
}


@dataclass(frozen=True, slots=True)
class Cash:
    """Notes with how many of each, the largest first; and what is left for coins."""

    notes: tuple[tuple[int, int], ...]
    coins: int = 0

    @property
    def count(self) -> int:
        return sum(many for _, many in self.notes)


def cash(amount: int, currency: str) -> Cash:
    """As few notes as can be. A currency whose notes are not known, or no amount, gives nothing."""
    found: list[tuple[int, int]] = []
    left = max(0, amount)
    notes = NOTES.get(currency, ())
    for note in notes:
        many, left = divmod(left, note)
        if many:
            found.append((note, many))
    return Cash(tuple(found), left if notes else 0)


def amount_in(name: str) -> int | None:
    """The amount of a picture named "banknote/50000"; None for the name of anything else."""
    kind, _, digits = name.partition("/")
    # Nobody pays with thirteen digits, and a drawing has no room for them.
    if kind != "banknote" or not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        return None
    return int(digits) or None
