"""The demo's chat in a real browser, beside the feature phone of the same person."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import aiohttp
import pytest
from playwright.async_api import Browser, expect

from console.demo.people import BUDI, SITI
from console.demo.run import demo_in
from tests.browser.handset import Handset
from tests.browser.smartphone import Smartphone
from tests.support.visitor import ANY_PORT, Visitor

TOKEN = re.compile(r"(?:\d{4} ){4}\d{4}")


@pytest.fixture
def smartphone(handset: Handset) -> Smartphone:
    return Smartphone(handset.page)


# ---- stories


async def test_a_payment_begun_on_the_feature_phone_is_finished_in_the_chat(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await smartphone.reads("Apa yang bisa kami bantu?")
    await handset.dial()
    await handset.answer("4")
    await handset.press("red")
    await smartphone.reads("Panggilan Anda terputus")
    await smartphone.press("Lanjut", SITI.reference, "Rp50.000")
    await smartphone.reads("Ketik PIN")
    await smartphone.type_pin(SITI.pin)
    receipt = await smartphone.reads("Lunas")

    assert TOKEN.search(await receipt.inner_text())
    await expect(receipt.get_by_role("img", name="It cannot be copied or passed on")).to_be_visible()
    await expect(page.locator("#payments .chip.now")).to_have_text("captured")
    await expect(page.locator("#messages li").filter(has_text="by Telegram").first).to_contain_text("Receipt")
    picture = receipt.locator("img")
    assert await picture.evaluate("image => image.complete && image.naturalWidth > 100")


async def test_a_payment_begun_in_the_chat_is_finished_on_the_feature_phone(handset: Handset, smartphone: Smartphone):
    await smartphone.press("Bayar lagi", SITI.reference)
    await smartphone.reads("Berapa?")
    assert "Berapa?" in await handset.dial()
    await handset.answer("2")

    assert TOKEN.search(await handset.answer(SITI.pin))


async def test_a_stranger_enrols_in_the_chat_and_buys_a_token(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await handset.insert("Stranger")
    await expect(smartphone.chat).to_contain_text("Press Start")
    await page.get_by_role("button", name="Start", exact=True).click()
    await smartphone.press("English", "Yes")
    await smartphone.share_number()
    await smartphone.reads("In which year were you born?")
    await expect(page.locator("#replykeys")).to_be_hidden()
    await smartphone.say("1985")
    for question in ("Choose a PIN", "Type the same PIN again"):
        await smartphone.reads(question)
        await smartphone.type_pin("7391")
    await smartphone.reads("Your wallet is open")
    for _ in range(2):
        await page.get_by_role("button", name="Top up Rp50,000 for Stranger").click()
    await expect(page.locator("#figures")).to_contain_text("Rp100,000")

    await smartphone.say("/start")
    await smartphone.press("Electricity token")
    await smartphone.say("12345678901")
    await smartphone.press("Rp20,000")
    await smartphone.reads("Total Rp22,500")
    await smartphone.type_pin("7391")

    assert TOKEN.search(await (await smartphone.reads("Paid")).inner_text())
    await expect(page.locator("#figures")).to_contain_text("Rp77,500")


async def test_budi_opens_his_wallet_in_the_chat_with_a_code_of_his_feature_phone(
    handset: Handset, smartphone: Smartphone
):
    await handset.insert("Budi")
    await handset.page.get_by_role("button", name="Start", exact=True).click()
    await smartphone.press("English", "Yes")
    await smartphone.share_number()
    await smartphone.reads("Type the code here")
    assert "wants to use your wallet" in await handset.dial()
    await handset.answer("1")
    code = re.search(r"\d{3} \d{3}", await handset.answer(BUDI.pin))
    assert code
    await smartphone.say(code[0])

    await smartphone.reads("Your wallet is open here now")


async def test_money_comes_in_by_card(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await page.get_by_role("button", name="Menu", exact=True).click()
    await page.get_by_role("button", name="/topup Isi saldo").click()
    await smartphone.press("Rp100.000", "Kartu", "Pay Rp100,000")
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_role("button", name="Pay Rp100,000")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await smartphone.press("Pay Rp100,000")
    await sheet.get_by_role("button", name="Pay Rp100,000").click()

    await smartphone.reads("Rp100.000 sudah masuk")
    await expect(smartphone.chat).to_contain_text("You paid Rp100,000")
    await expect(page.locator("#figures")).to_contain_text("Rp350,000")


async def test_a_link_opens_the_chat_at_the_pin(handset: Handset, smartphone: Smartphone):
    await handset.page.get_by_role("button", name="Open").click()

    await smartphone.reads("Ketik PIN untuk membayar")


async def test_a_picture_can_be_looked_at_in_full(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await smartphone.press("Bayar lagi", SITI.reference)
    await smartphone.reads("Berapa?")
    await page.get_by_role("button", name="Enlarge the picture").click()
    picture = page.get_by_role("dialog", name="The picture")
    await expect(picture.get_by_role("img")).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(picture).to_be_hidden()
    await expect(page.get_by_role("button", name="Enlarge the picture")).to_be_focused()


# ---- by keyboard, by ear, in any light, on any screen


async def test_a_keyboard_alone_buys_a_token_in_the_chat(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await smartphone.reads("Apa yang bisa kami bantu?")
    await smartphone.chat.focus()
    for _ in range(4):
        await page.keyboard.press("Tab")
    await expect(page.locator(":focus")).to_contain_text("Bayar lagi")
    await page.keyboard.press("Enter")
    await expect(page.locator(":focus")).to_have_accessible_name("Loket says")
    await page.keyboard.press("1")
    await expect(smartphone.words).to_be_focused()
    await expect(smartphone.words).to_have_value("1")
    await page.keyboard.press("Enter")
    await smartphone.reads("Berapa?")
    await page.keyboard.type("2\n")
    await smartphone.reads("Ketik PIN")
    await page.keyboard.type(f"{SITI.pin}\n")

    await smartphone.reads("Lunas")
    await expect(smartphone.chat).not_to_contain_text(SITI.pin)
    await expect(handset.lcd).to_have_attribute("data-kind", "idle")


async def test_the_focus_stays_where_it_was_while_a_screen_is_edited(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await page.get_by_role("button", name="Open").click()
    await smartphone.reads("Ketik PIN")
    digit = smartphone.chat.get_by_role("button", name="7", exact=True)
    await digit.focus()
    await page.keyboard.press("Enter")
    await smartphone.reads("● ○ ○ ○")

    await expect(digit).to_be_focused()


async def test_a_hand_on_the_feature_phone_takes_the_keyboard_with_it(handset: Handset, smartphone: Smartphone):
    await smartphone.words.focus()
    await handset.press("*")
    await handset.type("3", "8")

    await expect(handset.display).to_have_text("*38")
    await expect(smartphone.words).to_have_value("")


async def test_a_screen_reader_is_told_what_the_chat_says(handset: Handset, smartphone: Smartphone):
    page = handset.page
    await smartphone.reads("Apa yang bisa kami bantu?")
    log = page.get_by_role("log", name="Chat with Loket")
    await expect(log.get_by_role("article", name="Loket says")).to_have_count(1)
    await expect(log.get_by_role("article", name="You wrote")).to_have_count(1)
    for button in await page.locator("#smartphone button:visible").all():
        assert await button.evaluate("button => (button.ariaLabel ?? button.textContent).trim()")
    await page.get_by_role("button", name="Open").click()
    await smartphone.reads("Ketik PIN")
    await smartphone.press("7")

    await expect(page.locator("#toast .unseen")).to_have_text("1 digit")
    await expect(page.locator("#toast")).to_have_attribute("role", "status")
    await expect(smartphone.chat.get_by_role("button", name="Delete a digit")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_by_day_and_by_night(
    chromium: Browser, visitor: Visitor, scheme: Literal["light", "dark"]
):
    context = await chromium.new_context(color_scheme=scheme)
    handset = Handset(await context.new_page())
    await handset.look_at(visitor.page)
    smartphone = Smartphone(handset.page)
    await handset.page.get_by_role("button", name="Open").click()
    await smartphone.reads("Ketik PIN")

    worded = [".inline.success", ".inline.danger", ".inline:not(.success, .danger)", "#menu", ".theirs .body"]
    weak = {one: found for one in (*worded, ".own .body") if (found := await contrast(handset, one)) < 4.5}
    assert weak == {}
    await context.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
async def test_the_chat_fits_every_screen(chromium: Browser, visitor: Visitor, width: int):
    context = await chromium.new_context(viewport={"width": width, "height": 900}, has_touch=True)
    handset = Handset(await context.new_page())
    page, smartphone = handset.page, Smartphone(handset.page)
    await handset.look_at(visitor.page)
    is_narrow = width < 720
    await expect(page.get_by_role("tablist")).to_have_count(1 if is_narrow else 0)
    if is_narrow:
        await page.get_by_role("tab", name="Smartphone").click()
        await expect(page.locator("#phone")).to_be_hidden()
    await smartphone.press("Bayar lagi", SITI.reference)
    await smartphone.reads("Berapa?")

    assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await smartphone.chat.evaluate("chat => chat.scrollWidth <= chat.clientWidth")
    await context.close()


async def test_where_there_is_room_for_one_phone_the_other_says_that_something_is_new(
    chromium: Browser, visitor: Visitor
):
    context = await chromium.new_context(viewport={"width": 390, "height": 844})
    handset = Handset(await context.new_page())
    await handset.look_at(visitor.page)
    tab = handset.page.get_by_role("tab", name="Smartphone")
    await expect(handset.page.locator("#chat .bubble")).to_have_count(2)
    await handset.dial()
    await handset.answer("4")
    await handset.press("red")
    await expect(tab).to_have_accessible_name("Smartphone something new")
    await tab.click()

    await expect(tab).to_have_accessible_name("Smartphone")
    await Smartphone(handset.page).reads("Panggilan Anda terputus")
    await context.close()


async def test_another_sim_card_is_another_chat(handset: Handset, smartphone: Smartphone):
    await smartphone.reads("Apa yang bisa kami bantu?")
    await handset.insert("Amina")

    await expect(smartphone.chat).to_contain_text("Tokeni ya umeme")
    await expect(smartphone.chat).not_to_contain_text("Token listrik")


async def test_what_the_real_telegram_would_refuse_is_loud(chromium: Browser, tmp_path: Path):
    async with demo_in(tmp_path, ANY_PORT) as house, aiohttp.ClientSession() as http:
        handset, token = Handset(await chromium.new_page()), house.settings.telegram_token
        assert token
        await handset.look_at(f"http://127.0.0.1:{house.console_port}/demo")
        await expect(handset.page.locator("#violations")).to_be_hidden()
        await http.post(f"{house.settings.telegram_api_url}/bot{token.get_secret_value()}/sendMoney")

        await expect(handset.page.get_by_role("alert")).to_contain_text("There is no method 'sendMoney'.")
        await handset.page.close()


async def contrast(handset: Handset, selector: str) -> float:
    """Of words against what is behind them, as WCAG counts it."""
    found: float = await handset.page.locator(f"#smartphone {selector}").last.evaluate(
        """element => {
            const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
            const light = (colour) => {
                canvas.fillStyle = colour;
                canvas.fillRect(0, 0, 1, 1);
                const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
                    const part = value / 255;
                    return part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4;
                });
                return .2126 * r + .7152 * g + .0722 * b;
            };
            const { color, backgroundColor } = getComputedStyle(element);
            const [one, other] = [light(color), light(backgroundColor)].sort();
            return (other + .05) / (one + .05);
        }"""
    )
    return found
