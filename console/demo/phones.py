"""The page's phones: each key press becomes what a gateway would post, sent over HTTP to the counter's public door."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters.wiring import Wired
from console.demo.lookout import wallet_of
from console.demo.people import Person
from core.domain.gsm7 import cost
from core.domain.message import SMS, Message
from ussd.phone import Call, Network, NoNetwork

Json = dict[str, Any]

INBOX = 20


class Phones:
    """`network` holds the gateway's secret; the browser never sees it."""

    def __init__(self, network: Network, parts: Wired, *, short_code: str) -> None:
        self._network, self._parts, self._short_code = network, parts, short_code

    async def dial(self, person: Person, session: str, text: str) -> Json:
        """One turn; answers what the phone shows, and how many signs the page has room for. Raises `NoNetwork`."""
        reply = await self._network.dial(self._call(person, session).form(text))
        verb, _blank, words = reply.partition(" ")
        if verb not in ("CON", "END"):
            raise NoNetwork("The counter answered with something that no phone can show.")
        units, alphabet = cost(words)
        return {"words": words, "ends": verb == "END", "left": alphabet.page - units, "room": alphabet.page}

    async def hang_up(self, person: Person, session: str, status: str) -> None:
        """Tell the counter that a session is over, as gateways do. Raises `NoNetwork`."""
        await self._network.hang_up(self._call(person, session).over(status))

    async def messages(self, person: Person) -> list[Json]:
        """The short messages a person has received, the newest first."""
        wallet = await wallet_of(self._parts, person.key)
        if wallet is None:
            return []
        found = await self._parts.store.messages_to(wallet.wallet_id, limit=INBOX)
        return [_received(one, one.sent_at) for one in found if one.sent_at and one.channel == SMS]

    def _call(self, person: Person, session: str) -> Call:
        return Call(f"demo-{session}", person.msisdn, self._short_code)


def _received(message: Message, at: datetime) -> Json:
    return {"id": message.message_id, "words": message.words, "at": at.isoformat(timespec="milliseconds")}
