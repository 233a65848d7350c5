"""Statements of the daily work find their rows by an index, so a long journal costs what a short one does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Select

from adapters.database import journal, lists, sqlite
from adapters.database.bulk import SIZES, selects
from adapters.database.opening import bring_up_to_date
from adapters.database.prepared import Prepared
from adapters.database.shelves import SHELVES

NAMED = {"wallet_id": "w", "limit": 5, "now": datetime(2026, 1, 1, tzinfo=UTC), "wanted": "k", "payment_id": "p"}
NAMED |= {"at_channel": "telegram", "at_address": "1", "in_currency": "IDR", "asked": 5_000_000}
DAILY = {
    "payments of a wallet": lists.PAYMENTS_OF,
    "payees of a wallet": lists.PAYEES_OF,
    "payments due": lists.PAYMENTS_DUE,
    **{f"messages due, {lane}": wanted for lane, wanted in lists.MESSAGES_DUE.items()},
    "arrivals waiting": lists.ARRIVALS_WAITING,
    "links of a chat": lists.LINKS_AT,
    "links of a wallet": lists.LINKS_OF,
    "reminders due": lists.REMINDERS_DUE,
    "ticket of a wallet": lists.TICKET_OF,
    "attempt with a key": lists.ATTEMPT_WITH_KEY,
    "entry with a key": journal.WITH_KEY,
    "entries of a payment": journal.OF_PAYMENT,
}


@pytest.fixture
def connection(path: Path) -> Iterator[Connection]:
    bring_up_to_date(path, is_owned=False)
    with sqlite.reading(path) as connected:
        yield connected


def plan(connection: Connection, text: str, values: tuple[Any, ...]) -> list[str]:
    return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]


@pytest.mark.parametrize("wanted", DAILY.values(), ids=DAILY)
def test_a_daily_list_reads_no_table_from_end_to_end(connection: Connection, wanted: Select[Any]):
    prepared = Prepared(wanted, connection.dialect)

    steps = plan(connection, prepared.text, prepared.values(**NAMED))

    assert [step for step in steps if step.startswith("SCAN")] == []


LONG = [lists.PAYMENTS_OF, lists.PAYMENTS_DUE, *lists.MESSAGES_DUE.values(), journal.FROM_INDEX]


@pytest.mark.parametrize("wanted", LONG)
def test_what_may_be_long_is_read_in_its_order_and_not_sorted(connection: Connection, wanted: Select[Any]):
    prepared = Prepared(wanted, connection.dialect)

    steps = plan(connection, prepared.text, prepared.values(**NAMED, first=1))

    assert [step for step in steps if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("kind", SHELVES)
@pytest.mark.parametrize("size", [1, 3, SIZES[-1]])
def test_records_are_read_by_their_keys_however_many(connection: Connection, kind: type, size: int):
    table = SHELVES[kind].table
    keys = [tuple(f"{n}" for _ in table.primary_key) for n in range(size)]

    [(text, values)] = selects(table, connection.dialect, keys)

    assert [step for step in plan(connection, text, values) if step.startswith("SCAN")] == []
