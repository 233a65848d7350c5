"""The demo's page in a real browser: what a visitor sees, by mouse, by keyboard, on any screen, and by ear."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from console.demo.people import SITI
from tests.browser.handset import Handset
from tests.support.visitor import Visitor

TOKEN = re.compile(r"(?:\d{4} ){4}\d{4}")


async def test_a_stranger_enrols_is_topped_up_and_buys_a_token(handset: Handset):
    page = handset.page
    await handset.insert("Stranger")
    screens = [await handset.dial(), *[await handset.answer(words) for words in ("2", "1", "1985", "7391", "7391")]]
    await handset.press("red")
    for _ in range(2):
        await page.get_by_role("button", name="Top up Rp50,000 for Stranger").click()
    await expect(page.locator("#figures")).to_contain_text("Rp100,000")
    await expect(handset.display).to_contain_text("2 messages received")
    await handset.press("red")

    await handset.dial()
    for words in ("1", "12345678901", "1"):
        await handset.answer(words)
    bought = await handset.answer("7391")
    await handset.press("red")
    await expect(handset.display).to_contain_text("1 message received")
    await handset.press("left")
    message = await handset.display.inner_text()

    assert "English" in screens[0]
    token = TOKEN.search(bought)
    assert token
    assert token[0] in message
    await expect(page.locator("#payments .chip.now")).to_have_text("captured")
    await expect(page.locator("#figures")).to_contain_text("Rp77,500")
    await expect(page.locator("#messages li").first).to_contain_text("Receipt")
    assert [sum(entry) for entry in await entries(handset)] == [0] * 8


async def test_a_payment_in_doubt_is_shown_and_found_out(handset: Handset):
    page = handset.page
    await page.get_by_role("radio", name="Silent").check()
    await handset.dial()
    for words in ("4", "1", "1"):
        await handset.answer(words)
    promised = await handset.answer(SITI.pin)
    await expect(page.locator("#payments .chip.now")).to_have_text("in doubt")
    await expect(page.locator("#figures")).to_contain_text("Rp22,500")
    await page.get_by_role("radio", name="Well").check()
    await expect(page.locator("#payments .chip.now")).to_have_text("captured", timeout=20_000)
    await expect(page.locator("#right-label")).to_have_text("Message")
    await handset.press("right")

    assert not TOKEN.search(promised)
    assert TOKEN.search(await handset.display.inner_text())


async def test_a_keyboard_does_all_that_fingers_do(handset: Handset):
    typed = handset.page.locator("#typed")

    await handset.type(*"*384##", "delete")
    await expect(handset.display).to_have_text("*384#")
    await handset.type("green")
    await expect(handset.lcd).to_have_attribute("data-kind", "page")
    await handset.type("4", "5", "delete")
    await expect(typed).to_have_text("4")
    await handset.type("green")
    await expect(handset.display).to_contain_text(SITI.reference)
    await handset.type("red")
    await expect(handset.lcd).to_have_attribute("data-kind", "idle")


async def test_the_keys_can_be_reached_and_pressed_without_a_mouse(handset: Handset):
    page = handset.page
    await page.locator("#phone").focus()
    for _ in range(7):
        await page.keyboard.press("Tab")
    focused = page.locator(":focus")

    await expect(focused).to_have_attribute("aria-label", "1")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(handset.display).to_have_text("12")


async def test_a_screen_reader_is_told_what_the_screen_shows(handset: Handset):
    page = handset.page

    await expect(handset.display).to_have_attribute("aria-live", "polite")
    for key in await page.locator("#keys button").all():
        assert await key.get_attribute("aria-label")
    await expect(page.get_by_role("radio", name="Amina")).to_have_count(1)
    await handset.insert("Budi")
    await handset.dial()
    await page.get_by_role("button", name="Top up Rp50,000 for Budi").click()
    await expect(page.locator("#told")).to_have_text("1 message received")


async def test_another_sim_card_is_another_person(handset: Handset):
    await handset.dial()
    await handset.insert("Amina")

    await expect(handset.lcd).to_have_attribute("data-kind", "idle")
    assert "Tokeni ya umeme" in await handset.dial()
    await expect(handset.page.locator("#figures")).to_contain_text("Amina’s wallet")


async def test_a_code_that_is_not_ours_is_not_dialled(handset: Handset):
    await handset.type(*"*100#", "green")

    await expect(handset.display).to_have_text("This phone can only dial *384#")


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
async def test_nothing_has_to_be_scrolled_sideways(chromium: Browser, visitor: Visitor, width: int):
    context = await chromium.new_context(viewport={"width": width, "height": 780}, has_touch=True)
    handset = Handset(await context.new_page())
    await handset.look_at(visitor.page)
    await handset.dial()

    assert await handset.page.evaluate("document.documentElement.scrollWidth") == width
    await context.close()


async def test_the_page_says_when_the_counter_is_gone(chromium: Browser, visitor: Visitor):
    context = await chromium.new_context()
    handset = Handset(await context.new_page())
    await handset.look_at(visitor.page)
    await context.set_offline(True)
    await handset.type(*"*384#", "green")

    await expect(handset.display).to_have_text("Nobody answers. Is the demo still running?")
    await context.close()


async def entries(handset: Handset) -> list[list[int]]:
    """The lines of each entry as the page shows them: debits positive, credits negative."""
    read = """tables => tables.map(body => [...body.rows].slice(1).map(row => {
        const [debit, credit] = [1, 2].map(place => Number(row.cells[place].textContent.replaceAll(",", "")));
        return debit - credit;
    }))"""
    found: list[list[int]] = await handset.page.locator(".journal tbody").evaluate_all(read)
    return found
