"""The tree grows beside the work, its heads are signed and told outside, and receipts prove themselves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from adapters.signing import Ed25519Signer, is_signed
from core.domain.canonical import leaf_of
from core.domain.head import Head, HeadPlace, heads_in
from core.domain.invariants import tree_violations
from core.domain.message import Message
from core.domain.receipt_proof import LINE, read_proof
from core.domain.tiles import JOURNAL, Tile, Tree
from core.refusal import Fault
from core.services import grow_tree as growing
from core.services.counter import Counter
from core.services.grow_tree import GrowTree, grow_tree
from core.services.prove import MOST_STEPS, captured_by, marks_of, opened_of, prove
from core.services.publish_head import publish_head, sign_head
from core.services.slips import receipt_slip
from tests.services.till import Till

SIGNER = Ed25519Signer("counter.example.org/loket", bytes(range(32)))
MINUTE = timedelta(minutes=1)


@dataclass
class Board:
    """A place outside that can be shut."""

    name: str
    shut: bool = False
    notes: list[str] = field(default_factory=list)

    async def put(self, note: str) -> None:
        if self.shut:
            raise Fault("nobody there")
        self.notes.append(note)

    @property
    def sizes(self) -> list[int]:
        return [head.size for note in self.notes for head in heads_in(note)]


def signing(till: Till) -> Counter:
    return replace(till.at.counter, signer=SIGNER)


async def all_grown(counter: Counter) -> Tree:
    while await grow_tree(counter):
        pass
    tree = await counter.store.read(Tree, JOURNAL)
    assert tree is not None
    return tree


async def broken(till: Till) -> list[str]:
    async with till.at.store.snapshot() as snapshot:
        found = await snapshot.consider(lambda contents: list(tree_violations(contents)))
    return [f"{one.subject} {one.detail}" for one in found]


# ---- the tree


async def test_the_tree_takes_what_was_posted_and_then_rests(till: Till):
    await till.pay()

    assert [await grow_tree(till.at.counter), await grow_tree(till.at.counter)] == [3, 0]
    tree = await till.at.store.read(Tree, JOURNAL)
    assert tree is not None
    assert tree.size == 3
    assert await broken(till) == []


async def test_small_steps_and_tiles_make_the_same_tree(till: Till, monkeypatch: pytest.MonkeyPatch):
    await till.pay()
    for number in range(260):
        await till.at.customer(f"+62811{number:07}", rupiah=1)
    monkeypatch.setattr(growing, "AT_ONCE", 100)

    tree = await all_grown(till.at.counter)

    assert (tree.size, tree.version) == (263, 3)
    assert await till.at.store.read(Tile, 0, 0) is not None
    assert await broken(till) == []


async def test_of_two_who_take_the_same_step_one_writes(till: Till):
    store, empty = till.at.store, Tree(JOURNAL)
    step = GrowTree(empty, replace(empty, size=1, edge="x"), ())

    assert [await store.commit(step), await store.commit(step)] == [True, False]
    await store.commit(GrowTree(Tree(JOURNAL, 1, "x", 1), Tree(JOURNAL, 0, "", 1), ()))


# ---- heads


async def test_a_head_is_signed_once_a_size_and_kept(till: Till):
    counter = signing(till)
    await all_grown(counter)
    first = await sign_head(counter)
    till.at.clock.pass_by(minutes=1)

    assert first is not None
    assert is_signed(first, [SIGNER.key])
    assert await sign_head(counter) == first
    await till.pay()
    await all_grown(counter)
    second = await sign_head(counter)
    assert second is not None
    assert (first.size, second.size) == (1, 3)
    assert await till.at.store.newest_head() == second
    assert await till.at.store.head_from(2) == second
    assert await broken(till) == []


async def test_without_a_key_or_an_entry_there_is_no_head(till: Till):
    assert await sign_head(signing(till)) is None  # nothing is in the tree yet
    await all_grown(till.at.counter)
    assert await sign_head(till.at.counter) is None


async def test_a_head_is_told_at_every_place_once_a_minute_and_only_when_something_was_posted(till: Till):
    counter, boards = signing(till), [Board("file"), Board("webhook")]

    async def told() -> int:
        await all_grown(counter)
        return await publish_head(counter, boards, every=MINUTE)

    assert [await told(), await told()] == [2, 0]
    await till.pay()
    assert await told() == 0  # within the minute
    till.at.clock.pass_by(minutes=1)
    assert await told() == 2
    till.at.clock.pass_by(minutes=1)
    assert await told() == 0  # nothing new
    assert [board.sizes for board in boards] == [[1, 3], [1, 3]]


async def test_a_place_that_fails_is_tried_again_and_missed_until_it_is_told(till: Till):
    counter, boards = signing(till), [Board("file"), Board("webhook", shut=True)]
    await all_grown(counter)

    assert await publish_head(counter, boards, every=MINUTE) == 1
    assert (await counter.store.figures()).oldest_untold_head == till.at.clock.now()
    boards[1].shut = False
    assert await publish_head(counter, boards, every=MINUTE) == 1
    assert [board.sizes for board in boards] == [[1], [1]]
    assert (await counter.store.figures()).oldest_untold_head is None


async def test_a_place_that_is_given_up_is_missed_no_more(till: Till):
    counter, gone = signing(till), Board("webhook", shut=True)
    await all_grown(counter)
    await publish_head(counter, [gone, Board("file")], every=MINUTE)

    await publish_head(counter, [Board("file")], every=MINUTE)

    assert (await counter.store.figures()).oldest_untold_head is None
    place = await counter.store.read(HeadPlace, "webhook")
    assert place is not None
    assert not place.wanted


# ---- receipts


async def test_a_receipt_has_its_proof_from_the_start(till: Till):
    payment, counter = await till.pay(), signing(till)

    slip = await receipt_slip(payment, counter, "en")

    proof = read_proof(slip.code)
    proof.refuse_if_wrong()
    assert is_signed(proof.head, [SIGNER.key])
    assert proof.opened is not None
    assert proof.opened.receipt.reference == payment.reference
    assert slip.check == f"Code {proof.code}"
    assert [message.words for message in await told_of(till)] == [
        f"Token {' '.join(payment.token[at : at + 4] for at in range(0, 20, 4))}\n"
        "Paid: Electricity token 12345678901.\n"
        "Rp22,500, receipt 000 034.\n"
        f"Code {proof.code}"
    ]
    assert await broken(till) == []


async def told_of(till: Till) -> list[Message]:
    messages = await till.at.store.messages_to("w7890", limit=9)
    return [message for message in messages if message.message_id.startswith("captured:")]


async def test_receipts_of_one_moment_share_a_head(till: Till):
    payment, counter = await till.pay(), signing(till)

    one, other = await marks_of(counter, payment), await marks_of(counter, payment)

    assert one is not None
    assert one == other
    assert one.line.startswith(LINE)
    assert await till.at.store.read(Head, 3) is not None


async def test_without_a_key_a_receipt_has_its_code_alone(till: Till):
    payment = await till.pay()

    marks = await marks_of(till.at.counter, payment)

    assert marks is not None
    assert len(marks.code) == 9
    assert marks.line == ""


async def test_a_receipt_does_not_wait_for_a_tree_that_is_far_behind(till: Till, monkeypatch: pytest.MonkeyPatch):
    for number in range(3):
        await till.at.customer(f"+62811{number:07}", rupiah=1)
    payment = await till.pay()
    monkeypatch.setattr(growing, "AT_ONCE", 1)
    monkeypatch.setattr("core.services.prove.AT_ONCE", 1)

    marks = await marks_of(signing(till), payment)

    tree = await till.at.store.read(Tree, JOURNAL)
    assert tree is not None
    assert tree.size == MOST_STEPS < 6
    assert marks is not None
    assert marks.line == ""


async def test_an_entry_is_proven_later_under_a_newer_head(till: Till):
    payment, counter = await till.pay(), signing(till)
    entry = await captured_by(counter, payment)
    assert entry is not None
    assert await prove(counter, entry, None) is None  # no head yet
    await till.at.customer("+6281100000000", rupiah=1)
    await all_grown(counter)
    await sign_head(counter)

    proofs = [await prove(counter, entry, opened) for opened in (await opened_of(counter, payment, entry), None)]

    for proof in proofs:
        assert proof is not None
        proof.refuse_if_wrong()
        assert (proof.leaf, proof.head.size) == (leaf_of(entry), 4)


async def test_what_the_journal_does_not_commit_to_is_not_opened(till: Till):
    payment, counter = await till.pay(), signing(till)
    entry = await captured_by(counter, payment)
    assert entry is not None

    assert await opened_of(counter, payment, replace(entry, memo="")) is None
    assert await opened_of(counter, replace(payment, reference="1"), entry) is None
    assert "12345678901" not in f"{entry}"
