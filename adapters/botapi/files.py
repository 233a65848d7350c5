"""Files on the double's side. Each upload gets a file_id of its own, which may be sent again and downloaded."""

from __future__ import annotations

import base64
import hashlib
import itertools
from dataclasses import dataclass
from typing import Any

PREFIXES = {"photo": "AgACAgQAAx", "document": "BQACAgQAAx", "voice": "AwACAgQAAx", "sticker": "CAACAgQAAx"}
FOLDERS = {"photo": "photos", "document": "documents", "voice": "voice", "sticker": "stickers"}
ENDINGS = {"photo": "jpg", "voice": "oga", "sticker": "webp"}
SMALL = 320


@dataclass(frozen=True, slots=True)
class File:
    """`kind` is the field of a message that holds it."""

    file_id: str
    unique_id: str
    kind: str
    data: bytes
    path: str
    name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0
    duration_s: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}

    def shown(self) -> Any:
        """The value of the message's field."""
        match self.kind:
            case "photo":
                return self._sizes()
            case "voice":
                return {"duration": self.duration_s, "mime_type": "audio/ogg", **self.as_json()}
            case "sticker":
                looks = {"type": "regular", "is_animated": False, "is_video": False}
                return {"width": self.width, "height": self.height, **looks, **self.as_json()}
            case _:
                mime = {"mime_type": self.mime_type} if self.mime_type else {}
                return {"file_name": self.name, **mime, **self.as_json()}

    def _sizes(self) -> list[dict[str, Any]]:
        """A small one, if the picture is larger, and the picture. The small one shows the same bytes in this double."""
        longest = max(self.width, self.height)
        full = {**self.as_json(), "width": self.width, "height": self.height}
        if longest <= SMALL:
            return [full]
        small = {"width": self.width * SMALL // longest or 1, "height": self.height * SMALL // longest or 1}
        return [{**full, "file_id": f"{self.file_id}m", "file_unique_id": f"{self.unique_id}m", **small}, full]


class Files:
    """The last `kept` files, by file_id and by the path under which they are downloaded."""

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}
        self._numbers = itertools.count(1)

    def keep(self, kind: str, data: bytes, **about: Any) -> File:
        number = next(self._numbers)
        seed = hashlib.sha256(f"{kind} {number}".encode()).digest()
        file_id = PREFIXES[kind] + base64.urlsafe_b64encode(seed).decode().rstrip("=")
        ending = ENDINGS.get(kind) or str(about.get("name", "")).rpartition(".")[2] or "bin"
        path = f"{FOLDERS[kind]}/file_{number}.{ending}"
        file = File(file_id, f"AQAD{seed[:9].hex()}", kind, data, path, **about)
        self._by_id[file_id] = self._by_path[path] = file
        if len(self._by_id) > self._kept:
            oldest = self._by_id.pop(next(iter(self._by_id)))
            del self._by_path[oldest.path]
        return file

    def find(self, file_id: str) -> File | None:
        return self._by_id.get(file_id) or self._by_id.get(file_id.removesuffix("m"))

    def at(self, path: str) -> File | None:
        return self._by_path.get(path)
