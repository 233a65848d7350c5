"""The tree of RFC 9162: the vectors that transparency-dev/merkle publishes, and any tree against a naive one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.merkle import (
    EMPTY_ROOT,
    ProofRefused,
    Range,
    consistency_nodes,
    hashes_of,
    inclusion_nodes,
    leaf_hash,
    node_hash,
    refuse_foreign,
    refuse_inconsistent,
    root,
)

# https://github.com/transparency-dev/merkle, testonly/constants.go and rfc6962/rfc6962_test.go.
LEAVES = [
    bytes.fromhex(one)
    for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = """
    e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
    6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
    fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
    aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
    d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
    4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
    76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
    ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
    5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()
LEAF_HASHES = """
    6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
    96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7
    0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7
    07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7
    bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b
    4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658
    b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f
    46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1
""".split()
INCLUSION = {
    (0, 1): "",
    (0, 8): "96a296d2 5f083f0a 6b47aaf2",
    (5, 8): "bc1a0643 ca854ea1 d37ee418",
    (2, 3): "fac54203",
    (1, 5): "6e340b9c 5f083f0a bc1a0643",
}
CONSISTENCY = {
    (1, 1): "",
    (1, 8): "96a296d2 5f083f0a 6b47aaf2",
    (6, 8): "0ebc5d34 ca854ea1 d37ee418",
    (2, 5): "5f083f0a bc1a0643",
    (3, 7): "0298d122 07506a85 fac54203 837dbb15",
    (4, 7): "837dbb15",
}


class Naive:
    """Section 2.1 read aloud: slow, and as plain as the text."""

    def __init__(self, data: list[bytes]) -> None:
        self.data = data

    def root(self, size: int) -> bytes:
        return self._root(self.data[:size])

    def hash_of(self, node: tuple[int, int]) -> bytes:
        level, number = node
        return self._root(self.data[number << level : number + 1 << level])

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        return hashes_of(inclusion_nodes(index, size), self.hash_of)

    def consistency(self, first: int, second: int) -> tuple[bytes, ...]:
        return hashes_of(consistency_nodes(first, second), self.hash_of)

    def path(self, index: int, data: list[bytes]) -> list[bytes]:
        if len(data) == 1:
            return []
        left, right = self._halves(data)
        if index < len(left):
            return [*self.path(index, left), self._root(right)]
        return [*self.path(index - len(left), right), self._root(left)]

    def subproof(self, first: int, data: list[bytes], *, known: bool = True) -> list[bytes]:
        if first == len(data):
            return [] if known else [self._root(data)]
        left, right = self._halves(data)
        if first <= len(left):
            return [*self.subproof(first, left, known=known), self._root(right)]
        return [*self.subproof(first - len(left), right, known=False), self._root(left)]

    def _root(self, data: list[bytes]) -> bytes:
        if len(data) < 2:
            return leaf_hash(data[0]) if data else EMPTY_ROOT
        left, right = self._halves(data)
        return node_hash(self._root(left), self._root(right))

    @staticmethod
    def _halves(data: list[bytes]) -> tuple[list[bytes], list[bytes]]:
        middle = 1
        while middle * 2 < len(data):
            middle *= 2
        return data[:middle], data[middle:]


PUBLISHED = Naive(LEAVES)


def test_hashes_are_those_of_the_published_vectors():
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert [leaf_hash(data).hex() for data in LEAVES] == LEAF_HASHES


def test_roots_are_those_of_the_published_vectors():
    tree, grown = Range(), [EMPTY_ROOT.hex()]
    for data in LEAVES:
        tree.append(leaf_hash(data))
        grown.append(tree.root().hex())

    assert grown == ROOTS == [root(size, PUBLISHED.hash_of).hex() for size in range(9)]
    assert Range().root() == EMPTY_ROOT


@pytest.mark.parametrize(("place", "proof"), INCLUSION.items())
def test_inclusion_proofs_are_those_of_the_published_vectors(place: tuple[int, int], proof: str):
    assert [one.hex()[:8] for one in PUBLISHED.inclusion(*place)] == proof.split()


@pytest.mark.parametrize(("place", "proof"), CONSISTENCY.items())
def test_consistency_proofs_are_those_of_the_published_vectors(place: tuple[int, int], proof: str):
    assert [one.hex()[:8] for one in PUBLISHED.consistency(*place)] == proof.split()


@pytest.mark.parametrize("size", range(1, 21))
def test_every_proof_of_every_small_tree_is_as_the_rfc_makes_it_and_is_accepted(size: int):
    naive = Naive([bytes([number]) for number in range(size)])
    for index in range(size):
        proof = naive.inclusion(index, size)
        assert list(proof) == naive.path(index, naive.data)
        refuse_foreign(leaf_hash(naive.data[index]), index, size, proof, naive.root(size))
    for first in range(1, size + 1):
        proof = naive.consistency(first, size)
        assert list(proof) == naive.subproof(first, naive.data)
        refuse_inconsistent(first, size, proof, naive.root(first), naive.root(size))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (8, 8), (-1, 8), (0, -1)])
def test_a_leaf_outside_its_tree_is_refused(index: int, size: int):
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_nodes(index, size)
    with pytest.raises(ProofRefused, match="no leaf"):
        refuse_foreign(leaf_hash(b""), index, size, (), EMPTY_ROOT)


@pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 8), (8, 6), (-1, 8)])
def test_a_tree_of_nothing_or_a_larger_one_is_no_beginning(first: int, second: int):
    with pytest.raises(ValueError, match="cannot be compared"):
        consistency_nodes(first, second)
    for older in (EMPTY_ROOT, PUBLISHED.root(8)):
        with pytest.raises(ProofRefused, match="cannot be the beginning"):
            refuse_inconsistent(first, second, (), older, PUBLISHED.root(8))


@pytest.mark.parametrize("short", [b"", b"\x00" * 31, b"\x00" * 33])
def test_what_has_not_32_bytes_is_no_hash(short: bytes):
    good, root_of_two = leaf_hash(b"a"), node_hash(leaf_hash(b"a"), leaf_hash(b"b"))
    for leaf, proof in ((short, ()), (good, (short,))):
        with pytest.raises(ProofRefused, match="32 bytes"):
            refuse_foreign(leaf, 0, 1 + len(proof), proof, short)
    for proof, older, newer in (((), short, short), ((short,), good, root_of_two), ((good,), good, short)):
        with pytest.raises(ProofRefused, match="32 bytes"):
            refuse_inconsistent(1, 1 + len(proof), proof, older, newer)


HASHES = st.binary(min_size=32, max_size=32)


@st.composite
def changed(draw: st.DrawFn, proof: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """A proof that is not quite the one that was made."""
    kind = draw(st.sampled_from(["longer", "shorter", "other", "swapped", "before"]))
    place = draw(st.integers(0, max(0, len(proof) - 1)))
    match kind:
        case "longer":
            return (*proof, draw(HASHES))
        case "before":
            return (draw(HASHES), *proof)
        case "shorter" if proof:
            return proof[:-1]
        case "swapped" if len(proof) > 1:
            return (*proof[1:], proof[0])
        case _:
            return (*proof[:place], draw(HASHES), *proof[place + 1 :])


@given(size=st.integers(1, 70), data=st.data())
@settings(max_examples=120, deadline=None)
def test_no_inclusion_proof_can_be_bent(size: int, data: st.DataObject):
    naive, index = Naive([bytes([number]) for number in range(size)]), data.draw(st.integers(0, size - 1))
    leaf, proof, head = leaf_hash(naive.data[index]), naive.inclusion(index, size), naive.root(size)
    bent = data.draw(changed(proof))
    elsewhere = data.draw(st.integers(0, size - 1))

    tries = [(leaf, index, bent, head), (leaf, index, proof, naive.root(size - 1)), (head, index, proof, head)]
    tries += [(leaf, elsewhere, proof, head)] if elsewhere != index else []
    for one, place, tried, claimed in tries:
        if (one, place, tried, claimed) != (leaf, index, proof, head):
            with pytest.raises(ProofRefused):
                refuse_foreign(one, place, size, tried, claimed)


@given(sizes=st.lists(st.integers(1, 70), min_size=2, max_size=2), data=st.data())
@settings(max_examples=120, deadline=None)
def test_no_consistency_proof_can_be_bent(sizes: list[int], data: st.DataObject):
    first, second = sorted(sizes)
    naive = Naive([bytes([number]) for number in range(second)])
    proof, older, newer = naive.consistency(first, second), naive.root(first), naive.root(second)
    bent = data.draw(changed(proof))

    tries = [(bent, older, newer), (proof, naive.root(first - 1), newer), (proof, older, naive.root(second - 1))]
    tries += [(proof, newer, older)]
    for tried, one, other in tries:
        if (tried, one, other) != (proof, older, newer):
            with pytest.raises(ProofRefused):
                refuse_inconsistent(first, second, tried, one, other)
