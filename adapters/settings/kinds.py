"""Kinds of values a setting may have. What is unsafe is refused in words that follow the setting's name.

No value is ever repeated in them: most of these are secrets.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from adapters.safe_url import UnsafeUrl, refuse_unsafe
from core.catalogue import CatalogueError
from core.catalogue.load import shipped_folder

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SHORTEST_SECRET = 22  # 128 bits and more, when written in base 64
FEWEST_SIGNS = 6  # different ones; a secret made by chance has more
LONGEST_S = 30 * 24 * 3600

_OF_A_PATH = re.compile(r"[A-Za-z0-9._~+=-]+")
_VERSIONED = re.compile(r"(?P<version>[0-9]{1,6}):(?P<secret>\S+)")
_SHORT_CODE = re.compile(r"\*[0-9]+(\*[0-9]+)*#")
_BOT_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,64}")
_OF_A_HEADER = re.compile(r"[A-Za-z0-9_-]{1,256}")
_AUDIT_KEY = re.compile(r"PRIVATE\+KEY\+[^+\s]{1,100}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
_PUBLIC_KEY = re.compile(r"[^+\s]{1,100}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}")
_OF_A_SERVER = re.compile(r"postgres(ql)?://[^/]*/[^/?]+")
_CHAT = re.compile(r"-?[0-9]{1,20}")


def by_version(words: str) -> dict[int, bytes]:
    """Secrets by their version. Raises `ValueError`."""
    secrets: dict[int, bytes] = {}
    for part in words.split():
        found = _VERSIONED.fullmatch(part)
        if found is None:
            raise ValueError("is VERSION:SECRET, for example 1:…; several are separated by a blank")
        _refuse_guessable(found["secret"])
        if int(found["version"]) in secrets:
            raise ValueError("has the same version twice")
        secrets[int(found["version"])] = found["secret"].encode()
    if not secrets:
        raise ValueError("is blank")
    return secrets


def _versioned(value: SecretStr) -> SecretStr:
    by_version(value.get_secret_value())
    return value


def _given(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().strip():
        raise ValueError("is blank; leave it out or give it a value")
    return value


def _one_or_two(value: SecretStr) -> SecretStr:
    live = value.get_secret_value().split()
    if len(live) > 2:
        raise ValueError("is one secret, or two while one is being changed")
    for secret in live:
        _refuse_guessable(secret)
    return value


def _in_a_path(value: SecretStr) -> SecretStr:
    for secret in value.get_secret_value().split():
        if not _OF_A_PATH.fullmatch(secret):
            raise ValueError("is part of an address: letters, digits and . _ ~ + = - only")
    return value


def _of_a_bot(value: SecretStr) -> SecretStr:
    if not _BOT_TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("is no bot's token: a number, a colon and some 35 signs, as BotFather gives it")
    return value


def _in_a_header(value: SecretStr) -> SecretStr:
    for secret in value.get_secret_value().split():
        if not _OF_A_HEADER.fullmatch(secret):
            raise ValueError("goes into a header: letters, digits and _ - only, 256 at most")
    return value


def _refuse_guessable(secret: str) -> None:
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"needs {SHORTEST_SECRET} signs or more")
    if len(set(secret)) < FEWEST_SIGNS:
        raise ValueError("can be guessed: it has too few different signs")


def _safe_url(value: str) -> str:
    try:
        refuse_unsafe(value)
    except UnsafeUrl as unsafe:
        raise ValueError(f"is refused. {unsafe}") from None
    return value


def _safe_or_blank(value: str) -> str:
    return _safe_url(value) if value else value


def _of_a_store(value: str) -> str:
    if _OF_A_SERVER.match(value):
        return value
    name = value.removeprefix("sqlite:///")
    if name == value or not name or name.startswith(":memory:") or "?" in name:
        raise ValueError("must be sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    return value


def _dialled(value: str) -> str:
    if not _SHORT_CODE.fullmatch(value):
        raise ValueError("must be what a phone dials, like *384#")
    return value


def _numbered(value: str) -> str:
    if value and not _CHAT.fullmatch(value):
        raise ValueError("must be the number of a chat, like -1001234567890")
    return value


def networks_of(words: str) -> tuple[Network, ...]:
    """Networks and single addresses, separated by blanks. Raises `ValueError`."""
    return tuple(ipaddress.ip_network(part) for part in words.split())


def _networks(value: str) -> str:
    try:
        networks_of(value)
    except ValueError:
        raise ValueError("is networks or addresses like 192.0.2.0/24, separated by blanks") from None
    return value


def _named(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{0,40}", value):
        raise ValueError("is the name of a field")
    return value


def _of_an_audit(value: SecretStr) -> SecretStr:
    if not _AUDIT_KEY.fullmatch(value.get_secret_value()):
        raise ValueError("is no private key as `loket audit keygen` prints it")
    return value


def _public_keys(value: str) -> str:
    if not all(_PUBLIC_KEY.fullmatch(key) for key in value.split()):
        raise ValueError("is public keys as `loket audit keygen` prints them, separated by blanks")
    return value


def _with_a_catalogue(value: str) -> str:
    try:
        shipped_folder(value)
    except CatalogueError:
        raise ValueError("names no country that has a catalogue") from None
    return value


Given = Annotated[SecretStr, AfterValidator(_given)]
# One secret, or two separated by a blank while one is being changed: the first is used, both are taken.
Secrets = Annotated[Given, AfterValidator(_one_or_two)]
PathSecrets = Annotated[Secrets, AfterValidator(_in_a_path)]
AuditKey = Annotated[Given, AfterValidator(_of_an_audit)]
PublicKeys = Annotated[str, AfterValidator(_public_keys)]
BotToken = Annotated[Given, AfterValidator(_of_a_bot)]
HeaderSecrets = Annotated[Secrets, AfterValidator(_in_a_header)]
Versioned = Annotated[SecretStr, AfterValidator(_versioned)]
SafeUrl = Annotated[str, AfterValidator(_safe_url)]
SafeUrlOrBlank = Annotated[str, AfterValidator(_safe_or_blank)]
StoreUrl = Annotated[str, AfterValidator(_of_a_store)]
ChatOrBlank = Annotated[str, AfterValidator(_numbered)]
ShortCode = Annotated[str, AfterValidator(_dialled)]
Networks = Annotated[str, AfterValidator(_networks)]
FieldName = Annotated[str, AfterValidator(_named)]
Country = Annotated[str, AfterValidator(_with_a_catalogue)]
Seconds = Annotated[int, Field(ge=1, le=LONGEST_S)]
TenSeconds = Annotated[int, Field(ge=10, le=LONGEST_S)]  # and more
UpToTenMinutes = Annotated[int, Field(ge=10, le=600)]  # seconds
