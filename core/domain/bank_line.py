"""A bank's statement of one account, and its lines, whatever format they came in.

What comes in is positive, what goes out negative, in minor units: the bank's *credit* is our debit.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count

from core.domain.journal import line_name
from core.domain.money import EXPONENT
from core.refusal import Fault

# ISO 4217 exponents of currencies that no counter of ours has, where they are not 2.
ELSEWHERE = {"BHD": 3, "CLP": 0, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3, "VND": 0}
# Room is left for a count where several lines have one reference: an operator types at most 64 signs.
LONGEST_NAME = 58
LARGEST_MINOR = 10**15

_AMOUNT = re.compile(r"([0-9]{1,15})(?:[.,]([0-9]{0,5}))?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_NOT_OF_A_NAME = re.compile(r"[^0-9A-Z ./_+-]")
# What banks write where they have no reference to give.
_NO_NAMES = frozenset({"", "NONREF", "NOTPROVIDED", "NOREF", "NO REF", "N/A", "NA", "0"})


class NotAStatement(Fault):
    """A file that is no statement, or one that does not add up. The sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of a statement. `evidence` is its name at this bank, under which its money is posted once.

    `mark` names it by what it says, for lines that have no reference, or one that another line has. `reversal`: the
    bank undoes an earlier line. `sort`, the account it is to be booked `against` and `entry_key` are what became of it
    here, blank as it is read.
    """

    bank: str
    evidence: str
    account: str
    booked_on: date
    valued_on: date
    minor: int
    currency: str
    reversal: bool
    counterparty: str
    reference: str
    note: str
    mark: str = ""
    sort: str = ""
    against: str = ""
    entry_key: str = ""
    version: int = 0

    def same_as(self, other: BankLine) -> bool:
        """Whether two that have the same name are one line; a bank may change its words between two statements."""
        mine = (self.account, self.booked_on, self.minor, self.currency)
        return mine == (other.account, other.booked_on, other.minor, other.currency)

    @property
    def words(self) -> str:
        """All that it says, by which a rule knows it."""
        return line_name(f"{self.counterparty} {self.reference} {self.note}")


@dataclass(frozen=True, slots=True)
class BankStatement:
    """What a bank says of one account: the balances before and after these lines. `number` is the bank's own."""

    bank: str
    account: str
    number: str
    currency: str
    opened_on: date
    opening_minor: int
    closed_on: date
    closing_minor: int
    lines: tuple[BankLine, ...]

    def checked(self) -> BankStatement:
        """The same. Raises `NotAStatement` when it does not add up, or could not be."""
        if others := {line.currency for line in self.lines} - {self.currency}:
            raise NotAStatement(f"An account in {self.currency} has lines in {', '.join(sorted(others))}.")
        moved = sum(line.minor for line in self.lines)
        if self.opening_minor + moved != self.closing_minor:
            raise NotAStatement(
                f"Statement {self.number or '-'} of {self.account} does not add up: it opens with "
                f"{written(self.opening_minor, self.currency)}, its {len(self.lines)} lines come to "
                f"{written(moved, self.currency)}, and it closes with {written(self.closing_minor, self.currency)}. "
                f"Nothing was posted; get the file from the bank again."
            )
        if self.opened_on > self.closed_on:
            raise NotAStatement(f"Statement {self.number or '-'} of {self.account} closes before it opens.")
        return self


@dataclass(frozen=True, slots=True)
class BankBalance:
    """What a statement said of an account: kept, and never changed. `place` counts the statements of a bank."""

    bank: str
    place: int
    account: str
    number: str
    currency: str
    opened_on: date
    opening_minor: int
    closed_on: date
    closing_minor: int


def statement(
    *,
    bank: str,
    account: str,
    number: str,
    currency: str,
    opening: tuple[date, int],
    closing: tuple[date, int],
    lines: Iterable[BankLine],
) -> BankStatement:
    """A statement whose lines have their names, checked. Raises `NotAStatement`."""
    if not account:
        raise NotAStatement("The statement does not name its account.")
    if not _CURRENCY.fullmatch(currency):
        raise NotAStatement(f"{currency or 'Nothing'} is no currency.")
    read = BankStatement(bank, account, number, currency, *opening, *closing, tuple(_named(bank, account, lines)))
    return read.checked()


def read_line(  # noqa: PLR0913 - all that a line says
    *,
    booked_on: date,
    valued_on: date,
    minor: int,
    currency: str,
    own_name: str,
    reversal: bool = False,
    counterparty: str = "",
    reference: str = "",
    note: str = "",
) -> BankLine:
    """A line as a reader makes it, before its statement gives it a name. `own_name` is the bank's reference."""
    who, what, why = (" ".join(words.split()) for words in (counterparty, reference, note))
    if not 0 < abs(minor) <= LARGEST_MINOR:
        raise NotAStatement(f"A line of {minor} minor units cannot be.")
    return BankLine("", own_name, "", booked_on, valued_on, minor, currency, reversal, who, what, why)


def _named(bank: str, account: str, lines: Iterable[BankLine]) -> Iterator[BankLine]:
    """Each under the bank's own reference; where several share one, the later ones are counted."""
    taken: set[str] = set()
    for line in lines:
        content = f"{line.booked_on:%Y%m%d}-{_digest(account, line)}"
        mark = _free(content, "-", taken)
        name = _free(own, "/", taken) if (own := own_name(line.evidence)) else mark
        taken |= {mark, name}
        yield replace(line, bank=bank, account=account, evidence=name, mark=mark)


def _free(name: str, sign: str, taken: set[str]) -> str:
    """The name, or the first of those counted up that is not taken."""
    return next(one for place in count(1) if (one := f"{name}{sign}{place}" if place > 1 else name) not in taken)


def own_name(words: str) -> str:
    """A bank's reference in the signs an operator can type; blank where it stands for none."""
    name = _NOT_OF_A_NAME.sub("-", line_name(words)).lstrip(" ./_+-")[:LONGEST_NAME]
    return "" if name in _NO_NAMES else name


def _digest(account: str, line: BankLine) -> str:
    said = (account, f"{line.booked_on}", f"{line.valued_on}", f"{line.minor}", line.currency, line.words)
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:12].upper()


def exponent_of(currency: str) -> int:
    return EXPONENT.get(currency, ELSEWHERE.get(currency, 2))


def minor_of(words: str, currency: str) -> int:
    """An amount without a sign, as a bank writes it: `50371,00`, `50371,`, `50371.00`. Raises `NotAStatement`."""
    found = _AMOUNT.fullmatch(words)
    exponent = exponent_of(currency)
    fraction = "" if found is None else found[2] or ""
    if found is None or fraction[exponent:].strip("0"):
        raise NotAStatement(f"{words[:40]!r} is no amount of {currency}.")
    return int(found[1] + fraction[:exponent].ljust(exponent, "0"))


def written(minor: int, currency: str) -> str:
    """`-20000.50 IDR`, of any currency."""
    exponent = exponent_of(currency)
    whole, rest = divmod(abs(minor), 10**exponent)
    return f"{'-' if minor < 0 else ''}{whole}{f'.{rest:0{exponent}}' if rest else ''} {currency}"


def balance_of(read: BankStatement, *, place: int) -> BankBalance:
    """What is kept of a statement that was read."""
    return BankBalance(
        bank=read.bank,
        place=place,
        account=read.account,
        number=read.number,
        currency=read.currency,
        opened_on=read.opened_on,
        opening_minor=read.opening_minor,
        closed_on=read.closed_on,
        closing_minor=read.closing_minor,
    )
