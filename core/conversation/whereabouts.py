"""Where a person's talk goes on when she comes: enrolment, a new PIN, the news, where she stopped, or the main menu.

Where she stopped may be on another of her phones. The newest place of all her channels counts, and moves to this one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from core.conversation.engine import HOME, Engine
from core.conversation.languages import FIRST
from core.conversation.said import Said
from core.conversation.session import Session
from core.conversation.view import Channel
from core.domain.chat import Chat, Link, LinkRequest
from core.domain.msisdn import PHONE
from core.domain.wallet import Wallet
from core.ports import Contact, SavedSession
from core.services.counter import Counter
from core.services.holder import doubted_now, in_doubt, may_prove

WITHOUT_WALLET = ("enroll", "link")


@dataclass(frozen=True, slots=True)
class Beginning:
    """A session to begin with. `moved` is the one of another channel that it was: it ends with this answer."""

    session: Session
    moved: SavedSession | None = None


class Whereabouts:
    def __init__(self, counter: Counter, engine: Engine, channels: Mapping[str, Channel]) -> None:
        self._counter, self._engine, self._channels = counter, engine, channels

    async def of(self, said: Said, saved: SavedSession | None, now: datetime, *, afresh: bool = False) -> Beginning:
        """The place to begin at; `afresh`, whatever was under way is left."""
        wallet = await self._owner(said)
        if wallet is None:
            resumed = None if afresh else self._usable(saved, "", now)
            return Beginning(resumed or Session(language=FIRST, flow="enroll"))
        home = Session(wallet.language, wallet.wallet_id, HOME)
        # A call whose number can be forged sets no PIN, allows no chat, and takes over nothing begun elsewhere.
        proven = self._channels[said.channel].proves_caller
        if proven and await in_doubt(self._counter, wallet):
            may = await may_prove(self._counter, wallet.wallet_id)
            return Beginning(home.home("prove" if may else "not_proven"))
        if not wallet.has_pin:
            return Beginning(home.home("new_pin" if proven else "pin_on_phone"))
        place = Beginning(home) if afresh else await self._stopped(said, saved, wallet, now) or Beginning(home)
        if proven and await self._asked_for(wallet, now):
            return Beginning(place.session.into("allow_link"), place.moved)
        return Beginning(await self._with_news(place.session), place.moved)

    def unfinished(self, saved: SavedSession, now: datetime) -> Session | None:
        """The place where somebody with a wallet stopped in the middle of something, if she did."""
        session = Session.from_json(saved.state)
        return self._usable(saved, session.wallet_id, now) if session else None

    async def number_of(self, said: Said, session: Session) -> str:
        """The number of the phone, as far as this channel and this person have told it."""
        if self._channels[said.channel].knows_number:
            return said.address
        if session.wallet_id:
            wallet = await self._counter.store.read(Wallet, session.wallet_id)
            return wallet.msisdn if wallet else ""
        shown = session.answers.get("own_number")
        return shown if isinstance(shown, str) else ""

    async def doubted_now(self, said: Said, saved: SavedSession | None, now: datetime) -> bool:
        """Whether we have just come to doubt that the owner of this number still holds its phone.

        Nearly always that is settled by when she spoke last. A chat proves nothing of a phone, nor does a forged call.
        """
        if not self._channels[said.channel].proves_caller:
            return False
        if saved is not None and not said.sim and now - saved.changed_at <= self._counter.terms.silence:
            return False
        wallet = await self._owner(said)
        if wallet is None:
            return False
        silent = now - (saved.changed_at if saved else wallet.opened_at)
        return await doubted_now(self._counter, wallet, sim=said.sim, silent=silent, now=now)

    async def still_open(self, said: Said, session: Session) -> bool:
        """Whether this wallet may still be used from here: a link can be closed from the phone at any moment.

        Without a wallet nobody is anywhere but on the way to one.
        """
        if not session.wallet_id:
            return session.flow in WITHOUT_WALLET
        if self._channels[said.channel].knows_number:
            return True
        return await self._is_open(said.channel, said.address, session.wallet_id)

    async def _owner(self, said: Said) -> Wallet | None:
        contact = await self._counter.store.read(Contact, said.channel, said.address)
        if contact is None:
            return None
        wallet_id = contact.wallet_id
        if not self._channels[said.channel].knows_number:
            wallet_id = await self._who_is_left(said, wallet_id)
        return await self._counter.store.read(Wallet, wallet_id) if wallet_id else None

    async def _who_is_left(self, said: Said, wallet_id: str) -> str:
        """Who spoke last in this chat, or somebody else whose wallet is still open there."""
        if await self._is_open(said.channel, said.address, wallet_id):
            return wallet_id
        links = await self._counter.store.links_at(said.channel, said.address)
        return next((link.wallet_id for link in links if link.open), "")

    async def _is_open(self, channel: str, address: str, wallet_id: str) -> bool:
        link = await self._counter.store.read(Link, channel, address, wallet_id)
        return link is not None and link.open

    async def _asked_for(self, wallet: Wallet, now: datetime) -> bool:
        """Does a chat wait for this owner's word, and has she not given it yet?"""
        request = await self._counter.store.read(LinkRequest, wallet.wallet_id)
        return request is not None and request.open_at(now) and not request.code_hash

    async def _with_news(self, session: Session) -> Session:
        last = await self._counter.store.payments_of(session.wallet_id, limit=1)
        if last and (last[0].open or not last[0].told):
            return session.into("last_payment", {"payment": last[0].payment_id})
        return session

    async def _stopped(self, said: Said, saved: SavedSession | None, wallet: Wallet, now: datetime) -> Beginning | None:
        """The newest place of this person where something was begun."""
        mine = self._usable(saved, wallet.wallet_id, now)
        newest, found = (saved.changed_at, Beginning(mine)) if saved and mine else (None, None)
        channel = self._channels[said.channel]
        if channel.knows_number and not channel.proves_caller:
            return found
        async for other in self._elsewhere(said, wallet):
            session = self._usable(other, wallet.wallet_id, now)
            if session and (newest is None or other.changed_at > newest):
                newest, found = other.changed_at, Beginning(session, moved=other)
        return found

    async def _elsewhere(self, said: Said, wallet: Wallet) -> AsyncIterator[SavedSession]:
        chat = await self._counter.store.read(Chat, wallet.wallet_id)
        places = [(PHONE, wallet.msisdn), *([(chat.channel, chat.address)] if chat and chat.open else [])]
        for channel, address in places:
            if channel not in self._channels or (channel, address) == (said.channel, said.address):
                continue
            if saved := await self._counter.store.read(SavedSession, channel, address):
                yield saved

    def _usable(self, saved: SavedSession | None, wallet_id: str, now: datetime) -> Session | None:
        """A saved place to go on at: not ended, not too old, the same person's, and something was begun there."""
        session = Session.from_json(saved.state) if saved else None
        if saved is None or session is None or saved.ended or session.wallet_id != wallet_id:
            return None
        if now > saved.changed_at + self._counter.terms.resume_within:
            return None
        resumed = self._engine.resumed(session)
        return None if resumed is None or (resumed.flow == HOME and not resumed.waiting) else resumed
