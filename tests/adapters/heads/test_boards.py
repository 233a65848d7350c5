"""Where heads are told: what is in the file is on the disk, and no server is believed that did not say 2xx."""

from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.heads.file import FileBoard, NotWritten
from adapters.heads.webhook import NotTaken, WebhookBoard
from adapters.safe_url import UnsafeUrl
from core.domain.head import heads_in
from tests.domain.proofs import head_over, journal

ONE, OTHER = head_over(journal(3)), head_over(journal(5))


async def test_heads_stand_in_the_file_one_behind_the_other(tmp_path: Path):
    board = FileBoard(tmp_path / "heads")

    await board.put(ONE.note)
    await board.put(OTHER.note)

    assert heads_in((tmp_path / "heads").read_text("utf-8")) == [ONE, OTHER]


@pytest.mark.parametrize("left", [1, 40, OTHER.note.encode().index(b"\n\n") + 2, len(OTHER.note.encode()) - 1])
async def test_what_a_power_cut_has_torn_is_taken_away(tmp_path: Path, left: int):
    path = tmp_path / "heads"
    path.write_bytes(ONE.note.encode() + b"\n" + OTHER.note.encode()[:left])

    await FileBoard(path).put(OTHER.note)

    assert heads_in(path.read_text("utf-8"))[0] == ONE
    assert heads_in(path.read_text("utf-8"))[-1] == OTHER


async def test_a_file_that_cannot_be_written_is_a_fault(tmp_path: Path):
    with pytest.raises(NotWritten, match="Is a directory"):
        await FileBoard(tmp_path).put(ONE.note)


@pytest.mark.parametrize("status", [200, 202, 302, 404, 500])
async def test_a_server_takes_a_head_by_saying_so(status: int):
    taken: list[tuple[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        taken.append((request.headers["Content-Type"], await request.text()))
        return web.Response(status=status, headers={"Location": "http://127.0.0.1:1/"})

    app = web.Application()
    app.router.add_post("/heads", take)
    async with TestServer(app) as server:
        board = WebhookBoard(str(server.make_url("/heads")))
        if 200 <= status < 300:
            await board.put(ONE.note)
        else:
            with pytest.raises(NotTaken, match=f"HTTP {status}"):
                await board.put(ONE.note)

    assert taken == [("text/plain; charset=utf-8", ONE.note)]


async def test_a_server_that_is_not_there_is_a_fault():
    with pytest.raises(NotTaken, match="ClientConnectorError"):
        await WebhookBoard("http://127.0.0.1:1/heads").put(ONE.note)


@pytest.mark.parametrize("url", ["http://example.org/heads", "https://user:word@example.org/", "ftp://example.org/"])
def test_an_address_that_others_can_read_is_refused(url: str):
    with pytest.raises(UnsafeUrl):
        WebhookBoard(url)
