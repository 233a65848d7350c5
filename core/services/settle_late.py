"""A customer pays for what was delivered after her money had gone back: with her PIN, and never without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.domain.canonical import leaf_of, spoken_code
from core.domain.evidence import Break
from core.domain.payment import Payment, receipt_number
from core.domain.pin import Place
from core.domain.postings import entry_for
from core.domain.receipt import OURS, Opened, ReceiptKey
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.refusal import Refusal
from core.services.announce import wanted_to_announce
from core.services.counter import Counter
from core.services.pins import tried
from core.services.tell import TellOutcome
from core.text import _


class NothingOwed(Refusal):
    text = _("Nothing is owed for this any more.")


async def settle_late(counter: Counter, payment_id: str, pin: str, *, place: Place) -> Payment:
    """Take what she owes out of her wallet. Raises the refusal of a wrong PIN, `NothingOwed`, or her wallet's."""
    payment = await counter.store.read(Payment, payment_id)
    assert payment is not None, f"no payment {payment_id}"
    wallet = await counter.store.read(Wallet, payment.wallet_id)
    assert wallet is not None, f"no wallet {payment.wallet_id}"
    refused = await counter.store.commit(await tried(counter, wallet, pin, place=place))
    if refused is not None:
        raise refused
    now, story = counter.clock.now(), await counter.store.story_of(payment_id)
    breaks = tuple(one.break_id for one in story.breaks if one.kind == "arrive_late" and one.closed_at is None)
    tell = TellOutcome.of(counter, now)
    change = SettleLate(payment_id, wallet.wallet_id, breaks, counter.ids.secret(), now, counter.day(now), tell)
    return await counter.store.commit(change)


@dataclass(frozen=True, slots=True)
class SettleLate:
    """From here on the payment is one like any other, with a receipt of its own; its `breaks` are closed."""

    payment_id: str
    wallet_id: str
    breaks: tuple[str, ...]
    secret: str
    now: datetime
    day: date
    tell: TellOutcome

    def wants(self) -> Sequence[Key[object]]:
        records = Key(Payment, (self.payment_id,)), Key(Wallet, (self.wallet_id,)), Key(ReceiptKey, (OURS,))
        return *records, wanted_to_announce(self.wallet_id), *(Key(Break, (break_id,)) for break_id in self.breaks)

    def decide(self, book: Book) -> Payment:
        payment, wallet = book.get(Payment, self.payment_id), book.get(Wallet, self.wallet_id)
        assert payment is not None and wallet is not None
        if payment.state != "late":
            raise NothingOwed
        after = payment.fire("settle_late", now=self.now)
        entry = entry_for("settle_late", payment, after, at=self.now, day=self.day)
        assert entry is not None
        key = book.get(ReceiptKey, OURS) or book.put(ReceiptKey(OURS, self.secret))
        entry = book.post(replace(entry, memo=Opened.of(after, key).memo))
        wallet = book.put(wallet.debit(payment.total, now=self.now))
        after = book.put(replace(after, receipt=receipt_number(entry.index), look_at=None))
        self.tell.write(after, wallet, book, code=spoken_code(leaf_of(entry)))
        for break_id in self.breaks:
            if opened := book.get(Break, break_id):
                book.put(replace(opened, closed_at=self.now))
        return after
