"""What a step may look at: the session, the person's wallet, the catalogue, and the services that only ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from core.conversation.session import Answers, Session
from core.domain.biller import Product
from core.domain.msisdn import Msisdn
from core.domain.pin import Place
from core.domain.wallet import Wallet
from core.services.counter import Counter

if TYPE_CHECKING:
    from core.services.inquire import Inquiries


@dataclass(frozen=True, slots=True)
class Talk:
    """One turn's view of the world. Cheap to make; what it looks up is looked up when a step asks.

    `msisdn` is the number of the phone as far as it is known: the network of a call tells it, a chat's owner shows it.
    `takes_cards` when money can be paid in inside the channel itself. `linked` where wallets are opened by proof, as
    in a chat; `name` is then what its network calls this person. `proven` where the network proves who calls.
    """

    session: Session
    channel: str
    address: str
    now: datetime
    counter: Counter
    inquiries: Inquiries
    hurry_s: float
    msisdn: Msisdn
    takes_cards: bool = False
    linked: bool = False
    name: str = ""
    proven: bool = False

    @property
    def answers(self) -> Answers:
        return self.session.answers

    def said(self, name: str) -> str:
        """An answer that is words; empty when it was not given."""
        answer = self.session.answers.get(name)
        return answer if isinstance(answer, str) else ""

    @property
    def product(self) -> Product:
        return self.counter.catalogue.product(self.said("product"))

    @property
    def place(self) -> Place:
        """Where a PIN is typed in this talk."""
        return Place(self.channel, self.address if self.linked else "", self.proven)

    def at(self, session: Session) -> Talk:
        """The same turn, with the talk at another place."""
        return replace(self, session=session)

    async def wallet(self) -> Wallet:
        wallet = await self.counter.store.read(Wallet, self.session.wallet_id)
        assert wallet is not None, f"the session names a wallet that is not there: {self.session.wallet_id}"
        return wallet
