"""The one that writes: decides a batch of changes in memory, in the order they came, and commits it once.

What a commit costs (an fsync, a statement a table) is then shared by all who wait, and one change's refusal or bug
reaches only the one who asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlite3 import DatabaseError, IntegrityError

from adapters.database.book import Page, Sheet
from adapters.database.pen import Pen, Stale
from core.ports import Change, StoreDown


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one change: its outcome, or what it raised."""

    outcome: Any = None
    error: Exception | None = None


class Writer:
    """Owns the writing connection. Not for two threads at once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._pen = Pen(connection)

    def settle(self, changes: Sequence[Change[Any]]) -> list[Settled]:
        """Decide and commit all of them; answers each, and never raises."""
        try:
            return self._settle(changes)
        except DatabaseError as error:
            return [Settled(error=_down(error))] * len(changes)

    def _settle(self, changes: Sequence[Change[Any]]) -> list[Settled]:
        """Together; when the database refuses, together again but looking twice; and then each for itself."""
        for careful in (False, True):
            try:
                return self._commit(changes, careful=careful)
            except (Stale, IntegrityError) as refused:
                if careful and len(changes) == 1:
                    return [Settled(error=refused)]
        return [settled for change in changes for settled in self._settle([change])]

    def _commit(self, changes: Sequence[Change[Any]], *, careful: bool) -> list[Settled]:
        with self._connection.begin():
            wanted = [(key.kind, key.parts) for change in changes for key in change.wants()]
            sheet = Sheet(self._pen, self._pen.load(wanted), careful=careful)
            settled = [_decided(change, sheet) for change in changes]
            self._pen.write(sheet)
        return settled

    def close(self) -> None:
        self._connection.close()


def _decided(change: Change[Any], sheet: Sheet) -> Settled:
    page = Page(sheet)
    try:
        outcome = change.decide(page)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  # a refusal or a bug is its asker's alone, never its neighbours'
        return Settled(error=error)
    sheet.keep(page)
    return Settled(outcome)


def _down(error: DatabaseError) -> StoreDown:
    down = StoreDown(f"nothing was written: {error}")
    down.__cause__ = error
    return down
