"""How a provider writes its statement as CSV: columns, words, amounts, times. Data, in `layouts.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from core.domain.money import EXPONENT, LARGEST_MINOR, STEP
from core.domain.statement import Says

LAYOUTS = Path(__file__).with_name("layouts.toml")
# The first that fits. A byte order mark may be there or not; Latin-1 fits whatever is not UTF-8.
ENCODINGS = ("utf-8-sig", "latin-1")
OPTIONAL = frozenset({"code", "serial", "balance"})


class BadCell(ValueError):
    """What stands in a cell cannot be what its column is for; it is not repeated."""


@dataclass(frozen=True)
class Layout:
    """One provider's file. `columns` maps our fields to its headings, `words` its words to what they say.

    `leaves_as`: the sign of an amount that leaves our deposit, `positive` or `negative`. `day_begins`: when the
    provider's day does, in its time zone.
    """

    source: str
    currency: str
    time_zone: str
    day_begins: time
    time_format: str
    delimiter: str
    decimal: str
    thousands: str
    leaves_as: str
    columns: Mapping[str, str]
    words: Mapping[str, Says]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @cached_property
    def _number(self) -> re.Pattern[str]:
        """Digits, or digits in groups of three; a fraction where the currency has one. No blank, no `1e5`."""
        digits = r"[0-9]{1,15}"
        if self.thousands:
            sign = re.escape(self.thousands)
            digits = rf"[0-9]{{1,3}}(?:{sign}[0-9]{{3}}){{1,4}}|{digits}"
        return re.compile(rf"([+-]?)({digits})(?:{re.escape(self.decimal)}([0-9]{{1,3}}))?")

    def minor(self, cell: str) -> int:
        """A signed amount in minor units. Raises `BadCell` for what is no amount of this currency."""
        found = self._number.fullmatch(cell)
        if found is None:
            raise BadCell("is no amount")
        sign, whole, rest = found.groups(default="")
        exponent = EXPONENT[self.currency]
        if rest[exponent:].strip("0"):
            raise BadCell("has more decimals than the currency")
        digits = whole.replace(self.thousands, "") if self.thousands else whole
        minor = int(digits + rest[:exponent].ljust(exponent, "0"))
        if minor % STEP.get(self.currency, 1) or minor > LARGEST_MINOR:
            raise BadCell("is no amount that changes hands")
        return -minor if sign == "-" else minor

    def took(self, cell: str) -> int:
        minor = self.minor(cell)
        return -minor if self.leaves_as == "negative" else minor

    def moment(self, cell: str) -> datetime:
        try:
            read = datetime.strptime(cell, self.time_format)  # noqa: DTZ007 - the zone is the layout's, see below
        except ValueError:
            raise BadCell(f"is no time as {self.time_format}") from None
        return (read if read.tzinfo else read.replace(tzinfo=self.zone)).astimezone(UTC)

    def says(self, cell: str) -> Says:
        if cell not in self.words:
            raise BadCell("is a word that nobody has explained to us")
        return self.words[cell]


def layouts() -> Mapping[str, Layout]:
    """Every layout, by the provider's name."""
    written = tomllib.loads(LAYOUTS.read_text("utf-8"))
    return {source: _layout(source, one) for source, one in written.items()}


def _layout(source: str, written: Mapping[str, object]) -> Layout:
    words, columns = written["words"], written["columns"]
    assert isinstance(words, dict)
    assert isinstance(columns, dict)
    plain = {name: str(value) for name, value in written.items() if name not in ("words", "columns", "day_begins")}
    return Layout(
        source=source,
        day_begins=time.fromisoformat(str(written["day_begins"])),
        columns=columns,
        words={word: Says(says) for word, says in words.items()},
        **plain,
    )
