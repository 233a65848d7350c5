"""Who lives in the demo. Nobody outside does: the numbers are made up, and the PINs are there for everybody to read."""

from __future__ import annotations

from dataclasses import dataclass

from core.conversation.languages import LANGUAGES
from core.domain.msisdn import Msisdn


@dataclass(frozen=True, slots=True)
class Person:
    """`hint` is what a visitor may try. `opening` is what came in before the demo began, in whole rupiah.

    Who has no PIN has no wallet yet. A number that is kept is found under *pay again*. `telegram` is the number of her
    account there, where the app speaks `app_language`; with `chats` her wallet is open in that chat from the beginning.
    """

    key: str
    name: str
    msisdn: Msisdn
    hint: str
    telegram: int
    app_language: str
    language: str = ""
    pin: str = ""
    opening: int = 0
    reference_name: str = ""
    reference: str = ""
    kept: bool = False
    chats: bool = False

    @property
    def enrolled(self) -> bool:
        return bool(self.pin)

    @property
    def speaks(self) -> str:
        return LANGUAGES.get(self.language, "")


SITI = Person(
    key="siti",
    name="Siti",
    msisdn=Msisdn("+6281234567801"),
    hint="Buys for one meter: 4, 1, 2, then her PIN.",
    telegram=710000801,
    app_language="id",
    language="id",
    pin="7391",
    opening=250_000,
    reference_name="meter",
    reference="12345678901",
    kept=True,
    chats=True,
)
BUDI = Person(
    key="budi",
    name="Budi",
    msisdn=Msisdn("+6285712345602"),
    hint="Out of airtime: 2. In the chat: show the number, then dial for a code.",
    telegram=710000602,
    app_language="en",
    language="en",
    pin="4826",
    opening=150_000,
)
AMINA = Person(
    key="amina",
    name="Amina",
    msisdn=Msisdn("+6287812345603"),
    hint="Has a bill to pay: 3, then what it is for.",
    telegram=710000603,
    app_language="sw",
    language="sw",
    pin="9053",
    opening=400_000,
    reference_name="bill",
    reference="530000000001",
    chats=True,
)
STRANGER = Person(
    key="stranger",
    name="Stranger",
    msisdn=Msisdn("+6281234567890"),
    hint="Has no wallet yet. Dial or press Start, and open one.",
    telegram=710000890,
    app_language="en",
)

PEOPLE = {person.key: person for person in (SITI, BUDI, AMINA, STRANGER)}
