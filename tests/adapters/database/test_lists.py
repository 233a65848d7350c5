"""Lists as services and operators ask for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from adapters.database.store import DatabaseStore
from core.domain.approval import Proposal
from core.domain.chat import Arrival
from core.domain.evidence import Break, Case, Evidence
from core.domain.message import Lane
from core.domain.money import Money
from core.domain.operator import Operator
from core.domain.payee import Payee
from core.domain.payment import Attempt
from core.domain.ticket import Ticket
from core.ports import PriceLine, Story
from tests.adapters.database.changes import (
    NOW,
    Do,
    Transfer,
    a_message,
    a_payment,
    a_wallet,
    an_attempt,
    put,
    transferred,
)


async def test_payments_of_a_wallet_come_newest_first(store: DatabaseStore):
    await store.commit(put(a_wallet("w1"), a_wallet("w2"), a_payment("other", "w2")))
    await store.commit(put(*(a_payment(f"p{minutes}", minutes=minutes) for minutes in (3, 1, 2))))

    assert [payment.payment_id for payment in await store.payments_of("w1", limit=2)] == ["p3", "p2"]
    assert await store.payments_of("nobody", limit=2) == []


async def test_payees_of_a_wallet_come_newest_first(store: DatabaseStore):
    await store.commit(put(a_wallet()))
    paid = [Payee("w1", "pln", str(n), "SITI", "p1", NOW + timedelta(days=n), saved=n == 2) for n in (1, 3, 2)]
    await store.commit(put(*paid))

    assert [payee.reference for payee in await store.payees_of("w1", limit=9)] == ["3", "2", "1"]
    assert [payee.saved for payee in await store.payees_of("w1", limit=2)] == [False, True]


async def test_payments_are_due_from_their_moment_on_the_longest_overdue_first(store: DatabaseStore):
    def due(payment_id: str, seconds: int) -> object:
        return replace(a_payment(payment_id), look_at=NOW + timedelta(seconds=seconds))

    await store.commit(put(a_wallet(), a_payment("never"), due("later", 1), due("now", 0), due("before", -60)))

    assert [payment.payment_id for payment in await store.payments_due(NOW, limit=9)] == ["before", "now"]
    assert [payment.payment_id for payment in await store.payments_due(NOW, limit=1)] == ["before"]


async def test_messages_are_due_until_they_are_sent(store: DatabaseStore):
    first, second = a_message("m1", minutes=-2), a_message("m2", minutes=-1)
    await store.commit(put(a_wallet(), a_message("m3", minutes=1), second, first))
    assert await due(store, Lane.PHONES) == ["m1", "m2"]

    await store.commit(put(replace(first, version=1).sent(NOW)))

    assert await due(store, Lane.PHONES) == ["m2"]


async def test_messages_are_due_by_the_way_they_take(store: DatabaseStore):
    into_chat = replace(a_message("m2", minutes=-2), channel="telegram")
    may_wait = replace(a_message("m3", minutes=-3), channel="telegram", patient=True)
    await store.commit(put(a_wallet(), a_message("m1", minutes=-1), into_chat, may_wait))

    assert {lane: await due(store, lane) for lane in Lane} == {
        Lane.PHONES: ["m1"],
        Lane.CHATS: ["m2"],
        Lane.PATIENT: ["m3"],
    }


async def due(store: DatabaseStore, lane: Lane) -> list[str]:
    return [message.message_id for message in await store.messages_due(NOW, lane=lane, limit=9)]


async def test_an_attempt_is_found_by_its_key(store: DatabaseStore):
    await store.commit(put(a_wallet(), a_payment()))
    written = await store.commit(put(an_attempt("p1", 1)))

    assert await store.attempt_with_key("p1-1") == written
    assert await store.attempt_with_key("p1-2") is None


async def test_a_ticket_is_found_by_whose_it_is_and_what_was_asked_for(store: DatabaseStore):
    tickets = [
        Ticket("IDR", 5_000_100, "w1", 5_000_000, NOW, NOW),
        Ticket("IDR", 5_000_200, "w1", 5_000_000, NOW + timedelta(days=1), NOW),
        Ticket("IDR", 5_000_300, "w1", 5_000_000, NOW + timedelta(days=2), NOW).posted("BCA:1", NOW),
        Ticket("IDR", 6_000_100, "w1", 6_000_000, NOW + timedelta(days=3), NOW),
        Ticket("IDR", 5_000_400, "w2", 5_000_000, NOW + timedelta(days=3), NOW),
        Ticket("KES", 5_000_100, "w1", 5_000_000, NOW + timedelta(days=3), NOW),
    ]
    await store.commit(put(a_wallet("w1"), a_wallet("w2"), *tickets))

    found = await store.ticket_of("w1", Money(5_000_000, "IDR"))

    assert found == replace(tickets[1], version=1)
    assert await store.ticket_of("w2", Money(6_000_000, "IDR")) is None


async def test_payments_in_a_state_come_newest_first(store: DatabaseStore):
    await store.commit(put(a_wallet(), a_payment("p1", minutes=1), a_payment("p2", minutes=2)))
    await store.commit(put(a_payment("p3", state="submitted")))

    assert [payment.payment_id for payment in await store.payments_in("authorized")] == ["p2", "p1"]
    assert [payment.payment_id for payment in await store.newest_payments(state=None, limit=2)] == ["p3", "p2"]
    assert [payment.payment_id for payment in await store.newest_payments(state="submitted", limit=2)] == ["p3"]


async def test_a_price_list_is_read_and_written_over(store: DatabaseStore):
    lines = [PriceLine("digiflazz", f"code{n}", "PLN", True, 1_000 + n, "IDR", "23:00-01:00", NOW) for n in range(300)]
    await store.commit(put(*lines, PriceLine("other", "code1", "PLN", True, None, "IDR", "", NOW)))

    written = await store.price_lines("digiflazz")

    assert [replace(line, version=0) for line in written] == sorted(lines, key=lambda line: line.code)
    await store.commit(put(*(replace(line, on_sale=False) for line in written)))
    assert not any(line.on_sale for line in await store.price_lines("digiflazz"))


async def test_the_story_of_a_payment_is_told_in_order(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2"), a_payment("p1"), a_payment("p2")))
    attempts = await _attempts(store)
    words = [Evidence("p1", 1, f"d{n}", "poll", "nothing", "03", "{}", NOW + timedelta(seconds=n)) for n in (1, 2)]
    held = replace(transferred("w1", "w2", 1, "authorize:p1"), payment_id="p1")
    message = await store.commit(put(a_message("captured:p1")))
    opened = await store.commit(put(Break("b1", "p1", "contradiction", "said failed", NOW)))
    await store.commit(put(*reversed(words)))
    posted = await store.commit(Do(lambda book: book.post(held)))
    await store.commit(Transfer("w1", "w2", 1))

    assert await store.story_of("p1") == Story(attempts, words, [posted], [message], [opened])
    assert await store.story_of("p2") == Story([], [], [], [], [])


async def _attempts(store: DatabaseStore) -> list[Attempt]:
    return [await store.commit(put(an_attempt("p1", number))) for number in (1, 2)]


async def test_the_figures_count_what_there_is(store: DatabaseStore):
    empty = await store.figures()
    await store.commit(put(a_wallet(), a_payment("p1"), a_payment("p2"), a_message("m1")))
    await store.commit(put(*(a_payment(f"d{n}", state="in_doubt", minutes=n) for n in (2, 1))))

    figures = await store.figures()

    assert (empty.payments, empty.oldest_in_doubt, empty.messages_waiting) == ({}, None, 0)
    assert figures.payments == {"authorized": 2, "in_doubt": 2}
    assert figures.oldest_in_doubt == NOW + timedelta(minutes=1)
    assert (figures.messages_waiting, figures.oldest_message) == (1, NOW)
    assert (figures.arrivals_waiting, figures.oldest_arrival) == (0, None)


async def test_what_may_wait_is_no_figure_and_what_arrived_is_one(store: DatabaseStore):
    arrived = [Arrival("telegram", n, n, "4711", "…", NOW + timedelta(minutes=n)) for n in (1, 2, 3)]
    await store.commit(put(a_wallet(), replace(a_message("m1"), patient=True)))
    await store.commit(put(arrived[0].done(NOW), *arrived[1:]))

    figures = await store.figures()

    assert (figures.messages_waiting, figures.oldest_message) == (0, None)
    assert (figures.arrivals_waiting, figures.oldest_arrival) == (2, NOW + timedelta(minutes=2))


async def test_the_figures_name_the_newest_of_what_is_open(store: DatabaseStore):
    cases = [Case(f"10000{n}", "w1", None, "no_token", NOW + timedelta(minutes=n)) for n in (1, 3, 2)]
    closed = Break("b9", None, "arrive_late", "…", NOW, closed_at=NOW)
    await store.commit(put(a_wallet()))
    await store.commit(put(*cases, closed))

    figures = await store.figures()

    assert figures.open_cases == 3
    assert figures.newest_case is not None
    assert figures.newest_case.number == "100003"
    assert (figures.open_breaks, figures.newest_break) == (0, None)


async def test_open_cases_and_breaks_are_listed_until_they_are_closed(store: DatabaseStore):
    case = Case("123456", "w1", None, "ussd", NOW)
    opened = Break("b1", None, "callback_differs", "another amount", NOW)
    await store.commit(put(a_wallet(), case, opened))
    assert [one.number for one in await store.open_cases(limit=5)] == ["123456"]
    assert [one.break_id for one in await store.open_breaks(limit=5)] == ["b1"]

    await store.commit(put(replace(case, closed_at=NOW, version=1), replace(opened, closed_at=NOW, version=1)))

    assert await store.open_cases(limit=5) == []
    assert await store.open_breaks(limit=5) == []


async def test_proposals_are_listed_until_they_are_decided_and_operators_for_ever(store: DatabaseStore):
    ani = Operator("ani", "hash", "", NOW, admitted_at=NOW)
    cici = Operator("cici", "hash", "ani", NOW + timedelta(days=1), closed_at=NOW, closed_by="ani")
    newer = Proposal("payment:p2", 1, "voided", "", "it failed", "ani", NOW + timedelta(hours=1))
    older = Proposal("payment:p1", 1, "captured", '{"cost": "1"}', "it was sold", "ani", NOW)
    await store.commit(put(cici, ani, newer, older))
    assert await store.operators() == [replace(ani, version=1), replace(cici, version=1)]
    assert [one.proposal_id for one in await store.open_proposals(limit=5)] == ["payment:p1#1", "payment:p2#1"]

    done = older.ended("done", by="budi", why="so it is", now=NOW)
    await store.commit(put(replace(done, version=1)))

    assert [one.proposal_id for one in await store.open_proposals(limit=5)] == ["payment:p2#1"]
    kept = await store.read(Proposal, "payment:p1", 1)
    assert kept is not None
    assert (kept.details, kept.decided_by, kept.decided_why) == ({"cost": "1"}, "budi", "so it is")


async def test_the_balance_of_an_account_is_the_sum_of_its_postings(store: DatabaseStore):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
    await store.commit(Transfer("w1", "w2", 30))
    await store.commit(Transfer("w2", "w1", 10))

    assert await store.balance_of("wallet:w2") == -2_000
    assert await store.balance_of("wallet:nobody") == 0


async def test_messages_to_a_wallet_come_newest_first(store: DatabaseStore):
    await store.commit(put(a_wallet("w1"), a_wallet("w2"), a_message("other", "w2")))
    await store.commit(put(*(a_message(f"m{n}", minutes=n) for n in (1, 3, 2))))

    assert [message.message_id for message in await store.messages_to("w1", limit=2)] == ["m3", "m2"]
