"""What a gateway delivered, before it is understood: who, in which session, and everything typed in it so far.

Some gateways send all of it each time, others the latest input only; a transcript hides the difference. Typed words may
be a PIN, so nothing here shows them in its `repr`, and only a mark of them is ever kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from core.domain.msisdn import Msisdn


@dataclass(frozen=True, slots=True)
class Mark:
    """How much was typed so far, and a peppered HMAC over it: enough to know it again, too little to read it."""

    length: int
    digest: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session. `path` is what was dialled behind the short code, `link` what a link or a command said instead.

    `afresh` when she wants to be at the beginning, whatever was under way.
    """

    path: tuple[str, ...] = field(default=(), repr=False)
    link: str = field(default="", repr=False)
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """The input since the mark."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Showed:
    """A number was shown rather than typed; `own` when the network vouches that it is the speaker's."""

    number: Msisdn = field(repr=False)
    own: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """A key of an earlier screen, still to be seen in a chat. It does nothing; the present one is shown again."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same delivery as the one before: it gets the same answer and does nothing."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """It does not follow what was typed before: late, out of order, or another's. It does nothing either."""


Reading: TypeAlias = Opened | Typed | Showed | Stale | Repeated | Foreign


class Transcript(Protocol):
    """One gateway's way to tell what is new."""

    @property
    def mark(self) -> Mark:
        """The mark to keep once this delivery has been answered."""

    def after(self, before: Mark | None) -> Reading:
        """What is new since a mark of the same gateway session; None when nothing of this session is known."""


@dataclass(frozen=True, slots=True)
class Said:
    """One delivery. `address` is the subscriber's number in E.164 where the network knows it, else her name there.

    `name` is what a chat's network calls her; it proves nothing. `sim` is a mark of her SIM, where a gateway tells it.
    """

    channel: str
    address: str
    gateway_session: str
    transcript: Transcript = field(repr=False)
    name: str = field(default="", repr=False)
    sim: str = field(default="", repr=False)
