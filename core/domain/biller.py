"""Who is paid, what they sell, and what the customer's number there looks like. Read from TOML, never changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from phonenumbers import country_code_for_region

from core.domain import luhn
from core.domain.digits import only_digits
from core.domain.money import Money
from core.domain.msisdn import local_number, national
from core.refusal import Refusal
from core.text import Text, _, several, verbatim


class Kind(StrEnum):
    """PREPAID: the amount is chosen from a list. POSTPAID: an inquiry says what is owed."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class ReferenceWrong(Refusal):
    text = _("This {reference_name} is not right. Please look again. For example {example}.")


class PrefixWrong(Refusal):
    text = _("{number} is not a {biller} number. Please look again.")


class BillerClosed(Refusal):
    text = _("{biller} is closed until {opens}. Please come back then.")


class NotSoldNow(Refusal):
    text = _("{product} cannot be bought just now. Your money has not moved.")


@dataclass(frozen=True, slots=True)
class ReferenceRule:
    """What the customer's number at a biller looks like: lengths, prefixes, a public check digit, an example."""

    name: Text
    lengths: tuple[int, ...]
    example: str
    prefixes: tuple[str, ...] = ()
    check: str = ""
    phone_region: str = ""

    def read(self, words: str, *, biller: str) -> str:
        """The number as the provider wants it: plain digits. Raises `ReferenceWrong` or `PrefixWrong`."""
        digits = self._digits(words)
        if digits is None or len(digits) not in self.lengths or not CHECKS[self.check](digits):
            raise ReferenceWrong(reference_name=self.name, example=self.example)
        if self.prefixes and not digits.startswith(self.prefixes):
            raise PrefixWrong(number=digits, biller=biller)
        return digits

    def takes(self, words: str) -> bool:
        """Whether these words are a number of this biller."""
        try:
            return bool(self.read(words, biller=""))
        except (ReferenceWrong, PrefixWrong):
            return False

    def _digits(self, words: str) -> str | None:
        return home_number(words, self.phone_region) if self.phone_region else only_digits(words)


def home_number(words: str, region: str) -> str | None:
    """A phone number as it is dialled at home. None for one of another country: its digits are someone else's here."""
    number = local_number(words, region)
    at_home = number is not None and number.startswith(f"+{country_code_for_region(region)}")
    return national(number) if number and at_home else None


CHECKS: Mapping[str, Callable[[str], bool]] = {"": lambda digits: True, "luhn": luhn.holds}


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily pause in the biller's own time zone, `from` included and `until` not; it may span midnight."""

    pause_from: time
    pause_until: time
    time_zone: str

    def closed_at(self, local: time) -> bool:
        if self.pause_from <= self.pause_until:
            return self.pause_from <= local < self.pause_until
        return local >= self.pause_from or local < self.pause_until


@dataclass(frozen=True, slots=True)
class Denomination:
    """One thing that can be bought: its price to the customer before the fee, and its code at each provider.

    `denomination_id` is a number people dial, as permanent as a route. `worth` is what arrives at the biller where that
    is not the price: airtime of 10,000 sells at 12,000. `days` is how long it lasts, 0 for ever.
    """

    denomination_id: str
    price: Money
    codes: Mapping[str, str]
    name: str = ""
    worth: Money | None = None
    days: int = 0

    @property
    def words(self) -> Text:
        if not self.name:
            return Text("{price}", {"price": self.worth or self.price})
        if not self.days:
            return verbatim(self.name)
        return several("{name}, {count} day", "{name}, {count} days", self.days).fill(name=self.name)


@dataclass(frozen=True, slots=True)
class Biller:
    """An organisation that is paid, as it stands in one category. `spoken` is the name as a voice should say it.

    `brief` is the name where room is short, empty where the name itself is short enough.
    """

    biller_id: str
    name: str
    category: str
    icon: str
    spoken: str
    brief: str = ""

    @property
    def short(self) -> str:
        return self.brief or self.name


@dataclass(frozen=True, slots=True)
class Product:
    """What a biller sells. `route` is permanent: people dial it, so it is never given to another product.

    `fee` is what the customer pays us on top; `commission` what the biller or provider leaves us for a bill.
    `inquiry` says that the holder's name is asked before a prepaid purchase; postpaid products always inquire.
    `brief` is the name where room is short. A product no longer `on_sale` is kept for the sake of its old payments.
    """

    product_id: str
    biller: Biller
    kind: Kind
    route: int
    name: Text
    reference: ReferenceRule
    fee: Money
    commission: Money
    denominations: tuple[Denomination, ...] = ()
    codes: Mapping[str, str] = field(default_factory=dict)
    inquiry: bool = False
    gives_token: bool = False
    hours: Hours | None = None
    brief: Text | None = None
    on_sale: bool = True

    @property
    def category(self) -> str:
        return self.biller.category

    @property
    def currency(self) -> str:
        return self.fee.currency

    @property
    def prepaid(self) -> bool:
        return self.kind is Kind.PREPAID

    def denomination(self, denomination_id: str) -> Denomination:
        """Raises `KeyError` for one that is no longer in the catalogue."""
        for one in self.denominations:
            if one.denomination_id == denomination_id:
                return one
        raise KeyError(denomination_id)

    def codes_of(self, denomination_id: str) -> Mapping[str, str]:
        """Provider -> its own code (SKU) for this purchase, in order of preference."""
        return self.denomination(denomination_id).codes if denomination_id else self.codes


_SPACES = re.compile(r"\s+")


def holder_masked(name: str) -> str:
    """First name as it is, the rest by its initial: enough to recognise one's mother, too little for a stranger."""
    first, *rest = _SPACES.split(name.strip()) if name.strip() else [""]
    return " ".join([first, *(f"{word[0]}***" for word in rest if word)])
