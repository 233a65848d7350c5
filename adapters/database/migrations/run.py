"""Running the migrations from inside the program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HERE = Path(__file__).parent

# A transaction that nobody writes beside. On PostgreSQL it is the lock that batches begin with.
BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN; SELECT pg_advisory_xact_lock(6556538)"}


def config(connection: Connection | None = None) -> Config:
    """Alembic's, without a file; `env.py` takes the connection from its attributes."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: Connection) -> None:
    """Bring the tables up to the newest version, all of it or nothing."""
    connection.exec_driver_sql(BEGIN[connection.dialect.name])
    command.upgrade(config(connection), "head")
    connection.commit()
