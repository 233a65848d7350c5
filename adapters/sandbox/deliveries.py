"""How an answer travels back: as it should, or in one of the ways networks and proxies ruin it."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from aiohttp import web

from adapters.sandbox.answers import Answer
from adapters.sandbox.options import SandboxOptions

CHUNK = 64 * 1024
HANG_LOOK_S = 0.02
UNDOCUMENTED_RC = "98"
SORRY = "<!DOCTYPE html><html><head><title>502</title></head><body>Sedang ada perbaikan sistem.</body></html>"


@dataclass(frozen=True, slots=True)
class Parcel:
    """An answer on its way. `closing` is set when the sandbox stops, so that nothing holds it up."""

    request: web.Request
    answer: Answer
    options: SandboxOptions
    closing: asyncio.Event


Delivery = Callable[[Parcel], Awaitable[web.StreamResponse]]


async def plainly(parcel: Parcel) -> web.StreamResponse:
    return web.Response(body=written(parcel.answer), status=parcel.answer.http_status, content_type="application/json")


def written(answer: Answer) -> bytes:
    """The body as the provider writes it: everything wrapped in `data`."""
    return json.dumps({"data": answer.data}, ensure_ascii=False).encode()


async def slowly(parcel: Parcel) -> web.StreamResponse:
    await _wait(parcel, parcel.options.slow_s)
    return await plainly(parcel)


async def never(parcel: Parcel) -> web.StreamResponse:
    """Say nothing until the client gives up."""
    looks = int(parcel.options.hang_s / HANG_LOOK_S)
    for _ in range(looks):
        if parcel.closing.is_set() or parcel.request.transport is None:
            break
        await asyncio.sleep(HANG_LOOK_S)
    return await reset(parcel)


async def reset(parcel: Parcel) -> web.StreamResponse:
    """Drop the connection so that the other side sees a reset, not an end."""
    transport = parcel.request.transport
    if transport is not None:
        at_once = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        transport.abort()
    return web.Response()


async def server_error(_parcel: Parcel) -> web.StreamResponse:
    return web.Response(status=500, text="Internal Server Error")


async def garbage(_parcel: Parcel) -> web.StreamResponse:
    return web.Response(body=b"\x00\xff\xfe{]rc=00;;\x9c" * 9, content_type="application/json")


async def truncated(parcel: Parcel) -> web.StreamResponse:
    """JSON that stops in the middle, in a reply that is complete as far as HTTP can tell."""
    body = written(parcel.answer)
    return web.Response(body=body[: len(body) * 2 // 3], content_type="application/json")


async def half_a_body(parcel: Parcel) -> web.StreamResponse:
    """Fewer bytes than were announced, then the end of the connection."""
    body = written(parcel.answer)
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(parcel.request)
    await response.write(body[: len(body) // 2])
    if parcel.request.transport is not None:
        parcel.request.transport.close()
    return response


async def html(_parcel: Parcel) -> web.StreamResponse:
    return web.Response(text=SORRY, content_type="text/html")


async def huge(parcel: Parcel) -> web.StreamResponse:
    """A true answer behind more blanks than anybody should read."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(parcel.request)
    with suppress(ConnectionError):  # the client has read enough, as it should
        for _ in range(0, parcel.options.huge_bytes, CHUNK):
            await response.write(b" " * CHUNK)
        await response.write(written(parcel.answer))
    return response


async def wrong_amount(parcel: Parcel) -> web.StreamResponse:
    """A little more: it may well stay below the buyer's maximum price."""
    return await _with(parcel, {key: amount + 1_000 for key, amount in _amounts(parcel).items()})


async def tenfold_amount(parcel: Parcel) -> web.StreamResponse:
    """So much more that no maximum price covers it."""
    return await _with(parcel, {key: amount * 10 for key, amount in _amounts(parcel).items()})


async def wrong_number(parcel: Parcel) -> web.StreamResponse:
    number = str(_fields(parcel).get("customer_no", "0"))
    return await _with(parcel, {"customer_no": number[:-1] + ("1" if number.endswith("0") else "0")})


async def wrong_ref(parcel: Parcel) -> web.StreamResponse:
    return await _with(parcel, {"ref_id": f"{_fields(parcel).get('ref_id', '')}-other"})


async def unmapped_rc(parcel: Parcel) -> web.StreamResponse:
    unheard_of = {"rc": UNDOCUMENTED_RC, "status": "Diproses", "message": "Status Tidak Diketahui", "sn": ""}
    return await _with(parcel, unheard_of)


async def not_unique(parcel: Parcel) -> web.StreamResponse:
    said = {"rc": "49", "status": "Gagal", "message": "Ref ID tidak unik", "sn": ""}
    refused = replace(parcel.answer, http_status=parcel.options.refused_http_status)
    return await _with(replace(parcel, answer=refused), said)


def _fields(parcel: Parcel) -> Mapping[str, object]:
    return parcel.answer.data if isinstance(parcel.answer.data, dict) else {}


def _amounts(parcel: Parcel) -> Mapping[str, int]:
    shown = {key: _fields(parcel).get(key) for key in ("price", "selling_price")}
    return {key: amount for key, amount in shown.items() if isinstance(amount, int)}


async def _with(parcel: Parcel, changes: Mapping[str, object]) -> web.StreamResponse:
    data = {**_fields(parcel), **changes}
    return await plainly(replace(parcel, answer=replace(parcel.answer, data=data)))


async def _wait(parcel: Parcel, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(parcel.closing.wait(), seconds)
