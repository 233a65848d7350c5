"""Promise to pay: hold the money for a quote the customer confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.chat import Link
from core.domain.payee import Payee
from core.domain.payment import AlreadyBeingPaid, PaidJustNow, Payment
from core.domain.postings import entry_for
from core.domain.pricing import Quote, QuoteExpired
from core.domain.wallet import Wallet, WalletCannotPay
from core.ports import Book, Key, Store
from core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Authorized:
    """The money is on hold."""

    payment: Payment


@dataclass(frozen=True, slots=True)
class Declined:
    """Nothing was held, and never will be for this payment id."""

    payment: Payment
    refusal: Refusal


LOOKED_THROUGH = 20


async def same_bill(store: Store, wallet_id: str, quote: Quote) -> Sequence[Payment]:
    """A wallet's newest payments for the product and number of a quote, the quote's own left out."""
    newest = await store.payments_of(wallet_id, limit=LOOKED_THROUGH)
    bill = (quote.product_id, quote.reference)
    return [one for one in newest if (one.product_id, one.reference) == bill and one.payment_id != quote.payment_id]


@dataclass(frozen=True, slots=True)
class Authorize:
    """Hold the money for a quote. Asking twice with one payment id holds it once, and declines it for ever.

    `earlier` are payments of the same bill as last read. What was authorized since then is found by its payee. From a
    chat, `link_address` says where: the wallet must still be open there, and a new link has a cap.
    """

    quote: Quote
    wallet_id: str
    kind: str
    channel: str
    now: datetime
    day: date
    again: bool = False
    earlier: tuple[str, ...] = ()
    link_address: str = ""

    def wants(self) -> Sequence[Key[object]]:
        return (
            Key(Payment, (self.quote.payment_id,)),
            Key(Wallet, (self.wallet_id,)),
            Key(Payee, self._payee_key),
            *(Key(Payment, (payment_id,)) for payment_id in self.earlier),
        )

    def decide(self, book: Book) -> Authorized | Declined:
        if known := book.get(Payment, self.quote.payment_id):
            return Authorized(known) if known.attempt or known.open else Declined(known, QuoteExpired())
        payment = Payment.quoted(
            self.quote, wallet_id=self.wallet_id, kind=self.kind, channel=self.channel, now=self.now
        )
        try:
            return Authorized(self._hold(payment, book))
        except QuoteExpired as refusal:
            return Declined(self._end(payment, "expire", refusal, book), refusal)
        except Refusal as refusal:
            return Declined(self._end(payment, "decline", refusal, book), refusal)

    def _hold(self, quoted: Payment, book: Book) -> Payment:
        if self.now >= self.quote.good_until:
            raise QuoteExpired
        payee = book.get(Payee, *self._payee_key)
        self._refuse_twice(payee, book)
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None, f"no wallet {self.wallet_id}"
        link = self._link(book).paying(quoted.total, now=self.now) if self.link_address else None
        book.put(wallet.debit(quoted.total, now=self.now))
        if link is not None:
            book.put(link)
        held = replace(quoted.fire("authorize", now=self.now), look_at=self.now)
        entry = entry_for("authorize", quoted, held, at=self.now, day=self.day)
        assert entry is not None
        book.post(entry)
        book.put(self._remembered(payee))
        return book.put(held)

    def _link(self, book: Book) -> Link:
        link = book.get(Link, self.channel, self.link_address, self.wallet_id)
        if link is None or not link.open:
            raise WalletCannotPay
        return link

    def _refuse_twice(self, payee: Payee | None, book: Book) -> None:
        """The same bill twice: never while one is on its way, within a day only when asked for again."""
        newest = (payee.last_payment_id,) if payee else ()
        for payment_id in dict.fromkeys((*newest, *self.earlier)):
            one = book.get(Payment, payment_id)
            if one and one.open:
                raise AlreadyBeingPaid(reference=one.reference)
            if one and one.paid_within_a_day(self.quote.total, now=self.now) and not self.again:
                raise PaidJustNow(reference=one.reference)

    def _remembered(self, payee: Payee | None) -> Payee:
        if payee is None:
            payee = Payee(*self._payee_key, holder="", last_payment_id="", last_at=self.now)
        return replace(
            payee,
            holder=self.quote.holder or payee.holder,
            last_payment_id=self.quote.payment_id,
            last_at=self.now,
        )

    def _end(self, quoted: Payment, event: str, refusal: Refusal, book: Book) -> Payment:
        ended = quoted.fire(event, now=self.now)
        return book.put(replace(ended, reason=type(refusal).__name__, told=True))

    @property
    def _payee_key(self) -> tuple[str, str, str]:
        return self.wallet_id, self.quote.product_id, self.quote.reference
