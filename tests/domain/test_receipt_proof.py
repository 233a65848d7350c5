"""A receipt that proves itself: in both its forms, and in none that was changed."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
import segno

from adapters.pictures.qr import SMALLEST_OF_LONG, qr_picture
from adapters.pictures.receipt import EDGE
from adapters.pictures.sheet import INNER
from adapters.signing import is_signed
from core.domain.base45 import SIGNS
from core.domain.merkle import ProofRefused, inclusion_nodes
from core.domain.receipt import Opened, Receipt, ReceiptKey, entry_of_receipt
from core.domain.receipt_proof import LINE, NotAProof, Proof, read_proof
from tests.domain.payments import QUOTED
from tests.domain.proofs import OPENED, SIGNER, journal, proof_of

ENTRIES = journal(13)
PROOF = proof_of(ENTRIES, 13, opened=OPENED)
OF_ENTRY = proof_of(ENTRIES, 4, opened=None)


def good(proof: Proof) -> bool:
    try:
        proof.refuse_if_wrong()
    except ProofRefused:
        return False
    return is_signed(proof.head, [SIGNER.key])


def test_a_proof_is_read_back_from_both_its_forms():
    assert read_proof(PROOF.as_json) == read_proof(PROOF.as_line) == read_proof(PROOF.as_line + "\n") == PROOF
    assert read_proof(OF_ENTRY.as_json) == OF_ENTRY
    assert good(PROOF)
    assert good(OF_ENTRY)


def test_that_of_a_receipt_shows_nothing_else_of_the_entry():
    assert "margin" not in PROOF.as_json
    assert "held" not in PROOF.as_json
    assert "margin" in OF_ENTRY.as_json


def test_a_line_is_of_signs_that_a_qr_code_packs_best():
    assert set(PROOF.as_line) <= set(SIGNS)
    assert segno.make(PROOF.as_line).mode == "alphanumeric"


def test_no_line_of_which_a_sign_was_changed_proves_anything():
    chance, line = random.Random(9), PROOF.as_line
    for place in range(len(line)):
        sign = chance.choice([one for one in SIGNS if one != line[place]])
        try:
            bent = read_proof(line[:place] + sign + line[place + 1 :])
        except NotAProof:
            continue
        assert not good(bent), place


@pytest.mark.parametrize(
    "bent",
    [
        replace(PROOF, entry=12),
        replace(PROOF, body_digest="00" * 32),
        replace(PROOF, path=PROOF.path[1:]),
        replace(PROOF, path=(*PROOF.path, PROOF.path[0])),
        replace(PROOF, opened=replace(OPENED, salt=b"x" * 16)),
        replace(PROOF, opened=replace(OPENED, receipt=replace(OPENED.receipt, reference="12345678902"))),
        replace(PROOF, head=replace(PROOF.head, size=14)),
        replace(OF_ENTRY, body=OF_ENTRY.body.replace("5100000", "5100001")),
        replace(OF_ENTRY, entry=5),
    ],
)
def test_a_proof_of_something_else_is_refused(bent: Proof):
    assert not good(bent)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "{}",
        "[]",
        LINE,
        LINE + "000",
        PROOF.as_line[:-3],
        PROOF.as_line + "000",
        PROOF.as_line.lower(),
        "[" * 100_000,
        PROOF.as_json.replace('"loket_proof": 1', '"loket_proof": 2'),
        PROOF.as_json.replace('"entry": 13', '"entry": "13"'),
        PROOF.as_json.replace("time ", "times "),
        OF_ENTRY.as_json.replace('"entry": 4', '"entry": 5'),
    ],
)
def test_what_is_no_proof_is_refused_with_a_sentence(words: str):
    with pytest.raises(NotAProof, match=r"This is no proof of an entry"):
        read_proof(words)


def test_among_a_million_entries_a_proof_still_fits_a_camera():
    """The longest way up that there is; each hash takes the same room."""
    deep = replace(PROOF, path=tuple(bytes([n]) * 32 for n, _ in enumerate(inclusion_nodes(500_000, 1_000_000))))
    line = replace(deep, entry=500_001, head=replace(PROOF.head, size=1_000_000)).as_line
    picture = qr_picture(line, 264, INNER - 2 * EDGE)

    assert len(deep.path) == 20
    assert len(line) < 1_300
    assert picture is not None
    code = segno.make(line, error="l", micro=False, boost_error=False)
    across = len(code.matrix) + 8
    module, rest = divmod(picture.width, across)
    assert (module >= SMALLEST_OF_LONG, rest) == (True, 0)
    dark = [
        [picture.getpixel((x * module + module // 2, y * module + module // 2)) for x in range(across)]
        for y in range(across)
    ]
    light = picture.getpixel((0, 0))
    assert [[one != light for one in row[4:-4]] for row in dark[4:-4]] == [
        [bool(one) for one in row] for row in code.matrix
    ]


# ---- what is committed to


def test_the_salt_is_of_the_payment_and_the_stores_key():
    payment, key = QUOTED, ReceiptKey("receipts", "secret")
    one, again = Opened.of(payment, key), Opened.of(replace(payment, state="disputed"), key)

    assert one == again
    assert one.commitment != Opened.of(payment, ReceiptKey("receipts", "another")).commitment
    assert one.salt != Opened.of(replace(payment, payment_id="another"), key).salt
    assert one.receipt == Receipt.of(payment)
    assert json.loads(one.receipt.written)["reference"] == payment.reference


@pytest.mark.parametrize(
    "other",
    [
        replace(OPENED.receipt, product_id="pln-bill"),
        replace(OPENED.receipt, denomination_id="20"),
        replace(OPENED.receipt, reference="1"),
        replace(OPENED.receipt, total=replace(OPENED.receipt.total, minor=1)),
        replace(OPENED.receipt, total=replace(OPENED.receipt.total, currency="KES")),
        replace(OPENED.receipt, at=OPENED.receipt.at.replace(microsecond=1)),
    ],
)
def test_each_fact_of_a_receipt_is_committed_to(other: Receipt):
    assert replace(OPENED, receipt=other).commitment != OPENED.commitment


@pytest.mark.parametrize(
    ("number", "entry"), [("000034", 3), ("000 034", 3), ("000035", None), ("", None), ("3", None), ("abc", None)]
)
def test_a_receipts_number_tells_its_entry(number: str, entry: int | None):
    assert entry_of_receipt(number) == entry
