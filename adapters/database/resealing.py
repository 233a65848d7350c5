"""A store sealed for the first time, and sealed anew under other keys while it is being served.

Tables that are written once and never again keep the key that they were written under. It is a key of the store, and is
wrapped by the newest of the field keys like the others, so that no old field key is needed for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from adapters.database.below import Database, Transactions
from adapters.database.guards import guards, lifted
from adapters.database.rewriting import Lying, SealedTable, sealed_tables
from adapters.database.sealing import LOOK_UPS, VALUES, FieldKeys, Keyring, StoreKey
from adapters.database.store_keys import KeysInTransaction, in_one_transaction

PAGE = 200

Advance = Callable[[int], None]
Anew = Callable[[SealedTable, Lying], Lying]


def seal_all(database: Database, field_keys: FieldKeys) -> list[StoreKey]:
    """Make the store's keys, and seal what lies open, all in one transaction. Nobody may be serving."""
    with _writing(database) as transactions:
        keys, rows = in_one_transaction(transactions, lambda: _sealed_first(transactions, field_keys))
        if rows and transactions.dialect.name == "sqlite":
            # What lay open still stands in pages that are free by now, and in the log.
            transactions.cursor.execute("VACUUM", ())
            transactions.cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)", ())
    return keys


def begin_anew(database: Database, keyring: Keyring) -> None:
    """Wrap all keys of the store by the newest field key, and make one more for values from now on.

    When that was done already, as by a run that was broken off, nothing is changed.
    """
    with _writing(database) as transactions:
        keyring.learn(in_one_transaction(transactions, lambda: _rewrapped(transactions, keyring.field_keys)))


def reseal(database: Database, keyring: Keyring, advance: Advance) -> int:
    """Put each value that may change under the newest key, in short transactions; how many rows that were.

    `advance` hears how many more rows have been looked at.
    """
    changed = 0
    with _writing(database) as transactions:
        for table in sealed_tables():
            if not table.append_only:
                for looked_at, rewritten in _pages(table, transactions, lambda t, row: t.sealed_anew(keyring, row)):
                    changed += rewritten
                    advance(looked_at)
    return changed


def renew_look_ups(database: Database, keyring: Keyring) -> None:
    """Another key for what rows are found by, and all of it under that one: one transaction, nobody may be serving."""
    with _writing(database) as transactions:
        keyring.learn([in_one_transaction(transactions, lambda: _marked_anew(transactions, keyring))])


def numbers_in_use(database: Database) -> Iterator[tuple[str, bool, Counter[int]]]:
    """For each table: its name, whether it is written once only, and how many values are under which key."""
    connection = database.reporting()
    try:
        cursor = connection.connection.cursor()
        for table in sealed_tables():
            counted: Counter[int] = Counter()
            after: Lying | None = None
            while rows := table.page(cursor, connection.dialect, after=after, size=PAGE):
                counted.update(number for row in rows for number in row.numbers)
                after = rows[-1]
            yield table.name, table.append_only, counted
    finally:
        connection.close()


# ---- inside a transaction


def _sealed_first(transactions: Transactions, field_keys: FieldKeys) -> tuple[list[StoreKey], int]:
    """The keys, and how many rows were sealed. Who comes second finds it done."""
    table_of_keys = KeysInTransaction(transactions.cursor, transactions.dialect)
    if kept := table_of_keys.kept():
        return kept, 0
    keys = [field_keys.fresh(LOOK_UPS, 1), field_keys.fresh(VALUES, 1)]
    keyring = Keyring(field_keys, lambda: keys)
    keyring.learn(keys)
    table_of_keys.put(keys)
    return keys, sum(_sealed_table(transactions, table, keyring) for table in sealed_tables())


def _sealed_table(transactions: Transactions, table: SealedTable, keyring: Keyring) -> int:
    with _unguarded(transactions, table):
        return _all_anew(transactions, table, lambda t, row: t.sealed_first(keyring, row))


def _rewrapped(transactions: Transactions, field_keys: FieldKeys) -> list[StoreKey]:
    table_of_keys = KeysInTransaction(transactions.cursor, transactions.dialect)
    kept = table_of_keys.kept()
    if all(one.wrapped_by == field_keys.newest for one in kept):
        return kept
    newest = max(one.number for one in kept if one.purpose == VALUES)
    wrapped = [field_keys.wrap(one.purpose, one.number, field_keys.unwrap(one)) for one in kept]
    wrapped.append(field_keys.fresh(VALUES, newest + 1))
    table_of_keys.put(wrapped)
    return wrapped


def _marked_anew(transactions: Transactions, before: Keyring) -> StoreKey:
    table_of_keys = KeysInTransaction(transactions.cursor, transactions.dialect)
    old = next(one for one in table_of_keys.kept() if one.purpose == LOOK_UPS)
    fresh = before.field_keys.fresh(LOOK_UPS, old.number + 1)
    keyring = Keyring(before.field_keys, lambda: [fresh])
    keyring.learn([fresh])
    for table in sealed_tables():
        if table.found_by_sealed:
            _all_anew(transactions, table, lambda t, row: t.marked_anew(before, keyring, row))
    table_of_keys.take_out(old)
    table_of_keys.put([fresh])
    return fresh


def _all_anew(transactions: Transactions, table: SealedTable, anew: Anew) -> int:
    """All rows, also where their keys change: those are few enough to be held at once, as people are."""
    cursor, dialect = transactions.cursor, transactions.dialect
    size = None if table.found_by_sealed else PAGE
    count, after = 0, None
    while rows := table.page(cursor, dialect, after=after, size=size):
        table.write(cursor, dialect, [(row, anew(table, row)) for row in rows])
        count, after = count + len(rows), rows[-1]
        if size is None:
            break
    return count


def _pages(table: SealedTable, transactions: Transactions, anew: Anew) -> Iterator[tuple[int, int]]:
    """Page after page, each in a transaction of its own: how many rows it had, and how many of them were changed."""
    after: Lying | None = None
    while True:
        rows, changed = in_one_transaction(transactions, partial(_page_anew, table, transactions, anew, after))
        if not rows:
            return
        yield len(rows), changed
        after = rows[-1]


def _page_anew(
    table: SealedTable, transactions: Transactions, anew: Anew, after: Lying | None
) -> tuple[list[Lying], int]:
    rows = table.page(transactions.cursor, transactions.dialect, after=after, size=PAGE)
    both = [(row, anew(table, row)) for row in rows]
    changed = [(old, new) for old, new in both if old is not new]
    table.write(transactions.cursor, transactions.dialect, changed)
    return rows, len(changed)


@contextmanager
def _unguarded(transactions: Transactions, table: SealedTable) -> Iterator[None]:
    """What is written once is written once more, here only: the transaction that lifts the guards puts them back."""
    if table.append_only:
        _run(transactions, lifted(transactions.dialect.name, table.name))
    yield
    if table.append_only:
        _run(transactions, guards(transactions.dialect.name, table.name))


def _run(transactions: Transactions, statements: Iterable[str]) -> None:
    for statement in statements:
        transactions.cursor.execute(statement, ())


@contextmanager
def _writing(database: Database) -> Iterator[Transactions]:
    transactions = database.writing(owner=False)
    try:
        yield transactions
    finally:
        transactions.close()
