"""A stranger becomes a customer: language first, then consent, a proof of identity, and a PIN typed twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.conversation.flows.link import ask_owner
from core.conversation.languages import FLAGS, LANGUAGES
from core.conversation.steps import NO, Ask, Choose, Flow, Give, Heeded, Home, Retract, Run, ShowNumber, Tell, yes_no
from core.conversation.talk import Talk
from core.conversation.view import Asks, Option
from core.domain.digits import only_digits
from core.domain.msisdn import PHONE, Msisdn, is_of
from core.domain.pin import PinsDiffer, new_pin, typed_pin
from core.domain.wallet import Wallet
from core.ports import Contact
from core.refusal import Refusal
from core.services.enroll import Enroll
from core.services.link import legible
from core.services.pins import SetPin, change_pin
from core.text import Text, _, verbatim


class NotAYear(Refusal):
    text = _("A year has 4 digits, for example {example}.")


PIN = _("Choose a PIN of 4 to 6 digits. Do not tell it to anybody.")
PIN_AGAIN = _("Type the same PIN again.")


async def languages(talk: Talk) -> Sequence[Option]:
    return [Option(code, verbatim(name), FLAGS[code]) for code, name in LANGUAGES.items()]


async def speak(talk: Talk, language: str) -> Heeded:
    return Give(language, language=language)


def refused(talk: Talk) -> bool:
    """No means no: the talk ends kindly and no wallet is opened."""
    return talk.said("consent") == NO


class FromElsewhere(Refusal):
    text = _("This counter serves numbers of this country only.")


async def own_number(talk: Talk, number: Msisdn) -> Heeded:
    """A number that has a wallet already leads to its owner, who may open it here as well."""
    if not is_of(number, talk.counter.catalogue.phone_region):
        raise FromElsewhere
    if await talk.counter.store.read(Contact, PHONE, number):
        return await ask_owner(talk, number)
    return Give(number)


async def year_of_birth(talk: Talk, words: str) -> Heeded:
    """Kept as a slow hash only; it opens the way to a new PIN when the old one is forgotten."""
    year = only_digits(words) or ""
    if not re.fullmatch(r"(19[2-9]\d|20[0-2]\d)", year) or int(year) > talk.now.year - 10:
        raise NotAYear(example="1985")
    return Give(await talk.counter.vault.hashed(year), beside={"born": year})


async def first_pin(talk: Talk, words: str) -> Heeded:
    pin = new_pin(words, never=(talk.msisdn, talk.said("born")))
    return Give(await talk.counter.vault.hashed(pin))


async def same_pin(talk: Talk, words: str) -> Heeded:
    """The two PINs compared; a wallet is opened when they are one."""
    if not await talk.counter.vault.matches(typed_pin(words), talk.said("pin")):
        return Retract(("pin",), PinsDiffer().words)
    return Run(_enroll(talk), then=_welcome)


async def same_changed_pin(talk: Talk, words: str) -> Heeded:
    """As `same_new_pin`, by somebody who has a PIN: then her other places hear of it."""
    heeded = await same_new_pin(talk, words)
    if not isinstance(heeded, Run):
        return heeded
    here = (talk.channel, talk.address)
    return replace(heeded, command=await change_pin(talk.counter, talk.session.wallet_id, talk.said("pin"), here=here))


async def same_new_pin(talk: Talk, words: str) -> Heeded:
    if not await talk.counter.vault.matches(typed_pin(words), talk.said("pin")):
        return Retract(("pin",), PinsDiffer().words)
    return Run(SetPin(talk.session.wallet_id, talk.said("pin")), then=lambda wallet: Home(_("Your new PIN is set.")))


def _enroll(talk: Talk) -> Enroll:
    notice = _("A wallet was opened for your number in a chat, by {name}. Was it not you? Dial and choose 7.")
    return Enroll(
        wallet_id=talk.counter.ids.new(),
        channel=talk.channel,
        address=talk.address,
        msisdn=talk.msisdn,
        language=talk.said("language"),
        currency=talk.counter.catalogue.currency,
        pin_hash=talk.said("pin"),
        proof_hash=talk.said("year"),
        now=talk.now,
        name=talk.name,
        notice=talk.counter.words.say(notice.fill(name=legible(talk.name)), talk.said("language")),
    )


def _welcome(wallet: Any) -> Home:
    assert isinstance(wallet, Wallet)
    return Home(_("Welcome. Your wallet is open."), language=wallet.language, wallet_id=wallet.wallet_id)


ENROLL = Flow(
    "enroll",
    (
        Choose(name="language", words=_("Language"), among=languages, then=speak, back=False),
        Choose(
            name="consent",
            words=_("Open a wallet? It is free. Every fee is shown before you pay."),
            among=yes_no,
        ),
        Tell(
            name="goodbye",
            words=_("No wallet was opened. Come back whenever you like."),
            final=True,
            unless=lambda talk: not refused(talk),
        ),
        ShowNumber(
            name="own_number",
            words=_("Which number is yours? Press the button to show it."),
            then=own_number,
            unless=lambda talk: not talk.linked,
        ),
        Ask(name="year", words=_("In which year were you born?"), read=year_of_birth, asks=Asks.PROOF),
        Ask(name="pin", words=PIN, read=first_pin, asks=Asks.SECRET),
        Ask(name="repeat", words=PIN_AGAIN, read=same_pin, asks=Asks.SECRET),
    ),
)

# After a reset the operator has seen who it is; the owner chooses the new PIN herself.
NEW_PIN = Flow(
    "new_pin",
    (
        Ask(name="pin", words=PIN, read=first_pin, asks=Asks.SECRET),
        Ask(name="repeat", words=PIN_AGAIN, read=same_new_pin, asks=Asks.SECRET),
    ),
)


CHOOSE_ON_PHONE = _("Your PIN was reset. Choose a new one on your phone first: dial {short_code}.")


async def choose_on_phone(talk: Talk) -> Text:
    return CHOOSE_ON_PHONE.fill(short_code=talk.counter.short_code)


# In a chat nobody chooses a PIN for a wallet that has none: whoever holds a smartphone is not yet its owner.
PIN_ON_PHONE = Flow(
    "pin_on_phone",
    (
        Tell(
            name="there",
            words=choose_on_phone,
            final=True,
        ),
    ),
    resumes=False,
)
