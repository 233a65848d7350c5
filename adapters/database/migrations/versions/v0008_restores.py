"""Which copies a store has come back from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database.migrations.versions.v0001_the_first_tables import BY_KEY, NUMBER, key, numbers, texts

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "restores",
        sa.Column("number", NUMBER, nullable=False, autoincrement=False),
        *numbers("taken_at"),
        *numbers("noticed_at opened_at", null=True),
        *texts("opened_by"),
        *numbers("version"),
        key("restores", "number"),
        **BY_KEY,
    )
