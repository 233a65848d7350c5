"""The tree in tiles: grown in steps of any size it is the tree of all leaves, and goes on from its edge alone."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.merkle import Range, hashes_of, inclusion_nodes, leaf_hash, refuse_foreign, root
from core.domain.tiles import JOURNAL, WIDTH, Growing, Hashes, Tile, Tree, tiles_for

MANY = WIDTH * WIDTH + WIDTH + 3
LEAVES = [leaf_hash(b"%d" % number) for number in range(MANY)]
SIZES = (1, 2, 255, 256, 257, 511, 65_535, 65_536, 65_537, MANY)


def grown(tree: Tree, size: int) -> tuple[Tree, list[Tile]]:
    growing = Growing(tree)
    for leaf in LEAVES[tree.size : size]:
        growing.append(leaf)
    return replace(tree, size=growing.size, edge=growing.edge), growing.tiles


ROOTS: dict[int, bytes] = {}
_range = Range()
for _leaf in LEAVES:
    _range.append(_leaf)
    if _range.size in SIZES:
        ROOTS[_range.size] = _range.root()
WHOLE, TILES = grown(Tree(JOURNAL), MANY)


def test_the_edge_alone_gives_the_root_of_every_size():
    for size, expected in ROOTS.items():
        tree, _ = grown(Tree(JOURNAL), size)
        assert Hashes(tree).root() == expected


def test_older_roots_are_found_in_the_tiles_of_a_larger_tree():
    assert {size: root(size, Hashes(WHOLE, TILES)) for size in SIZES} == ROOTS


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_steps_make_no_difference(steps: list[int]):
    tree, tiles = Tree(JOURNAL), list[Tile]()
    for step in steps:
        tree, more = grown(tree, tree.size + step)
        tiles += more

    assert (tree, tiles) == grown(Tree(JOURNAL), sum(steps))


@given(st.sampled_from(SIZES), st.data())
@settings(max_examples=40, deadline=None)
def test_a_proof_needs_no_other_tiles_than_those_that_are_named(size: int, data: st.DataObject):
    index = data.draw(st.integers(0, size - 1))
    spans = inclusion_nodes(index, size)
    wanted = tiles_for((node for span in spans for node in span), MANY)
    fetched = [tile for tile in TILES if (tile.level, tile.number) in wanted]

    refuse_foreign(LEAVES[index], index, size, hashes_of(spans, Hashes(WHOLE, fetched)), ROOTS[size])
    assert len(fetched) == len(wanted) <= 3


def test_full_tiles_are_numbered_without_a_gap():
    assert [tile.number for tile in TILES if tile.level == 0] == list(range(WIDTH + 1))
    assert [tile.number for tile in TILES if tile.level == 1] == [0]
