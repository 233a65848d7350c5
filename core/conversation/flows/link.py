"""A wallet in a chat: the chat asks, the phone allows and shows a code, the chat hears it. And how it ends again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from core.conversation.flows.my_money import enter
from core.conversation.steps import (
    NO,
    YES,
    Ask,
    Choose,
    Confirm,
    Flow,
    Give,
    Go,
    Heeded,
    Home,
    Retract,
    Run,
    Tell,
    yes_no,
)
from core.conversation.talk import Talk
from core.conversation.view import Option
from core.domain.chat import CODE_TRIES, Link, LinkRequest
from core.domain.digits import only_digits
from core.domain.msisdn import PHONE, Msisdn, local_number, masked, national
from core.domain.wallet import Wallet
from core.ports import Contact
from core.refusal import Refusal
from core.services.link import (
    AllowLink,
    Linked,
    NotLinked,
    RefuseLink,
    RequestLink,
    SwitchTo,
    TooManyCodes,
    Unlink,
    UseCode,
    WrongCode,
)
from core.services.tell import in_groups
from core.text import Text, _, verbatim


class NotANumber(Refusal):
    text = _("That is not a phone number. Type it like {example}.")


class NoChat(Refusal):
    text = _("Your wallet is open in no chat.")


class AskedTooManyPeople(Refusal):
    text = _("You have asked for many people's wallets. Please try again tomorrow.")


OTHER = "other"
SHORT_NAME = 16


# ---- in the chat


async def ask_owner(talk: Talk, number: Msisdn) -> Heeded:
    """Ask the owner of a number for her wallet. Whether she has one is told to nobody who only knows the number."""
    if not talk.inquiries.may_ask_owner(talk.channel, talk.address, number):
        raise AskedTooManyPeople
    contact = await talk.counter.store.read(Contact, PHONE, number)
    there = Go("link", {"owner": contact.wallet_id if contact else "", "owners_number": number})
    if contact is None:
        return there
    return Run(
        RequestLink(contact.wallet_id, talk.channel, talk.address, talk.name, talk.now), then=lambda request: there
    )


async def how_to_get_a_code(talk: Talk) -> tuple[Text, ...]:
    return (
        _("Take the phone with the number {number} and dial {short_code}. It shows a code after the PIN.").fill(
            number=masked(talk.said("owners_number")), short_code=talk.counter.short_code
        ),
        _("Type the code here."),
    )


async def hear_code(talk: Talk, words: str) -> Heeded:
    """Tries are counted here as well, so that a number nobody has is given up as one that somebody has."""
    wallet_id, code = talk.said("owner"), only_digits(words) or ""
    request = await talk.counter.store.read(LinkRequest, wallet_id)
    right = await talk.counter.vault.matches(code, request.code_hash if request else "")
    command = UseCode(wallet_id, talk.channel, talk.address, right, talk.now, talk.counter.words)
    return Run(command, then=partial(_linked, int(talk.said("tries") or "0") + 1))


def _linked(tries: int, outcome: Any) -> Home | Retract:
    match outcome:
        case Linked(wallet):
            return Home(_("Your wallet is open here now."), language=wallet.language, wallet_id=wallet.wallet_id)
        case NotLinked() if tries < CODE_TRIES:
            return Retract(("code",), WrongCode().words, beside={"tries": str(tries)})
        case NotLinked():
            return Home(TooManyCodes().words)
        case _:
            raise AssertionError(f"not an outcome of a code: {outcome!r}")


LINK = Flow("link", (Ask(name="code", words=how_to_get_a_code, read=hear_code),))


async def people(talk: Talk) -> Sequence[Option]:
    """Those whose wallet is open in this chat, by their numbers, and somebody else."""
    links = await talk.counter.store.links_at(talk.channel, talk.address)
    wallets = [await talk.counter.store.read(Wallet, link.wallet_id) for link in links if link.open]
    known = [Option(wallet.wallet_id, verbatim(masked(wallet.msisdn)), "👤") for wallet in wallets if wallet]
    return *known, Option(OTHER, _("Another number"), "➕")


async def switch_or_ask(talk: Talk, option: str) -> Heeded:
    if option == OTHER:
        return Give(OTHER)
    return Run(SwitchTo(talk.channel, talk.address, option, talk.now), then=_switched)


def _switched(wallet: Any) -> Home:
    assert isinstance(wallet, Wallet)
    return Home(language=wallet.language, wallet_id=wallet.wallet_id)


async def somebodys_number(talk: Talk, words: str) -> Heeded:
    region = talk.counter.catalogue.phone_region
    number = local_number(words, region)
    if number is None:
        raise NotANumber(example=national(talk.msisdn))
    return await ask_owner(talk, number)


PEOPLE = Flow(
    "people",
    (
        Choose(name="person", words=_("Who are you?"), among=people, then=switch_or_ask),
        Ask(name="phone", words=_("Type your phone number."), read=somebodys_number),
    ),
)


# ---- on the phone


async def who_asks(talk: Talk) -> tuple[Text, ...]:
    request = await _request(talk)
    return (
        _('Somebody called "{name}" wants to use your wallet in a chat.').fill(name=request.name or request.address),
        _("Is that you?"),
    )


async def allow_or_refuse(talk: Talk, option: str) -> Heeded:
    """Refused, the talk goes on where it was."""
    if option == YES:
        return Give(YES)
    no = Give(NO, note=_("Good. Nobody got anything."))
    return Run(RefuseLink(talk.session.wallet_id, talk.now), then=lambda done: no)


def refused(talk: Talk) -> bool:
    return talk.said("mine") == NO


async def make_code(talk: Talk) -> Run:
    """What is compared is its hash; the code itself is on this screen, and in the session as long as that stands."""
    request, code = await _request(talk), talk.counter.ids.case_number()
    command = AllowLink(request.wallet_id, request.address, await talk.counter.vault.hashed(code), talk.now)
    return Run(command, then=lambda allowed: Give(True, beside={"code": code}))


async def the_code(talk: Talk) -> tuple[Text, ...]:
    return (
        _("Code {code}").fill(code=in_groups(talk.said("code"), 3)),
        _("Type it in your chat within 10 minutes. Tell it to nobody: it opens your wallet."),
    )


async def _request(talk: Talk) -> LinkRequest:
    request = await talk.counter.store.read(LinkRequest, talk.session.wallet_id)
    assert request is not None, f"no link was asked for wallet {talk.session.wallet_id}"
    return request


ALLOW_LINK = Flow(
    "allow_link",
    (
        Choose(name="mine", words=who_asks, among=yes_no, then=allow_or_refuse, back=False),
        Confirm(name="pin", words=_("Type your PIN."), then=make_code, unless=refused),
        Tell(name="shown", words=the_code, final=True, unless=refused),
    ),
    resumes=False,
)


# ---- on either


async def chats(talk: Talk) -> Sequence[Option]:
    links = [link for link in await talk.counter.store.links_of(talk.session.wallet_id) if link.open]
    if not links:
        raise NoChat
    return [_chat(link) for link in links]


def _chat(link: Link) -> Option:
    name = link.name or link.address
    return Option(f"{link.channel} {link.address}", verbatim(name), "💬", brief=verbatim(name[:SHORT_NAME]))


def here_or_by_phone(talk: Talk) -> bool:
    """Who closes the chat in her hand, or speaks from her own phone, need not prove who she is."""
    return talk.proven or talk.said("chat") == f"{talk.channel} {talk.address}"


async def close_or_stay(talk: Talk, option: str) -> Heeded:
    if option == NO:
        return Home()
    channel, _blank, address = talk.said("chat").partition(" ")
    command = Unlink(channel, address, talk.session.wallet_id, talk.now)
    here = talk.linked and (channel, address) == (talk.channel, talk.address)
    then = Go("closed_here", afresh=True) if here else Home(_("Your wallet is closed there now."))
    return Run(command, then=lambda done: then)


CHATS = Flow(
    "chats",
    (
        Choose(name="chat", words=_("Your wallet is open in these chats."), among=chats),
        Confirm(name="pin", words=_("Type your PIN."), then=enter, unless=here_or_by_phone),
        Choose(name="close", words=_("Close your wallet there?"), among=yes_no, then=close_or_stay),
    ),
    resumes=False,
)

CLOSED_HERE = Flow(
    "closed_here", (Tell(name="closed", words=_("Your wallet is closed here now."), final=True),), resumes=False
)
