"""Keep what providers sell, and for how much, beside our own catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.ports import Book, Key, PriceLine
from core.services.counter import Counter


async def refresh_prices(counter: Counter, provider: str) -> int:
    """Read a provider's price list and keep it; answers how many lines. On `BillerDown` the old list stays."""
    lines = await counter.gateways[provider].prices()
    await counter.store.commit(KeepPrices(provider, tuple(lines), tuple(await counter.store.price_lines(provider))))
    return len(lines)


@dataclass(frozen=True, slots=True)
class KeepPrices:
    """Write the new list over the old one; what is no longer listed is no longer on sale."""

    provider: str
    lines: tuple[PriceLine, ...]
    before: tuple[PriceLine, ...]

    def wants(self) -> Sequence[Key[object]]:
        return [Key(PriceLine, (self.provider, line.code)) for line in (*self.lines, *self.before)]

    def decide(self, book: Book) -> None:
        for line in self.lines:
            known = book.get(PriceLine, self.provider, line.code)
            book.put(replace(line, version=known.version if known else 0))
        listed = {line.code for line in self.lines}
        for old in self.before:
            if old.code not in listed and (known := book.get(PriceLine, self.provider, old.code)):
                book.put(replace(known, on_sale=False))
