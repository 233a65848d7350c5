"""What a running counter tells Prometheus. What each figure means to an operator: docs/operations.md."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from core.domain.payment import PAYMENT
from core.services.counter import Counter as PaymentCounter

TURN_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted since the process began: calls by provider and outcome, rounds that failed by name, strangers
    by the gate at which they knocked.
    """

    outcomes: Tally[tuple[str, str]] = field(default_factory=Tally)
    failures: Tally[str] = field(default_factory=Tally)
    strangers: Tally[str] = field(default_factory=Tally)

    def since(self, earlier: Counts) -> Counts:
        return Counts(
            self.outcomes - earlier.outcomes, self.failures - earlier.failures, self.strangers - earlier.strangers
        )


class Metrics:
    """One registry a process; nothing global, so that tests may have as many as they like."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._counts = Counts()
        self._turns = Histogram(
            "loket_turn_seconds",
            "From a delivery to its answer.",
            ["gateway"],
            buckets=TURN_BUCKETS,
            registry=self._registry,
        )
        self._calls = Histogram(
            "loket_provider_call_seconds",
            "Calls to a provider.",
            ["provider", "call"],
            buckets=CALL_BUCKETS,
            registry=self._registry,
        )
        self._outcomes = Counter(
            "loket_provider_outcomes_total",
            "What came of calls to a provider: a response code, or what went wrong.",
            ["provider", "call", "outcome"],
            registry=self._registry,
        )
        self._payments = Gauge("loket_payments", "Payments by state.", ["state"], registry=self._registry)
        self._oldest = Gauge(
            "loket_oldest_in_doubt_seconds",
            "Age of the oldest payment whose outcome is unknown; 0 when there is none.",
            registry=self._registry,
        )
        self._waiting = Gauge(
            "loket_messages_waiting",
            "Messages that have yet to be sent, without those that may wait.",
            registry=self._registry,
        )
        self._updates = Counter(
            "loket_telegram_updates_total", "What Telegram delivered, by kind.", ["kind"], registry=self._registry
        )
        self._unhandled = Gauge(
            "loket_telegram_waiting",
            "Updates that were acknowledged and have yet to be handled.",
            registry=self._registry,
        )
        self._breaks = Gauge("loket_open_breaks", "Breaks that are open.", registry=self._registry)
        self._cases = Gauge("loket_open_cases", "Customers who wait for a call.", registry=self._registry)
        self._untold = Gauge(
            "loket_oldest_untold_head_seconds",
            "Age of the oldest signed head that a place outside has yet to hear of; 0 when there is none.",
            registry=self._registry,
        )
        self._short = Gauge(
            "loket_trust_short_minor",
            "What the trust accounts lacked of customers' money on the last day, in minor units.",
            registry=self._registry,
        )
        self._failures = Counter(
            "loket_round_failures_total", "Rounds of background work that failed.", ["round"], registry=self._registry
        )

        self._strangers = Counter(
            "loket_strangers_total",
            "Calls to a gate without its secret, with a wrong signature or from another network.",
            ["gate"],
            registry=self._registry,
        )

    def turn(self, gateway: str, seconds: float) -> None:
        self._turns.labels(gateway).observe(seconds)

    def call(self, provider: str, call: str, outcome: str, seconds: float) -> None:
        self._calls.labels(provider, call).observe(seconds)
        self._outcomes.labels(provider, call, outcome).inc()
        self._counts.outcomes[provider, outcome] += 1

    def failed(self, work: str) -> None:
        self._failures.labels(work).inc()
        self._counts.failures[work] += 1

    def stranger(self, gate: str) -> None:
        """Somebody knocked who has not proven that he belongs there; of him nothing is kept but this."""
        self._strangers.labels(gate).inc()
        self._counts.strangers[gate] += 1

    def update(self, kind: str) -> None:
        """Something came from Telegram; `kind` is of a short list, whatever was sent."""
        self._updates.labels(kind).inc()

    def counts(self) -> Counts:
        """As they are now, for whoever compares them with a later moment."""
        return Counts(self._counts.outcomes.copy(), self._counts.failures.copy(), self._counts.strangers.copy())

    async def page(self, counter: PaymentCounter) -> bytes:
        """All figures, those of the store as they are now, in Prometheus' text format."""
        figures = await counter.store.figures()
        for state in PAYMENT.states:
            self._payments.labels(state).set(figures.payments.get(state, 0))
        since = figures.oldest_in_doubt
        self._oldest.set((counter.clock.now() - since).total_seconds() if since else 0)
        self._waiting.set(figures.messages_waiting)
        self._unhandled.set(figures.arrivals_waiting)
        untold = figures.oldest_untold_head
        self._untold.set((counter.clock.now() - untold).total_seconds() if untold else 0)
        self._breaks.set(figures.open_breaks)
        self._cases.set(figures.open_cases)
        self._short.set(figures.short.short_minor if figures.short else 0)
        return generate_latest(self._registry)
