"""Ed25519 (RFC 8032) for tree heads, and private keys as they are written down.

`PRIVATE+KEY+name+id+base64(01 ‖ seed)`, as golang.org/x/mod/sumdb/note writes them.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.domain.head import ED25519, Head, PublicKey, is_name
from core.refusal import Fault

PREFIX = "PRIVATE+KEY+"
_PRIVATE = re.compile(r"PRIVATE\+KEY\+(?P<name>[^+\s]+)\+(?P<key_id>[0-9a-f]{8})\+(?P<seed>[A-Za-z0-9+/]{44})")


class KeyRefused(Fault):
    """The sentence says what is wrong, and never repeats the key."""


class Ed25519Signer:
    """A `Signer`."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = PublicKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def read(cls, words: str) -> Ed25519Signer:
        """A private key as it is written. Raises `KeyRefused`."""
        found = _PRIVATE.fullmatch(words)
        raw = b64decode(found["seed"]) if found else b""
        if found is None or raw[:1] != ED25519 or not is_name(found["name"]):
            raise KeyRefused("The private key is not one that `loket audit keygen` has made.")
        signer = cls(found["name"], raw[1:])
        if signer.key.key_id != found["key_id"]:
            raise KeyRefused("The private key is not whole: its id is that of another one.")
        return signer

    def sign(self, words: bytes) -> bytes:
        return self._private.sign(words)


def new_private_key(name: str) -> str:
    """Made by chance. Raises `KeyRefused` for a name that no log can have."""
    if not is_name(name):
        raise KeyRefused("A log's name is at most 100 signs without blanks and plus signs, like counter.example.org.")
    seed = Ed25519PrivateKey.generate().private_bytes_raw()
    return f"{PREFIX}{name}+{Ed25519Signer(name, seed).key.key_id}+{b64encode(ED25519 + seed).decode()}"


def is_signed(head: Head, keys: Iterable[PublicKey]) -> bool:
    """Whether one of these keys has signed the head."""
    return any(_is_signed_by(head, key) for key in keys if (key.name, key.key_id) == (head.origin, head.key_id))


def _is_signed_by(head: Head, key: PublicKey) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(b64decode(head.signature), head.signed)
    except (InvalidSignature, ValueError):
        return False
    return True
