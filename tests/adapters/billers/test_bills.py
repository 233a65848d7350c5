"""Inquiries: bills, meters and refusals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.billers.digiflazz.bills import read_bill, read_meter
from adapters.billers.digiflazz.codes import CODES
from adapters.billers.outbound import Fate, Reply
from core.domain.bill import Bill, BillerDown, NothingToPay, ReferenceUnknown
from core.domain.biller import NotSoldNow
from core.domain.money import Money
from core.refusal import Refusal
from tests.adapters.billers.orders import BILL, CUSTOMER, JSON, METER, METER_FOUND, POSTPAID, TOKEN, bill_found, replied


def bill(data: object, http_status: int = 200) -> Bill:
    return read_bill(replied(data, http_status), POSTPAID, code="pln", reference=CUSTOMER, key=BILL.key)


def meter(data: object) -> Bill:
    return read_meter(replied(data), TOKEN, reference=METER, key="k-1")


def test_a_bill_is_what_is_owed_the_admin_and_what_leaves_our_deposit():
    found = bill(bill_found())

    assert (found.owed, found.admin, found.cost) == tuple(Money.of(n, "IDR") for n in (8_500, 2_500, 10_000))
    assert (found.holder, found.reference, found.asked_with) == ("Nama Pelanggan Pertama", CUSTOMER, BILL.key)
    assert (found.periods, found.detail) == (1, "R1/1300VA 201901")


@pytest.mark.parametrize(
    ("desc", "periods"),
    [
        ({"lembar_tagihan": 2}, 2),
        ({"lembar_tagihan": "3"}, 3),
        ({"detail": [{}, {}]}, 2),
        ({"lembar_tagihan": 1800, "detail": [{}]}, 1),
        ({"lembar_tagihan": True}, 1),
        ({"lembar_tagihan": "²"}, 1),
        ({}, 1),
        ([], 1),
        (None, 1),
    ],
)
def test_the_periods_of_a_bill_are_counted_as_well_as_can_be(desc: object, periods: int):
    assert bill(bill_found(desc=desc)).periods == periods


def test_a_bill_of_nothing_is_nothing_to_pay():
    with pytest.raises(NothingToPay):
        bill(bill_found(selling_price=2_500))


@pytest.mark.parametrize(
    "odd",
    [
        {"price": None},
        {"price": 0},
        {"price": 10_000.5},
        {"selling_price": "eleven"},
        {"selling_price": 2_499},
        {"admin": -1},
        {"admin": None},
        {"status": "Pending"},
        {"ref_id": "another-1"},
        {"customer_no": "530000000002"},
        {"buyer_sku_code": "bpjs"},
        {"rc": "98"},
        {"rc": None},
    ],
    ids=str,
)
def test_a_bill_with_anything_odd_about_it_is_no_bill(odd: dict[str, object]):
    with pytest.raises(BillerDown):
        bill({**bill_found(), **odd})


def test_a_bill_under_an_error_of_http_is_no_bill():
    with pytest.raises(BillerDown):
        bill(bill_found(), http_status=400)


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.ANSWERED])
def test_without_an_answer_the_biller_is_down(fate: Fate):
    with pytest.raises(BillerDown):
        read_bill(Reply(fate), POSTPAID, code="pln", reference=CUSTOMER, key=BILL.key)


REFUSALS = {
    **dict.fromkeys(["50", "52", "54", "57", "59"], ReferenceUnknown),
    "60": NothingToPay,
    **dict.fromkeys("43 51 53 55 56 58 62 63 65 66 67 68 69 71 72 73 80 81 84 87".split(), NotSoldNow),
}


@pytest.mark.parametrize("code", [code for code in CODES if code != "00"])
def test_every_code_has_its_refusal_and_the_rest_is_the_provider_s_trouble(code: str):
    said = {"rc": code, "status": CODES[code].status, "ref_id": BILL.key}

    with pytest.raises(REFUSALS.get(code, BillerDown)) as refused:
        bill(said)

    if isinstance(refused.value, Refusal):
        assert set(refused.value.values) == {
            name for name in ("biller", "reference", "product") if f"{{{name}}}" in refused.value.text.message
        }


def test_a_meter_says_whose_it_is_and_leaves_the_amount_open():
    found = meter(METER_FOUND)

    assert (found.holder, found.detail, found.owed, found.cost) == ("DAVID", "R1/1300VA", None, None)
    assert (found.reference, found.asked_with) == (METER, "k-1")


def test_a_meter_of_somebody_else_is_no_answer():
    with pytest.raises(BillerDown):
        meter({**METER_FOUND, "customer_no": "10987654321"})


def test_a_name_comes_without_what_cannot_be_seen():
    found = meter({**METER_FOUND, "name": "  SITI\x00\u202e\r\nAMINAH\ud800 " + "X" * 500})

    assert found.holder.startswith("SITI AMINAH X")
    assert len(found.holder) <= 60


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(bill_found(), JSON)))
def test_whatever_a_bill_says_it_is_a_bill_a_refusal_or_a_fault(fields: dict[str, object]):
    try:
        found = bill(bill_found() | fields)
    except (BillerDown, Refusal):
        return
    assert found.owed is not None
    assert found.cost is not None
    assert min(found.owed.minor, found.cost.minor) > 0
