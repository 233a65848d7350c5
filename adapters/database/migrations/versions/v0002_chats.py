"""Chats: who may pay from them, what arrived, what stands there. Tickets, reminders, messages that go into a chat."""

from __future__ import annotations

from alembic import op

from adapters.database.migrations.versions.v0001_the_first_tables import (
    BY_KEY,
    BY_ROWID,
    amounts,
    flag,
    index,
    key,
    numbers,
    points_to,
    texts,
)

revision = "0002"
down_revision = "0001"

CARRY_OVER = """
    INSERT INTO messages (message_id, wallet_id, "to", words, created_at, due_at, tries, sent_at,
                          channel, payment_id, offers, patient, version)
    SELECT message_id, wallet_id, "to", words, created_at, due_at, tries, sent_at, 'sms', '', '', FALSE, version
    FROM messages_before
"""


def upgrade() -> None:
    _chats()
    _awaited()
    _messages()


def _chats() -> None:
    op.create_table(
        "links",
        *texts("channel address wallet_id name"),
        *numbers("since"),
        flag("trusted"),
        *numbers("paid_minor"),
        *numbers("left_at", null=True),
        *numbers("version"),
        key("links", "channel", "address", "wallet_id"),
        points_to("links", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    index("links", "wallet_id")
    op.create_table(
        "chats",
        *texts("wallet_id channel address"),
        *numbers("version"),
        key("chats", "wallet_id"),
        points_to("chats", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    op.create_table(
        "link_requests",
        *texts("wallet_id channel address name code_hash"),
        *numbers("good_until tries"),
        *numbers("closed_at refused_at", null=True),
        *numbers("version"),
        key("link_requests", "wallet_id"),
        points_to("link_requests", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    op.create_table(
        "arrivals",
        *texts("channel"),
        *numbers("slot number"),
        *texts("address sealed"),
        *numbers("came_at"),
        *numbers("done_at", null=True),
        *numbers("version"),
        key("arrivals", "channel", "slot"),
        **BY_ROWID,
    )
    index("arrivals", "came_at", where="done_at IS NULL")
    op.create_table(
        "screens",
        *texts("channel address"),
        *numbers("message"),
        *texts("look digest"),
        flag("secret"),
        flag("buried"),
        *numbers("version"),
        key("screens", "channel", "address"),
        **BY_KEY,
    )


def _awaited() -> None:
    op.create_table(
        "tickets",
        *texts("currency"),
        *numbers("amount_minor"),
        *texts("wallet_id"),
        *numbers("asked_minor opened_at good_until"),
        *numbers("posted_at", null=True),
        *texts("evidence"),
        *numbers("version"),
        key("tickets", "currency", "amount_minor"),
        points_to("tickets", "wallet_id", "wallets.wallet_id"),
        *amounts("tickets", "amount_minor", "asked_minor"),
        **BY_KEY,
    )
    index("tickets", "opened_at", where="posted_at IS NULL")
    index("tickets", "wallet_id", where="posted_at IS NULL")
    op.create_table(
        "reminders",
        *texts("wallet_id product_id reference"),
        *numbers("look_at", null=True),
        *texts("told"),
        flag("unwanted"),
        *numbers("version"),
        key("reminders", "wallet_id", "product_id", "reference"),
        points_to("reminders", "wallet_id", "wallets.wallet_id"),
        **BY_KEY,
    )
    index("reminders", "look_at", where="look_at IS NOT NULL")


def _messages() -> None:
    """Made anew, as columns that SQLite adds to a table stand behind its constraints for ever."""
    op.drop_index(op.f("ix_messages_due_at"), "messages")
    op.rename_table("messages", "messages_before")
    if op.get_bind().dialect.name == "postgresql":  # where the name of a key is its index's, and one in the schema
        op.drop_constraint(op.f("pk_messages"), "messages_before")
    op.create_table(
        "messages",
        *texts("message_id wallet_id to words"),
        *numbers("created_at"),
        *numbers("due_at", null=True),
        *numbers("tries"),
        *numbers("sent_at", null=True),
        *texts("channel payment_id offers"),
        flag("patient"),
        *numbers("version"),
        key("messages", "message_id"),
        points_to("messages", "wallet_id", "wallets.wallet_id"),
        **BY_ROWID,
    )
    index("messages", "patient", "due_at", where="due_at IS NOT NULL")
    op.execute(CARRY_OVER)
    op.drop_table("messages_before")
