"""What stands on a button: a token that means a key on one screen of one chat, once, and tells nothing to anybody else.

A token is an HMAC over chat, screen and key, so none has to be kept, any process knows its own, and the digits of a PIN
pad are in no update, row or log. The screen is numbered by the arrival that it answers; the next screen has others.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

from bot.screens import HOME
from core.conversation.view import BACK, MORE

DIGITS = tuple("0123456789")
PAD = tuple(f"pad {digit}" for digit in DIGITS)
DELETE, ENTER = "pad delete", "pad enter"
KEYS = (*DIGITS, HOME, *PAD, DELETE, ENTER)
assert {BACK, MORE} <= set(KEYS)

LENGTH = 12


class Tokens:
    def __init__(self, secret: bytes, *older: bytes) -> None:
        """They never leave the process. Buttons made with an `older` one, which is being changed, still work."""
        self._secrets = [sha256(b"buttons of a chat\n" + one).digest() for one in (secret, *older)]

    def token(self, address: str, screen: int, key: str) -> str:
        return _token(self._secrets[0], address, screen, key)

    def key(self, token: str, address: str, screen: int) -> str | None:
        """What a token means on this screen; None for one of an earlier screen, of another chat, or of nobody's."""
        found = None
        for secret in self._secrets:
            for key in KEYS:
                ours = _token(secret, address, screen, key).encode()
                if hmac.compare_digest(ours, token.encode("utf-8", "replace")):
                    found = key
        return found


def _token(secret: bytes, address: str, screen: int, key: str) -> str:
    said = f"{address}\n{screen}\n{key}".encode()
    return urlsafe_b64encode(hmac.digest(secret, said, "sha256")[:LENGTH]).decode()
