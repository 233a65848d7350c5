"""What replies prove. Whatever is odd proves nothing, and nothing a provider can say raises."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.billers.digiflazz.answers import MOST_EVIDENCE, read_answer
from adapters.billers.digiflazz.codes import CODES, GAGAL, SUKSES
from adapters.billers.outbound import Fate, Reply
from core.domain.money import Money
from core.domain.payment import Attempt, Proof
from tests.adapters.billers.orders import BILL, JSON, PURCHASE, replied, said

BOTH_KINDS = pytest.mark.parametrize("attempt", [PURCHASE, BILL], ids=["purchase", "bill"])
FIRST_OR_ASKED = pytest.mark.parametrize("first", [True, False], ids=["first", "asked"])


@BOTH_KINDS
@FIRST_OR_ASKED
def test_a_success_is_paid_with_what_left_the_deposit(attempt: Attempt, first: bool):
    answer = read_answer(replied(said(attempt, price=10_000, selling_price=11_000)), attempt, first=first)

    assert (answer.proves, answer.code, answer.cost) == (Proof.PAID, "00", Money.of(10_000, "IDR"))
    assert answer.serial == "S1234554321N"


@BOTH_KINDS
@FIRST_OR_ASKED
@pytest.mark.parametrize("code", [code for code in CODES if code != "00"])
def test_a_documented_code_proves_what_its_row_says(code: str, attempt: Attempt, first: bool):
    row = CODES[code]

    answer = read_answer(replied(said(attempt, code, row.status)), attempt, first=first)

    assert (answer.proves, answer.code) == (row.first if first else row.asked, code)
    assert answer.elsewhere == (first and row.elsewhere)


@FIRST_OR_ASKED
@given(
    rc=st.one_of(st.text(), st.integers(), st.none(), st.from_regex(r"\A[0-9]{2}\Z")),
    status=st.sampled_from([SUKSES, GAGAL]),
)
def test_a_code_without_a_row_proves_nothing(rc: object, status: str, first: bool):
    if isinstance(rc, str) and rc in CODES:
        return

    answer = read_answer(replied(said(PURCHASE, status=status) | {"rc": rc}), PURCHASE, first=first)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "unmapped")


@FIRST_OR_ASKED
@pytest.mark.parametrize(
    ("rc", "status"),
    [
        ("00", "Gagal"),
        ("00", "Pending"),
        ("02", "Sukses"),
        ("03", "Sukses"),
        ("44", "Pending"),
        ("00", ""),
        ("00", "sukses?"),
    ],
)
def test_a_status_that_contradicts_its_code_proves_nothing(rc: str, status: str, first: bool):
    answer = read_answer(replied(said(PURCHASE, rc, status)), PURCHASE, first=first)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "contradiction")


@FIRST_OR_ASKED
def test_a_success_under_an_error_of_http_proves_nothing(first: bool):
    answer = read_answer(replied(said(PURCHASE), http_status=400), PURCHASE, first=first)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "contradiction")


@BOTH_KINDS
@FIRST_OR_ASKED
@pytest.mark.parametrize("name", ["ref_id", "buyer_sku_code", "customer_no"])
@pytest.mark.parametrize("other", ["another", "", None, 12345678901])
@pytest.mark.parametrize("rc", ["00", "02", "54"])
def test_an_answer_about_something_else_proves_nothing(
    name: str, other: object, rc: str, attempt: Attempt, first: bool
):
    data = said(attempt, rc, CODES[rc].status) | {name: other}

    answer = read_answer(replied(data), attempt, first=first)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "echo_differs")


def test_a_refusal_that_created_nothing_need_not_repeat_what_was_asked():
    data = {"rc": "45", "status": "Gagal", "message": "IP Anda tidak kami kenali", "ref_id": "", "customer_no": ""}

    answer = read_answer(replied(data, http_status=400), PURCHASE, first=True)

    assert (answer.proves, answer.elsewhere) == (Proof.NOT_CREATED, True)


def test_a_refusal_that_repeats_something_else_proves_nothing():
    data = {"rc": "45", "status": "Gagal", "ref_id": "another-1"}

    assert read_answer(replied(data), PURCHASE, first=True).proves is Proof.NOTHING


@BOTH_KINDS
@pytest.mark.parametrize(
    "price", [None, 0, -1, 10000.5, "10000.0", "ten", True, "²", "1_000", "１００", 10**13, [10000]]
)
def test_a_success_without_a_whole_price_proves_nothing(price: object, attempt: Attempt):
    answer = read_answer(replied(said(attempt, price=price)), attempt, first=True)

    assert (answer.proves, answer.code, answer.cost) == (Proof.NOTHING, "no_price", None)


@BOTH_KINDS
def test_a_price_up_to_the_most_is_paid_and_one_rupiah_more_proves_nothing(attempt: Attempt):
    most = attempt.most.major

    assert read_answer(replied(said(attempt, price=most)), attempt, first=True).proves is Proof.PAID
    above = read_answer(replied(said(attempt, price=most + 1)), attempt, first=True)
    assert (above.proves, above.code) == (Proof.NOTHING, "cost_too_high")


def test_a_bill_s_status_that_looks_like_its_inquiry_is_no_payment():
    inquiry = {name: value for name, value in said(BILL).items() if name != "sn"}

    answer = read_answer(replied(inquiry), BILL, first=False)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "no_serial")


def test_a_bill_may_be_paid_without_a_serial_number():
    assert read_answer(replied(said(BILL, sn="")), BILL, first=True).proves is Proof.PAID


def test_a_token_is_split_from_the_rest_and_the_name_stays_out():
    sn = "0123-4567-8901-2345-6789/SITI AMINAH/R1 /000001300/66.2"

    answer = read_answer(replied(said(PURCHASE, sn=sn)), PURCHASE, first=True)

    assert answer.token == "01234567890123456789"
    assert answer.serial == "0123-4567-8901-2345-6789"
    assert answer.detail == "R1/1300VA 66.2 kWh"


def test_a_paid_bill_says_what_it_was_for():
    sheets = [{"periode": "201901"}, {"periode": "201902"}]
    desc = {"tarif": "R1", "daya": 1300, "lembar_tagihan": 2, "detail": sheets}

    assert read_answer(replied(said(BILL, desc=desc)), BILL, first=True).detail == "R1/1300VA 201901, 201902"


# ---- no answer at all


@pytest.mark.parametrize("fate", [fate for fate in Fate if fate is not Fate.ANSWERED])
@FIRST_OR_ASKED
def test_no_answer_proves_nothing_unless_not_a_byte_was_sent(fate: Fate, first: bool):
    answer = read_answer(Reply(fate), PURCHASE, first=first)

    unsent = first and fate is Fate.NOT_SENT
    assert (answer.proves, answer.elsewhere) == (Proof.NOT_CREATED if unsent else Proof.NOTHING, unsent)
    assert answer.code == fate.value


@pytest.mark.parametrize("document", [{}, [], None, "00", 0, {"data": None}, {"data": []}, {"data": "Sukses"}])
def test_a_document_without_data_proves_nothing(document: object):
    answer = read_answer(Reply(Fate.ANSWERED, 200, document), PURCHASE, first=True)

    assert (answer.proves, answer.code) == (Proof.NOTHING, "no_data")


# ---- evidence


def test_the_same_word_said_twice_is_the_same_evidence():
    before = read_answer(replied(said(PURCHASE, buyer_last_saldo=90_000)), PURCHASE, first=True)
    after = read_answer(replied(dict(reversed(said(PURCHASE, buyer_last_saldo=70_000).items()))), PURCHASE, first=False)

    assert before.body == after.body


def test_a_long_reply_leaves_evidence_of_at_most_4_kib_that_names_what_it_was_about():
    desc = {"detail": [{"periode": "😀" * 100} for _ in range(100)]}

    body = read_answer(replied(said(BILL, desc=desc, message="😀" * 5000)), BILL, first=True).body

    assert len(body.encode()) <= MOST_EVIDENCE
    assert json.loads(body)["ref_id"] == BILL.key


FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys([*said(PURCHASE), "desc", "selling_price"], JSON))


@given(fields=FIELDS, kind=st.sampled_from(["prepaid", "postpaid"]), first=st.booleans())
def test_whatever_stands_in_the_fields_is_answered_and_fits_the_evidence(
    fields: dict[str, object], kind: str, first: bool
):
    attempt = replace(PURCHASE, kind=kind)

    answer = read_answer(replied(said(attempt) | fields), attempt, first=first)

    assert len(answer.body.encode()) <= MOST_EVIDENCE
    json.loads(answer.body)
    for shown in (answer.serial, answer.token, answer.detail, answer.code):
        assert "\x00" not in shown
        shown.encode("utf-8")
