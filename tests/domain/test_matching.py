"""A provider's statement against our book: each line and each attempt comes to exactly one class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.matching import (
    Booked,
    Earlier,
    Found,
    Funding,
    Matching,
    Window,
    match,
    totals_of_book,
    totals_of_lines,
)
from core.domain.meaning import CAME_BACK
from core.domain.payment import PAYMENT, Proof
from core.domain.statement import Says, StatementLine, named

NOON = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
DAY = Window(NOON - timedelta(hours=12), NOON + timedelta(hours=12))
COST, MOST = 2_000_000, 2_030_000
KEPT = Booked("p1-1", "p1", 1, NOON, "pln20", "12345678901", "IDR", MOST, "paid", "captured", True, COST, "SN-1")
OPEN = replace(KEPT, outcome="", state="in_doubt", cost_minor=None, serial="")
VOIDED = replace(OPEN, outcome="failed", state="voided")
SALE = StatementLine(2, NOON, Says.PAID, "p1-1", "pln20", "12345678901", COST, "IDR", "SN-1")
REFUND = replace(SALE, number=3, says=Says.GIVEN_BACK, took_minor=-COST)
FAILED = replace(SALE, says=Says.FAILED, took_minor=0, serial="")
PENDING = replace(SALE, says=Says.PENDING, serial="")


def matched(
    *lines: StatementLine, booked: Booked | None = None, earlier: Sequence[Earlier] = (), window: Window = DAY
) -> Matching:
    ours = {booked.key: booked} if booked else {}
    return match(named(lines), ours, {"p1-1": earlier} if earlier else {}, window)


def classes(found: Matching) -> tuple[list[str], list[str]]:
    return [one.found.value for one in found.lines], [one.found.value for one in found.booked]


# ---- the classes, one story each


@pytest.mark.parametrize(
    ("booked", "lines", "of_lines", "of_book", "proof"),
    [
        (KEPT, [SALE], ["matched"], "matched", None),
        (KEPT, [], [], "missing_there", None),
        (OPEN, [], [], "missing_there", None),
        (VOIDED, [], [], "matched", None),
        (VOIDED, [FAILED], ["matched"], "matched", None),
        (VOIDED, [SALE, REFUND], ["matched", "matched"], "matched", None),
        (VOIDED, [SALE], ["missing_here"], "missing_here", Proof.PAID),
        (VOIDED, [replace(SALE, took_minor=MOST + 100)], ["amount_over"], "amount_over", None),
        (replace(VOIDED, state="written_off"), [SALE], ["status_mismatch"], "status_mismatch", None),
        (KEPT, [replace(SALE, took_minor=COST + 100)], ["amount_over"], "amount_over", None),
        (KEPT, [replace(SALE, took_minor=COST - 100)], ["amount_under"], "amount_under", None),
        (KEPT, [FAILED], ["status_mismatch"], "status_mismatch", None),
        (KEPT, [PENDING], ["status_mismatch"], "status_mismatch", None),
        (KEPT, [SALE, SALE], ["matched", "duplicate_there"], "duplicate_there", None),
        (
            KEPT,
            [replace(SALE, took_minor=COST - 500_000), replace(SALE, took_minor=500_000)],
            ["split"] * 2,
            "split",
            None,
        ),
        (KEPT, [replace(SALE, currency="USD")], ["currency"], "currency", None),
        (KEPT, [replace(SALE, reference="999")], ["data"], "data", None),
        (KEPT, [replace(SALE, code="pln50")], ["data"], "data", None),
        (KEPT, [replace(SALE, serial="SN-2")], ["data"], "data", None),
        (KEPT, [SALE, REFUND], ["matched", "settled"], "settled", Proof.GIVEN_BACK),
        (KEPT, [REFUND], ["settled"], "settled", Proof.GIVEN_BACK),
        (KEPT, [SALE, SALE, REFUND], ["matched", "duplicate_there", "status_mismatch"], "duplicate_there", None),
        (replace(KEPT, state="refunded"), [REFUND], ["status_mismatch"], "status_mismatch", None),
        (replace(KEPT, outcome="given_back", state="refunded"), [SALE], ["matched"], "matched", None),
        (OPEN, [SALE], ["settled"], "settled", Proof.PAID),
        (OPEN, [FAILED], ["settled"], "settled", Proof.FAILED),
        (OPEN, [SALE, REFUND], ["settled", "settled"], "settled", Proof.FAILED),
        (OPEN, [REFUND], ["status_mismatch"], "status_mismatch", None),
        (OPEN, [PENDING], ["missing_there"], "missing_there", None),
        (OPEN, [PENDING, FAILED], ["status_mismatch"] * 2, "status_mismatch", None),
        (OPEN, [SALE, FAILED], ["status_mismatch"] * 2, "status_mismatch", None),
        (OPEN, [replace(SALE, took_minor=MOST + 100)], ["amount_over"], "amount_over", None),
        (OPEN, [SALE, SALE], ["settled", "duplicate_there"], "duplicate_there", Proof.PAID),
        (OPEN, [replace(SALE, took_minor=MOST // 2)] * 2, ["split"] * 2, "split", None),
    ],
)
def test_what_a_line_says_of_a_payment(
    booked: Booked, lines: list[StatementLine], of_lines: list[str], of_book: str, proof: Proof | None
):
    found = matched(*lines, booked=booked)

    assert (sorted(classes(found)[0]), classes(found)[1]) == (sorted(of_lines), [of_book])
    assert found.booked[0].proof == proof


def test_a_sale_under_a_key_that_is_not_ours_is_missing_here_with_all_it_took():
    [line] = matched(SALE).lines

    assert (line.found, line.over_minor, line.queued) == (Found.MISSING_HERE, COST, True)


def test_a_payment_at_the_edge_of_the_day_matches_in_the_neighbours_file():
    tomorrow = Window(DAY.until, DAY.until + timedelta(days=1))

    late = matched(SALE, booked=KEPT, window=tomorrow)
    before = matched(booked=KEPT, earlier=[Earlier(Found.DATE_CUTOFF, Says.PAID, COST)])

    assert classes(late) == (["date_cutoff"], ["date_cutoff"])
    assert classes(before) == ([], ["date_cutoff"])


def test_a_sale_that_an_earlier_file_had_is_a_duplicate_weeks_later():
    found = matched(SALE, booked=KEPT, earlier=[Earlier(Found.MATCHED, Says.PAID, COST)])

    assert (classes(found), found.lines[0].over_minor) == ((["duplicate_there"], ["duplicate_there"]), COST)


def test_what_was_pending_in_an_earlier_file_counts_for_nothing():
    found = matched(SALE, booked=OPEN, earlier=[Earlier(Found.MISSING_THERE, Says.PENDING, COST)])

    assert found.booked[0].proof is Proof.PAID


def test_the_rest_of_a_sale_may_come_in_another_file():
    found = matched(
        replace(SALE, took_minor=500_000), booked=KEPT, earlier=[Earlier(Found.SPLIT, Says.PAID, COST - 500_000)]
    )

    assert classes(found)[0] == ["split"]


def test_a_transfer_is_known_by_its_sum_in_the_days_around_it():
    came = replace(SALE, says=Says.FUNDED, key="", code="", reference="", serial="", took_minor=-1_000_000_000)
    ours = Funding("fund_deposit:BCA:1", NOON + timedelta(days=2), 1_000_000_000, "IDR")

    def of(*fundings: Funding) -> list[Found]:
        return [one.found for one in match(named([came]), {}, {}, DAY, fundings=fundings).lines]

    assert of(ours) == [Found.MATCHED]
    assert of() == of(replace(ours, minor=1)) == of(replace(ours, at=NOON + timedelta(days=9))) == [Found.MISSING_HERE]


# ---- whatever comes


KEYS = ["p1-1", "p2-1", "p3-1", "nobody"]
SIGN = {
    Says.PAID: 1,
    Says.FAILED: 0,
    Says.PENDING: 1,
    Says.GIVEN_BACK: -1,
    Says.FUNDED: -1,
    Says.ADJUSTED: 1,
}
amounts = st.sampled_from([COST, COST - 100, COST + 100, MOST + 100, COST // 2])
lines_ = st.builds(
    lambda key, says, amount, minutes, reference, currency: StatementLine(
        number=0,
        at=NOON + timedelta(minutes=minutes),
        says=says,
        key=key if says not in (Says.FUNDED, Says.ADJUSTED) else "",
        code="pln20",
        reference=reference,
        took_minor=amount * SIGN[says],
        currency=currency,
        serial="SN-1" if says is Says.PAID else "",
    ),
    st.sampled_from(KEYS),
    st.sampled_from(Says),
    amounts,
    st.integers(-900, 900),
    st.sampled_from(["12345678901"] * 5 + ["1"]),
    st.sampled_from(["IDR"] * 5 + ["USD"]),
)
books = st.lists(
    st.builds(
        lambda key, outcome, state, hours, known: replace(
            KEPT,
            key=key,
            payment_id=key[:2],
            outcome=outcome,
            state=state,
            made_at=NOON + timedelta(hours=hours),
            cost_minor=COST if outcome in ("paid", "given_back") and known else None,
        ),
        st.sampled_from(KEYS[:3]),
        st.sampled_from(["", "absent", *(proof.value for proof in Proof if proof is not Proof.NOTHING)]),
        st.sampled_from(PAYMENT.states),
        st.integers(-20, 20),
        st.booleans(),
    ),
    unique_by=lambda one: one.key,
)
earliers = st.dictionaries(
    st.sampled_from(KEYS[:3]),
    st.lists(st.builds(Earlier, st.sampled_from(Found), st.sampled_from(["paid", "pending", "given_back"]), amounts)),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(lines_, max_size=12), books, earliers, st.randoms())
def test_each_line_and_each_attempt_of_the_interval_is_in_exactly_one_class(
    given_lines: list[StatementLine], book: list[Booked], earlier: dict[str, list[Earlier]], chance: object
):
    lines, ours = list(named(given_lines)), {one.key: one for one in book}

    found = match(lines, ours, earlier, DAY)

    assert sorted(one.line.identity for one in found.lines) == sorted(line.identity for line in lines)
    due = {one.key for one in book if DAY.holds(one)} | {line.key for line in lines if line.key in ours}
    assert sorted(one.booked.key for one in found.booked) == sorted(due)

    assert sum(total.minor for total in totals_of_lines(found).values()) == sum(line.took_minor for line in lines)
    assert sum(total.count for total in totals_of_lines(found).values()) == len(lines)
    assert sum(total.minor for total in totals_of_book(found).values()) == sum(ours[key].kept_minor for key in due)

    shuffled = list(given_lines)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert told(match(named(shuffled), ours, earlier, DAY)) == told(found)


def told(found: Matching) -> tuple[Counter[object], Counter[object]]:
    lines: Counter[object] = Counter(
        (one.line.fingerprint, one.found, one.over_minor, one.queued) for one in found.lines
    )
    return lines, Counter((one.booked.key, one.found, one.proof) for one in found.booked)


@settings(max_examples=300, deadline=None)
@given(st.lists(lines_, max_size=6), books, earliers)
def test_money_moves_by_itself_only_on_a_line_that_fits(
    lines: list[StatementLine], book: list[Booked], earlier: dict[str, list[Earlier]]
):
    for one in match(named(lines), {one.key: one for one in book}, earlier, DAY).booked:
        if one.proof is None:
            continue
        assert one.line is not None
        assert (one.line.key, one.line.reference, one.line.currency) == (one.booked.key, one.booked.reference, "IDR")
        if one.proof is Proof.PAID:
            assert not one.booked.kept
            assert 0 < one.line.took_minor <= one.booked.most_minor
        if one.proof is Proof.GIVEN_BACK:
            assert one.booked.state in CAME_BACK
            assert one.line.took_minor == -one.booked.kept_minor < 0
        if one.proof is Proof.FAILED:
            assert one.booked.open
