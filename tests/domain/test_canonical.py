"""An entry as bytes: the form is for ever, so it is written out here; and the code that is said of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.canonical import SIGNS, body_of, heard_code, leaf_of, spoken_code
from core.domain.export import NotALine, entry_of, line_of
from core.domain.journal import Entry, Posting
from core.domain.merkle import leaf_hash

AT = datetime(2026, 3, 2, 8, 0, 0, 125, tzinfo=UTC)
COMMITTED = "ab" * 32
CAPTURE = Entry(
    key="capture:0f3k",
    kind="capture",
    currency="IDR",
    postings=(Posting("held", 5_250_000), Posting("deposit:digiflazz", -5_250_000)),
    at=AT,
    day=date(2026, 3, 2),
    payment_id="0f3k",
    memo=f"receipt-v1 {COMMITTED}",
    index=25,
)
TOP_UP = Entry(
    'top_up:BCA:"é"\n', "top_up", "IDR", (Posting("bank:BCA", 1), Posting("wallet:w1", -1)), AT, AT.date(), None, "", 1
)


def test_the_body_is_this_to_the_letter():
    assert body_of(CAPTURE) == (
        '{"at":1772438400000125,"currency":"IDR","day":"2026-03-02","index":25,"key":"capture:0f3k","kind":"capture",'
        f'"memo":"receipt-v1 {COMMITTED}","payment_id":"0f3k",'
        '"postings":[["held",5250000],["deposit:digiflazz",-5250000]],"v":1}'
    )
    assert body_of(TOP_UP).startswith('{"at":1772438400000125,"currency":"IDR","day":"2026-03-02","index":1,')
    assert r'"key":"top_up:BCA:\"é\"\n"' in body_of(TOP_UP)


@given(key=st.text(), memo=st.text(), payment=st.none() | st.text())
def test_the_body_is_json_with_sorted_names_and_no_blanks(key: str, memo: str, payment: str | None):
    body = body_of(replace(CAPTURE, key=key, memo=memo, payment_id=payment))

    assert json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == body


def test_the_leaf_has_the_digest_of_the_body_and_the_commitment_beside_it():
    decided = replace(CAPTURE, memo=f"receipt-v1 {COMMITTED} sri and budi")

    for entry, commitment in ((CAPTURE, COMMITTED), (decided, COMMITTED), (TOP_UP, "")):
        digest = sha256(body_of(entry).encode()).hexdigest()
        assert leaf_of(entry) == leaf_hash(f"loket-entry-v1\n{entry.index}\n{digest}\n{commitment}\n".encode())


@pytest.mark.parametrize(
    "other",
    [
        replace(CAPTURE, index=26),
        replace(CAPTURE, key="capture:0f3l"),
        replace(CAPTURE, kind="capturf"),
        replace(CAPTURE, currency="KES"),
        replace(CAPTURE, at=AT + timedelta(microseconds=1)),
        replace(CAPTURE, day=date(2026, 3, 3)),
        replace(CAPTURE, payment_id=None),
        replace(CAPTURE, payment_id=""),
        replace(CAPTURE, memo=""),
        replace(CAPTURE, postings=CAPTURE.postings[::-1]),
        replace(CAPTURE, postings=(Posting("held", 5_250_001), CAPTURE.postings[1])),
    ],
)
def test_whatever_differs_is_another_leaf(other: Entry):
    assert leaf_of(other) != leaf_of(CAPTURE)


# ---- lines of an export


@pytest.mark.parametrize("entry", [CAPTURE, TOP_UP])
def test_a_line_holds_all_that_the_entry_holds(entry: Entry):
    assert entry_of(line_of(entry)) == entry


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('"index": 25', '"index": "25"'),
        ('"index": 25', '"index": true'),
        ('"index": 25', '"index":25'),
        ('"index": 25', '"index": 25, "index": 25'),
        ('"index": 25', '"index": 25, "more": 1'),
        ("5250000}", "5250000.0}"),
        ("5250000}", "null}"),
        ("+00:00", ""),
        ("+00:00", "Z"),
        ('"0f3k"', "7"),
        ('"IDR"', r'"\u0049DR"'),
        ("{", "["),
        ("}", ""),
    ],
)
def test_a_line_that_we_would_not_write_is_refused(was: str, becomes: str):
    line = line_of(CAPTURE)
    assert was in line

    with pytest.raises(NotALine):
        entry_of(line.replace(was, becomes, 1))


# ---- the code


def test_a_code_is_seven_signs_of_the_hash_and_one_to_check_them():
    assert spoken_code(bytes(32)) == "0000 0000"
    assert spoken_code(leaf_of(CAPTURE)) == spoken_code(leaf_of(CAPTURE)[:5] + bytes(27))
    assert spoken_code(bytes([255]) * 32)[:7] == "ZZZZ ZZ"


def test_a_code_is_understood_as_people_write_it():
    code = spoken_code(leaf_of(CAPTURE))
    plain = code.replace(" ", "")

    assert {heard_code(one) for one in (code, plain, code.lower(), f" {plain[:4]}-{plain[4:]} ")} == {code}
    assert heard_code("oooo OOOO") == "0000 0000"


@pytest.mark.parametrize("words", ["", "0000 000", "0000 00000", "0000 000U", "0000 000É"])
def test_what_is_no_code_is_not_taken_for_one(words: str):
    assert heard_code(words) is None


@given(st.binary(min_size=32, max_size=32), st.integers(0, 7), st.integers(0, 7), st.sampled_from(SIGNS))
def test_one_wrong_sign_and_two_that_were_swapped_are_found(leaf: bytes, one: int, other: int, sign: str):
    plain = spoken_code(leaf).replace(" ", "")
    wrong, swapped = [*plain], [*plain]
    wrong[one] = sign
    swapped[one], swapped[other] = plain[other], plain[one]

    for tried in ("".join(wrong), "".join(swapped)):
        assert (heard_code(tried) is None) == (tried != plain)
