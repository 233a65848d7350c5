"""Tell people in a chat of a bill that has come again, once, by day, and only of numbers that they keep.

Whether something is owed only the biller knows, so it is asked: a few numbers a round and one after the other, that
nobody who stands at the counter waits for it. The next look is written down before each question. So what fails, or is
cut off by a crash, is met again later and holds up no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from core.domain.bill import Bill, BillerDown, NothingToPay, ReferenceUnknown
from core.domain.biller import BillerClosed, NotSoldNow, Product, holder_masked
from core.domain.chat import Chat
from core.domain.message import Offer
from core.domain.payee import Payee
from core.domain.payment import Payment
from core.domain.pricing import Quote
from core.domain.reminder import Reminder
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.announce import into_chat
from core.services.counter import Counter
from core.services.inquire import ask_biller, payment_of, priced
from core.services.next_bill import telling
from core.text import Text, _, verbatim

LOOKED_THROUGH = 50
ASKED_A_ROUND = 5

PAY, QUIET = "pay", "quiet"


async def remind(counter: Counter) -> int:
    """One round over the reminders whose time has come, by day; answers how many billers were asked."""
    now, asked = counter.clock.now(), 0
    if not counter.terms.daytime.holds(now, counter.zone):
        return 0
    for reminder in await counter.store.reminders_due(now, limit=LOOKED_THROUGH):
        if asked == ASKED_A_ROUND:
            break
        asked += await _look(counter, reminder)
    return asked


async def _look(counter: Counter, reminder: Reminder) -> bool:
    """Whether the biller was asked: of no number that is not kept any more, and of none that nobody can be told of."""
    key = (reminder.wallet_id, reminder.product_id, reminder.reference)
    payee, wallet = await counter.store.read(Payee, *key), await counter.store.read(Wallet, reminder.wallet_id)
    product = counter.catalogue.products.get(reminder.product_id)
    if payee is None or product is None or not (payee.saved and product.on_sale):
        await counter.store.commit(LookAgain(reminder, None))
        return False
    chat = await counter.store.read(Chat, reminder.wallet_id)
    if chat is None or not chat.open or wallet is None or wallet.state != "active":
        await counter.store.commit(LookAgain(reminder, _next_look(counter, payee)))
        return False
    claimed = await counter.store.commit(LookAgain(reminder, _soon(counter, payee)))
    if claimed is None or await _is_being_paid(counter, payee):
        return False
    await _ask(counter, claimed, payee, product, wallet.language)
    return True


async def _ask(counter: Counter, reminder: Reminder, payee: Payee, product: Product, language: str) -> None:
    try:
        bill = await ask_biller(counter, product, reminder.reference)
        offer = await priced(
            counter,
            product,
            payment_id=payment_of(bill),
            reference=reminder.reference,
            denomination_id="",
            bill=bill,
        )
    except (NothingToPay, NotSoldNow):
        await counter.store.commit(LookAgain(reminder, _next_look(counter, payee)))
    except ReferenceUnknown:
        await counter.store.commit(LookAgain(reminder, None))
    except (BillerClosed, BillerDown):
        return  # asked again soon, as it was written down
    else:
        said = "\n".join(counter.words.say(line, language) for line in _lines(product, offer))
        await counter.store.commit(
            TellBill(
                reminder=reminder,
                payee=payee,
                bill=_name_of(bill),
                words=said,
                offers=_offers(counter, reminder, language),
                now=counter.clock.now(),
                look_at=_by_day(counter, counter.clock.now() + counter.terms.remind_after, payee),
            )
        )


async def _is_being_paid(counter: Counter, payee: Payee) -> bool:
    newest = await counter.store.read(Payment, payee.last_payment_id)
    return newest is not None and newest.open


def _next_look(counter: Counter, payee: Payee) -> datetime | None:
    """The next of the days on which a bill is looked for, counted from the last payment; None after the last one."""
    now, terms = counter.clock.now(), counter.terms
    waits = accumulate((terms.remind_after, *terms.remind_again))
    looks = (payee.last_at + wait for wait in waits)
    return next((_by_day(counter, look, payee) for look in looks if look > now), None)


def _soon(counter: Counter, payee: Payee) -> datetime | None:
    """After a pause, as long as there is another day to look at all."""
    later = _by_day(counter, counter.clock.now() + counter.terms.remind_retry, payee)
    return later if _next_look(counter, payee) else None


def _by_day(counter: Counter, at: datetime, payee: Payee) -> datetime:
    who = f"{payee.wallet_id} {payee.product_id} {payee.reference}"
    return counter.terms.daytime.from_then(at, counter.zone, who=who)


def _lines(product: Product, offer: Quote) -> list[Text]:
    """What is owed, by whom, and the sum that will be asked for: as at the PIN."""
    bill = _("There is a bill to pay: {product} {reference}.").fill(product=product.name, reference=offer.reference)
    holder = [verbatim(holder_masked(offer.holder))] if offer.holder else []
    return [bill, *holder, _("Total {total}").fill(total=offer.total)]


def _offers(counter: Counter, reminder: Reminder, language: str) -> tuple[Offer, ...]:
    number = f"{reminder.product_id}-{reminder.reference}"
    return (
        Offer(f"{PAY}-{number}", counter.words.say(_("Pay"), language)),
        Offer(f"{QUIET}-{number}", counter.words.say(_("Do not remind me"), language)),
    )


def _name_of(bill: Bill) -> str:
    """Of what it is for, where the biller says so, and of how much it is: next month's has another name."""
    return f"{bill.detail} {bill.periods} {bill.owed.minor if bill.owed else 0}".strip()


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Look for a bill at another time, or not before the next payment. None when something happened meanwhile."""

    reminder: Reminder
    look_at: datetime | None

    def wants(self) -> Sequence[Key[object]]:
        return (_key_of(self.reminder),)

    def decide(self, book: Book) -> Reminder | None:
        if book.get(Reminder, *_key_of(self.reminder).parts) != self.reminder:
            return None
        return book.put(replace(self.reminder, look_at=self.look_at))


@dataclass(frozen=True, slots=True)
class TellBill:
    """Say once that a bill has come. Whatever happened while the biller was asked counts more: then nothing is said."""

    reminder: Reminder
    payee: Payee
    bill: str
    words: str
    offers: tuple[Offer, ...]
    now: datetime
    look_at: datetime

    def wants(self) -> Sequence[Key[object]]:
        key = _key_of(self.reminder)
        return key, Key(Payee, key.parts), Key(Chat, (self.reminder.wallet_id,))

    def decide(self, book: Book) -> bool:
        key = _key_of(self.reminder).parts
        reminder, chat = book.get(Reminder, *key), book.get(Chat, self.reminder.wallet_id)
        if reminder is None or reminder != self.reminder or book.get(Payee, *key) != self.payee or chat is None:
            return False
        if reminder.told == self.bill:
            book.put(replace(reminder, look_at=None))
            return False
        told = book.put(replace(reminder, told=self.bill, look_at=self.look_at))
        into_chat(book, chat, self.words, about=telling(told), now=self.now, offers=self.offers, patient=True)
        return True


def _key_of(reminder: Reminder) -> Key[Reminder]:
    return Key(Reminder, (reminder.wallet_id, reminder.product_id, reminder.reference))


@dataclass(frozen=True, slots=True)
class QuietReminder:
    """No more reminders of this number, for good; asking twice is asking once. None where there were none."""

    wallet_id: str
    product_id: str
    reference: str

    @classmethod
    def offered(cls, wallet_id: str, leads: str) -> QuietReminder | None:
        """What a reminder's second offer leads to; None for any other link."""
        first, _hyphen, number = leads.partition("-")
        product_id, _hyphen, reference = number.rpartition("-")
        return cls(wallet_id, product_id, reference) if first == QUIET and product_id else None

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Reminder, (self.wallet_id, self.product_id, self.reference)),)

    def decide(self, book: Book) -> Reminder | None:
        reminder = book.get(Reminder, self.wallet_id, self.product_id, self.reference)
        if reminder is None or reminder.unwanted:
            return reminder
        return book.put(reminder.refused())
