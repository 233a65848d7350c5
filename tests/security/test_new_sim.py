"""Threat 6: the number is somebody else's now. Money still comes in, and nothing goes out until she is known again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.domain.line import Line
from core.domain.wallet import Wallet
from core.services.deliver import deliver
from core.services.holder import NotProven, ProveHolder
from core.services.link import AllowLink, RequestLink
from core.services.pins import reset_pin
from tests.security.callers import Caller, listener_of
from tests.services.till import Till
from tests.support.chats import OpenedThere
from tests.support.counters import PIN, WANJIKU, Bench, bench
from tests.support.dialects import BehindAfricasTalking, BehindHubtel
from tests.support.fakes import Chats
from tests.support.invariants import invariants_kept
from ussd.gateways.africastalking import AfricasTalking
from ussd.gateways.base import Form, SimMark

METER, MONEY = "12345678901", "5"
OLD, NEW = "key:old", "key:new"
CHAT = "1001"
WHO = "Your SIM is new or was silent for long. Is it still you?\nIn which year were you born?"
SOME_YEAR, HER_YEAR = "1990", "1985"


@dataclass
class Number:
    """A number with a wallet, a chat beside it, and whoever holds its SIM today."""

    at: Bench
    wallet: Wallet
    phone: Caller = field(init=False)
    chat: Caller = field(init=False)

    def __post_init__(self) -> None:
        listener = listener_of(self.at)
        self.phone, self.chat = Caller(listener, sim=OLD), Caller(listener, "telegram", CHAT)

    async def now(self) -> Wallet:
        found = await self.at.store.read(Wallet, self.wallet.wallet_id)
        assert found is not None
        return found

    async def open_chats(self) -> list[str]:
        return [one.address for one in await self.at.store.links_of(self.wallet.wallet_id) if one.open]

    async def told(self) -> tuple[list[str], list[str]]:
        """What reached the phone and the chat since."""
        chats, before = Chats(), len(self.at.phones.received)
        await deliver(self.at.counter, self.at.phones, {"telegram": chats})
        return [words for _, words in self.at.phones.received[before:]], [one.words for one in chats.shown]


@pytest.fixture
async def number(tmp_path: Path) -> AsyncIterator[Number]:
    async with bench(tmp_path) as at, invariants_kept(at.store):
        wallet = await at.customer()
        await at.store.commit(OpenedThere(wallet.wallet_id, CHAT, "Siti", at.clock.now()))
        number = Number(at, wallet)
        assert "What do you want" in await number.phone.dials()
        await number.told()
        yield number


async def test_the_same_sim_is_asked_nothing(number: Number):
    assert "Token 1234" in await number.phone.dials("1", METER, "2", PIN)


async def test_another_sim_in_the_middle_of_a_call_stops_at_the_next_key(number: Number):
    assert "To pay, type your PIN." in await number.phone.dials("1", METER, "2")
    number.phone.sim = NEW

    assert await number.phone.types(PIN) == WHO
    assert (await number.now()).state == "frozen"
    assert number.at.provider.sent == []


async def test_its_chats_are_closed_and_both_places_are_told(number: Number):
    assert "To pay, type your PIN." in await number.chat.dials("1", METER, "2")
    number.phone.sim = NEW
    await number.phone.dials()

    by_sms, in_chat = await number.told()

    assert by_sms == in_chat
    assert by_sms[0].startswith("Your SIM is new or was silent for long.")
    assert await number.open_chats() == []
    await number.chat.types(PIN)
    assert number.at.provider.sent == []


async def test_money_still_comes_in(number: Number):
    number.phone.sim = NEW
    await number.phone.dials()

    await Till(number.at, number.wallet).top_up(50_000)

    assert (await number.now()).available.major == 250_000


async def test_who_knows_her_proof_pays_again_with_a_cap_for_a_day(number: Number):
    await Till(number.at, number.wallet).top_up(500_000)
    number.phone.sim = NEW
    assert await number.phone.dials() == WHO

    assert "Thank you. Your wallet pays again." in await number.phone.types(HER_YEAR)

    assert "you can pay at most Rp200,000 at a time" in await number.phone.dials("1", METER, "5", PIN)
    assert "Token 1234" in await number.phone.dials("1", METER, "2", PIN)
    number.at.clock.pass_by(hours=24)
    assert "Token 1234" in await number.phone.dials("1", "12345678902", "5", PIN)


async def test_three_wrong_proofs_and_only_the_counter_helps(number: Number):
    number.phone.sim = NEW
    await number.phone.dials()

    said = [await number.phone.types(SOME_YEAR) for _ in range(3)]

    assert "Tries left: 2." in said[0]
    assert "Tries left: 1." in said[1]
    assert said[2] == "We do not know whether it is you. Your money is safe. Please come to the counter."
    for _ in range(3):
        number.at.clock.pass_by(days=1)
        assert await number.phone.dials() == said[2]
        assert await number.phone.types(HER_YEAR) == said[2]
    assert (await number.now()).state == "frozen"


@pytest.mark.parametrize("key", ["0", "9", "#", "1", "5", ""])
async def test_there_is_no_way_around_the_question(number: Number, key: str):
    number.phone.sim = NEW
    await number.phone.dials()

    shown = await number.phone.types(key)

    assert "In which year were you born?" in shown
    assert "What do you want" not in shown


async def test_while_in_doubt_it_opens_no_chat(number: Number):
    ask = RequestLink(number.wallet.wallet_id, "telegram", "1666", "Mallory", number.at.clock.now())
    await number.at.store.commit(ask)
    number.phone.sim = NEW
    await number.phone.dials()

    allow = AllowLink(number.wallet.wallet_id, "1666", "hash", number.at.clock.now())
    with pytest.raises(Exception, match="WalletCannotPay"):
        await number.at.store.commit(allow)


@pytest.mark.parametrize(("days", "asked"), [(44, False), (45, False), (46, True), (400, True)])
async def test_a_number_that_was_silent_for_long_may_be_anybodys(number: Number, days: int, asked: bool):
    number.phone.sim = ""
    number.at.clock.pass_by(days=days)

    assert (await number.phone.dials() == WHO) is asked
    assert await number.open_chats() == ([] if asked else [CHAT])


async def test_without_a_word_about_sims_only_silence_counts(number: Number):
    number.phone.sim = ""

    assert "Token 1234" in await number.phone.dials("1", METER, "2", PIN)
    number.phone.sim = NEW
    assert await number.phone.dials() == WHO


async def test_marks_made_with_another_key_say_nothing_about_the_sim(number: Number):
    number.phone.sim = "new-key:old"
    assert "What do you want" in await number.phone.dials()

    number.phone.sim = "new-key:new"
    assert await number.phone.dials() == WHO


async def test_an_operators_freeze_is_not_ended_by_a_proof(number: Number):
    await Till(number.at, number.wallet).change("freeze")
    number.phone.sim = NEW
    await number.phone.dials()

    proof = ProveHolder(number.wallet.wallet_id, right=True, now=number.at.clock.now())

    assert await number.at.store.commit(proof) == NotProven(0)
    assert (await number.now()).state == "frozen"
    assert "cannot pay now" in await number.phone.dials("1", METER, "2", PIN)


async def test_a_lock_is_not_opened_by_a_new_sim_and_a_proof(number: Number):
    await Till(number.at, number.wallet).change("lock")
    number.phone.sim = NEW
    await number.phone.dials()

    assert await number.at.store.commit(ProveHolder(number.wallet.wallet_id, True, number.at.clock.now())) == NotProven(
        0
    )
    assert (await number.now()).state == "locked"


async def test_a_reset_pin_closes_every_chat_and_ends_every_call(number: Number):
    await number.phone.dials(MONEY, PIN)
    await number.chat.dials(MONEY, PIN)

    await reset_pin(number.at.counter, number.wallet.wallet_id)

    by_sms, in_chat = await number.told()
    assert (
        by_sms
        == in_chat
        == ["Your PIN was reset. Choose a new one: dial *384#. Was it not you? Come to the counter at once."]
    )
    assert await number.open_chats() == []
    assert "Choose a PIN" in await number.phone.types("1")
    assert "Rp" not in await number.chat.types("1")


async def test_a_changed_pin_ends_what_was_open_elsewhere_and_is_told(number: Number):
    assert "You have Rp200,000" in await number.chat.dials(MONEY, PIN)

    assert "Your new PIN is set." in await number.phone.dials("8", "2", PIN, "8527", "8527")

    assert "What do you want to do?" in await number.chat.types("1")
    by_sms, in_chat = await number.told()
    assert by_sms == in_chat == ["Your PIN was changed. Was it not you? Dial and choose 7."]


def test_what_is_kept_of_a_sim_is_a_mark_that_tells_nothing_without_the_key():
    imsi = "510101234567890"
    marks = {SimMark(pepper).of(Form({"imsi": imsi})) for pepper in (b"one", b"one", b"two")}

    assert len(marks) == 2
    assert not any(imsi in mark for mark in marks)
    assert not Line("w1", SimMark(b"one").of(Form({"imsi": imsi}))).differs(SimMark(b"two").of(Form({"imsi": "1"})))


def test_every_gateway_reads_the_field_that_it_was_told_of():
    behind = BehindAfricasTalking(gateway=AfricasTalking(b"pepper", sim="networkCode"))
    told = behind.gateway.read(behind.dials())
    silent = [phone.gateway.read(phone.dials()) for phone in (BehindAfricasTalking(), BehindHubtel())]

    assert getattr(told, "sim", "").partition(":")[2] != ""
    assert [getattr(one, "sim", None) for one in silent] == ["", ""]
    assert getattr(told, "address", "") == WANJIKU
