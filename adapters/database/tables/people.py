"""Tables of people and their money with us."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey

from adapters.database.tables.columns import (
    amount,
    flag,
    moment,
    number,
    one_of,
    sealed,
    sealed_key,
    table,
    text,
    version,
)
from core.domain.wallet import WALLET

wallets = table(
    "wallets",
    text("wallet_id", primary_key=True),
    sealed("wallets.msisdn"),
    text("language"),
    text("currency"),
    text("state"),
    number("available_minor"),
    text("pin_hash"),
    text("proof_hash"),
    moment("opened_at"),
    moment("pin_reset_at", nullable=True),
    version(),
    one_of("state", WALLET.states),
    amount("available_minor"),
)

contacts = table(
    "contacts",
    text("channel", primary_key=True),
    sealed_key("contacts.address"),
    text("wallet_id", ForeignKey("wallets.wallet_id")),
    moment("since"),
    version(),
)

pin_tries = table(
    "pin_tries",
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    text("channel", primary_key=True),
    sealed_key("pin_tries.address"),
    number("wrong"),
    moment("paused_until", nullable=True),
    version(),
    CheckConstraint("wrong >= 0", name="wrong"),
)

lines = table(
    "lines",
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    text("sim"),
    moment("doubted_at", nullable=True),
    version(),
)

payees = table(
    "payees",
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    text("product_id", primary_key=True),
    sealed_key("payees.reference"),
    sealed("payees.holder"),
    text("last_payment_id"),
    moment("last_at"),
    flag("saved"),
    version(),
)

sessions = table(
    "sessions",
    text("channel", primary_key=True),
    sealed_key("sessions.address"),
    text("gateway_session"),
    number("heard_length"),
    text("heard_digest"),
    sealed("sessions.state"),
    sealed("sessions.answer"),
    flag("ended"),
    moment("changed_at"),
    version(),
    rowid=True,
)
