"""The demo's folder: its store, its provider's book, and the secrets that were made when it was first opened."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from adapters.settings import Settings, load
from console.demo.accounts import Account
from core.refusal import Fault

VERSIONED = ("PIN_PEPPER", "FIELD_KEYS")
SECRETS = ("SECRET_KEY", *VERSIONED, "AFRICASTALKING_SECRET", "DIGIFLAZZ_KEY", "DIGIFLAZZ_WEBHOOK_SECRET")
BUYER = "loket-demo"
SETTINGS, UNFINISHED = ".env", ".env.new"

# A visitor does not wait for minutes to see how a payment in doubt ends.
IMPATIENT: dict[str, Any] = {"poll_schedule_s": (2, 3, 4, 5, 8, 10, 15, 30), "finality_s": 60, "unsent_lasts_s": 30}


@contextmanager
def folder_at(wanted: Path | None) -> Iterator[Path]:
    """The folder that was asked for, kept; else a fresh one that is gone afterwards. Raises `Fault`."""
    if wanted is not None:
        try:
            wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
            _refuse_what_is_no_demo(wanted)
        except OSError as trouble:
            raise Fault(f"Cannot keep the demo in {wanted}: {trouble.strerror}.") from trouble
        yield wanted.resolve()
        return
    with TemporaryDirectory(prefix="loket-demo-") as fresh:
        yield Path(fresh)


def _refuse_what_is_no_demo(folder: Path) -> None:
    """A counter in earnest keeps its settings and its store under the same names."""
    there = {path.name for path in folder.iterdir()} - {UNFINISHED}
    if there and not _kept_secrets(folder / SETTINGS):
        raise Fault(f"{folder} holds something else than a demo: choose an empty folder, or one of an earlier demo.")


def settings_in(folder: Path, account: Account, *, provider_port: int, port: int, console_port: int) -> Settings:
    """Settings for a counter in this folder. They are written to its `.env`, so that other commands work in there.

    Nothing is taken from the environment that could lead to a real provider, a real gateway or the real Telegram.
    """
    known = _kept_secrets(folder / SETTINGS) or _fresh_secrets()
    given: dict[str, object] = {
        **known,
        "DATABASE_URL": f"sqlite:///{folder / 'loket.db'}",
        "DIGIFLAZZ_URL": f"http://127.0.0.1:{provider_port}/v1",
        "DIGIFLAZZ_USERNAME": BUYER,
        "HOST": "127.0.0.1",
        "PORT": port,
        "CONSOLE_PORT": console_port,
        "BANK": "Bank Demo 1234567890",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_TOKEN": account.token,
        "TELEGRAM_API_URL": account.api_url,
        "TELEGRAM_SECRET": secrets.token_urlsafe(24),
        "TELEGRAM_PROVIDER_TOKEN": account.provider_token,
        "TELEGRAM_OPERATORS_CHAT": account.operators_chat,
    }
    _write(folder, given)
    no_way_out = {"africastalking_username": "", "hubtel_secret": None}
    return load(None, **{name.lower(): value for name, value in given.items()}, **no_way_out, **IMPATIENT)


def _fresh_secrets() -> dict[str, str]:
    return {name: f"{'1:' if name in VERSIONED else ''}{secrets.token_urlsafe(24)}" for name in SECRETS}


def _kept_secrets(env: Path) -> dict[str, str]:
    """Those of an earlier demo: without its pepper, the store's PINs would open nothing. Empty when it was none."""
    if not env.exists():
        return {}
    lines = (line.partition("=") for line in env.read_text("utf-8").splitlines())
    kept = {name.removeprefix("LOKET_"): value for name, _, value in lines}
    if kept.get("DIGIFLAZZ_USERNAME") != BUYER or not kept.keys() >= set(SECRETS) - {"FIELD_KEYS"}:
        return {}
    # A demo of the first version had no field keys; its store is sealed when it is opened with some.
    return {name: kept.get(name, fresh) for name, fresh in _fresh_secrets().items()}


def _write(folder: Path, values: Mapping[str, object]) -> None:
    """Whole or not at all: half of it would lock everybody out of their wallets."""
    fresh = folder / UNFINISHED
    fresh.touch(mode=0o600)
    fresh.write_text("".join(f"LOKET_{name}={value}\n" for name, value in values.items()), "utf-8")
    fresh.replace(folder / SETTINGS)
