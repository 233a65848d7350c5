"""Match a provider's statement with our book: each line, and each attempt of the interval, comes to exactly one class.

Pure, and the order of the lines makes no difference. What may be settled by a line is said here and done elsewhere;
whatever is odd is for people. The rules for one attempt and its lines stand in `judging.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.judging import (
    Booked,
    Earlier,
    Found,
    Judged,
    Weighed,
    Window,
    judge,
    nobodys,
    without_lines,
)
from core.domain.statement import OF_THE_DEPOSIT, Says, StatementLine

# A transfer is noted here when somebody sees it on the bank's statement, and there when it arrives.
FUNDED_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Funding:
    """A transfer of ours to the provider, as the journal has it."""

    key: str
    at: datetime
    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Matching:
    """`fundings` are those that a line was found for, by the identity of the line."""

    lines: tuple[Judged, ...]
    booked: tuple[Weighed, ...]
    fundings: Mapping[str, Funding]

    @property
    def open(self) -> Sequence[Judged]:
        """Lines that people must look at."""
        return [one for one in self.lines if one.queued]


def match(
    lines: Iterable[StatementLine],
    booked: Mapping[str, Booked],
    earlier: Mapping[str, Sequence[Earlier]],
    window: Window,
    *,
    fundings: Sequence[Funding] = (),
) -> Matching:
    """Lines that nobody has seen before, against attempts by their keys; `earlier` has what other files said of them.

    `booked` are the attempts of the interval, and those besides that a line names.
    """
    about: defaultdict[str, list[StatementLine]] = defaultdict(list)
    moved: list[StatementLine] = []
    for line in lines:
        if line.says in OF_THE_DEPOSIT:
            moved.append(line)
        else:
            about[line.key].append(line)
    judged: list[Judged] = []
    weighed: list[Weighed] = []
    for key, group in about.items():
        ours = booked.get(key)
        found = judge(ours, _in_order(group), earlier.get(key, ()), window) if ours else nobodys(_in_order(group))
        judged += found.lines
        weighed += [found.booked] if found.booked else []
    for key, ours in booked.items():
        if key not in about and window.holds(ours):
            weighed.append(without_lines(ours, earlier.get(key, ())))
    of_deposit, known = _match_fundings(_in_order(moved), fundings)
    return Matching(tuple(judged + of_deposit), tuple(weighed), known)


def _in_order(lines: Sequence[StatementLine]) -> list[StatementLine]:
    """The same for any order they came in."""
    return sorted(lines, key=lambda line: (line.at, line.identity))


def _match_fundings(
    lines: Sequence[StatementLine], fundings: Sequence[Funding]
) -> tuple[list[Judged], dict[str, Funding]]:
    """Each transfer with the first line of just its amount in the days around it."""
    left = sorted(fundings, key=lambda one: (one.at, one.key))
    judged: list[Judged] = []
    known: dict[str, Funding] = {}
    for line in lines:
        ours = next((one for one in left if _is_of(line, one)), None)
        if ours is None:
            judged.append(Judged(line, Found.MISSING_HERE, over_minor=line.took_minor, queued=True))
            continue
        left.remove(ours)
        known[line.identity] = ours
        judged.append(Judged(line, Found.MATCHED))
    return judged, known


def _is_of(line: StatementLine, ours: Funding) -> bool:
    same = (-line.took_minor, line.currency) == (ours.minor, ours.currency)
    return line.says is Says.FUNDED and same and abs(ours.at - line.at) <= FUNDED_WITHIN


# ---- sums


@dataclass(frozen=True, slots=True)
class Total:
    """How many, and what they come to in minor units."""

    count: int
    minor: int


def totals_of_lines(matching: Matching, *, kept: Sequence[tuple[Found, int]] = ()) -> dict[Found, Total]:
    """`kept`: class and sum of lines that an interrupted run over the same file had come to."""
    return _totals([*kept, *((one.found, one.line.took_minor) for one in matching.lines)])


def totals_of_book(matching: Matching) -> dict[Found, Total]:
    return _totals((one.found, one.booked.kept_minor) for one in matching.booked)


def _totals(found: Iterable[tuple[Found, int]]) -> dict[Found, Total]:
    counted: defaultdict[Found, list[int]] = defaultdict(list)
    for one, minor in found:
        counted[one].append(minor)
    return {one: Total(len(counted[one]), sum(counted[one])) for one in Found if one in counted}


__all__ = [
    "Booked",
    "Earlier",
    "Found",
    "Funding",
    "Judged",
    "Matching",
    "Total",
    "Weighed",
    "Window",
    "match",
    "totals_of_book",
    "totals_of_lines",
]
