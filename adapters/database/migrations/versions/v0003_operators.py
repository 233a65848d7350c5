"""Operators, what two of them decide together, and what failed so often that it was parked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database.migrations.versions.v0001_the_first_tables import (
    BY_KEY,
    BY_ROWID,
    index,
    key,
    numbers,
    texts,
)

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "operators",
        *texts("name pass_hash added_by"),
        *numbers("added_at"),
        *numbers("admitted_at closed_at", null=True),
        *texts("closed_by"),
        *numbers("wrong"),
        *numbers("paused_until", null=True),
        *numbers("version"),
        key("operators", "name"),
        **BY_KEY,
    )
    op.create_table(
        "proposals",
        *texts("subject"),
        *numbers("number"),
        *texts("action detail reason proposed_by"),
        *numbers("proposed_at"),
        *texts("decided_by"),
        *numbers("decided_at", null=True),
        *texts("decided_why outcome"),
        *numbers("version"),
        key("proposals", "subject", "number"),
        sa.CheckConstraint(
            "outcome IN ('', 'done', 'withdrawn', 'rejected')", name=op.f("ck_proposals_outcome_listed")
        ),
        **BY_ROWID,
    )
    index("proposals", "proposed_at", where="outcome = ''")
    op.create_table(
        "failures",
        *texts("what"),
        *numbers("times last_at version"),
        key("failures", "what"),
        **BY_KEY,
    )
