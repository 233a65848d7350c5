"""Bulk SMS of Africa's Talking: POST of a form to /version1/messaging, key in the header `apiKey`.

The reply is HTTP 201 with `{"SMSMessageData": {"Recipients": [{"statusCode": 101, "status": "Success", …}]}}`; codes
100 to 102 mean that the message was taken. Sending has no idempotency key, so a message may arrive twice: a receipt
then carries the same number twice. https://developers.africastalking.com/docs/sms/sending/bulk
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import aiohttp

from adapters.safe_url import refuse_unsafe
from core.domain.gsm7 import folded
from core.refusal import Fault

TAKEN = frozenset({100, 101, 102})
REFUSED = {
    401: "RiskHold",
    402: "InvalidSenderId",
    403: "InvalidPhoneNumber",
    404: "UnsupportedNumberType",
    405: "InsufficientBalance",
    406: "UserInBlacklist",
    407: "CouldNotRoute",
    409: "DoNotDisturbRejection",
    500: "InternalServerError",
    501: "GatewayError",
    502: "RejectedByGateway",
}
LARGEST_REPLY = 64 * 1024
LIMIT = aiohttp.ClientTimeout(total=15, connect=5)


class NotTaken(Fault):
    """The gateway did not take the message, or did not say so; it is tried again."""


@dataclass(frozen=True, slots=True)
class SmsAccount:
    url: str
    username: str
    api_key: str = field(repr=False)
    sender: str = ""


class AfricasTalkingSms:
    """A `Notifier`. Texts are folded to the GSM alphabet first: one foreign sign would double their price."""

    def __init__(
        self, account: SmsAccount, http: aiohttp.ClientSession, *, limit: aiohttp.ClientTimeout = LIMIT
    ) -> None:
        """Raises `UnsafeUrl` for a URL that the key must not travel over."""
        refuse_unsafe(account.url)
        self._account, self._http, self._limit = account, http, limit

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        try:
            http_status, body = await self._post(to, folded(words))
        except (aiohttp.ClientError, TimeoutError, OSError) as trouble:
            raise NotTaken(f"{message_id}: {type(trouble).__name__}") from None
        if objection := _objection(http_status, body):
            raise NotTaken(f"{message_id}: {objection}")

    async def _post(self, to: str, words: str) -> tuple[int, bytes]:
        account = self._account
        form = {"username": account.username, "to": to, "message": words, "bulkSMSMode": "1"}
        if account.sender:
            form["from"] = account.sender
        headers = {"apiKey": account.api_key, "Accept": "application/json", "Accept-Encoding": "identity"}
        async with self._http.post(
            account.url, data=form, headers=headers, timeout=self._limit, allow_redirects=False
        ) as reply:
            return reply.status, await _bounded(reply)


async def _bounded(reply: aiohttp.ClientResponse) -> bytes:
    """The body, cut where it becomes too long to be an answer."""
    body = bytearray()
    async for chunk in reply.content.iter_any():
        body += chunk
        if len(body) > LARGEST_REPLY:
            break
    return bytes(body)


def _objection(http_status: int, body: bytes) -> str:
    """Why the message was not taken, in the gateway's own word where it is a known one; empty when it was taken."""
    if http_status not in (200, 201):
        return f"HTTP {http_status}"
    try:
        data = json.loads(body)["SMSMessageData"]
        if not data["Recipients"]:
            return data["Message"] if data["Message"] in REFUSED.values() else "no recipient was accepted"
        code = data["Recipients"][0]["statusCode"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return "an answer that cannot be read"
    if not isinstance(code, int):
        return "an answer that cannot be read"
    return "" if code in TAKEN else f"{code} {REFUSED.get(code, 'which is not documented')}"
