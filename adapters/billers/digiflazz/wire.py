"""How Digiflazz is asked and what its words look like: developer.digiflazz.com/api/buyer/…

POST of JSON, signed with md5(username + key + subject), each reply wrapped in `data`. Money is whole rupiah. The
field is `commands` for bills and `cmd` for balance and prices; a purchase has neither.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import TypeGuard

from adapters.billers.outbound import Fate, Limits, Reply
from core.domain.money import LARGEST_MINOR, Money
from core.domain.payment import Attempt

RUPIAH = "IDR"
BALANCE, PRICES, SALES, METERS = "/cek-saldo", "/price-list", "/transaction", "/inquiry-pln"
INQUIRE, PAY, STATUS = "inq-pasca", "pay-pasca", "status-pasca"

MOST_DIGITS = 15

_CODE = re.compile(r"[!-~]{1,64}")
_DIGITS = re.compile(r"[0-9]{1,15}")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\s]+")


@dataclass(frozen=True, slots=True)
class DigiflazzSettings:
    """Seconds a call of each kind may take. `testing` marks everything as the provider's development mode asks."""

    url: str
    username: str
    key: str = field(repr=False)
    webhook_secret: str = field(repr=False, default="")
    testing: bool = False
    connect_s: float = 5.0
    inquiry_s: float = 20.0
    sale_s: float = 40.0
    prices_s: float = 60.0

    def __post_init__(self) -> None:
        if not self.username or not self.key:
            raise ValueError("Digiflazz needs a username and a key.")


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    body: Mapping[str, object]
    limits: Limits


class Desk:
    """Writes requests. The same attempt always makes the same purchase, to the last byte."""

    def __init__(self, settings: DigiflazzSettings) -> None:
        self._settings = settings

    def balance(self) -> Request:
        return self._request(BALANCE, self._settings.inquiry_s, "depo", cmd="deposit")

    def prices(self, kind: str) -> Request:
        """`kind` is `prepaid` or `pasca`."""
        return self._request(PRICES, self._settings.prices_s, "pricelist", 8 * 1024 * 1024, cmd=kind)

    def meter(self, reference: str) -> Request:
        return self._request(METERS, self._settings.inquiry_s, reference, customer_no=reference)

    def inquiry(self, code: str, reference: str, key: str) -> Request:
        return self._bill(INQUIRE, self._settings.inquiry_s, code, reference, key)

    def sale(self, attempt: Attempt) -> Request:
        """The first send of an attempt: a purchase, or the payment of the bill found under the same key."""
        return self.purchase(attempt) if attempt.kind == "prepaid" else self._of_bill(PAY, attempt)

    def question(self, attempt: Attempt) -> Request:
        """What became of an attempt: for a purchase the very same request again, which is what Digiflazz asks for."""
        return self.purchase(attempt) if attempt.kind == "prepaid" else self._of_bill(STATUS, attempt)

    def purchase(self, attempt: Attempt) -> Request:
        return self._request(
            SALES,
            self._settings.sale_s,
            attempt.key,
            buyer_sku_code=attempt.code,
            customer_no=attempt.reference,
            ref_id=attempt.key,
            max_price=in_rupiah(attempt.most),
            **({"allow_dot": True} if "." in attempt.reference else {}),
            **self._testing,
        )

    def _of_bill(self, command: str, attempt: Attempt) -> Request:
        return self._bill(command, self._settings.sale_s, attempt.code, attempt.reference, attempt.key)

    def _bill(self, command: str, total_s: float, code: str, reference: str, key: str) -> Request:
        return self._request(
            SALES,
            total_s,
            key,
            commands=command,
            buyer_sku_code=code,
            customer_no=reference,
            ref_id=key,
            **self._testing,
        )

    def _request(
        self, path: str, total_s: float, subject: str, reply_bytes: int = 64 * 1024, **fields: str | int
    ) -> Request:
        ours = self._settings
        sign = hashlib.md5(f"{ours.username}{ours.key}{subject}".encode(), usedforsecurity=False).hexdigest()
        body = {"username": ours.username, **fields, "sign": sign}
        return Request(path, body, Limits(total_s, ours.connect_s, reply_bytes))

    @property
    def _testing(self) -> dict[str, bool]:
        return {"testing": True} if self._settings.testing else {}


def data_of(reply: Reply) -> Mapping[str, object] | None:
    """The object inside `data`, None when the reply has none."""
    data = _unwrapped(reply)
    return data if isinstance(data, dict) else None


def lines_of(reply: Reply) -> list[Mapping[str, object]] | None:
    """The objects of a list inside `data`, None when it holds none."""
    data = _unwrapped(reply)
    return [line for line in data if isinstance(line, dict)] if isinstance(data, list) else None


def _unwrapped(reply: Reply) -> object:
    document = reply.document if reply.fate is Fate.ANSWERED else None
    return document.get("data") if isinstance(document, dict) else None


def rupiah(value: object) -> Money | None:
    """A whole, non-negative number of rupiah, as a number or in digits; None for anything else, 10000.0 included."""
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if type(value) is not int or not 0 <= value <= LARGEST_MINOR // 100:
        return None
    return Money.of(value, RUPIAH)


def rupiah_at_least(value: object) -> Money | None:
    """A balance, which the documentation calls a float: rounded down to whole rupiah, so that it is never too much."""
    if isinstance(value, Decimal) and value.adjusted() < MOST_DIGITS:
        value = int(value.to_integral_value(ROUND_FLOOR))
    if type(value) is not int or abs(value) > LARGEST_MINOR // 100:
        return None
    return Money.of(value, RUPIAH)


def in_rupiah(money: Money) -> int:
    assert money.currency == RUPIAH, f"Digiflazz takes rupiah, not {money}"
    return money.major


def is_code(value: object) -> TypeGuard[str]:
    """Whether this can be a key or a product code: short, visible, ASCII."""
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def words(value: object, *, longest: int = 60) -> str:
    """A provider's words as they may be kept and shown: one line, nothing unseen in it, not too long."""
    return _UNSEEN.sub(" ", value).strip()[:longest].strip() if isinstance(value, str) else ""
