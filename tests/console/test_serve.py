"""`loket serve` as a process: how it ends, what it refuses to begin, and what its log never holds."""

from __future__ import annotations

import asyncio
import json
import re
import resource
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from core.domain.payment import Payment
from tests.support.dialects import NUMBER
from tests.support.houses import (
    FORM,
    HUBTELS,
    KEY,
    OURS,
    WEBHOOK_SECRET,
    Phone,
    Server,
    a_sandbox,
    inside,
    provider_at,
    served,
    started,
)

SLOW = "12345678905"
CANARY = "739182"


@pytest.fixture
async def customer(tmp_path: Path) -> Path:
    """A folder whose store knows somebody with money."""
    async with inside(tmp_path) as home:
        await home.customer()
    return tmp_path


async def at_the_pin(server: Server) -> Phone:
    """A customer who has only to type her PIN; the purchase will take the provider a while."""
    phone = server.phone()
    assert "type your PIN" in await phone.dials("1", SLOW, "2")
    return phone


async def last_payment(folder: Path) -> Payment:
    async with inside(folder) as home:
        return (await home.parts.store.newest_payments(state=None, limit=1))[0]


async def test_a_turn_under_way_is_answered_and_nobody_new_is_let_in(customer: Path):
    async with a_sandbox(slow_s=0.8) as url, served(customer, **provider_at(url)) as server:
        phone = await at_the_pin(server)
        turn = asyncio.create_task(phone.types("7391"))
        await asyncio.sleep(0.3)

        server.told_to_end()
        await asyncio.sleep(0.2)

        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", server.port)
        assert "Token" in await turn
        assert await server.ended() == 0
    assert (await last_payment(customer)).state == "captured"


async def test_a_payment_being_sent_is_finished_though_its_turn_was_answered(customer: Path):
    async with a_sandbox(slow_s=3.2) as url, served(customer, **provider_at(url)) as server:
        phone = await at_the_pin(server)
        assert "Token" not in await phone.types("7391")

        server.told_to_end()

        assert await server.ended() == 0
    assert (await last_payment(customer)).state == "captured"


async def test_told_twice_it_ends_at_once_and_finds_the_payment_again(customer: Path):
    async with a_sandbox(slow_s=30) as url:
        async with served(customer, **provider_at(url)) as server:
            phone = await at_the_pin(server)
            turn = asyncio.create_task(phone.types("7391"))
            await asyncio.sleep(0.3)

            server.told_to_end()
            await asyncio.sleep(0.2)
            server.told_to_end()

            assert await server.ended() != 0
            turn.cancel()
        async with served(customer, **provider_at(url)) as again:
            assert again.events()[0]["in_doubt"] == 1


async def test_a_second_server_on_the_same_store_is_refused(customer: Path):
    async with served(customer) as server:
        code, said = await failing(customer, "serve")

        assert (code, server.process.returncode) == (1, None)
        assert said == [
            f"loket: The store {customer / 'loket.db'} is already being served by process "
            f"{server.process.pid}. Stop that one first."
        ]


async def test_a_port_that_is_taken_is_named(tmp_path: Path):
    async with served(tmp_path) as server:
        (tmp_path / "other").mkdir()
        code, said = await failing(tmp_path / "other", "serve", PORT=str(server.port))

    assert code == 1
    assert said[-1] == f"loket: Cannot listen on 127.0.0.1 port {server.port}: Address already in use."


async def test_without_settings_each_one_missing_is_named(tmp_path: Path):
    code, said = await failing(tmp_path, "serve", SECRET_KEY="", PIN_PEPPER="1:short")

    assert code == 1
    assert said == [
        "loket: LOKET_SECRET_KEY is not set: keys the marks of what was typed and seals what waits; two, separated by a"
        " blank, while one is being changed (the first is used); 22 signs or more.",
        "loket: LOKET_PIN_PEPPER needs 22 signs or more.",
    ]


async def test_a_store_that_is_none_is_named(tmp_path: Path):
    (tmp_path / "loket.db").write_bytes(b"this is somebody's letter, and no database" * 100)

    code, said = await failing(tmp_path, "serve")

    assert code == 1
    assert said == [f"loket: The store {tmp_path / 'loket.db'} cannot be opened: file is not a database."]


async def test_a_store_that_is_lost_ends_the_process_and_a_restart_reads_the_truth(customer: Path):
    async with served(customer) as server:
        assert (await server.phone().dials()).startswith("CON ")

        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, 0))
        screen = await server.phone().dials()

        assert screen.startswith("END ")
        assert await server.ended() == 1
        assert [line["level"] for line in server.events() if line["event"] == "store_lost"] == ["error"]
    async with served(customer) as again:
        assert (await again.phone().dials()).startswith("CON ")


@pytest.fixture
async def talkative(customer: Path) -> AsyncIterator[Server]:
    """A server that says all it has to say."""
    async with a_sandbox() as url, served(customer, **provider_at(url), LOG_LEVEL="debug") as server:
        yield server


async def test_the_log_is_one_object_a_line_and_holds_no_pin_no_number_and_no_secret(talkative: Server):
    server = talkative
    await server.phone().dials("5", CANARY)
    await server.phone().dials("1", "12345678901", "2", "7391")
    for body in hostile_bodies():
        async with server.http.post(f"{server.url}/ussd/africastalking/{OURS}", data=body, headers=FORM) as reply:
            assert reply.status == 200
    for words in hostile_requests():
        await shout(server, words)
    server.told_to_end()
    assert await server.ended() == 0

    events, log = server.events(), "".join(server.log)

    assert {"open", "malformed_delivery", "closing"} <= {line["event"] for line in events}
    assert all({"event", "level", "timestamp"} <= line.keys() for line in events)
    hidden = (CANARY, "7391", NUMBER, NUMBER[1:], "12345678901", OURS, HUBTELS, KEY, WEBHOOK_SECRET)
    assert [secret for secret in hidden if secret in log] == []
    assert re.search(r"[^\x20-\x7e\n]", log) is None


def hostile_bodies() -> list[bytes]:
    """Deliveries with a PIN in them that nobody can read."""
    text = f"text=1*{CANARY}"
    return [
        text.encode(),
        f"sessionId=ATUid_1&phoneNumber={CANARY}&{text}".encode(),
        f"sessionId=%00%1b%E2%80%AE{CANARY}&phoneNumber={quote_plus(NUMBER)}&{text}".encode(),
        f"sessionId=&phoneNumber={quote_plus(NUMBER)}&{text}&{text}".encode(),
        b"\xff\xfe" + CANARY.encode("utf-16"),
        json.dumps({"text": CANARY}).encode(),
    ]


def hostile_requests() -> list[bytes]:
    """The same in requests that are no HTTP; the secret of the door may stand in them as well."""
    path = f"/ussd/africastalking/{OURS}".encode()
    body = f"text=1*{CANARY}".encode()
    return [
        b"POST " + path + b" HTTP/9.9\r\nHost: x\r\n\r\n" + body,
        b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nX-Odd\x00: " + body + b"\r\n\r\n",
        b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: -" + body + b"\r\n\r\n",
        b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"\r\n\r\n",
        b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\n" + body,
        path + b" " + body + b"\r\n\r\n",
        b"POST " + path + b"?" + body + b" HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 500 + b"\r\n",
    ]


async def shout(server: Server, words: bytes) -> None:
    """Say this to the port and listen until it hangs up, or for a moment."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(words)
        async with asyncio.timeout(0.5):
            while await reader.read(1024):
                pass
    except (ConnectionError, TimeoutError):
        pass  # no answer is an answer
    finally:
        writer.close()


async def failing(folder: Path, *words: str, **more: str) -> tuple[int | None, list[str]]:
    """What a command that cannot go on leaves behind: its exit code, and its sentences."""
    process = await started(folder, *words, **more)
    _, said = await process.communicate()
    return process.returncode, [line for line in said.decode().splitlines() if not line.startswith("{")]
