"""How requests and callbacks are signed: developer.digiflazz.com/api/buyer (each page) and …/buyer/webhook.

Both digests are old and weak; they are what the provider speaks.
"""

from __future__ import annotations

import hashlib
import hmac

# The last part of what is signed: a fixed word, or the field of the request that is named.
BALANCE, PRICE_LIST, DEPOSIT = "depo", "pricelist", "deposit"


def sign(username: str, api_key: str, subject: str) -> str:
    """md5(username + apiKey + subject), in lower case hex."""
    return hashlib.md5(f"{username}{api_key}{subject}".encode(), usedforsecurity=False).hexdigest()


def is_signed(given: str, *, username: str, api_key: str, subject: str) -> bool:
    expected = sign(username, api_key, subject)
    return hmac.compare_digest(given.encode(), expected.encode())


def hub_signature(secret: str, body: bytes) -> str:
    """The `X-Hub-Signature` of a callback: HMAC-SHA1 over the body exactly as it is sent."""
    return "sha1=" + hmac.new(secret.encode(), body, "sha1").hexdigest()
