"""A PIN, pressed or typed, is in no file of ours, in no log, and in nothing that was sent or stays in the chat."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.chats import ChatHouse, Someone, a_chat_house

CANARY, WRONG = "739182", "928173"


async def test_neither_a_right_nor_a_wrong_pin_leaves_a_trace(tmp_path: Path):
    async with a_chat_house(tmp_path) as house:
        siti = await house.customer(pin=CANARY)
        await siti.to_the_pin()
        await siti.pin(WRONG)
        await siti.say(WRONG)
        await siti.say(f" {CANARY} ")
        assert "Token" in siti.text
        await siti.to_the_pin(amount="20,000")
        await siti.pin(CANARY)
        assert "Token" in siti.text
        everything = all_that_is_kept(tmp_path, house, siti)

    assert len(everything) > 100_000
    for pin in (CANARY, WRONG):
        assert [trace for trace in traces_of(pin) if trace in everything] == []


async def test_none_is_left_while_it_waits_to_be_handled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async with a_chat_house(tmp_path) as house:
        siti = await house.customer(pin=CANARY)
        await siti.to_the_pin()
        listen, free = type(house.inside.house.listener).listen, asyncio.Event()

        async def later(listener: Any, said: Any) -> Any:
            await free.wait()
            return await listen(listener, said)

        monkeypatch.setattr(type(house.inside.house.listener), "listen", later)
        await siti.person.say(CANARY)
        await house.server.quiet()
        [waiting] = [one for one in await house.arrivals() if one.done_at is None]
        kept = files_in(tmp_path) + repr((waiting, house.log)).encode()
        free.set()
        await siti.settled()

        assert waiting.sealed.encode() in kept
        assert [trace for trace in traces_of(CANARY) if trace in kept] == []
        assert "Token" in siti.text


async def test_a_bug_at_the_pin_shows_none_of_it(house: ChatHouse, siti: Someone, monkeypatch: pytest.MonkeyPatch):
    house.expected |= {"turn_failed", "arrival_failed"}
    await siti.to_the_pin()

    def broken(*_args: Any, **_more: Any) -> Any:
        raise KeyError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr("core.conversation.steps.tried", broken)
        await siti.pin(CANARY)
        await siti.say(WRONG)

    assert house.logged("turn_failed")
    assert [trace for pin in (CANARY, WRONG) for trace in traces_of(pin) if trace in repr(house.log).encode()] == []


def all_that_is_kept(folder: Path, house: ChatHouse, siti: Someone) -> bytes:
    """Store and write-ahead log, our log, each call of the bot, each message that is still in the chat."""
    said = [one.parameters for one in house.server.calls]
    shown = [(one.text, one.content) for one in siti.messages]
    return files_in(folder) + json.dumps([house.log, said, shown], default=repr).encode()


def files_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def traces_of(pin: str) -> list[bytes]:
    """As it is, as others would write it, and what could be looked up in a table of a million."""
    plain = pin.encode()
    digests = [hashlib.new(name, plain, usedforsecurity=False) for name in ("md5", "sha1", "sha256")]
    return [
        plain,
        plain.hex().encode(),
        pin.encode("utf-16-le"),
        base64.b64encode(plain),
        *(digest.digest() for digest in digests),
        *(digest.hexdigest().encode() for digest in digests),
    ]
