"""Decides a batch of changes in memory, in the order they came, and writes it in one transaction.

What a commit costs (an fsync, a statement a table) is shared by all who wait, and one change's refusal or bug reaches
only the one who asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from adapters.database.below import Transactions
from adapters.database.book import Page, Sheet
from adapters.database.pen import Pen
from core.ports import Change


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one change: its outcome, or what it raised."""

    outcome: Any = None
    error: Exception | None = None


class Writer:
    """Works inside a transaction that has begun; does not commit it."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._pen = Pen(transactions.cursor, transactions.dialect)

    def decide(self, changes: Sequence[Change[Any]]) -> list[Settled]:
        """Decide and write them all; what each came to, in their order.

        Raises `StoreDown` when the database itself is in trouble, `Busy` when another process came in between two
        attempts; then nothing is written and the transaction is over.
        """
        try:
            return self._together(changes)
        except self._transactions.error as error:
            raise self._transactions.down(error) from error
        except BaseException:
            self._transactions.rollback()
            raise

    def _together(self, changes: Sequence[Change[Any]]) -> list[Settled]:
        """All at once; when a row cannot be written, all again but looking twice; and then each for itself."""
        for careful in (False, True):
            try:
                return self._attempt(changes, careful=careful)
            except _CannotWrite:
                self._transactions.begin_again()
        return [self._alone(change) for change in changes]

    def _alone(self, change: Change[Any]) -> Settled:
        self._transactions.mark()
        try:
            [settled] = self._attempt([change], careful=True)
        except _CannotWrite as refused:
            self._transactions.back_to_mark()
            return Settled(error=refused.why)
        self._transactions.unmark()
        return settled

    def _attempt(self, changes: Sequence[Change[Any]], *, careful: bool) -> list[Settled]:
        try:
            wanted = [(key.kind, key.parts) for change in changes for key in change.wants()]
            sheet = Sheet(self._pen, self._pen.load(wanted), careful=careful)
            settled = [self._decided(change, sheet) for change in changes]
            self._pen.write(sheet)
        except Exception as error:
            # Whatever one change in the batch has wrong, a bug included, the others must be tried without it.
            if self._transactions.is_trouble(error):
                raise
            raise _CannotWrite(error) from error
        return settled

    def _decided(self, change: Change[Any], sheet: Sheet) -> Settled:
        page = Page(sheet)
        try:
            outcome = change.decide(page)
        except self._transactions.error:
            # Of the whole transaction: on some databases nothing more can be asked in it.
            raise
        except Exception as error:  # noqa: BLE001  # a refusal or a bug reaches the one who asked, and nobody else
            if page.tear_out():
                return Settled(error=error)
            return self._decided(change, sheet)
        return Settled(outcome)


class _CannotWrite(Exception):
    """A row was refused by the database, overtaken, or of values that no column takes."""

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why
