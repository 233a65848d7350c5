"""Evidence that was kept before statements were read stays as it was, and a statement may be evidence from then on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command

from adapters.database import sqlite
from adapters.database.migrations.run import config, upgrade

WALLET = "INSERT INTO wallets VALUES ('w1', '+6281234567890', 'id', 'IDR', 'active', 0, 'h', 'h', 1, NULL, 1)"
PAYMENT = """
    INSERT INTO payments VALUES
    ('p1', 'w1', 'pln-token', '20', '1', '', 1, 1, 1, 'IDR', 'digiflazz', 'pln20', 'prepaid', 'ussd', 'captured',
     1, 1, 1, NULL, '', '', '', '', '', 0, NULL, 1, 1)
"""


def test_evidence_is_carried_over_and_stays_append_only(tmp_path: Path):
    path = tmp_path / "old.db"
    with sqlite.writing(path, checkpoints=False) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config(connection), "0003")
        connection.commit()
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(WALLET)
        old.execute(PAYMENT)
        old.execute("INSERT INTO evidence VALUES ('p1', 1, 'd1', 'reply', 'paid', '00', '{}', 7)")
        with pytest.raises(sqlite3.IntegrityError):
            old.execute("INSERT INTO evidence VALUES ('p1', 1, 'd2', 'statement', 'paid', '00', '{}', 7)")

    with sqlite.writing(path, checkpoints=False) as connection:
        upgrade(connection)

    with closing(sqlite3.connect(path)) as new:
        new.execute("INSERT INTO evidence VALUES ('p1', 1, 'd2', 'statement', 'paid', '00', '{}', 7)")
        kept = new.execute("SELECT digest, source, at FROM evidence ORDER BY digest").fetchall()
        assert kept == [("d1", "reply", 7), ("d2", "statement", 7)]
        for change in ("UPDATE evidence SET body = ''", "DELETE FROM evidence"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                new.execute(change)
