"""One serving process owns a store, by a lock on a file beside it. The lock ends with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.refusal import Fault


class StoreBusy(Fault):
    """Another process owns the store."""


@contextmanager
def owned(path: Path) -> Iterator[None]:
    """Own the store at `path` for a while. Raises `StoreBusy`."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(lock, path)
        yield
    finally:
        os.close(lock)


def _lock(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(lock, 20, 0).decode() or "another process"
        raise StoreBusy(f"The store {path} is already being served by process {owner}. Stop that one first.") from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
