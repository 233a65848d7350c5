"""Paying an invoice: the bot is asked, has ten seconds to agree, and hears of the money afterwards."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from adapters.botapi.messages import Chat, Invoice, Message

if TYPE_CHECKING:
    from adapters.botapi.people import Person

CHARGES = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Payment:
    """What came of it. `why` is what the person reads where nothing was paid; `again` is her second phone's payment."""

    paid: bool
    why: str = ""
    charge_id: str = ""
    provider_charge_id: str = ""
    again: Payment | None = None


async def pay(person: Person, chat: Chat, message_id: int, *, twice: bool, cancel: bool) -> Payment:
    message = chat.messages.get(message_id)
    if message is None or message.invoice is None:
        return Payment(False, "There is no invoice.")
    if message.invoice.paid:
        return Payment(False, "This invoice is paid already.")
    one = _pay_once(person, message, message.invoice, cancel=cancel)
    if not twice:
        return await one
    first, second = await asyncio.gather(one, _pay_once(person, message, message.invoice, cancel=cancel))
    return replace(first, again=second)


async def _pay_once(person: Person, message: Message, invoice: Invoice, *, cancel: bool) -> Payment:
    why = await _ask_bot(person, invoice)
    if why is not None:
        return Payment(False, why)
    if cancel:
        return Payment(False, "She left before paying.")
    invoice.paid = True
    return _charge(person, message, invoice)


async def _ask_bot(person: Person, invoice: Invoice) -> str | None:
    """None where the bot agreed, else why not."""
    server = person.server
    checkout = server.queries.checkout(server.options.now())
    query = {
        "id": checkout.query_id,
        "from": person.about,
        "currency": invoice.currency,
        "total_amount": invoice.total,
        "invoice_payload": invoice.payload,
    }
    server.tell_bot("pre_checkout_query", query, queue=("checkout", person.user_id))
    try:
        return await asyncio.wait_for(checkout.verdict, server.options.checkout_within_s)
    except TimeoutError:
        limit_s = server.options.checkout_within_s
        server.violations.append(f"A pre-checkout query of {person.user_id} was not answered within {limit_s:g} s.")
        return "The bot did not answer in time."
    finally:
        server.queries.checkouts.pop(checkout.query_id, None)


def _charge(person: Person, message: Message, invoice: Invoice) -> Payment:
    server, number = person.server, next(CHARGES)
    payment = Payment(
        True,
        charge_id=f"stxCharge{number:012d}" if invoice.currency == "XTR" else f"{server.bot['id']}_{number:012d}",
        provider_charge_id=f"ch_{number:024d}",
    )
    paid = {
        "currency": invoice.currency,
        "total_amount": invoice.total,
        "invoice_payload": invoice.payload,
        "telegram_payment_charge_id": payment.charge_id,
        "provider_payment_charge_id": payment.provider_charge_id,
    }
    if invoice.currency == "XTR":
        server.queries.stars[payment.charge_id] = person.user_id
    chat = message.chat
    receipt = server.post(chat, person.about, {"successful_payment": paid}, reply_to=message)
    server.tell_bot("message", receipt.as_json(), queue=("chat", chat.chat_id))
    return payment
