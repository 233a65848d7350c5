"""The hash tree of RFC 9162, section 2.1: roots, inclusion and consistency proofs, and what makes a proof good.

Leaf = SHA-256(00 ‖ data), node = SHA-256(01 ‖ left ‖ right). Leaves are counted from 0. What is asked of the hashes
already made is only those of *perfect* subtrees, so a proof takes about as many look-ups as it has hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256().digest()

# A perfect subtree: level and number. It covers the leaves from number << level on, 1 << level of them.
Node = tuple[int, int]
HashOf = Callable[[Node], bytes]


class ProofRefused(ValueError):
    """The proof proves nothing; the sentence says why."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


# ---- the shape of a tree


def perfect(begin: int, end: int) -> list[Node]:
    """The perfect subtrees that make up the leaves `begin` to `end`, from the left: larger ones never behind smaller.

    `begin` is where a subtree of RFC 9162 may begin: a multiple of the largest power of two below `end - begin`.
    """
    nodes: list[Node] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append((level, begin >> level))
        begin += 1 << level
    return nodes


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over perfect subtrees that lie side by side, larger ones first."""
    *left, root = hashes
    for one in reversed(left):
        root = node_hash(one, root)
    return root


def root(size: int, hash_of: HashOf) -> bytes:
    """The tree's head over its first `size` leaves."""
    return _over(0, size, hash_of) if size else EMPTY_ROOT


class Range:
    """A tree that only grows, kept as its perfect subtrees: one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._hashes: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash."""
        joined, size = leaf, self.size
        while size & 1:
            joined = node_hash(self._hashes.pop(), joined)
            size >>= 1
        self._hashes.append(joined)
        self.size += 1

    def root(self) -> bytes:
        return folded(self._hashes) if self._hashes else EMPTY_ROOT


# ---- proofs, made


def inclusion_nodes(index: int, size: int) -> list[list[Node]]:
    """The subtrees whose hashes prove that a leaf is in a tree, from the leaf up; each as its perfect parts."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    begin, end, spans = 0, size, list[list[Node]]()
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            spans.append(perfect(middle, end))
            end = middle
        else:
            spans.append(perfect(begin, middle))
            begin = middle
    return spans[::-1]


def consistency_nodes(first: int, second: int) -> list[list[Node]]:
    """The subtrees whose hashes prove that a tree of `first` leaves is the beginning of one of `second`."""
    if not 0 < first <= second:
        raise ValueError(f"a tree of {first} leaves cannot be compared with one of {second}")
    begin, end, spans = 0, second, list[list[Node]]()
    while first < end:
        middle = begin + _split(end - begin)
        if first <= middle:
            spans.append(perfect(middle, end))
            end = middle
        else:
            spans.append(perfect(begin, middle))
            begin = middle
    if begin:
        spans.append(perfect(begin, end))  # the older tree is not a subtree by itself
    return spans[::-1]


def hashes_of(spans: Sequence[Sequence[Node]], hash_of: HashOf) -> tuple[bytes, ...]:
    return tuple(folded([hash_of(node) for node in span]) for span in spans)


# ---- proofs, looked at


def root_of_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root a tree of this size has if this leaf is in it; RFC 9162, section 2.1.3.2. Raises `ProofRefused`."""
    if not 0 <= index < size:
        raise ProofRefused(f"there is no leaf {index} in a tree of {size}")
    _refuse_other_sizes(leaf, *proof)
    place, last, found = index, size - 1, leaf
    for one in proof:
        if last == 0:
            raise ProofRefused("the proof is longer than the tree is high")
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofRefused("the proof is shorter than the tree is high")
    return found


def refuse_foreign(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raises `ProofRefused` unless the leaf is in the tree that has this root."""
    if root_of_inclusion(leaf, index, size, proof) != root:
        raise ProofRefused("the hashes lead to another root")


def refuse_inconsistent(first: int, second: int, proof: Sequence[bytes], older: bytes, newer: bytes) -> None:
    """Raises `ProofRefused` unless the older tree is the beginning of the newer; RFC 9162, section 2.1.4.2.

    A tree of nothing is refused: it would be the beginning of every other, and its root is anybody's to name.
    """
    if not 0 < first <= second:
        raise ProofRefused(f"a tree of {first} leaves cannot be the beginning of one of {second}")
    _refuse_other_sizes(older, newer, *proof)
    if first == second:
        if proof or older != newer:
            raise ProofRefused("two trees of one size are not the same")
        return
    if _roots_of_consistency(first, second, proof, older) != (older, newer):
        raise ProofRefused("the hashes lead to other roots")


def _roots_of_consistency(first: int, second: int, proof: Sequence[bytes], older: bytes) -> tuple[bytes, bytes]:
    path = list(proof) if first & (first - 1) else [older, *proof]
    if not path:
        raise ProofRefused("the proof is empty")
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            raise ProofRefused("the proof is longer than the tree is high")
        if place & 1 or place == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, one)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofRefused("the proof is shorter than the tree is high")
    return old, new


def _refuse_other_sizes(*hashes: bytes) -> None:
    """Without this an empty proof of an empty "hash" would be as good as any."""
    if any(len(one) != HASH_SIZE for one in hashes):
        raise ProofRefused(f"a hash has not {HASH_SIZE} bytes")


def _over(begin: int, end: int, hash_of: HashOf) -> bytes:
    return folded([hash_of(node) for node in perfect(begin, end)])


def _split(leaves: int) -> int:
    """The largest power of two below a number of leaves, at least two of them."""
    return 1 << ((leaves - 1).bit_length() - 1)
