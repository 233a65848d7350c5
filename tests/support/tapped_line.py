"""A line to a PostgreSQL server on which the answer to a COMMIT is lost, or the COMMIT itself."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Literal

SOCKET = ".s.PGSQL.5432"
# A line that breaks before the server hears of the COMMIT, after it has committed, or goes silent towards both ends.
Trouble = Literal["", "before", "after", "silent"]


class TappedLine:
    """Between a store and its server. `trouble` befalls the next COMMIT; `dead` lets nobody through any more."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.trouble: Trouble = ""
        self.dead = False
        self.befell = 0
        self.folder = folder
        self._server = server
        self._ends: list[socket.socket] = []
        self._ear = socket.socket(socket.AF_UNIX)
        self._ear.bind(str(folder / SOCKET))
        self._ear.listen()
        Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        _hang_up(self._ear, *self._ends)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._ear.accept()
                if self.dead:
                    near.close()
                    continue
                far = socket.socket(socket.AF_UNIX)
                self._ends += [near, far]
                far.connect(str(self._server / SOCKET))
                Thread(target=self._carry, args=(near, far), daemon=True).start()
                Thread(target=_bring_back, args=(far, near), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError):
            while said := near.recv(65_536):
                if self.trouble and said.endswith(b"COMMIT\0"):
                    self._befall(said, near, far)
                    return
                far.sendall(said)
        _hang_up(near, far)

    def _befall(self, said: bytes, near: socket.socket, far: socket.socket) -> None:
        trouble, self.trouble = self.trouble, ""
        self.befell += 1
        near.shutdown(socket.SHUT_RDWR)
        if trouble == "after":
            far.sendall(said)
            far.recv(1)  # answered, so it is committed
        if trouble != "silent":
            _hang_up(far)


def _bring_back(far: socket.socket, near: socket.socket) -> None:
    with suppress(OSError):
        while said := far.recv(65_536, socket.MSG_PEEK):
            near.sendall(said)
            far.recv(len(said))
    _hang_up(near)


def _hang_up(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def tapped(server: Path) -> Iterator[TappedLine]:
    with tempfile.TemporaryDirectory(prefix="lk", dir="/tmp") as folder:
        line = TappedLine(server, Path(folder))
        try:
            yield line
        finally:
            line.close()
