"""A chat: who may pay from it, what arrived there, and what stands on its screen.

A chat is somebody's account on a network that knows no phone number for certain. So a wallet is opened at a chat
(`Link`) by proof, and a chat may have several: people share phones. `Contact` says who of them is there now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.first_day import exceeded
from core.domain.money import Money
from core.refusal import Refusal
from core.text import _

CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
REFUSED_FOR = timedelta(hours=24)


class CapOfNewLink(Refusal):
    text = _("This chat is new. Until {until} you can pay at most {cap} in all here.")


@dataclass(frozen=True, slots=True)
class Link:
    """A wallet that may be used from an address of a channel, since when, and until when if that is over.

    `name` is what the network calls who sits there. One that is not `trusted` begins with a cap, and counts towards it
    what was paid from there.
    """

    channel: str
    address: str
    wallet_id: str
    name: str
    since: datetime
    trusted: bool = False
    paid_minor: int = 0
    left_at: datetime | None = None
    version: int = 0

    @property
    def open(self) -> bool:
        return self.left_at is None

    def left(self, now: datetime) -> Link:
        return replace(self, left_at=now)

    def paying(self, amount: Money, *, now: datetime) -> Link:
        """With this payment counted. Raises `CapOfNewLink`: who tricked somebody finds no whole wallet here."""
        together = Money(self.paid_minor + amount.minor, amount.currency)
        limit = exceeded(together, since=self.since, now=now)
        if limit and not self.trusted:
            raise CapOfNewLink(until=limit.until, cap=limit.cap)
        return replace(self, paid_minor=together.minor)


@dataclass(frozen=True, slots=True)
class Chat:
    """Where a wallet's messages go besides its phone; a blank address: nowhere."""

    wallet_id: str
    channel: str
    address: str
    version: int = 0

    @property
    def open(self) -> bool:
        return bool(self.address)


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """A chat that asks to use a wallet. One at a time for each wallet; the newest counts.

    The code is made when its owner has typed her PIN on the phone, shown there only, kept as a slow hash, and good for
    this chat only. `name` is what the network calls who asks; it proves nothing.
    """

    wallet_id: str
    channel: str
    address: str
    name: str
    code_hash: str
    good_until: datetime
    tries: int = 0
    closed_at: datetime | None = None
    refused_at: datetime | None = None
    version: int = 0

    def open_at(self, now: datetime) -> bool:
        return self.closed_at is None and now < self.good_until and self.tries < CODE_TRIES

    def closed(self, now: datetime) -> LinkRequest:
        return replace(self, closed_at=now, code_hash="")

    def refused(self, now: datetime) -> LinkRequest:
        return replace(self.closed(now), refused_at=now)

    def silences(self, channel: str, address: str, now: datetime) -> bool:
        """Whether its owner has just said that she does not know who asks there: then she is not asked again."""
        refused = self.refused_at is not None and now < self.refused_at + REFUSED_FOR
        return refused and (self.channel, self.address) == (channel, address)


# Where numbers come round again; far more than a network repeats.
SLOTS = 1 << 20


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a network delivered and was told that we have, sealed, since it may hold a PIN; empty once it was handled.

    `number` is the network's own, by which a repetition is known. A slot is used again when its number has long passed.
    """

    channel: str
    slot: int
    number: int
    address: str
    sealed: str
    came_at: datetime
    done_at: datetime | None = None
    version: int = 0

    def done(self, now: datetime) -> Arrival:
        return replace(self, sealed="", done_at=now)


@dataclass(frozen=True, slots=True)
class Screen:
    """What stands in a chat as the one live screen: its message, its look (what it can be edited into), its content.

    `secret` while it asks for a PIN. `buried` when something else was said below it, so that the next one is new.
    """

    channel: str
    address: str
    message: int
    look: str
    digest: str
    secret: bool = False
    buried: bool = False
    version: int = 0
