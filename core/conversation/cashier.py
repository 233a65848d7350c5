"""Money that a channel itself takes, and people who leave it: what a channel tells the counter besides words."""

from __future__ import annotations

import structlog

from core.domain.money import Money
from core.domain.msisdn import masked
from core.refusal import Refusal
from core.services.card_top_up import check, credit
from core.services.counter import Counter
from core.services.leave import come_back, leave
from core.services.tell_after_all import tell_after_all
from core.text import Text

log = structlog.get_logger(__name__)


class Cashier:
    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def objection(self, payload: str, amount: Money) -> Text | None:
        """Why a card must not be charged for an invoice of ours; None when it may be."""
        try:
            await check(self._counter, payload, amount)
        except Refusal as refusal:
            return refusal.words
        return None

    async def paid(self, channel: str, payload: str, amount: Money, *, charge_id: str) -> None:
        """A card was charged. Told twice, it is credited once; its owner hears of it by a message."""
        done = await credit(self._counter, payload, amount, charge_id=charge_id, bank=channel)
        log.info("card_paid", channel=channel, entry=done.entry.index, set_aside=done.wallet is None)

    async def left(self, channel: str, address: str) -> None:
        """Somebody does not want to hear from us there any more: her messages go to her phone from now on."""
        closed = await leave(self._counter, channel, address)
        log.info("left", channel=channel, address=masked(address), wallets=closed)

    async def not_shown(self, channel: str, address: str) -> None:
        """A screen did not get there, and nobody tries any more: its news comes as a message."""
        await tell_after_all(self._counter, channel, address, left=False)

    async def came(self, channel: str, address: str) -> None:
        """Somebody is there, perhaps again: her messages come there unless they have another chat."""
        if opened := await come_back(self._counter, channel, address):
            log.info("came_back", channel=channel, address=masked(address), wallets=opened)
