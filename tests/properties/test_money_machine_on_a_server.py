"""The same machine of all that can happen to money, on the other kind of store."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.properties.test_money_machine import TheCounter
from tests.support import counters
from tests.support.postgres import store_for

RUNS = 3
STEPS = 30


class TheCounterOnAServer(TheCounter):
    def __init__(self) -> None:
        self.in_a_file = counters.store_in
        counters.store_in = store_for
        super().__init__()

    def teardown(self) -> None:
        try:
            super().teardown()
        finally:
            counters.store_in = self.in_a_file


TestTheCounterOnAServer = TheCounterOnAServer.TestCase
TestTheCounterOnAServer.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
