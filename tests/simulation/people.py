"""Who comes to the counter: customers behind a gateway that repeats and drops, the operator with her bank statement,
and the phones and chats on which messages arrive."""

from __future__ import annotations

import asyncio
from collections import Counter as Count
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from core.conversation.languages import FIRST
from core.conversation.listen import CLOSED, OUR_FAULT
from core.conversation.said import Said
from core.conversation.view import Page
from core.domain.bill import BillerDown
from core.domain.biller import BillerClosed, NotSoldNow
from core.domain.message import Offer
from core.domain.money import Money
from core.domain.slip import Slip
from core.ports import Later, StoreDown, Unreachable, Words
from core.refusal import Fault, Refusal
from core.services.inquire import ask_biller, payment_of, priced
from core.services.pay import Authorize, Authorized, Declined, same_bill
from core.services.submit import submit
from core.services.take_back import WentBackBefore, take_back_top_up
from core.services.top_up import PostedBefore, top_up_wallet
from tests.simulation.plan import Event
from tests.simulation.process import Process
from tests.support.counters import PIN
from tests.support.dialects import PEPPER, BehindAfricasTalking
from ussd.gateways.africastalking import AfricasTalking

if TYPE_CHECKING:
    from tests.simulation.world import World

OPENING = 150_000
NUMBERS = ("+6281234567890", "+6281234567891", "+6281234567892")
WALLETS = tuple(f"w{number[-4:]}" for number in NUMBERS)
# Tokens for meters that are each one's own, and bills.
METERS = (("12345678901", "12345678902"), ("12345678911", "12345678912"), ("12345678921", "12345678922"))
BILLS = (("530000000001",), ("530000000011",), ("530000000021",))
TOKEN, BILL = "pln-token", "pln-bill"
GATEWAY_WAITS_S = 10.0
TRIES = 6
MOST_TURNS = 6
GATEWAY = AfricasTalking(PEPPER)

# What a customer answers to a screen that says so. To anything else she has nothing to say, and hangs up.
REPLIES = (
    ("type your PIN", "PIN"),
    ("Type the meter number", "NUMBER"),
    ("Type the customer number", "NUMBER"),
    ("less than a day", "1"),
    ("again?", "1"),
    ("How much?", "AMOUNT"),
    ("Look again", "1"),
)
OUR_LAST_WORDS = tuple(text for view in (CLOSED, OUR_FAULT) for text in view.body)


@dataclass
class Phones:
    """What came to which phone, by message."""

    world: World
    came: dict[str, list[str]] = field(default_factory=dict)

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        process = self.world.process_now()
        fate = self.world.fate("sms_fails", "sms_ambiguous")
        await asyncio.sleep(self.world.chance.choice((0.0, 0.3, 2.0)))
        process.check()
        if fate == "sms_fails":
            raise Fault("no network")
        self.world.arrived(message_id, to, words)
        if fate == "sms_ambiguous":
            raise Fault("no answer")
        await asyncio.sleep(self.world.chance.choice((0.0, 0.1)))
        process.check()


@dataclass
class Chats:
    """The one chat of the second customer."""

    world: World

    async def send(
        self, address: str, words: str, *, slip: Slip | None, offers: Sequence[Offer], patient: bool, message_id: str
    ) -> None:
        process = self.world.process_now()
        fate = self.world.fate("chat_gone", "chat_waits")
        await asyncio.sleep(0.1)
        process.check()
        if fate == "chat_gone":
            raise Unreachable
        if fate == "chat_waits":
            raise Later(7)
        self.world.arrived(message_id, address, words)


class People:
    """`confirmed` counts by wallet and number what was confirmed with a PIN; `lines` is the bank's own statement."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.confirmed: Count[tuple[str, str]] = Count()
        self.lines: dict[str, tuple[str, Money]] = {}
        self.gone: set[str] = set()
        self.wanted_back: set[str] = set()
        self.acknowledged: set[int] = set()
        self.handled: set[int] = set()
        self._lines = {number: asyncio.Lock() for number in NUMBERS}
        self._heard: list[tuple[Process, asyncio.Task[Page]]] = []

    # ---- customers behind a gateway

    async def call(self, event: Event) -> None:
        """One call, from the short code to whatever the last screen says. A phone makes one at a time."""
        chance = event.chance()
        who = chance.randrange(len(NUMBERS))
        async with self._lines[NUMBERS[who]]:
            await self._call(event, who, chance)

    async def _call(self, event: Event, who: int, chance: Random) -> None:
        world = self.world
        bill = chance.random() < 0.3
        number = chance.choice((BILLS if bill else METERS)[who])
        tail = f"12*{number}" if bill else f"11*{number}*{chance.choice((20_000, 50_000))}"
        phone = BehindAfricasTalking(session=f"ATUid_{event.number}", number=NUMBERS[who])
        said = GATEWAY.read(phone.dials(tail))
        page = await self.deliver(event, said)
        for _turn in range(MOST_TURNS):
            if page is None or page.final or not (reply := _reply_to(page)):
                break
            if reply == "PIN":
                if world.may("dropped_at_confirm", chance):
                    break
                reply = self._pin(WALLETS[who], number, chance)
            said = GATEWAY.read(phone.types({"NUMBER": number, "AMOUNT": "1"}.get(reply, reply)))
            page = await self.deliver(event, said)
            if page is not None:
                self._accepted(page, WALLETS[who], number)
        if page is not None and page.final and world.may("delivery_after_end", chance):
            await self._again(event, said, page)

    def _pin(self, wallet_id: str, number: str, chance: Random) -> str:
        """Typed rightly it is a confirmation, and nothing else is."""
        if self.world.may("wrong_pin", chance):
            return "4826"
        self.confirmed[wallet_id, number] += 1
        self.world.asked.add((wallet_id, number))
        return PIN

    async def deliver(self, event: Event, said: Said) -> Page | None:
        """The same delivery until it is answered. None when nobody waits for the answer any more."""
        world, chance = self.world, event.chance()
        for _try in range(TRIES):
            process = await world.serving()
            tasks = [self._listen(process, event, said)]
            if world.may("reply_dropped", chance):
                return None
            if world.may("delivery_at_once", chance):
                tasks.append(self._listen(process, event, said))
            done, _ = await asyncio.wait(tasks, timeout=GATEWAY_WAITS_S)
            pages = [task.result() for task in tasks if task in done and task.exception() is None]
            if pages and not process.dead:
                world.trace("page", pages[0].words)
                self._agree(pages, tasks)
                if world.may("delivery_repeated", chance):
                    await self._again(event, said, pages[0])
                return pages[0]
            await asyncio.sleep(1)
        return None

    async def _again(self, event: Event, said: Said, before: Page) -> None:
        """Delivered once more after it was answered: the same words."""
        process = await self.world.serving()
        alone = not self._still_heard()
        task = self._listen(process, event, said)
        done, _ = await asyncio.wait({task}, timeout=GATEWAY_WAITS_S)
        if alone and done and task.exception() is None and not process.dead:
            self._agree([before, task.result()], [task])

    def _listen(self, process: Process, event: Event, said: Said) -> asyncio.Task[Page]:
        task = process.task(process.listener.listen(said), f"e{event.number}")
        self._heard.append((process, task))
        return task

    def _still_heard(self) -> list[asyncio.Task[Page]]:
        """Deliveries that nobody waits for any more and that are still being answered."""
        self._heard = [(process, task) for process, task in self._heard if not (task.done() or process.dead)]
        return [task for _process, task in self._heard]

    def _agree(self, pages: Sequence[Page], tasks: Sequence[asyncio.Task[Page]]) -> None:
        """The same delivery has the same answer, byte for byte, unless an older one came in between."""
        if set(self._still_heard()) <= set(tasks):
            self.world.agree(pages)

    def _accepted(self, page: Page, wallet_id: str, number: str) -> None:
        """What a screen promises is in the store already."""
        if any(words in page.words for words in ("We are paying", "Paid:")):
            known = [one for one in self.world.watch.payments if (one.wallet_id, one.reference) == (wallet_id, number)]
            assert any(one.state != "declined" for one in known), f"promised and not kept: {wallet_id} {number}"

    # ---- customers whose phones the services serve at once

    async def buy(self, event: Event) -> None:
        """Price, confirm and send, as the conversation does it, and in any process."""
        world, chance = self.world, event.chance()
        who = chance.randrange(len(NUMBERS))
        product = chance.choice((TOKEN, TOKEN, BILL))
        number = chance.choice((BILLS if product == BILL else METERS)[who])
        amount = chance.choice(("20", "50"))
        if world.may("over_balance", chance):
            amount = "500"
        process = await world.some_process(chance)
        work = self._buy(process, event, who, product, number, "" if product == BILL else amount, chance)
        await world.wait_for(process.task(work, f"e{event.number}"))

    async def _buy(
        self, process: Process, event: Event, who: int, product_id: str, number: str, amount: str, chance: Random
    ) -> None:
        world, counter = self.world, process.counter
        product = counter.catalogue.product(product_id)
        try:
            bill = await ask_biller(counter, product, number)
            payment_id = payment_of(bill) if not product.prepaid else counter.ids.new()
            offer = await priced(
                counter, product, payment_id=payment_id, reference=number, denomination_id=amount, bill=bill
            )
        except (BillerDown, BillerClosed, NotSoldNow):
            world.happened("refused before any hold")
            return
        if world.may("quote_ran_out", chance):
            await asyncio.sleep(700)
        times = 2 if world.may("confirmed_twice", chance) else 1
        again = not world.may("bill_twice", chance)
        process.check()
        self.confirmed[WALLETS[who], number] += 1
        world.asked.add((WALLETS[who], number))

        async def authorize() -> Authorized | Declined:
            earlier = tuple(one.payment_id for one in await same_bill(counter.store, WALLETS[who], offer))
            now = counter.clock.now()
            change = Authorize(
                offer, WALLETS[who], product.kind.value, "ussd", now, counter.day(now), again=again, earlier=earlier
            )
            outcome = await counter.store.commit(change)
            kept = world.watch.payment(payment_id)
            assert kept is not None, f"{payment_id} was acknowledged and is not there"
            late = now >= offer.good_until
            assert not late or not isinstance(outcome, Authorized) or outcome.payment.authorized_at < offer.good_until
            return outcome

        outcomes = await asyncio.gather(*(authorize() for _ in range(times)), return_exceptions=True)
        process.check()
        for outcome in outcomes:
            if isinstance(outcome, BaseException) and not isinstance(outcome, StoreDown):
                raise outcome
        if all(isinstance(outcome, Authorized) for outcome in outcomes) and chance.random() < 0.8:
            await asyncio.gather(*(submit(counter, payment_id) for _ in range(times)))

    # ---- a customer in the chat

    async def update(self, event: Event) -> None:
        """Her message is delivered until it is acknowledged, and sometimes after that; it counts once."""
        world, chance, number = self.world, event.chance(), event.number + 1
        meter = chance.choice(METERS[1])
        self.confirmed[WALLETS[1], meter] += 1
        update = {"update_id": number, "message": {"chat": {"id": 7}, "text": meter}}
        for _try in range(TRIES):
            process = await world.serving()
            times = 2 if world.may("update_at_once", chance) else 1
            tasks = [process.task(process.inbox.keep(update), f"u{number}") for _time in range(times)]
            done, _ = await asyncio.wait(tasks, timeout=GATEWAY_WAITS_S)
            if not process.dead and any(task in done and task.exception() is None for task in tasks):
                self.acknowledged.add(number)
                if not world.may("update_twice", chance):
                    return

    async def handle(self, process: Process, number: int, meter: str) -> None:
        """What her message asks for, begun again if we fell in the midst of it."""
        counter = process.counter
        product = counter.catalogue.product(TOKEN)
        payment_id, now = f"u{number}", counter.clock.now()
        with suppress(BillerDown, NotSoldNow):
            process.check()
            offer = await priced(
                counter, product, payment_id=payment_id, reference=meter, denomination_id="20", bill=None
            )
            day = counter.day(now)
            change = Authorize(offer, WALLETS[1], "prepaid", "telegram", now, day, again=True, link_address="chat")
            if isinstance(await counter.store.commit(change), Authorized):
                # From here on it goes on by itself, whatever bug it meets.
                self.handled.add(number)
                await submit(counter, payment_id)
        process.check()
        self.handled.add(number)

    # ---- the operator and her statement

    async def top_up(self, event: Event) -> None:
        world, chance = self.world, event.chance()
        line = f"L{event.number}"
        self.lines[line] = chance.choice(WALLETS), Money.of(chance.choice((10_000, 60_000)), "IDR")
        times = 2 if world.may("posted_twice", chance) else 1
        await asyncio.gather(*(self._until_told(event, chance, self.post, line) for _ in range(times)))

    async def post(self, process: Process, line: str) -> None:
        """Raises nothing that means that it was posted."""
        who, amount = self.lines[line]
        with suppress(PostedBefore):
            await top_up_wallet(process.counter, who, amount, bank="BCA", evidence=line, by="ani")
        kept = any(f"{key}:".startswith(f"top_up:BCA:{line}:") for key in self.world.watch.entry_keys)
        assert kept, f"{line} was acknowledged and is not there"

    async def take_back(self, event: Event) -> None:
        world, chance = self.world, event.chance()
        if not self.lines:
            await self.top_up(event)
        line = chance.choice(sorted(self.lines))
        world.happened("taken_back")
        self.wanted_back.add(line)
        times = 2 if world.may("taken_back_twice", chance) else 1
        await asyncio.gather(*(self._until_told(event, chance, self.send_back, line) for _ in range(times)))

    async def send_back(self, process: Process, line: str) -> None:
        who, amount = self.lines[line]
        try:
            await take_back_top_up(process.counter, who, amount, bank="BCA", evidence=line, by="ani")
        except WentBackBefore:
            self.gone.add(line)
        except Refusal:
            return  # it has not come yet, or was spent
        self.gone.add(line)

    async def _until_told(self, event: Event, chance: Random, work: Any, line: str) -> None:
        """She asks until she is told, and asks again when the process falls under her hands."""
        for _try in range(TRIES):
            process = await self.world.some_process(chance)
            task = process.task(work(process, line), f"e{event.number}")
            await asyncio.wait({task}, timeout=20)
            if task.done() and not process.dead and not isinstance(task.exception(), StoreDown):
                task.result()
                return
            await asyncio.sleep(2)


def _reply_to(page: Page) -> str:
    """What she types to this page; nothing when she hangs up."""
    return next((reply for shown, reply in REPLIES if shown in page.words), "")


def last_words(page: Page, words: Words) -> bool:
    """Whether it only says that we could not answer."""
    return page.words in {words.say(text, FIRST) for text in OUR_LAST_WORDS}
