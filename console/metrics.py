"""What a running counter tells Prometheus. What each figure means to an operator: docs/operations.md."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from core.domain.payment import PAYMENT
from core.services.counter import Counter as PaymentCounter

TURN_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)
CALL_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40)


class Metrics:
    """One registry a process; nothing global, so that tests may have as many as they like."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
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
        self._waiting = Gauge("loket_messages_waiting", "Messages that have yet to be sent.", registry=self._registry)
        self._failures = Counter(
            "loket_round_failures_total", "Rounds of background work that failed.", ["round"], registry=self._registry
        )

    def turn(self, gateway: str, seconds: float) -> None:
        self._turns.labels(gateway).observe(seconds)

    def call(self, provider: str, call: str, outcome: str, seconds: float) -> None:
        self._calls.labels(provider, call).observe(seconds)
        self._outcomes.labels(provider, call, outcome).inc()

    def failed(self, work: str) -> None:
        self._failures.labels(work).inc()

    async def page(self, counter: PaymentCounter) -> bytes:
        """All figures, those of the store as they are now, in Prometheus' text format."""
        figures = await counter.store.figures()
        for state in PAYMENT.states:
            self._payments.labels(state).set(figures.payments.get(state, 0))
        since = figures.oldest_in_doubt
        self._oldest.set((counter.clock.now() - since).total_seconds() if since else 0)
        self._waiting.set(figures.messages_waiting)
        return generate_latest(self._registry)
