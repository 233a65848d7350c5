"""Bulk SMS of Africa's Talking: POST of a form to /version1/messaging, key in the header `apiKey`.

The reply is `{"SMSMessageData": {"Recipients": [{"statusCode": 101, "status": "Success", "number": …}]}}`; codes
100 to 102 mean that the message was taken. Sending has no idempotency key, so a message may arrive twice: a receipt
then carries the same number twice. https://developers.africastalking.com/docs/sms/sending/bulk
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import aiohttp

from core.domain.gsm7 import folded
from core.refusal import Fault

TAKEN = frozenset({100, 101, 102})
LARGEST_REPLY = 64 * 1024
LIMIT = aiohttp.ClientTimeout(total=15, connect=5)


class NotTaken(Fault):
    """The gateway did not take the message; it is tried again."""


@dataclass(frozen=True, slots=True)
class SmsAccount:
    url: str
    username: str
    api_key: str = field(repr=False)
    sender: str = ""


class AfricasTalkingSms:
    """A `Notifier`. Texts are folded to the GSM alphabet first: one foreign sign would double their price."""

    def __init__(self, account: SmsAccount, http: aiohttp.ClientSession) -> None:
        self._account = account
        self._http = http

    async def send(self, to: str, words: str, *, message_id: str) -> None:
        account = self._account
        form = {"username": account.username, "to": to, "message": folded(words), "bulkSMSMode": "1"}
        if account.sender:
            form["from"] = account.sender
        headers = {"apiKey": account.api_key, "Accept": "application/json"}
        try:
            async with self._http.post(
                account.url, data=form, headers=headers, timeout=LIMIT, allow_redirects=False
            ) as reply:
                body = await reply.content.read(LARGEST_REPLY)
        except (aiohttp.ClientError, TimeoutError) as trouble:
            raise NotTaken(f"{message_id}: {type(trouble).__name__}") from None
        if not _taken(reply.status, body):
            raise NotTaken(f"{message_id}: HTTP {reply.status}")


def _taken(http_status: int, body: bytes) -> bool:
    try:
        recipients = json.loads(body)["SMSMessageData"]["Recipients"]
        return http_status in (200, 201) and bool(recipients) and recipients[0]["statusCode"] in TAKEN
    except (ValueError, LookupError, TypeError):
        return False
