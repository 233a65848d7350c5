"""Grow the tree over the journal by the entries that were written since, beside the work and never in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.canonical import leaf_of
from core.domain.tiles import JOURNAL, Growing, Tile, Tree
from core.ports import Book, Key
from core.services.counter import Counter

# In one step: the loop is kept for some milliseconds.
AT_ONCE = 512


async def grow_tree(counter: Counter) -> int:
    """One step; answers how many entries were added, 0 when the tree has them all.

    The tree goes on where its edge is. Of two who add the same entries one writes them, and the other nothing.
    """
    before = await counter.store.read(Tree, JOURNAL) or Tree(JOURNAL)
    entries = await counter.store.entries_from(before.size + 1, limit=AT_ONCE)
    if not entries:
        return 0
    growing = Growing(before)
    for entry in entries:
        assert entry.index == growing.size + 1, f"entry {entry.index} comes after {growing.size}"
        growing.append(leaf_of(entry))
    after = replace(before, size=growing.size, edge=growing.edge)
    await counter.store.commit(GrowTree(before, after, tuple(growing.tiles)))
    return len(entries)


@dataclass(frozen=True, slots=True)
class GrowTree:
    """From one size to the next; nothing is written when somebody else has taken this step."""

    before: Tree
    after: Tree
    tiles: tuple[Tile, ...]

    def wants(self) -> Sequence[Key[object]]:
        return (Key(Tree, (JOURNAL,)),)

    def decide(self, book: Book) -> bool:
        if (book.get(Tree, JOURNAL) or Tree(JOURNAL)) != self.before:
            return False
        for tile in self.tiles:
            book.add(tile)
        book.put(self.after)
        return True
