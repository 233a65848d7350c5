"""Who is at work on what, when several processes are."""

from __future__ import annotations

from alembic import op

from adapters.database.migrations.versions.v0001_the_first_tables import BY_KEY, key, numbers, texts

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "claims",
        *texts("what holder"),
        *numbers("until version"),
        key("claims", "what"),
        **BY_KEY,
    )
    op.create_table(
        "writers",
        *texts("writer"),
        *numbers("batch begun_at"),
        key("writers", "writer"),
        **BY_KEY,
    )
