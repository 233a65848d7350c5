"""One call of a bot, read from any of the forms in which the Bot API takes parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from adapters.botapi.refusals import Refused, bad

MOST_BYTES = 52 * 1024 * 1024
TRUE = {"true", "True", "1", "yes"}


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    data: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Call:
    """`parameters` are as they came: everything is a string in a form, and may be of its own type in JSON."""

    method: str
    parameters: Mapping[str, Any]
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Empty where the parameter is missing. Raises `Refused` for what is not UTF-8."""
        value = self.parameters.get(name)
        if value is None:
            return ""
        return utf8(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))

    def integer(self, name: str, otherwise: int = 0) -> int:
        value = self.parameters.get(name)
        try:
            return otherwise if value is None or value == "" else int(value)
        except (TypeError, ValueError):
            raise bad(f"invalid {name} specified", f"{name} {value!r} is not a number.") from None

    def flag(self, name: str) -> bool:
        value = self.parameters.get(name)
        return value is True or value in TRUE

    def has(self, name: str) -> bool:
        return self.parameters.get(name) not in (None, "")

    def loaded(self, name: str) -> Any:
        """A parameter that is an object or a list, or None. Raises `Refused` if it is no JSON."""
        value = self.parameters.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                wrong = name.replace("_", " ")
                raise bad(f"can't parse {wrong} JSON object", f"{name} is not JSON.") from None
        check_utf8(value)
        return value


async def read_call(method: str, request: web.BaseRequest) -> Call:
    """Raises `Refused` for a body that cannot be read."""
    parameters: dict[str, Any] = dict(request.query)
    if request.content_type == "multipart/form-data":
        fields, uploads = await _multipart(request)
        return Call(method, {**parameters, **fields}, uploads)
    body = await request.read()
    if request.content_type == "application/json":
        return Call(method, {**parameters, **_json_object(body)})
    try:
        parameters.update(parse_qsl(body.decode(), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise not_utf8() from None
    return Call(method, parameters)


def _json_object(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        value = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON object", "The body is not JSON.") from None
    if not isinstance(value, dict):
        raise bad("expected a JSON object", "The body is no JSON object.")
    check_utf8(value)
    return value


async def _multipart(request: web.BaseRequest) -> tuple[dict[str, str], dict[str, Upload]]:
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    length = 0
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read(decode=True))
        length += len(data)
        if length > MOST_BYTES:
            raise Refused(413, "Request Entity Too Large", breach="More than 50 MB were sent in one call.")
        if part.filename is None:
            fields[part.name] = _decoded(data)
        else:
            uploads[part.name] = Upload(part.filename, data, part.headers.get("Content-Type", ""))
    return fields, uploads


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise not_utf8() from None


def check_utf8(value: object) -> None:
    """Raises `Refused` if any string of a JSON value holds half a character."""
    match value:
        case str():
            utf8(value)
        case list():
            for item in value:
                check_utf8(item)
        case dict():
            for key, item in value.items():
                utf8(key)
                check_utf8(item)


def utf8(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise not_utf8() from None
    return text


def not_utf8() -> Refused:
    return bad("strings must be encoded in UTF-8", "A string holds bytes that are no valid UTF-8.")
