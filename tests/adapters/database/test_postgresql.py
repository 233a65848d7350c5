"""What is PostgreSQL's own: its tables and guards, who may do what, and servers that are refused."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from adapters.database.below import StoreUnusable
from adapters.database.place import database_at
from adapters.database.postgresql import connection
from adapters.database.postgresql.connection import MIGRATING, engine
from adapters.database.postgresql.opening import bring_up_to_date
from adapters.database.postgresql.roles import let_serve
from adapters.database.store import DatabaseStore, open_store
from adapters.database.tables import metadata
from adapters.database.tables.journal import APPEND_ONLY
from core.domain.evidence import Delivery, Evidence
from core.domain.journal import Entry
from core.domain.wallet import NotEnoughMoney, Wallet
from core.ports import Book
from tests.adapters.database.changes import NOW, RUPIAH, Do, Transfer, a_payment, a_wallet, put
from tests.support.postgres import Server, common_server, empty_store, server

DATABASES = ("postgresql",)

SHAPE = """
SELECT c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


@pytest.fixture
def new() -> Iterator[str]:
    """A database of its own, without tables."""
    url = common_server().database()
    yield url
    common_server().drop(url)


def shape(url: str) -> list[str]:
    return sorted(row[0] for row in common_server().ask(SHAPE, url) if "alembic_version" not in row[0])


def test_migrated_tables_are_the_described_ones_to_the_letter(new: str):
    migrated = shape(empty_store())

    with engine(new, MIGRATING).connect() as connected:
        metadata.create_all(connected)
        connected.commit()

    assert migrated == shape(new)
    assert len(migrated) > 200


def test_there_is_nothing_left_to_migrate():
    with engine(empty_store(), MIGRATING).connect() as connected:
        assert compare_metadata(MigrationContext.configure(connected), metadata) == []


async def test_two_who_open_a_new_store_at_once_make_its_tables_once(new: str):
    await asyncio.gather(*(asyncio.to_thread(bring_up_to_date, new) for _ in range(2)))

    async with open_store(new) as store:
        assert (await store.commit(put(a_wallet()))).version == 1


def test_a_store_of_a_newer_version_is_refused_with_a_sentence(new: str):
    bring_up_to_date(new)
    common_server().ask("UPDATE alembic_version SET version_num = '9999'", new)

    with pytest.raises(StoreUnusable, match="written by a newer version of Loket"):
        bring_up_to_date(new)


def test_a_database_that_is_not_there_is_refused_with_a_sentence():
    with pytest.raises(StoreUnusable, match=r'cannot be opened: .*"nowhere" does not exist'):
        bring_up_to_date(common_server().url("nowhere"))


def test_a_database_that_keeps_no_unicode_is_refused_with_a_sentence():
    common_server().ask("CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    url = common_server().url("ascii")

    with pytest.raises(StoreUnusable, match=r"is SQL_ASCII .* must be UTF8 and sort by C: CREATE DATABASE"):
        bring_up_to_date(url)

    common_server().drop(url)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_a_server_that_would_lose_money_is_refused_with_a_sentence(name: str):
    with server(**{name: "off"}) as careless, pytest.raises(StoreUnusable, match=f"{name} = off: a power cut"):
        bring_up_to_date(careless.database())


async def test_a_role_that_does_not_wait_for_the_disk_waits_for_it_here(store: DatabaseStore):
    common_server().ask("ALTER ROLE loket SET synchronous_commit = off")
    try:
        with closing(connection.connect(empty_store(), connection.WRITING)) as raw:
            assert raw.execute("SHOW synchronous_commit").fetchall() == [("on",)]
    finally:
        common_server().ask("ALTER ROLE loket RESET synchronous_commit")


def test_without_its_driver_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("adapters.database.place.find_spec", lambda _name: None)

    with pytest.raises(StoreUnusable, match=r"pip install 'loket\[postgresql\]'"):
        database_at("postgresql://db/loket")


# ---- what the database refuses


@pytest.fixture
async def serving(store: DatabaseStore, url: str) -> AsyncIterator[str]:
    """The URL of the role that serves, on a store in which something is written."""
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2"), a_payment()))
    await store.commit(Transfer("w1", "w2", 10))
    await store.commit(Do(_add_evidence))
    common_server().ask("CREATE ROLE loket_app LOGIN")
    let_serve(url, "loket_app")
    yield url.replace("//loket@", "//loket_app@")
    common_server().ask("DROP OWNED BY loket_app; DROP ROLE loket_app", url)


def _add_evidence(book: Book) -> None:
    book.add(Evidence("p1", 1, "d1", "reply", "paid", "00", "{}", NOW))
    book.add(Delivery("d1", "digiflazz", "p1-1", "12345678901", "{}", NOW))


@pytest.mark.parametrize("statement", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"])
def test_what_was_written_once_is_changed_by_nobody_not_even_its_owner(serving: str, url: str, statement: str):
    for table in APPEND_ONLY:
        refused = statement.format(table.name, next(iter(table.columns)).name)
        with pytest.raises(psycopg.IntegrityError, match="is append-only"):
            common_server().ask(refused, url)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            common_server().ask(refused, serving)


@pytest.mark.parametrize("index", [0, -1, 3, 10])
def test_the_journal_has_no_gaps(serving: str, url: str, index: int):
    row = f"({index}, 'key', 'transfer', 'IDR', 0, '2026-03-02', NULL, '')"

    with pytest.raises(psycopg.IntegrityError):
        common_server().ask(f"INSERT INTO entries VALUES {row}", url)  # noqa: S608  # our own


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE entries DISABLE TRIGGER ALL",
        "DROP TRIGGER entries_append_only ON entries",
        "ALTER TABLE wallets DROP CONSTRAINT ck_wallets_available_minor",
        "DELETE FROM wallets",
        "DROP TABLE postings",
        "CREATE OR REPLACE FUNCTION refuse_changes() RETURNS trigger LANGUAGE sql AS ''",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_that_serves_has_no_say_over_tables_and_triggers(serving: str, statement: str):
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidFunctionDefinition)):
        common_server().ask(statement, serving)


async def test_the_role_that_serves_can_do_all_that_serving_needs(serving: str):
    async with open_store(serving, owner=True) as store:
        assert (await store.commit(Transfer("w1", "w2", 10))).index == 2
        assert (await store.commit(put(a_wallet("w3")))).version == 1
        assert len([entry async for entry in store.journal()]) == 2

    # Who has closed in good order leaves no mark; the other one is open still.
    assert common_server().ask("SELECT count(*) FROM writers", serving) == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE wallets SET available_minor = -1",
        "UPDATE wallets SET available_minor = NULL",
        "UPDATE wallets SET state = 'rich'",
        "UPDATE payments SET wallet_id = 'nobody'",
        "INSERT INTO postings VALUES (1, 9, 'wallet:w1', 0)",
        "INSERT INTO postings VALUES (99, 1, 'wallet:w1', 1)",
        "INSERT INTO postings VALUES (1, 9, 'wallet:w1', 9000000000000000000)",
    ],
)
def test_a_value_that_cannot_be_is_refused(serving: str, statement: str):
    with pytest.raises(psycopg.IntegrityError):
        common_server().ask(statement, serving)


async def test_an_error_says_nothing_of_what_was_in_the_row(store: DatabaseStore):
    with pytest.raises(psycopg.IntegrityError) as refused:
        await store.commit(put(replace(a_wallet(), available_minor=-1)))

    assert "+62" not in str(refused.value)
    assert "hash" not in str(refused.value)


# ---- several processes


async def test_of_two_stores_that_pay_from_one_wallet_no_rupiah_is_paid_twice_or_refused_wrongly(
    store: DatabaseStore, url: str
):
    """Money for a hundred; eight customers ask for a hundred each, four at either store."""
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))

    async def customer(at: DatabaseStore) -> list[object]:
        asked = [at.commit(Transfer("w1", "w2", 1)) for _ in range(100)]
        return await asyncio.gather(*asked, return_exceptions=True)

    async with open_store(url, owner=True) as other:
        outcomes = [one for each in await asyncio.gather(*map(customer, [store, other] * 4)) for one in each]

    assert sum(isinstance(one, Entry) for one in outcomes) == 100
    assert sum(isinstance(one, NotEnoughMoney) for one in outcomes) == 700
    assert [entry.index async for entry in store.journal()] == list(range(1, 101))


async def test_a_storm_of_serialization_failures_is_never_told_as_a_refusal(store: DatabaseStore, url: str):
    """Every seventh insert meets one, as under an isolation that somebody made stricter."""
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
    common_server().ask(STORM, url)
    outcomes: list[object] = []
    try:
        for _ in range(10):
            asked = (store.commit(Transfer("w1", "w2", 1)) for _ in range(10))
            outcomes += await asyncio.gather(*asked, return_exceptions=True)
    finally:
        common_server().ask("DROP TRIGGER storm ON postings; DROP FUNCTION storm; DROP SEQUENCE gusts", url)

    assert [type(one) for one in outcomes] == [Entry] * 100
    assert (await store.read(Wallet, "w2")) == replace(a_wallet("w2", 100), version=101)


STORM = """
CREATE SEQUENCE gusts;
CREATE FUNCTION storm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('gusts') % 7 = 1 THEN RAISE EXCEPTION USING ERRCODE = 'serialization_failure'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER storm AFTER INSERT ON postings FOR EACH STATEMENT EXECUTE FUNCTION storm()
"""

STOPS = """
import asyncio, sys
from adapters.database.postgresql import connection
from adapters.database.store import open_store
from core.domain.wallet import Wallet
from tests.adapters.database.changes import Do, transferred
connection.WRITING["idle_in_transaction_session_timeout"] = "300ms"
def decide(book):
    book.post(transferred("w1", "w2", 1, "stopped"))
    print("deciding", flush=True)
    sys.stdin.readline()
async def serve():
    async with open_store(sys.argv[1], owner=True) as store:
        try:
            print((await store.commit(Do(decide))).index, flush=True)
        except Exception as error:
            print(type(error).__name__, flush=True)
asyncio.run(serve())
"""


async def test_a_process_that_is_stopped_in_mid_transaction_loses_it_and_the_others_go_on(
    store: DatabaseStore, url: str
):
    await store.commit(put(a_wallet("w1", 100), a_wallet("w2")))
    command = [sys.executable, "-c", STOPS, url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220
        assert process.stdout is not None
        assert process.stdin is not None
        assert await asyncio.to_thread(process.stdout.readline) == "deciding\n"
        os.kill(process.pid, signal.SIGSTOP)

        mine = await store.commit(Transfer("w1", "w2", 1, key="mine"))

        os.kill(process.pid, signal.SIGCONT)
        process.stdin.write("\n\n\n")
        process.stdin.flush()
        # What it had decided is gone; it is decided again, over what was written meanwhile.
        assert await asyncio.to_thread(process.stdout.readline) == "deciding\n"
        process.kill()

    assert mine.index == 1
    assert [entry.key async for entry in store.journal()] in (["mine"], ["mine", "stopped"])


# ---- a server that falls

PAYS = """
import asyncio, itertools, sys
from adapters.database.store import open_store
from core.ports import StoreDown
from tests.adapters.database.changes import Transfer
async def customer(store, name):
    for n in itertools.count():
        try:
            await store.commit(Transfer("w1", "w2", 1, key=f"{name}:{n}"))
        except StoreDown:
            await asyncio.sleep(0.02)
        else:
            print(f"{name}:{n}", flush=True)
async def pay():
    async with open_store(sys.argv[1], owner=True) as store:
        await asyncio.gather(*(customer(store, str(n)) for n in range(16)))
asyncio.run(pay())
"""


async def test_a_server_that_falls_in_full_swing_keeps_what_was_acknowledged_and_nobody_restarts(own: Server):
    url = own.database()
    async with open_store(url, owner=True) as store:
        await store.commit(put(a_wallet("w1", 10**6), a_wallet("w2")))

    command = [sys.executable, "-c", PAYS, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: ASYNC220
        assert process.stdout is not None
        said = [await asyncio.to_thread(process.stdout.readline) for _ in range(50)]
        own.kill()
        own.start()
        said += [await asyncio.to_thread(process.stdout.readline) for _ in range(200)]
        process.kill()
        said += [line for line in process.stdout.readlines() if line.endswith("\n")]

    async with open_store(url, owner=True) as store:
        entries = [entry async for entry in store.journal()]
        wallets = [await store.read(Wallet, name) for name in ("w1", "w2")]
    kept = [entry.key for entry in entries]
    assert {line.strip() for line in said} <= set(kept)
    assert len(set(kept)) == len(kept)
    assert [entry.index for entry in entries] == list(range(1, len(entries) + 1))
    assert [wallet.available_minor for wallet in wallets if wallet] == [
        (10**6 - len(kept)) * RUPIAH,
        len(kept) * RUPIAH,
    ]


@pytest.fixture
def own() -> Iterator[Server]:
    with server() as one:
        yield one
