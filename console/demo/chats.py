"""The page's smartphone: what its owner does in the chat, and all that is to be seen of it, as JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from adapters.botapi import Cannot, Change, Person, Seen, Server
from console.demo.accounts import person_at
from console.demo.people import PEOPLE

SHOWN = 60
TOASTS_SHOWN = 5
DEFAULT_SCOPE = json.dumps({"type": "default"})
PNG = b"\x89PNG"

Json = dict[str, Any]


class NotThere(Exception):
    """What was pressed is not on the screen any more."""


class Chats:
    """Everything goes through the double as a person's phone would do it. The bot's token stays in there."""

    def __init__(self, server: Server) -> None:
        self._server = server

    # ---- what its owner does

    async def start(self, key: str, link: str) -> None:
        await person_at(self._server, key).start(link)

    async def say(self, key: str, text: str) -> None:
        await person_at(self._server, key).say(text)

    async def share(self, key: str) -> None:
        """Her own number, by the button that asks for it. Raises `NotThere`."""
        try:
            await person_at(self._server, key).share_contact()
        except Cannot:
            raise NotThere("Nothing in this chat asks for a number.") from None

    async def press(self, key: str, message_id: int, data: str) -> None:
        """A button as it stood there when it was pressed, even if it has changed since."""
        await person_at(self._server, key).press_at(message_id, data)

    async def pay(self, key: str, message_id: int) -> Json:
        paid = await person_at(self._server, key).pay(message_id)
        return {"paid": paid.paid, "why": paid.why}

    # ---- what is seen

    def view(self, key: str) -> Json:
        """The end of the chat, the keys below it, and what the bot offers. Empty until the bot has said who it is."""
        person = person_at(self._server, key)
        seen = person.chat.messages[-SHOWN:]
        first = max(0, len(person.toasts) - TOASTS_SHOWN)
        return {
            "person": key,
            "messages": [self._message(one, person) for one in seen],
            "keyboard": [[button.as_json() for button in row] for row in person.keyboard],
            "toasts": [
                {"number": number, "text": toast.text} for number, toast in enumerate(person.toasts[first:], first)
            ],
            "commands": self._commands(person),
            "description": self._server.profile.said("description", person.about["language_code"]),
        }

    def _message(self, seen: Seen, person: Person) -> Json:
        shown = seen.as_json()
        for name in ("html", "sender_id", "file_name"):
            shown.pop(name, None)
        if seen.kind == "photo":
            size = seen.content["photo"][-1]
            shown["file"] = f"/demo/photo/{seen.file_id}"
            shown |= {"width": size["width"], "height": size["height"]}
        if seen.kind == "invoice":
            message = self._server.chats[person.user_id].messages[seen.message_id]
            shown["paid"] = message.invoice is not None and message.invoice.paid
        return shown

    def _commands(self, person: Person) -> list[dict[str, str]]:
        commands = self._server.profile.commands
        spoken = commands.get((DEFAULT_SCOPE, person.about["language_code"]))
        return spoken or commands.get((DEFAULT_SCOPE, ""), [])

    @contextmanager
    def watched(self, key: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever something changes in this chat."""
        chat_id, changed = PEOPLE[key].telegram, asyncio.Event()

        def hear(change: Change) -> None:
            if change.chat_id == chat_id:
                changed.set()

        self._server.listeners.append(hear)
        try:
            yield changed
        finally:
            self._server.listeners.remove(hear)

    # ---- what is served

    def picture(self, file_id: str) -> tuple[bytes, str] | None:
        """A picture that was sent, and its kind."""
        file = self._server.files.find(file_id)
        if file is None or file.kind != "photo":
            return None
        return file.data, "image/png" if file.data.startswith(PNG) else "image/jpeg"
