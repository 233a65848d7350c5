"""What the operator sees of the counter at one moment, as JSON: no number in it is whole, and no token is there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from adapters.botapi import Server
from adapters.wiring import Wired
from console.demo import wording
from console.demo.accounts import OPERATORS
from console.demo.books import Books
from console.demo.calls import Call, Calls
from console.demo.moods import Provider
from console.demo.people import PEOPLE
from core.domain.journal import Entry
from core.domain.message import SMS, Message
from core.domain.msisdn import masked
from core.domain.payment import Payment
from core.domain.wallet import Wallet
from core.ports import Contact, Story
from core.services.tell import bought, in_groups

# Whoever looks sooner sees the same again; what happens meanwhile comes together.
LOOK_EVERY_S = 0.2
PAYMENTS, MESSAGES, ALARMS = 8, 10, 4

Json = dict[str, Any]
Stories = dict[tuple[str, int], Story]


class Lookout:
    """One for all who look, so that the store is read once for all of them."""

    def __init__(self, parts: Wired, calls: Calls, provider: Provider, telegram: Server) -> None:
        self._parts, self._calls, self._provider, self._telegram = parts, calls, provider, telegram
        self._books = Books()
        self._stories: Stories = {}
        self._seen: Json = {}
        self._seen_s = -LOOK_EVERY_S
        self._alone = asyncio.Lock()

    async def look(self) -> Json:
        async with self._alone:
            if time.monotonic() >= self._seen_s + LOOK_EVERY_S:
                self._seen = await self._scene()
                self._seen_s = time.monotonic()
            return self._seen

    async def _scene(self) -> Json:
        wallets = {key: await wallet_of(self._parts, key) for key in PEOPLE}
        owners = {wallet.wallet_id: key for key, wallet in wallets.items() if wallet}
        payments = await self._parts.store.newest_payments(state=None, limit=PAYMENTS)
        self._stories = {_telling(payment): await self._story(payment) for payment in payments}
        await self._books.read_on(self._parts)
        return {
            "provider": self._provider.mood.key,
            "wallets": {key: self._wallet(wallet) for key, wallet in wallets.items()},
            "book": self._book(),
            "payments": [self._payment(payment, owners) for payment in payments],
            "entries": [_entry(entry, owners) for entry in reversed(self._books.newest)],
            "calls": [_call(call) for call in reversed(self._calls.latest)],
            "messages": [_message(one, owners) for one in await self._messages(owners)],
            "alarms": self._alarms(),
            "violations": self._violations(),
        }

    def _wallet(self, wallet: Wallet | None) -> Json | None:
        if wallet is None:
            return None
        return {"state": wallet.state, "amount_minor": self._books.wallet(wallet.wallet_id)}

    def _book(self) -> Json:
        books = self._books
        return {
            "currency": self._parts.counter.catalogue.currency,
            "entries": books.last,
            "sum_minor": books.sum,
            "held_minor": books.held,
            "deposit_minor": books.deposit,
            "earned_minor": books.earned,
        }

    def _payment(self, payment: Payment, owners: Mapping[str, str]) -> Json:
        counter = self._parts.counter
        product = bought(counter.catalogue.product(payment.product_id), payment.denomination_id)
        return {
            "id": payment.payment_id,
            "person": owners.get(payment.wallet_id),
            "what": counter.words.say(product, "en"),
            "reference": masked_reference(payment.reference),
            "total_minor": payment.total.minor,
            "at": _moment(payment.authorized_at),
            "state": payment.state,
            "trail": trail(payment, self._stories[_telling(payment)]),
            "open": payment.open,
            "took_ms": round((payment.changed_at - payment.authorized_at).total_seconds() * 1000),
            "receipt": in_groups(payment.receipt, 3),
        }

    async def _story(self, payment: Payment) -> Story:
        """That of a payment which has ended is read once."""
        known = None if payment.open else self._stories.get(_telling(payment))
        return known or await self._parts.store.story_of(payment.payment_id)

    def _alarms(self) -> list[Json]:
        """What the counter wrote to its operators, the newest first."""
        said = self._telegram.people[OPERATORS].chat.messages[-ALARMS:]
        return [{"number": one.message_id, "at": one.date, "words": one.text} for one in reversed(said)]

    def _violations(self) -> list[str]:
        """What the real Telegram would have refused: a defect of ours."""
        self._telegram.unanswered_queries()
        return [*dict.fromkeys(self._telegram.violations)]

    async def _messages(self, owners: Mapping[str, str]) -> Sequence[Message]:
        boxes = [await self._parts.store.messages_to(wallet_id, limit=MESSAGES) for wallet_id in owners]
        newest = sorted(chain.from_iterable(boxes), key=lambda one: one.created_at, reverse=True)
        return newest[:MESSAGES]


async def wallet_of(parts: Wired, key: str) -> Wallet | None:
    """The wallet of a person of the demo, None before she has one."""
    contact = await parts.store.read(Contact, "ussd", PEOPLE[key].msisdn)
    return await parts.store.read(Wallet, contact.wallet_id) if contact else None


def _telling(payment: Payment) -> tuple[str, int]:
    return payment.payment_id, payment.version


def trail(payment: Payment, story: Story) -> list[str]:
    """The states a payment went through, the present one last; as its rows tell, since only the last is kept."""
    states = ["quoted"]
    if story.entries:
        states.append("authorized")
    if story.attempts:
        states.append("submitted")
    if _was_in_doubt(payment, story):
        states.append("in_doubt")
    return states if states[-1] == payment.state else [*states, payment.state]


def _was_in_doubt(payment: Payment, story: Story) -> bool:
    """Now, or when the provider's first word was none, or did not come in reply."""
    if payment.state in ("in_doubt", "review"):
        return True
    first = next(iter(story.evidence), None)
    return first is not None and (first.source != "reply" or first.proves == "nothing")


def masked_reference(reference: str) -> str:
    """Its last four digits: enough to recognise one's own."""
    return f"•••{reference[-4:]}" if len(reference) > 4 else "•••"


def _entry(entry: Entry, owners: Mapping[str, str]) -> Json:
    names = {wallet_id: PEOPLE[key].name for wallet_id, key in owners.items()}
    lines = [
        {"account": wording.of_account(posting.account, names), "amount_minor": posting.minor}
        for posting in sorted(entry.postings, key=lambda posting: posting.minor < 0)
    ]
    return {
        "index": entry.index,
        "at": _moment(entry.at),
        "kind": entry.kind,
        "words": wording.of_entry(entry.kind),
        "payment": entry.payment_id,
        "lines": lines,
    }


def _call(call: Call) -> Json:
    return {
        "number": call.number,
        "at": _moment(call.at),
        "call": wording.of_call(call.call),
        "outcome": wording.of_outcome(call.call, call.outcome),
        "ms": call.ms,
    }


def _message(message: Message, owners: Mapping[str, str]) -> Json:
    return {
        "id": message.message_id,
        "person": owners[message.wallet_id],
        "to": masked(message.to) if message.channel == SMS else wording.of_channel(message.channel),
        "chat": message.channel != SMS,
        "about": wording.of_message(message.message_id),
        "at": _moment(message.created_at),
        "sent": message.sent_at is not None,
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
