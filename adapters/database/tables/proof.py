"""Tables of what proves the journal: its tree, its signed heads and where they are told, the key of receipts."""

from __future__ import annotations

from adapters.database.tables.columns import flag, moment, number, sealed, table, text, version

trees = table(
    "trees",
    text("name", primary_key=True),
    number("size"),
    text("edge"),
    version(),
    rowid=True,
)

tree_tiles = table(
    "tree_tiles",
    number("level", primary_key=True, autoincrement=False),
    number("number", primary_key=True, autoincrement=False),
    text("hashes"),
    rowid=True,
)

heads = table(
    "heads",
    number("size", primary_key=True, autoincrement=False),
    text("root"),
    moment("at"),
    text("origin"),
    text("key_id"),
    text("signature"),
)

head_places = table(
    "head_places",
    text("place", primary_key=True),
    number("size"),
    moment("at", nullable=True),
    flag("wanted"),
    version(),
)

receipt_keys = table(
    "receipt_keys",
    text("name", primary_key=True),
    sealed("receipt_keys.secret"),
    version(),
)
