"""A counter whose store came back from a copy takes nothing and asks nobody until what it lacks was looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from core.domain.chat import Arrival
from core.domain.payment import Attempt
from core.domain.restore import Restore
from core.ports import Store
from core.services.reopen import NotCovered, NothingToReopen, closed_since, notice, reopen
from tests.adapters.database.changes import put
from tests.services.till import BILL, Till
from tests.support.fakes import NOON, silence


@dataclass
class Statements:
    """What providers' statements cover, and what was asked of them."""

    cover: bool = True
    asked: list[tuple[str, datetime, datetime]] = field(default_factory=list)

    async def covered(self, _store: Store, provider: str, since: datetime, until: datetime) -> bool:
        self.asked.append((provider, since, until))
        return self.cover


@pytest.fixture
def statements() -> Statements:
    return Statements()


async def brought_back(till: Till) -> None:
    """As if this store had just been made from a copy of noon."""
    await till.at.store.commit(put(Restore(1, NOON)))


async def reopened(till: Till, statements: Statements, channels: Sequence[str] = ()):
    return await reopen(till.at.counter, statements.covered, channels=channels, by="ana")


async def test_it_stays_closed_until_somebody_opens_it(till: Till, statements: Statements):
    await brought_back(till)
    assert await closed_since(till.at.store) is not None

    await reopened(till, statements)

    assert await closed_since(till.at.store) is None


async def test_a_store_that_was_never_restored_is_open(till: Till, statements: Statements):
    assert await closed_since(till.at.store) is None
    with pytest.raises(NothingToReopen):
        await reopened(till, statements)


async def test_it_is_not_opened_before_a_statement_covers_what_is_lacking(till: Till, statements: Statements):
    await brought_back(till)
    statements.cover = False
    till.at.clock.pass_by(hours=3)
    noticed = await notice(till.at.counter, Restore(1, NOON))
    till.at.clock.pass_by(hours=1)

    with pytest.raises(NotCovered, match="NotCovered"):
        await reopened(till, statements)

    assert await closed_since(till.at.store) == noticed
    assert statements.asked == [("digiflazz", NOON, NOON + timedelta(hours=3))]


async def test_what_the_copy_holds_as_sent_or_unsent_goes_to_people_and_is_never_asked_about(
    till: Till, statements: Statements
):
    await till.hold("unsent")
    await till.hold("sent", reference="12345678903")
    await till.send_nowhere("sent")
    till.provider.on_submit = silence
    await till.pay("doubted", reference="12345678904")
    await brought_back(till)
    asked_before = list(till.provider.asked)

    done = await reopened(till, statements)
    await till.later(days=2)

    assert {one.payment_id for one in done.under_review} == {"unsent", "sent", "doubted"}
    for payment_id in ("unsent", "sent", "doubted"):
        payment = await till.payment(payment_id)
        assert (payment.state, payment.look_at) == ("review", None)
    assert till.provider.asked == asked_before
    attempt = await till.at.store.read(Attempt, "unsent", 1)
    assert attempt is not None
    assert attempt.key == "unsent-1"


async def test_a_bill_may_be_asked_about(till: Till, statements: Statements):
    till.provider.on_submit = silence
    await till.pay("bill", product=BILL)
    await brought_back(till)

    await reopened(till, statements)
    await till.later(minutes=2)

    assert (await till.payment("bill")).state == "captured"


async def test_what_waited_in_the_copy_was_done_before(till: Till, statements: Statements):
    await till.at.store.commit(put(*(Arrival("telegram", n, n, "7", "sealed", NOON) for n in range(3))))
    await brought_back(till)

    done = await reopened(till, statements, channels=["telegram"])

    assert done.dropped == 3
    assert await till.at.store.arrivals_waiting("telegram", limit=10) == []


async def test_who_opened_it_is_written_down(till: Till, statements: Statements):
    await brought_back(till)
    done = await reopened(till, statements)
    assert (done.restore.opened_by, done.restore.opened_at) == ("ana", till.at.clock.now())


async def test_brought_back_a_second_time_it_is_closed_again(till: Till, statements: Statements):
    await brought_back(till)
    await reopened(till, statements)
    await till.at.store.commit(put(Restore(2, NOON)))

    closed = await closed_since(till.at.store)
    assert closed is not None
    assert closed.number == 2
