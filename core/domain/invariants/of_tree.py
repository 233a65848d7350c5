"""The tree over the journal, made again from its entries and compared with what is stored and what was signed.

Memory grows with nothing: tiles are compared as they fill. It reads the journal once more, in its own way, because what
is hashed is every value as it is stored.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from core.domain.canonical import Facts, body, commitment_in, digest_of, leaf
from core.domain.head import Head
from core.domain.invariants.rules import Violation
from core.domain.merkle import HASH_SIZE
from core.domain.recount import Recount
from core.domain.tiles import JOURNAL, WIDTH, Growing, Tile, Tree

RULE = "tree_is_the_journal"
LEVELS = 6  # of tiles: more entries than there will ever be

# An entry's columns as they are stored, and its legs: account and minor.
Stored = tuple[Facts, Sequence[tuple[str, int]]]


class TreeContents(Protocol):
    """One moment of a store. Entries come in the order of the book, tiles of a level in that of their numbers."""

    def entries(self) -> Iterable[Stored]: ...
    def tree(self) -> Tree | None: ...
    def tiles(self, level: int) -> Iterable[Tile]: ...
    def heads(self) -> Iterable[Head]: ...


def tree_violations(contents: TreeContents, told_outside: Iterable[Head] = ()) -> Iterator[Violation]:
    """`told_outside`: heads that somebody else has kept."""
    stored = _StoredTree(contents)
    recount = Recount([*contents.heads(), *told_outside])
    for facts, legs in contents.entries():
        one = leaf(facts[0], digest_of(body(facts, legs)), commitment_in(facts[7]))
        yield from stored.compare(one)
        for difference in recount.add(one):
            yield Violation(RULE, "journal", difference.sentence)
    yield from stored.end()
    for difference in recount.end():
        yield Violation(RULE, "journal", difference.sentence)


class _StoredTree:
    """The stored tree beside one that is made anew."""

    def __init__(self, contents: TreeContents) -> None:
        self._tree = contents.tree() or Tree(JOURNAL)
        self._tiles = [iter(contents.tiles(level)) for level in range(LEVELS)]
        self._made = Growing()
        self._differs = False

    def compare(self, one: bytes) -> Iterator[Violation]:
        """The next leaf. Nothing is told twice: with one leaf everything above it is another."""
        if self._made.size == self._tree.size or self._differs:
            return
        self._made.append(one)
        for tile in self._made.tiles:
            stored = next(self._tiles[tile.level], None)
            if stored != tile and not self._differs:
                self._differs = True
                yield _unlike(tile, stored)
        self._made.tiles.clear()

    def end(self) -> Iterator[Violation]:
        if self._differs:
            return
        made = self._made
        if made.size < self._tree.size:
            yield Violation(RULE, "tree", f"is over {self._tree.size} entries, and there are {made.size}")
        elif made.edge != self._tree.edge:
            first = _first_unlike(made.edge.partition("\n")[0], self._tree.edge.partition("\n")[0])
            yield _named(made.size // WIDTH * WIDTH + first + 1 if first is not None else None, "the tree's edge")
        elif any(next(tiles, None) for tiles in self._tiles):
            yield Violation(RULE, "tree", "has more tiles than its size")


def _unlike(made: Tile, stored: Tile | None) -> Violation:
    name = f"tile {made.level}/{made.number}"
    if stored is None or (stored.level, stored.number) != (made.level, made.number):
        return Violation(RULE, name, "is missing")
    first = _first_unlike(made.hashes, stored.hashes) if made.level == 0 else None
    return _named(made.number * WIDTH + first + 1 if first is not None else None, name)


def _named(entry: int | None, name: str) -> Violation:
    if entry is None:
        return Violation(RULE, name, "has other hashes than those below it make")
    return Violation(RULE, f"entry {entry}", f"is not what it was when it was put into the tree ({name})")


def _first_unlike(made: str, stored: str) -> int | None:
    """The place of the first of two rows of hashes that differ."""
    try:
        one, other = b64decode(made), b64decode(stored)
    except ValueError:
        return 0
    places = range(0, max(len(one), len(other)), HASH_SIZE)
    unlike = (at // HASH_SIZE for at in places if one[at : at + HASH_SIZE] != other[at : at + HASH_SIZE])
    return next(unlike, None)
