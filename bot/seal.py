"""What arrived and waits may hold a PIN that somebody typed, so it lies in the store only sealed."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


class Broken(Exception):
    """Sealed with another secret, or changed since."""


class Seal:
    """AES-256-GCM under a key made from the secret of the settings; bound to what it belongs to.

    What was sealed with an `older` secret, which is being changed, still opens.
    """

    def __init__(self, secret: bytes, *older: bytes) -> None:
        self._ciphers = [_cipher(one) for one in (secret, *older)]

    def sealed(self, plain: bytes, *, belongs_to: str) -> str:
        nonce = secrets.token_bytes(NONCE)
        return b64encode(nonce + self._ciphers[0].encrypt(nonce, plain, belongs_to.encode())).decode()

    def opened(self, sealed: str, *, belongs_to: str) -> bytes:
        """Raises `Broken`."""
        for cipher in self._ciphers:
            with suppress(InvalidTag, ValueError):
                raw = b64decode(sealed, validate=True)
                return cipher.decrypt(raw[:NONCE], raw[NONCE:], belongs_to.encode())
        raise Broken(belongs_to)


def _cipher(secret: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=b"loket arrivals").derive(secret))
