"""Files that come with a call: in it, attached under another name, or by the file_id of an earlier one."""

from __future__ import annotations

from typing import Any

from adapters.botapi import limits
from adapters.botapi.calls import Call, Upload
from adapters.botapi.entities import read_text
from adapters.botapi.files import File, Files
from adapters.botapi.messages import Json
from adapters.botapi.pictures import spoken_s
from adapters.botapi.refusals import bad
from adapters.botapi.speaking import worded

ATTACHED = "attach://"
NAMES = {"photo": "Photo", "document": "Document", "voice": "VoiceNote", "sticker": "Sticker"}


def photo_of(files: Files, call: Call, name: str, given: Any = None) -> File:
    found = _found(files, call, name, given, kind="photo")
    if isinstance(found, File):
        return found
    width, height = limits.check_photo(found)
    return files.keep("photo", found.data, width=width, height=height)


def document_of(files: Files, call: Call, name: str, given: Any = None) -> File:
    found = _found(files, call, name, given, kind="document")
    if isinstance(found, File):
        return found
    limits.check_file(found)
    return files.keep("document", found.data, name=found.name, mime_type=found.mime_type)


def voice_of(files: Files, call: Call, name: str) -> File:
    found = _found(files, call, name, None, kind="voice")
    if isinstance(found, File):
        return found
    limits.check_voice(found)
    return files.keep("voice", found.data, duration_s=call.integer("duration") or spoken_s(found.data))


def media_of(files: Files, call: Call, given: Any) -> tuple[Json, File]:
    """An InputMedia as the content of a message."""
    if not isinstance(given, dict) or given.get("type") not in MEDIA:
        kinds = "a photo or a document, which is all that this double takes"
        raise bad("can't parse InputMedia: type is unsupported", f"media is not {kinds}.")
    kind = str(given["type"])
    file = MEDIA[kind](files, call, "media", given.get("media") or "")
    text, entities = read_text(given.get("caption") or "", given.get("parse_mode") or "", given.get("caption_entities"))
    limits.check_caption(text)
    return {kind: file.shown(), **worded("caption", text, entities)}, file


def _found(files: Files, call: Call, name: str, given: Any, *, kind: str) -> Upload | File:
    """What was uploaded, or a file known before. Raises `Refused`."""
    if given is None and name in call.uploads:
        return call.uploads[name]
    named = str(given) if given is not None else call.text(name)
    if named.startswith(ATTACHED):
        upload = call.uploads.get(named.removeprefix(ATTACHED))
        if upload is None:
            raise bad("can't parse file: attached file not found", f"Nothing was attached as {named!r}.")
        return upload
    if not named:
        raise bad(f"there is no {kind} in the request", f"{name} is missing.")
    file = files.find(named)
    if file is None:
        raise bad("wrong file identifier/HTTP URL specified", f"{named!r} is no file_id; this double fetches no URL.")
    if file.kind != kind:
        raise bad(f"can't use file of type {NAMES[file.kind]} as {NAMES[kind]}", f"A {file.kind} was sent as {kind}.")
    return file


MEDIA = {"photo": photo_of, "document": document_of}
