"""Signed heads as text: C2SP's signed notes, which Go's own package reads too."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import replace

import pytest

from adapters.signing import Ed25519Signer, KeyRefused, is_signed, new_private_key
from core.domain.head import Head, NotAHead, NotAKey, PublicKey, heads_in
from tests.domain.proofs import SIGNER, head_over, journal

# The example of golang.org/x/mod/sumdb/note.
PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
MESSAGE = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="

HEAD = head_over(journal(5))


def test_keys_and_signatures_are_those_of_gos_package():
    signer = Ed25519Signer.read(PRIVATE)

    assert str(signer.key) == PUBLIC == str(PublicKey.read(PUBLIC))
    mark = bytes.fromhex(signer.key.key_id) + signer.sign(MESSAGE)
    assert mark == b64decode(SIGNATURE)


def test_a_new_key_is_whole_and_another_each_time():
    one, other = new_private_key("counter.example.org"), new_private_key("counter.example.org")

    assert one != other
    assert Ed25519Signer.read(one).key.name == "counter.example.org"


@pytest.mark.parametrize("name", ["", "two words", "a+b", "x" * 101, "line\nbreak"])
def test_a_name_that_no_log_can_have_is_refused(name: str):
    with pytest.raises(KeyRefused, match="name"):
        new_private_key(name)


@pytest.mark.parametrize(
    "bent", [PRIVATE[:-1], PRIVATE.replace("c74f20a3", "c74f20a4"), PUBLIC, "", PRIVATE[:-2] + "AA"]
)
def test_a_private_key_that_is_not_whole_is_refused(bent: str):
    with pytest.raises(KeyRefused):
        Ed25519Signer.read(bent)


@pytest.mark.parametrize("bent", [PUBLIC[:-1], PUBLIC.replace("c74f20a3", "c74f20a4"), "", "a+b+c", PUBLIC[:-2] + "AA"])
def test_a_public_key_that_is_not_whole_is_refused(bent: str):
    with pytest.raises(NotAKey):
        PublicKey.read(bent)


def test_a_head_is_read_back_from_its_note():
    assert heads_in(HEAD.note) == [HEAD]
    assert heads_in(HEAD.note + "\n" + HEAD.note) == [HEAD, HEAD]
    assert heads_in("") == []
    assert HEAD.note.splitlines()[:4] == [SIGNER.key.name, "5", HEAD.root, "time 1795150800"]


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("\n5\n", "\n05\n"),
        ("\n5\n", "\n0\n"),
        ("\n5\n", "\n5\nmore\n"),
        ("time ", "times "),
        ("\n\n", "\n"),
        ("\u2014 counter.example.org/loket", "\u2014 another.example.org"),
        ("\u2014 ", "- "),
        ("=\ntime", "\ntime"),
        ("\n\u2014", "\nalso this\n\u2014"),
    ],
)
def test_what_is_no_note_of_a_head_is_refused(was: str, becomes: str):
    assert was in HEAD.note

    with pytest.raises(NotAHead):
        heads_in(HEAD.note.replace(was, becomes, 1))


def test_only_its_own_key_has_signed_a_head():
    other = Ed25519Signer(SIGNER.key.name, hashlib.sha256(b"other").digest())
    namesake = PublicKey("somebody.else", SIGNER.key.raw)

    assert is_signed(HEAD, [other.key, SIGNER.key])
    assert not is_signed(HEAD, [])
    assert not is_signed(HEAD, [other.key, namesake])


@pytest.mark.parametrize(
    "bent",
    [
        replace(HEAD, size=6),
        replace(HEAD, at=HEAD.at.replace(second=1)),
        replace(HEAD, root="A" + HEAD.root[1:]),
        replace(HEAD, origin="another"),
        replace(HEAD, key_id="00000000"),
        replace(HEAD, signature="A" + HEAD.signature[1:]),
        replace(HEAD, signature="AA=="),
    ],
)
def test_a_head_that_was_changed_is_not_signed(bent: Head):
    assert not is_signed(bent, [SIGNER.key])
