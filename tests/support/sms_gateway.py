"""Africa's Talking's bulk SMS on the loopback interface, written from its documentation.

https://developers.africastalking.com/docs/sms/sending/bulk: a form of `username`, `to`, `message`, `from` and
`bulkSMSMode` with the header `apiKey`; HTTP 201 and a JSON object that names each recipient with a code. A wrong key is
HTTP 401 with a line of text; a sender that is not ours is a reply without recipients.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

USERNAME, API_KEY = "loket-test", "an-sms-key-for-tests"
PATH = "/version1/messaging"

Say = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class SmsGateway:
    """`taken` are the messages that are on their way, as `(to, message)`; `says` is used up before it behaves again."""

    url: str = ""
    taken: list[tuple[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    says: list[Say] = field(default_factory=list)

    async def hear(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        self.headers.append(dict(request.headers))
        if self.says:
            return await self.says.pop(0)(request)
        if request.headers.get("apiKey") != API_KEY or form.get("username") != USERNAME:
            return web.Response(status=401, text="The supplied authentication is invalid")
        self.taken.append((form["to"], form["message"]))
        return web.json_response(answer(101, "Success", form["to"]), status=201)


def answer(code: object, status: str, number: str = "+6281234567890") -> dict[str, object]:
    """The documented reply about one recipient."""
    taken = status == "Success"
    return {
        "SMSMessageData": {
            "Message": f"Sent to {int(taken)}/1 Total Cost: {'IDR 350.0000' if taken else '0'}",
            "Recipients": [
                {
                    "statusCode": code,
                    "number": number,
                    "status": status,
                    "cost": "IDR 350.0000" if taken else "0",
                    "messageId": "ATXid_8f4a2c" if taken else "None",
                }
            ],
        }
    }


def saying(body: object, *, status: int = 201) -> Say:
    """The next reply: bytes as they are, anything else as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def say(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=raw, content_type="application/json")

    return say


def in_pieces(*pieces: bytes) -> Say:
    """The next reply, with a moment between its pieces."""

    async def say(request: web.Request) -> web.StreamResponse:
        reply = web.StreamResponse(status=201)
        await reply.prepare(request)
        for piece in pieces:
            await reply.write(piece)
            await asyncio.sleep(0.02)
        return reply

    return say


async def pointing_at_itself(request: web.Request) -> web.StreamResponse:
    return web.Response(status=307, headers={"Location": str(request.url)})


@asynccontextmanager
async def sms_gateway() -> AsyncIterator[SmsGateway]:
    gateway = SmsGateway()
    app = web.Application()
    app.router.add_post(PATH, gateway.hear)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    gateway.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    try:
        yield gateway
    finally:
        await runner.cleanup()
