"""The page's smartphone in somebody's hands."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect


class Smartphone:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.chat = page.locator("#chat")
        self.bubbles = page.locator("#chat .bubble.theirs")
        self.words = page.get_by_label("Message", exact=True)

    async def reads(self, words: str) -> Locator:
        """The bot's newest message with these words, once it is there."""
        bubble = self.bubbles.filter(has_text=words).last
        await expect(bubble).to_be_visible()
        return bubble

    async def press(self, *labels: str) -> None:
        for label in labels:
            await self.page.locator("#chat .inline").filter(has_text=label).last.click()

    async def say(self, words: str) -> None:
        await self.words.fill(words)
        await self.words.press("Enter")

    async def type_pin(self, pin: str) -> None:
        for digit in pin:
            await self.page.locator("#chat").get_by_role("button", name=digit, exact=True).last.click()
        await self.page.locator("#chat").get_by_role("button", name="Done").last.click()

    async def share_number(self) -> None:
        await self.page.locator(".replykey").first.click()
