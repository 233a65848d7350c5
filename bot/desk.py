"""One update from Telegram, from what a person did to what she sees: the order of things in a chat, nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
import telegram
from telegram import CallbackQuery, ChatMemberUpdated, InlineKeyboardButton, InlineKeyboardMarkup, Message, User
from telegram.constants import ChatAction

from bot import CHANNEL, screens
from bot.behind import Behind
from bot.dots import Dots
from bot.hiding import Hiding
from bot.inbound import OFFER, is_service, reading_of
from bot.line import InDoubt, Line
from bot.operators import OperatorsChat
from bot.pads import Pads, dots
from bot.stage import Stage
from bot.tokens import DELETE, ENTER, PAD, Tokens
from bot.transcripts import Update
from core.conversation.languages import FIRST, LANGUAGES
from core.conversation.pace import Pace
from core.conversation.said import Opened, Reading, Said, Stale, Typed
from core.conversation.session import Session
from core.domain.chat import Arrival
from core.domain.money import EXPONENT, Money
from core.domain.msisdn import masked
from core.ports import SavedSession, Unreachable
from core.refusal import Fault
from core.text import Text, _

log = structlog.get_logger(__name__)

# All that happens in a chat is one talk; it has no sessions that a network opens and closes.
SESSION = "chat"
# After that a person should see that somebody is at it.
SLOW_S = 0.6
# Digits of a PIN come faster than turns, and cost less.
FINGERS_PER_S, FINGERS_AT_ONCE = 10, 30

OLD_BUTTON = _("That button is from an earlier screen. You are here now.")
TOO_FAST = _("That was too fast. Please wait a moment.")
NOT_IN_GROUPS = _("I talk about money with one person at a time. Write to me alone.")
WRITE_ALONE = _("Write to me")


class Desk:
    """`now_s` is any clock that only goes forward."""

    def __init__(
        self,
        behind: Behind,
        bot: telegram.Bot,
        line: Line,
        stage: Stage,
        tokens: Tokens,
        operators: OperatorsChat,
        *,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener, self._cashier, self._store = behind.listener, behind.cashier, behind.store
        self._words, self._clock, self._pace = behind.words, behind.clock, behind.pace
        self._bot, self._line, self._stage, self._tokens, self._now_s = bot, line, stage, tokens, now_s
        self._operators = operators
        self._pads, self._dots, self._fingers = Pads(), Dots(), Pace(FINGERS_PER_S, FINGERS_AT_ONCE)
        self._hiding = Hiding()
        self._asides: set[asyncio.Task[Any]] = set()

    async def handle(self, arrival: Arrival, said: dict[str, Any]) -> None:
        """Answer an arrival. Raises `StoreDown` or `Fault` when it should be tried again."""
        if not said.keys() & {"callback_query", "message", "my_chat_member"}:
            return  # of no concern here: edits, channels, reactions, polls, and kinds that are still to be invented
        if paid := (said.get("message") or {}).get("successful_payment"):
            await self._paid(paid)
            return
        update = telegram.Update.de_json(said, self._bot)
        if query := update.callback_query:
            await self._pressed(arrival, query)
        elif message := update.message:
            await self._wrote(arrival, message)
        elif member := update.my_chat_member:
            await self._membership(member)

    async def give_up(self, arrival: Arrival) -> None:
        """Its answer was not shown, and is not tried again: what news it had comes as a message."""
        await self._cashier.not_shown(CHANNEL, arrival.address)

    # ---- a button

    async def _pressed(self, arrival: Arrival, query: CallbackQuery) -> None:
        address, data = str(query.from_user.id), query.data or ""
        number = arrival.number
        saved = await self._store.read(SavedSession, CHANNEL, address)
        screen = saved.heard_length if saved else 0
        key = self._tokens.key(data, address, screen)
        on_pad = key in (*PAD, DELETE)
        if not (self._fingers if on_pad else self._pace).allows(address, self._now_s()):
            log.warning("too_fast", channel=CHANNEL, address=masked(address))
            await self._answer(query, self._say(TOO_FAST, saved, query.from_user))
            return
        if saved and key and on_pad:
            await self._pad(query, saved, key, number)
            return
        if data.startswith(OFFER):
            self._aside(self._answer(query))
            self._aside(self._stage.used(query))
            await self._listen(arrival, query.from_user, Opened(link=data.removeprefix(OFFER)), below=True)
            return
        digits = self._pads.take(address, screen, number, self._now_s()) if key == ENTER else ""
        reading = self._meaning(key, digits)
        stale = isinstance(reading, Stale) and (saved is None or saved.heard_length != number)
        self._aside(self._answer(query, self._say(OLD_BUTTON, saved, query.from_user) if stale else ""))
        await self._listen(arrival, query.from_user, reading, below=stale and await self._is_elsewhere(query))

    def _meaning(self, key: str | None, digits: str) -> Reading:
        if key is None:
            return Stale()
        if key == screens.HOME:
            return Opened()
        return Typed(digits if key == ENTER else key)

    async def _pad(self, query: CallbackQuery, saved: SavedSession, key: str, number: int) -> None:
        """A digit is only remembered here. It is no turn, and no place keeps it."""
        address, screen = saved.address, saved.heard_length
        digit = "" if key == DELETE else key.removeprefix("pad ")
        pad = self._pads.press(address, screen, digit, number, self._now_s())
        self._aside(self._answer(query, dots(len(pad.digits))))
        shown = screens.read(saved.answer)
        self._dots.changed(address, lambda: self._stage.show_dots(address, shown, screen, len(pad.digits)))

    async def _is_elsewhere(self, query: CallbackQuery) -> bool:
        """Was an old message pressed, with the live screen somewhere else in the chat?"""
        stands = await self._stage.stands_at(str(query.from_user.id))
        return stands is None or query.message is None or query.message.message_id != stands.message

    async def _answer(self, query: CallbackQuery, words: str = "") -> None:
        """Take the hour-glass off the button. A query that is too old cannot be answered, and nobody waits for it."""
        chat = str(query.from_user.id)
        try:
            await self._line.reply(chat, lambda: self._bot.answer_callback_query(query.id, words or None))
        except (telegram.error.TelegramError, Fault) as trouble:
            log.info("query_not_answered", why=type(trouble).__name__)

    # ---- a message

    async def _wrote(self, arrival: Arrival, message: Message) -> None:
        person = message.from_user
        if message.chat.type != telegram.Chat.PRIVATE:
            await self._said_in_group(message)
            return
        if person is None or person.is_bot or is_service(message):
            return
        address = str(message.chat.id)
        secret = await self._hide(address, message)
        if not self._pace.allows(address, self._now_s()):
            log.warning("too_fast", channel=CHANNEL, address=masked(address))
            return
        reading = reading_of(message)
        if isinstance(reading, Opened):
            await self._cashier.came(CHANNEL, address)
        await self._listen(arrival, person, reading, below=not secret)

    async def _paid(self, paid: dict[str, Any]) -> None:
        """Money comes first, in whatever chat it is told of; what cannot be booked is not lost without a word."""
        charge, minor, currency = paid["telegram_payment_charge_id"], paid["total_amount"], paid["currency"]
        try:
            if currency not in EXPONENT:
                raise ValueError("a currency that we do not know")
            await self._cashier.paid(CHANNEL, paid["invoice_payload"], Money(minor, currency), charge_id=charge)
        except Fault:
            raise
        except Exception:
            # Tried again it would fail again. The charge is named, so that an operator can book it or give it back.
            log.exception("charge_not_booked", charge=charge, minor=minor, currency=currency)

    async def _hide(self, address: str, message: Message) -> bool:
        """A PIN that was typed instead of pressed is gone from the chat before anything else happens."""
        words = message.text or "/"
        stands = await self._stage.stands_at(address)
        asked = stands is not None and stands.secret
        if words.startswith("/") or not (asked or self._hiding.may_be_a_pin(address, words, message.date)):
            return False
        try:
            await self._line.reply(address, lambda: self._bot.delete_message(message.chat.id, message.message_id))
        except (telegram.error.TelegramError, Fault) as trouble:
            log.warning("typed_pin_not_deleted", address=masked(address), why=type(trouble).__name__)
            return False
        return True

    # ---- the turn

    async def _listen(self, arrival: Arrival, person: User, reading: Reading, *, below: bool) -> None:
        address = str(person.id)
        said = Said(CHANNEL, address, SESSION, Update(arrival.number, reading), person.full_name)
        slow = asyncio.get_running_loop().call_later(SLOW_S, lambda: self._aside(self._type(address)))
        page = await self._listener.listen(said)
        slow.cancel()
        await self._dots.still(address)
        try:
            if await self._stage.show(address, screens.read(page.words), arrival.number, below=below):
                self._hiding.asked(address, self._clock.now())
        except Unreachable:
            await self._cashier.left(CHANNEL, address)
        except InDoubt as doubt:
            # Whoever sees nothing presses again, and sees where she is; nobody gets the same screen six times.
            log.warning("screen_in_doubt", why=str(doubt))
            await self._cashier.not_shown(CHANNEL, address)
        self._pads.forget(address)

    async def _type(self, address: str) -> None:
        """A sign of life, while a biller or a provider is asked."""
        try:
            await self._line.once(
                address, lambda: self._bot.send_chat_action(address, ChatAction.TYPING), broadcast=False
            )
        except Fault as trouble:
            log.info("typing_not_shown", why=str(trouble))

    # ---- groups, and people who come and go

    async def _said_in_group(self, message: Message) -> None:
        """A refusal when somebody speaks to us there, and not to every word of a group."""
        here, before, after = message.chat.id, message.migrate_from_chat_id, message.migrate_to_chat_id
        if after and self._operators.knows(here):
            self._operators.moved(after)
        elif before and self._operators.knows(before):
            self._operators.moved(here)
        elif not self._operators.knows(here) and ((message.text or "").startswith("/") or message.new_chat_members):
            language = message.from_user.language_code if message.from_user else None
            await self._send_away(message.chat.id, language)

    async def _membership(self, member: ChatMemberUpdated) -> None:
        gone = member.new_chat_member.status in ("kicked", "left")
        if member.chat.type == telegram.Chat.PRIVATE:
            tell = self._cashier.left if gone else self._cashier.came
            await tell(CHANNEL, str(member.chat.id))
        elif not gone and not self._operators.knows(member.chat.id):
            await self._send_away(member.chat.id, member.from_user.language_code)

    async def _send_away(self, group: int, language: str | None) -> None:
        if await self._operators.has_become(group):
            return
        spoken = language if language in LANGUAGES else FIRST
        words, markup = self._words.say(NOT_IN_GROUPS, spoken), self._way_here(spoken)
        steps: tuple[Callable[[], Awaitable[Any]], ...] = (
            lambda: self._bot.send_message(group, words, reply_markup=markup),
            lambda: self._bot.leave_chat(group),
        )
        for step in steps:
            try:
                await self._line.reply(str(group), step)
            except Unreachable:
                return  # left, or sent away, already
            except (telegram.error.TelegramError, Fault) as trouble:
                log.info("group_not_left", why=type(trouble).__name__)

    def _way_here(self, language: str) -> InlineKeyboardMarkup | None:
        """A button that opens our chat, once Telegram has told us our name."""
        try:
            url = f"https://t.me/{self._bot.username}"
        except RuntimeError:
            return None
        return InlineKeyboardMarkup([[InlineKeyboardButton(self._words.say(WRITE_ALONE, language), url=url)]])

    def _say(self, text: Text, saved: SavedSession | None, person: User) -> str:
        """In the language of the talk, else in that of the person's phone."""
        session = Session.from_json(saved.state) if saved else None
        language = session.language if session else person.language_code
        return self._words.say(text, language if language in LANGUAGES else FIRST)

    def _aside(self, work: Awaitable[None]) -> None:
        """What nobody waits for."""
        task = asyncio.ensure_future(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def finish(self) -> None:
        if self._asides:
            await asyncio.wait(self._asides, timeout=2)
        for aside in self._asides:
            aside.cancel()
