"""One turn of any flow: what was heard on the question that is due, and the next question.

Pure but for what a step looks up. Money leaves as a command in the turn; `listen` carries it out and comes back with
where its outcome leads.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.conversation.hearing import Heard, Move
from core.conversation.session import Frame, Session
from core.conversation.steps import Flow, Give, Go, Home, Retract, Run, Step, Tell
from core.conversation.talk import Talk
from core.conversation.view import Asks, Option, View
from core.refusal import WARNING, Fault, Refusal
from core.services.inquire import StillAsking
from core.text import Text, _

LOOK = "look"
HOME = "main_menu"


def at_home(session: Session) -> Session:
    """Where everybody begins: at the main menu, and who has no wallet yet at the opening of one."""
    return session.home(HOME if session.wallet_id else "enroll")


@dataclass(frozen=True, slots=True)
class Turn:
    """The session as it is after the turn, and what to show; or, instead of a view, a command to carry out first."""

    session: Session
    view: View | None = None
    run: Run | None = None


class Engine:
    """Knows the flows by name, and nothing of any channel."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self._flows = flows

    async def turn(self, talk: Talk, heard: Heard) -> Turn:
        """What the answer to the due question leads to."""
        step = self.due(talk)
        if step is None or heard.move is Move.REPEAT:
            return await self.show(talk)
        if heard.move is Move.MORE:
            return await self.show(talk.at(talk.session.turned_to(talk.session.page + 1)))
        if heard.move is Move.BACK:
            return await self.show(talk.at(self._back(talk)))
        if talk.session.waiting:
            heard = _kept(talk.session.waiting) if heard.option == LOOK else Heard(heard.words)
        return await self._hear(talk, step, heard)

    async def show(self, talk: Talk, note: Text | None = None) -> Turn:
        """The question that is due; a flow with none left gives way to the one below, the last one to the main menu."""
        if talk.session.waiting:
            return Turn(talk.session, _wait_view())
        step = self.due(talk)
        if step is None:
            return await self.show(talk.at(talk.session.out() or at_home(talk.session)), note)
        try:
            view = await step.view(talk)
        except (Refusal, Fault) as trouble:
            if talk.session.flow == HOME:
                raise
            return await self.show(talk.at(self._back(talk)), _said(trouble))
        return Turn(talk.session, replace(view, note=note, lasting=False) if note else view)

    def lead(self, session: Session, step: str, heeded: Give | Go | Home | Retract) -> tuple[Session, Text | None]:
        """Where an outcome leads from a step, and the word that goes with it."""
        match heeded:
            case Give(answer, beside, language, note):
                told = session.answered(step, answer, beside)
                return replace(told, language=language) if language else told, note
            case Go(flow, answers, afresh=True):
                return session.home(HOME).into(flow, answers), None
            case Go(flow, answers):
                return session.into(flow, answers), None
            case Retract(steps, note, beside):
                left = functools.reduce(Session.without, steps, session)
                return replace(left, answers={**left.answers, **beside}), note
            case Home(note, language, wallet_id):
                known = replace(
                    session, language=language or session.language, wallet_id=wallet_id or session.wallet_id
                )
                return at_home(known), note

    def resumed(self, session: Session) -> Session | None:
        """A session to go on with after it was dropped, without what only a PIN opened; None when nothing is left."""
        frames = [*session.below, Frame(session.flow, session.answers)]
        for place, frame in enumerate(frames):
            flow = self._flows.get(frame.flow)
            if flow is None or not flow.resumes:
                frames = frames[:place]
                break
        if not frames:
            return None
        *below, top = frames
        return replace(session, flow=top.flow, answers=top.answers, below=tuple(below), page=0, waiting=session.waiting)

    async def _hear(self, talk: Talk, step: Step, heard: Heard) -> Turn:
        try:
            heeded = await step.hear(talk, heard)
        except StillAsking:
            return Turn(replace(talk.session, waiting=_keep(heard)), _wait_view())
        except (Refusal, Fault) as trouble:
            return await self.show(talk.at(replace(talk.session, waiting="")), _said(trouble))
        if isinstance(heeded, Run):
            return Turn(talk.session, run=heeded)
        return await self.go(talk, step.name, heeded)

    async def go(self, talk: Talk, step: str, heeded: Give | Go | Home | Retract) -> Turn:
        session, note = self.lead(talk.session, step, heeded)
        return await self.show(talk.at(session), note)

    def due(self, talk: Talk) -> Step | None:
        """The step whose question is open now; None when the flow has none left or is not known any more."""
        flow = self._flows.get(talk.session.flow)
        return flow.due(talk) if flow else None

    def _back(self, talk: Talk) -> Session:
        """One page or one question back; from what was only told, and from the first question, one flow back."""
        session = talk.session
        if session.waiting:
            return replace(session, waiting="")
        if session.page:
            return session.turned_to(session.page - 1)
        flow = self._flows.get(session.flow)
        last = flow.answered_last(session) if flow else None
        if last and not isinstance(self.due(talk), Tell):
            return session.without(last.name)
        return session.out() or at_home(session)


def _keep(heard: Heard) -> str:
    """What was asked about, to ask again: a choice marked by `=`, words by `:`."""
    return f"={heard.option}" if heard.option else f":{heard.words}"


def _kept(waiting: str) -> Heard:
    mark, words = waiting[0], waiting[1:]
    return Heard(option=words) if mark == "=" else Heard(words)


def _said(trouble: Refusal | Fault) -> Text:
    return trouble.words if isinstance(trouble, Refusal) else CANNOT_BE_REACHED


CANNOT_BE_REACHED = _(
    "This service cannot be reached just now. Your money has not moved. Please try again later."
).under(WARNING)


def _wait_view() -> View:
    return View(
        (_("We are still asking. Please wait a moment."),),
        Asks.CHOICE,
        (Option(LOOK, _("Look again"), "🔄", primary=True),),
    )
