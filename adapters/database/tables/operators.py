"""Tables of what operators look after."""

from __future__ import annotations

from sqlalchemy import ForeignKey

from adapters.database.tables.columns import amount, flag, moment, number, table, text, version

breaks = table(
    "breaks",
    text("break_id", primary_key=True),
    text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    text("kind"),
    text("detail"),
    moment("opened_at"),
    moment("closed_at", nullable=True),
    version(),
)

cases = table(
    "cases",
    text("number", primary_key=True),
    text("wallet_id", ForeignKey("wallets.wallet_id")),
    text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    text("topic"),
    moment("opened_at"),
    moment("closed_at", nullable=True),
    version(),
)

price_lines = table(
    "price_lines",
    text("provider", primary_key=True),
    text("code", primary_key=True),
    text("name"),
    flag("on_sale"),
    number("cost_minor", nullable=True),
    text("currency"),
    text("pause"),
    moment("seen_at"),
    version(),
    amount("cost_minor"),
)
