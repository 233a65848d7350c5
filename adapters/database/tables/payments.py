"""Tables of payments, what was heard about them, and what is told."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from adapters.database.tables.columns import amount, flag, moment, number, one_of, sealed, table, text, version
from core.domain.biller import Kind
from core.domain.payment import PAYMENT, Proof

payments = table(
    "payments",
    text("payment_id", primary_key=True),
    text("wallet_id", ForeignKey("wallets.wallet_id")),
    text("product_id"),
    text("denomination_id"),
    sealed("payments.reference"),
    sealed("payments.holder"),
    number("amount_minor"),
    number("fee_minor"),
    number("most_minor"),
    text("currency"),
    text("provider"),
    text("code"),
    text("kind"),
    text("channel"),
    text("state"),
    moment("authorized_at"),
    moment("changed_at"),
    number("attempt"),
    number("cost_minor", nullable=True),
    text("receipt"),
    sealed("payments.serial"),
    sealed("payments.token"),
    sealed("payments.detail"),
    text("reason"),
    number("looks"),
    moment("look_at", nullable=True),
    flag("told"),
    version(),
    one_of("state", PAYMENT.states),
    one_of("kind", Kind),
    amount("amount_minor"),
    amount("fee_minor"),
    amount("most_minor"),
    amount("cost_minor"),
    rowid=True,
)
Index(None, payments.c.wallet_id, payments.c.authorized_at, payments.c.payment_id)
Index(None, payments.c.state, payments.c.changed_at)
_due = payments.c.look_at.is_not(None)
Index(None, payments.c.look_at, sqlite_where=_due, postgresql_where=_due)
_given = payments.c.receipt != ""
Index("uq_payments_receipt", payments.c.receipt, unique=True, sqlite_where=_given, postgresql_where=_given)

attempts = table(
    "attempts",
    text("payment_id", ForeignKey("payments.payment_id"), primary_key=True),
    number("number", primary_key=True),
    text("provider"),
    text("key"),
    text("code"),
    sealed("attempts.reference"),
    number("most_minor"),
    text("currency"),
    text("kind"),
    moment("made_at"),
    text("outcome"),
    version(),
    UniqueConstraint("key"),
    one_of("kind", Kind),
    amount("most_minor"),
)

evidence = table(
    "evidence",
    text("payment_id", ForeignKey("payments.payment_id"), primary_key=True),
    number("attempt", primary_key=True),
    text("digest", primary_key=True),
    text("source"),
    text("proves"),
    text("code"),
    sealed("evidence.body"),
    moment("at"),
    one_of("source", ("reply", "poll", "webhook", "operator", "statement")),
    one_of("proves", Proof),
    rowid=True,
)

deliveries = table(
    "deliveries",
    text("digest", primary_key=True),
    text("provider"),
    text("key"),
    sealed("deliveries.reference"),
    sealed("deliveries.body"),
    moment("received_at"),
    rowid=True,
)

messages = table(
    "messages",
    text("message_id", primary_key=True),
    text("wallet_id", ForeignKey("wallets.wallet_id")),
    sealed("messages.to"),
    sealed("messages.words"),
    moment("created_at"),
    moment("due_at", nullable=True),
    number("tries"),
    moment("sent_at", nullable=True),
    text("channel"),
    text("payment_id"),
    sealed("messages.offers"),
    flag("patient"),
    version(),
    rowid=True,
)
_unsent = messages.c.due_at.is_not(None)
Index(None, messages.c.patient, messages.c.due_at, sqlite_where=_unsent, postgresql_where=_unsent)
