"""Bills: inquiry, payment, status, and the day they belong to."""

from __future__ import annotations

import pytest

from tests.sandbox.buyer import BILLED, METER, Buyer
from tests.sandbox.conftest import Open

DEPOSIT = 20_000_000
SERIES = {
    "pln": "53000000000",
    "pdam-bandung": "1020200",
    "bpjs": "880123456000",
    "fif": "639160120",
    "adira": "639160120",
    "telkom": "021555010",
    "indihome": "12213000010",
    "tv-transvision": "12724650010",
    "pgn": "011001460",
}
COMMON = {
    *("ref_id", "customer_no", "customer_name", "buyer_sku_code", "admin", "message", "status", "rc", "periode"),
    *("buyer_last_saldo", "price", "selling_price", "desc"),
}
SHOWN = {
    "pln": {"tarif", "daya", "lembar_tagihan", "detail"},
    "pdam-bandung": {"tarif", "lembar_tagihan", "alamat", "jatuh_tempo", "detail"},
    "bpjs": {"jumlah_peserta", "lembar_tagihan", "alamat", "detail"},
    "fif": {"lembar_tagihan", "item_name", "no_rangka", "no_pol", "tenor", "detail"},
    "adira": {"lembar_tagihan", "item_name", "no_rangka", "no_pol", "tenor", "detail"},
    "telkom": {"lembar_tagihan", "detail"},
    "indihome": {"lembar_tagihan", "detail"},
    "tv-transvision": {"lembar_tagihan", "detail"},
    "pgn": {"lembar_tagihan", "alamat", "detail"},
}


@pytest.fixture
async def buyer(open_sandbox: Open) -> Buyer:
    return await open_sandbox(opening_deposit=DEPOSIT)


@pytest.mark.parametrize("sku", SERIES)
async def test_a_bill_is_found_paid_and_told_with_the_documented_fields(buyer: Buyer, sku: str) -> None:
    number = SERIES[sku] + "1"
    found = await buyer.bill("inq-pasca", "b1", number, sku)
    assert await buyer.balance() == DEPOSIT
    paid = await buyer.bill("pay-pasca", "b1", number, sku)
    told = await buyer.bill("status-pasca", "b1", number, sku)

    assert set(found) == COMMON
    assert set(found["desc"]) == SHOWN[sku]
    assert set(paid) == COMMON | {"sn"}
    assert told == paid
    assert {name: paid[name] for name in COMMON - {"buyer_last_saldo"}} == {
        name: found[name] for name in COMMON - {"buyer_last_saldo"}
    }
    assert paid["buyer_last_saldo"] == await buyer.balance() == DEPOSIT - found["price"]


async def test_the_customer_owes_bill_and_admin_and_the_deposit_pays_less_by_the_commission(buyer: Buyer) -> None:
    found = await buyer.bill("inq-pasca", "b1")

    (sheet,) = found["desc"]["detail"]
    assert found["admin"] == 2750
    assert found["selling_price"] == int(sheet["nilai_tagihan"]) + int(sheet["denda"]) + found["admin"]
    assert found["selling_price"] - found["price"] == 1800


async def test_eight_months_have_eight_sheets_eight_fees_and_eight_commissions(buyer: Buyer) -> None:
    found = await buyer.bill("inq-pasca", "b1", "530000000002")

    sheets = found["desc"]["detail"]
    assert found["desc"]["lembar_tagihan"] == len(sheets) == 8
    assert found["admin"] == 8 * 2750
    owed = sum(int(sheet["nilai_tagihan"]) + int(sheet["denda"]) for sheet in sheets)
    assert found["selling_price"] == owed + found["admin"]
    assert found["price"] == found["selling_price"] - 8 * 1800
    assert found["periode"] == "202603,202604,202605,202606,202607,202608,202609,202610"


@pytest.mark.parametrize("sku", SERIES)
@pytest.mark.parametrize(("ending", "rc"), [("3", "01"), ("4", "60"), ("5", "54"), ("8", "55")])
async def test_an_inquiry_that_fails_says_why_and_leaves_nothing_to_pay(
    buyer: Buyer, sku: str, ending: str, rc: str
) -> None:
    reply = await buyer.bill("inq-pasca", "b1", SERIES[sku] + ending, sku)

    assert (reply["rc"], reply["status"], buyer.http_status) == (rc, "Gagal", 200)
    assert (await buyer.bill("pay-pasca", "b1", SERIES[sku] + ending, sku))["rc"] == "50"
    assert await buyer.ledger() == []


@pytest.mark.parametrize(("ending", "first", "last"), [("6", "02", "02"), ("7", "03", "00"), ("9", "03", "02")])
async def test_payments_end_as_the_number_says(buyer: Buyer, ending: str, first: str, last: str) -> None:
    number = SERIES["pln"] + ending
    found = await buyer.bill("inq-pasca", "b1", number)
    paid = await buyer.bill("pay-pasca", "b1", number)
    await buyer.settle()
    told = await buyer.bill("status-pasca", "b1", number)

    assert (paid["rc"], told["rc"]) == (first, last)
    assert bool(told["sn"]) == (last == "00")
    assert await buyer.balance() == DEPOSIT - (found["price"] if last == "00" else 0)


async def test_paying_twice_with_one_ref_id_pays_once(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1")

    first = await buyer.bill("pay-pasca", "b1")
    again = await buyer.bill("pay-pasca", "b1")

    assert again == first
    (sale,) = await buyer.ledger()
    assert sale["received_by_call"] == {"inq-pasca": 1, "pay-pasca": 2}


async def test_a_bill_is_paid_with_the_ref_id_of_its_inquiry_only(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1")

    assert (await buyer.bill("pay-pasca", "b2"))["rc"] == "50"
    assert (await buyer.bill("pay-pasca", "b1", "530000000007"))["rc"] == "49"
    assert (await buyer.bill("inq-pasca", "b1", "530000000007"))["rc"] == "49"
    assert await buyer.ledger() == []


async def test_a_purchase_and_a_bill_never_share_a_ref_id(buyer: Buyer) -> None:
    await buyer.buy("t1")
    await buyer.bill("inq-pasca", "b1")
    await buyer.bill("pay-pasca", "b1")

    assert (await buyer.bill("status-pasca", "t1", METER, "pln20"))["rc"] == "49"
    assert (await buyer.buy("b1", BILLED, "pln"))["rc"] == "49"
    assert len(await buyer.ledger()) == 2


async def test_a_paid_ref_id_finds_no_further_bill(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1")
    await buyer.bill("pay-pasca", "b1")

    assert (await buyer.bill("inq-pasca", "b1"))["rc"] == "49"


async def test_a_bill_of_yesterday_cannot_be_paid(buyer: Buyer) -> None:
    await buyer.post("/sandbox/clock", {"to": "2026-11-20T23:59:58+07:00"})
    await buyer.bill("inq-pasca", "today")
    await buyer.bill("inq-pasca", "yesterday")
    assert (await buyer.bill("pay-pasca", "today"))["rc"] == "00"

    await buyer.post("/sandbox/clock", {"forward_s": 2})

    assert (await buyer.bill("pay-pasca", "yesterday"))["rc"] == "02"
    assert [sale["rc"] for sale in await buyer.ledger()] == ["00", "02"]
    assert (await buyer.bill("status-pasca", "yesterday"))["status"] == "Gagal"


async def test_the_day_is_that_of_jakarta(buyer: Buyer) -> None:
    await buyer.post("/sandbox/clock", {"to": "2026-11-20T23:59:00+00:00"})
    await buyer.bill("inq-pasca", "b1")

    await buyer.post("/sandbox/clock", {"forward_s": 120})

    assert (await buyer.bill("pay-pasca", "b1"))["rc"] == "00"


async def test_an_inquiry_alone_is_no_payment(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1")

    assert (await buyer.bill("status-pasca", "b1"))["rc"] == "50"
    assert (await buyer.bill("status-pasca", "never"))["rc"] == "50"


async def test_the_status_of_a_payment_is_forgotten_after_ninety_days(buyer: Buyer) -> None:
    await buyer.bill("inq-pasca", "b1")
    await buyer.bill("pay-pasca", "b1")

    await buyer.post("/sandbox/clock", {"forward_days": 91})
    told = await buyer.bill("status-pasca", "b1")

    assert (told["rc"], told["message"]) == ("50", "Data belum ada")


async def test_an_ordinary_customer_owes_a_month_once(buyer: Buyer) -> None:
    number = "532987654321"
    for ref in ("b1", "b2"):
        assert (await buyer.bill("inq-pasca", ref, number))["rc"] == "00"

    assert (await buyer.bill("pay-pasca", "b1", number))["rc"] == "00"
    assert (await buyer.bill("pay-pasca", "b2", number))["rc"] == "60"
    assert (await buyer.bill("inq-pasca", "b3", number))["rc"] == "60"
    await buyer.post("/sandbox/clock", {"forward_days": 30})
    assert (await buyer.bill("inq-pasca", "b4", number))["rc"] == "00"


async def test_a_failed_payment_leaves_the_bill_owed(buyer: Buyer) -> None:
    number = "532987654321"
    await buyer.bill("inq-pasca", "b1", number)
    await buyer.queue("fails")
    assert (await buyer.bill("pay-pasca", "b1", number))["rc"] == "02"

    assert (await buyer.bill("inq-pasca", "b2", number))["rc"] == "00"
    assert (await buyer.bill("pay-pasca", "b2", number))["rc"] == "00"


@pytest.mark.parametrize(
    ("command", "more", "rc"),
    [
        ("inq-pasca", {"sku": "pln20"}, "43"),
        ("inq-pasca", {"number": "12345"}, "57"),
        ("inq-pasca", {"number": "53000000000X"}, "54"),
        ("inq-pasca", {"amount": "22500"}, "40"),
        ("pay-pasca", {"sku": "nosuch"}, "50"),
    ],
)
async def test_what_cannot_be_a_bill(buyer: Buyer, command: str, more: dict[str, str], rc: str) -> None:
    assert (await buyer.bill(command, "b1", **more))["rc"] == rc


async def test_a_bill_that_the_deposit_cannot_pay_is_refused(open_sandbox: Open) -> None:
    buyer = await open_sandbox(opening_deposit=1_000_000)
    found = await buyer.bill("inq-pasca", "b1", "530000000002")
    assert found["price"] > 1_000_000

    assert (await buyer.bill("pay-pasca", "b1", "530000000002"))["rc"] == "44"
    assert await buyer.ledger() == []
