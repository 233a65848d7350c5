"""How the bot presents itself, in every language: commands, description, the button beside the keyboard."""

from __future__ import annotations

import asyncio

import structlog
import telegram
from telegram import BotCommand, MenuButtonCommands

from core.conversation.languages import FIRST, LANGUAGES
from core.ports import Words
from core.text import Text, _

log = structlog.get_logger(__name__)

COMMANDS: dict[str, Text] = {
    "start": _("Go on, or begin"),
    "cancel": _("Back to the menu"),
    "history": _("My money and receipts"),
    "topup": _("Top up"),
    "language": _("Language"),
    "help": _("Something is wrong"),
}
ABOUT = _("Pay electricity, airtime, water, insurance and loans here. Press Start.")
IN_SHORT = _("The payment counter in your chat")
TRY_AGAIN_S = 60.0


async def present(bot: telegram.Bot, words: Words) -> None:
    """Say who we are; again and again until Telegram has taken it. Nothing waits for this."""
    while True:
        try:
            await _present(bot, words)
        except telegram.error.TelegramError as trouble:
            log.warning("not_presented", why=type(trouble).__name__)
            await asyncio.sleep(TRY_AGAIN_S)
        else:
            return


async def _present(bot: telegram.Bot, words: Words) -> None:
    for language in LANGUAGES:
        # What Telegram shows where it has nothing in the person's own language is the counter's first.
        for code in (None, language) if language == FIRST else (language,):
            commands = [BotCommand(name, words.say(text, language)) for name, text in COMMANDS.items()]
            await bot.set_my_commands(commands, language_code=code)
            await bot.set_my_description(words.say(ABOUT, language), language_code=code)
            await bot.set_my_short_description(words.say(IN_SHORT, language), language_code=code)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
