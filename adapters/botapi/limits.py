"""The limits of the Bot API: core.telegram.org/bots/api and limits.tginfo.me. Each raises `Refused` with the breach."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from adapters.botapi.calls import Upload
from adapters.botapi.html_text import units
from adapters.botapi.pictures import OGG, dimensions
from adapters.botapi.refusals import bad

TEXT, CAPTION, TOAST = 4096, 1024, 200
PHOTO_BYTES, FILE_BYTES = 10 * 1024 * 1024, 50 * 1024 * 1024
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
START = re.compile(r"[A-Za-z0-9_-]{0,64}")
LANGUAGE = re.compile(r"([a-z]{2})?")

# Exponents of core.telegram.org/bots/payments/currencies.json, which are not always those of ISO 4217.
CURRENCIES = {
    **dict.fromkeys(
        "AED AFN ALL AMD ARS AUD AZN BAM BDT BGN BND BOB BRL BYN CAD CHF CNY COP CRC CZK DKK DOP DZD EGP ETB EUR GBP "
        "GEL GHS GTQ HKD HNL HRK HUF IDR ILS INR JMD KES KGS KZT LBP LKR MAD MDL MNT MOP MUR MVR MXN MYR MZN NGN NIO "
        "NOK NPR NZD PAB PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TJS TRY TTD TWD TZS UAH USD UYU UZS YER "
        "ZAR".split(),
        2,
    ),
    **dict.fromkeys("CLP ISK JPY KRW PYG UGX VND XTR".split(), 0),
}


# The smallest invoice, in smallest units: about one US dollar, rounded, of the currencies a counter deals in. The same
# list has the day's own as `min_amount`, which moves with the rates.
MINIMA = {"USD": 100, "IDR": 1_600_000, "KES": 13_000, "TZS": 260_000}


def check_text(text: str) -> None:
    if not text:
        raise bad("message text is empty", "The text of a message is empty.")
    if units(text) > TEXT:
        raise bad("message is too long", f"A text has {units(text)} UTF-16 units, more than {TEXT}.")


def check_caption(text: str) -> None:
    if units(text) > CAPTION:
        raise bad("message caption is too long", f"A caption has {units(text)} UTF-16 units, more than {CAPTION}.")


def check_toast(text: str) -> None:
    if units(text) > TOAST:
        raise bad("MESSAGE_TOO_LONG", f"The answer to a press has more than {TOAST} characters.")


def check_photo(upload: Upload) -> tuple[int, int]:
    """Answers width and height."""
    size = len(upload.data)
    if size > PHOTO_BYTES:
        maximum = f"the maximum size is {PHOTO_BYTES} bytes"
        raise bad(f"file of size {size} bytes is too big for a photo; {maximum}", f"A photo has {size} bytes.")
    measured = dimensions(upload.data)
    if measured is None:
        raise bad("IMAGE_PROCESS_FAILED", f"The photo {upload.name!r} is no picture.")
    width, height = measured
    if width + height > 10_000 or not 1 / 20 <= width / max(height, 1) <= 20:
        raise bad("PHOTO_INVALID_DIMENSIONS", f"A photo is {width} by {height}.")
    return width, height


def check_file(upload: Upload) -> None:
    if not upload.data:
        raise bad("file must be non-empty", f"The file {upload.name!r} is empty.")
    if len(upload.data) > FILE_BYTES:
        raise bad("file is too big", f"A file has {len(upload.data)} bytes, more than {FILE_BYTES}.")


def check_voice(upload: Upload) -> None:
    """Stricter than Telegram, which would show another format as a mere file."""
    check_file(upload)
    if not upload.data.startswith(OGG):
        raise bad("VOICE_INVALID", f"The voice {upload.name!r} is no Ogg file.")


def check_commands(commands: Any) -> list[dict[str, str]]:
    if not isinstance(commands, list):
        raise bad("can't parse commands: expected an Array", "commands is no list.")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH", f"There are {len(commands)} commands, more than 100.")
    return [_command(command) for command in commands]


def _command(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise bad("can't parse BotCommand: expected an Object", "A command is no object.")
    name, description = str(given.get("command", "")).removeprefix("/"), str(given.get("description", ""))
    if not COMMAND.fullmatch(name):
        raise bad("BOT_COMMAND_INVALID", f"The command {name!r} is not 1 to 32 of a-z, 0-9 and _.")
    if not 1 <= units(description) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID", f"The description of {name!r} is not 1 to 256 characters.")
    return {"command": name, "description": description}


def check_at_most(text: str, most: int, what: str) -> None:
    if units(text) > most:
        raise bad(f"{what} is too long", f"The {what} has {units(text)} characters, more than {most}.")


def check_language(code: str) -> None:
    if not LANGUAGE.fullmatch(code):
        raise bad("language_code is invalid", f"{code!r} is no two-letter language code.")


def check_secret(token: str) -> None:
    if token and not SECRET.fullmatch(token):
        raise bad("secret token contains unallowed characters", "secret_token is not 1 to 256 of A-Z, a-z, 0-9, _, -.")


def check_start(parameter: str) -> None:
    if not START.fullmatch(parameter):
        raise bad("START_PARAM_INVALID", f"The start parameter {parameter!r} is not up to 64 of A-Z, a-z, 0-9, _, -.")


def check_given(name: str, value: str) -> None:
    if not value:
        raise bad(f'parameter "{name}" is required', f"{name} is missing.")


def check_invoice_words(title: str, description: str, payload: str) -> None:
    for name, value in (("title", title), ("description", description), ("payload", payload)):
        check_given(name, value)
    if not 1 <= units(title) <= 32:
        raise bad("INVOICE_TITLE_INVALID", f"The invoice's title {title!r} is not 1 to 32 characters.")
    if not 1 <= units(description) <= 255:
        raise bad("INVOICE_DESCRIPTION_INVALID", "The invoice's description is not 1 to 255 characters.")
    if not 1 <= len(payload.encode()) <= 128:
        raise bad("INVOICE_PAYLOAD_INVALID", "The invoice's payload is not 1 to 128 bytes.")


def check_prices(currency: str, prices: Any, provider_token: str) -> int:
    """Answers the total, in the currency's smallest units."""
    check_given("currency", currency)
    if currency not in CURRENCIES:
        raise bad("CURRENCY_INVALID", f"Telegram takes no currency {currency!r}.")
    if currency == "XTR" and provider_token:
        raise bad("STARS_INVOICE_INVALID", "Stars are paid without a provider_token.")
    if currency != "XTR" and not provider_token:
        raise bad("PAYMENT_PROVIDER_INVALID", f"{currency} needs a provider_token.")
    if not isinstance(prices, list) or not prices or not all(map(_is_price, prices)):
        raise bad("can't parse prices: expected an Array of LabeledPrice", "prices is no list of labels and amounts.")
    if currency == "XTR" and len(prices) != 1:
        raise bad("STARS_INVOICE_INVALID", "An invoice in Stars has exactly one price.")
    return _total([price["amount"] for price in prices], currency)


def _is_price(given: Any) -> bool:
    return isinstance(given, dict) and bool(given.get("label")) and type(given.get("amount")) is int


def _total(amounts: Sequence[int], currency: str) -> int:
    total = sum(amounts)
    smallest = MINIMA.get(currency, 1)
    if total < smallest:
        raise bad("CURRENCY_TOTAL_AMOUNT_INVALID", f"An invoice over {total} {currency} is below {smallest}.")
    return total
