"""Tries of a PIN by the place where it was typed, and the SIMs that speak on wallets' own lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from adapters.database.migrations.versions.v0001_the_first_tables import BY_KEY, key, numbers, points_to, texts

revision = "0009"
down_revision = "0008"

CARRY_OVER = """
    INSERT INTO pin_tries (wallet_id, channel, address, wrong, paused_until, version)
    SELECT wallet_id, channel, '', wrong, paused_until, version
    FROM pin_tries_before
"""


def upgrade() -> None:
    _pin_tries()
    op.create_table(
        "lines",
        *texts("wallet_id sim"),
        *numbers("doubted_at", null=True),
        *numbers("version"),
        key("lines", "wallet_id"),
        points_to("lines", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )


def _pin_tries() -> None:
    """Made anew, as a key cannot be given another column. Constraints keep their names, so the old ones go first."""
    postgres = op.get_bind().dialect.name == "postgresql"
    op.rename_table("pin_tries", "pin_tries_before")
    if postgres:
        op.drop_constraint(op.f("pk_pin_tries"), "pin_tries_before")
    op.create_table(
        "pin_tries",
        *texts("wallet_id channel address"),
        *numbers("wrong"),
        *numbers("paused_until", null=True),
        *numbers("version"),
        key("pin_tries", "wallet_id", "channel", "address"),
        sa.CheckConstraint("wrong >= 0", name=op.f("ck_pin_tries_wrong")),
        points_to("pin_tries", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    op.execute(CARRY_OVER)
    op.drop_table("pin_tries_before")
