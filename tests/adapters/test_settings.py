"""Settings: what is missing, unsafe or half said is refused in a sentence that names it and repeats no value."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.settings import PREFIX, Settings, SettingsError, load, origins, secrets_of

SECRET = "a-canary-of-26-signs-abcdef"
OTHER = "another-canary-of-28-signs-x"
TOKEN = "123456789:canary-of-35-signs-abcdefghijklmnop"
ENOUGH = {"SECRET_KEY": SECRET, "PIN_PEPPER": f"1:{SECRET}", "FIELD_KEYS": f"1:{SECRET}"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of this machine's own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"{PREFIX}{name.upper()}", raising=False)


def loaded(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in {**ENOUGH, **environment}.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)
    return load(None)


def test_two_secrets_are_enough(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch)

    assert settings.peppers == {1: SECRET.encode()}
    assert (settings.host, settings.port, settings.console_port) == ("127.0.0.1", 8080, 8081)


def test_what_is_missing_is_named_with_what_it_is_for():
    with pytest.raises(SettingsError) as refused:
        load(None)

    first, second, third = str(refused.value).splitlines()
    assert first.startswith("LOKET_SECRET_KEY is not set: keys the marks of what was typed")
    assert second.startswith("LOKET_PIN_PEPPER is not set: `VERSION:SECRET`")
    assert third.startswith("LOKET_FIELD_KEYS is not set: `VERSION:SECRET`")


REFUSED = [
    ("SECRET_KEY", "canary-short", "needs 22 signs or more"),
    ("SECRET_KEY", "", "is blank; leave it out or give it a value"),
    ("SECRET_KEY", "   ", "is blank; leave it out or give it a value"),
    ("SECRET_KEY", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "can be guessed: it has too few different signs"),
    ("SECRET_KEY", f"{SECRET} {OTHER} {SECRET}", "is one secret, or two while one is being changed"),
    ("SECRET_KEY", f"{SECRET} canary-short", "needs 22 signs or more"),
    ("PIN_PEPPER", SECRET, "is VERSION:SECRET, for example 1:…; several are separated by a blank"),
    ("PIN_PEPPER", f"²:{SECRET}", "is VERSION:SECRET, for example 1:…; several are separated by a blank"),
    ("PIN_PEPPER", f"-1:{SECRET}", "is VERSION:SECRET, for example 1:…; several are separated by a blank"),
    ("PIN_PEPPER", "1:canary", "needs 22 signs or more"),
    ("PIN_PEPPER", f"1:{SECRET} 1:{OTHER}", "has the same version twice"),
    ("PIN_PEPPER", "", "is blank"),
    ("FIELD_KEYS", SECRET, "is VERSION:SECRET, for example 1:…; several are separated by a blank"),
    ("FIELD_KEYS", "1:canary", "needs 22 signs or more"),
    ("FIELD_KEYS", "", "is blank"),
    ("AFRICASTALKING_SECRET", "canary", "needs 22 signs or more"),
    ("AFRICASTALKING_SECRET", f"{SECRET} canary", "needs 22 signs or more"),
    ("AFRICASTALKING_SECRET", "", "is blank; leave it out or give it a value"),
    ("AFRICASTALKING_SECRET", f"{SECRET} {OTHER} {SECRET}", "is one secret, or two while one is being changed"),
    ("AFRICASTALKING_SECRET", f"{SECRET}/x", "is part of an address: letters, digits and . _ ~ + = - only"),
    ("HUBTEL_SECRET", f"{SECRET}?x", "is part of an address: letters, digits and . _ ~ + = - only"),
    ("DIGIFLAZZ_WEBHOOK_SECRET", "canary", "needs 22 signs or more"),
    ("DIGIFLAZZ_USERNAME", "canary", "is set without LOKET_DIGIFLAZZ_KEY: set both or none"),
    ("DIGIFLAZZ_KEY", "canary", "is set without LOKET_DIGIFLAZZ_USERNAME: set both or none"),
    ("DIGIFLAZZ_KEY", " ", "is blank; leave it out or give it a value"),
    ("AFRICASTALKING_USERNAME", "canary", "is set without LOKET_AFRICASTALKING_API_KEY: set both or none"),
    ("AFRICASTALKING_API_KEY", "canary", "is set without LOKET_AFRICASTALKING_USERNAME: set both or none"),
    (
        "DIGIFLAZZ_URL",
        "http://canary.example.com/v1",
        "is refused. Secrets travel over https; http is for this very machine only",
    ),
    (
        "DIGIFLAZZ_URL",
        "https://canary:x@example.com",
        "is refused. A URL is a scheme, a host and a path, and nothing else",
    ),
    ("DIGIFLAZZ_URL", "", "is refused. A URL is a scheme, a host and a path, and nothing else"),
    (
        "AFRICASTALKING_SMS_URL",
        "http://canary.example.com/",
        "is refused. Secrets travel over https; http is for this very machine only",
    ),
    (
        "PUBLIC_URL",
        "http://canary.example.com",
        "is refused. Secrets travel over https; http is for this very machine only",
    ),
    ("TELEGRAM_TOKEN", "canary", "is no bot's token: a number, a colon and some 35 signs, as BotFather gives it"),
    ("TELEGRAM_TOKEN", f"{TOKEN} ", "is no bot's token: a number, a colon and some 35 signs, as BotFather gives it"),
    ("TELEGRAM_TOKEN", "", "is blank; leave it out or give it a value"),
    ("TELEGRAM_SECRET", "canary", "needs 22 signs or more"),
    ("TELEGRAM_SECRET", f"{SECRET}.x", "goes into a header: letters, digits and _ - only, 256 at most"),
    ("TELEGRAM_SECRET", SECRET * 10, "goes into a header: letters, digits and _ - only, 256 at most"),
    ("TELEGRAM_SECRET", SECRET, "is set without LOKET_TELEGRAM_TOKEN"),
    ("TELEGRAM_PROVIDER_TOKEN", " ", "is blank; leave it out or give it a value"),
    ("TELEGRAM_PROVIDER_TOKEN", "canary", "is set without LOKET_TELEGRAM_TOKEN"),
    ("TELEGRAM_OPERATORS_CHAT", "@canary", "must be the number of a chat, like -1001234567890"),
    ("TELEGRAM_OPERATORS_CHAT", "-1001234567890", "is set without LOKET_TELEGRAM_TOKEN"),
    ("TELEGRAM_HEADS_CHANNEL", "-1001234567890", "is set without LOKET_TELEGRAM_TOKEN"),
    ("AUDIT_KEY", "canary", "is no private key as `loket audit keygen` prints it"),
    ("AUDIT_OLD_KEYS", "canary", "is public keys as `loket audit keygen` prints them, separated by blanks"),
    ("HEADS_FILE", "canary", "is set without LOKET_AUDIT_KEY"),
    (
        "HEADS_WEBHOOK",
        "http://example.org/canary",
        "is refused. Secrets travel over https; http is for this very machine only",
    ),
    ("HEAD_EVERY_S", "601", "must be 600 or less"),
    (
        "TELEGRAM_API_URL",
        "http://canary.example.com",
        "is refused. Secrets travel over https; http is for this very machine only",
    ),
    ("DATABASE_URL", "mysql://canary:pw@db/loket", "must be sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
    ("DATABASE_URL", "postgresql://canary:pw@db", "must be sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
    ("DATABASE_URL", "sqlite:///", "must be sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
    ("DATABASE_URL", "sqlite:///:memory:", "must be sqlite:///FILE or postgresql://USER@HOST/DATABASE"),
    ("COUNTRY", "canaria", "names no country that has a catalogue"),
    ("COUNTRY", "../canary", "names no country that has a catalogue"),
    ("SHORT_CODE", "canary", "must be what a phone dials, like *384#"),
    ("HOST", "", "is blank"),
    ("PORT", "canary", "must be a whole number"),
    ("PORT", "80.5", "must be a whole number"),
    ("PORT", "", "must be a whole number"),
    ("PORT", "70000", "must be 65535 or less"),
    ("CONSOLE_PORT", "8080", None),
    ("LOG_LEVEL", "canary", "must be 'debug', 'info', 'warning' or 'error'"),
    ("POLL_SCHEDULE_S", "60 canary", "must be a whole number"),
    ("POLL_SCHEDULE_S", "60,0", "must be 1 or more"),
    ("POLL_SCHEDULE_S", "99999999999", "must be 2592000 or less"),
    ("POLL_SCHEDULE_S", "", "is blank"),
    ("FINALITY_S", "0", "must be 1 or more"),
    ("QUOTE_LASTS_S", "9", "must be 10 or more"),
    ("TURNS_PER_S", "nan", "must be a number"),
    ("TURNS_PER_S", "0", "must be more than 0"),
]


@pytest.mark.parametrize(("name", "value", "words"), REFUSED)
def test_what_is_unsafe_is_refused_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str | None
):
    with pytest.raises(SettingsError) as refused:
        loaded(monkeypatch, **{name: value})

    said = str(refused.value)
    assert said == (f"LOKET_{name} {words}." if words else "LOKET_PORT and LOKET_CONSOLE_PORT must be two ports.")
    assert "canar" not in said


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(SettingsError) as refused:
        loaded(monkeypatch, SECRET_KEY="x", PORT="x", POLL_SCHEDULE_S="x y z")

    assert [line.split()[0] for line in str(refused.value).splitlines()] == [
        "LOKET_SECRET_KEY",
        "LOKET_PORT",
        "LOKET_POLL_SCHEDULE_S",
    ]


def test_two_secrets_are_live_while_one_is_being_changed(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch, AFRICASTALKING_SECRET=f"{SECRET} {OTHER}", PIN_PEPPER=f"1:{SECRET} 2:{OTHER}")

    assert secrets_of(settings.africastalking_secret) == (SECRET, OTHER)
    assert secrets_of(settings.hubtel_secret) == ()
    assert settings.peppers == {1: SECRET.encode(), 2: OTHER.encode()}


def test_a_poll_schedule_is_written_with_blanks_or_commas(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch, POLL_SCHEDULE_S="1, 2 3")

    assert settings.poll_schedule == tuple(timedelta(seconds=seconds) for seconds in (1, 2, 3))


def test_a_provider_may_have_a_schedule_of_its_own(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch, DIGIFLAZZ_POLL_SCHEDULE_S="5, 15 60", DIGIFLAZZ_FINALITY_S="300")

    assert settings.digiflazz_poll_schedule_s == (5, 15, 60)
    assert settings.digiflazz_finality_s == 300


def test_a_provider_on_this_very_machine_may_be_reached_without_https(monkeypatch: pytest.MonkeyPatch):
    assert loaded(monkeypatch, DIGIFLAZZ_URL="http://127.0.0.1:8790/v1").digiflazz_url


def test_a_name_set_to_nothing_switches_off_what_its_key_would_open(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch, AFRICASTALKING_USERNAME="", AFRICASTALKING_API_KEY="kept for tomorrow")

    assert settings.africastalking_username == ""


def test_a_bot_is_polled_with_its_token_alone(monkeypatch: pytest.MonkeyPatch):
    settings = loaded(monkeypatch, TELEGRAM_TOKEN=TOKEN, TELEGRAM_OPERATORS_CHAT="-1001234567890")

    assert settings.telegram_token
    assert settings.telegram_token.get_secret_value() == TOKEN
    assert (settings.telegram_api_url, settings.public_url) == ("https://api.telegram.org", "")


def test_where_telegram_calls_us_it_must_prove_itself(monkeypatch: pytest.MonkeyPatch):
    reached = {"TELEGRAM_TOKEN": TOKEN, "PUBLIC_URL": "https://counter.example.org"}

    with pytest.raises(SettingsError) as refused:
        loaded(monkeypatch, **reached)

    assert str(refused.value) == (
        "LOKET_TELEGRAM_SECRET is not set: with LOKET_PUBLIC_URL Telegram calls us, and anybody could in its name."
    )
    assert loaded(monkeypatch, **reached, TELEGRAM_SECRET=SECRET).telegram_secret


def test_a_public_url_alone_needs_nothing(monkeypatch: pytest.MonkeyPatch):
    assert loaded(monkeypatch, PUBLIC_URL="https://counter.example.org").telegram_token is None


def test_the_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    env = tmp_path / ".env"
    env.write_text(
        f"# a comment\nLOKET_SECRET_KEY={SECRET}\nLOKET_PIN_PEPPER='1:{SECRET}'\nLOKET_PORT=9000\n"
        f"LOKET_FIELD_KEYS='1:{SECRET}'\n"
        "LOKET_HOST=::1\nSOMEBODY_ELSES=1\n"
    )
    monkeypatch.setenv("LOKET_PORT", "9001")

    settings = load(env)

    assert (settings.port, settings.host) == (9001, "::1")
    assert origins(env) == {
        "LOKET_SECRET_KEY": ".env",
        "LOKET_PIN_PEPPER": ".env",
        "LOKET_FIELD_KEYS": ".env",
        "LOKET_HOST": ".env",
        "LOKET_PORT": "environment",
    }


def test_a_file_that_is_no_text_is_said_so(tmp_path: Path):
    env = tmp_path / ".env"
    env.write_bytes(b"LOKET_SECRET_KEY=\xff\xfe")

    with pytest.raises(SettingsError, match=r"\.env cannot be read\.$"):
        load(env)


def test_secrets_are_in_no_repr(monkeypatch: pytest.MonkeyPatch):
    secret = {name: f"{SECRET}-{name}" for name in (*SECRETS, *KEYS)}
    settings = loaded(
        monkeypatch,
        **secret,
        PIN_PEPPER=f"1:{SECRET}",
        FIELD_KEYS=f"1:{SECRET}",
        TELEGRAM_TOKEN=f"123456789:{SECRET}",
        DIGIFLAZZ_USERNAME="us",
        AFRICASTALKING_USERNAME="us",
    )

    assert SECRET not in repr(settings) + str(settings) + repr(settings.model_dump())


SECRETS = ("SECRET_KEY", "AFRICASTALKING_SECRET", "HUBTEL_SECRET", "DIGIFLAZZ_WEBHOOK_SECRET", "TELEGRAM_SECRET")
KEYS = ("DIGIFLAZZ_KEY", "AFRICASTALKING_API_KEY", "TELEGRAM_PROVIDER_TOKEN")


def test_every_setting_says_what_it_is_for():
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert re.fullmatch(r"[a-z0-9_]+", name)
