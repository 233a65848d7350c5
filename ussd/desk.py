"""One delivery of any gateway, from bytes to bytes: understood, not too often, answered in time. No HTTP in here."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from core.conversation.languages import FIRST
from core.conversation.pace import Pace
from core.conversation.said import Said
from core.conversation.view import Page, View
from core.domain.msisdn import masked
from core.ports import Words
from core.text import Text, _
from ussd.gateways.base import CHANNEL, Gateway, HungUp, Malformed, Reply
from ussd.pages import UssdChannel
from ussd.patience import Patience

log = structlog.get_logger(__name__)

# People and gateways wait longer, but not much: what takes more is told later.
REPLY_WITHIN_S = 3.0

NOT_UNDERSTOOD = _("We could not read that. Please dial again.")
TOO_FAST = _("That was too fast. Please wait a moment and dial again.")
TAKES_LONGER = _("This takes longer than usual. Please dial again to see how it went.")
# Nobody sees the answer to the end of a session.
NOTED = Page("OK", final=True)


class Listener(Protocol):
    """The conversation behind the desk."""

    async def listen(self, said: Said) -> Page:
        """The page to show. Never raises for what a person or a provider did."""

    async def hung_up(self, channel: str, address: str, gateway_session: str) -> None:
        """The session is over."""


class Desk:
    """Where deliveries of all gateways arrive. `now_s` is any clock that only goes forward."""

    def __init__(
        self,
        listener: Listener,
        words: Words,
        pace: Pace,
        *,
        reply_within_s: float = REPLY_WITHIN_S,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener, self._words, self._pace = listener, words, pace
        self._patience, self._now_s = Patience(reply_within_s), now_s
        self._channel = UssdChannel()
        self._turns: set[asyncio.Task[Page]] = set()

    async def answer(self, gateway: Gateway, body: bytes) -> Reply:
        """The reply to a delivery. Whatever was sent, it is a page in the gateway's dialect."""
        try:
            delivery = gateway.read(body)
        except Malformed as refused:
            return self._not_understood(gateway, refused)
        if isinstance(delivery, HungUp):
            return await self._ended(gateway, delivery)
        if not self._pace.allows(delivery.address, self._now_s()):
            log.warning("too_fast", gateway=gateway.name, address=masked(delivery.address))
            return gateway.write(self._last_words(TOO_FAST), delivery.gateway_session)
        return gateway.write(await self._in_time(delivery), delivery.gateway_session)

    async def hear_event(self, gateway: Gateway, body: bytes) -> Reply:
        """The reply to a notice that a session is over."""
        try:
            ended = gateway.read_event(body)
        except Malformed as refused:
            return self._not_understood(gateway, refused)
        return await self._ended(gateway, ended)

    async def finish(self) -> None:
        """Wait for turns that were given up on here but go on."""
        if self._turns:
            await asyncio.wait(self._turns)

    async def _in_time(self, said: Said) -> Page:
        """The conversation's page. A turn that takes too long still goes on: its answer waits for the next dial."""
        turn = asyncio.create_task(self._listener.listen(said))
        if await self._patience.lasts(turn):
            return turn.result()
        log.warning("answer_late", address=masked(said.address))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return self._last_words(TAKES_LONGER)

    async def _ended(self, gateway: Gateway, ended: HungUp) -> Reply:
        if self._pace.allows(ended.address, self._now_s()):
            await self._listener.hung_up(CHANNEL, ended.address, ended.gateway_session)
        return gateway.write(NOTED, ended.gateway_session)

    def _not_understood(self, gateway: Gateway, refused: Malformed) -> Reply:
        log.warning("malformed_delivery", gateway=gateway.name, wrong=str(refused))
        return gateway.write(self._last_words(NOT_UNDERSTOOD), refused.gateway_session)

    def _last_words(self, text: Text) -> Page:
        return self._channel.fit(View((text,), final=True), 0, language=FIRST, words=self._words)
