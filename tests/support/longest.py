"""The longest that may plausibly stand on a screen: names, numbers and amounts at the edge of what billers have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast

from adapters.wiring import LOCALES
from core.catalogue import CounterCatalogue, load
from core.conversation.flows import FLOWS
from core.conversation.flows.enroll import ENROLL
from core.conversation.flows.link import CHATS
from core.conversation.flows.pay import packed
from core.conversation.flows.top_up import CARD, TOP_UP
from core.conversation.languages import LANGUAGES
from core.conversation.session import Answers, Frame, Session
from core.conversation.steps import Flow, Step
from core.conversation.talk import Talk
from core.conversation.translator import Translator
from core.domain.biller import Product
from core.domain.chat import CODE_LASTS, Link, LinkRequest
from core.domain.gsm7 import folded, septets
from core.domain.money import Money
from core.domain.payee import Payee
from core.domain.payment import PAYMENT, Payment, receipt_number
from core.domain.pricing import Quote
from core.domain.ticket import AMOUNTS, LASTS, Ticket
from core.domain.wallet import Wallet
from core.services.counter import Counter
from core.services.tell import in_groups
from core.text import Text
from tests.support.counters import WANJIKU, ZONE
from tests.support.fakes import NOON, TOKEN, HandClock

CATALOGUE: CounterCatalogue = load("id")
WORDS = Translator(LOCALES, zone=ZONE)
# Languages that the alphabet of old phones can write: at least the name of the language itself.
IN_PLAIN_LETTERS = [language for language, name in LANGUAGES.items() if septets(folded(name)) is not None]

HOLDER = "MUHAMMAD ABDURRACHMAN WICAKSONO"
MILLION, FEE = Money.of(1_000_000, "IDR"), Money.of(12_500, "IDR")
RECEIPT = receipt_number(9_999_999)
# An operator's serial; and a bill's, which is 32 signs where a national switch makes it.
SERIAL = "R261120.1205.21000B4D7E9"
SERIAL_OF_BILL = "0BNS21231D5E4A7C9F3B8A6E2D1C0F9B"
METER = "R1M/1300VA 1234.56 kWh"
PERIODS = "202609, 202610, 202611"
BANK = "Mandiri 1370012345678 PT Loket Indonesia"
SEVERAL = 5

MOST = AMOUNTS["IDR"].largest
TICKET = Ticket("IDR", Money.of(2_000_999, "IDR").minor, "w", MOST.minor, NOON, NOON + LASTS)
REQUEST = LinkRequest("w", "telegram", "1001001001", "Muhammad Abdurrachman Wicaksono", "", NOON + CODE_LASTS)
WALLET = Wallet("w", WANJIKU, "id", "IDR", "active", MILLION.minor, "hash", "hash", NOON)


@dataclass(frozen=True, slots=True)
class Scene:
    """One question as a customer may meet it."""

    flow: Flow
    step: Step
    talk: Talk

    @property
    def name(self) -> str:
        return f"{self.flow.name}.{self.step.name}"


def scenes() -> Iterator[Scene]:
    """Every step of every flow, for every product, and for one product in every state of a payment."""
    for product in CATALOGUE.products.values():
        yield from _scenes_of(payment_for(product, "captured"))
    for state in PAYMENT.states:
        yield from _scenes_of(payment_for(longest_product("id"), state))


def payment_for(product: Product, state: str) -> Payment:
    """Everything about it as long as can be; token and serial are there when it was captured."""
    denomination = product.denominations[-1].denomination_id if product.denominations else ""
    payment = Payment.quoted(
        Quote(
            payment_id="p",
            product_id=product.product_id,
            denomination_id=denomination,
            reference=longest_reference(product),
            holder=HOLDER if product.inquiry or not product.prepaid else "",
            amount=MILLION,
            fee=FEE,
            most=MILLION + FEE,
            provider="digiflazz",
            code="sku",
            good_until=NOON + timedelta(minutes=10),
        ),
        wallet_id="w",
        kind=product.kind.value,
        channel="ussd",
        now=NOON,
    )
    if state != "captured":
        return replace(payment, state=state)
    if product.gives_token:
        return replace(payment, state=state, receipt=RECEIPT, token=TOKEN, detail=METER)
    if product.prepaid:
        return replace(payment, state=state, receipt=RECEIPT, serial=SERIAL)
    return replace(payment, state=state, receipt=RECEIPT, serial=SERIAL_OF_BILL, detail=PERIODS)


def longest_reference(product: Product) -> str:
    return product.reference.example.ljust(max(product.reference.lengths), "0")


def longest_product(language: str) -> Product:
    return max(CATALOGUE.products.values(), key=lambda product: len(WORDS.say(product.name, language)))


def values(language: str) -> Mapping[str, object]:
    """Something long for each name that a text may hold."""
    product = longest_product(language)
    longest_data = max(CATALOGUE.in_category("data"), key=lambda one: len(one.denominations[-1].name))
    money = dict.fromkeys(("amount", "available", "cap", "needed", "price", "total"), MILLION + FEE)
    money |= {"smallest": AMOUNTS["IDR"].smallest, "largest": MOST, "step": AMOUNTS["IDR"].step}
    return money | {
        "bank": BANK,
        "biller": max((one.biller.name for one in CATALOGUE.products.values()), key=len),
        "count": 30,
        "currency": "IDR",
        "evidence": "20261120-123456",
        "example": longest_reference(product),
        "fee": FEE,
        "index": 9_999_999,
        "left": 2,
        "name": "100 GB",
        "number": "0812345678901",
        "code": "123 456",
        "short_code": "*384*123#",
        "opens": "01:00",
        "product": product.name,
        "receipt": in_groups(RECEIPT, 3),
        "reference": longest_reference(product),
        "reference_name": max(
            (one.reference.name for one in CATALOGUE.products.values()), key=lambda name: len(WORDS.say(name, language))
        ),
        "serial": SERIAL_OF_BILL,
        "token": in_groups(TOKEN),
        "until": NOON,
        "category": max((one.name for one in CATALOGUE.categories), key=lambda name: len(WORDS.say(name, language))),
        "what": longest_data.denominations[-1].words,
    }


def _scenes_of(payment: Payment) -> Iterator[Scene]:
    counter = _counter(payment)
    for flow in FLOWS.values():
        talk = Talk(
            session=Session("id", "w", flow.name, _answers(payment), below=(Frame("main_menu", {}),)),
            channel="ussd",
            address=WANJIKU,
            now=NOON,
            counter=counter,
            inquiries=cast(Any, None),
            hurry_s=1,
            msisdn=WANJIKU,
        )
        talks = (talk, *_other_ways_in(talk)) if flow in (TOP_UP, ENROLL, CHATS) else (talk,)
        yield from (Scene(flow, step, one) for one in talks for step in flow.steps if not step.unless(one))


def _other_ways_in(talk: Talk) -> Iterator[Talk]:
    """By card, at the counter, and from a chat."""
    by_card = replace(talk.session, answers={**talk.answers, "way": CARD})
    yield replace(talk.at(by_card), takes_cards=True)
    yield replace(talk, counter=replace(talk.counter, bank=""))
    yield replace(talk, linked=True)


def _counter(payment: Payment) -> Counter:
    outside: Any = None
    return Counter(
        store=cast(Any, Shelf(payment)),
        catalogue=CATALOGUE,
        gateways={},
        words=WORDS,
        vault=outside,
        clock=HandClock(),
        ids=outside,
        bank=BANK,
    )


def _answers(payment: Payment) -> Answers:
    offer = Quote(
        payment_id=payment.payment_id,
        product_id=payment.product_id,
        denomination_id=payment.denomination_id,
        reference=payment.reference,
        holder=payment.holder,
        amount=payment.amount,
        fee=payment.fee,
        most=payment.total,
        provider=payment.provider,
        code=payment.code,
        good_until=NOON + timedelta(minutes=10),
    )
    return {
        "product": payment.product_id,
        "among": " ".join(CATALOGUE.products),
        "number": payment.reference,
        "category": CATALOGUE.product(payment.product_id).category,
        "reference": payment.reference,
        "holder": payment.holder,
        "payment": payment.payment_id,
        "quote": packed(offer),
        "consent": "no",
        "offer": "yes" if payment.state == "captured" else "",
        "twice": "yes",
        "news": "see",
        "amount": str(MOST.major),
        "ticket": str(TICKET.amount_minor),
        "owners_number": WANJIKU,
        "code": "123456",
        "chat": "telegram 1001001009",
    }


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store that only holds one customer's longest payment, several times over."""

    payment: Payment

    async def read(self, kind: type, *key: str) -> object:
        return {Wallet: WALLET, Payment: self.payment, Ticket: TICKET, LinkRequest: REQUEST}.get(kind)

    async def links_of(self, wallet_id: str) -> Sequence[Link]:
        return [Link("telegram", f"10010010{n}", "w", "Muhammad Abdurrachman Wicaksono", NOON) for n in range(SEVERAL)]

    async def links_at(self, channel: str, address: str) -> Sequence[Link]:
        return await self.links_of("w")

    async def payments_of(self, wallet_id: str, *, limit: int) -> Sequence[Payment]:
        return [self.payment] * SEVERAL

    async def payees_of(self, wallet_id: str, *, limit: int) -> Sequence[Payee]:
        payment = self.payment
        payee = Payee("w", payment.product_id, payment.reference, HOLDER, "p", NOON, saved=True)
        return [replace(payee, reference=f"{number}{payment.reference[1:]}") for number in range(SEVERAL)]


def says(text: Text, language: str) -> str:
    return WORDS.say(text, language)
