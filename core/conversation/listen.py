"""One delivery from a phone: load, turn, carry out, save and commit, answer.

What was answered is saved before it is sent, so a repeated delivery gets the same words back and does nothing. This is
the outermost room of the conversation, and the only one that catches bugs: the customer sees a kind sentence, the log
the payment's id.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from weakref import WeakValueDictionary

import structlog

from core.conversation.engine import Engine, Turn, at_home
from core.conversation.flows import FLOWS
from core.conversation.hearing import Heard, heard, shown
from core.conversation.languages import FIRST
from core.conversation.links import GO_ON, LANGUAGE, led, welcomed
from core.conversation.routes import Begun, begun
from core.conversation.said import Mark, Opened, Said, Showed, Stale, Typed
from core.conversation.saving import CarryOut, SaveTurn
from core.conversation.session import Session
from core.conversation.steps import NotOffered, Run
from core.conversation.talk import Talk
from core.conversation.view import Asks, Channel, Page, View
from core.conversation.whereabouts import Whereabouts
from core.conversation.wishes import wished
from core.domain.msisdn import Msisdn, masked
from core.domain.payee import Payee
from core.domain.payment import Payment
from core.domain.pin import PinMalformed
from core.ports import Overtaken, SavedSession, StoreDown
from core.services.counter import Counter
from core.services.go_on import OfferToGoOn
from core.services.inquire import Inquiries
from core.services.pay import Authorized
from core.services.submit import submit
from core.text import _

log = structlog.get_logger(__name__)

OUR_FAULT = View((_("Something went wrong on our side. Your money is safe. Please try again."),), final=True)
CLOSED = View((_("The counter is closed for a moment. Your money is safe. Please try again later."),), final=True)
OLD_KEY = _("That button is from an earlier screen. You are here now.").under("👉")
CUT_OFF = _("Your call was cut off. You can go on here.")
GO_ON_HERE = _("Go on")
# Flows that nothing leads around.
COMES_FIRST = ("prove", "not_proven", "new_pin", "pin_on_phone", "allow_link")
# Flows that show all there is to say of a payment.
WHOLE = ("paid", "receipt")
# A talk may be moved to another phone while it is answered here; then it is looked at again.
LOOKS_AGAIN = 2


class Listener:
    """Answers deliveries of every channel, one at a time for each address."""

    def __init__(self, counter: Counter, channels: Sequence[Channel]) -> None:
        self._counter = counter
        self._channels = {channel.name: channel for channel in channels}
        self._engine = Engine(FLOWS)
        self._whereabouts = Whereabouts(counter, self._engine, self._channels)
        self._reply_within_s = counter.terms.reply_within.total_seconds()
        self._inquiries = Inquiries(counter)
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._sending: set[asyncio.Task[Payment]] = set()

    async def listen(self, said: Said) -> Page:
        """The page to show. Never raises for what a person or a provider did."""
        try:
            async with self._turn_of(said):
                return await self._answered_here(said)
        except StoreDown:
            return self._fit(CLOSED, FIRST, said.channel)
        except Exception:
            # The outermost room: a bug is loud in the log, and never shown to a customer.
            log.exception("turn_failed", channel=said.channel, address=masked(said.address))
            return self._fit(OUR_FAULT, FIRST, said.channel)

    async def hung_up(self, channel: str, address: str, gateway_session: str) -> None:
        """The session is over; what was begun stays where it is and goes on at the next dial, or in a chat."""
        log.info("hung_up", channel=channel, address=masked(address), gateway_session=gateway_session)
        try:
            await self._offer_to_go_on(channel, address, gateway_session)
        except StoreDown as down:
            # She is told nothing, and her place stays where it is.
            log.warning("not_offered_to_go_on", why=str(down))

    async def _offer_to_go_on(self, channel: str, address: str, gateway_session: str) -> None:
        saved = await self._counter.store.read(SavedSession, channel, address)
        now = self._counter.clock.now()
        if saved is None or saved.gateway_session != gateway_session:
            return
        session = self._whereabouts.unfinished(saved, now)
        if session is not None and session.wallet_id:
            said, label = (self._counter.words.say(text, session.language) for text in (CUT_OFF, GO_ON_HERE))
            await self._counter.store.commit(OfferToGoOn(session.wallet_id, gateway_session, said, label, GO_ON, now))

    async def finish(self) -> None:
        """Wait for payments that are being sent: called at shutdown, so that a restart has less to ask about."""
        if self._sending:
            await asyncio.wait(self._sending, timeout=self._counter.terms.answer_overdue.total_seconds())

    async def _answered_here(self, said: Said) -> Page:
        for _look in range(LOOKS_AGAIN):
            try:
                return await self._answered(said)
            except Overtaken:
                log.info("moved_meanwhile", channel=said.channel, address=masked(said.address))
        return await self._answered(said)

    async def _answered(self, said: Said) -> Page:
        started = asyncio.get_running_loop().time()
        now = self._counter.clock.now()
        saved = await self._counter.store.read(SavedSession, said.channel, said.address)
        if await self._whereabouts.doubted_now(said, saved, now):
            # Whatever stood here has just been ended.
            saved = await self._counter.store.read(SavedSession, said.channel, said.address)
            return await self._open(_Place(said, saved, started, now), Opened())
        same = saved is not None and saved.gateway_session == said.gateway_session
        reading = said.transcript.after(Mark(saved.heard_length, saved.heard_digest) if saved and same else None)
        place = _Place(said, saved, started, now)
        match reading:
            case Opened():
                return await self._open(place, reading)
            case Typed(words):
                return await self._take(place, words)
            case Showed(number, own):
                return await self._take(place, shown(number, own=own))
            case Stale():
                return await self._remind(place)
            case _:
                return await self._repeat(place)

    # ---- coming

    async def _open(self, place: _Place, opened: Opened) -> Page:
        """A new gateway session: who is it, where did she stop, and is there news of her last payment?"""
        afresh = opened.afresh or bool(opened.path)
        beginning = await self._whereabouts.of(place.said, place.saved, place.now, afresh=afresh)
        talk = await self._talk(place, welcomed(opened.link, beginning.session))
        may_go_anywhere = talk.session.wallet_id and talk.session.flow not in COMES_FIRST
        leads = self._leads(opened, talk) if may_go_anywhere else None
        if leads is None or opened.link == LANGUAGE:
            place.moved = beginning.moved
        if isinstance(leads, Run):
            return await self._show(place, await self._carry_out(place, talk.at(at_home(talk.session)), leads))
        if leads is not None:
            return await self._show(place, await self._begin(place, talk, leads))
        return await self._show(place, await self._engine.show(talk))

    def _leads(self, opened: Opened, talk: Talk) -> Begun | Run | None:
        catalogue = self._counter.catalogue
        return begun(opened.path, talk.session, catalogue) if opened.path else led(opened.link, talk.session, catalogue)

    async def _begin(self, place: _Place, talk: Talk, beginning: Begun) -> Turn:
        """What was said at once, heard as if it had been typed, up to the PIN, which never is."""
        turn = await self._engine.show(talk.at(beginning.session))
        for typed in beginning.typed:
            if turn.view is None or turn.view.final or turn.view.asks is Asks.SECRET or turn.view.note:
                break
            session, _page = self._shown(turn, place.said.channel)
            turn = await self._turn(place, talk.at(session), heard(typed, session))
        return turn

    # ---- answering

    async def _take(self, place: _Place, said: str | Heard) -> Page:
        session = await self._open_still(place)
        if session is None:
            return await self._open(place, Opened())
        talk = await self._talk(place, session)
        what = heard(said, session) if isinstance(said, str) else said
        turn = await self._turn(place, talk, what)
        if turn.view is not None and session.wallet_id and _may_be_a_wish(turn.view, what.words):
            turn = await self._wish(place, talk, what.words) or turn
        return await self._show(place, turn)

    async def _wish(self, place: _Place, talk: Talk, words: str) -> Turn | None:
        """What is no answer to the question may say at once what she came for."""
        wish = await wished(talk, words)
        return await self._begin(place, talk, wish) if wish else None

    async def _remind(self, place: _Place) -> Page:
        """The present question again, for somebody who pressed what is no longer meant."""
        session = await self._open_still(place)
        if session is None:
            return await self._open(place, Opened())
        return await self._show(place, await self._engine.show(await self._talk(place, session), OLD_KEY))

    async def _repeat(self, place: _Place) -> Page:
        """The stored answer, byte for byte; it is made again only if we fell before it was stored."""
        saved = place.saved
        assert saved is not None, "only a known session can repeat itself"
        if saved.answer:
            return Page(saved.answer, final=saved.ended)
        session = await self._open_still(place)
        if session is None:
            return await self._open(place, Opened())
        return await self._show(place, await self._engine.show(await self._talk(place, session)))

    async def _open_still(self, place: _Place) -> Session | None:
        """The talk that goes on here; None when it ended, moved elsewhere, or may not be had here any more."""
        session = _session_of(place.saved)
        if session is None or place.saved is None or place.saved.ended:
            return None
        return session if await self._whereabouts.still_open(place.said, session) else None

    async def _turn(self, place: _Place, talk: Talk, heard: Heard) -> Turn:
        turn = await self._engine.turn(talk, heard)
        if turn.run is None:
            return turn
        return await self._carry_out(place, talk, turn.run)

    async def _carry_out(self, place: _Place, talk: Talk, run: Run) -> Turn:
        """Count the PIN, do what was decided and save where it leads, in one commit; then follow the payment."""
        step = self._engine.due(talk)
        assert step is not None, "a command comes from a step"
        change = CarryOut(run, talk.session, step.name, self._engine, place.row(talk.session, "", ended=False))
        done = await self._counter.store.commit(change)
        place.saved = done.saved
        session = done.session
        if isinstance(done.outcome, Authorized):
            session = await self._follow(place, session, done.outcome.payment)
        return await self._engine.show(talk.at(session), done.note)

    async def _follow(self, place: _Place, session: Session, payment: Payment) -> Session:
        """Send the payment and wait as long as a person can be kept waiting; it goes on without us after that."""
        sending = asyncio.create_task(submit(self._counter, payment.payment_id))
        self._sending.add(sending)
        sending.add_done_callback(partial(self._sent, payment.payment_id))
        done, _pending = await asyncio.wait({sending}, timeout=self._left(place))
        if not done or sending.exception():
            return session
        payment = sending.result()
        payee = await self._counter.store.read(Payee, payment.wallet_id, payment.product_id, payment.reference)
        offer = payment.state == "captured" and payee is not None and not payee.saved
        return replace(session, answers={**session.answers, "offer": "yes" if offer else ""})

    def _sent(self, payment_id: str, sending: asyncio.Task[Payment]) -> None:
        self._sending.discard(sending)
        if not sending.cancelled() and (trouble := sending.exception()):
            log.error("submit_failed", payment_id=payment_id, exc_info=trouble)

    async def _show(self, place: _Place, turn: Turn) -> Page:
        """Fit the view to the phone, save session and answer in one commit, and answer."""
        session, page = self._shown(turn, place.said.channel)
        assert turn.view is not None
        row = place.row(session, page.words, ended=page.final)
        told = str(session.answers.get("payment", "")) if session.flow in (*WHOLE, "last_payment") else ""
        await self._counter.store.commit(SaveTurn(row, told, session.flow in WHOLE, place.moved))
        return page

    def _shown(self, turn: Turn, channel: str) -> tuple[Session, Page]:
        """The page, and the session as it knows what that page offers."""
        assert turn.view is not None
        page = self._channels[channel].fit(
            turn.view, turn.session.page, language=turn.session.language, words=self._counter.words
        )
        back = (turn.view.back or turn.session.page > 0) and not page.final
        return turn.session.offering(page.keys, back=back, more=page.more), page

    async def _talk(self, place: _Place, session: Session) -> Talk:
        said, channel = place.said, self._channels[place.said.channel]
        if payment_id := session.answers.get("payment"):
            structlog.contextvars.bind_contextvars(payment_id=payment_id)
        return Talk(
            session=session,
            channel=said.channel,
            address=said.address,
            now=place.now,
            counter=self._counter,
            inquiries=self._inquiries,
            hurry_s=self._left(place),
            msisdn=Msisdn(await self._whereabouts.number_of(said, session)),
            takes_cards=channel.takes_cards,
            linked=not channel.knows_number,
            name=said.name,
            proven=channel.proves_caller,
        )

    def _left(self, place: _Place) -> float:
        spent = asyncio.get_running_loop().time() - place.started
        return max(0.05, self._reply_within_s - spent)

    def _fit(self, view: View, language: str, channel: str) -> Page:
        return self._channels[channel].fit(view, 0, language=language, words=self._counter.words)

    def _turn_of(self, said: Said) -> asyncio.Lock:
        """What lets one delivery of an address in at a time; gone when nobody holds it or waits for it."""
        key = (said.channel, said.address)
        lock = self._turns.get(key)
        if lock is None:
            lock = self._turns[key] = asyncio.Lock()
        return lock


class _Place:
    """One delivery being answered: what was said, what was saved before it, and since when the person waits."""

    def __init__(self, said: Said, saved: SavedSession | None, started: float, now: datetime) -> None:
        self.said, self.saved, self.started, self.now = said, saved, started, now
        self.moved: SavedSession | None = None

    def row(self, session: Session, answer: str, *, ended: bool) -> SavedSession:
        mark = self.said.transcript.mark
        return SavedSession(
            channel=self.said.channel,
            address=self.said.address,
            gateway_session=self.said.gateway_session,
            heard_length=mark.length,
            heard_digest=mark.digest,
            state=session.to_json(),
            answer=answer,
            ended=ended,
            changed_at=self.now,
            version=self.saved.version if self.saved else 0,
        )


def _session_of(saved: SavedSession | None) -> Session | None:
    return Session.from_json(saved.state) if saved else None


def _may_be_a_wish(view: View, words: str) -> bool:
    """What is no answer to a menu; where a PIN is asked only words, as a number may be one that was typed wrongly."""
    if view.note is not None and view.note.message == PinMalformed.text.message:
        return any(sign.isalpha() for sign in words)
    return view.note is not None and view.note.message == NotOffered.text.message
