"""The page's phone in somebody's hands."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.async_api import Page, expect

KEYBOARD = {"green": "Enter", "red": "Escape", "delete": "Backspace", "up": "ArrowUp", "down": "ArrowDown"}


class Handset:
    """`complaints` are what the browser's console said, `hosts` where the page asked for something."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))
        self.lcd, self.display = page.locator("#lcd"), page.locator("#display")

    async def look_at(self, url: str) -> None:
        await self.page.goto(url)
        await expect(self.page.locator("#wire")).to_have_text("Live")

    async def insert(self, name: str) -> None:
        await self.page.get_by_role("radio", name=name).check()

    async def press(self, *keys: str) -> None:
        """Keys of the phone, under a finger."""
        for key in keys:
            await self.page.locator(f'#keys [data-key="{key}"]').click()

    async def type(self, *keys: str) -> None:
        """The same on a keyboard."""
        for key in keys:
            await self.page.keyboard.press(KEYBOARD.get(key, key))

    async def dial(self) -> str:
        await self.press(*"*384#")
        return await self._send()

    async def answer(self, words: str) -> str:
        """Type, send, and read the next screen."""
        await self.press(*words)
        return await self._send()

    async def _send(self) -> str:
        async with self.page.expect_response("**/demo/phone"):
            await self.press("green")
        await expect(self.lcd).to_have_attribute("data-kind", "page")
        shown: str = await self.display.inner_text()
        return shown
