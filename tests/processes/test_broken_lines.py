"""A gateway delivers again what was not answered, and the server is killed meanwhile: each customer still pays once.

Where `test_killed.py` looks for the rupiah, this looks from outside at what was promised: one purchase and one story a
customer, however often a delivery came; a provider that never answers; a callback that was acknowledged and then fell
with the server. Everybody has her message at the end, in the same words each time it was sent.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import pytest

from core.domain.payment import Payment
from core.domain.wallet import Wallet
from tests.processes.stage import RUPIAH, Stage, a_stage
from tests.support.agreement import disagreements

SEEDS = range(int(os.environ.get("SEEDS", "1")))
KILLS = 3
WITHIN_S = 30

# By the last two digits of the meter, what goes wrong. Left out is what goes wrong before there is a payment, what lags
# for a minute, and what is tried by itself below.
NEVER_ANSWERS = {"12345678906": "sold", "12345678911": "not sold"}
ENDINGS = [f"{ending:02}" for ending in range(1, 32) if ending not in (2, 6, 11, 18, 24, 25)]
CUSTOMERS = {f"+62812345670{ending}": f"123456789{ending}" for ending in ENDINGS}
# Its first answer shows 1,000 rupiah more than it took; only a callback or a statement can tell.
SHOWS_ANOTHER_PRICE = "12345678914"
LEFT_TO_PEOPLE = {"paid_after_end": ("voided", "expired")}
TOLD = {"captured": "Paid:", "voided": "Not paid:", "refunded": "was not delivered"}


@pytest.mark.parametrize("seed", SEEDS)
async def test_over_lines_that_break_everybody_pays_once_and_is_told(tmp_path: Path, seed: int):
    async with a_stage(tmp_path) as stage:
        await stage.enrol(CUSTOMERS)

        await bought_while_killed(stage, random.Random(seed))
        await called_back_and_killed(stage)
        async with stage.server():
            await stage.quiet()

        checked = await stage.check()
        assert (checked["whole"], checked["payments"]) == (True, len(CUSTOMERS))
        await the_ledgers_agree(stage)
        for number in CUSTOMERS:
            await she_was_told(stage, number)


@pytest.mark.parametrize("meter", NEVER_ANSWERS, ids=NEVER_ANSWERS.get)
async def test_while_the_provider_says_nothing_the_server_is_killed_and_buys_once_all_the_same(
    tmp_path: Path, meter: str
):
    number = "+6281234567000"
    async with a_stage(tmp_path) as stage:
        await stage.enrol([number])
        async with stage.server() as server:
            await stage.buys(number, meter)
            server.process.kill()

        async with stage.server() as server:
            await stage.quiet()
            recovered = next(line["in_doubt"] for line in server.events() if line["event"] == "recovered")

        assert recovered == 1
        assert (await stage.check())["whole"]
        (sale,) = (await stage.ledger())["sales"]
        assert (sale["rc"], sale["nth"]) == ("00", 1)
        await she_was_told(stage, number)


async def bought_while_killed(stage: Stage, chance: random.Random) -> None:
    """One after the other begins, and goes on from server to server."""
    buying = [asyncio.create_task(stage.buys(*who, after_s=chance.uniform(0, 2))) for who in CUSTOMERS.items()]
    for _ in range(KILLS):
        async with stage.server() as server:
            await asyncio.sleep(chance.uniform(0.2, 1.2))
            server.process.kill()
    async with stage.server() as server:
        await asyncio.wait_for(asyncio.gather(*buying, stage.check()), WITHIN_S)
        server.process.kill()


async def called_back_and_killed(stage: Stage) -> None:
    """The provider tells what became of everything, and we fall right after we said that we heard."""
    async with stage.server() as server:
        answers = await stage.called_back()
        server.process.kill()
    assert len(answers) > 0
    assert answers.count("200") >= len(ENDINGS) // 4


async def the_ledgers_agree(stage: Stage) -> None:
    ledger = await stage.ledger()
    kept = {sale["ref_id"]: sale["price"] for sale in ledger["sales"] if sale["rc"] == "00"}
    async with stage.store() as store:
        assert await disagreements(store, set(kept), left_to_people=LEFT_TO_PEOPLE) == []
        captured = await store.payments_in("captured")
    assert len({sale["ref_id"] for sale in ledger["sales"]}) == len(ledger["sales"]) <= len(CUSTOMERS)
    for payment in captured:
        difference = (payment.cost_minor or 0) - kept[f"{payment.payment_id}-{payment.attempt}"] * 100
        assert difference in ((0, 1_000_00) if payment.reference == SHOWS_ANOTHER_PRICE else (0,))


async def she_was_told(stage: Stage, number: str) -> None:
    """One payment, one outcome, one wording of it; and in the wallet is what is left."""
    async with stage.store() as store:
        (payment,) = await store.payments_of(stage.wallets[number], limit=9)
        wallet = await store.read(Wallet, stage.wallets[number])
        heard = await stage.heard(number, store)
    assert wallet is not None
    assert wallet.available.major == RUPIAH - (payment.total.major if payment.state == "captured" else 0)
    assert len([words for words in heard if _tells(payment, words)]) == 1


def _tells(payment: Payment, said: str) -> bool:
    receipt = payment.receipt in said.replace(" ", "")
    return TOLD[payment.state] in said and (receipt or payment.state != "captured")
