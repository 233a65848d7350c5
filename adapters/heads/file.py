"""Heads in a file, one behind the other with a blank line between: on another disk, or one that is copied away."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from core.refusal import Fault

# A head ends with the line of its signature and a blank one.
END = re.compile(rb"\n\xe2\x80\x94 [^\n]+\n\n")
LONGEST_TAIL = 4096  # bytes; a head has some hundreds


class NotWritten(Fault):
    """The file took nothing, or nobody knows whether it is on the disk."""


class FileBoard:
    """A `HeadBoard`."""

    def __init__(self, path: Path) -> None:
        self.name = "file"
        self._path = path

    async def put(self, note: str) -> None:
        """On the disk when it returns."""
        try:
            await asyncio.to_thread(_append, self._path, note.encode() + b"\n")
        except OSError as error:
            raise NotWritten(f"{self._path}: {error.strerror}") from error


def _append(path: Path, raw: bytes) -> None:
    """What a power cut has torn off in the middle is taken away first: a reader wants whole heads."""
    with path.open("a+b") as out:
        size = out.seek(0, os.SEEK_END)
        begins = out.seek(max(0, size - LONGEST_TAIL))
        whole = begins + max((found.end() for found in END.finditer(out.read())), default=0)
        if whole < size:
            out.truncate(whole)
        out.write(raw)
        out.flush()
        os.fsync(out.fileno())
