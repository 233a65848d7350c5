"""Callbacks: developer.digiflazz.com/api/buyer/webhook.

`create` tells of a new transaction as it stands, `update` of a change. Each is sent once and never again, whether it
arrives or not: a callback is a hint. They go to this machine only.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import aiohttp

from adapters.sandbox.answers import pasca_reply, prepaid_reply
from adapters.sandbox.chance import draw
from adapters.sandbox.options import SandboxOptions, is_loopback
from adapters.sandbox.response_codes import SUCCESS, code
from adapters.sandbox.sales import Sale
from adapters.sandbox.signing import hub_signature

CREATE, UPDATE = "create", "update"
AGENTS = {False: "Digiflazz-Hookshot", True: "Digiflazz-Pasca-Hookshot"}
PATIENCE = aiohttp.ClientTimeout(total=5)
KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Callback:
    """One POST to the buyer. `forged` is signed with a secret that is not ours."""

    event: str
    sale: Sale
    data: Mapping[str, object]
    forged: bool = False


class Webhooks:
    """Sends callbacks in the background and keeps the last of them to be looked at."""

    def __init__(self, options: SandboxOptions, balance: Callable[[], int]) -> None:
        self._options = options
        self._balance = balance
        self._latest: dict[str, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None
        self.sent: deque[dict[str, object]] = deque(maxlen=KEPT)

    def announce(self, event: str, sale: Sale) -> None:
        """Call back what happened to a sale, in the style its fault asks for."""
        url = sale.cb_url or self._options.callback_url
        if not url:
            return
        callbacks = STYLES[sale.callbacks](Callback(event, sale, self._data(sale)))
        # What is told of one sale is told in turn; sales do not wait for each other.
        task = asyncio.ensure_future(self._send(url, callbacks, after=self._latest.get(sale.ref_id)))
        self._latest[sale.ref_id] = task
        task.add_done_callback(lambda done: self._forget(sale.ref_id, done))

    def _forget(self, ref_id: str, done: asyncio.Task[None]) -> None:
        if self._latest.get(ref_id) is done:
            del self._latest[ref_id]

    def _data(self, sale: Sale) -> Mapping[str, object]:
        return (pasca_reply if sale.is_bill else prepaid_reply)(sale, self._balance())

    async def _send(self, url: str, callbacks: Sequence[Callback], *, after: asyncio.Task[None] | None) -> None:
        if after is not None:
            await asyncio.wait([after])
        for callback in callbacks:
            came_back = await self._post(url, callback) if is_loopback(url) else "refused: not this machine"
            self.sent.append(
                {
                    "event": callback.event,
                    "url": url,
                    "ref_id": callback.sale.ref_id,
                    "rc": callback.data["rc"],
                    "forged": callback.forged,
                    "answer": came_back,
                }
            )

    async def _post(self, url: str, callback: Callback) -> str:
        body = json.dumps({"data": callback.data}, ensure_ascii=False).encode()
        secret = self._options.webhook_secret + ("-forged" if callback.forged else "")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": AGENTS[callback.sale.is_bill],
            "X-Digiflazz-Event": callback.event,
            "X-Digiflazz-Delivery": f"{draw(self._options.seed, callback.event, body):016x}",
            "X-Hub-Signature": hub_signature(secret, body),
        }
        try:
            async with self._client().post(url, data=body, headers=headers, allow_redirects=False) as response:
                return str(response.status)
        except (aiohttp.ClientError, TimeoutError) as trouble:
            return type(trouble).__name__

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=PATIENCE)
        return self._session

    async def delivered(self) -> None:
        """Wait until nothing is on its way."""
        while self._latest:
            await asyncio.wait(list(self._latest.values()))

    async def close(self) -> None:
        sending = list(self._latest.values())
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        if self._session is not None:
            await self._session.close()


# ---- styles: what is really sent in place of one honest callback


def _once(callback: Callback) -> Sequence[Callback]:
    return [callback]


def _never(_callback: Callback) -> Sequence[Callback]:
    return []


def _twice(callback: Callback) -> Sequence[Callback]:
    return [callback, callback]


def _disordered(callback: Callback) -> Sequence[Callback]:
    """Hold the first one back and send it after the last."""
    if callback.event == CREATE:
        return []
    return [callback, replace(callback, event=CREATE, data=_saying("03", callback.data))]


def _forged(callback: Callback) -> Sequence[Callback]:
    lie = replace(callback, event=UPDATE, data=_saying("00", callback.data), forged=True)
    return [callback, lie] if callback.event == CREATE else [callback]


def _wrong_amount(callback: Callback) -> Sequence[Callback]:
    shown = {key: callback.data[key] for key in ("price", "selling_price") if key in callback.data}
    dearer = {key: value + 1_000 for key, value in shown.items() if isinstance(value, int)}
    return [replace(callback, data={**callback.data, **dearer})]


def _flips(callback: Callback) -> Sequence[Callback]:
    if callback.event == CREATE:
        return [callback]
    return [callback, replace(callback, data=_saying("02", callback.data))]


def _saying(rc: str, data: Mapping[str, object]) -> dict[str, object]:
    said = code(rc)
    sn = data["sn"] if said.state == SUCCESS else ""
    return {**data, "rc": rc, "status": said.state, "message": said.message, "sn": sn}


STYLES: Mapping[str, Callable[[Callback], Sequence[Callback]]] = {
    "once": _once,
    "never": _never,
    "twice": _twice,
    "disordered": _disordered,
    "forged": _forged,
    "wrong_amount": _wrong_amount,
    "flips": _flips,
}
