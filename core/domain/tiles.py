"""The tree in tiles of 256 hashes, each written once it is full and never again, and the edge that still grows.

A tile of level 0 holds hashes of leaves, one of level 1 those of full tiles of level 0, and so on (as C2SP's tlog-tiles
has them). Whoever has the edge can go on after any crash: nothing is made again.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.domain.merkle import HASH_SIZE, Node, node_hash, root

HEIGHT = 8
WIDTH = 1 << HEIGHT
FULL = WIDTH * HASH_SIZE

Name = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Tile:
    """`hashes`: 256 of them in a row, in base 64."""

    level: int
    number: int
    hashes: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree's size and its edge: of each level the hashes that fill no tile yet, in base 64, a level a line."""

    name: str
    size: int = 0
    edge: str = ""
    version: int = 0


JOURNAL = "journal"  # the name of the only one


class Growing:
    """A tree in the making: leaves in, full tiles out."""

    def __init__(self, tree: Tree | None = None) -> None:
        self.size = tree.size if tree else 0
        self.tiles: list[Tile] = []
        self._edge = [bytearray(b64decode(line)) for line in tree.edge.split("\n")] if tree and tree.size else []

    def append(self, leaf: bytes) -> None:
        self._add(0, leaf)
        self.size += 1

    @property
    def edge(self) -> str:
        return "\n".join(b64encode(level).decode() for level in self._edge)

    def _add(self, level: int, one: bytes) -> None:
        if level == len(self._edge):
            self._edge.append(bytearray())
        row = self._edge[level]
        row += one
        if len(row) == FULL:
            number = (self.size + 1 >> HEIGHT * (level + 1)) - 1
            self.tiles.append(Tile(level, number, b64encode(row).decode()))
            above = _within(row, HEIGHT, 0)
            row.clear()
            self._add(level + 1, above)


class Hashes:
    """The hashes of a tree's perfect subtrees, from its edge and from those full tiles that were fetched."""

    def __init__(self, tree: Tree, tiles: Iterable[Tile] = ()) -> None:
        self._size = tree.size
        self._edge = [b64decode(line) for line in tree.edge.split("\n")]
        self._tiles: Mapping[Name, bytes] = {(one.level, one.number): b64decode(one.hashes) for one in tiles}

    def __call__(self, node: Node) -> bytes:
        level, first = _place(node)
        number, within = first >> HEIGHT, first & WIDTH - 1
        row = self._tiles[level, number] if _is_full(level, number, self._size) else self._edge[level]
        return _within(row, node[0] % HEIGHT, within)

    def root(self) -> bytes:
        return root(self._size, self)


def tiles_for(nodes: Iterable[Node], size: int) -> set[Name]:
    """The full tiles to fetch for the hashes of these subtrees; what is on the edge of the tree needs none."""
    found: set[Name] = set()
    for node in nodes:
        level, first = _place(node)
        if _is_full(level, first >> HEIGHT, size):
            found.add((level, first >> HEIGHT))
    return found


def _place(node: Node) -> tuple[int, int]:
    """The level of tiles that knows a subtree, and the place there of its first hash."""
    return node[0] // HEIGHT, node[1] << node[0] % HEIGHT


def _is_full(level: int, number: int, size: int) -> bool:
    return number < size >> HEIGHT * (level + 1)


def _within(row: bytes | bytearray, height: int, first: int) -> bytes:
    """The hash over 1 << height hashes of a row."""
    end = (first + (1 << height)) * HASH_SIZE
    hashes = [bytes(row[at : at + HASH_SIZE]) for at in range(first * HASH_SIZE, end, HASH_SIZE)]
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    [only] = hashes
    return only
