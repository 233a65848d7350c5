"""The bot put together: what arrives by webhook or by polling, what goes out, and how it ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.api import Api
from bot.behind import Behind
from bot.charge import Charge
from bot.desk import Desk
from bot.heads import HeadsChannel
from bot.inbox import Inbox
from bot.line import Line
from bot.menu import present
from bot.notify import TelegramNotifier
from bot.operators import OperatorsChat
from bot.payments import answer_checkout
from bot.polling import keep_polling
from bot.seal import Seal
from bot.stage import Stage
from bot.tokens import Tokens
from bot.webhook import PATH
from bot.wire import Wire
from core.ports import StoreDown

log = structlog.get_logger(__name__)

KINDS = ["message", "callback_query", "my_chat_member", "pre_checkout_query"]
CONNECTIONS = 64
FINISH_WITHIN_S = 10.0
TRY_AGAIN_S = 5.0
# What another process kept is answered after that long at most.
LOOK_FOR_OTHERS_S = 0.25


@dataclass(frozen=True, slots=True)
class Account:
    """Our bot at Telegram. With a `webhook` address Telegram calls us there, else it is polled."""

    token: str = field(repr=False)
    api_url: str
    webhook: str = ""
    secret: str = field(default="", repr=False)
    provider_token: str = field(default="", repr=False)
    operators_chat: str = ""
    heads_channel: str = ""


class Bot:
    """`notifier` and `operators` send; `take` is where updates come in."""

    def __init__(self, account: Account, behind: Behind) -> None:
        self._account, self._behind = account, behind
        self._api = Api(
            account.token,
            base_url=f"{account.api_url}/bot",
            base_file_url=f"{account.api_url}/file/bot",
            request=Wire(CONNECTIONS),
            get_updates_request=Wire(2, read=60.0),
        )
        self._line = line = Line()
        self._charge = Charge(behind.in_charge)
        keys = (behind.secret_key, *behind.older_keys)
        tokens, operators = Tokens(*keys), OperatorsChat(self._api, line, account.operators_chat)
        stage = Stage(self._api, line, behind.store, tokens, behind.painter, provider_token=account.provider_token)
        self._desk = Desk(behind, self._api, line, stage, tokens, operators)
        self._inbox = Inbox(
            behind.store, behind.clock, Seal(*keys), self._desk.handle, self._desk.give_up, self._charge
        )
        self._checkouts: set[asyncio.Task[None]] = set()
        self.notifier = TelegramNotifier(self._api, line, behind.store, behind.painter)
        self.operators = operators if account.operators_chat else None
        self.heads = HeadsChannel(self._api, line, account.heads_channel) if account.heads_channel else None

    async def take(self, update: dict[str, Any]) -> None:
        """An update as Telegram sent it. Raises `StoreDown`: then it must come again."""
        self._behind.observe(next((kind for kind in KINDS if kind in update), "other"))
        if "pre_checkout_query" in update:
            checkout = asyncio.create_task(self._answer_checkout(update))
            self._checkouts.add(checkout)
            checkout.add_done_callback(self._checkouts.discard)
        else:
            await self._inbox.keep(update)

    async def _answer_checkout(self, update: dict[str, Any]) -> None:
        await answer_checkout(update, self._api, self._line, self._behind.cashier, self._behind.words)

    @property
    def waiting(self) -> int:
        """Updates that were acknowledged and are not handled yet."""
        return self._inbox.waiting

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Talk to Telegram while the context is open; at its end those who are being answered are answered.

        What an earlier process left is taken up before anything new can come in, so that each chat keeps its order.
        """
        if not self._charge.shared:
            log.info("telegram_taken_up", arrivals=await self._inbox.take_up())
        # Telegram need not be there when we open: what people wrote meanwhile waits over there.
        work = [asyncio.create_task(self._stay_connected()), asyncio.create_task(self._charge.keep())]
        try:
            yield
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await self._inbox.finish(FINISH_WITHIN_S)
            await self._desk.finish()
            if self._checkouts:
                await asyncio.wait(self._checkouts, timeout=FINISH_WITHIN_S)
            with suppress(TelegramError, RuntimeError):
                await self._api.shutdown()

    async def _stay_connected(self) -> None:
        while True:
            try:
                await self._while_in_charge()
            except Exception:
                # A bug must not leave everybody without an answer until somebody notices.
                log.exception("telegram_failed")
                await asyncio.sleep(TRY_AGAIN_S)

    async def _while_in_charge(self) -> None:
        """Talk to Telegram until another process does; for ever where there is no other."""
        if not self._charge.shared:
            await self._connect()
        await self._charge.becomes(True)
        async with asyncio.TaskGroup() as work:
            tasks = [work.create_task(self._connect()), work.create_task(self._take_up_what_others_kept())]
            await self._charge.becomes(False)
            for task in tasks:
                task.cancel()

    async def _take_up_what_others_kept(self) -> None:
        while True:
            try:
                await self._inbox.take_up()
            except StoreDown as down:
                log.warning("arrival_waits", number=0, why=str(down))
            await asyncio.sleep(LOOK_FOR_OTHERS_S)

    async def _connect(self) -> None:
        await self._introduced()
        presenting = asyncio.create_task(present(self._api, self._behind.words))
        try:
            if self._account.webhook:
                await self._until_taken(self._set_webhook)
                await asyncio.Event().wait()
            await self._until_taken(self._api.delete_webhook)
            await keep_polling(self._api, self.take, KINDS)
        finally:
            presenting.cancel()

    async def _introduced(self) -> None:
        await self._until_taken(self._api.initialize)
        log.info("telegram_open", bot=self._api.username, by="webhook" if self._account.webhook else "polling")

    async def _set_webhook(self) -> None:
        await self._api.set_webhook(
            f"{self._account.webhook}{PATH}", secret_token=self._account.secret, allowed_updates=KINDS
        )

    async def _until_taken(self, call: Any) -> None:
        while True:
            try:
                await call()
            except TelegramError as trouble:
                log.error("telegram_unreachable", call=call.__name__, why=type(trouble).__name__)
                await asyncio.sleep(TRY_AGAIN_S)
            else:
                return
