"""A walk: one customer's story as text, played on the real conversation and compared line by line.

A line of prose tells what the walk is about.

given language en, balance 200000        set-up, see `GIVENS`
> *384#                                  the person dials
What do you want to do?                  the screen, exactly
> 1                                      the person types
! The provider does not answer.          something happens outside, see `EVENTS`
sms Paid: …                              the messages that came since, exactly
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from core.conversation.listen import Listener
from core.conversation.said import Foreign, Mark, Opened, Reading, Repeated, Said, Typed
from core.conversation.view import Page
from core.domain.message import FAREWELL, Message
from core.domain.money import Money
from core.ports import ChatNotifier, Contact
from core.services.announce import SCREEN_HAS
from core.services.deliver import NO_CHATS, deliver
from core.services.enroll import ENROLLED
from core.services.follow_up import follow_up, recover
from core.services.pins import reset_pin
from core.services.ticket import post_ticket
from core.services.top_up import top_up_wallet
from tests.support.counters import WANJIKU, Bench
from tests.support.fakes import failed, given_back, not_created, paid, silence
from ussd.pages import UssdChannel


@dataclass(frozen=True, slots=True)
class AllTyped:
    """A transcript as Africa's Talking sends it: everything, each time."""

    words: tuple[str, ...]
    path: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark:
        return Mark(len(self.words), _digest(self.words))

    def after(self, before: Mark | None) -> Reading:
        if before is None:
            return Opened(self.path)
        if before == self.mark:
            return Repeated()
        if len(self.words) == before.length + 1 and _digest(self.words[:-1]) == before.digest:
            return Typed(self.words[-1])
        return Foreign()


def _digest(words: tuple[str, ...]) -> str:
    return hashlib.sha256("*".join(words).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class Phone:
    """A feature phone in a test: it dials, types, and can deliver the same thing twice."""

    bench: Bench
    listener: Listener = field(init=False)
    address: str = WANJIKU
    sessions: itertools.count = field(default_factory=lambda: itertools.count(1))  # type: ignore[type-arg]
    session: str = ""
    words: tuple[str, ...] = ()
    last: Said | None = None
    page: Page | None = None

    def __post_init__(self) -> None:
        self.listener = Listener(self.bench.counter, [UssdChannel()])

    async def dial(self, path: tuple[str, ...] = ()) -> Page:
        self.session, self.words = f"session {next(self.sessions)}", ()
        return await self._say(AllTyped((), path))

    async def type(self, words: str) -> Page:
        self.words = (*self.words, words)
        return await self._say(AllTyped(self.words))

    async def again(self) -> Page:
        """The gateway delivers the last thing a second time."""
        assert self.last is not None
        return await self.listener.listen(self.last)

    async def restart(self) -> None:
        """The process is gone and comes back: a new listener on what the store kept."""
        self.listener = Listener(self.bench.counter, [UssdChannel()])

    async def joined(self) -> None:
        """Whoever has a wallet dials; there is nothing more to do."""

    @property
    def chats(self) -> Mapping[str, ChatNotifier]:
        return NO_CHATS

    async def _say(self, transcript: AllTyped) -> Page:
        self.last = Said("ussd", self.address, self.session, transcript)
        self.page = await self.listener.listen(self.last)
        return self.page


class AnyPhone(Protocol):
    """What a walk does with a phone. Each page is as a feature phone would show it."""

    async def dial(self, path: tuple[str, ...] = ()) -> Page: ...

    async def type(self, words: str) -> Page: ...

    async def again(self) -> Page: ...

    async def restart(self) -> None: ...

    async def joined(self) -> None: ...

    @property
    def chats(self) -> Mapping[str, ChatNotifier]: ...


async def play(words: str, bench: Bench, phone: AnyPhone) -> str:
    """The walk as it really goes: the same text when nothing has changed."""
    walk = _Walk(bench, phone)
    told: list[str] = []
    for line in words.splitlines():
        if line.startswith(("given ", "> ", "! ")):
            told += [*await walk.messages(), *([""] if line.startswith("given ") and told and told[-1] else []), line]
            told += await walk.act(line)
        elif not walk.begun:
            told.append(line)
    return "\n".join([*told, *await walk.messages()]).rstrip() + "\n"


class _Walk:
    """One walk being played."""

    def __init__(self, bench: Bench, phone: AnyPhone) -> None:
        self.bench, self.phone = bench, phone
        self.begun = False
        self.read: set[str] = set()

    async def act(self, line: str) -> list[str]:
        if line.startswith("given "):
            await self._given(line.removeprefix("given "))
            return []
        self.begun = True
        if line.startswith("! "):
            return await self._event(line.removeprefix("! "))
        return _shown(await self._say(line.removeprefix("> ")))

    async def messages(self) -> list[str]:
        """What reached the phones since, each under a line of its own."""
        if not self.begun:
            return []
        contact = await self.bench.store.read(Contact, "ussd", WANJIKU)
        if contact is None:
            return []
        await self._delivered(contact.wallet_id)
        sent = [one for one in await self._all(contact.wallet_id) if one.sent_at and one.message_id not in self.read]
        self.read |= {one.message_id for one in sent}
        # That a chat opened a wallet for it is told to the phone; on the phone itself nobody needs to be told. What a
        # chat is told for the last time, the phone is told as well.
        arrived = [one for one in sent if not one.message_id.startswith((ENROLLED, FAREWELL))]
        return [line for one in arrived for line in ["sms", *(f"  {part}" for part in one.words.splitlines())]]

    async def _delivered(self, wallet_id: str) -> None:
        """Messages into a chat leave its screen some seconds to tell the same; a walk does not show those."""
        now = self.bench.clock.now()
        if any(one.due_at and now < one.due_at <= now + SCREEN_HAS for one in await self._all(wallet_id)):
            self.bench.clock.at = now + SCREEN_HAS
        await deliver(self.bench.counter, self.bench.phones, self.phone.chats)

    async def _all(self, wallet_id: str) -> list[Message]:
        return sorted(await self.bench.store.messages_to(wallet_id, limit=100), key=lambda one: one.created_at)

    async def _say(self, words: str) -> Page:
        if words.startswith("*") and words.endswith("#"):
            return await self.phone.dial(tuple(words[1:-1].split("*")[1:]))
        return await self.phone.type(words)

    async def _given(self, what: str) -> None:
        language, _, money = what.partition(", ")
        rupiah = int(money.removeprefix("balance ") or 0)
        await self.bench.customer(language=language.removeprefix("language "), rupiah=rupiah)
        await self.phone.joined()

    async def _event(self, what: str) -> list[str]:
        happened = EVENTS[what]
        shown = await happened(self)
        return _shown(shown) if shown else []


def _shown(page: Page) -> list[str]:
    return [*page.words.splitlines(), *(["(the session ends)"] if page.final else [])]


async def _again(walk: _Walk) -> Page:
    return await walk.phone.again()


def _provider(**reactions: object) -> Callable[[_Walk], Awaitable[None]]:
    async def happen(walk: _Walk) -> None:
        for name, reaction in reactions.items():
            setattr(walk.bench.provider, name, reaction)

    return happen


def _later(**span: float) -> Callable[[_Walk], Awaitable[None]]:
    async def happen(walk: _Walk) -> None:
        walk.bench.clock.pass_by(**span)
        await follow_up(walk.bench.counter)

    return happen


async def _moment(walk: _Walk) -> None:
    """As long as a slow provider takes."""
    await asyncio.sleep(0.25)


async def _top_up(walk: _Walk) -> None:
    contact = await walk.bench.store.read(Contact, "ussd", WANJIKU)
    assert contact is not None
    amount = Money.of(200_000, "IDR")
    await top_up_wallet(walk.bench.counter, contact.wallet_id, amount, bank="BCA", evidence="1", by="test")


async def _post_ticket(walk: _Walk) -> None:
    """The newest transfer that is awaited stands on the bank's statement."""
    [awaited] = await walk.bench.store.tickets_awaited(limit=1)
    await post_ticket(walk.bench.counter, awaited.amount, bank="BCA", evidence="2", by="test")


async def _reset_pin(walk: _Walk) -> None:
    contact = await walk.bench.store.read(Contact, "ussd", WANJIKU)
    assert contact is not None
    await reset_pin(walk.bench.counter, contact.wallet_id)


async def _restart(walk: _Walk) -> None:
    await walk.phone.restart()
    await recover(walk.bench.counter)
    await follow_up(walk.bench.counter)


EVENTS: Mapping[str, Callable[[_Walk], Awaitable[Page | None]]] = {
    "The gateway delivers that again.": _again,
    "The provider is well.": _provider(on_submit=paid, on_ask=paid, slow_s=0.0, down=False, available=True),
    "The provider does not answer.": _provider(on_submit=silence, on_ask=silence),
    "The provider takes its time.": _provider(slow_s=0.2),
    "The provider is quick again.": _provider(slow_s=0.0),
    "The provider fails the purchase.": _provider(on_submit=failed, on_ask=failed),
    "The provider never made the purchase.": _provider(on_submit=not_created),
    "The provider gives the money back.": _provider(on_ask=given_back),
    "The provider is down.": _provider(down=True),
    "The breaker is open.": _provider(available=False),
    "A moment passes.": _moment,
    "A minute passes.": _later(minutes=1),
    "An hour passes.": _later(hours=1),
    "A day passes.": _later(days=1),
    "The operator tops up 200000.": _top_up,
    "The operator posts the transfer.": _post_ticket,
    "The operator resets the PIN.": _reset_pin,
    "The server restarts.": _restart,
}
