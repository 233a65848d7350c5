"""Invoices: the bot is asked first, has ten seconds, and hears of the money afterwards."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice, Update
from telegram.error import BadRequest

from adapters.botapi import Payment, Person, Server
from tests.botapi.conftest import Open

TOKEN = "123:TEST:card"
TOP_UP: dict[str, Any] = {
    "title": "Top up",
    "description": "Money for your wallet",
    "payload": "topup:1",
    "currency": "IDR",
    "prices": [LabeledPrice("Wallet", 5_000_000)],
    "provider_token": TOKEN,
}


async def queries(bot: Bot, count: int = 1) -> list[Update]:
    """The next pre-checkout queries."""
    found: list[Update] = []
    offset = 0
    while len(found) < count:
        for update in await bot.get_updates(offset=offset, timeout=2):
            offset = update.update_id + 1
            found += [update] if update.pre_checkout_query else []
    await bot.get_updates(offset=offset)
    return found


async def agree(bot: Bot, count: int = 1, **verdict: Any) -> None:
    for update in await queries(bot, count):
        assert update.pre_checkout_query is not None
        await bot.answer_pre_checkout_query(update.pre_checkout_query.id, **(verdict or {"ok": True}))


async def paid(person: Person, bot: Bot, message_id: int, *, count: int = 1, **wishes: Any) -> Payment:
    answering = asyncio.create_task(agree(bot, count))
    payment = await person.pay(message_id, **wishes)
    await answering
    return payment


async def test_an_invoice_is_paid(bot: Bot, server: Server, amina: Person):
    message = await bot.send_invoice(1001, **TOP_UP)
    assert message.invoice is not None
    assert (message.invoice.title, message.invoice.total_amount) == ("Top up", 5_000_000)
    assert amina.screen.captions == [["Pay 50,000.00 IDR"]]

    payment = await paid(amina, bot, message.message_id)

    assert payment.paid
    *_, update = await bot.get_updates()
    assert update.message is not None
    receipt = update.message.successful_payment
    assert receipt is not None
    assert (receipt.invoice_payload, receipt.total_amount, receipt.currency) == ("topup:1", 5_000_000, "IDR")
    assert receipt.telegram_payment_charge_id == payment.charge_id
    assert receipt.provider_payment_charge_id == payment.provider_charge_id
    assert (await amina.pay(message.message_id)).why == "This invoice is paid already."
    assert server.violations == []


async def test_the_pay_button_pays(bot: Bot, amina: Person):
    await bot.send_invoice(1001, **TOP_UP)
    answering = asyncio.create_task(agree(bot))

    pressed = await amina.press("Pay 50,000")

    await answering
    assert pressed.payment is not None
    assert pressed.payment.paid


async def test_the_bot_may_say_no(bot: Bot, amina: Person):
    message = await bot.send_invoice(1001, **TOP_UP)
    answering = asyncio.create_task(agree(bot, ok=False, error_message="Your wallet is full."))

    payment = await amina.pay(message.message_id)

    await answering
    assert (payment.paid, payment.why) == (False, "Your wallet is full.")
    assert [update.message for update in await bot.get_updates() if update.message] == []


async def test_a_no_needs_words(bot: Bot, server: Server, amina: Person):
    with pytest.raises(BadRequest, match="Error_message must be non-empty"):
        await bot.answer_pre_checkout_query("1", ok=False)


async def test_the_bot_does_not_answer_in_time(open_double: Open):
    server, bot = await open_double(checkout_within_s=0.05)
    amina = server.person(1001)
    await amina.start()
    message = await bot.send_invoice(1001, **TOP_UP)

    payment = await amina.pay(message.message_id)

    assert (payment.paid, payment.why) == (False, "The bot did not answer in time.")
    assert server.violations == ["A pre-checkout query of 1001 was not answered within 0.05 s."]
    (update,) = await queries(bot)
    assert update.pre_checkout_query is not None
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_pre_checkout_query(update.pre_checkout_query.id, ok=True)


async def test_a_person_may_leave_before_paying(bot: Bot, amina: Person):
    message = await bot.send_invoice(1001, **TOP_UP)

    assert (await paid(amina, bot, message.message_id, cancel=True)).why == "She left before paying."
    assert (await paid(amina, bot, message.message_id)).paid


async def test_a_person_may_pay_from_two_phones(bot: Bot, amina: Person):
    message = await bot.send_invoice(1001, **TOP_UP)

    payment = await paid(amina, bot, message.message_id, count=2, twice=True)

    assert payment.again is not None
    assert payment.paid
    assert payment.again.paid
    assert payment.charge_id != payment.again.charge_id


async def test_stars_are_refunded_once(bot: Bot, server: Server, amina: Person):
    stars = {**TOP_UP, "currency": "XTR", "prices": [LabeledPrice("Stars", 50)], "provider_token": ""}
    message = await bot.send_invoice(1001, **stars)
    assert amina.screen.captions == [["Pay 50 XTR"]]
    payment = await paid(amina, bot, message.message_id)

    assert await bot.refund_star_payment(1001, payment.charge_id)
    with pytest.raises(BadRequest, match="Charge_not_found"):
        await bot.refund_star_payment(1001, payment.charge_id)


async def test_money_is_not_refunded_as_stars(bot: Bot, amina: Person):
    payment = await paid(amina, bot, (await bot.send_invoice(1001, **TOP_UP)).message_id)

    with pytest.raises(BadRequest, match="Charge_not_found"):
        await bot.refund_star_payment(1001, payment.charge_id)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"title": "a" * 33}, "TITLE"),
        ({"title": ""}, 'Parameter "title" is required'),
        ({"description": "a" * 256}, "DESCRIPTION"),
        ({"payload": "é" * 65}, "PAYLOAD"),
        ({"currency": "XXX"}, "CURRENCY"),
        ({"currency": "idr"}, "CURRENCY"),
        ({"prices": []}, "prices"),
        ({"prices": [LabeledPrice("a", -5)]}, "CURRENCY_TOTAL_AMOUNT"),
        ({"prices": [LabeledPrice("a", 1_599_999)]}, "CURRENCY_TOTAL_AMOUNT"),
        ({"currency": "USD", "prices": [LabeledPrice("a", 99)]}, "CURRENCY_TOTAL_AMOUNT"),
        ({"provider_token": None}, "PAYMENT_PROVIDER"),
        ({"currency": "XTR"}, "STARS_INVOICE"),
        ({"currency": "XTR", "provider_token": None, "prices": [LabeledPrice("a", 1)] * 2}, "STARS_INVOICE"),
        ({"start_parameter": "no spaces"}, "START_PARAM"),
    ],
)
async def test_an_invoice_telegram_would_not_send(
    bot: Bot, server: Server, amina: Person, wrong: dict[str, Any], problem: str
):
    with pytest.raises(BadRequest, match=f"(?i){problem}"):
        await bot.send_invoice(1001, **{**TOP_UP, **wrong})
    assert len(server.violations) == 1


@pytest.mark.parametrize("currency", ["USD", "EUR", "KES", "TZS"])
async def test_prices_have_two_digits(bot: Bot, amina: Person, currency: str):
    await bot.send_invoice(1001, **{**TOP_UP, "currency": currency})

    assert amina.screen.captions == [[f"Pay 50,000.00 {currency}"]]


async def test_the_first_button_of_an_invoice_pays(bot: Bot, server: Server, amina: Person):
    pay, other = InlineKeyboardButton("Pay now", pay=True), InlineKeyboardButton("No", callback_data="no")

    await bot.send_invoice(1001, **TOP_UP, reply_markup=InlineKeyboardMarkup([[pay], [other]]))
    assert amina.screen.captions == [["Pay now"], ["No"]]
    with pytest.raises(BadRequest, match="Invoice_pay_button"):
        await bot.send_invoice(1001, **TOP_UP, reply_markup=InlineKeyboardMarkup([[other], [pay]]))


async def test_another_bots_provider_token(open_double: Open):
    server, bot = await open_double(provider_token="456:LIVE:other")
    await server.person(1001).start()

    with pytest.raises(BadRequest, match="Payment_provider"):
        await bot.send_invoice(1001, **TOP_UP)


async def test_there_is_nothing_to_pay(bot: Bot, amina: Person):
    sent = await bot.send_message(1001, "Habari")

    assert (await amina.pay(sent.message_id)).why == "There is no invoice."
