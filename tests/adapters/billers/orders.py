"""Attempts, products and replies as they usually are, to be changed by the test that needs them otherwise."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from adapters.billers.digiflazz.wire import DigiflazzSettings
from adapters.billers.outbound import Fate, Reply
from core.domain.biller import Biller, Kind, Product, ReferenceRule
from core.domain.money import Money
from core.domain.payment import Attempt
from core.text import Text
from tests.support.fakes import NOON

USERNAME, KEY, SECRET = "loket-test", "a-key-for-tests", "a-webhook-secret-for-tests"
METER, PHONE, CUSTOMER = "12345678901", "087800001230", "530000000001"

PURCHASE = Attempt(
    payment_id="01k9",
    number=1,
    provider="digiflazz",
    key="01k9-1",
    code="pln20",
    reference=METER,
    most_minor=22_500_00,
    currency="IDR",
    kind="prepaid",
    made_at=NOON,
)
BILL = replace(PURCHASE, code="pln", reference=CUSTOMER, most_minor=13_500_00, kind="postpaid")


def settings(url: str, **wishes: object) -> DigiflazzSettings:
    usual: dict[str, object] = {"connect_s": 1.0, "inquiry_s": 1.0, "sale_s": 1.0, "prices_s": 1.0}
    return DigiflazzSettings(url, USERNAME, KEY, SECRET, **{**usual, **wishes})  # type: ignore[arg-type]


def product(kind: Kind, *, token: bool = False) -> Product:
    return Product(
        product_id="one",
        biller=Biller("pln", "PLN", "electricity", "⚡", "P L N"),
        kind=kind,
        route=1,
        name=Text("Electricity"),
        reference=ReferenceRule(Text("number"), (11, 12), METER),
        fee=Money.of(2500, "IDR"),
        commission=Money.of(0, "IDR"),
        inquiry=token,
        gives_token=token,
    )


TOKEN, AIRTIME, POSTPAID = product(Kind.PREPAID, token=True), product(Kind.PREPAID), product(Kind.POSTPAID)


def said(attempt: Attempt, rc: str = "00", status: str = "Sukses", **more: object) -> dict[str, object]:
    """The `data` of a reply about this attempt."""
    return {
        "ref_id": attempt.key,
        "customer_no": attempt.reference,
        "buyer_sku_code": attempt.code,
        "message": "Transaksi",
        "status": status,
        "rc": rc,
        "sn": "S1234554321N" if rc == "00" else "",
        "buyer_last_saldo": 90000,
        "price": 10000,
        **more,
    }


def bill_found(key: str = BILL.key, **more: object) -> dict[str, object]:
    """An inquiry's reply, with the numbers of the documentation's own example: 8,000 + 500 + 2,500 = 11,000."""
    sheet = {"periode": "201901", "nilai_tagihan": "8000", "admin": "2500", "denda": "500"}
    return {
        "ref_id": key,
        "customer_no": CUSTOMER,
        "customer_name": "Nama Pelanggan Pertama",
        "buyer_sku_code": "pln",
        "admin": 2500,
        "message": "Transaksi Sukses",
        "status": "Sukses",
        "rc": "00",
        "buyer_last_saldo": 100000,
        "price": 10000,
        "selling_price": 11000,
        "desc": {"tarif": "R1", "daya": 1300, "lembar_tagihan": 1, "detail": [sheet]},
        **more,
    }


def replied(data: object, http_status: int = 200) -> Reply:
    return Reply(Fate.ANSWERED, http_status, {"data": data})


# ---- replies as the documentation writes them

METER_FOUND = {
    "message": "Transaksi Sukses",
    "status": "Sukses",
    "rc": "00",
    "customer_no": METER,
    "meter_no": METER,
    "subscriber_id": "523300817840",
    "name": "DAVID",
    "segment_power": "R1 /000001300",
}
XL = {
    "product_name": "Xl 100.000",
    "category": "Pulsa",
    "brand": "XL",
    "type": "Umum",
    "seller_name": "PT. ABC",
    "price": 98000,
    "buyer_sku_code": "X100",
    "buyer_product_status": True,
    "seller_product_status": True,
    "unlimited_stock": True,
    "stock": 0,
    "multi": True,
    "start_cut_off": "23:45",
    "end_cut_off": "00:15",
    "desc": "Pulsa Xl Rp 100.000",
}
PLN = {
    "product_name": "Pln Postpaid",
    "category": "Pascabayar",
    "brand": "PLN",
    "seller_name": "PT. ABC",
    "admin": 2750,
    "commission": 1800,
    "buyer_sku_code": "pln",
    "buyer_product_status": True,
    "seller_product_status": True,
    "desc": "-",
}

# ---- anything that JSON can say

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
