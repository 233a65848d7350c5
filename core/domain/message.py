"""A message to a phone or into a chat, written in the same commit as what it tells, and sent at least once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

# The first wait is longer than a gateway may take to answer: nobody sends what another process is just sending.
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (20, 40, 60, 300, 900, 3600))

SMS = "sms"
# Behind the id of a message that says into the chat what went to the phone as well.
COPY = ":chat"
# Before the id of a last word into a chat that is closed by the same commit; the phone is told as well.
FAREWELL = "farewell:"
# In an offer, between where it leads and whose it is. No deep link of a network can hold it.
WHOSE = "~"


class Lane(StrEnum):
    """The ways out. What is slow or in trouble on one of them holds up nobody on another."""

    PHONES = "phones"
    CHATS = "chats"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class Offer:
    """What a message lets its reader do with one tap: `leads` is a deep link of the counter, `pay-pln-530000000001`."""

    leads: str
    words: str

    def marked(self, wallet_id: str) -> Offer:
        """As it is delivered: good for this wallet only, whoever sits in the chat by then."""
        return replace(self, leads=f"{self.leads}{WHOSE}{mark_of(wallet_id)}")


def mark_of(wallet_id: str) -> str:
    """The part of a wallet's id that is chance: short enough for a button."""
    return wallet_id[-6:]


@dataclass(frozen=True, slots=True)
class Message:
    """`message_id` is made from what the message is about, so that the same news is never two rows.

    `to` is a number for SMS and an address for a chat's channel. A message about a payment names it, so that a channel
    with pictures can show the receipt. `offers` holds one `LINK WORDS` a line. A `patient` one may wait: for the day,
    and for everybody who waits for an answer.
    """

    message_id: str
    wallet_id: str
    to: str
    words: str
    created_at: datetime
    due_at: datetime | None
    tries: int = 0
    sent_at: datetime | None = None
    channel: str = SMS
    payment_id: str = ""
    offers: str = ""
    patient: bool = False
    version: int = 0

    def is_due(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now

    @property
    def untouched(self) -> bool:
        """Nobody has tried to send it yet."""
        return self.due_at is not None and not self.tries

    def claimed(self, now: datetime) -> Message:
        """About to be tried. Should that fail it is tried later, less and less often; a receipt is never given up."""
        return replace(self, tries=self.tries + 1, due_at=now + RETRY_AFTER[min(self.tries, len(RETRY_AFTER) - 1)])

    def put_off(self, until: datetime) -> Message:
        """To be tried again at a moment that was named; that it was not taken now counts for nothing."""
        return replace(self, tries=max(0, self.tries - 1), due_at=until)

    def by_sms(self, number: str, now: datetime) -> Message:
        """The chat cannot be reached any more: the same words go to the phone at once."""
        return replace(self, channel=SMS, to=number, offers="", tries=0, due_at=now)

    def given_up(self) -> Message:
        """It will not be sent; only for what nobody is waiting for."""
        assert self.dispensable
        return replace(self, due_at=None)

    @property
    def dispensable(self) -> bool:
        """Not worth a short message when the chat is gone: what may wait, what went to the phone as well, and what is
        nothing without its offers."""
        return self.patient or bool(self.offers) or self.message_id.endswith(COPY) or self.farewell

    @property
    def farewell(self) -> bool:
        """It is said there although the chat is closed, and because of it."""
        return self.message_id.startswith(FAREWELL)

    def sent(self, now: datetime) -> Message:
        return replace(self, sent_at=now, due_at=None)

    @property
    def left_to_screen(self) -> bool:
        """A screen was to tell it, so nobody has tried to send it."""
        return self.sent_at is not None and not self.tries

    def not_told(self, now: datetime) -> Message:
        """No screen has told it: it is to be sent after all."""
        return replace(self, sent_at=None, due_at=now)

    @property
    def offered(self) -> tuple[Offer, ...]:
        return tuple(Offer(*line.split(" ", 1)) for line in self.offers.splitlines())


def offers_of(*offers: Offer) -> str:
    return "\n".join(f"{one.leads} {one.words}" for one in offers)
