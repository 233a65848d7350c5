"""A bill that comes again is told once, in a chat, by day; and nobody hears of it who does not want to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.clock import RandomIds
from core.catalogue import load
from core.domain.bill import NothingToPay, ReferenceUnknown
from core.domain.biller import NotSoldNow
from core.domain.chat import Chat, Link
from core.domain.message import Message, Offer
from core.domain.money import Money
from core.domain.payee import Payee
from core.domain.payment import Payment
from core.domain.reminder import Reminder
from core.refusal import Refusal
from core.services.deliver import deliver
from core.services.next_bill import NextBill
from core.services.remind import ASKED_A_ROUND, LookAgain, QuietReminder, remind
from core.services.save_payee import SavePayee
from tests.adapters.database.changes import put
from tests.services.till import BILL, TOKEN, Till
from tests.support.fakes import Chats, Shown, silence

NUMBER = "530000000001"
FIRST_LOOK = timedelta(days=25)
HOLDER = "BUDI S***"
NOTHING = NothingToPay(reference=NUMBER)


@dataclass
class Home:
    """A customer with a chat, whose bills come by the month."""

    till: Till
    chats: Chats

    async def pays(self, payment_id: str = "p1", *, keeps: bool = True, product: str = BILL) -> Payment:
        payment = await self.till.pay(payment_id, product=product, reference=NUMBER)
        if keeps:
            await self.keeps(payment)
        return payment

    async def keeps(self, payment: Payment) -> None:
        bill = NextBill.after(payment, self.till.at.counter, paid_at=payment.changed_at)
        await self.till.at.store.commit(
            SavePayee(payment.wallet_id, payment.product_id, payment.reference, next_bill=bill)
        )

    async def hears(self, **later: float) -> list[Shown]:
        """What is new in the chat after some time."""
        self.till.at.clock.pass_by(**later)
        await remind(self.till.at.counter)
        before = len(self.chats.shown)
        await deliver(self.till.at.counter, self.till.at.phones, {"telegram": self.chats})
        return [one for one in self.chats.shown[before:] if one.patient]

    async def reminder(self) -> Reminder | None:
        return await self.till.at.store.read(Reminder, self.till.owner.wallet_id, BILL, NUMBER)

    async def messages(self) -> list[Message]:
        told = await self.till.at.store.messages_to(self.till.owner.wallet_id, limit=50)
        return [one for one in told if one.message_id.startswith("bill:")]

    async def look_at(self) -> datetime | None:
        found = await self.reminder()
        assert found is not None
        return found.look_at

    @property
    def asked(self) -> int:
        """How often the biller was asked, besides the question for each payment."""
        return len(self.till.provider.inquired) - len(self.till.provider.sent)


@pytest.fixture
async def home(till: Till) -> Home:
    await till.top_up(1_000_000)
    link = Link("telegram", "4711", till.owner.wallet_id, "Siti", since=till.at.clock.now())
    await till.at.store.commit(put(link, Chat(till.owner.wallet_id, "telegram", "4711")))
    return Home(till, Chats())


async def test_a_month_later_she_hears_what_is_owed_and_what_she_can_do(home: Home):
    await home.pays()

    assert await home.hears(days=24) == []
    [told] = await home.hears(days=1)

    assert told.words.splitlines() == [f"There is a bill to pay: Electricity bill {NUMBER}.", HOLDER, "Total Rp102,500"]
    assert told.offers == (f"pay-{BILL}-{NUMBER}~w7890", f"quiet-{BILL}-{NUMBER}~w7890")
    assert told.slip is None


async def test_the_same_bill_is_told_once(home: Home):
    await home.pays()
    assert len(await home.hears(days=25)) == 1

    for _ in range(120):
        assert await home.hears(days=1) == []

    assert home.asked == 2


async def test_a_bill_that_grew_meanwhile_is_another_one(home: Home):
    await home.pays()
    await home.hears(days=25)
    home.till.provider.bills[NUMBER] = Money.of(200_000, "IDR")

    assert len(await home.hears(days=25)) == 1


async def test_when_it_was_paid_the_next_one_is_told_a_month_later_though_it_is_as_much(home: Home):
    await home.pays()
    await home.hears(days=25)

    home.till.at.clock.pass_by(days=1)
    await home.pays("p2", keeps=False)

    assert await home.hears(days=24) == []
    assert len(await home.hears(days=1)) == 1


async def test_one_tap_and_she_hears_no_more(home: Home):
    await home.pays()
    [told] = await home.hears(days=25)
    quiet = QuietReminder.offered(home.till.owner.wallet_id, told.offers[1].partition("~")[0])
    assert quiet is not None

    once = await home.till.at.store.commit(quiet)
    twice = await home.till.at.store.commit(quiet)

    assert once == twice
    assert once is not None
    assert once.unwanted
    await home.pays("p2", keeps=True)
    for _ in range(40):
        assert await home.hears(days=1) == []


async def test_a_link_that_is_no_reminder_s_quiets_nothing(home: Home):
    wallet_id = home.till.owner.wallet_id

    assert [QuietReminder.offered(wallet_id, link) for link in ("pay-pln-bill-1", "quiet", "quiet-1")] == [None] * 3
    assert await home.till.at.store.commit(QuietReminder(wallet_id, BILL, NUMBER)) is None


async def test_while_nothing_is_owed_it_is_looked_for_again_and_then_no_more(home: Home):
    await home.pays()
    home.till.provider.no_bill = NOTHING

    for _ in range(60):
        assert await home.hears(days=1) == []

    assert home.asked == 5
    assert await home.look_at() is None


async def test_a_bill_that_comes_some_days_late_is_told(home: Home):
    await home.pays()
    home.till.provider.no_bill = NOTHING
    assert await home.hears(days=25) == []

    home.till.provider.no_bill = None

    assert await home.hears(days=1) == []
    assert len(await home.hears(days=1)) == 1


async def test_a_biller_that_is_down_is_asked_again_an_hour_later(home: Home):
    await home.pays()
    home.till.provider.down = True
    assert await home.hears(days=25) == []

    home.till.provider.down = False

    assert await home.hears(minutes=59) == []
    assert len(await home.hears(minutes=1)) == 1


async def test_a_biller_that_stays_down_is_left_in_peace(home: Home):
    await home.pays()
    home.till.provider.down = True

    for _ in range(60):
        await home.hears(days=1)

    assert await home.look_at() is None


async def test_a_number_that_the_biller_does_not_know_any_more_is_not_asked_about_again(home: Home):
    await home.pays()
    home.till.provider.no_bill = ReferenceUnknown(biller="PLN", reference=NUMBER)

    await home.hears(days=25)

    assert await home.look_at() is None


@pytest.mark.parametrize("refusal", [NOTHING, NotSoldNow(product="PLN")])
async def test_what_cannot_be_paid_just_now_is_no_news(home: Home, refusal: Refusal):
    await home.pays()
    home.till.provider.no_bill = refusal

    await home.hears(days=25)

    assert await home.look_at() == (await home.till.payment()).authorized_at + timedelta(days=27)


async def test_at_night_nobody_is_asked_and_nobody_told(home: Home):
    await home.pays()
    home.till.at.clock.at += FIRST_LOOK + timedelta(hours=8)  # 20:00

    assert await home.hears() == []
    assert home.asked == 0
    assert await home.hears(hours=11, minutes=59) == []
    assert len(await home.hears(minutes=1)) == 1


async def test_what_would_come_at_night_comes_the_next_morning_each_at_a_time_of_its_own(home: Home):
    home.till.at.clock.pass_by(hours=10)  # 22:00 in Jakarta
    paid_at = home.till.at.clock.now()
    await home.pays()
    counter = home.till.at.counter
    mornings = {counter.terms.daytime.from_then(paid_at, counter.zone, who=f"{number}") for number in range(50)}

    look_at = await home.look_at()

    assert look_at is not None
    morning = datetime(2026, 12, 16, 1, 0, tzinfo=UTC)
    assert morning <= look_at < morning + timedelta(hours=2)
    assert len(mornings) > 45


async def test_nobody_without_a_chat_is_reminded_and_no_biller_is_asked_for_it(till: Till):
    home = Home(till, Chats())
    await home.pays()

    for _ in range(60):
        assert await home.hears(days=1) == []

    assert home.asked == 0
    assert await till.delivered() == []


async def test_a_number_that_is_not_kept_is_not_looked_for(home: Home):
    await home.pays(keeps=False)

    assert await home.reminder() is None
    assert await home.hears(days=25) == []


async def test_a_token_is_bought_when_it_is_wanted_and_has_no_bill(home: Home):
    payment = await home.till.pay(product=TOKEN)
    await home.keeps(payment)

    assert await home.till.at.store.read(Reminder, payment.wallet_id, TOKEN, payment.reference) is None


async def test_while_it_is_being_paid_nothing_is_said_of_it(home: Home):
    await home.pays()
    home.till.at.clock.pass_by(days=24)
    home.till.provider.on_submit = silence
    await home.pays("p2", keeps=False)

    assert await home.hears(days=1) == []
    assert home.asked == 0


async def test_what_happens_while_the_biller_is_asked_counts_more(home: Home):
    await home.pays()
    home.till.at.clock.at += FIRST_LOOK
    [due] = await home.till.at.store.reminders_due(home.till.at.clock.now(), limit=5)

    await home.till.at.store.commit(QuietReminder(due.wallet_id, BILL, NUMBER))

    assert await home.till.at.store.commit(LookAgain(due, home.till.at.clock.now())) is None
    assert await home.look_at() is None


async def test_a_few_billers_are_asked_a_round(home: Home):
    paid = await home.pays()
    now = home.till.at.clock.now()
    for number in range(9):
        kept = (paid.wallet_id, BILL, f"53000000001{number}")
        await home.till.at.store.commit(put(Payee(*kept, "SITI", "p1", now, saved=True)))
        await home.till.at.store.commit(put(Reminder(*kept, look_at=now)))
    home.till.at.clock.at += FIRST_LOOK

    assert await remind(home.till.at.counter) == ASKED_A_ROUND


async def test_what_was_paid_before_the_reminder_went_out_is_not_told_any_more(home: Home):
    """It waited for the morning."""
    await home.pays()
    home.till.at.clock.at += FIRST_LOOK
    await remind(home.till.at.counter)
    waiting = await home.messages()

    await home.pays("p2", keeps=False)

    assert [(one.patient, one.due_at is None) for one in waiting] == [(True, False)]
    assert [(one.sent_at, one.due_at) for one in await home.messages()] == [(None, None)]
    assert await home.hears(minutes=1) == []


async def test_a_reminder_that_went_out_stays_as_it_is_when_the_bill_is_paid(home: Home):
    await home.pays()
    await home.hears(days=25)
    [sent] = await home.messages()

    await home.pays("p2", keeps=False)

    assert sent.sent_at is not None
    assert await home.messages() == [sent]


def test_every_offer_of_a_reminder_fits_on_a_button():
    """A network carries 64 signs with each, of which `go:` is ours."""
    bills = [product for product in load("id").products.values() if not product.prepaid]
    offers = [Offer(f"quiet-{one.product_id}-{'9' * max(one.reference.lengths)}", "") for one in bills]
    longest = [f"go:{offer.marked(RandomIds().new()).leads}" for offer in offers]

    assert [data for data in longest if len(data.encode()) > 64] == []
