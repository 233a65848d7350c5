"""A feature phone in a terminal. Behind it a network that speaks as Africa's Talking does, over whatever wire."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from core.domain.gsm7 import cost
from core.refusal import Fault

HANG_UP = "q"
WIDTH = 34
# What the gateway calls its own test network.
TEST_NETWORK = "99999"

Form = Mapping[str, str]


class NoNetwork(Fault):
    """No counter answered the call, or not as a phone understands it."""


async def _no_messages() -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Network:
    """What carries a call. `dial` posts the form of a turn and answers the body that came back.

    `hang_up` posts the notice that the session is over; `messages` are those that came since it was asked last.
    """

    dial: Callable[[Form], Awaitable[str]]
    hang_up: Callable[[Form], Awaitable[None]]
    messages: Callable[[], Awaitable[Sequence[str]]] = _no_messages


@dataclass(frozen=True, slots=True)
class Call:
    """One session: who dials what. `tail` is what is dialled behind the short code, `1*2`."""

    session: str
    number: str
    short_code: str
    tail: str = ""

    def form(self, text: str) -> Form:
        return {
            "sessionId": self.session,
            "serviceCode": self.short_code,
            "phoneNumber": self.number,
            "networkCode": TEST_NETWORK,
            "text": text,
        }

    def over(self, status: str) -> Form:
        return {
            "sessionId": self.session,
            "serviceCode": self.short_code,
            "phoneNumber": self.number,
            "networkCode": TEST_NETWORK,
            "status": status,
        }


def dialled(words: str, short_code: str = "") -> tuple[str, str]:
    """`*384*1*2#` as short code and tail, `*384#` and `1*2`. A code of several parts, `*384*123#`, has to be said.

    Raises `ValueError` when no phone would dial it.
    """
    found = re.fullmatch(r"(\*\d+)((?:\*[^*#]+)*)#", words)
    if found is None:
        raise ValueError("not a short code")
    code = short_code.removesuffix("#")
    if code and words.startswith((f"{code}*", f"{code}#")):
        return f"{code}#", words[len(code) + 1 : -1]
    return f"{found[1]}#", found[2].removeprefix("*")


async def talk(
    network: Network, call: Call, *, read: Callable[[], Awaitable[str | None]], show: Callable[[str], None]
) -> None:
    """One call from the first screen to the last, and the messages that came with it. `read` answers a line or None."""
    ended = await _converse(network, call, read, show)
    await network.hang_up(call.over(ended))
    await _show_messages(network, show)


async def _converse(
    network: Network, call: Call, read: Callable[[], Awaitable[str | None]], show: Callable[[str], None]
) -> str:
    """Screens and answers until one side has enough; answers how the gateway calls that end."""
    text = call.tail
    while True:
        screen, final = _screen(await network.dial(call.form(text)))
        show(framed(screen))
        if final:
            return "Success"
        await _show_messages(network, show)
        typed = await read()
        if typed is None or typed.strip().lower() == HANG_UP:
            return "Incomplete"
        text = f"{text}*{typed}" if text else typed


async def _show_messages(network: Network, show: Callable[[str], None]) -> None:
    for words in await network.messages():
        show(f"SMS  {words}")


def framed(screen: str) -> str:
    """The screen in a frame that says how much room is left on it."""
    lines = [part for line in screen.split("\n") for part in textwrap.wrap(line, WIDTH) or [""]]
    units, alphabet = cost(screen)
    room = f" {alphabet.page - units} of {alphabet.page} left "
    return "\n".join(
        [
            f"┌{'─' * (WIDTH + 2)}┐",
            *(f"│ {line:<{WIDTH}} │" for line in lines),
            f"└{room:─>{WIDTH + 2}}┘",
        ]
    )


def _screen(reply: str) -> tuple[str, bool]:
    verb, _blank, words = reply.partition(" ")
    if verb not in ("CON", "END") or not words:
        raise NoNetwork("The counter answered with something that no phone can show.")
    return words, verb == "END"
