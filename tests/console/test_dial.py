"""`loket dial` as a process of its own: against a server, and against the local store."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from click.testing import CliRunner

from console.commands.dial import dial as command
from console.commands.dial import over_http
from core.conversation.pace import Pace
from tests.support.dialects import NUMBER, BehindAfricasTalking
from tests.support.parrot import English, Parrot
from ussd.app import Door, ussd_routes
from ussd.desk import Desk
from ussd.phone import NoNetwork

SECRET = "a-secret-of-22-signs-at-least"


async def test_a_script_talks_to_a_server(tmp_path: Path):
    parrot = Parrot(last_after=3)
    app = web.Application()
    app.add_routes(ussd_routes(Desk(parrot, English(), Pace(5, 10)), [Door(BehindAfricasTalking().gateway, [SECRET])]))

    async with TestServer(app) as server:
        url = str(server.make_url("/"))
        code, out, err = await dial(
            tmp_path, "*384*7#", "--url", url, typed="1\n5*5\n", LOKET_AFRICASTALKING_SECRET=SECRET
        )

    assert (code, err) == (0, "")
    assert parrot.heard == [("7",), "1", "5*5", None]
    assert "Heard 3" in out


async def test_a_wrong_secret_is_said_so():
    async with TestServer(web.Application()) as server:
        url = str(server.make_url("/"))
        async with over_http(url, SECRET) as network:
            with pytest.raises(NoNetwork, match=f"^No counter at {url} knows this secret.$"):
                await network.dial({})


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "nonsense", "ftp://127.0.0.1", "http://[", ""])
async def test_nobody_at_home_is_said_so(url: str, unused_tcp_port: int):
    url = url.format(port=unused_tcp_port)

    async with over_http(url, SECRET) as network:
        with pytest.raises(NoNetwork) as refused:
            await network.dial({})

    assert str(refused.value) == f"No counter answers at {url}."


async def test_a_stranger_is_greeted_at_the_local_store(tmp_path: Path):
    secrets = {"LOKET_SECRET_KEY": SECRET, "LOKET_PIN_PEPPER": f"1:{SECRET}", "LOKET_FIELD_KEYS": f"1:{SECRET}"}

    code, out, err = await dial(tmp_path, "*384#", typed="2\nq\n", **secrets)

    assert (code, err) == (0, "")
    assert out.count("┌") == 2
    assert "English" in out


async def test_a_demo_of_its_own_needs_no_settings(tmp_path: Path):
    code, out, err = await dial(tmp_path, "*384#", "--demo", typed="2\n1\n1985\n7391\n7391\n1\n12345678901\n")

    assert (code, err) == (0, "")
    assert "Welcome. Your wallet is open." in out
    assert "SITI A***" in out


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["384"], "384 is nothing a phone dials: write a short code like '*384#', in quotes."),
        (["*384#", "--url", "http://127.0.0.1:1"], "--url needs --secret, or LOKET_AFRICASTALKING_SECRET."),
        (["*384#", "--as", "08"], "08 is not a phone number like +6281234567890."),
    ],
)
def test_a_slip_is_said_in_one_sentence(given: list[str], sentence: str):
    done = CliRunner(env={"LOKET_AFRICASTALKING_SECRET": None}).invoke(command, ["--as", NUMBER, *given])

    assert done.exit_code == 2
    assert sentence in done.output


async def dial(folder: Path, *given: str, typed: str = "", **settings: str) -> tuple[int, str, str]:
    """Run the command in an empty folder with nothing set but `settings`; answers exit code, output and errors."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LOKET_")}
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("loket"),
        "dial",
        *given,
        "--as",
        NUMBER,
        cwd=folder,
        env={**clean, **settings},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(typed.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
