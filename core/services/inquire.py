"""Ask a biller whose number this is and what is owed, and price it. Moves nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime, time, timedelta

from core.domain.bill import Bill, BillerDown
from core.domain.biller import BillerClosed, Hours, NotSoldNow, Product
from core.domain.msisdn import Msisdn
from core.domain.payee import Payee
from core.domain.payment import attempt_key
from core.domain.pricing import Quote, quote
from core.ports import PriceLine
from core.refusal import Fault, Refusal
from core.services.counter import Counter
from core.services.curiosity import DAY, HOUR, Curiosity
from core.text import _


class StillAsking(Fault):
    """The biller takes longer than a person can be kept waiting; the question goes on and may be looked at again."""


class AskedTooMuch(Refusal):
    text = _("You have asked about many numbers. Please try again later.")


class Inquiries:
    """Inquiries on their way, so that *look again* finds the answer to the first question instead of asking twice.

    Held in memory only: losing them costs a second question, which moves nothing either. A name and a bill are another
    person's, so nobody may ask about more of them than people pay.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        terms = counter.terms
        self._bills = Curiosity({HOUR: terms.inquiries_an_hour, DAY: terms.inquiries_a_day})
        self._owners = Curiosity({DAY: terms.owners_asked_a_day})
        self._asked: dict[tuple[str, str, str], tuple[datetime, asyncio.Task[Bill]]] = {}

    def may_ask_owner(self, channel: str, address: str, number: Msisdn) -> bool:
        """Whether a chat may trouble one more owner of a number today."""
        return self._owners.allows(f"{channel} {address}", number, self._counter.clock.now())

    async def ask(self, product: Product, reference: str, *, asker: str, within_s: float) -> Bill:
        """What the biller says to a wallet's owner, under a key made from a payment id minted for the first asking.

        Raises the biller's refusal, `AskedTooMuch`, `BillerDown`, or `StillAsking` after `within_s`. A number that she
        has paid before is no curiosity.
        """
        self._forget_old()
        key = (asker, product.product_id, reference)
        if key not in self._asked and not await self._may_ask(*key):
            raise AskedTooMuch
        if key not in self._asked:
            task = asyncio.create_task(ask_biller(self._counter, product, reference))
            task.add_done_callback(_seen)
            self._asked[key] = self._counter.clock.now(), task
        _, task = self._asked[key]
        done, _ = await asyncio.wait({task}, timeout=within_s)
        if not done:
            raise StillAsking
        self._asked.pop(key, None)
        return task.result()

    async def _may_ask(self, asker: str, product_id: str, reference: str) -> bool:
        if await self._counter.store.read(Payee, asker, product_id, reference):
            return True
        return self._bills.allows(asker, f"{product_id} {reference}", self._counter.clock.now())

    def _forget_old(self) -> None:
        """Answers that nobody came back for; a price is not kept longer than a quote is good."""
        stale = self._counter.clock.now() - self._counter.terms.quote_lasts
        for key, (asked_at, task) in list(self._asked.items()):
            if asked_at < stale:
                task.cancel()
                del self._asked[key]


async def ask_biller(counter: Counter, product: Product, reference: str) -> Bill:
    """What the biller says, under a key made from a payment id that is minted for this asking."""
    provider, code = await seller(counter, product, _any_denomination(product))
    key = attempt_key(counter.ids.new(), 1)
    return await counter.gateways[provider].inquire(product, code, reference, key=key)


def _seen(task: asyncio.Task[Bill]) -> None:
    """Mark a failure as noticed: whoever looks again hears it, and when nobody does it is no news."""
    if not task.cancelled():
        task.exception()


def payment_of(bill: Bill) -> str:
    """The payment id an inquiry was made for; the payment's first attempt has the inquiry's key."""
    return bill.asked_with.rpartition("-")[0]


async def priced(
    counter: Counter, product: Product, *, payment_id: str, reference: str, denomination_id: str, bill: Bill | None
) -> Quote:
    """Quote one purchase from the first provider that sells it now.

    Raises `NotSoldNow` or `BillerClosed`, and `BillerDown` while every provider's breaker is open: before any hold.
    """
    provider, code = await seller(counter, product, denomination_id)
    offer = quote(
        product,
        payment_id=payment_id,
        reference=reference,
        denomination_id=denomination_id,
        bill=bill,
        provider=provider,
        code=code,
        good_until=_good_until(counter, product),
    )
    line = await _line(counter, provider, code)
    cost = bill.cost.minor if bill and bill.cost else line.cost_minor if line else None
    if cost is not None and cost > offer.most.minor:
        raise NotSoldNow(product=product.name)
    return offer


def _good_until(counter: Counter, product: Product) -> datetime:
    """Some minutes; for a bill not past midnight, since providers take it only on the day of its inquiry."""
    now = counter.clock.now()
    until = now + counter.terms.quote_lasts
    if product.prepaid:
        return until
    local = now.astimezone(counter.zone)
    midnight = datetime.combine(local.date() + timedelta(days=1), time.min, counter.zone)
    return min(until, midnight.astimezone(now.tzinfo))


async def seller(counter: Counter, product: Product, denomination_id: str) -> tuple[str, str]:
    """The provider to buy from now, and its code for this purchase."""
    now = counter.clock.now().astimezone(counter.zone)
    _refuse_pause(product, product.hours, now)
    codes = product.codes_of(denomination_id)
    there = [name for name in codes if name in counter.gateways and counter.gateways[name].available]
    if not there:
        raise BillerDown(product.biller.name)
    for name in there:
        line = await _line(counter, name, codes[name])
        if line is None or (line.on_sale and not _paused(line, now.time())):
            return name, codes[name]
    raise NotSoldNow(product=product.name)


async def _line(counter: Counter, provider: str, code: str) -> PriceLine | None:
    """The provider's price line; None before its list has been read for the first time."""
    return await counter.store.read(PriceLine, provider, code)


def _refuse_pause(product: Product, hours: Hours | None, now: datetime) -> None:
    if hours and hours.closed_at(now.time()):
        raise BillerClosed(biller=product.biller.name, opens=f"{hours.pause_until:%H:%M}")


def _paused(line: PriceLine, now: time) -> bool:
    if not line.pause:
        return False
    start, _, end = line.pause.partition("-")
    return Hours(time.fromisoformat(start), time.fromisoformat(end), "").closed_at(now)


def _any_denomination(product: Product) -> str:
    return product.denominations[0].denomination_id if product.denominations else ""
