"""The servers that are compared, each a process of its own: a bare aiohttp handler and the counter; a bare bot and the
counter as a bot.

    python -m bench.servers bare|counter PORT FOLDER
    python -m bench.servers bare_bot|bot PORT FOLDER API_URL

All print `ready` when they listen, and end with their standard input. For each line there they print how many seconds
of CPU they have used.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram import Update as TelegramUpdate
from telegram.ext import Application, CallbackQueryHandler, CommandHandler
from telegram.request import HTTPXRequest

from adapters.botapi import BotApiOptions
from adapters.settings import Settings, load
from adapters.wiring import Wired
from bot.app import CONNECTIONS
from bot.wire import Wire
from console.house import open_house, settled_in
from console.logs import log_json
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.services.enroll import Enroll
from core.services.top_up import top_up_wallet

SECRET = "bench-bench-bench-bench-bench-bench"
SUBSCRIBERS = 2_000
PIN = "739182"
PATH = f"/ussd/africastalking/{SECRET}"
# A bot of the Bot API's double; the buttons are those of the counter's menu, and the way back.
TOKEN = BotApiOptions().token
BUTTONS = ("1 ⚡ Electricity token", "2 📱 Airtime", "3 🧾 Pay a bill", "5 👛 My money", "9 ➡️ More", "0 ⬅️ Back")
REPLY = b"CON What do you want to do?\n1 Electricity token\n2 Airtime\n3 Pay a bill\n4 Pay again\n5 My money\n9 More"


def subscriber(number: int) -> str:
    return f"+62812{number:08}"


def chat_of(number: int) -> int:
    """Where the same person sits at Telegram."""
    return 10_000 + number


def settings(folder: Path, port: int, **more: Any) -> Settings:
    """Paced so that the load generator is never refused; everything else as it ships."""
    return load(
        env_file=None,
        database_url=f"sqlite:///{folder / 'bench.db'}",
        secret_key=SECRET,
        pin_pepper=f"1:{SECRET}",
        field_keys=f"1:{SECRET}",
        africastalking_secret=SECRET,
        port=port,
        console_port=0,
        turns_per_s=1e6,
        turns_burst=1000,
        log_level="error",
        **more,
    )


@asynccontextmanager
async def bare(_folder: Path, port: int) -> AsyncIterator[None]:
    """The least that aiohttp can do: read the same POST, send the same answer."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=REPLY, content_type="text/plain", charset="utf-8")

    app = web.Application()
    app.router.add_post(PATH, answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield
    await runner.cleanup()


@asynccontextmanager
async def counter(folder: Path, port: int) -> AsyncIterator[None]:
    async with open_house(settings(folder, port)) as house:
        await enrol(house.wired)
        settled_in()
        yield


async def enrol(parts: Wired) -> None:
    """Everybody has the same PIN, hashed once: hashing two thousand would take as many fiftieths of a second."""
    pin_hash = await parts.counter.vault.hashed(PIN)
    now = datetime.now(UTC)
    await asyncio.gather(
        *(
            parts.store.commit(
                Enroll(f"w{n}", "ussd", subscriber(n), Msisdn(subscriber(n)), "en", "IDR", pin_hash, pin_hash, now)
            )
            for n in range(SUBSCRIBERS)
        )
    )
    amount = Money.of(1_000_000, "IDR")
    await top_up_wallet(parts.counter, "w0", amount, bank="BCA", evidence="bench", by="bench")


@asynccontextmanager
async def bare_bot(_folder: Path, port: int, api_url: str, wire: str = "") -> AsyncIterator[None]:
    """The least that python-telegram-bot's own application can do: answer the query, edit the message."""
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton(words, callback_data=words)] for words in BUTTONS])
    numbers = itertools.count()

    async def started(update: Any, _context: Any) -> None:
        await update.message.reply_text("What do you want to do?", reply_markup=keyboard)

    async def pressed(update: Any, _context: Any) -> None:
        await update.callback_query.answer()
        words = f"What do you want to do? ({next(numbers)})"
        await update.callback_query.edit_message_text(words, reply_markup=keyboard)

    async def take(request: web.Request) -> web.Response:
        # The library's own pool is 256 connections, and Telegram comes with 40 updates at once: no call waits for one.
        await application.process_update(TelegramUpdate.de_json(await request.json(), application.bot))
        return web.Response()

    request = Wire(CONNECTIONS) if wire == "wire" else HTTPXRequest(connection_pool_size=256, pool_timeout=20.0)
    application = Application.builder().token(TOKEN).base_url(f"{api_url}/bot").request(request).updater(None).build()
    application.add_handler(CommandHandler("start", started))
    application.add_handler(CallbackQueryHandler(pressed))
    app = web.Application()
    app.router.add_post("/telegram", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with application:
        await application.bot.set_webhook(f"http://127.0.0.1:{port}/telegram")
        settled_in()
        yield
    await runner.cleanup()


@asynccontextmanager
async def bot(folder: Path, port: int, api_url: str) -> AsyncIterator[None]:
    """The counter as it ships, called by its webhook, with as many wallets as people, opened in their chats."""
    chosen = settings(
        folder,
        port,
        public_url=f"http://127.0.0.1:{port}",
        telegram_token=TOKEN,
        telegram_api_url=api_url,
        telegram_secret=SECRET,
    )
    async with open_house(chosen) as house:
        await enrol_in_chats(house.wired)
        settled_in()
        yield


async def enrol_in_chats(parts: Wired) -> None:
    pin_hash = await parts.counter.vault.hashed(PIN)
    now = datetime.now(UTC)

    def opened(n: int) -> Enroll:
        number = Msisdn(subscriber(n))
        return Enroll(f"w{n}", "telegram", str(chat_of(n)), number, "en", "IDR", pin_hash, pin_hash, now)

    await asyncio.gather(*(parts.store.commit(opened(n)) for n in range(SUBSCRIBERS)))


SERVERS: dict[str, Callable[..., AbstractAsyncContextManager[None]]] = {
    "bare": bare,
    "counter": counter,
    "bare_bot": bare_bot,
    "bot": bot,
}


async def main(kind: str, port: int, folder: Path, *more: str) -> None:
    log_json("error")
    async with SERVERS[kind](folder, port, *more):
        print("ready", flush=True)
        await asyncio.to_thread(_until_closed)


def _until_closed() -> None:
    for _line in sys.stdin:
        print(time.process_time(), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:]))
