"""A whole counter with a bot, behind the double of Telegram's server, and the people who write to it.

    async with a_chat_house(tmp_path) as house:
        siti = await house.customer()
        await siti.start()
        await siti.press("Electricity token")
        await siti.say("12345678901")
        await siti.press("50,000")
        await siti.pin("7391")
        assert "Token" in siti.text

At the end nothing that Telegram allows was overstepped, every press had an answer, no line of the log is an error, and
every invariant of the store holds.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from adapters.botapi import Button, Person, Seen
from adapters.botapi import Server as Telegram
from adapters.botapi import running as telegram_running
from adapters.database.store import DatabaseStore, open_store
from bot.app import Bot
from core.domain.chat import Arrival, Chat, Link
from core.domain.money import Money
from core.domain.msisdn import Msisdn
from core.domain.payment import Payment
from core.domain.wallet import Wallet
from core.ports import Book, Contact, Key, SavedSession
from core.services.counter import Counter
from core.services.enroll import Enroll
from core.services.link import seat_at
from core.services.top_up import top_up_wallet
from tests.support.houses import PIN, Inside, a_sandbox, inside, provider_at
from tests.support.invariants import broken
from tests.support.keys import FIELD_KEYS
from tests.support.sms_gateway import API_KEY, USERNAME, SmsGateway, sms_gateway

SITIS_ID, SITIS_NUMBER = 1001, "+6281234567890"
SECRET = "a-webhook_secret-of-the-tests"
PATIENCE_S = 8.0
A_LOOK_S = 0.005
METER = "12345678901"

_numbers = itertools.count(1)
_hashes: dict[str, str] = {}
_stores: list[bytes] = []


@dataclass
class ChatHouse:
    """`log` is what was logged so far; a test that expects an error there names its event in `expected`."""

    server: Telegram
    inside: Inside
    sms: SmsGateway
    provider: str
    log: list[Any]
    expected: set[str] = field(default_factory=set)
    # Calls that were on their way when another one was told to wait.
    overlapping: int = 0

    @property
    def bot(self) -> Bot:
        bot = self.inside.house.bot
        assert bot is not None
        return bot

    @property
    def store(self) -> DatabaseStore:
        return self.inside.parts.store

    @property
    def counter(self) -> Counter:
        return self.inside.parts.counter

    @property
    def webhook(self) -> str:
        return f"{self.inside.url}/telegram"

    # ---- people

    def person(self, user_id: int = SITIS_ID, *, name: str = "Siti", phone: str = SITIS_NUMBER, **more: str) -> Someone:
        """Somebody with Telegram whom the counter does not know."""
        return Someone(self, self.server.person(user_id, first_name=name, phone=phone, **more))

    async def customer(
        self,
        user_id: int = SITIS_ID,
        *,
        phone: str = SITIS_NUMBER,
        name: str = "Siti",
        rupiah: int = 200_000,
        pin: str = PIN,
    ) -> Someone:
        """Somebody whose wallet was opened in her chat, with the PIN 7391 and money in it."""
        someone = self.person(user_id, name=name, phone=phone)
        wallet = await self.enrol(phone, rupiah=rupiah, pin=pin)
        await self.store.commit(OpenedThere(wallet.wallet_id, someone.address, name, self.counter.clock.now()))
        return someone

    async def enrol(self, phone: str = SITIS_NUMBER, *, rupiah: int = 200_000, pin: str = PIN) -> Wallet:
        """Somebody who has a wallet on her phone only."""
        counter = self.counter
        wallet = await counter.store.commit(
            Enroll(
                wallet_id=counter.ids.new(),
                channel="ussd",
                address=phone,
                msisdn=Msisdn(phone),
                language="en",
                currency="IDR",
                pin_hash=await _hashed(counter, pin),
                proof_hash=await _hashed(counter, "1985"),
                now=counter.clock.now(),
            )
        )
        if rupiah:
            evidence = f"opening {next(_numbers)}"
            await top_up_wallet(
                counter, wallet.wallet_id, Money.of(rupiah, "IDR"), bank="BCA", evidence=evidence, by="test"
            )
        return wallet

    # ---- what is there

    async def quiet(self, within_s: float = PATIENCE_S) -> None:
        """The bot has every update that is not held, and has done all about it."""
        await until(lambda: not self._busy, within_s, lambda: f"the bot has {self.bot.waiting} updates to handle")

    @property
    def _busy(self) -> bool:
        server = self.server
        to_come = len(server.updates.waiting) - len(server.held)
        unanswered = [press for press in server.queries.presses.values() if press.answer is None]
        # Calls that belong to no chat are the poll that waits, and how the bot presents itself.
        calls = [chat for chat, count in server.in_flight.items() if chat and count]
        return bool(to_come > 0 or self.bot.waiting or server.webhooks.in_flight or calls or unanswered)

    async def payments(self) -> list[Payment]:
        return list(await self.store.newest_payments(state=None, limit=100))

    async def payment(self, state: str, within_s: float = PATIENCE_S) -> Payment:
        """The newest payment, once it is in this state."""
        async with asyncio.timeout(within_s):
            while True:
                found = await self.payments()
                if found and found[0].state == state:
                    return found[0]
                await asyncio.sleep(0.02)

    async def arrivals(self) -> list[Arrival]:
        async with self.store.snapshot() as snapshot:
            return [one async for one in snapshot.every(Arrival)]

    async def available(self, wallet_id: str) -> int:
        wallet = await self.store.read(Wallet, wallet_id)
        assert wallet is not None
        return int(wallet.available.major)

    async def by_sms(self, words: str, to: str = SITIS_NUMBER) -> str:
        """The short message with these words, once it is there."""

        def found() -> list[str]:
            return [said for number, said in self.sms.taken if number == to and words in said]

        await until(lambda: bool(found()), PATIENCE_S, lambda: f"{to} got {self.sms.taken}")
        return found()[0]

    def calls(self, method: str, chat_id: int | None = None) -> list[dict[str, Any]]:
        """The parameters of the bot's calls of a method, oldest first."""
        return [
            one.parameters
            for one in self.server.calls
            if one.method == method and (chat_id is None or one.chat_id == chat_id)
        ]

    def logged(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.log if line["event"] == event]

    @property
    def errors(self) -> list[dict[str, Any]]:
        return [
            line
            for line in self.log
            if line["log_level"] in ("error", "critical") and line["event"] not in self.expected
        ]

    async def post(self, body: bytes, *, secret: str | None = SECRET, method: str = "POST") -> int:
        """Knock at the webhook as anybody may; the status."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
        async with self.inside.http.request(method, self.webhook, data=io.BytesIO(body), headers=headers) as reply:
            await reply.read()
            return reply.status


@dataclass
class Someone:
    """A person in her chat. What she does here returns when the bot has answered it."""

    house: ChatHouse
    person: Person

    @property
    def address(self) -> str:
        return str(self.person.user_id)

    # ---- what she does

    async def start(self, payload: str = "") -> Seen:
        await self.person.start(payload)
        return await self.settled()

    async def say(self, words: str) -> Seen:
        await self.person.say(words)
        return await self.settled()

    async def press(self, *buttons: str) -> Seen:
        """One button after the other, by its words or a part of them."""
        for button in buttons:
            await self.person.press(button)
            await self.settled()
        return self.screen

    async def press_at(self, screen: Seen, label: str) -> Seen:
        """A button that this screen had when it was looked at, whatever stands there now."""
        button = next(one for row in screen.buttons for one in row if label in one.text)
        await self.person.press_at(screen.message_id, button.data)
        return await self.settled()

    async def pin(self, pin: str = PIN) -> Seen:
        """Press it on the pad, and the sign that it is whole."""
        for digit in pin:
            await self.person.press(digit)
        await self.person.press("✅")
        return await self.settled()

    async def to_the_pin(self, meter: str = METER, amount: str = "50,000") -> Seen:
        """From wherever she is to the last look before a token is paid."""
        await self.say("/menu")
        await self.press("Electricity token")
        await self.say(meter)
        return await self.press(amount)

    async def buys(self, meter: str = METER, amount: str = "50,000", pin: str = PIN) -> Seen:
        await self.to_the_pin(meter, amount)
        return await self.pin(pin)

    async def settled(self) -> Seen:
        await self.house.quiet()
        return self.screen

    async def sees(self, words: str, within_s: float = PATIENCE_S) -> Seen:
        return await self.person.sees(words, within_s)

    # ---- what she sees

    @property
    def screen(self) -> Seen:
        return self.person.screen

    @property
    def text(self) -> str:
        return self.screen.text

    @property
    def messages(self) -> list[Seen]:
        return self.person.chat.messages

    @property
    def from_bot(self) -> list[Seen]:
        return [one for one in self.messages if one.from_bot]

    @property
    def hers(self) -> list[str]:
        return [one.text for one in self.messages if not one.from_bot]

    @property
    def toasts(self) -> list[str]:
        """The words that came up over her screen, without those that said nothing."""
        return [toast.text for toast in self.person.toasts if toast.text]

    @property
    def buttons(self) -> list[Button]:
        return [one for row in self.screen.buttons for one in row]

    # ---- what is kept of her

    async def wallet(self) -> Wallet:
        """The only one that is open in her chat."""
        links = [one for one in await self.house.store.links_at("telegram", self.address) if one.open]
        assert len(links) == 1, f"{len(links)} wallets are open in this chat"
        wallet = await self.house.store.read(Wallet, links[0].wallet_id)
        assert wallet is not None
        return wallet

    async def rupiah(self) -> int:
        return int((await self.wallet()).available.major)

    async def links(self) -> list[Link]:
        return [one for one in await self.house.store.links_at("telegram", self.address) if one.open]

    async def saved(self) -> SavedSession:
        saved = await self.house.store.read(SavedSession, "telegram", self.address)
        assert saved is not None
        return saved


async def _hashed(counter: Counter, secret: str) -> str:
    """Slow on purpose, so once for all tests: they have one pepper."""
    if secret not in _hashes:
        _hashes[secret] = await counter.vault.hashed(secret)
    return _hashes[secret]


@dataclass(frozen=True)
class OpenedThere:
    """A wallet is open in a chat, as if it had been opened there."""

    wallet_id: str
    address: str
    name: str
    now: datetime

    def wants(self) -> tuple[Key[object], ...]:
        link = Key(Link, ("telegram", self.address, self.wallet_id))
        return link, Key(Contact, ("telegram", self.address)), Key(Chat, (self.wallet_id,))

    def decide(self, book: Book) -> None:
        before = book.get(Link, "telegram", self.address, self.wallet_id)
        link = Link("telegram", self.address, self.wallet_id, self.name, since=self.now, trusted=True)
        book.put(replace(link, version=before.version if before else 0))
        seat_at(book, "telegram", self.address, self.wallet_id, self.now)


async def until(so: Callable[[], bool], within_s: float, why: Callable[[], str]) -> None:
    """Until something is so that tells nobody when it becomes so."""
    try:
        async with asyncio.timeout(within_s):
            while not so():  # noqa: ASYNC110  # there is nothing to be told by
                await asyncio.sleep(A_LOOK_S)
    except TimeoutError:
        raise TimeoutError(f"after {within_s:g} s {why()}") from None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def bot_at(telegram: Telegram, *, port: int = 0) -> dict[str, str]:
    """Settings of a counter with a bot there: called at a port of ours, or polling."""
    by_webhook = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "PORT": str(port), "TELEGRAM_SECRET": SECRET}
    return {
        "TELEGRAM_TOKEN": telegram.options.token,
        "TELEGRAM_API_URL": telegram.url,
        "BANK": "BCA 1234567890",
        # People in tests are quick.
        "TURNS_PER_S": "1000",
        "TURNS_BURST": "1000",
        **(by_webhook if port else {}),
    }


@asynccontextmanager
async def a_chat_house(
    folder: Path, *, polling: bool = False, telegram: Telegram | None = None, **more: str
) -> AsyncIterator[ChatHouse]:
    """A counter in this process, joined to a double of its own or to one that is there, its provider and SMS."""
    async with AsyncExitStack() as opened:
        log = opened.enter_context(capture_logs())
        await _an_empty_store_in(folder)
        server = await opened.enter_async_context(nullcontext(telegram) if telegram else telegram_running())
        provider = await opened.enter_async_context(a_sandbox())
        sms = await opened.enter_async_context(sms_gateway())
        ways_out = {"USERNAME": USERNAME, "API_KEY": API_KEY, "SMS_URL": sms.url}
        home = await opened.enter_async_context(
            inside(
                folder,
                **{
                    **provider_at(provider),
                    **{f"AFRICASTALKING_{name}": value for name, value in ways_out.items()},
                    **bot_at(server, port=0 if polling else free_port()),
                    **more,
                },
            )
        )
        house = ChatHouse(server, home, sms, provider, log)
        await until(lambda: joined(server), PATIENCE_S, lambda: f"the bot never came: {log}")
        yield house
        await house.quiet()
        assert server.violations == []
        assert server.unanswered_queries(older_than_s=0) == []
        assert server.ignored_floods <= house.overlapping
        assert house.errors == []
        assert await broken(home.parts.store) == []


async def _an_empty_store_in(folder: Path) -> None:
    """Migrating a new store takes longer than copying one that is migrated, for each of a hundred tests."""
    store = folder / "loket.db"
    if store.exists():
        return
    if not _stores:
        async with open_store(f"sqlite:///{store}", owner=True, keys=FIELD_KEYS):
            pass
        _stores.append(store.read_bytes())
    store.write_bytes(_stores[0])


def joined(server: Telegram) -> bool:
    return server.webhooks.hook is not None or server.updates.polled
