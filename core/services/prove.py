"""Prove that an entry is in the journal: for a receipt at once, and for any entry when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.canonical import body_of, commitment_in, digest_of, leaf_of, spoken_code
from core.domain.head import Head
from core.domain.journal import Entry
from core.domain.merkle import hashes_of, inclusion_nodes
from core.domain.payment import Payment
from core.domain.receipt import OURS, Opened, ReceiptKey, entry_of_receipt
from core.domain.receipt_proof import Proof
from core.domain.tiles import JOURNAL, Hashes, Tile, Tree, tiles_for
from core.services.counter import Counter
from core.services.grow_tree import AT_ONCE, grow_tree
from core.services.publish_head import sign_head

# A receipt waits for so many steps of the tree and no longer.
MOST_STEPS = 4


@dataclass(frozen=True, slots=True)
class Marks:
    """What a receipt bears besides what it says: a code to say, and the proof as a line where there is one."""

    code: str
    line: str


async def marks_of(counter: Counter, payment: Payment) -> Marks | None:
    """Of a captured payment. The tree grows and is signed right now, so that the receipt has its proof from the start.

    Without a key to sign with, and while the tree is far behind, there is the code alone.
    """
    entry = await captured_by(counter, payment)
    if entry is None:
        return None
    opened = await opened_of(counter, payment, entry)
    proof = await _proof_at_once(counter, entry, opened) if opened else None
    return Marks(spoken_code(leaf_of(entry)), proof.as_line if proof else "")


async def captured_by(counter: Counter, payment: Payment) -> Entry | None:
    """The entry that the receipt is numbered after."""
    index = entry_of_receipt(payment.receipt)
    return next(iter(await counter.store.entries_from(index, limit=1)), None) if index else None


async def opened_of(counter: Counter, payment: Payment, entry: Entry) -> Opened | None:
    """What the entry commits to; None for a receipt from before there were commitments."""
    key = await counter.store.read(ReceiptKey, OURS)
    opened = Opened.of(payment, key) if key else None
    return opened if opened and opened.commitment == commitment_in(entry.memo) else None


async def prove(counter: Counter, entry: Entry, opened: Opened | None) -> Proof | None:
    """With the newest head that is over the entry; None when none is yet."""
    head = await counter.store.newest_head()
    if head is None or head.size < entry.index:
        return None
    return await _proof(counter, entry, opened, head)


async def _proof_at_once(counter: Counter, entry: Entry, opened: Opened) -> Proof | None:
    if counter.signer is None:
        return None
    head = await counter.store.head_from(entry.index)
    if head is None:
        for _step in range(MOST_STEPS):
            if await grow_tree(counter) < AT_ONCE:
                break
        head = await sign_head(counter)
    return await _proof(counter, entry, opened, head) if head and head.size >= entry.index else None


async def _proof(counter: Counter, entry: Entry, opened: Opened | None, head: Head) -> Proof:
    tree = await counter.store.read(Tree, JOURNAL)
    assert tree is not None and tree.size >= head.size, "a head is signed over a tree that is kept"
    spans = inclusion_nodes(entry.index - 1, head.size)
    wanted = tiles_for((node for span in spans for node in span), tree.size)
    tiles = [await counter.store.read(Tile, level, number) for level, number in sorted(wanted)]
    path = hashes_of(spans, Hashes(tree, [tile for tile in tiles if tile]))
    body = body_of(entry)
    return Proof(entry.index, digest_of(body), opened, "" if opened else body, path, head)
