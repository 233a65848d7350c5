"""The counter: everything a service may ask for, put together once by the wiring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core.domain.daytime import Daytime

if TYPE_CHECKING:
    from core.catalogue import CounterCatalogue
    from core.ports import BillerGateway, Clock, Ids, PinVault, Signer, Store, Words


@dataclass(frozen=True, slots=True)
class Asking:
    """When a provider is asked again, and from when on it is believed that it knows nothing of an attempt."""

    poll_schedule: tuple[timedelta, ...]
    finality: timedelta

    def next_look(self, looks: int, *, now: datetime) -> datetime:
        return now + self.poll_schedule[min(looks, len(self.poll_schedule) - 1)]


@dataclass(frozen=True, slots=True)
class Terms:
    """How long things last. `poll_schedule`: the waits before each look at a payment in doubt, the last one repeats.
    It and `finality` are those of a provider that has none of its own in `by_provider`.

    `remind_after` a bill was paid the next one is looked for; `remind_again`: the waits while there is none yet, after
    which we look no more. `daytime`: when people may be spoken to who asked nothing. `silence`: after which a number
    may be somebody else's. `inquiries_an_hour`, `inquiries_a_day`: about how many different bills one may ask;
    `owners_asked_a_day`: how many owners of wallets a chat may.
    """

    quote_lasts: timedelta = timedelta(minutes=10)
    unsent_lasts: timedelta = timedelta(minutes=5)
    answer_overdue: timedelta = timedelta(seconds=60)
    review_after: timedelta = timedelta(hours=24)
    finality: timedelta = timedelta(minutes=15)
    poll_schedule: tuple[timedelta, ...] = tuple(timedelta(seconds=s) for s in (60, 60, 120, 300, 900, 3600))
    reply_within: timedelta = timedelta(seconds=2.5)
    resume_within: timedelta = timedelta(minutes=30)
    remind_after: timedelta = timedelta(days=25)
    remind_again: tuple[timedelta, ...] = tuple(timedelta(days=days) for days in (2, 3, 4, 5))
    remind_retry: timedelta = timedelta(hours=1)
    silence: timedelta = timedelta(days=45)
    inquiries_an_hour: int = 10
    inquiries_a_day: int = 30
    owners_asked_a_day: int = 5
    daytime: Daytime = field(default_factory=Daytime)
    by_provider: Mapping[str, Asking] = field(default_factory=dict)

    def asking(self, provider: str) -> Asking:
        return self.by_provider.get(provider) or Asking(self.poll_schedule, self.finality)


@dataclass(frozen=True, slots=True)
class Counter:
    """`bank` is the account people pay into to top up, `short_code` what they dial, as they are told to them.

    `worker` names this process among those that share its store; it is blank where one has the store alone.
    `signer` signs tree heads; without one there are none.
    """

    store: Store
    catalogue: CounterCatalogue
    gateways: Mapping[str, BillerGateway]
    words: Words
    vault: PinVault
    clock: Clock
    ids: Ids
    terms: Terms = field(default_factory=Terms)
    bank: str = ""
    short_code: str = "*384#"
    worker: str = ""
    signer: Signer | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.catalogue.time_zone)

    def day(self, at: datetime) -> date:
        """The accounting date of a moment, in the counter's own time zone."""
        return at.astimezone(self.zone).date()
