"""Every walk, on every channel that can be tested here. `UPDATE_WALKS=1` writes down what is shown now."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from core.services.counter import Terms
from tests.support.chat_phone import chat_phone
from tests.support.counters import bench
from tests.support.invariants import invariants_kept
from tests.support.walk import Phone, play

WALKS = sorted((Path(__file__).parent / "walks").glob("*.walk"))
# A person is kept waiting for a tenth of a second here, so that slow providers need not be slow for long.
TERMS = Terms(reply_within=timedelta(seconds=0.1))


@pytest.mark.parametrize("path", WALKS, ids=lambda path: path.stem)
async def test_walk(path: Path, tmp_path: Path) -> None:
    written = path.read_text()

    async with bench(tmp_path, TERMS) as counter, invariants_kept(counter.store):
        played = await play(written, counter, Phone(counter))

    if os.environ.get("UPDATE_WALKS"):
        path.write_text(played)
    assert played == written or os.environ.get("UPDATE_WALKS")


@pytest.mark.parametrize("path", WALKS, ids=lambda path: path.stem)
async def test_walk_in_the_chat(path: Path, tmp_path: Path) -> None:
    """The same file on Telegram: the same questions and answers, each really there to be seen and pressed."""
    written = path.read_text()

    async with bench(tmp_path, TERMS) as counter, invariants_kept(counter.store), chat_phone(counter) as phone:
        played = await play(written, counter, phone)

    assert played == written
