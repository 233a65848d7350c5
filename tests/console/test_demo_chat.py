"""The demo's smartphone over HTTP: a chat with our bot, through the real door, beside the feature phone."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from console.demo.people import BUDI, PEOPLE, SITI
from console.demo.run import demo_in
from tests.support.visitor import ANY_PORT, Json, Visitor, visiting

TOKEN = re.compile(r"(?:\d{4} ){4}\d{4}")
PNG = b"\x89PNG"


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with visiting(tmp_path) as somebody:
        yield somebody


# ---- one person, two phones


async def test_a_payment_begun_on_the_feature_phone_is_finished_in_the_chat(visitor: Visitor):
    await visitor.reads("siti", "Apa yang bisa kami bantu?")

    await visitor.call("siti", "4", "1", ended="Incomplete")
    await visitor.reads("siti", "Panggilan Anda terputus")
    await visitor.press("siti", "Lanjut", "Rp50.000")
    await visitor.reads("siti", "Ketik PIN")
    await visitor.type_pin("siti", SITI.pin)
    receipt = await visitor.reads("siti", "Lunas")
    view = await visitor.sees(paid)

    assert TOKEN.search(receipt["text"])
    assert (receipt["kind"], receipt["protected"]) == ("photo", True)
    assert view["wallets"]["siti"]["amount_minor"] == 197_500_00
    assert {"Receipt", "Cut off: go on here"} <= {one["about"] for one in view["messages"] if one["chat"]}


async def test_a_payment_begun_in_the_chat_is_finished_on_the_feature_phone(visitor: Visitor):
    await visitor.press("siti", "Bayar lagi", SITI.reference)
    await visitor.reads("siti", "Berapa?")

    screen = await visitor.call("siti", "2", SITI.pin)

    assert TOKEN.search(screen["words"])
    assert (await visitor.sees(paid))["payments"][0]["total_minor"] == 52_500_00


async def test_a_stranger_opens_a_wallet_in_the_chat_and_has_it_on_the_feature_phone(visitor: Visitor):
    await visitor.ask("chat/start", person="stranger", link="")
    await visitor.press("stranger", "English", "Yes")
    await visitor.sees_chat("stranger", lambda view: bool(view["keyboard"]))
    await visitor.ask("chat/share", person="stranger")
    await visitor.reads("stranger", "In which year")
    await visitor.ask("chat/say", person="stranger", text="1985")
    await visitor.reads("stranger", "Choose a PIN")
    await visitor.type_pin("stranger", "7391")
    await visitor.reads("stranger", "the same PIN")
    await visitor.type_pin("stranger", "7391")
    await visitor.reads("stranger", "Your wallet is open")

    assert "Electricity token" in (await visitor.call("stranger"))["words"]
    view = await visitor.sees(lambda view: view["wallets"]["stranger"])
    assert view["wallets"]["stranger"] == {"state": "active", "amount_minor": 0}


async def test_a_wallet_of_the_feature_phone_is_opened_in_the_chat_by_its_code(visitor: Visitor):
    await visitor.ask("chat/start", person="budi", link="")
    await visitor.press("budi", "English", "Yes")
    await visitor.sees_chat("budi", lambda view: bool(view["keyboard"]))
    await visitor.ask("chat/share", person="budi")
    await visitor.reads("budi", "Type the code here")

    screen = await visitor.call("budi", "1", BUDI.pin)
    code = re.search(r"\d{3} \d{3}", screen["words"])
    assert code
    await visitor.ask("chat/say", person="budi", text=code[0])

    await visitor.reads("budi", "Your wallet is open here now")


async def test_a_wallet_is_topped_up_by_card(visitor: Visitor):
    await visitor.ask("chat/say", person="amina", text="/topup")
    await visitor.press("amina", "Rp100", "Kadi")
    view = await visitor.sees_chat("amina", lambda view: bool(invoice_in(view)))
    paid = await visitor.ask("chat/pay", person="amina", message=str(invoice_in(view)["message_id"]))
    again = await visitor.ask("chat/pay", person="amina", message=str(invoice_in(view)["message_id"]))
    await visitor.sees(lambda view: view["wallets"]["amina"]["amount_minor"] == 500_000_00)
    after = await visitor.sees_chat("amina", lambda view: invoice_in(view)["paid"])

    assert (paid["paid"], again["paid"]) == (True, False)
    assert "successful_payment" in {one["kind"] for one in after["messages"]}


async def test_a_link_leads_straight_to_the_pin(visitor: Visitor):
    await visitor.ask("chat/start", person="siti", link=f"pay-pln-token-{SITI.reference}-50000")

    assert SITI.reference in (await visitor.reads("siti", "Ketik PIN"))["text"]


# ---- what is seen


async def test_a_picture_is_served_without_any_secret_in_its_address(visitor: Visitor):
    await visitor.press("siti", "Bayar lagi", SITI.reference)
    shown = await visitor.reads("siti", "Berapa?")

    async with visitor.http.get(f"http://{urlsplit(visitor.page).netloc}{shown['file']}") as reply:
        data, kind = await reply.read(), reply.content_type

    assert shown["file"].startswith("/demo/photo/")
    assert data.startswith(PNG) == (kind == "image/png")
    assert shown["width"] > 100 < shown["height"]


async def test_the_bots_token_stays_behind_the_page(visitor: Visitor):
    settings = visitor.house.settings
    hidden = [settings.telegram_token, settings.telegram_secret, settings.telegram_provider_token]
    seen = json.dumps([await visitor.chat("siti"), await visitor.sees(lambda view: True)])
    async with visitor.http.get(f"{visitor.page}/stage") as reply:
        seen += await reply.text()

    assert None not in hidden
    assert [secret for secret in hidden if secret and secret.get_secret_value() in seen] == []


async def test_nothing_leads_to_the_real_telegram(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LOKET_TELEGRAM_TOKEN", "123456789:AAin-earnest-in-earnest-in-earnest1")
    monkeypatch.setenv("LOKET_TELEGRAM_API_URL", "https://api.telegram.org")
    monkeypatch.setenv("LOKET_PUBLIC_URL", "https://counter.example.org")

    async with visiting(tmp_path) as visitor:
        settings = visitor.house.settings

    assert urlsplit(settings.telegram_api_url).hostname == urlsplit(settings.public_url).hostname == "127.0.0.1"
    assert settings.telegram_token
    assert "in-earnest" not in settings.telegram_token.get_secret_value()


async def test_who_has_never_begun_sees_what_the_bot_can_do_in_her_language(visitor: Visitor):
    view = await visitor.sees_chat("budi", lambda view: bool(view["description"]))
    siti = await visitor.sees_chat("siti", lambda view: len(view["commands"]) > 3)

    assert view["messages"] == []
    assert "Press Start" in view["description"]
    assert {"command": "topup", "description": "Isi saldo"} in siti["commands"]


async def test_what_operators_are_told_is_seen(visitor: Visitor):
    view = await visitor.sees(lambda view: True)

    assert view["alarms"] == []
    assert visitor.house.settings.telegram_operators_chat


async def test_what_the_real_telegram_would_refuse_is_seen(tmp_path: Path):
    async with demo_in(tmp_path, ANY_PORT) as house, aiohttp.ClientSession() as http:
        visitor, token = Visitor(http, house), house.settings.telegram_token
        assert token
        await http.post(f"{house.settings.telegram_api_url}/bot{token.get_secret_value()}/sendMoney")
        view = await visitor.sees(lambda view: view["violations"])

    assert view["violations"] == ["There is no method 'sendMoney'."]


async def test_a_second_start_goes_on_in_the_same_chats(tmp_path: Path):
    async with visiting(tmp_path) as first:
        await first.press("siti", "Bayar lagi", SITI.reference)
        await first.reads("siti", "Berapa?")
    async with visiting(tmp_path) as second:
        empty = await second.chat("siti")
        await second.ask("chat/start", person="siti", link="")
        await second.reads("siti", "Berapa?")
        await second.ask("top-up", person="siti")
        told = await second.reads("siti", "Rp50.000 sudah masuk")

    assert empty["messages"] == []
    assert told


# ---- what is refused


@pytest.mark.parametrize(
    ("what", "fields", "sentence"),
    [
        ("chat/start", {"person": "siti", "link": "a b"}, "link is at most 64 letters"),
        ("chat/start", {"person": "siti"}, "This takes an object of person, link."),
        ("chat/say", {"person": "joko", "text": "x"}, "Nobody here is called that."),
        ("chat/say", {"person": "siti", "text": " "}, "text is empty."),
        ("chat/press", {"person": "siti", "message": "x", "data": "x"}, "message is the number of a message."),
        ("chat/press", {"person": "siti", "message": "1", "data": "é" * 33}, "data is 1 to 64 bytes."),
        ("chat/press", {"person": "siti", "message": "1", "data": ""}, "data is 1 to 64 bytes."),
        ("chat/pay", {"person": "siti", "message": "-1"}, "message is the number of a message."),
    ],
)
async def test_what_does_not_fit_is_refused_with_a_sentence(
    visitor: Visitor, what: str, fields: dict[str, str], sentence: str
):
    status, said = await visitor.try_to_ask(what, **fields)

    assert status == 400
    assert said["error"].startswith(sentence)


async def test_a_number_is_shared_only_where_it_is_asked_for(visitor: Visitor):
    status, said = await visitor.try_to_ask("chat/share", person="siti")

    assert (status, said) == (400, {"error": "Nothing in this chat asks for a number."})


@pytest.mark.parametrize("path", ["chat?person=joko", "chat", "photo/nosuch", "photo/..%2f..%2fsecret"])
async def test_what_is_not_there_is_not_found(visitor: Visitor, path: str):
    async with visitor.http.get(f"{visitor.page}/{path}") as reply:
        assert reply.status in (400, 404)


async def test_another_site_cannot_order_anything(visitor: Visitor):
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"}
    order = '{"person": "siti", "link": ""}'
    async with visitor.http.post(f"{visitor.page}/chat/start", data=order, headers=headers) as reply:
        assert reply.status == 403


async def test_a_reader_of_a_chat_does_not_hold_up_the_end(tmp_path: Path):
    async with aiohttp.ClientSession() as http:
        async with visiting(tmp_path) as visitor:
            reply = await http.get(f"{visitor.page}/chat?person=siti")
            closing_at = asyncio.get_running_loop().time()
        took_s = asyncio.get_running_loop().time() - closing_at
        reply.close()

    assert took_s < 5


def test_everybody_has_an_account_of_their_own():
    assert len({person.telegram for person in PEOPLE.values()}) == len(PEOPLE)


def paid(view: Json) -> bool:
    return bool(view["payments"]) and view["payments"][0]["state"] == "captured"


def invoice_in(view: Json) -> Json:
    return next((one for one in reversed(view["messages"]) if one["kind"] == "invoice"), {})
