"""What a provider says it sold us: its statement, line by line, and what is kept of it once it was reconciled.

Amounts are minor units, and what a line *took* is seen from our deposit: a sale takes, a refund or a transfer of ours
brings, which is negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.domain.evidence import digest_of
from core.refusal import Fault

# A line's identity must stay short enough to be a break's name.
IDENTITY = 24


class UnreadableStatement(Fault):
    """A file that is no statement of this provider, or cannot be read as one. The sentence says what is wrong."""


class Says(StrEnum):
    """What a line says happened."""

    PAID = "paid"
    FAILED = "failed"
    PENDING = "pending"
    GIVEN_BACK = "given_back"
    FUNDED = "funded"
    ADJUSTED = "adjusted"


# These are about the deposit itself and name no attempt.
OF_THE_DEPOSIT = frozenset({Says.FUNDED, Says.ADJUSTED})


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One line. `key` is our attempt key, `reference` the customer's number, `balance_minor` the deposit after it.

    `identity` names the line by all that it says, so that it is known again in another file.
    """

    number: int
    at: datetime
    says: Says
    key: str
    code: str
    reference: str
    took_minor: int
    currency: str
    serial: str = ""
    token: str = ""
    detail: str = ""
    balance_minor: int | None = None
    identity: str = ""

    @property
    def fingerprint(self) -> str:
        facts = (self.at.isoformat(), self.says, self.key, self.code, self.reference, str(self.took_minor))
        return digest_of(*facts, self.currency, self.serial, self.token, str(self.balance_minor))[:IDENTITY]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read: where, and why. What stands there is not repeated."""

    number: int
    column: str
    why: str


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file as it was read. `digest` is that of its bytes; the interval is `[since, until)`, in moments."""

    source: str
    digest: str
    since: datetime
    until: datetime
    zone: str
    currency: str
    lines: tuple[StatementLine, ...]
    bad: tuple[BadLine, ...] = ()

    @property
    def statement_id(self) -> str:
        """The file and what it is of: two quiet days have the very same file."""
        return digest_of(self.source, self.digest, self.since.isoformat(), self.until.isoformat())

    @property
    def whole(self) -> bool:
        """Only a file that was read to the last line proves that something is *not* in it."""
        return not self.bad

    @property
    def opening_minor(self) -> int | None:
        """The deposit before the first line, by the first line that says what it was after it."""
        took = 0
        for line in self.lines:
            took += line.took_minor
            if line.balance_minor is not None:
                return line.balance_minor + took
        return None

    @property
    def closing_minor(self) -> int | None:
        """And after the last, by the last line that says it."""
        took = 0
        for line in reversed(self.lines):
            if line.balance_minor is not None:
                return line.balance_minor - took
            took += line.took_minor
        return None

    @property
    def took_minor(self) -> int:
        return sum(line.took_minor for line in self.lines)


def named(lines: Iterable[StatementLine]) -> Iterator[StatementLine]:
    """Each line with its identity; of lines that say the very same, the second is another one than the first."""
    times: defaultdict[str, int] = defaultdict(int)
    for line in lines:
        mark = line.fingerprint
        times[mark] += 1
        yield replace(line, identity=mark if times[mark] == 1 else f"{mark}.{times[mark]}")


def day_begins(day: date, zone: ZoneInfo, cut_off: time) -> datetime:
    """The moment at which a provider's day begins."""
    return datetime.combine(day, cut_off, zone)


# ---- what is kept


@dataclass(frozen=True, slots=True)
class Statement:
    """A file that was reconciled: `done_at` when all of it was. Until then the same file goes on where it stopped."""

    statement_id: str
    source: str
    since: datetime
    until: datetime
    whole: bool
    currency: str
    lines: int
    took_minor: int
    opening_minor: int | None
    closing_minor: int | None
    taken_at: datetime
    taken_by: str
    done_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line that was reconciled, and the class it came to. `about` is its attempt key, or its identity."""

    source: str
    identity: str
    statement_id: str
    number: int
    about: str
    says: str
    took_minor: int
    found: str


@dataclass(frozen=True, slots=True)
class Absence:
    """An attempt that statements which should tell of it do not. `times` counts them; settled ones stay as they are."""

    key: str
    source: str
    statement_id: str
    times: int
    since: datetime
    version: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands behind a break that a statement opened: by how much the provider took more than our book says.

    `about` is the attempt key; blank where the line is none of ours.
    """

    break_id: str
    source: str
    statement_id: str
    about: str
    found: str
    over_minor: int
    currency: str


def covers(statements: Iterable[Statement], start: datetime, end: datetime) -> bool:
    """Whether whole statements, one after the other, leave nothing out between two moments."""
    reached = start
    for one in sorted(_proving(statements), key=lambda one: one.since):
        if one.since > reached:
            break
        reached = max(reached, one.until)
    return reached >= end


def _proving(statements: Iterable[Statement]) -> Iterator[Statement]:
    return (one for one in statements if one.whole and one.done_at is not None)


# A day's file and its neighbour's: what is booked in one may lie in the other.
NEIGHBOUR = timedelta(days=1)
