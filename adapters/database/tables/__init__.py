"""The tables, and what the database itself refuses: a negative wallet, a state nobody listed, a posting of nothing."""

from adapters.database.tables.awaited import reminders, tickets
from adapters.database.tables.chats import arrivals, chats, link_requests, links, screens
from adapters.database.tables.columns import metadata
from adapters.database.tables.journal import entries, postings
from adapters.database.tables.operators import breaks, cases, price_lines
from adapters.database.tables.payments import attempts, deliveries, evidence, messages, payments
from adapters.database.tables.people import contacts, payees, pin_tries, sessions, wallets

__all__ = [
    "arrivals",
    "attempts",
    "breaks",
    "cases",
    "chats",
    "contacts",
    "deliveries",
    "entries",
    "evidence",
    "link_requests",
    "links",
    "messages",
    "metadata",
    "payees",
    "payments",
    "pin_tries",
    "postings",
    "price_lines",
    "reminders",
    "screens",
    "sessions",
    "tickets",
    "wallets",
]
