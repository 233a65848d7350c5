"""Triggers after which a row stays as it was written, for as long as its table does."""

from __future__ import annotations

from collections.abc import Sequence

_SQLITE_GAPLESS = """\
CREATE TRIGGER entries_gapless BEFORE INSERT ON entries
WHEN NEW.entry_index <> (SELECT coalesce(max(entry_index), 0) + 1 FROM entries)
BEGIN SELECT RAISE(ABORT, 'the journal has no gaps'); END"""

# Looked at once a statement, however many rows it has. It waits for no lock: of two who add the same index at the same
# moment one is refused by the key.
_POSTGRESQL_GAPLESS = (
    """\
CREATE OR REPLACE FUNCTION refuse_gaps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT max(entry_index) - min(entry_index) + 1 <> count(*)
          OR min(entry_index) <> 1 + (SELECT coalesce(max(o.entry_index), 0) FROM entries o
                                      WHERE o.entry_index < (SELECT min(a.entry_index) FROM added a))
          OR max(entry_index) <> (SELECT max(o.entry_index) FROM entries o)
      FROM added) THEN
    RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = 'the journal has no gaps';
  END IF;
  RETURN NULL;
END $$""",
    """\
CREATE TRIGGER entries_gapless AFTER INSERT ON entries REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION refuse_gaps()""",
)

_POSTGRESQL_REFUSES = """\
CREATE OR REPLACE FUNCTION refuse_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = TG_TABLE_NAME || ' is append-only';
END $$"""


def guards(dialect: str, table: str) -> Sequence[str]:
    """The statements that make a table append-only, and the journal gapless besides."""
    return _of_sqlite(table) if dialect == "sqlite" else _of_postgresql(table)


def lifted(dialect: str, table: str) -> Sequence[str]:
    """The statements after which the rows of a table can be changed: for what seals a store the first time, only."""
    if dialect == "sqlite":
        return [f"DROP TRIGGER {table}_no_{verb}" for verb in ("update", "delete")]
    return [f"DROP TRIGGER {table}_append_only ON {table}"]


def _of_sqlite(table: str) -> Sequence[str]:
    append_only = [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}\n"
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]
    return [*append_only, _SQLITE_GAPLESS] if table == "entries" else append_only


def _of_postgresql(table: str) -> Sequence[str]:
    append_only = [
        _POSTGRESQL_REFUSES,
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}\n"
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes()",
    ]
    return [*append_only, *_POSTGRESQL_GAPLESS] if table == "entries" else append_only
