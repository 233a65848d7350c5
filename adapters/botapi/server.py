"""The double as a whole: what its methods work on, and what a test or a page may ask and order."""

from __future__ import annotations

import itertools
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.botapi.calls import Call
from adapters.botapi.changes import EVERYWHERE, Change, Changes
from adapters.botapi.faults import ANY_METHOD, Faults, How
from adapters.botapi.files import Files
from adapters.botapi.flood import FloodControl
from adapters.botapi.groups import Group
from adapters.botapi.messages import Chat, Json, Message
from adapters.botapi.options import BotApiOptions
from adapters.botapi.people import Person
from adapters.botapi.profile import Profile
from adapters.botapi.queries import Queries
from adapters.botapi.updates import Update, Updates
from adapters.botapi.webhooks import Webhooks

SECRETS = ("provider_token", "secret_token")


@dataclass(frozen=True, slots=True)
class Record:
    """One call of the bot. `code` is the HTTP status of the answer, whether or not that arrived."""

    method: str
    chat_id: int
    parameters: Json
    code: int
    at: float


class Server:
    """A Bot API server with one bot. Made by `adapters.botapi.running`."""

    def __init__(self, options: BotApiOptions, carry_out: Callable[[Server, Call], Any]) -> None:
        self.options = options
        self.url = ""
        self.bot: Json = {
            "id": options.bot_id,
            "is_bot": True,
            "first_name": options.first_name,
            "username": options.username,
        }
        self.violations: list[str] = []
        self.not_modified: list[str] = []
        self.calls: deque[Record] = deque(maxlen=options.calls_kept)
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files(options.files_kept)
        self.changes = Changes()
        self.queries = Queries()
        self.profile = Profile()
        self.flood_control = FloodControl(options.now, options.paced)
        self.faults = Faults(options.slow_s)
        self.in_flight: Counter[int] = Counter()
        self.updates = Updates(options.first_update_id)
        self.updates.change = lambda chat_id: self.changed(chat_id, "delivered")
        self.webhooks = Webhooks(
            options, self.updates, lambda call: carry_out(self, Call(str(call.pop("method")), call))
        )
        self._message_ids = itertools.count(options.first_message_id)

    # ---- the world around the bot

    def person(
        self,
        user_id: int,
        *,
        first_name: str = "Amina",
        language_code: str = "en",
        phone: str = "",
        username: str = "",
        last_name: str = "",
    ) -> Person:
        """Somebody with Telegram on her phone; the same one for the same number. She has not met the bot yet."""
        if user_id not in self.people:
            name = {"first_name": first_name} | ({"last_name": last_name} if last_name else {})
            name |= {"username": username} if username else {}
            about = {"id": user_id, "is_bot": False, **name, "language_code": language_code}
            chat = self.open_chat(user_id, {"id": user_id, **name, "type": "private"})
            self.people[user_id] = Person(self, about, chat, phone)
        return self.people[user_id]

    def group(self, chat_id: int, title: str = "Family") -> Group:
        """A group without the bot. Below -10**12 it is a supergroup."""
        if chat_id not in self.groups:
            kind = "supergroup" if chat_id < -(10**12) else "group"
            chat = self.open_chat(chat_id, {"id": chat_id, "title": title, "type": kind})
            self.groups[chat_id] = Group(self, chat)
        return self.groups[chat_id]

    def open_chat(self, chat_id: int, about: Json) -> Chat:
        self.chats[chat_id] = Chat(chat_id, about, self.options.messages_kept)
        return self.chats[chat_id]

    # ---- what a test may order

    def flood(self, retry_after: int, chat_id: int | None = None, times: int = 1) -> None:
        """Answer the next calls, to one chat or to any, with 429."""
        self.flood_control.order(retry_after, chat_id, times)

    @property
    def ignored_floods(self) -> int:
        """The calls that came although the bot had been told to wait."""
        return self.flood_control.ignored

    def fail_next(self, method: str = ANY_METHOD, how: How = "500", times: int = 1) -> None:
        """Spoil the next calls of a method, or of any."""
        self.faults.order(method, how, times)

    def hold(self) -> None:
        """Keep updates back from the webhook until `release`."""
        self.webhooks.held = []

    @property
    def held(self) -> list[Update]:
        return list(self.webhooks.held or [])

    def release(self, order: Sequence[int] | None = None) -> None:
        """Deliver what was held: as usual, or one by one in the order of these update ids."""
        self.webhooks.release(order)

    async def deliver_again(self, update_id: int) -> int:
        """Post an update once more, whether it was delivered or not; answers the bot's HTTP status."""
        return await self.webhooks.again(self.updates.remembered[update_id])

    # ---- what a test may ask

    @property
    def listeners(self) -> list[Callable[[Change], object]]:
        """Called at once with each `Change`, and must not wait. Add to the list and take away from it."""
        return self.changes.listeners

    async def quiet(self, within_s: float = 5.0) -> None:
        """Wait until the bot has every update that is not held. Raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while len(self.updates.waiting) > len(self.held) or self.webhooks.in_flight:
            if not await self.changes.next(EVERYWHERE, deadline - time.monotonic()):
                raise TimeoutError(f"After {within_s} s the bot still has {len(self.updates.waiting)} updates to take.")

    def unanswered_queries(self, older_than_s: float | None = None) -> list[str]:
        """A sentence for each press that got no answer in time; each is counted as a violation once."""
        limit_s = self.options.answer_within_s if older_than_s is None else older_than_s
        sentences = []
        for press in self.queries.unanswered(before=self.options.now() - limit_s):
            sentence = f"The press of {press.data!r} by {press.person_id} was never answered."
            sentences.append(sentence)
            if not press.reported:
                press.reported = True
                self.violations.append(sentence)
        return sentences

    # ---- what the methods and the people do it with

    def post(self, chat: Chat, sender: Json, content: Json, **more: Any) -> Message:
        """A new message in a chat."""
        now = int(self.options.now())
        message = Message(next(self._message_ids), chat, sender, now, content, **more)
        chat.add(message)
        self.changed(chat.chat_id, "message", message.message_id)
        return message

    def tell_bot(self, kind: str, body: Json, *, queue: tuple[str, int]) -> Update | None:
        return self.updates.add(kind, body, queue=queue)

    def changed(self, chat_id: int, kind: str, message_id: int = 0) -> None:
        self.changes.tell(Change(chat_id, kind, message_id))

    def note(self, call: Call, chat_id: int, code: int) -> None:
        """Write a call down, without what would give secrets or bytes away."""
        parameters = {name: value for name, value in call.parameters.items() if name not in SECRETS}
        self.calls.append(Record(call.method, chat_id, parameters, code, self.options.now()))
