"""What the customer hears about a payment, on the screen and by message: the same sentences, said once here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.catalogue import CounterCatalogue
from core.domain.biller import Product
from core.domain.chat import Chat
from core.domain.msisdn import PHONE
from core.domain.payment import Payment
from core.domain.wallet import Wallet
from core.ports import Book, Words
from core.services.announce import announce, into_chat
from core.services.counter import Counter
from core.text import Text, _, verbatim

OUTCOMES: Mapping[str, Text] = {
    "captured": _("Paid: {product} {reference}.").under("✅"),
    "voided": _("Not paid: {product} {reference}. Your {total} is back in your wallet.").under("❌"),
    "expired": _("Not paid: {product} {reference}. Your {total} is back in your wallet.").under("❌"),
    "cancelled": _("Not paid: {product} {reference}. Your {total} is back in your wallet.").under("❌"),
    "refunded": _("{product} {reference} was not delivered. Your {total} is back in your wallet.").under("↩️"),
    "declined": _("Not paid: {product} {reference}. Your money has not moved.").under("❌"),
    "late": _("{product} {reference} was delivered late. Please ask at the counter.").under("⚠️"),
    "written_off": _("{product} {reference} was delivered late. You owe nothing for it."),
    "disputed": _("We are looking into {product} {reference}.").under("⏳"),
}
ON_ITS_WAY = _("We are paying {product} {reference}, {total}. You will get a message.").under("⏳")

# By which a receipt is compared with the journal, over a telephone too.
CODE = _("Code {code}")

STILL_ASKING = _(
    "We still do not know about {product} {reference}, {total}. Your money is on hold. You will get a message."
)
# After that nobody waits for a payment at the screen any more.
SOMEBODY_WAITS = timedelta(seconds=10)
# The looks at a payment in doubt after which its owner hears that we are still asking.
STILL_AFTER = 2


def outcome_lines(payment: Payment, catalogue: CounterCatalogue) -> tuple[Text, ...]:
    """What became of a payment, a fact a line; the token first because it is what the person came for."""
    lines = [heading(payment, catalogue)]
    if payment.state == "captured":
        lines = [*_goods(payment), *lines, _("{total}, receipt {receipt}.").fill(**named(payment, catalogue))]
    return tuple(lines)


def heading(payment: Payment, catalogue: CounterCatalogue) -> Text:
    """State, biller and amount in one sentence, without the goods."""
    return OUTCOMES.get(payment.state, ON_ITS_WAY).fill(**named(payment, catalogue))


def _goods(payment: Payment) -> list[Text]:
    if payment.token:
        return [_("Token {token}").fill(token=in_groups(payment.token)), *_detail(payment)]
    return [_("Serial {serial}").fill(serial=payment.serial), *_detail(payment)] if payment.serial else _detail(payment)


def _detail(payment: Payment) -> list[Text]:
    return [verbatim(payment.detail)] if payment.detail else []


def named(payment: Payment, catalogue: CounterCatalogue) -> dict[str, object]:
    """What a sentence about a payment may have places for."""
    return {
        "product": bought(catalogue.product(payment.product_id), payment.denomination_id),
        "reference": payment.reference,
        "total": payment.total,
        "receipt": in_groups(payment.receipt, 3),
    }


def bought(product: Product, denomination_id: str) -> Text:
    """The product, with what was chosen of it where the amount paid does not tell: `Telkomsel 3 GB`."""
    chosen = next((one for one in product.denominations if one.denomination_id == denomination_id), None)
    if chosen is None or (chosen.worth is None and not chosen.name):
        return product.name
    return _("{product} {what}").fill(product=product.name, what=chosen.words)


def in_groups(digits: str, size: int = 4) -> str:
    """`12345678` as `1234 5678`: what a person can read out, and type without losing her place."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


@dataclass(frozen=True, slots=True)
class TellOutcome:
    """Writes the message about a settled payment into the outbox, in the commit that settles it."""

    catalogue: CounterCatalogue
    words: Words
    now: datetime

    @classmethod
    def of(cls, counter: Counter, now: datetime) -> TellOutcome:
        return cls(counter.catalogue, counter.words, now)

    def write(self, payment: Payment, wallet: Wallet, book: Book, *, code: str = "") -> None:
        """`code`: of the entry in the journal, for a receipt."""
        if payment.state not in OUTCOMES or payment.state == "declined":
            return
        lines = outcome_lines(payment, self.catalogue)
        if code:
            lines = (*lines, CODE.fill(code=code))
        said = "\n".join(self.words.say(line, wallet.language) for line in lines)
        announce(
            book,
            wallet,
            said,
            about=f"{payment.state}:{payment.payment_id}",
            now=self.now,
            payment_id=payment.payment_id,
            by_phone=payment.channel == PHONE,
            screen_first=payment.channel != PHONE and self.now < payment.authorized_at + SOMEBODY_WAITS,
        )

    def still_asking(self, payment: Payment, wallet: Wallet, book: Book) -> None:
        """In doubt for longer than the screen promised: a word into the chat, so that nobody pays a second time."""
        chat = book.get(Chat, wallet.wallet_id)
        if chat is not None:
            said = self.words.say(STILL_ASKING.fill(**named(payment, self.catalogue)), wallet.language)
            into_chat(book, chat, said, about=f"in_doubt:{payment.payment_id}", now=self.now)
