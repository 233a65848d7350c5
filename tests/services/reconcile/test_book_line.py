"""What a line of a bank's statement is booked against, two operators say; and what came in may go to its owner."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.domain.approval import NotPossible, Proposal, detail_of
from core.domain.evidence import Break
from core.domain.money import Money
from core.domain.operator import Operator
from core.services.approve import Decided
from core.services.review import say
from core.services.take_back import Booked, take_back_set_aside
from tests.adapters.database.changes import put
from tests.services.reconcile.statements import booked, breaks, reads
from tests.services.till import Till
from tests.support.fakes import NOON


@pytest.fixture(autouse=True)
def database() -> None:
    """On SQLite alone: what these stories ask of a store, those of the safeguard ask of either."""


@dataclass
class Office:
    """Two operators, and what they say."""

    till: Till

    async def say(self, subject: str, by: str, *, account: str = "") -> Decided:
        operator = await self.till.at.store.read(Operator, by)
        assert operator is not None
        return await say(
            self.till.at.counter,
            f"break:{subject}",
            "book",
            by=operator,
            reason="seen on the statement",
            detail=detail_of(account=account),
        )

    async def both(self, subject: str, *, account: str = "") -> Decided:
        first = await self.say(subject, "ani", account=account)
        assert not first.done
        return await self.say(subject, "budi", account=account)


@pytest.fixture
async def office(till: Till) -> Office:
    for name in ("ani", "budi"):
        await till.at.store.commit(put(Operator(name, "hash", "setup", NOON, admitted_at=NOON)))
    return Office(till)


@pytest.mark.parametrize(
    ("line", "against", "rupiah"),
    [
        ("D6500,00 FT1 BIAYA ADM", "cost:BCA", 6_500),
        ("D90000,00 FT1 SETORAN PDAM", "payable:pdam", 90_000),
    ],
)
async def test_what_a_rule_says_is_booked_when_two_agree(office: Office, line: str, against: str, rupiah: int):
    await reads(office.till, line, opens=200_000)
    before = await booked(office.till)

    done = await office.both("line:BCA:FT1")

    assert done.done
    assert done.sentence == f"Posted as entry 2, against {against}. The break is closed."
    assert (await booked(office.till, against), before - await booked(office.till)) == (rupiah, rupiah)
    assert await breaks(office.till) == []


async def test_interest_moves_from_unidentified(office: Office):
    await reads(office.till, "C1200,00 FT1 BUNGA")

    await office.both("set_aside:BCA:FT1")

    assert (await booked(office.till, "unidentified"), await booked(office.till, "interest:BCA")) == (0, -1_200)


async def test_money_whose_owner_was_found_goes_into_her_wallet_and_she_is_told(office: Office):
    await reads(office.till, "C50000,00 FT1 she forgot the digits")
    await office.till.delivered()

    await office.both("set_aside:BCA:FT1", account=f"wallet:{office.till.owner.wallet_id}")

    assert (await office.till.available(), await booked(office.till, "unidentified")) == (250_000, 0)
    assert await office.till.delivered() == ["Rp50,000 has come into your wallet."]


async def test_money_that_went_into_a_wallet_does_not_go_back_as_well(office: Office):
    """Not even while other people's money lies there, out of which it could be taken."""
    await reads(office.till, "C50000,00 FT1 x", "C70000,00 FT2 y")
    await office.both("set_aside:BCA:FT1", account=f"wallet:{office.till.owner.wallet_id}")

    with pytest.raises(Booked):
        await take_back_set_aside(office.till.at.counter, Money.of(50_000, "IDR"), bank="BCA", evidence="FT1", by="ani")
    assert await booked(office.till, "unidentified") == -70_000


async def test_money_that_went_back_is_not_booked(office: Office):
    await reads(office.till, "C50000,00 FT1 x")
    await office.say("set_aside:BCA:FT1", "ani", account="capital")
    await take_back_set_aside(office.till.at.counter, Money.of(50_000, "IDR"), bank="BCA", evidence="FT1", by="ani")

    with pytest.raises(NotPossible):
        await office.say("set_aside:BCA:FT1", "budi", account="capital")


async def test_a_transfer_that_nobody_knew_of_is_booked_as_they_say(office: Office):
    await reads(office.till, "D50000,00 FT1 KEPADA TONO", opens=200_000)

    await office.both("line:BCA:FT1", account="loss:BCA")

    assert await booked(office.till, "loss:BCA") == 50_000


async def test_what_was_booked_is_at_the_bank_and_in_the_book(office: Office):
    await reads(office.till, "D6500,00 FT1 BIAYA ADM", opens=200_000)
    await office.both("line:BCA:FT1")

    again = await reads(office.till, "D6500,00 FT1 BIAYA ADM", opens=200_000)

    assert (again.new, again.later) == ([], [])
    assert [line.entry_key for line in again.again] == ["book_line:BCA:FT1"]


@pytest.mark.parametrize("account", ["", "wallet:w7890", "wallet:nobody", "bank:BCA", "held", "pocket:ani", "loss"])
async def test_what_goes_out_is_booked_against_no_such_account(office: Office, account: str):
    await reads(office.till, "D50000,00 FT1 KEPADA TONO", opens=200_000)

    with pytest.raises(NotPossible):
        await office.say("line:BCA:FT1", "ani", account=account)


async def test_a_line_that_waits_for_no_such_word_is_not_booked(office: Office):
    await office.till.top_up(50_000, evidence="FT1")
    await reads(office.till, "C50371,00 FT1 x")

    with pytest.raises(NotPossible):
        await office.say("line:BCA:FT1", "ani", account="loss:BCA")
    with pytest.raises(NotPossible):
        await office.say("line:BCA:FT9", "ani", account="loss:BCA")
    assert await office.till.at.store.read(Proposal, "break:line:BCA:FT1", 1) is None
    opened = await office.till.at.store.read(Break, "line:BCA:FT1")
    assert opened is not None
    assert opened.closed_at is None
