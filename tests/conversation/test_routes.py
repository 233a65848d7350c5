"""Ways straight into a payment: dialled strings and links mean for ever what they meant, and hold no PIN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalogue import load
from core.conversation.routes import begun, linked
from core.conversation.session import Session

INDONESIA = load("id")
HERE = Session("id", "w", "my_money", {"pin": True})
METER, CUSTOMER, PHONE = "12345678901", "530000000001", "081234567890"

LINKS = [
    ("pay-pln", "pln-token", None, ()),
    (f"pay-pln-{METER}", "pln-token", None, (METER,)),
    ("pay-pln-token", "pln-token", None, ()),
    (f"pay-pln-token-{METER}-50000", "pln-token", "50", (METER,)),
    (f"pay-pln-token-{METER}-50", "pln-token", "50", (METER,)),
    (f"pay-pln-token-{METER}-30000", "pln-token", None, (METER, "30000")),
    (f"pay-pln-bill-{CUSTOMER}", "pln-bill", None, (CUSTOMER,)),
    (f"pay-11-{METER}-50000", "pln-token", "50", (METER,)),
    (f"11-{METER}-50000", "pln-token", "50", (METER,)),
    ("11", "pln-token", None, ()),
    (f"pay-telkomsel-{PHONE}-10000", "telkomsel-airtime", "10", (PHONE,)),
    (f"pay-telkomsel-data-{PHONE}-3", "telkomsel-data", "3", (PHONE,)),
    ("pay-bpjs-kesehatan", "bpjs", None, ()),
    ("pay-pdam-bandung-10202001", "pdam-bandung", None, ("10202001",)),
]


@pytest.mark.parametrize(("payload", "product", "wanted", "typed"), LINKS)
def test_a_link_leads_into_a_payment(payload: str, product: str, wanted: str | None, typed: tuple[str, ...]):
    leads = linked(payload, HERE, INDONESIA)

    assert leads is not None
    assert leads.session.flow == "pay"
    assert [frame.flow for frame in leads.session.below] == ["main_menu"]
    assert (leads.session.answers["product"], leads.session.answers.get("wanted")) == (product, wanted)
    assert leads.typed == typed


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "pay",
        "pay-",
        "pay-nobody",
        "pay-nobody-12345678901",
        "PAY-pln",
        "buy-pln",
        "5",
        "999-12345678901",
        "99999-1",
        "pay-pln-abc",
        "pay-pln--50000",
        f"pay-pln-token-{METER}-50000-7391",
        f"11-{METER}-50000-7391",
        f"pay-pln-bill-{CUSTOMER}-7391",
        "pay_pln",
        "pay-pln-١٢٣",
        "pay-pln 1",
        "pay-pln\n",
        "pay-pln-" + "1" * 60,
    ],
)
def test_a_link_that_is_not_ours_or_holds_too_much_leads_nowhere(payload: str):
    assert linked(payload, HERE, INDONESIA) is None


@given(st.one_of(st.text(), st.from_regex(r"(pay-)?[A-Za-z0-9_-]{0,64}", fullmatch=True)))
def test_no_link_is_ever_too_much(payload: str):
    leads = linked(payload, HERE, INDONESIA)

    assert leads is None or (leads.session.flow == "pay" and len(leads.typed) <= 2)


@pytest.mark.parametrize("product", INDONESIA.on_sale, ids=lambda product: product.product_id)
def test_every_product_and_every_denomination_has_its_link(product):
    number = product.reference.example
    for one in product.denominations:
        by_name = linked(f"pay-{product.product_id}-{number}-{one.denomination_id}", HERE, INDONESIA)
        by_route = linked(f"{product.route}-{number}-{one.denomination_id}", HERE, INDONESIA)

        assert by_name is not None
        assert by_name == by_route
        assert by_name.session.answers == {"product": product.product_id, "wanted": one.denomination_id}


@pytest.mark.parametrize(
    ("path", "flow", "wanted", "typed"),
    [
        (("11",), "pay", None, ()),
        (("11", METER, "50000"), "pay", "50", (METER,)),
        (("11", METER, "50"), "pay", "50", (METER,)),
        (("11", METER, "20", "7391"), "pay", "20", (METER,)),
        (("31", PHONE, "3"), "pay", "3", (PHONE,)),
        (("21", PHONE, "5"), "pay", "5", (PHONE,)),
        (("11", METER, "1"), "pay", None, (METER, "1")),
        (("١١", METER), "pay", None, (METER,)),
        (("2", "1"), "main_menu", None, ("2", "1")),
        (("999",), "main_menu", None, ("999",)),
        (("9" * 5_000,), "main_menu", None, ("9" * 5_000,)),
        (("²",), "main_menu", None, ("²",)),
    ],
)
def test_a_dialled_path_begins_at_its_product_or_at_the_menu(
    path: tuple[str, ...], flow: str, wanted: str | None, typed: tuple[str, ...]
):
    beginning = begun(path, HERE, INDONESIA)

    assert (beginning.session.flow, beginning.session.answers.get("wanted")) == (flow, wanted)
    assert beginning.typed == typed
