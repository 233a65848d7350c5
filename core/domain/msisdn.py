"""Phone numbers in E.164. A number is an address, never proof of who holds the phone."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NewType

import phonenumbers

from core.domain.digits import plain_digits

Msisdn = NewType("Msisdn", str)

# The channel of calls: an address there is the number itself.
PHONE = "ussd"

_E164 = re.compile(r"\+[1-9][0-9]{7,14}")


def e164(words: str) -> Msisdn:
    """A number as gateways send it, `+` or not. Raises `ValueError` unless it is a plausible E.164 number."""
    number = words if words.startswith("+") else f"+{words}"
    if not _E164.fullmatch(number):
        raise ValueError("not an E.164 number")
    return Msisdn(number)


@lru_cache(maxsize=4096)
def local_number(words: str, region: str) -> Msisdn | None:
    """A number as people of a region type it (`0812-3456-7890`), in E.164; None when it cannot be one."""
    try:
        parsed = phonenumbers.parse(plain_digits(words.strip()), region)
    except (phonenumbers.NumberParseException, ValueError):
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return Msisdn(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def is_of(number: Msisdn, region: str) -> bool:
    """Whether a number belongs to a region's own numbering."""
    return phonenumbers.parse(number).country_code == phonenumbers.country_code_for_region(region)


@lru_cache(maxsize=16_384)
def national(number: Msisdn) -> str:
    """The number as it is dialled at home, `081234567890`: what providers of that country expect."""
    parsed = phonenumbers.parse(number)
    return re.sub(r"\D", "", phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL))


def masked(number: str) -> str:
    """Enough to recognise one's own number, too little to call it: `+62812•••••90`."""
    return f"{number[:6]}{'•' * max(0, len(number) - 8)}{number[-2:]}" if len(number) > 8 else "•" * len(number)
