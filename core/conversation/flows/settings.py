"""Settings: the language, and the PIN."""

from __future__ import annotations

from core.conversation.flows.enroll import PIN, PIN_AGAIN, first_pin, languages, same_changed_pin
from core.conversation.flows.my_money import enter
from core.conversation.steps import Ask, Choice, Choose, Confirm, Flow, Give, Go, Heeded, Home, Menu, Run
from core.conversation.talk import Talk
from core.conversation.view import Asks, Option
from core.services.speak import SetLanguage
from core.text import _

SETTINGS = Flow(
    "settings",
    (
        Menu(
            name="setting",
            words=_("Settings"),
            choices={
                "language": Choice(Option("language", _("Language"), "🌐"), lambda talk: Go("change_language")),
                "pin": Choice(Option("pin", _("Change PIN"), "🔑"), lambda talk: Go("change_pin")),
                "chats": Choice(Option("chats", _("Chats"), "💬"), lambda talk: Go("chats")),
                "people": Choice(
                    Option("people", _("Another person"), "👥"),
                    lambda talk: Go("people"),
                    unless=lambda talk: not talk.linked,
                ),
            },
        ),
    ),
)


async def speak(talk: Talk, language: str) -> Heeded:
    """From the settings back to the beginning; chosen in the middle of something else, on with that."""
    among_settings = bool(talk.session.below) and talk.session.below[-1].flow == "settings"
    spoken = Home(language=language) if among_settings else Give(language, language=language)
    return Run(SetLanguage(talk.session.wallet_id, language), then=lambda wallet: spoken)


CHANGE_LANGUAGE = Flow("change_language", (Choose(name="language", words=_("Language"), among=languages, then=speak),))

CHANGE_PIN = Flow(
    "change_pin",
    (
        Confirm(name="old", words=_("Type your present PIN."), then=enter),
        Ask(name="pin", words=PIN, read=first_pin, asks=Asks.SECRET),
        Ask(name="repeat", words=PIN_AGAIN, read=same_changed_pin, asks=Asks.SECRET),
    ),
    resumes=False,
)
