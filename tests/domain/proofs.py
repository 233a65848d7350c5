"""A small journal, its tree and a key to sign with, for tests of proofs."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from adapters.signing import Ed25519Signer
from core.domain.canonical import body_of, digest_of, leaf_of
from core.domain.head import Head, checkpoint
from core.domain.journal import Entry, entry
from core.domain.merkle import hashes_of, inclusion_nodes
from core.domain.money import Money
from core.domain.receipt import Opened, Receipt
from core.domain.receipt_proof import Proof
from core.domain.tiles import JOURNAL, Growing, Hashes, Tree

NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
SIGNER = Ed25519Signer("counter.example.org/loket", bytes(range(32)))
OPENED = Opened(Receipt("pln-token", "50", "12345678901", Money.of(52_500, "IDR"), NOON), b"0123456789abcdef")


def journal(size: int) -> list[Entry]:
    """Of captures; the last one is that of `OPENED`."""
    return [
        _capture(index, OPENED.memo if index == size else f"receipt-v1 {index:064x}") for index in range(1, size + 1)
    ]


def _capture(index: int, memo: str) -> Entry:
    at = NOON + timedelta(seconds=index)
    legs = ("held", 5_250_000), (f"deposit:p{index % 3}", -5_100_000), ("fee:pln", -100_000), ("margin:pln", -50_000)
    made = entry(
        "capture", *legs, key=f"capture:p{index}", currency="IDR", at=at, day=at.date(), payment_id=f"p{index}"
    )
    return Entry(made.key, "capture", "IDR", made.postings, at, made.day, made.payment_id, memo, index)


def tree_of(entries: Sequence[Entry]) -> Hashes:
    growing = Growing()
    for one in entries:
        growing.append(leaf_of(one))
    return Hashes(Tree(JOURNAL, growing.size, growing.edge), growing.tiles)


def head_over(entries: Sequence[Entry]) -> Head:
    size, root = len(entries), b64encode(tree_of(entries).root()).decode()
    key, signature = SIGNER.key, SIGNER.sign(checkpoint(SIGNER.key.name, size, root, NOON))
    return Head(size, root, NOON, key.name, key.key_id, b64encode(signature).decode())


def proof_of(entries: Sequence[Entry], index: int, *, opened: Opened | None) -> Proof:
    path = hashes_of(inclusion_nodes(index - 1, len(entries)), tree_of(entries))
    body = body_of(entries[index - 1])
    return Proof(index, digest_of(body), opened, "" if opened else body, path, head_over(entries))
