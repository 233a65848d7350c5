"""A signed tree head: so many entries, this root, at that time. In the text of C2SP's signed checkpoints:

    counter.example.org/loket
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    time 1764208800

    — counter.example.org/loket Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+…

The signature (Ed25519) is over the lines above the blank one, the last line feed too. In front of it stand four bytes
that say which key it is: the first of SHA-256(name ‖ 0A ‖ 01 ‖ key). A key is written `name+id+base64(01 ‖ key)`.
https://github.com/C2SP/C2SP/blob/main/signed-note.md and tlog-checkpoint.md
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from core.domain.merkle import HASH_SIZE

ED25519 = b"\x01"
KEY_SIZE, SIGNATURE_SIZE = 32, 64

_NAME = re.compile(r"[^\s+\u2014]{1,100}")
_NOTE = re.compile(
    r"(?P<origin>[^\n]+)\n(?P<size>[1-9][0-9]{0,14})\n(?P<root>[A-Za-z0-9+/]{43}=)\ntime (?P<at>[1-9][0-9]{0,11})\n"
    r"\n\u2014 (?P<name>[^ \n]+) (?P<signature>[A-Za-z0-9+/=]+)\n"
)


class NotAKey(ValueError):
    """The sentence says what a key looks like."""


class NotAHead(ValueError):
    """The text is no signed tree head of ours."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Whose heads are to be believed: the name of a log, and its Ed25519 key."""

    name: str
    raw: bytes

    @property
    def key_id(self) -> str:
        """Eight hexadecimal digits."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).hexdigest()[:8]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id}+{b64encode(ED25519 + self.raw).decode()}"

    @classmethod
    def read(cls, words: str) -> PublicKey:
        """A key as it is written. Raises `NotAKey`."""
        name, _, rest = words.strip().partition("+")
        key_id, _, written = rest.partition("+")
        key = cls(name, _key_bytes(written))
        if not _NAME.fullmatch(name) or key.key_id != key_id:
            raise NotAKey("A public key is NAME+ID+KEY, as `loket audit keygen` prints it.")
        return key


def _key_bytes(written: str) -> bytes:
    try:
        raw = b64decode(written, validate=True)
    except ValueError:
        raw = b""
    return raw[1:] if raw[:1] == ED25519 and len(raw) == KEY_SIZE + 1 else b""


def is_name(words: str) -> bool:
    """Whether a log can be called so."""
    return _NAME.fullmatch(words) is not None


@dataclass(frozen=True, slots=True)
class Head:
    """`root` and `signature` in base 64; `at` in whole seconds, UTC."""

    size: int
    root: str
    at: datetime
    origin: str
    key_id: str
    signature: str

    @property
    def signed(self) -> bytes:
        """What the signature is over."""
        return checkpoint(self.origin, self.size, self.root, self.at)

    @property
    def note(self) -> str:
        """The head as it is published."""
        mark = b64encode(bytes.fromhex(self.key_id) + b64decode(self.signature)).decode()
        return f"{self.signed.decode()}\n\u2014 {self.origin} {mark}\n"

    @property
    def root_hash(self) -> bytes:
        return b64decode(self.root)


def checkpoint(origin: str, size: int, root: str, at: datetime) -> bytes:
    return f"{origin}\n{size}\n{root}\ntime {int(at.timestamp())}\n".encode()


def heads_in(words: str) -> list[Head]:
    """The heads of a file or a message, in their order; a file of heads has a blank line between two.

    Raises `NotAHead` when anything else is in it.
    """
    heads: list[Head] = []
    place = 0
    text = (words.strip("\n") + "\n").lstrip("\n")
    while place < len(text):
        found = _NOTE.match(text, place)
        if found is None:
            raise NotAHead(f"What stands behind head {len(heads)} is no signed tree head.")
        heads.append(_head(found))
        place = found.end() + (text[found.end() : found.end() + 1] == "\n")
    return heads


def _head(found: re.Match[str]) -> Head:
    try:
        root, mark = b64decode(found["root"], validate=True), b64decode(found["signature"], validate=True)
    except ValueError:
        raise NotAHead("The head cannot be read.") from None
    at, signature = datetime.fromtimestamp(int(found["at"]), UTC), b64encode(mark[4:]).decode()
    head = Head(int(found["size"]), found["root"], at, found["origin"], mark[:4].hex(), signature)
    # Written back it must be the same: one head has one text, and its log signs it by its own name.
    if head.note != found[0] or len(mark) != 4 + SIGNATURE_SIZE or len(root) != HASH_SIZE:
        raise NotAHead("The head is not signed by the log it is of.")
    return head


@dataclass(frozen=True, slots=True)
class HeadPlace:
    """How far the heads have been told at a place outside; `at` is when it took the last one.

    A place that the settings name no more is not `wanted`: nobody waits for it.
    """

    place: str
    size: int = 0
    at: datetime | None = None
    wanted: bool = True
    version: int = 0
