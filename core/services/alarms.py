"""Tell operators what they must look at, when it begins and when it is over; and nothing in between.

What stands is worked out afresh at each look and compared with what was said. So a line that failed is made good at the
next look, and after a restart whatever still stands is said once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from core.domain.money import Money
from core.ports import Clock, Figures, Later, OperatorsLine
from core.refusal import Fault

log = structlog.get_logger(__name__)

PAGE = "docs/operations.md"


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something an operator must look at. `name` is that of docs/alerts.yml, `page` a part of docs/operations.md.

    `of` tells alarms of one name apart: a provider, a round. Another `mark` makes it news again: one case more.
    No customer's name or number is in the sentence.
    """

    name: str
    sentence: str
    page: str
    of: str = ""
    mark: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.of


@dataclass(frozen=True, slots=True)
class Calls:
    """What came of the latest calls to a provider."""

    made: int = 0
    unanswered: int = 0
    deposit_empty: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What a counter sees of itself at one moment; without figures its store is lost. `failing`: rounds, by name.

    `strangers`: how often somebody knocked lately, by gate, without proving that he belongs there.
    """

    figures: Figures | None
    calls: Mapping[str, Calls]
    failing: Sequence[str] = ()
    strangers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Patience:
    """From when on something that may happen is an alarm."""

    in_doubt: timedelta = timedelta(hours=1)
    message: timedelta = timedelta(minutes=15)
    arrival: timedelta = timedelta(minutes=2)
    head: timedelta = timedelta(minutes=15)
    unanswered: int = 3
    one_call_in: int = 5
    strangers: int = 10


# ---- what stands


def standing(sight: Sight, *, now: datetime, patience: Patience) -> set[Alarm]:
    found = set(_of_calls(sight.calls, patience))
    found |= {Alarm("LoketRoundFails", f"The round {name} fails.", "a-round-fails", of=name) for name in sight.failing}
    found |= set(_of_strangers(sight.strangers, patience))
    if sight.figures is None:
        return {*found, STORE_LOST}
    found |= {*_of_payments(sight.figures, now, patience), *_of_what_waits(sight.figures, now, patience)}
    return {*found, *_of_trust(sight.figures), *_of_what_was_opened(sight.figures)}


STORE_LOST = Alarm(
    "LoketStoreLost",
    "The disk failed at a commit. The counter ends and must be started again; look at the disk.",
    "the-store-is-lost",
)


def _of_strangers(strangers: Mapping[str, int], patience: Patience) -> Iterator[Alarm]:
    for gate, knocks in strangers.items():
        if knocks >= patience.strangers:
            said = f"Somebody calls as {gate} without its secret or signature, or from elsewhere."
            yield Alarm("LoketStrangers", said, "strangers-knock", of=gate)


def _of_payments(figures: Figures, now: datetime, patience: Patience) -> Iterator[Alarm]:
    oldest, review, late = figures.oldest_in_doubt, figures.payments.get("review", 0), figures.payments.get("late", 0)
    if oldest and now - oldest > patience.in_doubt:
        said = "A payment has been in doubt for more than an hour."
        yield Alarm("LoketPaymentInDoubt", said, "a-payment-in-doubt")
    if review:
        said = f"Payments in review, waiting for somebody to find out what became of them: {review}."
        yield Alarm("LoketPaymentInReview", said, "a-payment-in-review", mark=f"{review}")
    if late:
        said = f"Purchases that were delivered after the money had gone back: {late}."
        yield Alarm("LoketPaymentLate", said, "a-payment-came-late", mark=f"{late}")


def _of_what_waits(figures: Figures, now: datetime, patience: Patience) -> Iterator[Alarm]:
    message, arrival, head = figures.oldest_message, figures.oldest_arrival, figures.oldest_untold_head
    if message and now - message > patience.message:
        said = "Messages to customers have waited for a quarter of an hour."
        yield Alarm("LoketMessagesWait", said, "messages-wait")
    if arrival and now - arrival > patience.arrival:
        said = "What people wrote in a chat has waited for minutes."
        yield Alarm("LoketChatsWait", said, "chats-wait")
    if head and now - head > patience.head:
        said = "A place where the journal's heads are told has heard of none for a quarter of an hour."
        yield Alarm("LoketHeadsNotTold", said, "heads-are-not-told")


def _of_trust(figures: Figures) -> Iterator[Alarm]:
    if short := figures.short:
        lacking = Money(short.short_minor, short.currency)
        said = f"On {short.day} the trust accounts held {lacking} less than we owe customers."
        yield Alarm("LoketTrustShort", said, "customers-money-is-short", mark=f"{short.day} {short.short_minor}")


def _of_what_was_opened(figures: Figures) -> Iterator[Alarm]:
    if newest := figures.newest_break:
        about = f", payment {newest.payment_id}" if newest.payment_id else ""
        said = f"Open breaks: {figures.open_breaks}. The newest: {newest.kind}{about}."
        yield Alarm("LoketBreakOpen", said, "a-break", mark=newest.break_id)
    if case := figures.newest_case:
        about = f", payment {case.payment_id}" if case.payment_id else ""
        said = (
            f"Customers who wait for a call: {figures.open_cases}. The newest: case {case.number}, {case.topic}{about}."
        )
        yield Alarm("LoketCaseOpen", said, "a-customer-waits-for-a-call", mark=case.number)


def _of_calls(calls: Mapping[str, Calls], patience: Patience) -> Iterator[Alarm]:
    for provider, lately in calls.items():
        if lately.deposit_empty:
            said = f"Our deposit at {provider} does not suffice."
            yield Alarm("LoketDepositEmpty", said, "the-deposit-is-empty", of=provider)
        if lately.refused:
            yield Alarm(
                "LoketProviderRefusesUs", f"{provider} refuses our account.", "the-provider-refuses-us", of=provider
            )
        many = lately.unanswered * patience.one_call_in > lately.made
        if many and lately.unanswered >= patience.unanswered:
            said = f"More than a fifth of the calls to {provider} fail."
            yield Alarm("LoketProviderDoesNotAnswer", said, "the-provider-does-not-answer", of=provider)


# ---- what is said


class Watch:
    """Look after look, says what is new on the operators' line. It remembers what was said, and only in memory."""

    def __init__(
        self,
        line: OperatorsLine,
        look: Callable[[], Awaitable[Sight]],
        clock: Clock,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._line = line
        self._look = look
        self._clock = clock
        self._patience = patience or Patience()
        self._said: dict[tuple[str, str], Alarm] = {}
        self._not_before: datetime | None = None

    async def round(self) -> int:
        """One look; answers 0, since there is nothing to do before the next."""
        sight, now = await self._look(), self._clock.now()
        stands = {alarm.key: alarm for alarm in standing(sight, now=now, patience=self._patience)}
        news = _news(self._said, stands)
        if news and (self._not_before is None or now >= self._not_before) and await self._say("\n".join(news), now):
            self._said = stands
        return 0

    async def _say(self, words: str, now: datetime) -> bool:
        try:
            await self._line.say(words)
        except Fault as fault:
            self._not_before = now + timedelta(seconds=fault.seconds) if isinstance(fault, Later) else None
            log.warning("operators_not_told", why=str(fault) or type(fault).__name__)
            return False
        return True


def _news(said: Mapping[tuple[str, str], Alarm], stands: Mapping[tuple[str, str], Alarm]) -> list[str]:
    raised = [alarm for key, alarm in stands.items() if key not in said or said[key].mark != alarm.mark]
    over = [alarm for key, alarm in said.items() if key not in stands]
    return [
        *(f"ALARM {alarm.name}: {alarm.sentence} {PAGE}#{alarm.page}" for alarm in sorted(raised, key=_key)),
        *(f"OVER {alarm.name}: {alarm.sentence}" for alarm in sorted(over, key=_key)),
    ]


def _key(alarm: Alarm) -> tuple[str, str]:
    return alarm.key
