"""The table of codes, held against the documentation's two columns and the rules that the proofs follow from."""

from __future__ import annotations

import pytest

from adapters.billers.digiflazz.codes import CODES, GAGAL, PENDING, SUKSES, Row
from core.domain.payment import Proof

# developer.digiflazz.com/api/buyer/response-code: every code of the page, by its column "Terbentuk Transaksi".
CREATED = "00 01 02 03 50 51 52 53 54 55 57 58 59 60 70 71 72 73 74 84 85 86 99".split()
NOT_CREATED = "40 41 42 43 44 45 47 49 56 61 62 63 64 65 66 67 68 69 80 81 82 83 87 88".split()

ROWS = pytest.mark.parametrize("row", CODES.values(), ids=CODES)


def test_every_documented_code_has_a_row_and_no_other_has():
    assert {row.code: row.created for row in CODES.values()} == {
        **dict.fromkeys(CREATED, True),
        **dict.fromkeys(NOT_CREATED, False),
    }


def test_the_status_of_every_code_is_the_documented_one():
    assert {code: row.status for code, row in CODES.items() if row.status != GAGAL} == {
        "00": SUKSES,
        "03": PENDING,
        "99": PENDING,
    }


def test_only_00_proves_a_payment_and_only_74_that_it_was_given_back():
    assert [code for code, row in CODES.items() if Proof.PAID in (row.first, row.asked)] == ["00"]
    assert [code for code, row in CODES.items() if Proof.GIVEN_BACK in (row.first, row.asked)] == ["74"]


@pytest.mark.parametrize("code", ["03", "49", "99"])
def test_what_is_pending_taken_or_lost_proves_nothing_ever(code: str):
    assert (CODES[code].first, CODES[code].asked) == (Proof.NOTHING, Proof.NOTHING)


def test_a_time_out_is_believed_only_when_it_is_said_again():
    assert (CODES["01"].first, CODES["01"].asked) == (Proof.NOTHING, Proof.FAILED)


@ROWS
def test_what_created_nothing_proves_nothing_when_asked_about(row: Row):
    assert row.created or row.asked is Proof.NOTHING


@ROWS
def test_a_key_that_is_not_known_is_no_failure_when_asked_about(row: Row):
    assert (row.asked is Proof.NOT_CREATED) == (row.code == "50")


@ROWS
def test_not_created_is_proven_in_answer_to_the_first_send_by_the_codes_up_to_61_that_created_nothing(row: Row):
    created_nothing = not row.created and row.code < "62" and row.code != "49"

    assert (row.first is Proof.NOT_CREATED) == created_nothing


@ROWS
def test_a_seller_s_refusal_is_final_and_not_taken_elsewhere(row: Row):
    if row.code >= "62" and row.status == GAGAL and row.code != "74":
        assert (row.first, row.elsewhere) == (Proof.FAILED, False)


@ROWS
def test_another_provider_is_asked_only_where_nothing_was_created(row: Row):
    assert not row.elsewhere or row.first is Proof.NOT_CREATED


@pytest.mark.parametrize("code", ["83", "85", "86"])
def test_a_limit_on_questions_says_nothing_about_the_purchase(code: str):
    assert CODES[code].asked is Proof.NOTHING
