"""The keys of a store as they lie in it, and the transactions in which they change."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection, Dialect, bindparam, delete, insert, select
from sqlalchemy.engine.interfaces import DBAPICursor

from adapters.database.below import Busy, Transactions
from adapters.database.prepared import Prepared
from adapters.database.sealing import StoreKey
from adapters.database.tables.store_keys import store_keys
from core.ports import StoreDown

Answer = TypeVar("Answer")

PATIENCE_S, A_MOMENT_S = 10.0, 0.005

KEPT = select(store_keys).order_by(store_keys.c.purpose, store_keys.c.number)
PUT = insert(store_keys)
TAKEN_OUT = delete(store_keys).where(
    store_keys.c.purpose == bindparam("of_purpose"), store_keys.c.number == bindparam("numbered")
)


def kept_keys(connection: Connection) -> list[StoreKey]:
    return [StoreKey(*row) for row in connection.execute(KEPT)]


class KeysInTransaction:
    """The table of keys, inside a transaction."""

    def __init__(self, cursor: DBAPICursor, dialect: Dialect) -> None:
        self._cursor = cursor
        self._kept, self._put, self._taken_out = (Prepared(one, dialect) for one in (KEPT, PUT, TAKEN_OUT))

    def kept(self) -> list[StoreKey]:
        self._cursor.execute(self._kept.text, ())
        return [StoreKey(*row) for row in self._cursor.fetchall()]

    def put(self, keys: Iterable[StoreKey]) -> None:
        """New ones, and others in place of those with the same name."""
        for one in keys:
            taken_out = self._taken_out.values(of_purpose=one.purpose, numbered=one.number)
            self._cursor.execute(self._taken_out.text, taken_out)
            named = {"purpose": one.purpose, "number": one.number, "wrapped_by": one.wrapped_by, "wrapped": one.wrapped}
            self._cursor.execute(self._put.text, self._put.values(**named))

    def take_out(self, one: StoreKey) -> None:
        self._cursor.execute(self._taken_out.text, self._taken_out.values(of_purpose=one.purpose, numbered=one.number))


def in_one_transaction(transactions: Transactions, work: Callable[[], Answer]) -> Answer:
    """All of it or nothing, beside others who write. Raises `StoreDown` when they leave no room for long."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return _tried(transactions, work)
        except Busy:
            if time.monotonic() > until:
                raise StoreDown("nothing was written: others write all the time") from None
            time.sleep(A_MOMENT_S)


def _tried(transactions: Transactions, work: Callable[[], Answer]) -> Answer:
    transactions.begin()
    try:
        answer = work()
    except transactions.error as error:
        raise transactions.down(error) from error
    except BaseException:
        transactions.rollback()
        raise
    transactions.commit()
    return answer
