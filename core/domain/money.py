"""Money is an integer of minor units and a currency. No float, anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

from core.domain.digits import plain_digits

# ISO 4217 exponents of the currencies a counter has met so far; a currency not listed here is refused.
EXPONENT = {"IDR": 2, "KES": 2, "TZS": 2, "GHS": 2, "NGN": 2, "USD": 2, "UGX": 0, "RWF": 0, "XOF": 0}
# Smallest amount that changes hands, in minor units: sen exist on paper only.
STEP = {"IDR": 100, "TZS": 100}

LARGEST_MINOR = 10**14
# Thousands parted by one sign, the same throughout: `1.000,000` may mean a thousand to whoever wrote it.
_GROUPED = re.compile(r"\d{1,3}([., \u00a0])\d{3}(?:\1\d{3})*")


class NotAnAmount(ValueError):
    """The words do not say an amount of this currency."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one currency. Sums over two currencies are a bug and raise."""

    minor: int
    currency: str

    @classmethod
    def of(cls, major: int, currency: str) -> Money:
        return cls(major * 10 ** EXPONENT[currency], currency)

    @property
    def major(self) -> int:
        """Whole major units; raises where sen would be lost."""
        unit: int = 10 ** EXPONENT[self.currency]
        whole, rest = divmod(self.minor, unit)
        if rest:
            raise NotAnAmount(f"{self} is not a whole amount")
        return whole

    def __str__(self) -> str:
        exponent = EXPONENT[self.currency]
        whole, rest = divmod(abs(self.minor), 10**exponent)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole}.{rest:0{exponent}} {self.currency}" if rest else f"{sign}{whole} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self} and {other} are different currencies")
        return other.minor


def parse_amount(words: str, currency: str) -> Money:
    """Read a positive amount in whole major units as a person or an operator types it.

    Digits of one script, with thousands in groups or none. Signs, exponents, fractions, `1_000` and `²` are refused.
    Raises `NotAnAmount`.
    """
    try:
        plain = plain_digits(words.strip())
    except ValueError:
        raise NotAnAmount(words) from None
    if _GROUPED.fullmatch(plain):
        plain = re.sub(r"\D", "", plain)
    if not re.fullmatch(r"[0-9]{1,12}", plain):
        raise NotAnAmount(words)
    money = Money.of(int(plain), currency)
    if not 0 < money.minor <= LARGEST_MINOR or money.minor % STEP.get(currency, 1):
        raise NotAnAmount(words)
    return money
