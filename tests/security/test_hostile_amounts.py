"""Threats 16 and 17: an amount is whole, positive and in proportion, or it is none; in any script."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.security.callers import Caller, listener_of
from tests.services.till import Till
from tests.support.counters import PIN, Bench, bench
from tests.support.invariants import invariants_kept

METER = "12345678901"
HOSTILE = [
    *"-5 -50000 +50000 0.001 0,001 1e3 5e4 1_000 50_000 0x10 0b1 0o7 1/2 ½ ² 10² ³ ① ⑤ Ⅴ 五 五万 NaN nan inf".split(),
    *"-inf Infinity -0 0-0 1-1 1+1 1*1 50000.5 50000,5 50.000,00 50,000.00 1e-9 9e99 1e309 5rb- 50000- --5 $5".split(),
    *"٣4 4٣ ३৪ １2 ०0 ٥٠0 50000' 50000;-- {50000} %35 &#53; <5> null None true =5 @SUM(1) ‐5 −5 –5 ﹣5 '5'".split(),
    *(f"{number}" for number in (2**31 - 1, 2**31, 2**32, 2**53, 2**63 - 1, 2**63, 2**64, 10**18)),
    *(
        "9" * 100,
        "9" * 300,
        "0" * 100,
        "1" + "0" * 80,
        "99999999999999999",
        "50000\nx",
        "50 000 000 000 000",
    ),
    *("1.0", "00.5", "50000\u0660", "5 0x", "0000", "000", "-1", "- 50000", "50000 -", "0-50000", "5-0000"),
]


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Bench]:
    async with bench(tmp_path) as at, invariants_kept(at.store):
        await at.customer()
        yield at


def test_there_are_as_many_as_the_threat_table_wants():
    assert len(set(HOSTILE)) >= 91


async def test_no_hostile_amount_buys_or_awaits_anything(counter: Bench):
    """Typed where an amount is chosen, and where one is typed to top up."""
    phone = Caller(listener_of(counter))
    for typed in HOSTILE:
        shown = await phone.dials("0", "1", METER)
        assert "How much?" in shown
        shown = await phone.types(typed)
        assert "To pay, type your PIN." not in shown, typed
        await phone.types(PIN)
    awaited = await counter.store.tickets_awaited(limit=100)

    assert counter.provider.sent == []
    assert all(0 < one.amount.minor <= 10**12 for one in awaited)


def is_a_zero(sign: str) -> bool:
    return unicodedata.category(sign) == "Nd" and unicodedata.decimal(sign) == 0


# Those of phones' own keyboards come first in Unicode.
ZEROS = [sign for sign in map(chr, range(0x10000)) if is_a_zero(sign)][:17]


@pytest.mark.parametrize("zero", ZEROS, ids=map(unicodedata.name, ZEROS))
async def test_in_seventeen_scripts_a_whole_purchase_is_the_same(counter: Bench, zero: str):
    def script(digits: str) -> str:
        return "".join(chr(ord(zero) + int(digit)) for digit in digits)

    shown = await Caller(listener_of(counter)).dials(*(script(keys) for keys in ("1", METER, "2", PIN)))

    assert "Token 1234" in shown
    assert [one.reference for one in counter.provider.sent] == [METER]


@pytest.mark.parametrize("rupiah", [0, -1, -(10**9)])
async def test_no_leg_is_ever_negative(counter: Bench, rupiah: int):
    wallet = await counter.customer("+6281200001111")
    till = Till(counter, wallet)

    with pytest.raises(AssertionError):
        await till.top_up(rupiah)

    assert await till.available() == 200_000
