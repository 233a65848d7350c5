"""Callbacks: signed or nothing, and even then a hint."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from adapters.billers.digiflazz import Callback, read_callback
from core.domain.money import Money
from tests.adapters.billers.orders import PURCHASE, SECRET, said

BODY = json.dumps({"data": said(PURCHASE)}).encode()


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def heard(body: bytes, *, secret: str = SECRET, event: str = "update", **headers: str) -> Callback | None:
    signed = {"X-Hub-Signature": signature(body), "X-Digiflazz-Event": event, "User-Agent": "Digiflazz-Hookshot"}
    return read_callback({**signed, **headers}, body, secret)


def test_the_signature_is_the_known_one():
    # RFC 2202, test case 2: computed by nobody here.
    body = b"what do ya want for nothing?"

    assert signature(body, "Jefe") == "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    headers = {"X-Hub-Signature": "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", "X-Digiflazz-Event": "ping"}
    assert read_callback(headers, body, "Jefe") is None, "signed, and still not a document"
    document = b"{}"
    pinged = {"X-Hub-Signature": signature(document, "Jefe"), "X-Digiflazz-Event": "ping"}
    assert read_callback(pinged, document, "Jefe") == Callback("ping")


def test_a_callback_names_what_it_can_be_matched_by():
    hint = heard(BODY)

    assert hint is not None
    assert (hint.event, hint.key, hint.reference) == ("update", PURCHASE.key, PURCHASE.reference)
    assert hint.amount == Money.of(10_000, "IDR")
    assert json.loads(hint.body)["rc"] == "00"


def test_a_callback_of_a_pending_sale_is_a_hint_like_any_other():
    hint = heard(json.dumps({"data": said(PURCHASE, "03", "Pending")}).encode(), event="create")

    assert hint is not None
    assert hint.event == "create"


def test_the_names_of_headers_are_the_same_in_any_case():
    headers = CIMultiDict({"x-hub-signature": signature(BODY), "x-digiflazz-event": "update"})

    assert read_callback(headers, BODY, SECRET) is not None


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "sha1=",
        signature(BODY)[5:],
        signature(BODY) + "0",
        signature(BODY)[:-1],
        signature(BODY).upper(),
        " " + signature(BODY),
        "sha256=" + hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest(),
        signature(BODY, "another secret"),
        signature(BODY + b" "),
        "sha1=é" + "\x00" * 38,
        "\ud800",
    ],
)
def test_another_signature_is_none(wrong: str):
    assert heard(BODY, **{"X-Hub-Signature": wrong}) is None


def test_no_signature_is_none():
    assert read_callback({"X-Digiflazz-Event": "update"}, BODY, SECRET) is None


def test_two_signatures_are_none():
    headers = CIMultiDict([("X-Hub-Signature", signature(BODY)), ("X-Hub-Signature", "sha1=0")])

    assert read_callback(headers, BODY, SECRET) is None


def test_without_a_secret_of_ours_nothing_is_believed():
    unsigned = hmac.new(b"", BODY, hashlib.sha1).hexdigest()

    assert read_callback({"X-Hub-Signature": f"sha1={unsigned}"}, BODY, "") is None


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_body_changed_in_one_byte_is_not_signed(place: int, change: int):
    changed = bytearray(BODY)
    changed[place] ^= change

    assert read_callback({"X-Hub-Signature": signature(BODY)}, bytes(changed), SECRET) is None


@pytest.mark.parametrize("event", ["ping", ""])
def test_a_ping_is_understood_and_its_secret_not_kept(event: str):
    hook = {"url": "https://example.com", "secret": SECRET, "type": "application/json", "status": 1}
    body = json.dumps({"sed": "AgXXtVAHp", "hook_id": "11aaabbb", "hook": hook}).encode()

    ping = heard(body, event=event)

    assert ping is not None
    assert ping.is_ping
    assert SECRET not in repr(ping)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data":null}',
        b'{"data":[]}',
        b'{"data":{"ref_id":"k-1"}}',
        b'{"data":{"ref_id":7,"customer_no":"1"}}',
        b'{"data":{"ref_id":"","customer_no":"1"}}',
        b'{"data":{"ref_id":"k 1","customer_no":"1"}}',
        b'{"data":{"ref_id":"' + b"k" * 65 + b'","customer_no":"1"}}',
        b'{"data":{"ref_id":"k-1","ref_id":"k-2","customer_no":"1"}}',
        b"\xff",
        b"[" * 60_000,
        BODY.ljust(64 * 1024 + 1),
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_signed_and_cannot_be_matched_is_none(body: bytes):
    assert heard(body) is None


@given(st.binary(max_size=300))
def test_no_signed_bytes_raise(body: bytes):
    heard(body)
