"""The outbox through the real adapter to the gateway's double: at least once, and never a flood."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from structlog.testing import capture_logs

from adapters.notify.africastalking import AfricasTalkingSms, SmsAccount
from core.domain.message import RETRY_AFTER, Message
from core.ports import StoreDown
from core.services.deliver import ClaimMessages, deliver
from tests.services.till import Till
from tests.support.counters import bench
from tests.support.full_disk import FullDisk
from tests.support.sms_gateway import API_KEY, USERNAME, SmsGateway, answer, saying, sms_gateway


@dataclass
class Post:
    """A customer who has paid, and the way her messages take."""

    till: Till
    gateway: SmsGateway
    sms: AfricasTalkingSms

    async def round(self) -> list[str]:
        """One round; what reached a phone by it."""
        before = len(self.gateway.taken)
        await deliver(self.till.at.counter, self.sms)
        return [words for _, words in self.gateway.taken[before:]]

    async def receipt(self) -> Message:
        found = await self.till.at.store.read(Message, "captured:p1")
        assert found is not None
        return found


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    async with bench(tmp_path) as at, sms_gateway() as gateway, aiohttp.ClientSession() as http:
        till = Till(at, await at.customer())
        sms = AfricasTalkingSms(SmsAccount(gateway.url, USERNAME, API_KEY), http)
        await deliver(at.counter, sms)
        await till.pay()
        yield Post(till, gateway, sms)


async def test_a_receipt_reaches_the_phone_in_an_alphabet_that_costs_little(post: Post):
    [words] = await post.round()

    assert words.isascii()
    assert "Rp" in words
    assert "\u00a0" not in words
    assert post.gateway.taken[-1][0] == post.till.owner.msisdn


async def test_what_the_gateway_refuses_is_tried_again_and_arrives(post: Post):
    post.gateway.says = [saying(answer(405, "InsufficientBalance")), saying(b"<html>", status=502)]

    with capture_logs() as logs:
        arrived = [await post.round()]
        for wait in RETRY_AFTER[:2]:
            post.till.at.clock.at += wait
            arrived.append(await post.round())

    assert [len(words) for words in arrived] == [0, 0, 1]
    assert (await post.receipt()).tries == 3
    assert [(line["event"], line["why"]) for line in logs if line["event"] == "messages_not_sent"] == [
        ("messages_not_sent", "captured:p1: 405 InsufficientBalance"),
        ("messages_not_sent", "captured:p1: HTTP 502"),
    ]


async def test_before_its_time_nothing_is_tried_again(post: Post):
    post.gateway.says = [saying(answer(501, "GatewayError"))]

    await post.round()
    post.till.at.clock.at += RETRY_AFTER[0] / 2

    assert await post.round() == []


async def test_a_crash_between_sending_and_marking_sends_the_same_receipt_twice(post: Post):
    receipt = await post.receipt()
    await post.till.at.store.commit(ClaimMessages((receipt.message_id,), post.till.at.clock.now()))
    await post.sms.send(receipt.to, receipt.words, message_id=receipt.message_id)

    assert await post.round() == []
    post.till.at.clock.at += RETRY_AFTER[0]
    await post.round()

    first, second = (words for _, words in post.gateway.taken[-2:])
    assert first == second
    assert (await post.till.payment()).receipt in first.replace(" ", "")


async def test_a_store_that_takes_nothing_sends_nothing(post: Post):
    """Else every round would send every message again, and pay for it."""
    counter = post.till.at.counter
    full = replace(counter, store=FullDisk(counter.store))

    for _ in range(3):
        with pytest.raises(StoreDown):
            await deliver(full, post.sms)

    assert len(post.gateway.forms) == 1  # of the top-up, before


async def test_two_who_deliver_at_once_send_it_once(post: Post):
    sent = await asyncio.gather(*(deliver(post.till.at.counter, post.sms) for _ in range(2)))

    assert sorted(sent) == [0, 1]
    assert len(post.gateway.taken) == 2
