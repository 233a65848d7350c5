"""A real Chromium, and a demo for it to look at. Both end with the test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.handset import Handset
from tests.support.visitor import Visitor, visiting

NAMES = ("chromium", "chromium-browser", "google-chrome")
# It looks at one page of this machine; nothing else needs to be reached, updated or remembered.
QUIET = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --disable-default-apps --disable-extensions""".split()


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path) as somebody:
        yield somebody


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "there is no Chromium on the PATH: `make check-browser` installs one where it can"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def handset(chromium: Browser, visitor: Visitor) -> AsyncIterator[Handset]:
    """The phone on the page. Whatever the page complained about, or asked of elsewhere, fails the test."""
    context = await chromium.new_context(viewport={"width": 1280, "height": 900})
    handset = Handset(await context.new_page())
    await handset.look_at(visitor.page)
    yield handset
    await context.close()
    assert handset.complaints == []
    assert {host for host in handset.hosts if host != "127.0.0.1"} == set()
