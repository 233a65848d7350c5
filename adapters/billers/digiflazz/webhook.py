"""Callbacks: developer.digiflazz.com/api/buyer/webhook.

`X-Hub-Signature` is `sha1=` and the HMAC-SHA1 of the raw body. What is signed is still only a hint: an event comes
late, twice or never, and `create` tells of sales that are pending. Whoever gets one asks the provider back.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.billers.digiflazz.answers import evidence
from adapters.billers.digiflazz.wire import is_code, rupiah, words
from adapters.billers.strict_json import read_json
from core.domain.money import Money

MOST_BYTES = 64 * 1024
PING = "ping"


@dataclass(frozen=True, slots=True)
class Callback:
    """`key` is the attempt's, `reference` the customer's number, `amount` what is said to leave our deposit.

    A `ping` only tries the line; it names nothing and has no body, because the provider puts our secret in it.
    """

    event: str
    key: str = ""
    reference: str = ""
    amount: Money | None = None
    body: str = ""
    says_paid: bool = False

    @property
    def is_ping(self) -> bool:
        return self.event == PING


def read_callback(headers: Mapping[str, str], raw_body: bytes, *secrets: str) -> Callback | None:
    """What a callback says, None for one that no secret of ours has signed or that cannot be read. Never raises."""
    said = _headers(headers)
    if said is None or len(raw_body) > MOST_BYTES:
        return None
    if not any(_is_signed(said.get("x-hub-signature", ""), raw_body, secret) for secret in secrets):
        return None
    try:
        document = read_json(raw_body)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    if said.get("x-digiflazz-event") == PING or {"sed", "hook_id"} <= document.keys():
        return Callback(PING)
    return _hint(said.get("x-digiflazz-event", ""), document.get("data"))


def _headers(headers: Mapping[str, str]) -> dict[str, str] | None:
    """By lower-case name; None when one of them is said twice, for then nobody knows which one was meant."""
    pairs = [(name.lower(), value) for name, value in headers.items()]
    ours = [pair for pair in pairs if pair[0] in ("x-hub-signature", "x-digiflazz-event")]
    return dict(ours) if len(dict(ours)) == len(ours) else None


def _is_signed(signature: str, raw_body: bytes, secret: str) -> bool:
    if not secret:
        return False
    ours = "sha1=" + hmac.new(secret.encode(), raw_body, hashlib.sha1).hexdigest()
    return hmac.compare_digest(ours.encode(), signature.encode("utf-8", errors="replace"))


def _hint(event: str, data: object) -> Callback | None:
    if not isinstance(data, dict):
        return None
    key, reference = data.get("ref_id"), data.get("customer_no")
    if not is_code(key) or not isinstance(reference, str):
        return None
    says_paid = data.get("status") == "Sukses"
    return Callback(event, key, words(reference), rupiah(data.get("price")), evidence(data), says_paid)
