"""Tables of chats: who sits there, what arrived, what stands on the screen."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index

from adapters.database.tables.columns import flag, moment, number, sealed, sealed_key, table, text, version

links = table(
    "links",
    text("channel", primary_key=True),
    sealed_key("links.address"),
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    sealed("links.name"),
    moment("since"),
    flag("trusted"),
    number("paid_minor"),
    moment("left_at", nullable=True),
    version(),
)
Index(None, links.c.wallet_id)

chats = table(
    "chats",
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    text("channel"),
    sealed("chats.address"),
    version(),
)

link_requests = table(
    "link_requests",
    text("wallet_id", ForeignKey("wallets.wallet_id"), primary_key=True),
    text("channel"),
    sealed("link_requests.address"),
    sealed("link_requests.name"),
    text("code_hash"),
    moment("good_until"),
    number("tries"),
    moment("closed_at", nullable=True),
    moment("refused_at", nullable=True),
    version(),
)

arrivals = table(
    "arrivals",
    text("channel", primary_key=True),
    number("slot", primary_key=True),
    number("number"),
    sealed("arrivals.address"),
    text("sealed"),
    moment("came_at"),
    moment("done_at", nullable=True),
    version(),
    rowid=True,
)
_undone = arrivals.c.done_at.is_(None)
Index(None, arrivals.c.came_at, sqlite_where=_undone, postgresql_where=_undone)

screens = table(
    "screens",
    text("channel", primary_key=True),
    sealed_key("screens.address"),
    number("message"),
    text("look"),
    sealed("screens.digest"),
    flag("secret"),
    flag("buried"),
    version(),
)
