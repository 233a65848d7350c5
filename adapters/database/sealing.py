"""Values sealed in the store: AES-256-GCM for what is only read, AES-SIV for what is looked up by.

Two layers, so that the keys of the settings can be changed without touching a row. The settings' *field keys* never
seal a value: they wrap the *store keys*, which are made by chance and lie wrapped in the store itself. See decision
0018.
"""

from __future__ import annotations

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect

from adapters.database.below import StoreUnusable
from core.ports import StoreDown

VALUES, LOOK_UPS = "values", "look-ups"
NONCE, VALUE_KEY, LOOK_UP_KEY = 12, 32, 64
BETWEEN = "\x1f"
REMEMBERED = 4_096


class WrongKeys(StoreUnusable):
    """The field keys that were given do not open the store keys; the sentence says which one is amiss."""


class Altered(StoreDown):
    """A sealed value does not open: it was changed, moved from elsewhere, or sealed by a key nobody knows here."""


@dataclass(frozen=True, slots=True)
class StoreKey:
    """A key of the store, as it lies there: for a purpose, numbered, and wrapped by a version of the field keys."""

    purpose: str
    number: int
    wrapped_by: int
    wrapped: str

    @property
    def name(self) -> str:
        return f"{self.purpose}{BETWEEN}{self.number}"


class FieldKeys:
    """The secrets of the settings by version. The highest wraps, each opens what it has wrapped."""

    def __init__(self, given: Mapping[int, bytes]) -> None:
        self._wrapping = {version: AESGCM(_derived(secret, b"loket store keys")) for version, secret in given.items()}
        self.newest = max(given)

    @property
    def versions(self) -> list[int]:
        return sorted(self._wrapping)

    def fresh(self, purpose: str, number: int) -> StoreKey:
        return self.wrap(purpose, number, secrets.token_bytes(LOOK_UP_KEY if purpose == LOOK_UPS else VALUE_KEY))

    def wrap(self, purpose: str, number: int, key: bytes) -> StoreKey:
        bare = StoreKey(purpose, number, self.newest, "")
        return StoreKey(purpose, number, self.newest, _encrypted(self._wrapping[self.newest], key, bare.name))

    def unwrap(self, one: StoreKey) -> bytes:
        """Raises `WrongKeys`."""
        if one.wrapped_by not in self._wrapping:
            raise WrongKeys(f"LOKET_FIELD_KEYS has no version {one.wrapped_by}, which this store still needs.")
        try:
            return _decrypted(self._wrapping[one.wrapped_by], one.wrapped, one.name)
        except (InvalidTag, ValueError):
            raise WrongKeys(f"Version {one.wrapped_by} of LOKET_FIELD_KEYS is not the one this store has.") from None


class Keyring:
    """The store's keys, unwrapped: for one store, and shared by all its connections.

    A value under a number that is not known yet makes it look again: somebody has begun to seal with a new key beside
    us, and from then on so do we.
    """

    def __init__(self, field_keys: FieldKeys, look_again: Callable[[], Iterable[StoreKey]]) -> None:
        self.field_keys = field_keys
        self._look_again = look_again
        self._values: dict[int, AESGCM] = {}
        self.newest = 0
        self.look_up = 0
        self._marking: AESSIV | None = None
        self.mark, self.read = self._mark, self._read

    def learn(self, kept: Iterable[StoreKey]) -> None:
        """Raises `WrongKeys`."""
        for one in sorted(kept, key=lambda one: one.number):
            key = self.field_keys.unwrap(one)
            if one.purpose == VALUES:
                self._values[one.number] = AESGCM(key)
                self.newest = one.number
            else:
                self._marking, self.look_up = AESSIV(key), one.number
                # The same few are asked for again and again: by each turn of a talk, and to read a row and to write it.
                self.mark, self.read = lru_cache(REMEMBERED)(self._mark), lru_cache(REMEMBERED)(self._read)

    # What is only read: bound to its place and its row.

    def seal(self, place: str, row: str, plain: str) -> str:
        """`row` is what `name_of` makes of its key. Nothing stays nothing: that there is a value is no secret."""
        if not plain:
            return plain
        number = self.newest
        return f"{number}:{_encrypted(self._values[number], plain.encode(), f'{place}{BETWEEN}{row}')}"

    def opened(self, place: str, row: str, sealed: str) -> str:
        """Raises `Altered`."""
        if not sealed:
            return sealed
        number, _, body = sealed.partition(":")
        try:
            return _decrypted(self._cipher(int(number)), body, f"{place}{BETWEEN}{row}").decode()
        except (InvalidTag, ValueError, KeyError, WrongKeys):
            # The rest of a row's name may be a person's.
            first = row.partition(BETWEEN)[0]
            raise Altered(f"{place} of {first} does not open: it was changed, moved, or its key is missing") from None

    def _cipher(self, number: int) -> AESGCM:
        if number not in self._values:
            self.learn(self._look_again())
        return self._values[number]

    # What is looked up by: the same words in the same place are always the same.

    def _mark(self, place: str, plain: str) -> str:
        assert self._marking is not None
        return f"{self.look_up}:{b64encode(self._marking.encrypt(plain.encode(), [place.encode()])).decode()}"

    def _read(self, place: str, mark: str) -> str:
        """Raises `Altered`."""
        assert self._marking is not None
        try:
            body = b64decode(mark.partition(":")[2], validate=True)
            return self._marking.decrypt(body, [place.encode()]).decode()
        except (InvalidTag, ValueError):
            raise Altered(f"{place} of a row does not open: it was changed, moved, or its key is missing") from None


def name_of(key: Iterable[object]) -> str:
    """What a row's values are bound to besides their place: its key."""
    return BETWEEN.join(map(str, key))


def number_of(sealed: str) -> int:
    """Of the store key that sealed a value."""
    return int(sealed.partition(":")[0])


# ---- where a connection finds the keyring of its store


def keyring_of(dialect: Dialect) -> Keyring | None:
    """That of the store this connection was opened for; None where values lie as they are."""
    return getattr(dialect, "loket_keyring", None)


def with_keyring(dialect: Dialect, keyring: Keyring) -> Dialect:
    """The same dialect, for this store alone: column types know nothing else of the connection they work for."""
    keyed: Any = copy(dialect)
    keyed.loket_keyring = keyring
    # What it remembers of types was made without keys, or with those of another store.
    keyed.__dict__.pop("_type_memos", None)
    return cast(Dialect, keyed)


# ---- below: bytes


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), VALUE_KEY, salt=None, info=purpose).derive(secret)


def _encrypted(cipher: AESGCM, plain: bytes, bound: str) -> str:
    nonce = os.urandom(NONCE)
    return b64encode(nonce + cipher.encrypt(nonce, plain, bound.encode())).decode()


def _decrypted(cipher: AESGCM, sealed: str, bound: str) -> bytes:
    raw = b64decode(sealed, validate=True)
    return cipher.decrypt(raw[:NONCE], raw[NONCE:], bound.encode())
