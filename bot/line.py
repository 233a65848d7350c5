"""The line to Telegram: who is asked to wait waits, replies go at once, what is said to many goes slowly beside.

`retry_after` is obeyed for the chat it was said about. Nobody's answer stands in a queue behind a broadcast: replies
are in no queue at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.wire import CutOff
from core.ports import Later, Unreachable
from core.refusal import Fault

log = structlog.get_logger(__name__)

Result = TypeVar("Result")
Call = Callable[[], Awaitable[Result]]

# Telegram allows about 30 messages a second in all; broadcasts leave room for answers.
BROADCASTS_PER_S = 15.0
# A person waits at most so long for a reply that Telegram put off; a message of the outbox is put off instead.
PATIENCE_S = 60.0
TRIES = 6
# What may be in the chat already is said once more, not again and again.
TRIES_IN_DOUBT = 2
FIRST_WAIT_S = 0.5
MOST_CHATS = 10_000


class NotTaken(Fault):
    """Telegram did not take a call, or did not say so."""


class InDoubt(NotTaken):
    """Telegram may have taken it: said again it might stand there twice."""


class Line:
    def __init__(self, *, broadcasts_per_s: float = BROADCASTS_PER_S) -> None:
        self._each_s = 1 / broadcasts_per_s
        self._free_at: dict[str, float] = {}
        self._next_broadcast = 0.0

    async def reply(self, chat: str, call: Call[Result], *, once: bool = False) -> Result:
        """Make a call that somebody waits for, again and again while the network fails.

        One that should be carried out `once` is made a second time, and no more, when it may have been. Raises
        `Unreachable`, `InDoubt` then, `NotTaken` when it has failed for too long, and Telegram's own word for what is
        wrong.
        """
        wait_s, doubts = FIRST_WAIT_S, 0
        for _try in range(TRIES):
            await self._until_free(chat)
            try:
                return await call()
            except RetryAfter as told:
                self._put_off(chat, told)
            except Forbidden as gone:
                raise Unreachable(gone.message) from None
            except TelegramError as trouble:
                if not _is_network(trouble):
                    raise
                log.warning("telegram_unreachable", why=type(trouble).__name__)
                doubts += once and _may_be_taken(trouble)
                if doubts == TRIES_IN_DOUBT:
                    raise InDoubt(type(trouble).__name__) from None
                await asyncio.sleep(wait_s)
                wait_s *= 2
        raise NotTaken("Telegram did not answer, or asked to wait again and again")

    async def once(self, chat: str, call: Call[Result], *, broadcast: bool) -> Result:
        """Make a call that can as well be made later. Raises `Later`, `Unreachable` or `NotTaken`."""
        if (left := self._left(chat)) > 0:
            raise Later(left)
        if broadcast:
            await self._turn()
        try:
            return await call()
        except RetryAfter as told:
            self._put_off(chat, told)
            raise Later(self._left(chat)) from None
        except Forbidden as gone:
            raise Unreachable(gone.message) from None
        except TelegramError as trouble:
            raise NotTaken(type(trouble).__name__) from None

    async def _turn(self) -> None:
        now = _now()
        mine = max(now, self._next_broadcast)
        self._next_broadcast = mine + self._each_s
        await asyncio.sleep(mine - now)

    async def _until_free(self, chat: str) -> None:
        left = self._left(chat)
        if left > PATIENCE_S:
            raise NotTaken(f"asked to wait for {left:.0f} s")
        if left > 0:
            await asyncio.sleep(left)

    def _left(self, chat: str) -> float:
        return self._free_at.get(chat, 0.0) - _now()

    def _put_off(self, chat: str, told: RetryAfter) -> None:
        wait = told.retry_after
        seconds = float(wait) if isinstance(wait, int) else wait.total_seconds()
        log.warning("telegram_asks_to_wait", seconds=seconds)
        if len(self._free_at) > MOST_CHATS:
            now = _now()
            self._free_at = {known: at for known, at in self._free_at.items() if at > now}
        self._free_at[chat] = _now() + seconds


def _is_network(trouble: TelegramError) -> bool:
    """Not a call that Telegram understood and refused, which the library files there too."""
    return type(trouble) is TelegramError or (isinstance(trouble, NetworkError) and not isinstance(trouble, BadRequest))


def _may_be_taken(trouble: TelegramError) -> bool:
    """No answer, or one that nobody can read. An answer that says there is trouble over there is an answer."""
    return type(trouble) is TelegramError or isinstance(trouble, (TimedOut, CutOff))


def _now() -> float:
    return asyncio.get_running_loop().time()
