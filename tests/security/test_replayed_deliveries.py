"""Threat 5: what was delivered once may come again, at once, at the same time, or a month later, and does nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.domain.wallet import Wallet
from tests.support.counters import PIN, Bench, bench
from tests.support.dialects import BehindAfricasTalking, BehindHubtel, Subscriber
from tests.support.invariants import invariants_kept
from ussd.desk import Desk
from ussd.pages import UssdChannel

METER, SOMEBODY_ELSE = "12345678901", "+6281299998888"
KEYS = ("1", METER, "2", PIN)
PHONES = {"africastalking": BehindAfricasTalking, "hubtel": BehindHubtel}


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as at, invariants_kept(at.store):
        await at.customer()
        yield at


def desk_of(counter: Bench) -> Desk:
    return Desk(Listener(counter.counter, [UssdChannel()]), counter.counter.words, Pace(per_s=1000, burst=1000))


async def bought(desk: Desk, phone: Subscriber) -> list[tuple[bytes, bytes]]:
    """A whole purchase: each body with its answer."""
    bodies = (phone.dials(), *(phone.types(words) for words in KEYS))
    return [(body, (await desk.answer(phone.gateway, body)).body) for body in bodies]


@pytest.mark.parametrize("copies", range(2, 11))
@pytest.mark.parametrize("gateway", PHONES)
async def test_the_confirmation_two_to_ten_times_at_once_pays_once_in_the_same_words(
    counter: Bench, gateway: str, copies: int
):
    desk, phone = desk_of(counter), PHONES[gateway]()
    for body in (phone.dials(), *(phone.types(words) for words in KEYS[:-1])):
        await desk.answer(phone.gateway, body)
    confirmed = phone.types(PIN)

    replies = await asyncio.gather(*(desk.answer(phone.gateway, confirmed) for _ in range(copies)))

    assert len({reply.body for reply in replies}) == 1
    assert b"Token 1234" in replies[0].body
    assert len(counter.provider.sent) == 1


@pytest.mark.parametrize("days", [0, 1, 30])
@pytest.mark.parametrize("gateway", PHONES)
async def test_the_last_step_of_a_session_comes_again_days_later(counter: Bench, gateway: str, days: int):
    desk = desk_of(counter)
    confirmed, receipt = (await bought(desk, PHONES[gateway]()))[-1]
    counter.clock.pass_by(days=days)

    again = [(await desk.answer(PHONES[gateway]().gateway, confirmed)).body for _ in range(3)]

    assert again == [receipt] * 3
    assert len(counter.provider.sent) == 1


@pytest.mark.parametrize("gateway", PHONES)
async def test_all_steps_in_any_other_order_pay_nothing_more(counter: Bench, gateway: str):
    desk, phone = desk_of(counter), PHONES[gateway]()
    deliveries = await bought(desk, phone)

    for body, _answer in [*reversed(deliveries), *deliveries, *deliveries[1::2], *deliveries[::2]]:
        await desk.answer(phone.gateway, body)

    assert len(counter.provider.sent) == 1
    wallet = await counter.store.read(Wallet, "w7890")
    assert wallet is not None
    assert wallet.available.major == 200_000 - 52_500


@pytest.mark.parametrize("gateway", PHONES)
async def test_her_session_under_another_number_is_not_her_session(counter: Bench, gateway: str):
    desk, hers = desk_of(counter), PHONES[gateway]()
    for body in (hers.dials(), *(hers.types(words) for words in KEYS[:-1])):
        await desk.answer(hers.gateway, body)

    thief = PHONES[gateway](number=SOMEBODY_ELSE)
    for body in (thief.dials(), *(thief.types(words) for words in KEYS)):
        shown = await desk.answer(thief.gateway, body)
        assert b"SITI" not in shown.body
        assert b"Rp" not in shown.body

    assert counter.provider.sent == []
