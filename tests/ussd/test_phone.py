"""The phone in the terminal, on a counter that repeats what it heard."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import pytest

from core.conversation.pace import Pace
from tests.support.dialects import NUMBER, PEPPER
from tests.support.parrot import English, Parrot
from ussd.desk import Desk
from ussd.gateways.africastalking import AfricasTalking
from ussd.phone import Call, Form, Network, NoNetwork, dialled, framed, talk


class Wire:
    """A network with the counter at its other end. `posted` are the notices that a session was over."""

    def __init__(self, parrot: Parrot) -> None:
        self._desk = Desk(parrot, English(), Pace(per_s=5, burst=100))
        self._gateway = AfricasTalking(PEPPER)
        self.over: list[Form] = []
        self.inbox: list[str] = []

    def network(self) -> Network:
        return Network(self._dial, self._hang_up, self._messages)

    async def _dial(self, form: Form) -> str:
        return (await self._desk.answer(self._gateway, urlencode(form).encode())).body.decode()

    async def _hang_up(self, form: Form) -> None:
        self.over.append(form)

    async def _messages(self) -> Sequence[str]:
        came, self.inbox = self.inbox, []
        return came


async def called(wire: Wire, *typed: str, tail: str = "") -> list[str]:
    """What the terminal showed during a call in which somebody typed."""
    lines, shown = iter(typed), list[str]()

    async def read() -> str | None:
        return next(lines, None)

    await talk(wire.network(), Call("ATUid_1", NUMBER, "*384#", tail), read=read, show=shown.append)
    return shown


async def test_a_call_goes_on_until_the_counter_ends_it():
    parrot = Parrot(last_after=3)

    shown = await called(wire := Wire(parrot), "1", "5*5", "never read")

    assert parrot.heard == [(), "1", "5*5"]
    assert [line for screen in shown for line in screen.split("\n") if "Heard" in line] == [
        f"│ {f'Heard {count}':<34} │" for count in (1, 2, 3)
    ]
    assert wire.over[0]["status"] == "Success"


@pytest.mark.parametrize("typed", [("1", "q"), ("1", "Q "), ("1",)])
async def test_hanging_up_is_told_to_the_counter(typed: tuple[str, ...]):
    parrot = Parrot()

    await called(wire := Wire(parrot), *typed)

    assert parrot.heard == [(), "1"]
    assert [form["status"] for form in wire.over] == ["Incomplete"]


async def test_what_is_dialled_behind_the_code_goes_along():
    parrot = Parrot()

    await called(Wire(parrot), "2", tail="1*12345678901")

    assert parrot.heard == [("1", "12345678901"), "2"]


async def test_messages_are_shown_when_they_come():
    wire = Wire(Parrot(last_after=1))
    wire.inbox = ["Paid: token 1234"]

    assert (await called(wire))[-1] == "SMS  Paid: token 1234"


@pytest.mark.parametrize("reply", ["", "CON", "CON ", "<html>", "con hello", "ENDING", " CON hello"])
async def test_what_no_phone_can_show_is_said_so(reply: str):
    async def dial(form: Form) -> str:
        return reply

    async def nothing(form: Form) -> None:
        return None

    async def read() -> str | None:
        return None

    with pytest.raises(NoNetwork, match="no phone can show"):
        await talk(Network(dial, nothing), Call("s", NUMBER, "*384#"), read=read, show=print)


def test_the_frame_tells_how_much_room_is_left():
    assert framed("Pay Rp52.500 to PT PLN, Jakarta?\n1 Yes\n2 No").split("\n") == [
        "┌────────────────────────────────────┐",
        "│ Pay Rp52.500 to PT PLN, Jakarta?   │",
        "│ 1 Yes                              │",
        "│ 2 No                               │",
        "└─────────────────── 117 of 160 left ┘",
    ]


def test_a_script_of_its_own_leaves_less_room():
    assert " 64 of 70 left " in framed("नमस्ते")


@pytest.mark.parametrize(
    ("words", "short_code", "parts"),
    [
        ("*384#", "", ("*384#", "")),
        ("*384*1*2#", "", ("*384#", "1*2")),
        ("*384*123*1#", "*384*123#", ("*384*123#", "1")),
        ("*384*123#", "*384*123#", ("*384*123#", "")),
        ("*384*1234#", "*384*123#", ("*384#", "1234")),
    ],
)
def test_a_dialled_code_has_a_tail(words: str, short_code: str, parts: tuple[str, str]):
    assert dialled(words, short_code) == parts


@pytest.mark.parametrize("words", ["", "384", "*384", "384#", "**384#", "*384**1#", "*384#1", "#", "*abc#"])
def test_what_no_phone_would_dial_is_refused(words: str):
    with pytest.raises(ValueError, match="not a short code"):
        dialled(words)
