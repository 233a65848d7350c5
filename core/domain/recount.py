"""A journal counted again, entry by entry, and compared with the heads that were signed over it.

Whatever was changed, put in, taken out or moved since a head was signed leads to another root; whatever was cut off at
the end leaves a head over more entries than there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.domain.head import Head
from core.domain.merkle import Range


@dataclass(frozen=True, slots=True)
class Difference:
    """`first` and `last`: the entries among which the first difference lies."""

    first: int
    last: int
    sentence: str


class Recount:
    """Leaves in, differences out. Only the first difference of a kind is told: all later heads differ with it."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self._heads = sorted(heads, key=lambda head: head.size)
        self._place = 0
        self._tree = Range()
        self.fitting = 0  # the entries under the last head that fits
        self._differs = False

    @property
    def size(self) -> int:
        return self._tree.size

    def root(self) -> bytes:
        return self._tree.root()

    def add(self, leaf: bytes) -> Iterator[Difference]:
        self._tree.append(leaf)
        while self._place < len(self._heads) and self._heads[self._place].size == self.size:
            yield from self._compare(self._heads[self._place])
            self._place += 1

    def end(self) -> Iterator[Difference]:
        """When there are no more entries."""
        if self._place < len(self._heads):
            longest = self._heads[-1].size
            missing = f"ends at entry {self.size}, and a head was signed over {longest}"
            yield Difference(self.size + 1, longest, missing)

    def _compare(self, head: Head) -> Iterator[Difference]:
        if self._differs:
            return
        if self.root() == head.root_hash:
            self.fitting = self.size
            return
        self._differs = True
        among = f"entry {self.size}" if self.size == self.fitting + 1 else f"entries {self.fitting + 1} to {self.size}"
        sentence = f"is not what was signed: the head over {self.size} has another root, so {among} differ"
        yield Difference(self.fitting + 1, self.size, sentence)
