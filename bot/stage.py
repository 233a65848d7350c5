"""One live screen in each chat: edited in place while it is the last thing there, else said anew below.

What was told and is to be kept (an outcome, a receipt) stays where it is without its buttons; any other screen that is
left goes away. A repetition of the same screen changes nothing.
"""

from __future__ import annotations

import asyncio
import html
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import structlog
import telegram
from telegram import (
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LabeledPrice,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest

from bot import CHANNEL
from bot.line import Line, NotTaken
from bot.pads import dots
from bot.screens import Button, InvoiceShown, Screen
from bot.tokens import DELETE, ENTER, PAD, Tokens
from core.domain import chat
from core.ports import Book, Key, Painter, Store
from core.refusal import Fault

log = structlog.get_logger(__name__)

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | None
# Behind the look of what stays in the chat when the talk goes on.
KEPT = " kept"
PICTURES_KNOWN = 2_000
INVOICES_KNOWN = 2_000
HTML = "HTML"
NOT_MODIFIED = "message is not modified"


@dataclass(frozen=True, slots=True)
class Stands:
    """Write down what stands in a chat now. What was said below a message meanwhile is still below it."""

    screen: chat.Screen

    def wants(self) -> tuple[Key[object], ...]:
        return (Key(chat.Screen, (self.screen.channel, self.screen.address)),)

    def decide(self, book: Book) -> None:
        known = book.get(chat.Screen, self.screen.channel, self.screen.address)
        if known is None:
            book.put(self.screen)
            return
        buried = known.buried and known.message == self.screen.message
        book.put(replace(self.screen, buried=buried, version=known.version))


@dataclass(frozen=True, slots=True)
class Bury:
    """Something else was said below the live screen: it is edited no more."""

    address: str

    def wants(self) -> tuple[Key[object], ...]:
        return (Key(chat.Screen, (CHANNEL, self.address)),)

    def decide(self, book: Book) -> None:
        known = book.get(chat.Screen, CHANNEL, self.address)
        if known is not None and not known.buried:
            book.put(replace(known, buried=True))


class Stage:
    def __init__(
        self, bot: telegram.Bot, line: Line, store: Store, tokens: Tokens, painter: Painter, *, provider_token: str = ""
    ) -> None:
        self._bot, self._line, self._store = bot, line, store
        self._tokens, self._painter, self._provider_token = tokens, painter, provider_token
        self._file_ids: OrderedDict[str, str] = OrderedDict()
        self._invoices: OrderedDict[str, str] = OrderedDict()

    async def stands_at(self, address: str) -> chat.Screen | None:
        return await self._store.read(chat.Screen, CHANNEL, address)

    async def show(self, address: str, screen: Screen, number: int, *, below: bool) -> bool:
        """Put a screen before a person; `number` is the arrival it answers, `below` when she wrote something.

        True when it took the place of one where a PIN may have been typed.
        """
        before = await self.stands_at(address)
        digest = _digest(screen, number)
        if before and before.digest == digest:
            return False
        message = await self._edited(address, screen, number, before) if not below else None
        if message is None:
            message = await self._said(address, screen, number, before)
            await self._retire(address, before)
        look = f"{screen.look}{KEPT}" if screen.kept else screen.look
        stands = chat.Screen(CHANNEL, address, message, look, digest, secret=screen.hides)
        await self._store.commit(Stands(stands))
        return before is not None and before.secret

    async def used(self, query: CallbackQuery) -> None:
        """An offer of a message was taken: its buttons go, its words stay."""
        address, message = str(query.from_user.id), query.message
        if message is not None:
            await self._if_it_goes(address, lambda: self._bot.edit_message_reply_markup(address, message.message_id))

    async def show_dots(self, address: str, screen: Screen, number: int, count: int) -> None:
        """How many digits were pressed. Nobody waits for this, so it is tried once."""
        stands = await self.stands_at(address)
        if stands is None or not stands.secret:
            return
        markup = self._markup(address, screen, number)
        await self._if_it_goes(address, lambda: self._edit(address, stands.message, screen, markup, count))

    # ---- in place

    async def _edited(self, address: str, screen: Screen, number: int, before: chat.Screen | None) -> int | None:
        """The message that was edited into this screen; None when there is none that could be."""
        if before is None or before.buried or before.look != screen.look or screen.look not in ("text", "photo"):
            return None
        if screen.invoice:
            return None
        markup = self._markup(address, screen, number)
        try:
            await self._line.reply(address, lambda: self._edit(address, before.message, screen, markup))
        except BadRequest as refused:
            if NOT_MODIFIED not in refused.message.lower():
                log.info("screen_not_edited", why=refused.message)
                return None
        return before.message

    async def _edit(self, address: str, message: int, screen: Screen, markup: Markup, count: int = 0) -> Any:
        assert not isinstance(markup, ReplyKeyboardMarkup)
        words = _html(screen, count)
        if not screen.drawn:
            return await self._bot.edit_message_text(words, address, message, parse_mode=HTML, reply_markup=markup)
        key, drawn = await self._picture(screen)
        media = InputMediaPhoto(drawn, caption=words, parse_mode=HTML)
        edited = await self._bot.edit_message_media(media, address, message, reply_markup=markup)
        if isinstance(edited, telegram.Message):
            self._remember(key, edited)
        return edited

    # ---- anew

    async def _said(self, address: str, screen: Screen, number: int, before: chat.Screen | None) -> int:
        markup = self._markup(address, screen, number)
        if before is not None and before.look.startswith("share") and not isinstance(markup, ReplyKeyboardMarkup):
            await self._put_keyboard_away(address)
        sent = await self._line.reply(address, lambda: self._send(address, screen, markup), once=True)
        if screen.invoice:
            await self._invoiced(address, screen.invoice)
        return sent.message_id

    async def _send(self, address: str, screen: Screen, markup: Markup) -> telegram.Message:
        words = _html(screen)
        if not screen.drawn:
            return await self._bot.send_message(
                address, words, parse_mode=HTML, reply_markup=markup, protect_content=screen.private
            )
        key, drawn = await self._picture(screen)
        sent = await self._bot.send_photo(
            address, drawn, caption=words, parse_mode=HTML, reply_markup=markup, protect_content=screen.private
        )
        self._remember(key, sent)
        return sent

    async def _invoiced(self, address: str, wanted: InvoiceShown) -> None:
        """Below its screen, once, however often that is shown again. The screen stands there also without it."""
        if self._invoices.get(address) == wanted.payload:
            return
        try:
            await self._line.reply(address, lambda: self._send_invoice(address, wanted), once=True)
        except (BadRequest, NotTaken) as refused:
            log.error("invoice_not_sent", why=str(refused))
            return
        self._invoices[address] = wanted.payload
        self._invoices.move_to_end(address)
        if len(self._invoices) > INVOICES_KNOWN:
            self._invoices.popitem(last=False)

    async def _send_invoice(self, address: str, wanted: InvoiceShown) -> telegram.Message:
        return await self._bot.send_invoice(
            address,
            wanted.title,
            wanted.about,
            wanted.payload,
            wanted.currency,
            [LabeledPrice(wanted.label, wanted.amount_minor)],
            provider_token=self._provider_token,
            protect_content=True,  # passed on, somebody else would pay it
        )

    async def _put_keyboard_away(self, address: str) -> None:
        """A keyboard that shares a number stays until a message takes it away; that message need not stay."""
        try:
            sent = await self._line.reply(
                address, lambda: self._bot.send_message(address, "✅", reply_markup=ReplyKeyboardRemove()), once=True
            )
        except NotTaken as trouble:
            log.info("not_tidied", why=str(trouble))
            return
        await self._if_it_goes(address, lambda: self._bot.delete_message(address, sent.message_id))

    async def _retire(self, address: str, before: chat.Screen | None) -> None:
        """What stood there before: kept things lose their buttons, all else goes."""
        if before is None:
            return
        if before.look.endswith(KEPT):
            await self._if_it_goes(address, lambda: self._bot.edit_message_reply_markup(address, before.message))
        else:
            await self._if_it_goes(address, lambda: self._bot.delete_message(address, before.message))

    async def _if_it_goes(self, address: str, call: Callable[[], Awaitable[Any]]) -> None:
        """For what is only tidy: a message that is gone, or too old to be touched, is no trouble."""
        try:
            await self._line.once(address, call, broadcast=False)
        except Fault as trouble:
            log.info("not_tidied", why=str(trouble))

    # ---- pictures

    async def _picture(self, screen: Screen) -> tuple[str, str | bytes]:
        """The picture's name, and Telegram's id of it when it was sent before, else its bytes."""
        key = sha256(repr((screen.slip, screen.transfer, screen.pictures)).encode()).hexdigest()
        if key in self._file_ids:
            self._file_ids.move_to_end(key)
            return key, self._file_ids[key]
        return key, await asyncio.to_thread(self._drawn, screen)

    def _drawn(self, screen: Screen) -> bytes:
        if screen.slip:
            return self._painter.receipt(screen.slip)
        if screen.transfer:
            shown = screen.transfer
            return self._painter.transfer(shown.heading, shown.bank, shown.amount, shown.lines)
        return self._painter.choices(screen.pictures)

    def _remember(self, key: str, sent: telegram.Message) -> None:
        if sent.photo:
            self._file_ids[key] = sent.photo[-1].file_id
            if len(self._file_ids) > PICTURES_KNOWN:
                self._file_ids.popitem(last=False)

    # ---- buttons

    def _markup(self, address: str, screen: Screen, number: int) -> Markup:
        if any(button.share for row in screen.rows for button in row):
            shared = [[_shared(button) for button in row] for row in screen.rows]
            return ReplyKeyboardMarkup(shared, resize_keyboard=True, one_time_keyboard=True)

        def inline(button: Button) -> InlineKeyboardButton:
            token = self._tokens.token(address, number, button.key)
            return InlineKeyboardButton(button.label, callback_data=token, style=button.style or None)

        rows = _pad() if screen.secret else []
        rows += [list(row) for row in screen.rows]
        return InlineKeyboardMarkup([[inline(button) for button in row] for row in rows]) if rows else None


def _pad() -> list[list[Button]]:
    """As on a telephone, always in the same place: fingers know it."""
    keys = [Button(PAD[digit], str(digit)) for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9)]
    last = [Button(DELETE, "⌫", "danger"), Button(PAD[0], "0"), Button(ENTER, "✅", "success")]
    return [keys[0:3], keys[3:6], keys[6:9], last]


def _shared(button: Button) -> KeyboardButton:
    if button.share:
        return KeyboardButton(button.label, request_contact=True)
    return KeyboardButton(button.label)


def _html(screen: Screen, count: int = 0) -> str:
    """The note first and apart. Heaviest is the last line, the question or the fact; of money to send, the first."""
    lines = [_line(line, screen) for line in screen.lines]
    if screen.noted and len(lines) > 1:
        lines[0] = f"<i>{lines[0]}</i>\n"
    if lines:
        heaviest = 0 if screen.transfer or screen.invoice else -1
        lines[heaviest] = f"<b>{lines[heaviest]}</b>"
    if screen.secret:
        lines.append(f"\n<b>{dots(count)}</b>")
    return "\n".join(lines) or "…"


def _line(line: str, screen: Screen) -> str:
    """What is to be typed elsewhere can be copied with one touch."""
    said = html.escape(line)
    for words in map(html.escape, screen.copied):
        said = said.replace(words, f"<code>{words}</code>", 1)
    return said


def _digest(screen: Screen, number: int) -> str:
    return sha256(repr((screen, number)).encode()).hexdigest()[:32]
