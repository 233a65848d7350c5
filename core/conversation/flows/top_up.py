"""How money comes in: by a transfer that the operator knows again by its sum, or by card where a chat takes cards.

A counter that has no bank, and money of which no amounts are fixed, is topped up at the counter itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation.steps import Choose, Flow, Give, Heeded, Run, Tell
from core.conversation.talk import Talk
from core.conversation.view import Invoice, Option, Transfer
from core.domain.money import Money, NotAnAmount, parse_amount
from core.domain.ticket import AMOUNTS, Ticket
from core.services.card_top_up import by_card, quoted
from core.services.ticket import open_ticket
from core.text import Text, _


def by_transfer(talk: Talk) -> bool:
    return bool(talk.counter.bank) and talk.counter.catalogue.currency in AMOUNTS


async def ask_amount(talk: Talk) -> Text:
    amounts = AMOUNTS[talk.counter.catalogue.currency]
    return _("How much? Choose, or type {smallest} to {largest}.").fill(
        smallest=amounts.smallest, largest=amounts.largest
    )


async def offered(talk: Talk) -> Sequence[Option]:
    amounts = AMOUNTS[talk.counter.catalogue.currency]
    return [
        Option(str(one.major), Text("{amount}", {"amount": one}), "💵", picture=f"banknote/{one.major}")
        for one in amounts.offered
    ]


async def take(talk: Talk, words: str) -> Heeded:
    """An amount chosen or typed. Where there is only one way to bring it, that way is taken at once."""
    amounts = AMOUNTS[talk.counter.catalogue.currency]
    try:
        asked = amounts.take(parse_amount(words, talk.counter.catalogue.currency))
    except NotAnAmount:
        raise amounts.refusal from None
    answer = str(asked.major)
    return Give(answer) if talk.takes_cards and by_card(asked) else await _ticket(talk, asked, answer)


TRANSFER, CARD = "transfer", "card"


async def ways(talk: Talk) -> Sequence[Option]:
    return (
        Option(TRANSFER, _("Bank transfer"), "🏦"),
        Option(CARD, _("Card, here in the chat"), "💳"),
    )


async def go(talk: Talk, way: str) -> Heeded:
    """A ticket for a transfer; for a card an invoice, kept so that it is the same however often it is shown."""
    asked = _asked(talk)
    if way == TRANSFER:
        return await _ticket(talk, asked, way)
    return Give(way, beside={"payload": quoted(await talk.wallet(), asked, talk.now)})


async def _ticket(talk: Talk, asked: Money, answer: str) -> Run:
    command = await open_ticket(talk.counter, talk.session.wallet_id, asked, now=talk.now)
    return Run(command, then=lambda ticket: Give(answer, beside={"ticket": str(ticket.amount_minor)}))


def _asked(talk: Talk) -> Money:
    return Money.of(int(talk.said("amount")), talk.counter.catalogue.currency)


async def how_to_send(talk: Talk) -> tuple[Text, ...]:
    ticket = await _opened(talk)
    return (
        _("Send EXACTLY {amount} to {bank}.").fill(amount=ticket.amount, bank=talk.counter.bank),
        _("Send it by {until}. The last digits matter.").fill(until=ticket.good_until),
        _("You will get a message."),
    )


async def transfer(talk: Talk) -> Transfer:
    ticket = await _opened(talk)
    note = _("Send it by {until}. The last digits matter.").fill(until=ticket.good_until)
    return Transfer(talk.counter.bank, ticket.amount, note)


async def _opened(talk: Talk) -> Ticket:
    ticket = await talk.counter.store.read(Ticket, talk.counter.catalogue.currency, int(talk.said("ticket")))
    assert ticket is not None, "a ticket is opened before it is told"
    return ticket


async def how_to_pay(talk: Talk) -> tuple[Text, ...]:
    return (_("Pay {amount} by card here.").fill(amount=_asked(talk)), _("You will get a message."))


async def invoice(talk: Talk) -> Invoice:
    amount = _asked(talk)
    about = _("{amount} for your wallet").fill(amount=amount)
    return Invoice(talk.said("payload"), title=_("Top up"), about=about, amount=amount)


TOP_UP = Flow(
    "top_up",
    (
        Tell(
            name="how_to",
            words=_("Give the money to the counter and say your phone number. You will get a message."),
            unless=by_transfer,
        ),
        Choose(name="amount", words=ask_amount, among=offered, then=take, read=take),
        Choose(
            name="way",
            words=_("How will you send the money?"),
            among=ways,
            then=go,
            unless=lambda talk: not (talk.takes_cards and by_card(_asked(talk))),
        ),
        Tell(name="card", words=how_to_pay, thing=invoice, unless=lambda talk: talk.said("way") != CARD),
        Tell(name="transfer", words=how_to_send, thing=transfer),
    ),
    resumes=False,
)
