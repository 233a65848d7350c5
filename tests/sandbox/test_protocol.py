"""The buyer API as documented: fields, signatures, response codes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from adapters.sandbox.signing import hub_signature, sign
from tests.sandbox.buyer import METER, USERNAME, Buyer, signed
from tests.sandbox.conftest import Open

PREPAID_FIELDS = {
    *("product_name", "category", "brand", "type", "seller_name", "price", "buyer_sku_code", "buyer_product_status"),
    *("seller_product_status", "unlimited_stock", "stock", "multi", "start_cut_off", "end_cut_off", "desc"),
}
PASCA_FIELDS = {
    *("product_name", "category", "brand", "seller_name", "admin", "commission", "buyer_sku_code"),
    *("buyer_product_status", "seller_product_status", "desc"),
}
PHONE = "081234567890"


def test_signatures_agree_with_md5sum_and_openssl() -> None:
    assert sign("username", "apikey", "depo") == "e251663c764fe6136a8f9c6861720241"
    assert sign("username", "apikey", "some1d") == "e116257bcba6185d963a62f9d05d240e"
    body = b'{"data":{"ref_id":"30467470"}}'
    assert hub_signature("somesecretvalue", body) == "sha1=3da3ec87b21b9b233b6ba9a88a2cc98a3745c599"


async def test_a_purchase_answers_with_every_documented_field(buyer: Buyer) -> None:
    reply = await buyer.buy("test1", "087800001230", "xld10", testing=True)

    assert buyer.http_status == 200
    sn = reply.pop("sn")
    assert len(sn) == 16
    assert sn.isdigit()
    assert reply == {
        "ref_id": "test1",
        "customer_no": "087800001230",
        "buyer_sku_code": "xld10",
        "message": "Transaksi Sukses",
        "status": "Sukses",
        "rc": "00",
        "buyer_last_saldo": 990_000,
        "price": 10_000,
        "tele": "@contoh",
        "wa": "081234512345",
    }


@pytest.mark.parametrize(
    ("number", "first", "last"),
    [
        ("087800001230", "00", "00"),
        ("087800001232", "02", "02"),
        ("087800001233", "03", "00"),
        ("087800001234", "03", "02"),
    ],
)
async def test_the_documented_phone_numbers_do_what_they_say(buyer: Buyer, number: str, first: str, last: str) -> None:
    assert (await buyer.buy("r", number, "xld10"))["rc"] == first

    await buyer.settle()

    assert (await buyer.buy("r", number, "xld10"))["rc"] == last
    assert await buyer.balance() == (990_000 if last == "00" else 1_000_000)


async def test_a_token_has_twenty_digits_and_names_the_holder_of_the_meter(buyer: Buyer) -> None:
    meter = await buyer.ask("/v1/inquiry-pln", METER, customer_no=METER)
    sale = await buyer.buy("t1")

    assert meter["name"] == "SITI AMINAH"
    assert meter["rc"] == "00"
    assert (meter["customer_no"], meter["meter_no"]) == (METER, METER)
    token, name, tariff, power, energy = sale["sn"].split("/")
    assert [len(group) for group in token.split("-")] == [4, 4, 4, 4, 4]
    assert token.replace("-", "").isdigit()
    assert (name, f"{tariff:<3}/{power}") == (meter["name"], meter["segment_power"])
    assert float(energy) > 10


async def test_a_subscriber_id_buys_as_well_as_a_meter_number(buyer: Buyer) -> None:
    reply = await buyer.ask("/v1/inquiry-pln", "532123456789", customer_no="532123456789")

    assert reply["subscriber_id"] == "532123456789"
    assert len(reply["meter_no"]) == 11
    assert (await buyer.buy("t1", "532123456789"))["rc"] == "00"


async def test_the_same_seed_gives_the_same_token_and_another_seed_another(open_sandbox: Open) -> None:
    tokens = [(await (await open_sandbox(seed=seed)).buy("t1"))["sn"] for seed in (1, 1, 2)]

    assert tokens[0] == tokens[1] != tokens[2]


async def test_price_lists_have_the_documented_fields(buyer: Buyer) -> None:
    prepaid, pasca = await buyer.prices("prepaid"), await buyer.prices("pasca")

    assert all(set(line) == PREPAID_FIELDS and type(line["price"]) is int for line in prepaid)
    assert all(set(line) == PASCA_FIELDS and type(line["admin"]) is int for line in pasca)
    assert len({line["buyer_sku_code"] for line in [*prepaid, *pasca]}) == len(prepaid) + len(pasca)


async def test_the_catalogues_products_are_on_the_price_list(buyer: Buyer) -> None:
    operators = ("tsel", "isat", "xl", "axis", "tri", "smart")
    wallets = ("gopay", "ovo", "dana", "shopee")
    wanted = {f"{op}{thousand}" for op in operators for thousand in (5, 10, 20, 25, 50, 100)} | {"xld10"}
    wanted |= {f"{op}data{gigabytes}" for op in operators for gigabytes in (1, 3, 10)}
    wanted |= {f"{wallet}{thousand}" for wallet in wallets for thousand in (20, 50, 100)}
    wanted |= {f"pln{thousand}" for thousand in (20, 50, 100, 200, 500, 1000)}
    towns = "bandung surabaya semarang medan makassar palembang malang bogor denpasar balikpapan yogya solo".split()
    bills = {"pln", "bpjs", "telkom", "indihome", "fif", "adira", "tv-transvision", "tv-nexparabola", "pgn"}

    prepaid, pasca = await buyer.prices("prepaid"), await buyer.prices("pasca")
    assert wanted <= {line["buyer_sku_code"] for line in prepaid}
    assert bills | {f"pdam-{town}" for town in towns} == {line["buyer_sku_code"] for line in pasca}


async def test_a_price_list_can_be_narrowed(buyer: Buyer) -> None:
    assert [line["product_name"] for line in await buyer.prices("prepaid", code="pln20")] == ["PLN 20.000"]
    assert {line["brand"] for line in await buyer.prices("prepaid", brand="TRI", category="Data")} == {"TRI"}
    assert await buyer.prices("pasca", code="pln20") == []


async def test_a_deposit_ticket_asks_for_a_unique_amount_and_its_transfer_adds_it(buyer: Buyer) -> None:
    asked = {"amount": 500_000, "bank": "BCA", "owner_name": "SITI AMINAH"}
    first = await buyer.ask("/v1/deposit", "deposit", **asked)
    second = await buyer.ask("/v1/deposit", "deposit", **asked)
    assert first["rc"] == "00"
    assert len({500_000, first["amount"], second["amount"]}) == 3
    assert len(first["notes"]) == 7

    await buyer.post("/sandbox/transfer", {"amount": first["amount"]})
    assert buyer.http_status == 200
    await buyer.post("/sandbox/transfer", {"amount": first["amount"]})

    assert buyer.http_status == 400
    assert await buyer.balance() == 1_000_000 + first["amount"]


# ---- what is refused without a transaction


@pytest.mark.parametrize(
    ("fields", "rc"),
    [
        ({"sign": signed("another")}, "41"),
        ({"sign": signed("t1").upper()}, "41"),
        ({"username": "somebody"}, "42"),
        ({"buyer_sku_code": "nosuch"}, "43"),
        ({"buyer_sku_code": "pln"}, "43"),
        ({"buyer_sku_code": "smartdata10", "customer_no": "088112345678"}, "43"),
        ({"buyer_sku_code": "pln1000"}, "44"),
        ({"max_price": 20_124}, "69"),
        ({"max_price": "30000"}, "40"),
        ({"max_price": True}, "40"),
        ({"customer_no": 12345678901}, "40"),
        ({"customer_no": None}, "40"),
        ({"customer_no": ""}, "40"),
        ({"ref_id": ["t1"]}, "40"),
        ({"testing": "true"}, "40"),
        ({"commands": "topup"}, "40"),
    ],
)
async def test_a_refused_purchase_sells_nothing(buyer: Buyer, fields: dict[str, object], rc: str) -> None:
    order = {"buyer_sku_code": "pln20", "customer_no": METER, "ref_id": "t1"}
    reply = await buyer.ask("/v1/transaction", "t1", **{**order, **fields})

    assert (reply["rc"], reply["status"]) == (rc, "Gagal")
    assert buyer.http_status == 400
    assert await buyer.ledger() == []
    assert await buyer.balance() == 1_000_000


async def test_a_ref_id_that_was_refused_is_not_used_up(buyer: Buyer) -> None:
    assert (await buyer.buy("t1", max_price=100))["rc"] == "69"

    assert (await buyer.buy("t1", max_price=20_125))["rc"] == "00"


async def test_refusals_may_travel_with_http_200_too(open_sandbox: Open) -> None:
    buyer = await open_sandbox(refused_http_status=200)

    assert (await buyer.buy("t1", sku="nosuch"))["rc"] == "43"
    assert buyer.http_status == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe"])
async def test_what_is_not_a_json_object_is_a_payload_error(buyer: Buyer, body: bytes) -> None:
    async with buyer.session.post(f"{buyer.url}/v1/transaction", data=body) as response:
        reply = await response.json()

    assert response.status == 400
    assert reply["data"]["rc"] == "40"


@pytest.mark.parametrize(
    ("path", "subject", "fields"),
    [
        ("/v1/cek-saldo", "depo", {"cmd": "balance"}),
        ("/v1/price-list", "pricelist", {"cmd": "all"}),
        ("/v1/deposit", "deposit", {"amount": 500_000, "bank": "XYZ", "owner_name": "A"}),
        ("/v1/deposit", "deposit", {"amount": 500_000.0, "bank": "BCA", "owner_name": "A"}),
    ],
)
async def test_every_call_checks_its_own_fields(
    buyer: Buyer, path: str, subject: str, fields: dict[str, object]
) -> None:
    assert (await buyer.ask(path, subject, **fields))["rc"] == "40"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/cek-saldo", {"cmd": "deposit"}),
        ("/v1/price-list", {"cmd": "prepaid"}),
        ("/v1/inquiry-pln", {"customer_no": METER}),
        ("/v1/deposit", {"amount": 500_000, "bank": "BCA", "owner_name": "A"}),
    ],
)
async def test_every_call_checks_its_own_signature(buyer: Buyer, path: str, fields: dict[str, object]) -> None:
    reply = await buyer.post(path, {"username": USERNAME, "sign": signed("something else"), **fields})

    assert reply["data"]["rc"] == "41"


async def test_a_ticket_below_the_least_amount_is_refused(buyer: Buyer) -> None:
    asked = {"amount": 9_999, "bank": "BCA", "owner_name": "SITI AMINAH"}

    assert (await buyer.ask("/v1/deposit", "deposit", **asked))["rc"] == "64"


# ---- what fails although a transaction was made


@pytest.mark.parametrize(
    ("sku", "number", "rc"),
    [
        ("tsel10", "087800001230", "52"),
        ("tseldata1", "085712345678", "52"),
        ("tsel10", "08123", "57"),
        ("pln20", "1234567890", "57"),
        ("pln20", "1234567890A", "54"),
        ("pln20", "²²²²²²²²²²²", "54"),
        ("pln20", "12345678902", "54"),
        ("pln20", "12345678910", "55"),
        ("pln20", "12345678922", "73"),
        ("pln20", "12345678923", "58"),
    ],
)
async def test_a_failed_purchase_uses_up_its_ref_id_and_gives_the_money_back(
    buyer: Buyer, sku: str, number: str, rc: str
) -> None:
    first = await buyer.buy("t1", number, sku)
    again = await buyer.buy("t1", number, sku)

    assert buyer.http_status == 200
    assert first == again
    assert (first["rc"], first["status"], first["sn"]) == (rc, "Gagal", "")
    assert [sale["rc"] for sale in await buyer.ledger()] == [rc]
    assert await buyer.balance() == 1_000_000


@pytest.mark.parametrize(("number", "rc"), [("12345678902", "54"), ("123", "57"), ("abcdefghijk", "54")])
async def test_a_meter_that_does_not_exist_has_no_holder(buyer: Buyer, number: str, rc: str) -> None:
    reply = await buyer.ask("/v1/inquiry-pln", number, customer_no=number)

    assert (reply["rc"], reply["status"]) == (rc, "Gagal")
    assert "name" not in reply


async def test_an_operator_takes_its_own_prefixes(buyer: Buyer) -> None:
    own = {"tsel10": PHONE, "isat10": "085712345678", "xl10": "087712345678", "axis10": "083112345678"}
    own |= {"tri10": "089512345678", "smart10": "088112345678"}

    answers = [(await buyer.buy(sku, number, sku))["rc"] for sku, number in own.items()]

    assert answers == ["00"] * 6


# ---- repeats


async def test_a_repeat_tells_how_the_first_stands_and_sells_nothing(buyer: Buyer) -> None:
    first = await buyer.buy("t1")
    again = await buyer.buy("t1")

    assert again == first
    assert [(sale["received"], sale["nth"]) for sale in await buyer.ledger()] == [(2, 1)]
    assert await buyer.balance() == 1_000_000 - first["price"]


@pytest.mark.parametrize("other", [{"sku": "pln50"}, {"number": "12345678999"}])
async def test_a_ref_id_belongs_to_its_product_and_number(buyer: Buyer, other: dict[str, str]) -> None:
    await buyer.buy("t1")

    assert (await buyer.buy("t1", **other))["rc"] == "49"
    assert len(await buyer.ledger()) == 1


async def test_a_repeat_is_answered_although_the_deposit_is_empty(open_sandbox: Open) -> None:
    buyer = await open_sandbox(opening_deposit=20_125)
    await buyer.buy("t1")

    assert (await buyer.buy("t1"))["rc"] == "00"
    assert (await buyer.buy("t2"))["rc"] == "44"


async def test_a_repeat_on_the_ninetieth_day_is_a_status_and_after_it_a_sale(buyer: Buyer) -> None:
    first = await buyer.buy("t1")

    await buyer.post("/sandbox/clock", {"forward_days": 90})
    still = await buyer.buy("t1")
    await buyer.post("/sandbox/clock", {"forward_s": 1})
    second = await buyer.buy("t1")

    assert still["sn"] == first["sn"] != second["sn"]
    assert [(sale["nth"], sale["rc"]) for sale in await buyer.ledger()] == [(1, "00"), (2, "00")]
    assert await buyer.balance() == 1_000_000 - 2 * first["price"]


# ---- time


async def test_a_product_in_its_cut_off_is_refused_without_a_transaction(buyer: Buyer) -> None:
    answers = {}
    for at in ("23:29", "23:30", "00:29", "00:30"):
        await buyer.post("/sandbox/clock", {"to": f"2026-11-20T{at}:00+07:00"})
        answers[at] = (await buyer.buy(f"t{at}", "088112345678", "smart100"))["rc"]

    assert answers == {"23:29": "00", "23:30": "66", "00:29": "66", "00:30": "00"}


async def test_a_pending_purchase_ends_by_itself_when_its_time_has_come(buyer: Buyer) -> None:
    await buyer.buy("t1", "12345678903")

    buyer.wall.at += timedelta(seconds=7)
    early = await buyer.buy("t1", "12345678903")
    buyer.wall.at += timedelta(seconds=1)
    late = await buyer.buy("t1", "12345678903")

    assert (early["status"], early["sn"]) == ("Pending", "")
    assert (late["status"], len(late["sn"]) > 24) == ("Sukses", True)
