"""A walk's phone that is a chat: the same keys, on the real bot behind the Bot API double.

What the conversation shows is compared as the feature phone would show it, so one walk serves both. And every line and
every choice of it must really stand in the chat, in its own way: as words, as a button, on the page where it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from aiohttp import web

from adapters.botapi import BotApiOptions, Person, Server, running
from adapters.pictures.painter import Painter
from bot import CHANNEL
from bot.app import Account, Bot
from bot.behind import Behind
from bot.screens import OPTIONS_A_PAGE, TelegramChannel
from bot.webhook import webhook_route
from console.listening import listening
from core.conversation.cashier import Cashier
from core.conversation.listen import Listener
from core.conversation.pace import Pace
from core.conversation.routes import linked
from core.conversation.session import Session
from core.conversation.view import BACK, MORE, Asks, Page, View
from core.domain.wallet import Wallet
from core.ports import ChatNotifier, Contact, Words
from core.text import Text
from tests.support.chats import OpenedThere
from tests.support.counters import WANJIKU, Bench
from tests.support.walk import Phone
from ussd.app import whole_body
from ussd.pages import UssdChannel

ADDRESS = 1001
SECRET = "a-secret-of-the-tests-for-telegram"
KEY = b"a secret key of the tests, long enough"
# What only a chat needs to offer; a walk does not know it.
CHAT_ONLY = {"people"}
PATIENCE_S = 10.0


class Recording(TelegramChannel):
    """Remembers what it was asked to show last, and in which language."""

    def __init__(self) -> None:
        super().__init__()
        self.view, self.language = View(()), "en"

    def fit(self, view: View, page: int, *, language: str, words: Words) -> Page:
        self.view, self.language = view, language
        return super().fit(view, page, language=language, words=words)


@dataclass
class ChatPhone:
    """Siti's smartphone. Verbs as of the feature phone in `tests/support/walk.py`; answers are pages of that one."""

    bench: Bench
    server: Server
    person: Person
    channel: Recording
    port: int
    door: web.Application
    opened: AsyncExitStack
    bot: Bot = field(init=False)
    page: int = 0
    in_her_other_hand: Phone | None = None
    as_ussd: UssdChannel = field(default_factory=UssdChannel)

    # ---- what a walk does

    async def dial(self, path: tuple[str, ...] = ()) -> Page:
        """What is dialled behind the code is a link here, as far as a link goes: it has no place for a PIN."""
        for length in range(len(path), 0, -1):
            payload = "-".join(path[:length])
            if linked(payload, Session("en", "w", "main_menu"), self.bench.counter.catalogue):
                await self.person.start(payload)
                return await self._answered()
        await self.person.say("/cancel" if path else "/start")
        shown = await self._answered()
        for typed in path:
            if self.channel.view.asks is Asks.SECRET or self.channel.view.note:
                break
            shown = await self.type(typed)
        return shown

    async def type(self, words: str) -> Page:
        if self.in_her_other_hand:
            return await self._on_the_phone(self.in_her_other_hand.type(words))
        before = self._page()
        if option := before.keys.get(words):
            await self._choose(option)
        elif words == MORE and before.more:
            self.page += 1
            return self._page()
        elif words == BACK and self.page:
            self.page -= 1
            return self._page()
        elif words == BACK and self._button(BACK):
            await self.person.press(self._button(BACK))
        elif words.isdecimal() and any("⌫" in one for one in self._captions):
            await self.pin(words)
        else:
            await self.person.say(words)
        return await self._answered()

    async def pin(self, digits: str) -> None:
        for digit in digits:
            await self.person.press(digit)
        await self.person.press("✅")

    async def again(self) -> Page:
        """Telegram did not hear our answer and delivers the last update a second time."""
        last = max(self.server.updates.remembered)
        assert await self.server.deliver_again(last) == 200
        return await self._answered()

    async def restart(self) -> None:
        """The process is gone and comes back, on what the store kept."""
        await self.opened.aclose()
        await self.open()

    async def joined(self) -> None:
        """Her wallet has long been open in this chat."""
        contact = await self.bench.store.read(Contact, "ussd", WANJIKU)
        assert contact is not None
        now = self.bench.clock.now()
        await self.bench.store.commit(OpenedThere(contact.wallet_id, str(ADDRESS), "Siti", now))

    @property
    def chats(self) -> Mapping[str, ChatNotifier]:
        """The way of messages into the chat, whichever process serves it now."""
        return {CHANNEL: self.bot.notifier}

    # ---- what it comes to

    async def _answered(self) -> Page:
        await self.quiet()
        if self.channel.view.asks is Asks.OWN_NUMBER:
            # What the network knows of a feature phone is asked here, and shown with one press.
            await self.person.share_contact()
            await self.quiet()
        self.page = 0
        if await self._has_no_pin():
            self.in_her_other_hand = Phone(self.bench)
            return await self._on_the_phone(self.in_her_other_hand.dial())
        self._all_of_it_is_there()
        return self._page()

    async def _on_the_phone(self, page: Awaitable[Page]) -> Page:
        """A new PIN is chosen on the phone; then the wallet is opened in the chat again, which goes on."""
        shown = await page
        if not await self._has_no_pin():
            self.in_her_other_hand = None
            await self.joined()
            await self.person.start()
            await self._answered()
        return shown

    async def _has_no_pin(self) -> bool:
        """Her PIN was reset, which closed the chat."""
        contact = await self.bench.store.read(Contact, "ussd", WANJIKU)
        wallet = await self.bench.store.read(Wallet, contact.wallet_id) if contact else None
        return wallet is not None and not wallet.has_pin

    async def quiet(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.server.quiet()
            while self._busy:  # noqa: ASYNC110  # there is nothing to be told by
                await asyncio.sleep(0.002)

    @property
    def _busy(self) -> bool:
        unanswered = [press for press in self.server.queries.presses.values() if press.answer is None]
        in_flight = self.server.webhooks.in_flight or +self.server.in_flight
        return bool(self.server.updates.waiting or self.bot.waiting or in_flight or unanswered)

    def _page(self) -> Page:
        view = self.channel.view
        view = replace(view, options=tuple(one for one in view.options if one.key not in CHAT_ONLY), lasting=False)
        return self.as_ussd.fit(view, self.page, language=self.channel.language, words=self.bench.counter.words)

    async def _choose(self, key: str) -> None:
        """Press the button of an option, on whichever page of the chat it is."""
        [option] = [one for one in self.channel.view.options if one.key == key]
        for _page in range(20):
            if button := self._button_of(option.text):
                await self.person.press(button)
                return
            await self.person.press(self._button(MORE))
            await self.quiet()
        raise AssertionError(f"no button for {option}\n{self.person.describe()}")

    def _button_of(self, text: Text) -> str:
        said = self._said(text)
        return next((one for one in self._captions if one.endswith(f" {said}")), "")

    def _button(self, key: str) -> str:
        signs = {BACK: "⬅️", MORE: "➡️"}
        return next((one for one in self._captions if signs[key] in one), "")

    @property
    def _captions(self) -> list[str]:
        screen = self.person.screen
        return [caption for row in screen.captions for caption in row]

    def _said(self, text: Text) -> str:
        return " ".join(self.bench.counter.words.say(text, self.channel.language).split())

    def _all_of_it_is_there(self) -> None:
        """Each sentence of the view stands in the chat, and each choice that belongs on this page has its button."""
        screen, view = self.person.screen, self.channel.view
        shown = " ".join(screen.text.split())
        lines = view.body if view.note is None else (view.note, *view.body)
        assert [said for said in map(self._said, lines) if said not in shown] == [], self.person.describe()
        assert all(self._button_of(one.text) for one in view.options[:OPTIONS_A_PAGE]), self.person.describe()
        assert self.server.violations == []

    async def open(self) -> None:
        counter = self.bench.counter
        listener = Listener(counter, [UssdChannel(), self.channel])
        behind = Behind(
            listener=listener,
            cashier=Cashier(counter),
            store=counter.store,
            words=counter.words,
            clock=counter.clock,
            painter=Painter(counter.catalogue.currency),
            pace=Pace(1000, 1000),
            observe=lambda kind: None,
            secret_key=KEY,
        )
        account = Account(
            self.server.options.token, self.server.url, webhook=f"http://127.0.0.1:{self.port}", secret=SECRET
        )
        self.bot = Bot(account, behind)
        self.opened = AsyncExitStack()
        await self.opened.enter_async_context(self.bot.at_work())


@asynccontextmanager
async def chat_phone(bench: Bench) -> AsyncIterator[ChatPhone]:
    door = web.Application()
    phones: list[ChatPhone] = []

    async def take(update: dict[str, object]) -> None:
        await phones[0].bot.take(update)

    door.add_routes([webhook_route([SECRET], take, whole_body)])
    async with running(BotApiOptions()) as server, listening(door, "127.0.0.1", 0) as port:
        person = server.person(ADDRESS, first_name="Siti", language_code="id", phone=WANJIKU)
        phone = ChatPhone(bench, server, person, Recording(), port, door, AsyncExitStack())
        phones.append(phone)
        await phone.open()
        try:
            yield phone
        finally:
            await phone.opened.aclose()
        assert server.violations == []
        assert server.unanswered_queries(older_than_s=0) == []
