"""What was sold between two moments, as a file that a buyer downloads.

The API's pages do not describe such a file. From them are the names of the columns and the words Sukses, Pending and
Gagal (developer.digiflazz.com/api/buyer/topup); assumed are the rest: one line for each movement of the deposit and for
each sale that moved nothing, `amount` with its sign, `Refund` and `Deposit`, times in Jakarta. A sale's first line
tells how it stands as the file is made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from adapters.sandbox.book import Book, Movement
from adapters.sandbox.clock import JAKARTA
from adapters.sandbox.response_codes import FAILED
from adapters.sandbox.sales import Sale

COLUMNS = (
    "created_at",
    "ref_id",
    "buyer_sku_code",
    "customer_no",
    "price",
    "status",
    "rc",
    "sn",
    "amount",
    "buyer_last_saldo",
)
REFUND, DEPOSIT = "Refund", "Deposit"
Event = tuple[datetime, Movement | None, Sale | None]


def statement(book: Book, since: datetime, until: datetime) -> str:
    """CSV with whole rupiah, the oldest line first; `[since, until)`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    balance = book.balance_before(since)
    for at, movement, sale in sorted(_events(book, since, until), key=itemgetter(0)):
        balance = movement.balance if movement else balance
        writer.writerow((_time(at), *_line(movement, sale), movement.amount if movement else 0, balance))
    return out.getvalue()


def _events(book: Book, since: datetime, until: datetime) -> Iterator[Event]:
    sales = {(sale.ref_id, sale.nth): sale for sale in book.sales()}
    for movement in book.movements(since, until):
        yield movement.at, movement, sales.get((movement.ref_id, movement.nth))
    moved = book.moved()
    for key, sale in sales.items():
        if key not in moved and since <= sale.created_at < until:
            yield sale.created_at, None, sale


def _line(movement: Movement | None, sale: Sale | None) -> tuple[object, ...]:
    if sale is None:
        return "", "", "", abs(movement.amount) if movement else 0, DEPOSIT, "", ""
    came_back = movement is not None and movement.amount > 0
    status = REFUND if came_back else sale.state
    sn = sale.sn if sale.keeps_money and status not in (REFUND, FAILED) else ""
    return sale.ref_id, sale.sku, sale.customer_no, sale.price, status, sale.rc, sn


def _time(at: datetime) -> str:
    return f"{at.astimezone(JAKARTA):%Y-%m-%d %H:%M:%S}"
