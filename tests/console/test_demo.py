"""The demo over HTTP: phones that speak through a real gateway's door, and the operator's view beside them."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from adapters.settings import secrets_of
from console.demo.books import Books
from console.demo.folder import folder_at
from console.demo.lookout import masked_reference
from console.demo.people import PEOPLE, SITI, STRANGER
from console.demo.run import CannotOpen, free
from console.demo.site import PAGE
from console.house import open_house
from core.refusal import Fault
from tests.support.visitor import Json, Visitor, visiting

FOREIGN = re.compile(r"(?:https?:)?//(?!www\.w3\.org/2000/svg)[a-z0-9]")

INLINE = re.compile(r"<[^>]*\s(?:style|on\w+)=")


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path) as somebody:
        yield somebody


# ---- buying


async def test_a_token_is_bought_and_every_rupiah_of_it_is_seen(visitor: Visitor):
    before = await visitor.sees(lambda view: view["wallets"]["siti"]["amount_minor"] == 250_000_00)

    screen = await visitor.call("siti", "4", "1", "2", SITI.pin)
    view = await visitor.sees(lambda view: len(view["messages"]) > len(before["messages"]) and paid(view))

    token = re.search(r"(\d{4} ){4}\d{4}", screen["words"])
    assert token
    assert screen["left"] + len(screen["words"]) == screen["room"] == 160
    assert view["wallets"]["siti"]["amount_minor"] == 197_500_00
    assert view["book"]["held_minor"] == view["book"]["sum_minor"] == 0
    assert view["payments"][0]["trail"] == ["quoted", "authorized", "submitted", "captured"]
    assert [entry["kind"] for entry in view["entries"][:2]] == ["capture", "authorize"]
    assert all(sum(line["amount_minor"] for line in entry["lines"]) == 0 for entry in view["entries"])
    assert [call["call"] for call in view["calls"][:2]] == ["Sell this", "Whose number is this?"]
    assert token[0] in (await messages_of(visitor, "siti"))[0]["words"]


async def test_what_is_seen_holds_no_whole_number_and_no_token(visitor: Visitor):
    await visitor.call("siti", "4", "1", "1", SITI.pin)
    seen = repr(await visitor.sees(paid))
    token = (await messages_of(visitor, "siti"))[0]["words"].splitlines()[0].removeprefix("Token ")

    for secret in (token, token.replace(" ", ""), SITI.reference, SITI.pin, *(one.msisdn for one in PEOPLE.values())):
        assert secret not in seen
    assert "•••8901" in seen


async def test_a_stranger_opens_a_wallet_and_is_topped_up(visitor: Visitor):
    refused = await visitor.try_to_ask("top-up", person="stranger")
    await visitor.call("stranger", "2", "1", "1985", "7391", "7391")
    for _ in range(2):
        await visitor.ask("top-up", person="stranger")
    view = await visitor.sees(lambda view: bool(view["wallets"]["stranger"]["amount_minor"]))

    assert refused == (400, {"error": "Stranger has no wallet yet: dial *384# first."})
    assert view["wallets"]["stranger"] == {"state": "active", "amount_minor": 100_000_00}


async def test_a_payment_in_doubt_keeps_its_hold_until_the_provider_is_well_again(visitor: Visitor):
    await visitor.ask("provider", mood="silent")
    await visitor.call("siti", "4", "1", "1", SITI.pin)
    doubt = await visitor.sees(lambda view: first_state(view) == "in_doubt")
    await visitor.ask("provider", mood="well")
    end = await visitor.sees(paid)

    assert (doubt["provider"], end["provider"]) == ("silent", "well")
    assert (doubt["book"]["held_minor"], end["book"]["held_minor"]) == (22_500_00, 0)
    assert end["payments"][0]["trail"] == ["quoted", "authorized", "submitted", "in_doubt", "captured"]


async def test_a_refused_sale_gives_the_money_back(visitor: Visitor):
    await visitor.ask("provider", mood="fails")
    await visitor.call("siti", "4", "1", "1", SITI.pin)
    view = await visitor.sees(lambda view: first_state(view) == "voided")

    assert view["wallets"]["siti"]["amount_minor"] == 250_000_00
    assert view["entries"][0]["kind"] == "void"


# ---- the page, and who may ask what


async def test_the_page_needs_nothing_from_elsewhere(visitor: Visitor):
    for path in ("", *(f"/page/{file.name}" for file in PAGE.iterdir())):
        async with visitor.http.get(visitor.page + path) as reply:
            words = await reply.text()
            policy = reply.headers["Content-Security-Policy"]

        assert reply.status == 200
        assert policy.startswith("default-src 'self';")
        assert "unsafe" not in policy
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert not FOREIGN.search(words), path
        assert not INLINE.search(words), path


async def test_the_gateways_secret_stays_behind_the_page(visitor: Visitor):
    (secret,) = secrets_of(visitor.house.settings.africastalking_secret)
    for path in ("", "/stage"):
        async with visitor.http.get(visitor.page + path) as reply:
            assert secret not in await reply.text()
    async with visitor.http.post(f"http://127.0.0.1:{visitor.house.port}/ussd/africastalking/wrong") as shut:
        assert shut.status == 404


@pytest.mark.parametrize(
    ("what", "fields", "sentence"),
    [
        ("phone", {"person": "siti"}, "This takes an object of person, session, text."),
        ("phone", {"person": "joko", "session": "abcdefgh", "text": ""}, "Nobody here is called that."),
        ("phone", {"person": "siti", "session": "a b", "text": ""}, "session is 8 to 64 letters and digits."),
        ("phone", {"person": "siti", "session": "abcdefgh", "text": 1}, "text is not a short text."),
        ("phone", {"person": "siti", "session": "abcdefgh", "text": "1" * 5000}, "text is not a short text."),
        ("messages", {}, "This takes an object of person."),
        ("provider", {"mood": "bad"}, "The provider may be well, slow, pending, silent, fails."),
    ],
)
async def test_what_does_not_fit_is_refused_with_a_sentence(
    visitor: Visitor, what: str, fields: dict[str, object], sentence: str
):
    status, said = await visitor.try_to_ask(what, **fields)

    assert status == 400
    assert said["error"].startswith(sentence)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1:99999999"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_another_site_cannot_order_anything(visitor: Visitor, headers: dict[str, str], status: int):
    async with visitor.http.post(f"{visitor.page}/top-up", data='{"person": "siti"}', headers=headers) as reply:
        assert reply.status == status


async def test_a_counter_in_earnest_has_no_demo(visitor: Visitor, tmp_path: Path):
    elsewhere = f"sqlite:///{tmp_path / 'earnest.db'}"
    settings = visitor.house.settings.model_copy(update={"port": 0, "console_port": 0, "database_url": elsewhere})

    async with open_house(settings) as house, visitor.http.get(f"http://127.0.0.1:{house.console_port}/demo") as reply:
        assert reply.status == 404


# ---- opening and closing


async def test_a_second_start_goes_on_where_the_first_stopped(tmp_path: Path):
    async with visiting(tmp_path) as first:
        await first.call("siti", "4", "1", "1", SITI.pin)
        before = await first.sees(paid)
    async with visiting(tmp_path) as second:
        after = await second.sees(paid)
        balance = await second.call("siti", "5", SITI.pin)

    assert after["entries"] == before["entries"]
    assert "Rp227.500" in balance["words"]
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", [".env", "loket.db", "notes.txt"])
def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path, name: str):
    (tmp_path / name).write_text("LOKET_SECRET_KEY=in-earnest\n")

    with pytest.raises(Fault, match="holds something else than a demo"), folder_at(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_nobody_asked_for_is_gone_afterwards():
    with folder_at(None) as fresh:
        (fresh / "loket.db").touch()

    assert not fresh.exists()


async def test_a_reader_does_not_hold_up_the_end(tmp_path: Path):
    async with aiohttp.ClientSession() as http:
        async with visiting(tmp_path) as visitor:
            reply = await http.get(f"{visitor.page}/live")
            closing_at = asyncio.get_running_loop().time()
        took_s = asyncio.get_running_loop().time() - closing_at
        reply.close()

    assert took_s < 5


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotOpen, match=f"^Port {port} is taken: choose another one with --port"):
            free(port, "--port")


async def test_the_command_says_where_the_page_is_and_ends_when_told(tmp_path: Path):
    process = await loket("demo", "--port", "0", "--console-port", "0", "--folder", str(tmp_path / "kept"))
    assert process.stdout is not None
    welcome = (await asyncio.wait_for(process.stdout.readline(), 30)).decode()
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), 30)

    assert re.match(r"The counter is open: http://127\.0\.0\.1:\d+/demo  \(its store is in .*/kept; ", welcome)
    assert (process.returncode, out, err) == (0, b"", b"")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--rate", "nosuch=1"], "loket: There is no fault 'nosuch'."),
        (["--port", "9", "--console-port", "9"], "loket: Gateways and the page need two ports"),
        (["--folder", "/dev/null/x"], "loket: Cannot keep the demo in /dev/null/x: Not a directory."),
    ],
)
async def test_a_slip_is_said_in_one_sentence(given: list[str], sentence: str):
    process = await loket("demo", "--port", "0", "--console-port", "0", *given)
    out, err = await asyncio.wait_for(process.communicate(), 30)

    assert (process.returncode, out) == (1, b"")
    assert err.decode().startswith(sentence)
    assert err.count(b"\n") == 1


# ---- small rules


@pytest.mark.parametrize(("whole", "shown"), [("12345678901", "•••8901"), ("12345", "•••2345"), ("1234", "•••")])
def test_of_a_reference_the_end_is_shown(whole: str, shown: str):
    assert masked_reference(whole) == shown


def test_an_empty_book_has_nothing_in_it():
    books = Books()

    assert (books.held, books.deposit, books.earned, books.sum, books.last) == (0, 0, 0, 0, 0)


def test_the_demos_numbers_are_nobodys():
    assert STRANGER.msisdn == "+6281234567890"
    assert len({person.msisdn for person in PEOPLE.values()}) == len(PEOPLE)


def first_state(view: Json) -> str | None:
    return view["payments"][0]["state"] if view["payments"] else None


def paid(view: Json) -> bool:
    return first_state(view) == "captured"


async def messages_of(visitor: Visitor, person: str) -> list[Json]:
    """Once the newest payment's message has left."""
    await visitor.sees(lambda view: view["messages"][0]["about"] == "Receipt" and view["messages"][0]["sent"])
    found = await visitor.ask("messages", person=person)
    return list(found["messages"])


async def loket(*words: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("loket"),
        *words,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
