"""What a person did in her chat, as the conversation understands it: keys, words, her number, a command, a link."""

from __future__ import annotations

from telegram import Contact, Message

from core.conversation.said import Opened, Reading, Showed, Typed
from core.conversation.view import BACK
from core.domain.msisdn import e164

# A message's own button leads somewhere by itself, whatever screen is shown.
OFFER = "go:"
BACK_SIGN = "⬅️"

COMMANDS = {
    "start": Opened(),
    "cancel": Opened(afresh=True),
    "menu": Opened(afresh=True),
    "language": Opened(link="language"),
    "history": Opened(link="history"),
    "topup": Opened(link="topup"),
    "help": Opened(link="help"),
}


def is_service(message: Message) -> bool:
    """What the network itself notes down in a chat: a message that was pinned, a timer, a picture of the chat."""
    return not (message.text or message.caption or message.effective_attachment)


def reading_of(message: Message) -> Reading:
    """A message that a person wrote. What is neither words nor a number says nothing; the question is its answer."""
    if message.contact:
        return _contact(message.contact, message)
    words = (message.text or message.caption or "").strip()
    if words.startswith("/"):
        return command(words)
    if words.removeprefix(BACK).strip().startswith(BACK_SIGN):
        return Typed(BACK)  # the key beside the one that shows a number, which the network sends as words
    return Typed(words)


def command(words: str) -> Reading:
    """`/start@our_bot pay-pln-12345678901`: a command of ours, else just words."""
    name, _blank, payload = words[1:].partition(" ")
    known = COMMANDS.get(name.partition("@")[0].lower())
    if known is None:
        return Typed(words)
    return Opened(link=payload.strip()) if known == Opened() and payload else known


def _contact(contact: Contact, message: Message) -> Reading:
    """A contact is one's own only when the network says so: anybody's card can be passed on."""
    sender = message.from_user
    try:
        number = e164(contact.phone_number.replace(" ", "").replace("-", ""))
    except ValueError:
        return Typed("")
    return Showed(number, own=sender is not None and contact.user_id == sender.id)
