"""Telegram for the demo: a double of it on this machine, with a bot's account that nobody ever had, and our people."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from adapters.botapi import BotApiOptions, Person, Server, running
from adapters.wiring import Wired
from bot import CHANNEL
from console.demo.people import PEOPLE
from core.ports import SavedSession

BOT_NAME, BOT_USERNAME = "Loket", "loket_demo_bot"
OPERATORS = 710_000_999
# A counter that is opened again on a kept store must not take what is new for what it has seen.
MOST_AT_FIRST = 2**30


@dataclass(frozen=True, slots=True)
class Account:
    """What the counter has to know of its bot."""

    token: str = field(repr=False)
    api_url: str
    provider_token: str = field(repr=False)
    operators_chat: str


@asynccontextmanager
async def telegram() -> AsyncIterator[Server]:
    """The double, with the demo's people in it."""
    options = BotApiOptions(
        token=f"{10**9 + secrets.randbelow(9 * 10**9)}:{secrets.token_hex(18)[:35]}",
        provider_token=f"demo:{secrets.token_hex(8)}",
        first_name=BOT_NAME,
        username=BOT_USERNAME,
        first_update_id=1 + secrets.randbelow(MOST_AT_FIRST),
        first_message_id=1 + secrets.randbelow(MOST_AT_FIRST),
    )
    async with running(options) as server:
        for person in PEOPLE.values():
            server.person(
                person.telegram, first_name=person.name, language_code=person.app_language, phone=person.msisdn
            )
        server.person(OPERATORS, first_name="Operators")
        let_in(server, OPERATORS)
        yield server


def account_at(server: Server) -> Account:
    options = server.options
    assert options.provider_token, "the demo makes one up"
    return Account(options.token, server.url, options.provider_token, str(OPERATORS))


def person_at(server: Server, key: str) -> Person:
    return server.people[PEOPLE[key].telegram]


def let_in(server: Server, user_id: int) -> None:
    """Let the bot write to somebody who has spoken to it before, as Telegram does."""
    server.chats[user_id].started = True


async def begin_chats(server: Server, parts: Wired) -> None:
    """Who has a chat and never said anything in it presses Start. Where talk was, the bot may go on talking."""
    for key, person in PEOPLE.items():
        if await parts.store.read(SavedSession, CHANNEL, str(person.telegram)):
            let_in(server, person.telegram)
        elif person.chats:
            await person_at(server, key).start()
