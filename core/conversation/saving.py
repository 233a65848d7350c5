"""What a turn writes: where the talk stands, and in the same commit whatever was decided in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.conversation.engine import Engine
from core.conversation.session import Session
from core.conversation.steps import Run
from core.domain.message import Message
from core.domain.payment import Payment
from core.ports import Book, Key, SavedSession
from core.refusal import Refusal
from core.text import Text


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a command: where the talk stands now, as saved, and the word that goes with it."""

    session: Session
    saved: SavedSession
    outcome: Any
    note: Text | None


@dataclass(frozen=True, slots=True)
class CarryOut:
    """A turn's PIN and command and the session they lead to, in one commit.

    A refusal is a place to stand, not a failure: the PIN stays counted. Commands refuse before they write.
    """

    run: Run
    session: Session
    step: str
    engine: Engine
    row: SavedSession

    def wants(self) -> Sequence[Key[object]]:
        own = Key(SavedSession, (self.row.channel, self.row.address))
        pin = self.run.pin.wants() if self.run.pin else ()
        return own, *pin, *(self.run.command.wants() if self.run.command else ())

    def decide(self, book: Book) -> Done:
        refusal = self.run.pin.decide(book) if self.run.pin else None
        if refusal:
            return self._stay(refusal, book)
        try:
            outcome = self.run.command.decide(book) if self.run.command else None
        except Refusal as refused:
            return self._stay(refused, book)
        session, note = self.engine.lead(self.session, self.step, self.run.then(outcome))
        return self._saved(session, outcome, note, book)

    def _stay(self, refusal: Refusal, book: Book) -> Done:
        return self._saved(self.session, None, refusal.words, book)

    def _saved(self, session: Session, outcome: Any, note: Text | None, book: Book) -> Done:
        saved = book.put(replace(self.row, state=session.to_json()))
        return Done(session, saved, outcome, note)


@dataclass(frozen=True, slots=True)
class SaveTurn:
    """The session and the answer given; `told` names a payment whose latest news that answer tells, `whole` or in part.

    What a chat's screen told whole is not said there again by a message. `moved` is the same talk on another channel,
    which ends there: one that was answered meanwhile is not moved, and the whole is `Overtaken`.
    """

    row: SavedSession
    told: str
    whole: bool = False
    moved: SavedSession | None = None

    def wants(self) -> Sequence[Key[object]]:
        own: Key[object] = Key(SavedSession, (self.row.channel, self.row.address))
        return (own, Key(Payment, (self.told,))) if self.told else (own,)

    def decide(self, book: Book) -> SavedSession:
        payment = book.get(Payment, self.told) if self.told else None
        if payment and not payment.open:
            self._tell(payment, book)
        if self.moved is not None:
            book.put(replace(self.moved, ended=True))
        return book.put(self.row)

    def _tell(self, payment: Payment, book: Book) -> None:
        if not payment.told:
            book.put(replace(payment, told=True))
        message = book.get(Message, f"{payment.state}:{payment.payment_id}") if self.whole else None
        if message and (message.channel, message.to) == (self.row.channel, self.row.address) and message.untouched:
            book.put(message.sent(self.row.changed_at))
