"""What operators type, understood the same way by every command, and the options that many of them share."""

from __future__ import annotations

import getpass
import os
import re
from typing import Any

import click

from core.domain.journal import line_name
from core.domain.money import NotAnAmount, parse_amount
from core.domain.msisdn import Msisdn, e164

_BANK_WORD = re.compile(r"[0-9A-Z][0-9A-Z ./_+-]*")


class Number(click.ParamType[Msisdn]):
    """A phone number in E.164."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Msisdn:
        try:
            return e164(value)
        except ValueError:
            self.fail(f"{value} is not a phone number like +6281234567890.", param, ctx)


class Amount(click.ParamType[int]):
    """A positive amount in whole major units, as `50000` or `50.000`."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return parse_amount(value, "IDR").major
        except NotAnAmount:
            self.fail(f"{value} is not an amount: write whole rupiah, like 50000.", param, ctx)


class BankWord(click.ParamType[str]):
    """A bank, or the number of a line on its statement.

    Capitals and blanks make no difference: a line that was posted as `bca trx-1` must be known again as `BCA TRX-1`.
    """

    name = "word"

    def __init__(self, longest: int = 64) -> None:
        self._longest = longest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        word = line_name(str(value))
        if len(word) > self._longest or not _BANK_WORD.fullmatch(word):
            self.fail(f"write letters, digits, blanks and . / _ + - only, at most {self._longest} of them.", param, ctx)
        return word


def _login() -> str:
    """The login name, or the number of one that has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


as_json = click.option("--json", "json_", is_flag=True, help="One JSON object a line.")
signed = click.option("--as", "by", default=_login, help="Who does it.  [default: the login name]")
evidence_option = click.option(
    "--evidence", required=True, type=BankWord(), help="Number of the line on its statement; posted once."
)
# A payment provider's number of a charge may be longer than a line of a statement.
came_with_option = click.option(
    "--evidence", required=True, type=BankWord(255), help="Number under which the money came in; goes back once."
)
