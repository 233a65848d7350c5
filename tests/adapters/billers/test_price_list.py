"""The price list, as the documentation writes it and as it may come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.billers.digiflazz.price_list import read_prices
from core.domain.bill import BillerDown
from core.ports import PriceLine
from tests.adapters.billers.orders import JSON, PLN, XL, replied
from tests.support.fakes import NOON


def prices(prepaid: object, pasca: object = ()) -> list[PriceLine]:
    replies = {"prepaid": replied(prepaid), "pasca": replied(list(pasca) if isinstance(pasca, tuple) else pasca)}
    return read_prices(replies, provider="digiflazz", seen_at=NOON)


def one(**otherwise: object) -> PriceLine:
    return prices([{**XL, **otherwise}])[0]


def test_purchases_have_a_cost_and_bills_have_none():
    assert prices([XL], (PLN,)) == [
        PriceLine("digiflazz", "X100", "Xl 100.000", True, 98_000_00, "IDR", "23:45-00:15", NOON),
        PriceLine("digiflazz", "pln", "Pln Postpaid", True, None, "IDR", "", NOON),
    ]


@pytest.mark.parametrize(
    "off",
    [
        {"buyer_product_status": False},
        {"seller_product_status": False},
        {"seller_product_status": "true"},
        {"unlimited_stock": False, "stock": 0},
        {"unlimited_stock": False, "stock": "0"},
        {"unlimited_stock": False, "stock": None},
    ],
    ids=str,
)
def test_what_is_switched_off_or_out_of_stock_is_not_on_sale(off: dict[str, object]):
    assert not one(**off).on_sale


@pytest.mark.parametrize("stock", [1, "1200"])
def test_what_is_left_in_stock_is_on_sale(stock: object):
    assert one(unlimited_stock=False, stock=stock).on_sale


@pytest.mark.parametrize(
    ("start", "end", "pause"),
    [
        ("00:00", "00:00", ""),
        ("0:0", "0:0", ""),
        ("0:0", "1:5", "00:00-01:05"),
        ("23:30", "0:30", "23:30-00:30"),
        ("24:00", "01:00", ""),
        (None, "01:00", ""),
        ("soon", "later", ""),
    ],
)
def test_a_pause_is_written_in_one_way(start: object, end: object, pause: str):
    assert one(start_cut_off=start, end_cut_off=end).pause == pause


@pytest.mark.parametrize(
    "odd", [{"price": 0}, {"price": 98.5}, {"price": None}, {"buyer_sku_code": ""}, {"buyer_sku_code": "a b"}], ids=str
)
def test_a_line_that_cannot_be_read_is_left_out_and_the_others_stay(odd: dict[str, object]):
    assert [line.code for line in prices([{**XL, **odd}, {**XL, "buyer_sku_code": "X50"}, "?"])] == ["X50"]


def test_a_price_in_digits_is_a_price():
    assert one(price="98000").cost_minor == 98_000_00


def test_the_first_line_of_a_code_stands():
    assert [line.cost_minor for line in prices([XL, {**XL, "price": 1}])] == [98_000_00]


@pytest.mark.parametrize("data", [None, {}, {"rc": "83", "message": "Limitasi pengecekan pricelist tercapai"}, "x"])
def test_without_both_lists_there_is_none(data: object):
    with pytest.raises(BillerDown):
        prices(data)
    with pytest.raises(BillerDown):
        prices([XL], data)


@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(XL, JSON)).map(lambda odd: {**XL, **odd}), max_size=3))
def test_whatever_the_lines_say_a_list_is_read(items: list[object]):
    assert len(prices(items)) <= len(items)
