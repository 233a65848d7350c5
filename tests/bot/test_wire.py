"""Our wire in the place of the library's own: the same calls arrive, and what goes wrong has the same names."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
import telegram
from aiohttp import web
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from adapters.botapi import BotApiOptions, Person, Server, running
from bot.wire import CutOff, Wire
from tests.support.scripted_http import scripted_http, server_of_bytes

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 8 + (640).to_bytes(4, "big") + (480).to_bytes(4, "big") + b"\xff" * 900
SITI = 1001


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    async with running(BotApiOptions(slow_s=0.3)) as double:
        yield double


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Wire(4, read=0.1, pool=2.0) as opened:
        yield opened


@pytest.fixture
def bot(server: Server, wire: Wire) -> telegram.Bot:
    return bot_at(server.url, wire, server.options.token)


@pytest.fixture
async def siti(server: Server) -> Person:
    person = server.person(SITI, first_name="Siti")
    await person.start()
    return person


def bot_at(url: str, wire: Wire, token: str = BotApiOptions().token) -> telegram.Bot:
    return telegram.Bot(token, f"{url}/bot", f"{url}/file/bot", request=wire, get_updates_request=wire)


# ---- what arrives


async def test_words_and_buttons_arrive_as_they_were_meant(bot: telegram.Bot, siti: Person, server: Server):
    keyboard = telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton("⚡ “Listrik” & air", callback_data="a b")]]
    )

    sent = await bot.send_message(SITI, "Rp 5.000 + 1% = <b>ya?</b>\n✅", parse_mode="HTML", reply_markup=keyboard)

    assert sent.text == siti.screen.text == "Rp 5.000 + 1% = ya?\n✅"
    assert siti.screen.captions == [["⚡ “Listrik” & air"]]
    assert server.violations == []


async def test_a_picture_arrives_byte_for_byte_with_its_words(bot: telegram.Bot, siti: Person):
    await bot.send_photo(SITI, PNG, caption="Struk ✅", protect_content=True)

    assert siti.screen.photo == PNG
    assert (siti.screen.text, siti.screen.protected) == ("Struk ✅", True)


async def test_a_picture_takes_the_place_of_another(bot: telegram.Bot, siti: Person):
    sent = await bot.send_photo(SITI, PNG)
    another = PNG + b"\x01"

    await bot.edit_message_media(telegram.InputMediaPhoto(another, caption="Pilih"), SITI, sent.message_id)

    assert (siti.screen.photo, siti.screen.text) == (another, "Pilih")


async def test_what_was_sent_can_be_fetched_again(bot: telegram.Bot, siti: Person):
    sent = await bot.send_photo(SITI, PNG)

    file = await bot.get_file(sent.photo[-1].file_id)

    assert bytes(await file.download_as_bytearray()) == PNG


async def test_polling_waits_longer_than_other_calls(bot: telegram.Bot, server: Server):
    waits = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.3)
    assert not waits.done()

    await server.person(SITI).say("halo")

    assert [update.message.text for update in await waits if update.message] == ["halo"]


# ---- what goes wrong at Telegram


async def test_who_is_asked_to_wait_is_told_how_long(bot: telegram.Bot, siti: Person, server: Server):
    server.flood(7)

    with pytest.raises(RetryAfter) as told:
        await bot.send_message(SITI, "halo")

    assert str(told.value.retry_after) in ("7", "0:00:07")


@pytest.mark.parametrize(
    ("fault", "kind"), [("500", NetworkError), ("502", NetworkError), ("drop", CutOff), ("drop_before", CutOff)]
)
async def test_what_breaks_on_the_way_is_trouble_of_the_network(
    bot: telegram.Bot, siti: Person, server: Server, fault: str, kind: type[NetworkError]
):
    """Where nobody answered it may have been carried out; trouble over there is an answer."""
    server.fail_next("sendMessage", fault)  # type: ignore[arg-type]

    with pytest.raises(NetworkError) as trouble:
        await bot.send_message(SITI, "halo")

    assert type(trouble.value) is kind
    assert server.options.token not in repr(trouble.value)
    await bot.send_message(SITI, "halo lagi")
    assert siti.screen.text == "halo lagi"


async def test_refusals_keep_their_kinds(bot: telegram.Bot, siti: Person, server: Server):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(404, "halo")
    await siti.block()
    with pytest.raises(Forbidden):
        await bot.send_message(SITI, "halo")


async def test_a_wrong_token_and_a_second_bot_are_told_apart(server: Server, wire: Wire, bot: telegram.Bot):
    with pytest.raises(InvalidToken):
        await bot_at(server.url, wire, "1:another").get_me()
    waits = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.get_updates(timeout=0))
    with pytest.raises(Conflict):
        await waits
    await second


async def test_a_redirect_is_not_followed(wire: Wire):
    """The address of a call holds the token: it goes nowhere else."""
    async with scripted_http(lambda _said: web.Response()) as elsewhere:
        moved = web.Response(status=302, headers={"Location": f"{elsewhere.url}/taken"})
        async with scripted_http(lambda _said: moved) as telegram_moved:
            with pytest.raises(NetworkError):
                await bot_at(telegram_moved.url, wire).send_message(SITI, "halo")

    assert elsewhere.received == []


# ---- patience


async def test_an_answer_that_does_not_come_is_not_waited_for(bot: telegram.Bot, siti: Person, server: Server):
    server.fail_next("sendMessage", "slow")

    with pytest.raises(TimedOut):
        await bot.send_message(SITI, "halo")


async def test_a_caller_may_wait_longer(bot: telegram.Bot, siti: Person, server: Server):
    server.fail_next("sendMessage", "slow", times=2)

    await bot.send_message(SITI, "halo", read_timeout=2.0)
    await bot.send_message(SITI, "halo", read_timeout=None)

    assert siti.screen.text == "halo"


async def test_an_answer_that_drips_ends_with_all_patiences_together():
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Length": "1000"})
        await answer.prepare(request)
        for _drop in range(100):
            await answer.write(b" ")
            await asyncio.sleep(0.05)
        return answer

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", drip)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with Wire(1, read=0.1, write=0.1, connect=0.1, pool=0.1) as wire:
            started = time.monotonic()
            with pytest.raises(TimedOut):
                await bot_at(f"http://127.0.0.1:{runner.addresses[0][1]}", wire).get_me()
        assert time.monotonic() - started < 2
    finally:
        await runner.cleanup()


async def test_an_upload_that_nobody_reads_ends():
    lines = list[asyncio.StreamWriter]()
    listening = await asyncio.start_server(lambda _reader, writer: lines.append(writer), "127.0.0.1", 0, limit=1)
    url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        async with Wire(1, read=0.1, upload=0.3, connect=0.1, pool=0.1) as wire:
            with pytest.raises(TimedOut):
                await bot_at(url, wire).send_photo(SITI, PNG + b"\xff" * 9_000_000)
            lines[0].transport.abort()
            await asyncio.sleep(0.05)
    finally:
        listening.close()


async def test_nobody_is_there():
    async with Wire(1) as wire:
        with pytest.raises(NetworkError) as trouble:
            await bot_at("http://127.0.0.1:9", wire).get_me()

    assert type(trouble.value) is NetworkError
    assert BotApiOptions().token not in repr(trouble.value)


# ---- the pool


async def test_more_calls_than_connections_take_turns(server: Server, siti: Person):
    async with Wire(2) as wire:
        bot = bot_at(server.url, wire)
        await asyncio.gather(*(bot.send_message(SITI, str(n)) for n in range(50)))

    assert len(siti.chat.messages) == 51


async def test_who_waits_too_long_for_a_connection_is_told(server: Server, siti: Person):
    server.fail_next("sendMessage", "slow")
    async with Wire(1, connect=0.05, pool=0.05) as wire:
        bot = bot_at(server.url, wire)
        first = asyncio.create_task(bot.send_message(SITI, "halo"))
        await asyncio.sleep(0.02)
        with pytest.raises(NetworkError) as trouble:
            await bot.send_message(SITI, "halo juga")
        await first
    assert type(trouble.value) is NetworkError  # it was never sent


async def test_a_connection_that_was_hung_up_meanwhile_is_replaced():
    ok = b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}'
    async with server_of_bytes(ok) as hangs_up, Wire(1) as wire:
        assert await bot_at(hangs_up.url, wire).delete_webhook()
        await asyncio.sleep(0.05)
        with pytest.raises(NetworkError):  # the other side is out of answers; what matters is that it was asked anew
            await bot_at(hangs_up.url, wire).delete_webhook()


async def test_it_works_before_it_is_opened_and_never_after_it_was_shut(server: Server, siti: Person):
    wire = Wire(1)
    bot = bot_at(server.url, wire)
    await bot.send_message(SITI, "halo")

    await wire.shutdown()
    await wire.shutdown()

    with pytest.raises(NetworkError, match="shut down"):
        await bot.send_message(SITI, "halo")
    await wire.initialize()
    await bot.send_message(SITI, "halo lagi")
    await wire.shutdown()
