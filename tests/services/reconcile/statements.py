"""A bank's statement read against a till's book, and what a test asks of both."""

from __future__ import annotations

from dataclasses import replace

from adapters.statements.bank_file import read_bank_file
from core.domain.bank_line import BankStatement
from core.domain.bank_sorting import BankAccount, LineRule, Sort
from core.domain.money import Money
from core.domain.ticket import Ticket
from core.services.reconcile.bank import BankOutcome, reconcile_bank_file
from core.services.ticket import open_ticket
from tests.adapters.statements.files import mt940
from tests.services.till import Till

ACCOUNT = BankAccount(
    "BCA",
    "1234567890",
    trust=True,
    rules=(
        LineRule(Sort.FUNDED, "digiflazz", ("0123456789", "KE DIGIFLAZZ")),
        LineRule(Sort.SETTLEMENT, "pdam", ("SETORAN PDAM",)),
        LineRule(Sort.FEE, "BCA", ("BIAYA ADM",)),
        LineRule(Sort.INTEREST, "BCA", ("BUNGA",)),
        LineRule(Sort.CAPITAL, "", ("SETORAN MODAL",)),
    ),
)


def bank_says(*lines: str, opens: int = 0, day: str = "261120", currency: str = "IDR") -> list[BankStatement]:
    """A day's statement that adds up; a line is `C50371,00 REF its note`."""
    closes = opens + sum(_signed(line) for line in lines)
    text = mt940(*lines, opens=f"{opens},00", closes=f"{closes},00", day=day, currency=currency)
    return read_bank_file(text.encode(), bank="BCA")


def _signed(line: str) -> int:
    """Whole rupiah."""
    mark = line.split(" ", maxsplit=1)[0].partition(",")[0]
    into = not mark.startswith(("D", "RC"))
    return int(mark.lstrip("RCD")) * (1 if into else -1)


async def reads(till: Till, *lines: str, **how: object) -> BankOutcome:
    return await taken(till, bank_says(*lines, **how))  # type: ignore[arg-type]  # what a day's statement takes


async def taken(till: Till, statements: list[BankStatement], account: BankAccount = ACCOUNT) -> BankOutcome:
    return await reconcile_bank_file(till.at.counter, till.at.store.books, statements, account, by="ani")


def sorts(outcome: BankOutcome) -> dict[str, str]:
    return {line.evidence: line.sort for line in outcome.new}


async def ticket(till: Till, whole: int = 50_000, *, first: int = 370) -> Ticket:
    """She asks to bring money, and is told to send some rupiah more."""
    change = await open_ticket(till.at.counter, till.owner.wallet_id, Money.of(whole, "IDR"), now=till.at.clock.now())
    return await till.at.store.commit(replace(change, first=first))


async def breaks(till: Till) -> list[str]:
    return [one.kind for one in await till.at.store.open_breaks(limit=100)]


async def booked(till: Till, account: str = "bank:BCA") -> int:
    """Whole rupiah, debits positive."""
    return await till.at.store.balance_of(account) // 100
