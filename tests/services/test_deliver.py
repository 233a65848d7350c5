"""The outbox: at least once, the same words and the same receipt each time, and never given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.chat import Chat, Link
from core.domain.message import RETRY_AFTER, Lane, Message, Offer, offers_of
from core.domain.msisdn import Msisdn, masked
from core.ports import Later, Unreachable
from core.refusal import Fault
from core.services.deliver import deliver
from core.services.link import Unlink
from tests.adapters.database.changes import put
from tests.services.till import Till
from tests.support.fakes import TOKEN, Chats


async def outbox(till: Till) -> dict[str, Message]:
    return {one.message_id: one for one in await till.at.store.messages_to(till.owner.wallet_id, limit=50)}


async def test_a_message_is_written_with_what_it_tells_and_sent_afterwards(till: Till):
    await till.pay()
    receipt = (await outbox(till))["captured:p1"]
    assert (receipt.sent_at, receipt.due_at) == (None, till.at.clock.now())

    sent = await deliver(till.at.counter, till.at.phones)

    assert sent == 2
    assert (await outbox(till))["captured:p1"].sent_at == till.at.clock.now()
    assert (till.owner.msisdn, receipt.words) in till.at.phones.received


async def test_what_was_sent_is_not_sent_again(till: Till):
    await till.pay()
    await till.delivered()

    assert await till.delivered() == []


async def test_a_message_that_could_not_be_sent_is_tried_again_less_and_less_often(till: Till):
    await till.pay()
    till.at.phones.broken = True
    waits = []
    for _ in range(len(RETRY_AFTER) + 2):
        assert await till.delivered() == []
        due = (await outbox(till))["captured:p1"].due_at
        assert due is not None
        waits.append(due - till.at.clock.now())
        till.at.clock.at = due

    assert waits == [*RETRY_AFTER, RETRY_AFTER[-1], RETRY_AFTER[-1]]
    till.at.phones.broken = False
    assert len(await till.delivered()) == 2


async def test_a_message_sent_twice_bears_the_same_receipt(till: Till):
    """The network took it, and we fell before we could write that down."""
    bought = await till.pay()
    message = (await outbox(till))["captured:p1"]

    await till.at.phones.send(message.to, message.words, message_id=message.message_id)
    await till.delivered()

    twice = [words for _, words in till.at.phones.received if "receipt" in words]
    assert len(twice) == 2
    assert len(set(twice)) == 1
    assert bought.receipt.replace(" ", "") in twice[0].replace(" ", "")


async def test_the_wait_between_tries_is_never_longer_than_an_hour(till: Till):
    assert max(RETRY_AFTER) == timedelta(hours=1)


# ---- into chats

ADDRESS = "4711"


async def reached_in_a_chat(till: Till, channel: str = "telegram") -> Chats:
    """Her wallet is open in a chat, and her messages go there from now on."""
    link = Link(channel, ADDRESS, till.owner.wallet_id, "Siti", since=till.at.clock.now())
    await till.at.store.commit(put(link, Chat(till.owner.wallet_id, channel, ADDRESS)))
    await till.delivered()
    return Chats()


async def a_message(till: Till, message_id: str = "m1", *, patient: bool = False, offers: str = "") -> Message:
    now = till.at.clock.now()
    written = Message(
        message_id,
        till.owner.wallet_id,
        ADDRESS,
        "Good morning",
        now,
        due_at=now,
        channel="telegram",
        offers=offers,
        patient=patient,
    )
    return await till.at.store.commit(put(written))


async def test_a_receipt_comes_into_the_chat_as_a_thing_to_keep(till: Till):
    chats = await reached_in_a_chat(till)
    bought = await till.pay()

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    [shown] = chats.shown
    assert (shown.address, shown.patient) == (ADDRESS, False)
    assert shown.slip is not None
    assert shown.slip.number.replace(" ", "") == bought.receipt
    assert shown.slip.token.replace(" ", "") == TOKEN
    assert (await outbox(till))["captured:p1:chat"].sent_at == till.at.clock.now()


async def test_in_a_shared_chat_each_message_says_whose_it_is(till: Till):
    chats = await reached_in_a_chat(till)
    other = await till.at.customer(Msisdn("+6281234567899"), rupiah=0)
    await till.at.store.commit(put(Link("telegram", ADDRESS, other.wallet_id, "Siti", since=till.at.clock.now())))
    await a_message(till)

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert [one.words for one in chats.shown] == [f"👤 {masked(till.owner.msisdn)}\nGood morning"]


async def test_what_brought_nothing_has_no_receipt(till: Till):
    chats = await reached_in_a_chat(till)
    await till.top_up(5_000)

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert [(one.words, one.slip) for one in chats.shown] == [("Rp5,000 has come into your wallet.", None)]


async def test_what_can_be_done_with_one_tap_comes_along(till: Till):
    chats = await reached_in_a_chat(till)
    await a_message(till, offers=offers_of(Offer("pay-pln-bill-1", "Pay"), Offer("quiet-pln-bill-1", "Never again")))

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert [one.offers for one in chats.shown] == [("pay-pln-bill-1~w7890", "quiet-pln-bill-1~w7890")]


async def test_whoever_left_the_chat_hears_it_on_the_phone(till: Till):
    chats = await reached_in_a_chat(till)
    chats.gone.add(ADDRESS)
    await till.top_up(5_000)

    await deliver(till.at.counter, till.at.phones, {"telegram": chats}, lanes=[Lane.CHATS])

    assert await till.delivered() == ["Rp5,000 has come into your wallet."]
    chat = await till.at.store.read(Chat, till.owner.wallet_id)
    assert chat is not None
    assert not chat.open


async def unlinked(till: Till) -> None:
    await till.at.store.commit(Unlink("telegram", ADDRESS, till.owner.wallet_id, till.at.clock.now()))


@pytest.mark.parametrize("linked_once", [True, False])
async def test_what_was_written_before_the_wallet_was_closed_there_goes_to_the_phone(till: Till, linked_once: bool):
    chats = await reached_in_a_chat(till)
    written = await a_message(till)
    if linked_once:
        await unlinked(till)
    else:
        await till.at.store.commit(put(replace(written, to="4712", version=written.version)))

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert chats.shown == []
    assert await till.delivered() == ["Good morning"]


async def test_a_reminder_into_a_chat_that_was_closed_is_given_up(till: Till):
    chats = await reached_in_a_chat(till)
    await a_message(till, patient=True)
    await unlinked(till)

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    assert (chats.shown, await till.delivered()) == ([], [])
    assert (await outbox(till))["m1"].due_at is None


async def test_what_the_phone_was_told_as_well_is_not_told_there_twice(till: Till):
    chats = await reached_in_a_chat(till)
    chats.gone.add(ADDRESS)
    await till.pay()

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})
    await till.delivered()

    assert len([words for _, words in till.at.phones.received if "receipt" in words]) == 1


async def test_whoever_moved_to_another_chat_keeps_it(till: Till):
    chats = await reached_in_a_chat(till)
    chats.gone.add(ADDRESS)
    await till.top_up(5_000)
    moved = await till.at.store.read(Chat, till.owner.wallet_id)
    assert moved is not None
    await till.at.store.commit(put(Chat(moved.wallet_id, "telegram", "4712", moved.version)))

    await deliver(till.at.counter, till.at.phones, {"telegram": chats})

    after = await till.at.store.read(Chat, till.owner.wallet_id)
    assert after is not None
    assert after.address == "4712"


async def test_without_a_way_into_the_chat_it_goes_to_the_phone_and_the_chat_stays_open(till: Till):
    await reached_in_a_chat(till)
    await till.top_up(5_000)

    await deliver(till.at.counter, till.at.phones)

    assert await till.delivered() == ["Rp5,000 has come into your wallet."]
    chat = await till.at.store.read(Chat, till.owner.wallet_id)
    assert chat is not None
    assert chat.open


async def test_a_network_that_asks_us_to_wait_is_waited_for(till: Till):
    chats = await reached_in_a_chat(till)
    chats.refuses = Later(35)
    await a_message(till)

    assert await deliver(till.at.counter, till.at.phones, {"telegram": chats}) == 0

    put_off = (await outbox(till))["m1"]
    assert (put_off.due_at, put_off.tries) == (till.at.clock.now() + timedelta(seconds=35), 0)


async def test_a_chat_in_trouble_is_tried_again(till: Till):
    chats = await reached_in_a_chat(till)
    chats.refuses = Fault("no network")
    await a_message(till)

    assert await deliver(till.at.counter, till.at.phones, {"telegram": chats}) == 0

    kept = (await outbox(till))["m1"]
    assert (kept.channel, kept.due_at, kept.tries) == ("telegram", till.at.clock.now() + RETRY_AFTER[0], 1)


# ---- what may wait


@pytest.mark.parametrize("refuses", [Unreachable(), None], ids=["left", "switched off"])
async def test_a_reminder_is_not_worth_a_short_message(till: Till, refuses: Fault | None):
    chats = await reached_in_a_chat(till)
    chats.refuses = refuses
    await a_message(till, patient=True)

    await deliver(till.at.counter, till.at.phones, {"telegram": chats} if refuses else {})

    given_up = (await outbox(till))["m1"]
    assert (given_up.due_at, given_up.sent_at, given_up.channel) == (None, None, "telegram")
    assert await till.delivered() == []


async def test_what_is_nothing_without_its_buttons_is_not_worth_one_either(till: Till):
    await reached_in_a_chat(till)
    await a_message(till, offers=offers_of(Offer("go-on", "Go on")))

    await deliver(till.at.counter, till.at.phones)

    assert await till.delivered() == []


async def test_a_reminder_waits_for_the_day(till: Till):
    chats = await reached_in_a_chat(till)
    till.at.clock.pass_by(hours=8)  # 20:00
    await a_message(till, patient=True)

    assert await deliver(till.at.counter, till.at.phones, {"telegram": chats}) == 0
    till.at.clock.pass_by(hours=12)

    assert await deliver(till.at.counter, till.at.phones, {"telegram": chats}) == 1


async def test_what_may_wait_holds_up_nobody(till: Till):
    chats = await reached_in_a_chat(till)
    for number in range(30):
        await a_message(till, f"reminder {number}", patient=True)
    await till.top_up(5_000)

    await deliver(till.at.counter, till.at.phones, {"telegram": chats}, lanes=[Lane.CHATS])

    assert [one.words for one in chats.shown] == ["Rp5,000 has come into your wallet."]
