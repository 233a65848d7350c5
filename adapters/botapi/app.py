"""The double over HTTP.

A call is read, may be flooded or spoilt, is carried out, and is written down. Pictures are also served to a page that
shows the person's side.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from adapters.botapi.calls import MOST_BYTES, Call, read_call
from adapters.botapi.faults import BEFORE
from adapters.botapi.files import File
from adapters.botapi.methods.table import METHODS, Method
from adapters.botapi.options import BotApiOptions
from adapters.botapi.refusals import Refused
from adapters.botapi.server import Server

UNAUTHORIZED = Refused(401, "Unauthorized")
NOT_FOUND = Refused(404, "Not Found")
NO_METHOD = Refused(404, "Not Found: method not found")


@asynccontextmanager
async def running(options: BotApiOptions | None = None) -> AsyncIterator[Server]:
    """A double that serves as long as the block lasts. Port 0 takes any free one."""
    options = options or BotApiOptions()
    server = Server(options, obey)
    http = web.Server(lambda request: answer(server, request), request_factory=_request, access_log=None)
    runner = web.ServerRunner(http, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.host, options.port).start()
        port = runner.addresses[0][1]
        host = f"[{options.host}]" if ":" in options.host else options.host
        server.url = f"http://{host}:{port}"
        yield server
    finally:
        server.updates.close()
        await server.webhooks.close()
        await runner.cleanup()


async def answer(server: Server, request: web.BaseRequest) -> web.StreamResponse:
    """Any request: a call, a download of the bot, or a picture for a page."""
    path, token = request.path, server.options.token
    if path.startswith("/photo/"):
        return _file(server.files.find(path.removeprefix("/photo/")))
    if path.startswith("/file/bot"):
        given, _, file_path = path.removeprefix("/file/bot").partition("/")
        return _file(server.files.at(file_path)) if given == token else _refused(UNAUTHORIZED)
    given, _, method = path.removeprefix("/bot").partition("/")
    if not path.startswith("/bot") or not method:
        return _refused(NOT_FOUND)
    if given != token:
        return _refused(UNAUTHORIZED)
    return await _called(server, method, request)


async def _called(server: Server, name: str, request: web.BaseRequest) -> web.Response:
    method = METHODS.get(name.lower())
    if method is None:
        server.violations.append(f"There is no method {name!r}.")
        return _refused(NO_METHOD)
    try:
        call = await read_call(method.name, request)
    except Refused as refused:
        _blame(server, method.name, refused)
        return _refused(refused)
    fault = server.faults.next(method.name.lower())
    if fault in BEFORE:
        return await server.faults.spoil(fault, request, web.Response())
    reply = await _carried_out(server, method, call)
    return await server.faults.spoil(fault, request, reply) if fault else reply


async def _carried_out(server: Server, method: Method, call: Call) -> web.Response:
    chat_id = _chat_id(server, call)
    server.in_flight[chat_id] += 1
    try:
        result = run(server, method, call, chat_id)
        if inspect.isawaitable(result):
            result = await result
        server.note(call, chat_id, 200)
        return _response(200, {"ok": True, "result": result})
    except Refused as refused:
        _blame(server, method.name, refused)
        server.note(call, chat_id, refused.code)
        return _refused(refused)
    finally:
        server.in_flight[chat_id] -= 1


def run(server: Server, method: Method, call: Call, chat_id: int) -> Any:
    """Do what a call asks for. Raises `Refused`."""
    server.flood_control.check(method.name.lower(), chat_id)
    unknown = call.parameters.keys() - method.parameters
    if unknown:
        # Telegram passes over them, and a misspelt parameter with them.
        server.violations.append(f"{method.name}: there is no parameter {', '.join(sorted(unknown))}.")
    return method.run(server, call)


def obey(server: Server, call: Call) -> None:
    """Carry out a call that came as the answer to an update; nobody hears its result.

    What asks for something, or changes the webhook, is passed over as Telegram does.
    """
    method = METHODS.get(call.method.lower())
    if method is None or method.name.startswith(("get", "setWebhook", "deleteWebhook")):
        return
    chat_id = _chat_id(server, call)
    try:
        run(server, method, call, chat_id)
        server.note(call, chat_id, 200)
    except Refused as refused:
        _blame(server, method.name, refused)
        server.note(call, chat_id, refused.code)


def _chat_id(server: Server, call: Call) -> int:
    given = call.parameters.get("chat_id")
    if given is None:
        press = server.queries.presses.get(str(call.parameters.get("callback_query_id")))
        return press.chat.chat_id if press else 0
    try:
        return int(given)
    except (TypeError, ValueError):
        return 0


def _blame(server: Server, method: str, refused: Refused) -> None:
    if refused.breach:
        server.violations.append(f"{method}: {refused.breach}")


def _response(status: int, value: Any) -> web.Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return web.Response(status=status, body=body, content_type="application/json")


def _refused(refused: Refused) -> web.Response:
    return _response(refused.code, refused.as_json())


def _file(file: File | None) -> web.Response:
    if file is None:
        return _refused(NOT_FOUND)
    return web.Response(body=file.data, content_type=MIME_TYPES.get(file.kind, "application/octet-stream"))


MIME_TYPES = {"voice": "audio/ogg", "sticker": "image/webp"}


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    return web.BaseRequest(message, payload, protocol, writer, task, task.get_loop(), client_max_size=MOST_BYTES)
