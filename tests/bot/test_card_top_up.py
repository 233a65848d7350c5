"""A card is charged for what we asked for, for whom we asked, and its money is in the book once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.botapi import BotApiOptions, Seen, running
from core.domain.wallet import Wallet
from core.ports import Book, Key, StoreDown
from tests.support.chats import SITIS_NUMBER, ChatHouse, Someone, a_chat_house
from tests.support.houses import started

PROVIDER = "123456:TEST:a-provider-token"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[ChatHouse]:
    async with (
        running(BotApiOptions(provider_token=PROVIDER)) as server,
        a_chat_house(tmp_path, telegram=server, TELEGRAM_PROVIDER_TOKEN=PROVIDER) as opened,
    ):
        yield opened


async def invoice_for(siti: Someone, amount: str = "Rp50,000") -> Seen:
    await siti.say("/topup")
    await siti.press(amount, "Card, here in the chat")
    return next(one for one in reversed(siti.from_bot) if one.kind == "invoice")


async def test_a_card_fills_the_wallet(house: ChatHouse, siti: Someone):
    invoice = await invoice_for(siti)
    [asked] = house.calls("sendInvoice")
    wallet = await siti.wallet()
    assert asked["payload"].split(":")[1:4] == [wallet.wallet_id, "5000000", "IDR"]
    assert invoice.content["invoice"]["total_amount"] == 5_000_000
    assert invoice.content["invoice"]["currency"] == "IDR"

    paid = await siti.person.pay(invoice.message_id)
    await house.quiet()

    assert paid.paid
    assert await siti.rupiah() == 250_000
    await siti.sees("Rp50,000 has come into your wallet.")


async def test_money_of_one_charge_comes_once(house: ChatHouse, siti: Someone):
    invoice = await invoice_for(siti)
    await siti.person.pay(invoice.message_id)
    await house.quiet()

    told = [one for one in house.server.updates.remembered.values() if "successful_payment" in str(one.body)]
    for update in told:
        await house.server.deliver_again(update.update_id)
        # And as another update, as after a restart of Telegram's own.
        again = replace(update, update_id=update.update_id + 1_000)
        house.server.updates.remembered[again.update_id] = again
        assert await house.server.deliver_again(again.update_id) == 200
    await house.quiet()

    assert len(told) == 1
    assert await siti.rupiah() == 250_000


async def test_two_phones_that_pay_one_invoice_are_two_charges_and_nothing_is_lost(house: ChatHouse, siti: Someone):
    invoice = await invoice_for(siti)

    both = await siti.person.pay(invoice.message_id, twice=True)
    await house.quiet()

    assert both.again
    charged = sum(one.paid for one in (both, both.again))
    assert await siti.rupiah() == 200_000 + charged * 50_000


async def test_what_may_not_be_charged_is_refused_in_time(house: ChatHouse, monkeypatch: pytest.MonkeyPatch):
    siti = await house.customer(rupiah=0)
    invoice = await invoice_for(siti)
    asked = house.server.chats[siti.person.user_id].messages[invoice.message_id].invoice
    assert asked is not None

    async def why() -> str:
        told = await siti.person.pay(invoice.message_id)
        assert not told.paid
        return told.why

    with monkeypatch.context() as patched:
        patched.setattr(asked, "total", 100)
        assert "not the amount that was asked for" in await why()
        patched.setattr(asked, "payload", "1:somebody:5000000:IDR:9999999999")
        assert await why()
        patched.setattr(asked, "payload", "not of ours")
        assert "run out" in await why()
    with monkeypatch.context() as patched:
        later = house.counter.clock.now() + timedelta(hours=2)
        patched.setattr(type(house.counter.clock), "now", lambda _clock: later)
        assert "run out" in await why()
    with monkeypatch.context() as patched:

        async def down(*_args: Any) -> Any:
            raise StoreDown("the disk is full")

        patched.setattr(type(house.store), "read", down)
        assert "closed for a moment" in await why()
    await house.store.commit(Closes((await siti.wallet()).wallet_id))
    assert await why()

    assert await siti.rupiah() == 0


async def test_she_may_leave_before_paying(house: ChatHouse, siti: Someone):
    invoice = await invoice_for(siti)

    await siti.person.pay(invoice.message_id, cancel=True)

    assert await siti.rupiah() == 200_000


async def test_the_operator_gives_it_back(house: ChatHouse, siti: Someone, tmp_path: Path):
    invoice = await invoice_for(siti)
    paid = await siti.person.pay(invoice.message_id)
    await house.quiet()

    process = await started(
        tmp_path,
        *f"wallet take-back {SITIS_NUMBER} 50000 --bank TELEGRAM --evidence {paid.charge_id} --as budi".split(),
    )
    said, wrong = await process.communicate()

    assert process.returncode == 0, said.decode() + wrong.decode()
    assert await siti.rupiah() == 200_000


async def test_without_a_provider_no_card_is_offered_and_a_ticket_is_drawn(tmp_path: Path):
    async with a_chat_house(tmp_path) as house:
        siti = await house.customer()
        await siti.say("/topup")

        ticket = await siti.press("Rp50,000")

        assert "Card" not in ticket.text
        assert ticket.kind == "photo"
        assert ticket.photo
        assert ticket.photo.startswith(b"\x89PNG")
        assert "BCA 1234567890" in ticket.text
        assert "Send EXACTLY Rp50," in ticket.text


class Closes:
    """A wallet is closed by an operator."""

    def __init__(self, wallet_id: str) -> None:
        self.wallet_id = wallet_id

    def wants(self) -> tuple[Key[object], ...]:
        return (Key(Wallet, (self.wallet_id,)),)

    def decide(self, book: Book) -> None:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None
        book.put(replace(wallet, state="closed"))


async def test_money_is_heard_of_in_whatever_chat(house: ChatHouse, siti: Someone):
    invoice = await invoice_for(siti)
    asked = house.server.chats[siti.person.user_id].messages[invoice.message_id].invoice
    assert asked is not None

    for chat_id, charge in ((-55, "one"), (siti.person.user_id, "two")):
        await told_of(house, chat_id, asked.payload, "IDR", charge)

    assert await siti.rupiah() == 300_000
    assert house.calls("leaveChat") == []


async def test_money_that_cannot_be_booked_is_named(house: ChatHouse, siti: Someone):
    house.expected.add("charge_not_booked")

    await told_of(house, siti.person.user_id, "1:somebody:5000000:XXX:9999999999", "XXX", "a-charge")

    [line] = house.logged("charge_not_booked")
    assert (line["charge"], line["minor"], line["currency"]) == ("a-charge", 5_000_000, "XXX")


async def told_of(house: ChatHouse, chat_id: int, payload: str, currency: str, charge: str) -> None:
    paid = {
        "currency": currency,
        "total_amount": 5_000_000,
        "invoice_payload": payload,
        "telegram_payment_charge_id": charge,
        "provider_payment_charge_id": charge,
    }
    chat = {"id": chat_id, "type": "group" if chat_id < 0 else "private", "title": "Family"}
    body = {"message_id": 9_000, "date": 0, "chat": chat, "successful_payment": paid}
    house.server.tell_bot("message", body, queue=("chat", chat_id))
    await house.quiet()


async def test_the_bill_comes_once_however_often_its_screen_is_shown(house: ChatHouse, siti: Someone):
    await invoice_for(siti)

    await siti.person.send_sticker()
    await siti.settled()

    [asked] = house.calls("sendInvoice")
    assert asked["protect_content"]
    await invoice_for(siti, "Rp100,000")
    assert len(house.calls("sendInvoice")) == 2


async def test_a_bill_that_telegram_refuses_leaves_its_screen(house: ChatHouse, siti: Someone):
    house.expected.add("invoice_not_sent")
    stage = house.bot._desk._stage  # noqa: SLF001  # what Telegram refuses
    stage._provider_token = "revoked"  # noqa: SLF001

    await siti.say("/topup")
    await siti.press("Rp50,000", "Card, here in the chat")

    assert house.logged("invoice_not_sent")
    stands = await stage.stands_at(siti.address)
    assert stands is not None
    assert stands.message == siti.screen.message_id
    await siti.press("Back")
    house.server.violations.clear()


async def test_the_last_question_is_answered_on_a_bad_line(house: ChatHouse, siti: Someone):
    invoice = await invoice_for(siti)
    house.server.fail_next("answerPreCheckoutQuery", "502", times=2)

    assert (await siti.person.pay(invoice.message_id)).paid


async def test_a_bug_at_the_last_question_is_a_kind_refusal(
    house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch
):
    house.expected.add("checkout_failed")
    invoice = await invoice_for(siti)

    async def broken(*_args: Any) -> Any:
        raise KeyError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr("core.conversation.cashier.check", broken)
        told = await siti.person.pay(invoice.message_id)

    assert "closed for a moment" in told.why
    assert house.logged("checkout_failed")
