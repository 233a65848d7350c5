"""What of people nobody reads in the files of a store, moves about in it, or opens with another key."""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from adapters.database import sqlite
from adapters.database.below import StoreUnusable
from adapters.database.migrations.run import config
from adapters.database.prepared import Prepared
from adapters.database.rewriting import sealed_tables
from adapters.database.sealing import LOOK_UPS, VALUES, Altered, FieldKeys, Keyring, with_keyring
from adapters.database.store import DatabaseStore, open_store
from adapters.database.tables import payments
from core.domain.message import Message
from core.domain.payee import Payee
from core.domain.wallet import Wallet
from core.ports import Contact, StoreDown
from tests.adapters.database.changes import a_wallet, put
from tests.adapters.database.filled import A_LINK, NAME, NEW, NUMBER, OLD, REFERENCE, TOKEN, a_message, a_payee, filled
from tests.services.till import Till
from tests.support.counters import WANJIKU, bench
from tests.support.keys import FIELD_KEYS


@pytest.fixture
def file(path: Path) -> str:
    """Where a file will be; nothing is there yet."""
    return f"sqlite:///{path}"


# ---- the files


def looks(secret: str) -> Iterator[bytes]:
    """As a secret might stand in a file."""
    plain, utf16 = secret.encode(), secret.encode("utf-16-le")
    yield from (plain, utf16, secret.encode("utf-16-be"), plain.hex().encode(), secret.lower().encode())
    # Whatever stood before it decides where its groups of three bytes begin.
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + plain)
        yield coded[(before * 8 + 5) // 6 :].rstrip(b"=")[:-1]
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        yield digest(plain).digest()
        yield digest(plain).hexdigest().encode()


def seen(folder: Path, *secrets: str) -> list[tuple[str, str]]:
    """Which secrets stand in which files of a folder."""
    files = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return [
        (name, secret)
        for name, content in files.items()
        for secret in secrets
        if any(look in content for look in looks(secret))
    ]


async def test_nothing_of_a_customer_stands_in_the_files_the_log_or_a_copy(tmp_path: Path):
    async with bench(tmp_path) as at:
        wallet = await at.customer(WANJIKU)
        payment = await Till(at, wallet).pay()
        await at.store.commit(put(replace(A_LINK, wallet_id=wallet.wallet_id), replace(a_payee(), wallet_id="w7890")))
        told = await at.store.messages_to(wallet.wallet_id, limit=9)
        with closing(sqlite3.connect(tmp_path / "loket.db")) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        secrets = [WANJIKU, payment.reference, payment.token, NAME, REFERENCE, TOKEN, *(one.words for one in told)]
        assert all(secrets)
        assert len(told) == 2
        assert {file.name for file in tmp_path.iterdir()} >= {"loket.db", "loket.db-wal", "copy.db"}

        assert seen(tmp_path, *secrets) == []


async def test_a_store_without_keys_would_have_shown_it_all(file: str, path: Path):
    async with open_store(file, owner=True) as store:
        await store.commit(put(a_wallet(), a_payee(), a_message(1, TOKEN)))

        assert {secret for _, secret in seen(path.parent, NUMBER, NAME, REFERENCE, TOKEN)} == {
            NUMBER,
            NAME,
            REFERENCE,
            TOKEN,
        }


async def test_what_was_written_before_there_were_keys_is_sealed_and_nothing_is_left_of_it(file: str, path: Path):
    with sqlite.writing(path, checkpoints=False) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config(connection), "0001")
        connection.commit()
        for row in (
            f"wallets VALUES ('w1', '{NUMBER}', 'id', 'IDR', 'active', 0, 'h', 'h', 1, NULL, 1)",
            f"contacts VALUES ('ussd', '{NUMBER}', 'w1', 1, 1)",
            f"payees VALUES ('w1', 'pln', '{REFERENCE}', '{NAME}', 'p1', 1, 0, 1)",
            f"messages VALUES ('captured:p1', 'w1', '{NUMBER}', 'Token {TOKEN}', 1, 2, 0, NULL, 3)",
            f"deliveries VALUES ('d', 'x', 'k', '{REFERENCE}', '{{\"name\": \"{NAME}\"}}', 1)",
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
        connection.commit()

    async with open_store(file, owner=True, keys=FIELD_KEYS) as store:
        contact, [message] = await store.read(Contact, "ussd", NUMBER), await store.messages_to("w1", limit=9)
        payee = await store.read(Payee, "w1", "pln", REFERENCE)

        assert contact
        assert payee
        assert (contact.wallet_id, payee.holder, message.to, message.words) == ("w1", NAME, NUMBER, f"Token {TOKEN}")
        assert seen(path.parent, NUMBER, NAME, REFERENCE, TOKEN) == []
        with closing(sqlite3.connect(path)) as thief, pytest.raises(sqlite3.IntegrityError, match="append-only"):
            thief.execute("UPDATE deliveries SET body = ''")


# ---- who may open it


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (None, "This store is sealed: LOKET_FIELD_KEYS is needed to open it."),
        ({1: NEW}, "Version 1 of LOKET_FIELD_KEYS is not the one this store has."),
        ({2: OLD}, "LOKET_FIELD_KEYS has no version 1, which this store still needs."),
    ],
)
async def test_without_its_keys_a_store_is_refused_in_a_sentence(url: str, keys: dict[int, bytes], sentence: str):
    await filled(url, {1: OLD})

    for owner in (True, False):
        with pytest.raises(StoreUnusable) as refused:
            async with open_store(url, owner=owner, keys=keys):
                pass
        assert str(refused.value) == sentence


async def test_two_stores_under_one_field_key_have_nothing_in_common(file: str, path: Path):
    other = path.with_name("other.db")
    await filled(file, {1: OLD})
    await filled(f"sqlite:///{other}", {1: OLD})

    assert not {lying(path, "contacts", "address")} & {lying(other, "contacts", "address")}


# ---- who moves things about


def lying(path: Path, table: str, column: str, where: str = "true") -> str:
    with closing(sqlite3.connect(path)) as connection:
        [[value]] = connection.execute(f'SELECT "{column}" FROM {table} WHERE {where}').fetchall()  # noqa: S608
    return str(value)


def bend(path: Path, table: str, column: str, value: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f'UPDATE {table} SET "{column}" = ?', (value,))  # noqa: S608


async def test_a_value_from_another_row_is_not_believed(file: str, path: Path):
    await filled(file, {1: OLD})
    async with open_store(file, owner=True, keys={1: OLD}) as store:
        await store.commit(put(a_message(2, "Not for you", to="+6280000000000")))
        bend(path, "messages", "to", lying(path, "messages", "to", "message_id = 'captured:p2'"))

        with pytest.raises(StoreDown, match=r"messages\.to of captured:p1 does not open"):
            await store.messages_to("w1", limit=9)
        untouched = await store.read(Message, "captured:p2")
        assert untouched
        assert untouched.to == "+6280000000000"


@pytest.mark.parametrize(
    ("table", "column", "taken_from"),
    [
        ("messages", "to", ("messages", "words")),
        ("payees", "holder", ("wallets", "msisdn")),
        ("contacts", "address", ("links", "address")),
        ("payees", "reference", ("contacts", "address")),
    ],
)
async def test_a_value_from_another_column_is_not_believed(
    file: str, path: Path, table: str, column: str, taken_from: tuple[str, str]
):
    await filled(file, {1: OLD})
    bend(path, table, column, lying(path, *taken_from))

    async with open_store(file, owner=True, keys={1: OLD}) as store:
        with pytest.raises(StoreDown, match=rf"{table}\.{column} of .* does not open"):
            await everything(store)


async def everything(store: DatabaseStore) -> None:
    async with store.snapshot() as snapshot:
        for kind in (Message, Payee, Contact):
            _ = [one async for one in snapshot.every(kind)]


@pytest.mark.parametrize("value", ["+6280000000000", "1:AAAA", "7:AAAA", "1:ä"])
async def test_what_was_never_sealed_is_not_believed_either(file: str, path: Path, value: str):
    await filled(file, {1: OLD})
    bend(path, "wallets", "msisdn", value)

    async with open_store(file, owner=True, keys={1: OLD}) as store:
        with pytest.raises(Altered, match=r"wallets\.msisdn of w1 does not open"):
            await store.read(Wallet, "w1")
        with pytest.raises(Altered):
            await store.commit(put(a_wallet()))
        await store.commit(put(a_wallet("w2")))


def test_a_sealed_value_cannot_be_written_or_compared_past_its_row():
    wanted = select(payments).where(payments.c.holder == NAME)

    with pytest.raises(TypeError, match=r"payments\.holder is sealed with its row"):
        Prepared(wanted, with_keyring(SQLiteDialect_pysqlite(), KEYRING)).values()
    assert Prepared(wanted, SQLiteDialect_pysqlite()).values() == (NAME,)


# ---- any text


KEYRING = Keyring(FieldKeys(FIELD_KEYS), list)
KEYRING.learn([KEYRING.field_keys.fresh(VALUES, 1), KEYRING.field_keys.fresh(LOOK_UPS, 1)])
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts)
def test_any_text_comes_back_as_it_was(plain: str, row: str):
    sealed, mark = KEYRING.seal("payments.holder", row, plain), KEYRING.mark("contacts.address", plain)

    assert KEYRING.opened("payments.holder", row, sealed) == plain
    assert KEYRING.read("contacts.address", mark) == plain
    assert mark == KEYRING.mark("contacts.address", plain)
    assert mark != KEYRING.mark("links.address", plain)
    assert not plain or sealed != KEYRING.seal("payments.holder", row, plain)


def test_each_sealed_column_says_where_it_stands():
    for table in sealed_tables():
        for column in table.table.columns:
            assert getattr(column.type, "place", f"{table.name}.{column.name}") == f"{table.name}.{column.name}"
