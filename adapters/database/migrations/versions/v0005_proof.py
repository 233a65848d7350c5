"""The tree over the journal, and its signed heads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database.guards import guards
from adapters.database.migrations.versions.v0001_the_first_tables import (
    BY_KEY,
    BY_ROWID,
    NUMBER,
    flag,
    key,
    numbers,
    texts,
)

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "trees",
        *texts("name"),
        *numbers("size"),
        *texts("edge"),
        *numbers("version"),
        key("trees", "name"),
        **BY_ROWID,
    )
    op.create_table(
        "tree_tiles",
        *_chosen("level number"),
        *texts("hashes"),
        key("tree_tiles", "level", "number"),
        **BY_ROWID,
    )
    op.create_table(
        "heads",
        *_chosen("size"),
        *texts("root"),
        *numbers("at"),
        *texts("origin key_id signature"),
        key("heads", "size"),
        **BY_KEY,
    )
    op.create_table(
        "head_places",
        *texts("place"),
        *numbers("size"),
        *numbers("at", null=True),
        flag("wanted"),
        *numbers("version"),
        key("head_places", "place"),
        **BY_KEY,
    )
    op.create_table(
        "receipt_keys",
        *texts("name secret"),
        *numbers("version"),
        key("receipt_keys", "name"),
        **BY_KEY,
    )
    _append_only()


def _chosen(names: str) -> list[sa.Column[int]]:
    """Numbers of a key that we give and not the database."""
    return [sa.Column(name, NUMBER, nullable=False, autoincrement=False) for name in names.split()]


def _append_only() -> None:
    dialect = op.get_bind().dialect.name
    for table in ("tree_tiles", "heads"):
        for statement in guards(dialect, table):
            op.execute(sa.text(statement))
