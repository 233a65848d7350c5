"""MT940, the SWIFT statement that most banks give as a text file: fields `:20:` to `:86:`, amounts with a comma.

Read by the library `mt940`, which takes a file for one statement and a doubtful line for part of the one before it. So
each message is given to it alone, and what it found is counted against what stands there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from mt940.models import Amount, Balance, Transactions
from mt940.options import Options
from mt940.tags import Tag

from core.domain.bank_line import BankLine, BankStatement, NotAStatement, minor_of, read_line, statement

LARGEST = 10_000_000
# Its own log would repeat what customers wrote.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_ENVELOPE = re.compile(r"^\{[1235]:.*$|^-\}.*$", re.MULTILINE)
_MESSAGE = re.compile(r"^:20:", re.MULTILINE)
_LINE = re.compile(r"^:61:", re.MULTILINE)
_OPENING = ("final_opening_balance", "intermediate_opening_balance", "opening_balance")
_CLOSING = ("final_closing_balance", "intermediate_closing_balance", "closing_balance")


def read_mt940(raw: bytes, *, bank: str) -> list[BankStatement]:
    """The statements of a file, in its order. Raises `NotAStatement`."""
    if len(raw) > LARGEST:
        raise NotAStatement(f"The file is larger than {LARGEST // 1_000_000} MB, which no statement is.")
    text = _ENVELOPE.sub("", _decoded(raw).replace("\r\n", "\n").replace("{4:\n", "\n"))
    starts = [found.start() for found in _MESSAGE.finditer(text)]
    if not starts:
        raise NotAStatement("This is no MT940: no line of it begins with :20:.")
    return [_statement(text[start:end], bank) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _decoded(raw: bytes) -> str:
    """Banks write ASCII; what else stands in a note must not keep its line from being read."""
    if b"\x00" in raw:
        raise NotAStatement("This is no MT940: it is not text.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _statement(message: str, bank: str) -> BankStatement:
    found = _parsed(message)
    opening, closing = _balance(found, _OPENING, ":60F:"), _balance(found, _CLOSING, ":62F:")
    if opening.currency != closing.currency:
        raise NotAStatement(f"A statement opens in {opening.currency} and closes in {closing.currency}.")
    said = found.data
    numbers = (said.get("statement_number"), said.get("sequence_number"))
    return statement(
        bank=bank,
        account=_text(said.get("account_identification")),
        number="/".join(_text(one) for one in numbers if one) or _text(said.get("transaction_reference")),
        currency=opening.currency,
        opening=(opening.on, opening.minor),
        closing=(closing.on, closing.minor),
        lines=[_line(one.data, opening.currency) for one in found.transactions],
    )


def _parsed(message: str) -> Transactions:
    found = Transactions(options=Options.all())
    try:
        found.parse(message)
    except (RuntimeError, ValueError, TypeError, KeyError, AttributeError, IndexError, InvalidOperation) as trouble:
        # All that the library says of what it cannot read: it has no error of its own.
        raise NotAStatement(f"This MT940 cannot be read: {_what(trouble)}.") from trouble
    if len(found.transactions) != len(_LINE.findall(message)) or not all(one.data.get("id") for one in found):
        raise NotAStatement("This MT940 cannot be read: a :61: line has no transaction type, or is cut off.")
    return found


def _what(trouble: Exception) -> str:
    """Which field it was; never what stands in it, which names a customer."""
    tag = trouble.args[1] if len(trouble.args) == 3 else None
    return f"field :{tag.id}: is not as it should be" if isinstance(tag, Tag) else "a date or an amount cannot be"


class _Balance:
    def __init__(self, currency: str, minor: int, on: date) -> None:
        self.currency, self.minor, self.on = currency, minor, on


def _balance(found: Transactions, names: tuple[str, ...], field: str) -> _Balance:
    said = next((found.data[name] for name in names if name in found.data), None)
    if not isinstance(said, Balance) or not isinstance(said.amount, Amount) or said.date is None:
        raise NotAStatement(f"A statement in this MT940 has no balance in {field}.")
    currency = _text(said.amount.currency).upper()
    return _Balance(currency, _minor(said.amount.amount, currency), _day(said.date))


def _line(said: dict[str, Any], currency: str) -> BankLine:
    valued = _day(said["date"])
    reference = _text(said.get("customer_reference"))
    return read_line(
        booked_on=_day(said["entry_date"]) if said.get("entry_date") else valued,
        valued_on=valued,
        minor=_minor(said["amount"].amount, currency),
        currency=currency,
        own_name=_text(said.get("bank_reference")),
        reversal=_text(said.get("status")).upper().startswith("R"),
        counterparty=" ".join(_said(said, "applicant_name", "applicant_iban", "applicant_bin")),
        reference="" if reference.upper() == "NONREF" else reference,
        note=" ".join(_said(said, "extra_details", "transaction_details", "purpose", "end_to_end_reference")),
    )


def _said(said: dict[str, Any], *names: str) -> Iterator[str]:
    return (text for name in names if (text := _text(said.get(name))))


def _minor(amount: Decimal, currency: str) -> int:
    if not amount.is_finite():
        raise NotAStatement("This MT940 cannot be read: an amount is no number.")
    minor = minor_of(f"{abs(amount):f}", currency)
    return -minor if amount < 0 else minor


def _day(said: date) -> date:
    return date(said.year, said.month, said.day)


def _text(value: object) -> str:
    return " ".join(str(value).split()) if value is not None else ""
