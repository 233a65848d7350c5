"""Texts: their length, their entities, and the HTML they may be written in."""

from __future__ import annotations

import pytest
from telegram import Bot, MessageEntity
from telegram.error import BadRequest

from adapters.botapi import Person, Server
from adapters.botapi.html_text import parse_html, units
from adapters.botapi.refusals import Refused
from adapters.botapi.seen import as_html


async def test_a_message_comes_back_as_telegram_shows_it(bot: Bot, amina: Person, world: object):
    message = await bot.send_message(1001, "Karibu <b>Amina</b> 😀 <i>leo</i>", parse_mode="HTML")

    assert message.text == "Karibu Amina 😀 leo"
    assert message.date.timestamp() == world()  # type: ignore[operator]
    assert message.from_user is not None
    assert (message.from_user.username, message.chat.type, message.chat.first_name) == ("loket_bot", "private", "Amina")
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [
        ("bold", 7, 5),
        ("italic", 16, 3),
    ]
    assert amina.screen.html == "Karibu <b>Amina</b> 😀 <i>leo</i>"


async def test_message_ids_grow_over_all_private_chats(bot: Bot, server: Server, amina: Person):
    juma = server.person(1002, first_name="Juma")
    await juma.start()

    ids = [(await bot.send_message(chat_id, "Habari")).message_id for chat_id in (1001, 1002, 1001)]

    assert ids == [3, 4, 5]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "text is empty"), ("   ", "text is empty"), ("a" * 4097, "too long"), ("😀" * 2049, "too long")],
)
async def test_a_text_has_1_to_4096_units(bot: Bot, server: Server, amina: Person, text: str, problem: str):
    with pytest.raises(BadRequest, match=problem):
        await bot.send_message(1001, text)
    assert len(server.violations) == 1


@pytest.mark.parametrize("text", ["a" * 4096, "😀" * 2048, f"<b>{'a' * 4096}</b>", "&lt;" * 4096])
async def test_tags_do_not_count(bot: Bot, server: Server, amina: Person, text: str):
    await bot.send_message(1001, text, parse_mode="HTML")

    assert server.violations == []


@pytest.mark.parametrize(
    ("html", "entities"),
    [
        ("<b>a<i>b</i></b>", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<strong>a</strong><em>b</em>", [("bold", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", [("underline", 0, 1), ("underline", 1, 1)]),
        ("<s>a</s><del>b</del><strike>c</strike>", [("strikethrough", at, 1) for at in range(3)]),
        ('<tg-spoiler>a</tg-spoiler><span class="tg-spoiler">b</span>', [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ('<a href="https://example.org/?a=1&amp;b=2">a</a>', [("text_link", 0, 1)]),
        ("<a>example.org</a>", [("text_link", 0, 11)]),
        ("<a>nowhere</a>", []),
        ("<code>a</code>", [("code", 0, 1)]),
        ('<pre><code class="language-python">a</code></pre>', [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", 0, 1)]),
        ('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>', [("custom_emoji", 0, 2)]),
        ("<b></b>a", []),
        ("<B>a</B>", [("bold", 0, 1)]),
    ],
)
def test_supported_tags(html: str, entities: list[tuple[str, int, int]]):
    _, found = parse_html(html)

    assert [(entity["type"], entity["offset"], entity["length"]) for entity in found] == entities


def test_entities_of_html_are_unescaped_once():
    assert parse_html("1 &lt; 2 &amp;amp; &#65;&#x42; &nbsp; &") == ("1 < 2 &amp; AB &nbsp; &", [])
    assert parse_html('<a href="https://example.org/?a&amp;b">x</a>')[1][0]["url"] == "https://example.org/?a&b"
    assert parse_html('<pre><code class="language-go">a</code></pre>')[1][0]["language"] == "go"


@pytest.mark.parametrize(
    ("html", "problem"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("é<p>a</p>", 'Unsupported start tag "p" at byte offset 2'),
        ("a < b", "Unclosed start tag at byte offset 2"),
        ("<br/>", 'Unsupported start tag "br"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<tg-emoji>a</tg-emoji>", "Invalid custom emoji identifier"),
    ],
)
def test_html_that_is_none(html: str, problem: str):
    with pytest.raises(Refused) as refused:
        parse_html(html)
    assert refused.value.description.startswith("Bad Request: can't parse entities: ")
    assert problem in refused.value.description
    assert refused.value.breach


async def test_html_that_is_none_is_a_violation(bot: Bot, server: Server, amina: Person):
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(1001, "1 < 2", parse_mode="HTML")
    assert server.violations == [
        "sendMessage: The entities cannot be read: Unclosed start tag at byte offset 2.",
    ]


@pytest.mark.parametrize("parse_mode", ["MarkdownV2", "Markdown", "LaTeX"])
async def test_no_other_parse_mode(bot: Bot, amina: Person, parse_mode: str):
    with pytest.raises(BadRequest, match="parse_mode"):
        await bot.send_message(1001, "a", parse_mode=parse_mode)


async def test_entities_may_be_given(bot: Bot, amina: Person):
    await bot.send_message(1001, "😀 bold", entities=[MessageEntity("bold", 3, 4)])

    assert amina.screen.html == "😀 <b>bold</b>"


@pytest.mark.parametrize(
    "entity",
    [
        MessageEntity("bold", 3, 5),
        MessageEntity("bold", 1, 2),
        MessageEntity("flying", 0, 2),
        MessageEntity("bold", 3, 0),
    ],
)
async def test_given_entities_stay_in_their_text(bot: Bot, server: Server, amina: Person, entity: MessageEntity):
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(1001, "😀 bold", entities=[entity])
    assert len(server.violations) == 1


async def test_blanks_at_the_ends_are_cut(bot: Bot, amina: Person):
    message = await bot.send_message(1001, "  \n<b> a </b>\n", parse_mode="HTML")

    assert message.text == "a"
    assert [(entity.offset, entity.length) for entity in message.entities] == [(0, 1)]


async def test_links_and_commands_are_found(bot: Bot, server: Server, amina: Person):
    message = await bot.send_message(1001, "/help, @loket_bot or https://example.org/a. #tag a@b.org <not>")

    assert [(entity.type, message.parse_entity(entity)) for entity in message.entities] == [
        ("bot_command", "/help"),
        ("mention", "@loket_bot"),
        ("url", "https://example.org/a"),
        ("hashtag", "#tag"),
        ("email", "a@b.org"),
    ]


async def test_no_message_to_where_nobody_is(bot: Bot, server: Server):
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(4711, "Habari")
    assert server.violations == []


def test_a_length_is_counted_in_utf_16():
    assert [units(text) for text in ("", "a", "é", "😀", "हिन्दी")] == [0, 1, 1, 2, 6]


def test_nested_entities_become_nested_tags():
    text, entities = parse_html("<b>a<i>b</i></b> &lt; <a href='https://example.org'>c</a>")

    assert as_html(text, tuple(entities)) == '<b>a<i>b</i></b> &lt; <a href="https://example.org">c</a>'
