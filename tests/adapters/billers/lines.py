"""A gateway on a line to a provider that says what a test tells it to."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web

from adapters.billers.digiflazz import Digiflazz
from tests.adapters.billers.orders import KEY, USERNAME
from tests.support.fakes import HandClock
from tests.support.scripted_http import ScriptedHttp


@dataclass
class Line:
    """A gateway with the provider it talks to."""

    gateway: Digiflazz
    provider: ScriptedHttp
    clock: HandClock
    seen: list[tuple[str, str]] = field(default_factory=list)

    @property
    def sent(self) -> list[dict[str, object]]:
        return self.provider.received


Open = Callable[..., Awaitable[Line]]


def md5(subject: str) -> str:
    return hashlib.md5(f"{USERNAME}{KEY}{subject}".encode(), usedforsecurity=False).hexdigest()


def refuses(_request: object) -> web.Response:
    return web.Response(status=503)
