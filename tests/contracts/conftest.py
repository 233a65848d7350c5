"""The providers on trial, one test run each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.contracts.trials import TRIALS, Goods, Trial


@pytest.fixture(params=TRIALS)
async def trial(request: pytest.FixtureRequest) -> AsyncIterator[Trial]:
    async with TRIALS[request.param]() as opened:
        yield opened


@pytest.fixture(params=["purchase", "bill"])
def goods(request: pytest.FixtureRequest, trial: Trial) -> Goods:
    chosen = trial.purchase if request.param == "purchase" else trial.bill
    assert isinstance(chosen, Goods)
    return chosen
