"""Flood control: 429 with the seconds a bot has to wait, and whether it does."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from adapters.botapi.refusals import too_many

FREE = frozenset({"getme", "getupdates", "setwebhook", "deletewebhook", "getwebhookinfo", "getfile"})
EVERY_CHAT = 0


@dataclass(slots=True)
class Bucket:
    """Room for `burst` calls, refilled at `per_s`."""

    burst: float
    per_s: float
    level: float = 0.0
    at: float = 0.0

    def wait_s(self, now: float) -> float:
        """How long until there is room for one more."""
        self.level = max(0.0, self.level - (now - self.at) * self.per_s)
        self.at = now
        return max(0.0, (self.level + 1 - self.burst) / self.per_s)


@dataclass(slots=True)
class Flood:
    """An order to refuse the next `times` calls, to one chat or to any."""

    retry_after: int
    chat_id: int
    times: int


@dataclass(slots=True)
class FloodControl:
    """`ignored` counts the calls that came although the bot had been told to wait."""

    now: Callable[[], float]
    paced: bool
    ignored: int = 0
    _ordered: list[Flood] = field(default_factory=list)
    _until: dict[int, float] = field(default_factory=dict)
    _all: Bucket = field(default_factory=lambda: Bucket(30, 30))
    _chats: dict[int, Bucket] = field(default_factory=dict)

    def order(self, retry_after: int, chat_id: int | None, times: int) -> None:
        self._ordered.append(Flood(retry_after, chat_id or EVERY_CHAT, times))

    def check(self, method: str, chat_id: int) -> None:
        """Raises `Refused` where the bot has to wait. `method` is in small letters."""
        if method in FREE or not (self._ordered or self._until or self.paced):
            return
        self._check_waits(chat_id)
        self._check_orders(chat_id)
        if self.paced and method.startswith(("send", "edit")):
            self._check_pace(chat_id)

    def _check_waits(self, chat_id: int) -> None:
        for key in {EVERY_CHAT, chat_id} & self._until.keys():
            left = self._until[key] - self.now()
            if left > 0:
                self.ignored += 1
                raise too_many(math.ceil(left))
            del self._until[key]

    def _check_orders(self, chat_id: int) -> None:
        for flood in self._ordered:
            if flood.chat_id in {EVERY_CHAT, chat_id}:
                flood.times -= 1
                if flood.times <= 0:
                    self._ordered.remove(flood)
                self._until[flood.chat_id] = self.now() + flood.retry_after
                raise too_many(flood.retry_after)

    def _check_pace(self, chat_id: int) -> None:
        now = self.now()
        usual = Bucket(20, 20 / 60) if chat_id < 0 else Bucket(5, 1)
        buckets = [self._all, self._chats.setdefault(chat_id, usual)]
        wait_s = max(bucket.wait_s(now) for bucket in buckets)
        if wait_s > 0:
            self._until[chat_id] = now + math.ceil(wait_s)
            raise too_many(math.ceil(wait_s))
        for bucket in buckets:
            bucket.level += 1
