"""One customer at the counter, and what a test asks of both: short verbs over the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.domain.evidence import Break
from core.domain.journal import Entry, entry, wallet_account
from core.domain.message import Message
from core.domain.money import Money
from core.domain.payment import Answer, Attempt, Payment
from core.domain.pricing import Quote
from core.domain.wallet import Wallet
from core.ports import Book, Key
from core.services.deliver import deliver
from core.services.follow_up import follow_up
from core.services.inquire import priced
from core.services.pay import Authorize, Authorized, Declined, same_bill
from core.services.settle import settle
from core.services.submit import Submit, submit
from core.services.top_up import top_up_wallet
from tests.support.counters import Bench
from tests.support.fakes import ScriptedProvider

METER = "12345678901"
TOKEN, BILL = "pln-token", "pln-bill"


@dataclass
class Till:
    """`at` is the counter with its doubles, `owner` the customer as she was when the test began."""

    at: Bench
    owner: Wallet

    @property
    def provider(self) -> ScriptedProvider:
        return self.at.provider

    # ---- what the customer does

    async def quote(
        self, payment_id: str = "p1", *, amount: str = "20", reference: str = METER, product: str = TOKEN
    ) -> Quote:
        sold = self.at.counter.catalogue.product(product)
        bill = None if sold.prepaid else await self.provider.inquire(sold, "pln", reference, key=f"{payment_id}-1")
        denomination = amount if sold.prepaid else ""
        return await priced(
            self.at.counter,
            sold,
            payment_id=payment_id,
            reference=reference,
            denomination_id=denomination,
            bill=bill,
        )

    async def confirm(self, offer: Quote, *, again: bool = False) -> Authorized | Declined:
        """As the conversation does it once the PIN was right."""
        now = self.at.clock.now()
        kind = self.at.counter.catalogue.product(offer.product_id).kind.value
        earlier = await same_bill(self.at.store, self.owner.wallet_id, offer)
        return await self.at.store.commit(
            Authorize(
                quote=offer,
                wallet_id=self.owner.wallet_id,
                kind=kind,
                channel="ussd",
                now=now,
                day=self.at.counter.day(now),
                again=again,
                earlier=tuple(one.payment_id for one in earlier),
            )
        )

    async def hold(self, payment_id: str = "p1", *, again: bool = False, **what: str) -> Payment:
        held = await self.confirm(await self.quote(payment_id, **what), again=again)
        assert isinstance(held, Authorized)
        return held.payment

    async def pay(self, payment_id: str = "p1", *, again: bool = False, **what: str) -> Payment:
        """Hold and send."""
        await self.hold(payment_id, again=again, **what)
        return await submit(self.at.counter, payment_id)

    # ---- what happens meanwhile

    async def hear(self, answer: Answer, *, source: str = "poll", number: int = 1, payment_id: str = "p1") -> Payment:
        """One answer about one attempt, whenever and by whatever way."""
        return await settle(self.at.counter, await self.attempt(number, payment_id), answer, source=source)

    async def later(self, **span: float) -> None:
        """Time passes, and then a round of the follow-up work."""
        self.at.clock.pass_by(**span)
        await follow_up(self.at.counter)

    # ---- what can be seen

    async def payment(self, payment_id: str = "p1") -> Payment:
        found = await self.at.store.read(Payment, payment_id)
        assert found is not None
        return found

    async def attempt(self, number: int = 1, payment_id: str = "p1") -> Attempt:
        found = await self.at.store.read(Attempt, payment_id, number)
        assert found is not None
        return found

    async def available(self) -> int:
        """Whole rupiah."""
        found = await self.at.store.read(Wallet, self.owner.wallet_id)
        assert found is not None
        return found.available.major

    async def entries(self, payment_id: str = "p1") -> Sequence[Entry]:
        return (await self.at.store.story_of(payment_id)).entries

    async def breaks(self, payment_id: str = "p1") -> list[str]:
        found: Sequence[Break] = (await self.at.store.story_of(payment_id)).breaks
        return [one.kind for one in found]

    async def told(self, payment_id: str = "p1") -> set[str]:
        """The states its owner gets a message about."""
        found: Sequence[Message] = (await self.at.store.story_of(payment_id)).messages
        return {one.message_id.partition(":")[0] for one in found}

    async def delivered(self) -> list[str]:
        """What is on the phone now that was not there before."""
        phones = self.at.phones
        before = len(phones.received)
        await deliver(self.at.counter, phones)
        return [words for _, words in phones.received[before:]]

    # ---- what is changed by hand

    async def change(self, wallet_event: str) -> None:
        """An operator's or a lock's event on the wallet."""
        await self.at.store.commit(Fire(self.owner.wallet_id, wallet_event))

    async def top_up(self, rupiah: int, *, evidence: str = "TRX-1", bank: str = "BCA") -> Entry:
        amount = Money.of(rupiah, "IDR")
        _, entry = await top_up_wallet(
            self.at.counter, self.owner.wallet_id, amount, bank=bank, evidence=evidence, by="ani"
        )
        return entry

    async def spend_all(self) -> None:
        """She has all her money paid out at the counter."""
        await self.at.store.commit(Empty(self.owner.wallet_id, self.at.clock.now()))

    async def send_nowhere(self, payment_id: str = "p1") -> Attempt:
        """The attempt is saved as if it were sent, and then the machine falls silent."""
        now = self.at.clock.now()
        overdue = now + self.at.counter.terms.answer_overdue
        sent = await self.at.store.commit(Submit(payment_id, now, overdue))
        assert sent.attempt is not None
        return sent.attempt


@dataclass(frozen=True, slots=True)
class Fire:
    """Any event of a wallet's life cycle."""

    wallet_id: str
    event: str

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.wallet_id,)),)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None
        return book.put(wallet.fire(self.event))


@dataclass(frozen=True, slots=True)
class Empty:
    """Pay out all that is in a wallet."""

    wallet_id: str
    now: datetime

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Wallet, (self.wallet_id,)),)

    def decide(self, book: Book) -> Wallet:
        wallet = book.get(Wallet, self.wallet_id)
        assert wallet is not None
        legs = (wallet_account(self.wallet_id), wallet.available_minor), ("bank:CASH", -wallet.available_minor)
        book.post(entry("paid_out", *legs, key="paid_out:1", currency="IDR", at=self.now, day=self.now.date()))
        return book.put(wallet.uncredit(wallet.available))
