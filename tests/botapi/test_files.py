"""Photos, documents and voices: sent, sent again by their id, and downloaded."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, InputMediaDocument, InputMediaPhoto, Update
from telegram.error import BadRequest

from adapters.botapi import Person, Server
from adapters.botapi.pictures import dimensions, spoken_s
from tests.botapi.listener import ogg, png


async def test_a_photo_has_sizes_and_a_caption(bot: Bot, amina: Person):
    message = await bot.send_photo(
        1001, png(1280, 960), caption="<b>Receipt</b>", parse_mode="HTML", protect_content=True
    )

    assert [(size.width, size.height) for size in message.photo] == [(320, 240), (1280, 960)]
    assert len({size.file_id for size in message.photo}) == len({size.file_unique_id for size in message.photo}) == 2
    assert message.has_protected_content
    assert (message.caption, message.caption_entities[0].type) == ("Receipt", "bold")
    seen = amina.screen
    assert (seen.kind, seen.text, seen.html, seen.protected) == ("photo", "Receipt", "<b>Receipt</b>", True)
    assert seen.photo == png(1280, 960)


async def test_a_document_keeps_its_name(bot: Bot, amina: Person):
    message = await bot.send_document(1001, b"%PDF-1.7", filename="receipt.pdf")

    assert message.document is not None
    assert (message.document.file_name, message.document.mime_type) == ("receipt.pdf", "application/pdf")
    assert (amina.screen.document, amina.screen.file_name) == (b"%PDF-1.7", "receipt.pdf")


async def test_a_voice_knows_how_long_it_speaks(bot: Bot, amina: Person):
    message = await bot.send_voice(1001, ogg(7))

    assert message.voice is not None
    assert {"duration": 7, "mime_type": "audio/ogg"}.items() <= message.voice.to_dict().items()
    assert amina.screen.voice == ogg(7)


async def test_a_file_is_sent_again_by_its_id(bot: Bot, amina: Person, server: Server):
    photo = (await bot.send_photo(1001, png(640, 480))).photo
    voice = (await bot.send_voice(1001, ogg())).voice
    assert voice is not None

    assert (await bot.send_photo(1001, photo[0].file_id)).photo[-1].file_id == photo[-1].file_id
    assert (await bot.send_voice(1001, voice.file_id, caption="Again")).voice == voice
    with pytest.raises(BadRequest, match="Can't use file of type"):
        await bot.send_photo(1001, voice.file_id)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(1001, "AgACunknown")


async def test_a_file_is_downloaded(bot: Bot, server: Server, amina: Person):
    await amina.send_voice(ogg(4))
    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.voice is not None

    file = await bot.get_file(update.message.voice)

    assert bytes(await file.download_as_bytearray()) == ogg(4)
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("unknown")


@pytest.mark.parametrize(
    ("photo", "problem"),
    [
        (b"GIF no more", "IMAGE_PROCESS_FAILED"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(padding=10 * 1024 * 1024), "too big for a photo"),
    ],
)
async def test_a_photo_telegram_would_not_take(bot: Bot, server: Server, amina: Person, photo: bytes, problem: str):
    with pytest.raises(BadRequest, match=f"(?i){problem}"):
        await bot.send_photo(1001, photo)
    assert len(server.violations) == 1


@pytest.mark.parametrize("photo", [png(9000, 1000), png(2000, 100), png(100, 2000)])
async def test_a_photo_at_the_limit(bot: Bot, server: Server, amina: Person, photo: bytes):
    await bot.send_photo(1001, photo)

    assert server.violations == []


async def test_a_voice_is_ogg(bot: Bot, server: Server, amina: Person):
    with pytest.raises(BadRequest, match="Voice_invalid"):
        await bot.send_voice(1001, b"RIFF....WAVE")
    assert server.violations == ["sendVoice: The voice 'application.octet-stream' is no Ogg file."]


async def test_an_empty_document_is_none(bot: Bot, server: Server, amina: Person):
    with pytest.raises(BadRequest, match="non-empty"):
        await bot.send_document(1001, b"", filename="nothing.pdf")


async def test_a_caption_has_at_most_1024_units(bot: Bot, server: Server, amina: Person):
    await bot.send_photo(1001, png(), caption="a" * 1024)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(1001, png(), caption="a" * 1025)
    assert len(server.violations) == 1


async def test_an_album(bot: Bot, amina: Person):
    photo, document = InputMediaPhoto(png()), InputMediaDocument(b"%PDF", filename="a.pdf", caption="Both")

    messages = await bot.send_media_group(1001, [photo, document])

    assert len({message.media_group_id for message in messages}) == 1
    assert [seen.kind for seen in amina.chat.messages[-2:]] == ["photo", "document"]


async def test_what_a_person_sends_arrives(bot: Bot, amina: Person):
    await amina.send_photo(png(100, 50), "My bill")
    await amina.send_document(b"%PDF", "bill.pdf")
    await amina.send_sticker("👍")
    await amina.send_location(-6.8, 39.28)

    _, photo, document, sticker, location = [message_of(update) for update in await bot.get_updates()]

    assert (photo.photo[0].width, photo.caption) == (100, "My bill")
    assert document.document.file_name == "bill.pdf"
    assert sticker.sticker.emoji == "👍"
    assert location.location.latitude == -6.8


def message_of(update: Update) -> Any:
    return update.message


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (png(3, 4), (3, 4)),
        (b"\xff\xd8\xff\xe0\x00\x04\x00\x00\xff\xc0\x00\x11\x08\x00\x04\x00\x03\x03", (3, 4)),
        (b"GIF89a\x03\x00\x04\x00", (3, 4)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(8) + b"\x02\x00\x00\x03\x00\x00", (3, 4)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(10) + b"\x03\x00\x04\x00", (3, 4)),
        (b"RIFF\x00\x00\x00\x00WEBPVP8L" + bytes(5) + b"\x02\xc0\x00\x00" + bytes(5), (3, 4)),
        (b"RIFF\x00\x00\x00\x00WEBPVP9 " + bytes(14), None),
        (b"\xff\xd8\xff", None),
        (b"BM", None),
    ],
)
def test_pictures_are_measured(data: bytes, size: tuple[int, int] | None):
    assert dimensions(data) == size


def test_a_voice_without_pages_has_no_length():
    assert (spoken_s(b""), spoken_s(ogg(12))) == (0, 12)
