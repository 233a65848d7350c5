"""What stands behind the chat: the conversation, the till for what Telegram itself takes, and what they keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.charge import HasIt
from core.conversation.pace import Pace
from core.conversation.said import Said
from core.conversation.view import Page
from core.domain.money import Money
from core.ports import Clock, Painter, Store, Words
from core.text import Text


class Listener(Protocol):
    async def listen(self, said: Said) -> Page:
        """The page to show. Never raises for what a person or a provider did."""


class Cashier(Protocol):
    async def objection(self, payload: str, amount: Money) -> Text | None:
        """Why a card must not be charged for an invoice of ours; None when it may be."""

    async def paid(self, channel: str, payload: str, amount: Money, *, charge_id: str) -> None:
        """A card was charged. Told twice, it is credited once."""

    async def left(self, channel: str, address: str) -> None:
        """Somebody does not want to hear from us there any more."""

    async def not_shown(self, channel: str, address: str) -> None:
        """A screen did not get there, and nobody tries any more."""

    async def came(self, channel: str, address: str) -> None:
        """Somebody is there, perhaps again."""


@dataclass(frozen=True, slots=True)
class Behind:
    """`observe` hears of each update by its kind.

    `secret_key` makes the tokens of buttons and seals what waits; it is never sent or stored, and `older_keys` are good
    for what was made before one was changed. `in_charge` asks whether
    this process is the one that talks to Telegram; None where there is no other.
    """

    listener: Listener
    cashier: Cashier
    store: Store
    words: Words
    clock: Clock
    painter: Painter
    pace: Pace
    observe: Callable[[str], None]
    secret_key: bytes = field(repr=False)
    older_keys: Sequence[bytes] = field(default=(), repr=False)
    in_charge: HasIt | None = None
