"""A provider's statement settles what it proves, queues what is odd, and does nothing twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from core.domain.money import Money
from core.domain.reconciled import Report
from core.services.reconcile import covered
from core.services.reconcile.provider import NotOverYet, reconcile_provider
from core.services.top_up import fund_provider
from tests.services.reconcile.provider_files import TODAY, TOMORROW, line, read
from tests.services.till import METER, Till
from tests.support.fakes import NOON, failed, silence

# What is read from the store for them is asked of both kinds.
ON_BOTH = (
    "test_the_deposit_of_the_file_is_ours_and_what_is_queued_explains_the_rest",
    "test_an_overlapping_file_knows_the_lines_it_has_seen",
    "test_what_a_file_lacks_waits_for_the_next_one_and_is_then_for_people",
)
METERS = {"p2": "12345678903", "p3": "12345678905"}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.function.__name__ in ON_BOTH:
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True)


async def reconciled(
    till: Till, lines: Iterable[str], interval: tuple[datetime, datetime] = TODAY, *, dry_run: bool = False
) -> Report:
    till.at.clock.at = max(till.at.clock.at, interval[1] + timedelta(hours=1))
    records = till.at.store.statement_books
    return await reconcile_provider(till.at.counter, records, read(lines, interval), by="ani", dry_run=dry_run)


async def in_doubt(till: Till, payment_id: str = "p1") -> None:
    till.provider.on_submit = silence
    await till.pay(payment_id, reference=METERS.get(payment_id, METER))


def counted(report: Report) -> tuple[dict[str, int], dict[str, int]]:
    of_lines = {found.value: total.count for found, total in report.lines.items()}
    return of_lines, {found.value: total.count for found, total in report.book.items()}


async def queue(till: Till) -> list[str]:
    return sorted(one.kind for one in await till.at.store.open_breaks(limit=99))


async def test_a_day_that_matches_opens_nothing_and_all_three_checks_hold(till: Till):
    await till.pay()

    report = await reconciled(till, [line(await till.attempt())])

    assert counted(report) == ({"matched": 1}, {"matched": 1})
    assert (report.queue, report.waits, report.statement.done_at) == ([], [], till.at.clock.at)
    assert {check.name: check.holds for check in report.checks[:2]} == {"accounting": True, "transaction": True}


async def test_what_is_in_doubt_is_settled_by_its_line_and_the_customer_is_told(till: Till):
    await in_doubt(till)
    token = "1234-5678-9012-3456-7890/SITI/R1/1300/32.5"

    report = await reconciled(till, [line(await till.attempt(), serial=token)])

    payment = await till.payment()
    assert (payment.state, payment.token) == ("captured", "12345678901234567890")
    assert report.settled == {"paid": 1}
    assert await till.told() == {"captured"}
    [word] = [one for one in (await till.at.store.story_of("p1")).evidence if one.source == "statement"]
    assert (word.proves, word.code) == ("paid", "statement")


async def test_what_failed_there_goes_back_to_the_customer(till: Till):
    await in_doubt(till)

    await reconciled(till, [line(await till.attempt(), "Gagal", 0)])

    assert ((await till.payment()).state, await till.available()) == ("voided", 200_000)


async def test_a_sale_that_was_released_here_is_late_and_never_a_silent_debit(till: Till):
    till.provider.on_submit = failed
    await till.pay()

    report = await reconciled(till, [line(await till.attempt())])

    assert ((await till.payment()).state, await till.available()) == ("late", 200_000)
    assert counted(report)[0] == {"missing_here": 1}
    assert await queue(till) == ["arrive_late"]


async def test_money_shown_returned_goes_back_to_the_customer_and_only_then(till: Till):
    await till.pay("p1")
    await till.pay("p2", reference=METERS["p2"])
    first, second = await till.attempt(), await till.attempt(1, "p2")

    await reconciled(
        till,
        [
            line(first),
            line(first, "Refund", first.most_minor // 100 - 300, at=NOON + timedelta(hours=1)),
            line(second, "Gagal", 0),
        ],
    )

    assert (await till.payment()).state == "refunded"
    assert (await till.payment("p2")).state == "captured"
    assert await queue(till) == ["provider_status_mismatch"]


async def test_a_line_that_took_another_sum_waits_for_two_operators(till: Till):
    await till.pay()

    report = await reconciled(till, [line(await till.attempt(), amount=-22_400)])

    [open_] = report.queue
    assert (open_.found, open_.proposed, open_.payment_id) == ("amount_over", "claim", "p1")
    assert await queue(till) == ["provider_amount_over"]
    assert await till.breaks() == ["provider_amount_over"]


async def test_nothing_in_doubt_is_settled_at_more_than_it_might_cost(till: Till):
    await in_doubt(till)
    attempt = await till.attempt()

    await reconciled(till, [line(attempt, amount=-(attempt.most_minor // 100 + 1))])

    assert (await till.payment()).state == "in_doubt"
    assert await queue(till) == ["provider_amount_over"]


async def test_a_sale_nobody_knows_of_is_claimed_and_one_of_a_lost_attempt_names_its_payment(till: Till):
    await till.hold()

    report = await reconciled(
        till,
        [
            line(key="stranger", code="pln20", reference="1", amount=-20_000),
            line(key="p1-7", code="pln20", reference="1", amount=-20_000),
        ],
    )

    assert sorted((one.about, one.payment_id) for one in report.queue) == [("p1-7", "p1"), ("stranger", None)]


async def test_what_a_file_lacks_waits_for_the_next_one_and_is_then_for_people(till: Till):
    await till.pay("p1")
    await in_doubt(till, "p2")

    first = await reconciled(till, [line(key="x", code="y", reference="1", amount=-1_000)])
    opened = await queue(till)
    second = await reconciled(till, [], TOMORROW)

    assert (sorted(first.waits), opened) == (["p1", "p2"], ["provider_missing_here"])
    assert {one.payment_id: one.proposed for one in second.queue if one.payment_id} == {"p1": "hold", "p2": "voided"}
    assert (await till.payment("p2")).state == "in_doubt"
    assert await queue(till) == ["provider_missing_here", "provider_missing_there", "provider_missing_there"]


async def test_a_sale_at_midnight_is_in_the_neighbours_file(till: Till):
    await till.pay()
    first = await reconciled(till, [])

    second = await reconciled(till, [line(await till.attempt(), at=TOMORROW[0] + timedelta(seconds=2))], TOMORROW)

    assert (first.waits, counted(second)) == (["p1"], ({"date_cutoff": 1}, {"date_cutoff": 1}))
    assert await queue(till) == []


async def test_the_same_file_twice_changes_nothing(till: Till):
    await in_doubt(till)
    lines = [line(await till.attempt()), line(key="x", code="y", reference="1", amount=-1_000)]
    await reconciled(till, lines)
    before = [entry async for entry in till.at.store.journal()], await queue(till)

    again = await reconciled(till, lines)

    assert (again.known, again.statement.taken_by) == (True, "ani")
    assert (counted(again)[0], again.seen.count) == ({"settled": 1, "missing_here": 1}, 0)
    assert ([entry async for entry in till.at.store.journal()], await queue(till)) == before


async def test_an_overlapping_file_knows_the_lines_it_has_seen(till: Till):
    await till.pay("p1")
    await till.pay("p2", reference=METERS["p2"])
    first, second = line(await till.attempt()), line(await till.attempt(1, "p2"), at=NOON + timedelta(hours=1))
    await reconciled(till, [first])

    report = await reconciled(till, [first, second])

    assert (report.seen.count, counted(report)[0]) == (1, {"matched": 1})
    assert report.checks[1].holds


async def test_a_dry_run_tells_all_and_writes_nothing(till: Till):
    await in_doubt(till)

    report = await reconciled(till, [line(await till.attempt()), line(key="x", amount=-5_000)], dry_run=True)

    assert (report.settled, len(report.queue)) == ({"paid": 1}, 1)
    assert (await till.payment()).state == "in_doubt"
    assert (await queue(till), await till.at.store.statements_of("digiflazz")) == ([], [])


async def test_a_line_that_cannot_be_read_is_for_people_and_its_file_proves_no_absence(till: Till):
    await in_doubt(till)

    first = await reconciled(till, ["nonsense"], TODAY)
    second = await reconciled(till, ["nonsense too"], TOMORROW)

    assert (first.waits, second.waits, await queue(till)) == ([], [], ["provider_data", "provider_data"])
    assert not await covered(till.at.store, "digiflazz", *TODAY)


async def test_statements_that_leave_nothing_out_cover_what_lies_between(till: Till):
    await reconciled(till, [], TODAY)
    half = TODAY[0] + timedelta(hours=6), TOMORROW[0] + timedelta(hours=3)
    store = till.at.store

    assert await covered(store, "digiflazz", *TODAY)
    assert not await covered(store, "digiflazz", *half)
    await reconciled(till, [], TOMORROW)
    assert await covered(store, "digiflazz", *half)
    assert not await covered(store, "iak", *half)


async def test_an_interval_that_is_not_over_is_refused(till: Till):
    with pytest.raises(NotOverYet):
        await reconcile_provider(till.at.counter, till.at.store.statement_books, read([]), by="ani")


async def test_the_deposit_of_the_file_is_ours_and_what_is_queued_explains_the_rest(till: Till):
    await fund_provider(till.at.counter, "digiflazz", Money.of(1_000_000, "IDR"), bank="BCA", evidence="D-1", by="ani")
    await till.pay()
    attempt = await till.attempt()
    cost = attempt.most_minor // 100 - 300
    came = line(says="Deposit", amount=1_000_000, at=NOON - timedelta(hours=1), balance=1_000_000)

    whole = await reconciled(till, [came, line(attempt, balance=1_000_000 - cost)], dry_run=True)
    stranger = line(
        key="x", code="y", reference="1", amount=-5_000, at=NOON + timedelta(hours=1), balance=995_000 - cost
    )
    queued = await reconciled(till, [came, line(attempt, balance=1_000_000 - cost), stranger], dry_run=True)
    short = await reconciled(till, [came, line(attempt, balance=900_000 - cost)])

    assert [check.holds for check in whole.checks] == [True, True, True]
    assert whole.deposit
    assert queued.deposit
    assert short.deposit
    assert (whole.deposit.unexplained_minor, queued.deposit.unexplained_minor) == (0, 0)
    assert (queued.deposit.waiting_minor, short.deposit.unexplained_minor) == (500_000, -10_000_000)
    assert [one.break_id.rpartition(":")[2] for one in short.queue] == ["deposit"]


async def test_a_crash_between_settling_and_keeping_is_made_good_by_the_same_file(
    till: Till, monkeypatch: pytest.MonkeyPatch
):
    await in_doubt(till)
    lines = [line(await till.attempt()), line(key="x", code="y", reference="1", amount=-1_000)]

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("core.services.reconcile.provider._keep_all", killed)
        with pytest.raises(KeyboardInterrupt):
            await reconciled(till, lines)
    assert not await covered(till.at.store, "digiflazz", *TODAY)

    report = await reconciled(till, lines)

    assert (report.known, counted(report)[0]) == (False, {"matched": 1, "missing_here": 1})
    assert (await queue(till), (await till.payment()).state) == (["provider_missing_here"], "captured")
