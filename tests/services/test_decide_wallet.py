"""Operators freeze a wallet, thaw it and close it; what they decide stands above what we doubt by ourselves."""

from __future__ import annotations

import pytest

from core.domain.line import Line
from core.domain.wallet import Wallet
from tests.adapters.database.changes import put
from tests.services.panel import ANI, Panel, panel
from tests.services.till import Till


@pytest.fixture
async def operators(till: Till) -> Panel:
    return await panel(till.at)


async def wallet(till: Till) -> Wallet:
    found = await till.at.store.read(Wallet, till.owner.wallet_id)
    assert found is not None
    return found


async def test_an_operator_s_freeze_takes_the_place_of_a_doubt_and_no_proof_of_hers_ends_it(
    till: Till, operators: Panel
):
    now = till.at.clock.now()
    await till.at.store.commit(put(Line("w7890", doubted_at=now)))
    await till.change("freeze")

    await operators.say(ANI, "wallet:w7890", "freeze")

    line = await till.at.store.read(Line, "w7890")
    assert line is not None
    assert line.doubted_at is None
    assert (await wallet(till)).state == "frozen"


async def test_after_a_thaw_a_day_with_a_cap_begins(till: Till, operators: Panel):
    await operators.say(ANI, "wallet:w7890", "freeze")
    await operators.both_say("wallet:w7890", "thaw")

    thawed = await wallet(till)
    assert (thawed.state, thawed.pin_reset_at) == ("active", till.at.clock.now())
