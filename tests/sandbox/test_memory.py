"""What the sandbox remembers: over restarts, over a kill, and to the last rupiah."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.sandbox import FAULTS, SandboxOptions, UnusableBook, running
from tests.sandbox.buyer import KEY, SECRET, USERNAME, Buyer, Wall

DEPOSIT = 2_000_000
CHILD = """
import asyncio, sys
from pathlib import Path
from adapters.sandbox import SandboxOptions, serve
options = SandboxOptions(username="{0}", api_key="{1}", port=0, data_file=Path(sys.argv[1]))
asyncio.run(serve(options, started=lambda url: print(url, flush=True), stop=asyncio.Event()))
"""


def _options(**wishes: object) -> SandboxOptions:
    usual = {"username": USERNAME, "api_key": KEY, "webhook_secret": SECRET, "port": 0, "opening_deposit": DEPOSIT}
    return SandboxOptions(**{**usual, **wishes})  # type: ignore[arg-type]


async def test_a_restarted_sandbox_remembers_what_it_sold(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "sandbox.db"
    async with aiohttp.ClientSession() as session:
        async with running(_options(data_file=file, now=wall)) as url:
            before = Buyer(session, url, wall)
            sold = await before.buy("t1")
            pending = await before.buy("t2", "12345678903")
            await before.bill("inq-pasca", "b1")
            ledger = await before.get("/sandbox/ledger")

        async with running(_options(data_file=file, now=wall)) as url:
            after = Buyer(session, url, wall)
            assert await after.get("/sandbox/ledger") == ledger
            assert (await after.buy("t1"))["sn"] == sold["sn"]
            wall.forward(seconds=8)
            assert pending["rc"] == "03"
            assert (await after.buy("t2", "12345678903"))["rc"] == "00"
            assert (await after.bill("pay-pasca", "b1"))["rc"] == "00"


async def test_a_killed_sandbox_remembers_every_sale_it_answered(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    async with aiohttp.ClientSession() as session:
        child, url = await _start(file)
        sold = await Buyer(session, url, Wall()).buy("t1")
        os.kill(child.pid, signal.SIGKILL)
        await child.communicate()

        wall = Wall()
        async with running(_options(data_file=file)) as again:
            (sale,) = await Buyer(session, again, wall).ledger()
    assert (sale["rc"], sale["sn"]) == ("00", sold["sn"])


async def _start(file: Path) -> tuple[asyncio.subprocess.Process, str]:
    source = CHILD.format(USERNAME, KEY)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", source, str(file), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    return child, (await child.stdout.readline()).decode().strip()


async def test_one_file_is_kept_by_one_sandbox(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    async with running(_options(data_file=file)):
        with pytest.raises(UnusableBook, match="database is locked"):
            async with running(_options(data_file=file)):
                pass


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableBook, match="nowhere"):
        async with running(_options(data_file=tmp_path / "nowhere" / "sandbox.db")):
            pass


async def test_a_file_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear Siti, " * 200)

    with pytest.raises(UnusableBook, match="not a database"):
        async with running(_options(data_file=file)):
            pass

    assert file.read_text() == "Dear Siti, " * 200


async def test_without_a_file_nothing_is_remembered() -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(2):
            async with running(_options()) as url:
                buyer = Buyer(session, url, Wall())
                assert await buyer.ledger() == []
                await buyer.buy("t1")


# ---- the deposit, whatever happens

sales = st.tuples(
    st.sampled_from(["pln20", "pln100", "pln500"]),
    st.sampled_from(["t1", "t2", "t3", "t4"]),
    st.sampled_from(sorted(set(FAULTS) - {"no_answer_before", "no_answer_after", "slow", "huge"})),
)
bills = st.tuples(st.just("bill"), st.sampled_from(["b1", "b2"]), st.sampled_from(["530000000001", "530000000007"]))
times = st.tuples(st.sampled_from(["settle", "later", "next day", "ninety days"]), st.just(""), st.just(""))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=st.lists(st.one_of(sales, bills, times), min_size=1, max_size=14))
def test_the_deposit_and_what_was_kept_are_what_was_put_in(story: list[tuple[str, str, str]]) -> None:
    asyncio.run(_live_through(story))


async def _live_through(story: list[tuple[str, str, str]]) -> None:
    wall = Wall()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        buyer = Buyer(session, await stack.enter_async_context(running(_options(now=wall))), wall)
        for step in story:
            await _take(buyer, *step)
            seen = await buyer.get("/sandbox/ledger")
            assert seen["deposit"] + seen["kept"] == seen["put_in"] == DEPOSIT
            assert seen["kept"] == sum(
                sale["price"] for sale in seen["sales"] if sale["state"] in {"Sukses", "Pending"}
            )
            assert len({(sale["ref_id"], sale["nth"]) for sale in seen["sales"]}) == len(seen["sales"])


async def _take(buyer: Buyer, what: str, ref_id: str, how: str) -> None:
    if what == "settle":
        await buyer.settle()
    elif what in AHEAD:
        buyer.wall.forward(**AHEAD[what])
    elif what == "bill":
        await buyer.bill("inq-pasca", ref_id, how)
        await buyer.bill("pay-pasca", ref_id, how)
    else:
        await buyer.queue(how)
        with suppress(aiohttp.ClientError, ValueError):  # spoilt on the way; the ledger is right all the same
            await buyer.buy(ref_id, sku=what)


AHEAD = {"later": {"seconds": 9}, "next day": {"days": 1}, "ninety days": {"days": 91}}
