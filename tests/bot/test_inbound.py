"""What a person did in her chat, as the conversation hears it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Chat, Contact, Message, User

from bot.inbound import reading_of
from core.conversation.said import Opened, Showed, Typed
from core.domain.msisdn import Msisdn

SITI = User(1001, "Siti", is_bot=False)


def message(**content: Any) -> Message:
    return Message(1, datetime(2026, 11, 20, tzinfo=UTC), Chat(1001, "private"), from_user=SITI, **content)


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("/start", Opened()),
        ("/start pay-pln-12345678901", Opened(link="pay-pln-12345678901")),
        ("/START@loket_bot  pay-pln ", Opened(link="pay-pln")),
        ("/start@loket_bot", Opened()),
        ("/cancel", Opened(afresh=True)),
        ("/menu", Opened(afresh=True)),
        ("/menu now", Opened(afresh=True)),
        ("/language", Opened(link="language")),
        ("/history", Opened(link="history")),
        ("/topup", Opened(link="topup")),
        ("/help", Opened(link="help")),
        ("/stop", Typed("/stop")),
        ("/", Typed("/")),
        ("  12345678901 ", Typed("12345678901")),
        ("0 ⬅️ Back", Typed("0")),
        ("⬅️ Kembali", Typed("0")),
        ("token 50", Typed("token 50")),
        ("", Typed("")),
    ],
)
def test_words_and_commands(words: str, heard: object):
    assert reading_of(message(text=words)) == heard


def test_the_words_under_a_picture_count():
    assert reading_of(message(caption="12345678901")) == Typed("12345678901")


def test_what_has_no_words_says_nothing():
    assert reading_of(message()) == Typed("")


@pytest.mark.parametrize("number", ["+6281234567890", "6281234567890", "+62 812-3456-7890"])
def test_her_own_card_shows_her_number(number: str):
    card = Contact(number, "Siti", user_id=1001)

    assert reading_of(message(contact=card)) == Showed(Msisdn("+6281234567890"), own=True)


@pytest.mark.parametrize("user_id", [1002, None])
def test_anybody_elses_card_proves_nothing(user_id: int | None):
    card = Contact("+6281234567890", "Siti", user_id=user_id)

    assert reading_of(message(contact=card)) == Showed(Msisdn("+6281234567890"), own=False)


@pytest.mark.parametrize("number", ["", "112", "+0812", "call me", "+62812345678901234567890"])
def test_a_card_without_a_number_says_nothing(number: str):
    assert reading_of(message(contact=Contact(number, "Siti", user_id=1001))) == Typed("")


def test_nothing_that_was_typed_is_printed():
    assert "739182" not in repr(reading_of(message(text="739182")))
