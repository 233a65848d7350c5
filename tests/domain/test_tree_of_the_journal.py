"""The stored tree beside one made anew from the journal: whatever is bent in either is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import pytest

from core.domain.canonical import EPOCH, MICROSECOND, leaf_of
from core.domain.head import Head
from core.domain.invariants import Stored, tree_violations
from core.domain.journal import Entry
from core.domain.tiles import JOURNAL, WIDTH, Growing, Tile, Tree
from tests.domain.proofs import head_over, journal

SIZE = 2 * WIDTH + 5
WHOLE = journal(SIZE)


@dataclass
class Store:
    """A journal and what was made of it, to be bent."""

    journal: list[Entry]
    tree_: Tree | None
    tiles_: list[Tile]
    heads_: list[Head] = field(default_factory=list)

    def entries(self) -> Iterator[Stored]:
        for one in self.journal:
            at, day = (one.at - EPOCH) // MICROSECOND, one.day.isoformat()
            facts = one.index, one.key, one.kind, one.currency, at, day, one.payment_id, one.memo
            yield facts, [(leg.account, leg.minor) for leg in one.postings]

    def tree(self) -> Tree | None:
        return self.tree_

    def tiles(self, level: int) -> Iterable[Tile]:
        return [tile for tile in self.tiles_ if tile.level == level]

    def heads(self) -> Iterable[Head]:
        return self.heads_


def sound(size: int = SIZE) -> Store:
    growing = Growing()
    for one in WHOLE[:size]:
        growing.append(leaf_of(one))
    tree = Tree(JOURNAL, growing.size, growing.edge)
    return Store(list(WHOLE), tree, list(growing.tiles), [head_over(WHOLE[:200]), head_over(WHOLE[:300])])


def found(store: Store, *told: Head) -> list[str]:
    return [f"{one.subject} {one.detail}" for one in tree_violations(store, told)]


@pytest.mark.parametrize("size", [300, 2 * WIDTH, SIZE])
def test_a_tree_may_be_behind_the_journal(size: int):
    assert found(sound(size)) == []


def test_a_store_without_a_tree_is_whole_as_long_as_nothing_was_signed_over_it():
    assert found(Store(list(WHOLE), None, [])) == []
    assert found(Store([], None, [])) == []


def changed(store: Store, index: int) -> None:
    store.journal[index - 1] = replace(store.journal[index - 1], memo="nobody will notice")


@pytest.mark.parametrize(
    ("index", "among"),
    [(1, "1 to 200"), (200, "1 to 200"), (256, "201 to 300"), (257, "201 to 300"), (300, "201 to 300")],
)
def test_an_entry_that_was_changed_is_named_by_its_tile(index: int, among: str):
    store = sound()
    changed(store, index)

    tile, head = sorted(found(store))
    assert tile == f"entry {index} is not what it was when it was put into the tree (tile 0/{(index - 1) // WIDTH})"
    assert head.endswith(f"so entries {among} differ")


def test_an_entry_that_was_changed_is_named_by_the_edge():
    store = sound()
    changed(store, SIZE - 1)

    assert found(store) == [f"entry {SIZE - 1} is not what it was when it was put into the tree (the tree's edge)"]


BENT: list[tuple[Callable[[Store], object], str]] = [
    (lambda store: store.tiles_.pop(), "tile 0/1 is missing"),
    (lambda store: store.tiles_.append(replace(store.tiles_[0], number=2)), "tree has more tiles than its size"),
    (
        lambda store: store.journal.__delitem__(slice(SIZE - 2, None)),
        f"tree is over {SIZE} entries, and there are {SIZE - 2}",
    ),
    (
        lambda store: store.heads_.append(head_over(WHOLE[:SIZE][::-1])),
        f"journal is not what was signed: the head over {SIZE}",
    ),
]


@pytest.mark.parametrize(("bend", "sentence"), BENT)
def test_what_does_not_fit_is_told(bend: Callable[[Store], object], sentence: str):
    store = sound()
    bend(store)

    [told] = found(store)
    assert told.startswith(sentence)


def test_a_row_above_that_does_not_fit_those_below_is_told():
    store = sound()
    assert store.tree_ is not None
    below, above = store.tree_.edge.split("\n")
    store.tree_ = replace(store.tree_, edge=f"{below}\nA{above[1:]}")

    assert found(store) == ["the tree's edge has other hashes than those below it make"]


def test_heads_that_others_have_kept_count_as_our_own():
    longer = replace(head_over(WHOLE), size=SIZE + 9)

    assert found(sound(), longer) == [f"journal ends at entry {SIZE}, and a head was signed over {SIZE + 9}"]
    assert found(sound(), head_over(WHOLE)) == []
