"""The tables, and what the database itself refuses: a negative wallet, a state nobody listed, a posting of nothing."""

from adapters.database.tables.awaited import reminders, tickets
from adapters.database.tables.bank import bank_balances, bank_lines, safeguards
from adapters.database.tables.chats import arrivals, chats, link_requests, links, screens
from adapters.database.tables.claims import claims
from adapters.database.tables.columns import metadata
from adapters.database.tables.days import day_balances, day_closings, day_cuts
from adapters.database.tables.journal import entries, postings
from adapters.database.tables.operators import breaks, cases, failures, operators, price_lines, proposals
from adapters.database.tables.payments import attempts, deliveries, evidence, messages, payments
from adapters.database.tables.people import contacts, lines, payees, pin_tries, sessions, wallets
from adapters.database.tables.proof import head_places, heads, receipt_keys, tree_tiles, trees
from adapters.database.tables.restores import restores
from adapters.database.tables.statements import absences, differences, statement_lines, statements
from adapters.database.tables.store_keys import store_keys
from adapters.database.tables.writers import writers

__all__ = [
    "absences",
    "arrivals",
    "attempts",
    "bank_balances",
    "bank_lines",
    "breaks",
    "cases",
    "chats",
    "claims",
    "contacts",
    "day_balances",
    "day_closings",
    "day_cuts",
    "deliveries",
    "differences",
    "entries",
    "evidence",
    "failures",
    "head_places",
    "heads",
    "lines",
    "link_requests",
    "links",
    "messages",
    "metadata",
    "operators",
    "payees",
    "payments",
    "pin_tries",
    "postings",
    "price_lines",
    "proposals",
    "receipt_keys",
    "reminders",
    "restores",
    "safeguards",
    "screens",
    "sessions",
    "statement_lines",
    "statements",
    "store_keys",
    "tickets",
    "tree_tiles",
    "trees",
    "wallets",
    "writers",
]
