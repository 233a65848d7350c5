"""The keys that values are sealed with. What was written before is sealed by whoever opens the store with keys."""

from __future__ import annotations

from alembic import op

from adapters.database.migrations.versions.v0001_the_first_tables import BY_KEY, key, numbers, texts

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "store_keys",
        *texts("purpose"),
        *numbers("number wrapped_by"),
        *texts("wrapped"),
        key("store_keys", "purpose", "number"),
        **BY_KEY,
    )
