"""Without a gateway: phones on this machine, and no way out at all."""

from __future__ import annotations

from core.refusal import Fault


class OnScreen:
    """The demo's phones: they read their messages from the store, so that handing one over is all there is to do."""

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        return None


class NoWayOut:
    """No gateway is set up: messages wait in the outbox until there is one, and the operator sees how many."""

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        raise Fault("no SMS gateway is set up")
