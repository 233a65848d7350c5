"""Small statement files, as a provider writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from adapters.statements.csv_columns import layouts
from adapters.statements.provider_csv import read_provider_csv
from core.domain.payment import Attempt
from core.domain.statement import StatementFile
from tests.support.fakes import NOON

JAKARTA = ZoneInfo("Asia/Jakarta")
HEADING = "created_at,ref_id,buyer_sku_code,customer_no,price,status,rc,sn,amount,buyer_last_saldo"
# The day of the tests, in Jakarta.
TODAY = NOON.replace(hour=0) - timedelta(hours=7), NOON.replace(hour=0) + timedelta(hours=17)
TOMORROW = TODAY[1], TODAY[1] + timedelta(days=1)


def line(
    attempt: Attempt | None = None,
    says: str = "Sukses",
    amount: int | None = None,
    *,
    at: datetime = NOON,
    serial: str = "SN-1",
    key: str = "",
    code: str = "",
    reference: str = "",
    balance: int | str = "",
) -> str:
    """About an attempt of ours, at what it cost at the till; `amount` in whole rupiah, what leaves is negative."""
    if attempt is not None:
        key, code, reference = key or attempt.key, code or attempt.code, reference or attempt.reference
        amount = -(attempt.most_minor // 100 - 300) if amount is None else amount
    when = at.astimezone(JAKARTA).strftime("%Y-%m-%d %H:%M:%S")
    sn = serial if says == "Sukses" else ""
    return f"{when},{key},{code},{reference},{abs(amount or 0)},{says},00,{sn},{amount or 0},{balance}"


def raw(*lines: str) -> bytes:
    return "\n".join((HEADING, *lines, "")).encode()


def read(lines: Iterable[str], interval: tuple[datetime, datetime] = TODAY) -> StatementFile:
    return read_provider_csv(raw(*lines), layouts()["digiflazz"], since=interval[0], until=interval[1])
