"""Of several processes on one store, one at a time is at a piece of work; and who was asleep writes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.claim import Claim, Fenced
from core.ports import Book, Key
from core.services.claim import has_role, let_go, take, wanted_to_let_go
from core.services.counter import Counter
from tests.support.counters import Bench, bench

WORK = "payment:p1"
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def bench_(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as opened:
        yield opened


@pytest.fixture
def ana(bench_: Bench) -> Counter:
    return replace(bench_.counter, worker="ana")


@pytest.fixture
def budi(bench_: Bench) -> Counter:
    return replace(bench_.counter, worker="budi")


@dataclass(frozen=True)
class WriteAbout:
    """Some work that ends with its claim."""

    claim: Claim | None
    counter: Counter

    def wants(self) -> Sequence[Key[object]]:
        return wanted_to_let_go(self.claim)

    def decide(self, book: Book) -> None:
        let_go(self.claim, book, now=self.counter.clock.now())


async def test_what_one_is_at_another_does_not_get(ana: Counter, budi: Counter):
    assert WORK in await take(ana, [WORK], lasts=A_MINUTE)
    assert await take(budi, [WORK, "payment:p2"], lasts=A_MINUTE) == {
        "payment:p2": Claim("payment:p2", "budi", budi.clock.now() + A_MINUTE, version=1)
    }


async def test_who_dies_at_work_is_followed_once_the_claim_has_run_out(ana: Counter, budi: Counter, bench_: Bench):
    await take(ana, [WORK], lasts=A_MINUTE)
    bench_.clock.pass_by(seconds=60)
    assert WORK in await take(budi, [WORK], lasts=A_MINUTE)


async def test_who_was_asleep_writes_nothing(ana: Counter, budi: Counter, bench_: Bench):
    hers = (await take(ana, [WORK], lasts=A_MINUTE))[WORK]
    bench_.clock.pass_by(seconds=61)
    await take(budi, [WORK], lasts=A_MINUTE)

    with pytest.raises(Fenced):
        await bench_.store.commit(WriteAbout(hers, ana))

    now_his = await bench_.store.read(Claim, WORK)
    assert now_his is not None
    assert now_his.holder == "budi"


async def test_nor_when_the_other_has_already_finished(ana: Counter, budi: Counter, bench_: Bench):
    hers = (await take(ana, [WORK], lasts=A_MINUTE))[WORK]
    bench_.clock.pass_by(seconds=61)
    his = (await take(budi, [WORK], lasts=A_MINUTE))[WORK]
    await bench_.store.commit(WriteAbout(his, budi))

    with pytest.raises(Fenced):
        await bench_.store.commit(WriteAbout(hers, ana))


async def test_who_slept_on_while_nobody_took_over_goes_on(ana: Counter, bench_: Bench):
    hers = (await take(ana, [WORK], lasts=A_MINUTE))[WORK]
    bench_.clock.pass_by(seconds=3_600)
    await bench_.store.commit(WriteAbout(hers, ana))


async def test_what_is_done_is_free_at_once(ana: Counter, budi: Counter, bench_: Bench):
    hers = (await take(ana, [WORK], lasts=A_MINUTE))[WORK]
    await bench_.store.commit(WriteAbout(hers, ana))
    assert WORK in await take(budi, [WORK], lasts=A_MINUTE)


async def test_a_role_is_one_process_s_for_as_long_as_it_asks_again_in_time(ana: Counter, budi: Counter, bench_: Bench):
    for _ in range(3):
        assert await has_role(ana, "prices", lasts=A_MINUTE)
        assert not await has_role(budi, "prices", lasts=A_MINUTE)
        bench_.clock.pass_by(seconds=59)
    bench_.clock.pass_by(seconds=1)
    assert await has_role(budi, "prices", lasts=A_MINUTE)
    assert not await has_role(ana, "prices", lasts=A_MINUTE)


async def test_who_has_the_store_alone_has_every_role_and_writes_no_claim(bench_: Bench):
    assert await has_role(bench_.counter, "prices", lasts=A_MINUTE)
    await bench_.store.commit(WriteAbout(None, bench_.counter))
    assert await bench_.store.read(Claim, "role:prices") is None
