"""A proof that an entry is in the journal, complete in itself: what the entry says, the way up the tree, a signed head.

Whoever has it needs nothing of us but the public key. It comes in two forms that say the same: JSON for a file, and a
line of signs for a QR code.

    {"loket_proof": 1, "entry": 25, "body_digest": "…", "receipt": {…, "salt": "…"} or "body": "…", "path": ["…", …],
     "head": "…", "key": "…"}

    LOKET1:<base 45 of entry, size, time, count of hashes, hashes, body digest, salt, receipt, key's name and id,
    signature>

Of a receipt it shows what the receipt says and nothing else of the entry; of another entry its body.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.domain import base45, canonical
from core.domain.canonical import EPOCH, MICROSECOND, commitment_in, digest_of, leaf, spoken_code
from core.domain.head import SIGNATURE_SIZE, Head, NotAHead, heads_in
from core.domain.merkle import HASH_SIZE, ProofRefused, refuse_foreign, root_of_inclusion
from core.domain.money import Money
from core.domain.receipt import SALT_SIZE, Opened, Receipt

LINE = "LOKET1:"
MOST_HASHES = 64


class NotAProof(ValueError):
    """The text is no proof; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Proof:
    """`entry` is the index in the journal, from 1. `opened` for a receipt, else `body`: one of the two.

    `key`: the public key as whoever made the proof names it. Only a file has room for it, and whoever reads the file
    should rather know the key from elsewhere.
    """

    entry: int
    body_digest: str
    opened: Opened | None
    body: str
    path: tuple[bytes, ...]
    head: Head
    key: str = ""

    @property
    def leaf(self) -> bytes:
        commitment = self.opened.commitment if self.opened else _commitment_of(self.body)
        return leaf(self.entry, self.body_digest, commitment)

    @property
    def code(self) -> str:
        """The code that the receipt bears."""
        return spoken_code(self.leaf)

    def refuse_if_wrong(self) -> None:
        """Raises `ProofRefused` unless the entry is in the tree of the head. Whose head it is the signature says."""
        if not self.opened and digest_of(self.body) != self.body_digest:
            raise ProofRefused("the entry is not the one of the digest")
        refuse_foreign(self.leaf, self.entry - 1, self.head.size, self.path, self.head.root_hash)

    # ---- as a file

    @property
    def as_json(self) -> str:
        shown: dict[str, object]
        if self.opened:
            said = json.loads(self.opened.receipt.written)
            shown = {"receipt": {**said, "salt": self.opened.salt.hex()}}
        else:
            shown = {"body": self.body}
        proof = {
            "loket_proof": 1,
            "entry": self.entry,
            "body_digest": self.body_digest,
            **shown,
            "path": [b64encode(one).decode() for one in self.path],
            "head": self.head.note,
            "key": self.key,
        }
        return json.dumps(proof, ensure_ascii=False, indent=1) + "\n"

    # ---- as a line

    @property
    def as_line(self) -> str:
        """Only of a receipt: a body does not fit a QR code."""
        assert self.opened, "only a receipt goes into a QR code"
        receipt, head = self.opened.receipt, self.head
        raw = b"".join(
            (
                *map(_number, (self.entry, head.size, int(head.at.timestamp()), len(self.path))),
                *self.path,
                bytes.fromhex(self.body_digest),
                self.opened.salt,
                *map(_text, (receipt.product_id, receipt.denomination_id, receipt.reference, receipt.total.currency)),
                *map(_number, (receipt.total.minor, (receipt.at - EPOCH) // MICROSECOND)),
                _text(head.origin),
                bytes.fromhex(head.key_id),
                b64decode(head.signature),
            )
        )
        return LINE + base45.encoded(raw)


def read_proof(words: str) -> Proof:
    """A proof in either form. Raises `NotAProof`; whether it proves anything is another question."""
    try:
        return _of_line(words.strip("\r\n")) if words.startswith(LINE) else _of_json(words)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError) as error:
        why = str(error) if isinstance(error, NotAHead | ProofRefused) else "it cannot be read"
        raise NotAProof(f"This is no proof of an entry: {why}.") from None


def _of_json(words: str) -> Proof:
    said: Mapping[str, Any] = json.loads(words)
    if said["loket_proof"] != 1:
        raise ValueError("another form")
    [head] = heads_in(said["head"])
    opened = _opened(said["receipt"]) if "receipt" in said else None
    path = tuple(b64decode(one, validate=True) for one in said["path"])
    digest = bytes.fromhex(said["body_digest"]).hex()
    proof = Proof(
        _whole(said["entry"]), digest, opened, "" if opened else str(said["body"]), path, head, str(said["key"])
    )
    if not opened and json.loads(proof.body)["index"] != proof.entry:
        raise ProofRefused("the entry is another one than it says")
    return proof


def _opened(said: Mapping[str, Any]) -> Opened:
    total = Money(_whole(said["total_minor"]), str(said["currency"]))
    at = EPOCH + timedelta(microseconds=_whole(said["at"]))
    receipt = Receipt(str(said["product_id"]), str(said["denomination_id"]), str(said["reference"]), total, at)
    return Opened(receipt, bytes.fromhex(said["salt"]))


def _of_line(words: str) -> Proof:
    raw = _Bytes(base45.decoded(words.removeprefix(LINE)))
    entry, size, at, count = (raw.number() for _ in range(4))
    if count > MOST_HASHES:
        raise ProofRefused("the way up is longer than any tree is high")
    path = tuple(raw.take(HASH_SIZE) for _ in range(count))
    digest, salt = raw.take(HASH_SIZE).hex(), raw.take(SALT_SIZE)
    product, denomination, reference, currency = (raw.text() for _ in range(4))
    total, said_yes = Money(raw.number(), currency), EPOCH + timedelta(microseconds=raw.number())
    opened = Opened(Receipt(product, denomination, reference, total, said_yes), salt)
    origin, key_id, signature = raw.text(), raw.take(4).hex(), b64encode(raw.take(SIGNATURE_SIZE)).decode()
    raw.refuse_rest()
    leaf = canonical.leaf(entry, digest, opened.commitment)
    root = b64encode(root_of_inclusion(leaf, entry - 1, size, path)).decode()
    head = Head(size, root, datetime.fromtimestamp(at, UTC), origin, key_id, signature)
    return Proof(entry, digest, opened, "", path, head)


def _commitment_of(body: str) -> str:
    memo = json.loads(body)["memo"]
    return commitment_in(memo)


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("not a whole number")
    return value


# ---- numbers and texts in a few bytes


def _number(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow (LEB128)."""
    raw = bytearray()
    while value > 127:
        raw.append(value & 127 | 128)
        value >>= 7
    return bytes((*raw, value))


def _text(words: str) -> bytes:
    raw = words.encode()
    return _number(len(raw)) + raw


class _Bytes:
    """Read from the front. Raises `ValueError` where there is too little, or anything that is never written so."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._place = raw, 0

    def take(self, size: int) -> bytes:
        some = self._raw[self._place : self._place + size]
        if len(some) < size:
            raise ValueError("too short")
        self._place += size
        return some

    def number(self) -> int:
        value, place = 0, 0
        while True:
            [one] = self.take(1)
            value |= (one & 127) << place
            place += 7
            if one < 128:
                break
        if place > 63 or (place > 7 and not one):
            raise ValueError("not a number of ours")
        return value

    def text(self) -> str:
        return self.take(self.number()).decode()

    def refuse_rest(self) -> None:
        if self._place != len(self._raw):
            raise ValueError("too long")
