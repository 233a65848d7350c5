"""Queries that want an answer: presses of buttons, and payments about to be made."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field

from adapters.botapi.messages import Chat, Toast
from adapters.botapi.refusals import Refused, bad

KEPT = 20_000


@dataclass(slots=True)
class Press:
    """A callback query. `answer` is None until the bot gave one."""

    query_id: str
    chat: Chat
    person_id: int
    data: str
    at: float
    answer: Toast | None = None
    reported: bool = False


@dataclass(slots=True)
class Checkout:
    """A pre-checkout query; `verdict` gets None for yes, or the words with which the bot said no."""

    query_id: str
    at: float
    verdict: asyncio.Future[str | None]


@dataclass(slots=True)
class Queries:
    """The last queries, by id. `stars` says who paid which charge in Stars, until it is refunded."""

    presses: dict[str, Press] = field(default_factory=dict)
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    stars: dict[str, int] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(4_611_686_018_000_000_001))

    def press(self, chat: Chat, person_id: int, data: str, now: float) -> Press:
        press = Press(str(next(self._numbers)), chat, person_id, data, now)
        self.presses[press.query_id] = press
        if len(self.presses) > KEPT:
            del self.presses[next(iter(self.presses))]
        return press

    def checkout(self, now: float) -> Checkout:
        verdict: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        checkout = Checkout(str(next(self._numbers)), now, verdict)
        self.checkouts[checkout.query_id] = checkout
        return checkout

    def unanswered(self, *, before: float) -> list[Press]:
        return [press for press in self.presses.values() if press.answer is None and press.at <= before]


def too_old() -> Refused:
    return bad("query is too old and response timeout expired or query ID is invalid")
