"""The provider's till: everything a request needs to be carried out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from adapters.sandbox.book import Book
from adapters.sandbox.clock import Clock, day_of, is_paused
from adapters.sandbox.fault_plan import FaultPlan
from adapters.sandbox.options import SandboxOptions
from adapters.sandbox.products import Product
from adapters.sandbox.settlement import settle
from adapters.sandbox.webhooks import UPDATE, Webhooks


@dataclass(frozen=True, slots=True)
class Provider:
    options: SandboxOptions
    book: Book
    clock: Clock
    plan: FaultPlan
    webhooks: Webhooks
    products: Mapping[str, Product]

    @property
    def now(self) -> datetime:
        return self.clock.now()

    @property
    def today(self) -> date:
        return day_of(self.now)

    def is_paused(self, product: Product) -> bool:
        return is_paused(self.now, product.start_cut_off, product.end_cut_off)

    def settle(self, *, at_once: bool = False) -> int:
        """Bring due sales, or all, on their way and call back; answers how many changes there were."""
        wait = timedelta(seconds=self.options.settle_after_s)
        if at_once:
            self.book.show_all()
        changes = settle(self.book, self.now, wait=wait, at_once=at_once)
        for sale in changes:
            self.webhooks.announce(UPDATE, sale)
        return len(changes)
