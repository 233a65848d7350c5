"""Tables of operators, of what they look after, and of what two of them decide together."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index

from adapters.database.tables.columns import amount, flag, moment, number, one_of, sealed, table, text, version
from core.domain.approval import OUTCOMES

breaks = table(
    "breaks",
    text("break_id", primary_key=True),
    text("payment_id", ForeignKey("payments.payment_id"), nullable=True),
    text("kind"),
    sealed("breaks.detail"),
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

operators = table(
    "operators",
    text("name", primary_key=True),
    text("pass_hash"),
    text("added_by"),
    moment("added_at"),
    moment("admitted_at", nullable=True),
    moment("closed_at", nullable=True),
    text("closed_by"),
    number("wrong"),
    moment("paused_until", nullable=True),
    version(),
)

proposals = table(
    "proposals",
    text("subject", primary_key=True),
    number("number", primary_key=True, autoincrement=False),
    text("action"),
    sealed("proposals.detail"),
    sealed("proposals.reason"),
    text("proposed_by"),
    moment("proposed_at"),
    text("decided_by"),
    moment("decided_at", nullable=True),
    sealed("proposals.decided_why"),
    text("outcome"),
    version(),
    one_of("outcome", OUTCOMES),
    rowid=True,
)
_open = proposals.c.outcome == ""
Index(None, proposals.c.proposed_at, sqlite_where=_open, postgresql_where=_open)

failures = table(
    "failures",
    text("what", primary_key=True),
    number("times"),
    moment("last_at"),
    version(),
)
