"""A copy of the tree, and mistakes made in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Where a commit costs no time on a disk.
MEMORY = Path("/dev/shm")  # noqa: S108
LEFT_OUT = shutil.ignore_patterns(".venv", ".git", "__pycache__", ".*_cache", ".hypothesis", "build", "dist")


class DoesNotFit(Exception):
    """What is to be changed does not stand in the file exactly once."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command in a copy: whether it went well, and the last it said."""

    well: bool
    said: str


@contextmanager
def copied() -> Iterator[Path]:
    """The tree as it lies here, without what the tools left behind."""
    with tempfile.TemporaryDirectory(prefix="loket-mutations-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        copy = Path(folder) / "tree"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        yield copy


@contextmanager
def changed(path: Path, old: str, new: str) -> Iterator[None]:
    """With one mistake in it. Raises `DoesNotFit`."""
    source = path.read_text("utf-8")
    if (times := source.count(old)) != 1:
        raise DoesNotFit(f"{path.name}: {times} times {old.strip()!r}")
    path.write_text(source.replace(old, new), "utf-8")
    try:
        yield
    finally:
        path.write_text(source, "utf-8")


def run(copy: Path, *words: str, within_s: float, **environment: str) -> Ran:
    """Python with these words in a copy. What does not come to an end has gone wrong."""
    try:
        ended = subprocess.run(
            [sys.executable, *words],
            cwd=copy,
            env=_environment(copy, environment),
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ran(well=False, said=f"no end after {within_s:g} s")
    return Ran(ended.returncode == 0, (ended.stdout + ended.stderr).strip())


def _environment(copy: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The copy's own packages come before those that are installed; what was compiled from a mistake is not kept."""
    own = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(copy), "TMPDIR": str(copy.parent)}
    return {"PATH": "/usr/bin:/bin", **own, **more}
