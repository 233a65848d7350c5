"""The chart of accounts, and what each arrow writes into the journal, told by two example payments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from core.domain.journal import CHART, AccountKind, Entry, book_line, fund_deposit, set_aside, take_back, top_up
from core.domain.money import Money
from core.domain.payment import PAYMENT, Payment
from core.domain.postings import CLAIM_ENDS, claim_end, entry_for

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = AT.date()


def _example(kind: str, *, amount: int, fee: int, cost: int) -> Payment:
    def rupiah(whole: int) -> int:
        return Money.of(whole, "IDR").minor

    return Payment(
        payment_id="example",
        wallet_id="siti",
        product_id="pln",
        denomination_id="",
        reference="",
        holder="",
        amount_minor=rupiah(amount),
        fee_minor=rupiah(fee),
        most_minor=rupiah(amount + fee),
        currency="IDR",
        provider="digiflazz",
        code="",
        kind=kind,
        channel="ussd",
        state=PAYMENT.start,
        authorized_at=AT,
        changed_at=AT,
        cost_minor=rupiah(cost),
    )


TOKEN = _example("prepaid", amount=50_000, fee=2_500, cost=50_125)
BILL = _example("postpaid", amount=100_000, fee=2_750, cost=100_950)

HEAD = """\
# The chart of accounts, and what is posted when

Printed by `make diagrams` from `core/domain/journal.py`, `core/domain/payment.py` and `core/domain/postings.py`; a test
fails when this page says anything else than they do.

A debit is positive, a credit negative, and the postings of an entry sum to zero. What we owe customers is therefore
negative: a wallet that holds Rp 52,500 stands in the book with -52,500. Amounts are kept in minor units; this page
shows whole rupiah.

## Accounts

An account is named by its kind, or by its kind and whose it is: `held`, `wallet:01jd…`, `deposit:digiflazz`. One with a
floor may never fall below zero on its natural side, not even between two entries.

| code | account | grows by | floor | what it holds |
|---|---|---|---|---|
"""

MONEY_IN = """
## Money that comes in

Posted once for each bank and evidence number: by an operator, or by a chat's payment provider.
"""

PAYMENTS = """
## A payment

Two examples. Siti buys an electricity **token** of Rp 50,000; our fee is Rp 2,500, and the provider takes Rp 50,125
from our deposit. She pays an electricity **bill** of Rp 100,000; the provider's charge of Rp 2,750 is shown to her as
the fee, and it takes Rp 100,950. What is left between amount and cost goes to margin or commission; where the provider
takes more than the amount, that line is a debit and the fee pays for it.
"""

CLAIMS = """
## How a claim ends

What a provider owes us back, by `attempt_late` or `uphold`, was paid or is lost when two operators say so. Either ends
all of the claim of one entry, and its key names that entry.
"""


def ledger_page() -> str:
    return HEAD + "".join([*_chart(), MONEY_IN, *_money_in(), PAYMENTS, *_payments(), CLAIMS, *_claims(), *_silent()])


def _chart() -> Iterator[str]:
    for name, row in CHART.items():
        yield f"| {row.code} | `{name}` | {_grows(row)} | {'zero' if row.floor else ''} | {row.meaning} |\n"
    idle = ", ".join(f"`{name}`" for name in CHART if name not in _posted_to())
    yield f"\nNothing is posted yet to {idle}: no rule on this page names them.\n"


def _grows(row: AccountKind) -> str:
    return "debit" if row.debit_natured else "credit"


def _posted_to() -> set[str]:
    """The kinds of account that some rule writes to."""
    entries = [
        _topped_up(),
        _set_aside(),
        _funded(),
        *BOOKED.values(),
        *(entry for one in (TOKEN, BILL) for *_, entry in _entries(one)),
    ]
    return {leg.account.partition(":")[0] for entry in entries for leg in entry.postings}


def _money_in() -> Iterator[str]:
    yield _section(
        ["top_up"],
        ["an operator saw a transfer on the bank's statement", "a card was charged inside a chat"],
        _columns(_topped_up()),
    )
    yield _section(
        ["set_aside"],
        ["a card was charged, and the wallet cannot take it any more", "money came in at a bank without a ticket"],
        _columns(_set_aside()),
    )
    yield _section(
        ["take_back"],
        ["a top-up went back to who paid it", "what was set aside went back"],
        _columns(*(_taken_back(came) for came in (_topped_up(), _set_aside())), heads=["top_up", "set_aside"]),
    )
    yield _section(
        ["fund_deposit"],
        ["an operator sent money to a provider", "a bank's statement shows it, and a rule names the provider"],
        _columns(_funded()),
    )
    yield _section(
        ["book_line"],
        ["two operators said what a line of a bank's statement was for"],
        _columns(*BOOKED.values(), heads=list(BOOKED)),
    )


def _topped_up() -> Entry:
    return top_up("siti", Money.of(200_000, "IDR"), bank="BCA", evidence="001", at=AT, day=DAY, by="operator")


def _set_aside() -> Entry:
    return set_aside(Money.of(200_000, "IDR"), bank="TELEGRAM", evidence="003", at=AT, day=DAY, by="TELEGRAM")


def _taken_back(came: Entry) -> Entry:
    _, bank, evidence = came.key.split(":")
    return take_back(came, bank=bank, evidence=evidence, at=AT, day=DAY, by="operator")


def _booked(account: str, whole: int, *, through: str) -> Entry:
    amount = Money.of(whole, "IDR")
    return book_line(account, amount, through=through, bank="BCA", evidence="004", at=AT, day=DAY, by="operators")


BOOKED = {
    "fee": _booked("cost:BCA", -6_500, through="bank:BCA"),
    "settlement": _booked("payable:pdam", -90_000, through="bank:BCA"),
    "interest": _booked("interest:BCA", 1_200, through="unidentified"),
    "capital": _booked("capital", 900_000, through="unidentified"),
    "owner found": _booked("wallet:siti", 50_000, through="unidentified"),
}


def _funded() -> Entry:
    return fund_deposit(
        "digiflazz", Money.of(10_000_000, "IDR"), bank="BCA", evidence="002", at=AT, day=DAY, by="operator"
    )


def _payments() -> Iterator[str]:
    """One section for all arrows that write the same lines."""
    same: dict[str, list[tuple[str, str, str, Entry]]] = {}
    for token, bill in zip(_entries(TOKEN), _entries(BILL), strict=True):
        same.setdefault(_columns(token[-1], bill[-1]), []).append(token)
    for columns, found in same.items():
        kinds = list(dict.fromkeys(entry.kind for *_, entry in found))
        yield _section(kinds, _arrows(row[:3] for row in found), columns)


def _entries(payment: Payment) -> Iterator[tuple[str, str, str, Entry]]:
    """Every arrow that posts, with its entry."""
    for event, source, target in PAYMENT.arrows:
        before = replace(payment, state=source)
        if entry := entry_for(event, before, before.fire(event, now=AT), at=AT, day=DAY):
            yield event, source, target, entry


def _claims() -> Iterator[str]:
    for kind, when in zip(CLAIM_ENDS, ("it came into our deposit", "it never will"), strict=True):
        yield _section([kind], [when], _columns(*_claim_ends(kind)))


def _claim_ends(kind: str) -> Iterator[Entry]:
    for one in (TOKEN, BILL):
        claimed = next(entry for event, *_, entry in _entries(one) if event == "uphold")
        yield claim_end(claimed, kind, at=AT, day=DAY, memo="two operators")


def _silent() -> Iterator[str]:
    loud = {(event, source) for event, source, _, _ in _entries(TOKEN)}
    silent = _arrows(row for row in PAYMENT.arrows if row[:2] not in loud)
    yield "\n## Arrows that post nothing\n\n" + "".join(f"- {arrow}\n" for arrow in silent)


def _arrows(rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """`capture: submitted, in_doubt, review → captured`, a line for each event and where it ends."""
    sources: dict[tuple[str, str], list[str]] = {}
    for event, source, target in rows:
        sources.setdefault((event, target), []).append(source)
    return [f"`{event}`: {', '.join(froms)} → {target}" for (event, target), froms in sources.items()]


def _section(kinds: Iterable[str], when: Iterable[str], columns: str) -> str:
    told = "".join(f"- {one}\n" for one in when)
    return f"\n### {', '.join(kinds)}\n\n{told}\n```\n{columns}```\n"


def _columns(*entries: Entry, heads: Iterable[str] = ("token", "bill")) -> str:
    """The postings of each entry in a column of its own, an account a line."""
    rows: dict[str, list[str]] = {leg.account: ["·"] * len(entries) for entry in entries for leg in entry.postings}
    for place, entry in enumerate(entries):
        for leg in entry.postings:
            rows[leg.account][place] = f"{Money(leg.minor, entry.currency).major:,}"
    lines = {"": list(heads), **rows} if len(entries) > 1 else rows
    return "".join(f"{account:<22}{''.join(f'{cell:>14}' for cell in cells)}\n" for account, cells in lines.items())
