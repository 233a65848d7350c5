"""Every row of the fault table, over real HTTP: what the buyer sees, and what was really sold."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import pytest

from adapters.sandbox import FAULTS
from adapters.sandbox.numbers import script_table
from tests.sandbox.buyer import METER, USERNAME, Buyer, signed
from tests.sandbox.conftest import Open

PRICE = 20_125
PATIENCE_S = {True: 0.1, False: 5.0}  # with what stays silent, and with everything else
SILENT, RESET, CUT, GARBLED, PAGE, BROKEN = "silent", "reset", "cut", "garbled", "page", "http 500"

# What the first answer looks like (its rc if it can be read), and how many were sold by then.
ON_THE_WAY = {
    "no_answer_before": (SILENT, 0),
    "error_before": (BROKEN, 0),
    "reset_before": (RESET, 0),
    "html": (PAGE, 0),
    "no_answer_after": (SILENT, 1),
    "error_after": (BROKEN, 1),
    "reset_after": (RESET, 1),
    "garbage": (GARBLED, 1),
    "truncated": (GARBLED, 1),
    "half_a_body": (CUT, 1),
    "html_after": (PAGE, 1),
    "slow": ("00", 1),
    "huge": ("00", 1),
    "wrong_amount": ("00", 1),
    "tenfold_amount": ("00", 1),
    "wrong_number": ("00", 1),
    "wrong_ref": ("00", 1),
    "unmapped_rc": ("98", 1),
    "not_unique": ("49", 0),
    "not_unique_after": ("49", 1),
    "refused_ip": ("45", 0),
    "limited": ("83", 0),
}
# The first rc, and the last.
COURSES = {
    "fails": ("02", "02"),
    "times_out": ("01", "01"),
    "wrong_destination": ("54", "54"),
    "disturbed": ("55", "55"),
    "cut_off": ("58", "58"),
    "no_bill": ("60", "60"),
    "kwh_limit": ("73", "73"),
    "pending_success": ("03", "00"),
    "pending_failure": ("03", "02"),
    "router_issue": ("99", "00"),
    "late_success": ("02", "00"),
    "refunded_later": ("00", "74"),
    "lagging_status": ("03", "00"),
    "callback_missing": ("03", "00"),
    "callback_twice": ("03", "00"),
    "callback_disordered": ("03", "00"),
    "callback_forged": ("03", "02"),
    "callback_wrong_amount": ("03", "00"),
    "callback_contradicts": ("03", "00"),
}


@pytest.fixture
async def buyer(open_sandbox: Open) -> Buyer:
    return await open_sandbox(slow_s=0.03, huge_bytes=256 * 1024)


def test_every_row_of_the_fault_table_is_tried_here() -> None:
    assert {"none", *ON_THE_WAY, *COURSES} == set(FAULTS)


@pytest.mark.parametrize("name", ON_THE_WAY)
async def test_a_spoilt_answer_never_decides_what_was_sold(buyer: Buyer, name: str) -> None:
    looks, sold = ON_THE_WAY[name]
    await buyer.queue(name)

    assert await _what_is_seen(buyer, "t1", patience_s=PATIENCE_S[looks == SILENT]) == looks
    assert len(await buyer.ledger()) == sold

    again = await buyer.buy("t1")
    (sale,) = await buyer.ledger()
    assert (again["rc"], sale["rc"], sale["received"]) == ("00", "00", 2)
    assert await buyer.balance() == 1_000_000 - PRICE


@pytest.mark.parametrize("name", COURSES)
async def test_a_transaction_takes_the_course_of_its_fault(buyer: Buyer, name: str) -> None:
    first, last = COURSES[name]
    await buyer.queue(name)

    assert (await buyer.buy("t1"))["rc"] == first
    assert (await buyer.buy("t1"))["rc"] == first
    await buyer.settle()

    assert (await buyer.buy("t1"))["rc"] == last
    assert (await buyer.ledger())[0]["rc"] == last
    assert await buyer.balance() == 1_000_000 - (PRICE if last == "00" else 0)


@pytest.mark.parametrize(
    ("name", "field"),
    [("wrong_amount", "price"), ("tenfold_amount", "price"), ("wrong_number", "customer_no"), ("wrong_ref", "ref_id")],
)
async def test_a_wrong_echo_differs_in_one_field_only(buyer: Buyer, name: str, field: str) -> None:
    await buyer.queue(name)

    wrong = await buyer.buy("t1")
    right = await buyer.buy("t1")

    assert {key for key in right if right[key] != wrong[key]} == {field}


async def test_a_late_success_takes_the_money_again(buyer: Buyer) -> None:
    await buyer.queue("late_success")
    await buyer.buy("t1")
    assert await buyer.balance() == 1_000_000

    await buyer.settle()

    assert await buyer.balance() == 1_000_000 - PRICE


async def test_a_refund_gives_the_money_back(buyer: Buyer) -> None:
    await buyer.queue("refunded_later")
    await buyer.buy("t1")
    assert await buyer.balance() == 1_000_000 - PRICE

    await buyer.settle()

    assert await buyer.balance() == 1_000_000


async def test_a_lagging_bill_was_paid_while_its_status_knows_nothing(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1")
    await buyer.queue("lagging_status")

    assert (await buyer.bill("pay-pasca", "b1"))["rc"] == "03"
    assert (await buyer.bill("status-pasca", "b1"))["rc"] == "50"
    assert [sale["rc"] for sale in await buyer.ledger()] == ["00"]

    buyer.wall.forward(seconds=60)
    assert (await buyer.bill("status-pasca", "b1"))["rc"] == "00"


async def test_a_silent_sandbox_notices_that_the_buyer_hung_up_and_stops_at_once(open_sandbox: Open) -> None:
    buyer = await open_sandbox(hang_s=30.0)
    await buyer.queue("no_answer_after")

    assert await _what_is_seen(buyer, "t1", patience_s=PATIENCE_S[True]) == SILENT
    assert (await buyer.buy("t2"))["rc"] == "00"


# ---- which request a fault strikes


async def test_queued_faults_strike_sales_in_turn_and_leave_other_calls_alone(buyer: Buyer) -> None:
    await buyer.queue("fails", "pending_success")

    assert (await buyer.bill("inq-pasca", "b1"))["rc"] == "00"
    assert (await buyer.ask("/v1/inquiry-pln", METER, customer_no=METER))["rc"] == "00"
    assert [(await buyer.buy(ref))["rc"] for ref in ("t1", "t2", "t3")] == ["02", "03", "00"]


async def test_a_fault_may_wait_for_a_call_and_a_ref_id(buyer: Buyer) -> None:
    await buyer.queue(
        {"fault": "fails", "ref_id": "t2"},
        {"fault": "times_out", "call": "inq-pasca", "times": 2},
        {"fault": "limited", "call": "price-list"},
        {"fault": "error_before", "call": "any", "ref_id": "b9"},
    )

    assert [(await buyer.buy(ref))["rc"] for ref in ("t1", "t2")] == ["00", "02"]
    assert [(await buyer.bill("inq-pasca", "b1"))["rc"] for _ in range(3)] == ["01", "01", "00"]
    assert (await buyer.prices("prepaid"))["rc"] == "83"
    assert len(await buyer.prices("prepaid")) > 50
    assert await buyer.get("/sandbox/faults") == {**await buyer.get("/sandbox/faults"), "next": ["error_before"]}


async def test_rates_strike_as_often_as_they_say_and_the_same_again_with_the_same_seed(open_sandbox: Open) -> None:
    seen = []
    for seed in (7, 7, 8):
        buyer = await open_sandbox(opening_deposit=100_000_000)
        await buyer.post("/sandbox/faults", {"rates": {"fails": 0.2, "pending_success": 0.1}, "seed": seed})
        seen.append([(await buyer.buy(f"t{number}"))["rc"] for number in range(200)])

    assert seen[0] == seen[1] != seen[2]
    assert 20 <= seen[0].count("02") <= 60
    assert 8 <= seen[0].count("03") <= 35


async def test_cleared_faults_strike_no_more(buyer: Buyer) -> None:
    await buyer.post("/sandbox/faults", {"next": ["fails"], "rates": {"pending_success": 1.0}})
    async with buyer.session.delete(f"{buyer.url}/sandbox/faults") as response:
        assert await response.json() == {"next": [], "rates": {}, "seed": 1}

    assert (await buyer.buy("t1"))["rc"] == "00"


@pytest.mark.parametrize(
    "wish",
    [
        {"next": ["nosuch"]},
        {"next": [{"fault": "fails", "call": "nosuch"}]},
        {"next": [{"fault": "fails", "when": "now"}]},
        {"next": [{"fault": "fails", "times": 0}]},
        {"next": "fails"},
        {"rates": {"nosuch": 0.1}},
        {"rates": {"fails": 1.5}},
        {"rates": {"fails": "often"}},
        {"rates": {"fails": 0.6, "slow": 0.6}},
        {"sed": 1},
    ],
)
async def test_a_wish_that_makes_no_sense_is_refused_with_a_sentence(buyer: Buyer, wish: dict[str, object]) -> None:
    reply = await buyer.post("/sandbox/faults", wish)

    assert buyer.http_status == 400
    assert reply["error"].endswith(".")


# ---- test numbers


async def test_the_meter_series_is_documented_in_one_table(buyer: Buyer) -> None:
    table = await buyer.get("/sandbox/numbers")

    assert [(row["for"], row["number"], row["story"]) for row in table] == list(script_table())
    assert {f"123456789{ending:02d}" for ending in range(1, 32)} <= {row["number"] for row in table}


@pytest.mark.parametrize(
    ("number", "looks", "sold"),
    [
        ("12345678905", "00", 1),
        ("12345678906", SILENT, 1),
        ("12345678907", BROKEN, 0),
        ("12345678908", BROKEN, 1),
        ("12345678909", GARBLED, 1),
        ("12345678911", SILENT, 0),
        ("12345678929", "49", 1),
    ],
)
async def test_a_scripted_meter_spoils_the_first_request_only(buyer: Buyer, number: str, looks: str, sold: int) -> None:
    assert await _what_is_seen(buyer, "t1", number, patience_s=PATIENCE_S[looks == SILENT]) == looks
    assert len(await buyer.ledger()) == sold

    assert (await buyer.buy("t1", number))["rc"] == "00"
    assert await buyer.balance() == 1_000_000 - PRICE


async def test_a_meter_whose_check_is_slow_or_silent_sells_all_the_same(buyer: Buyer) -> None:
    body = {"username": USERNAME, "customer_no": "12345678925", "sign": signed("12345678925")}
    with pytest.raises(TimeoutError):
        await buyer.session.post(f"{buyer.url}/v1/inquiry-pln", json=body, timeout=aiohttp.ClientTimeout(total=0.1))

    assert (await buyer.ask("/v1/inquiry-pln", "12345678924", customer_no="12345678924"))["rc"] == "00"
    assert (await buyer.buy("t1", "12345678925"))["rc"] == "00"


async def test_a_bill_number_may_lose_the_answer_of_its_payment(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1", "530000000000")
    body = {"commands": "pay-pasca", "buyer_sku_code": "pln", "customer_no": "530000000000", "ref_id": "b1"}
    async with buyer.session.post(
        f"{buyer.url}/v1/transaction", json={**body, "username": USERNAME, "sign": signed("b1")}
    ) as response:
        assert response.status == 500

    assert (await buyer.bill("status-pasca", "b1", "530000000000"))["rc"] == "00"


async def _what_is_seen(buyer: Buyer, ref_id: str, number: str = METER, *, patience_s: float) -> str:
    """One word for how the answer to a purchase looks from outside."""
    order = {"buyer_sku_code": "pln20", "customer_no": number, "ref_id": ref_id}
    body = {**order, "username": USERNAME, "sign": signed(ref_id)}
    try:
        return await _read(buyer, body, aiohttp.ClientTimeout(total=patience_s))
    except TimeoutError:
        return SILENT
    except aiohttp.ClientPayloadError:
        return CUT
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        return RESET


async def _read(buyer: Buyer, body: dict[str, Any], patience: aiohttp.ClientTimeout) -> str:
    url = f"{buyer.url}/v1/transaction"
    async with buyer.session.post(url, json=body, timeout=patience) as response:
        raw = await response.read()
    if response.status == 500:
        return BROKEN
    if response.content_type == "text/html":
        return PAGE
    try:
        return str(json.loads(raw)["data"]["rc"])
    except ValueError:
        return GARBLED
