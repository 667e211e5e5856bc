"""The tree of RFC 6962: an independent library makes the same roots and verifies our proofs; nothing else passes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import ConsistencyProof, InclusionProof, InmemoryTree

from crdt_docs.signing import merkle

DATA = [b"entry %d" % number for number in range(70)]
LEAVES = [hashlib.sha256(b"\x00" + data).digest() for data in DATA]

sizes = st.integers(1, len(LEAVES))


def other_tree(size: int) -> InmemoryTree:
    return InmemoryTree.init_from_entries(DATA[:size], algorithm="sha256")


def test_the_empty_tree_and_the_first_ones_are_those_of_the_rfc() -> None:
    a, b, c = LEAVES[:3]
    ab = hashlib.sha256(b"\x01" + a + b).digest()
    assert merkle.root([]) == hashlib.sha256(b"").digest()
    assert merkle.root([a]) == a
    assert merkle.root([a, b]) == ab
    assert merkle.root([a, b, c]) == hashlib.sha256(b"\x01" + ab + c).digest()


def test_an_independent_library_has_the_same_root_at_every_size() -> None:
    for size in range(1, len(LEAVES) + 1):
        assert merkle.root(LEAVES[:size]) == other_tree(size).get_root()


def test_a_growing_tree_has_the_root_of_every_size_it_has_had() -> None:
    grown = merkle.Tree(LEAVES[:5])
    for leaf in LEAVES[5:]:
        grown.append(leaf)
    assert len(grown) == len(LEAVES)
    assert [grown.root(size) for size in range(len(LEAVES) + 1)] == [
        merkle.root(LEAVES[:size]) for size in range(len(LEAVES) + 1)
    ]
    for size in (-1, len(LEAVES) + 1):
        with pytest.raises(ValueError, match="leaves"):
            grown.root(size)


KNOWN_DATA = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
KNOWN_LEAVES = [hashlib.sha256(b"\x00" + bytes.fromhex(data)).digest() for data in KNOWN_DATA]
KNOWN_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_roots_are_those_that_certificate_transparency_tests_with() -> None:
    assert [merkle.root(KNOWN_LEAVES[:size]).hex() for size in range(1, 9)] == KNOWN_ROOTS


def test_consistency_proofs_are_the_example_of_rfc_6962() -> None:
    """2.1.3: of seven leaves, PROOF(3) = [c, d, g, l], PROOF(4) = [l], PROOF(6) = [i, j, k]."""
    seven = LEAVES[:7]
    c, d, j = seven[2], seven[3], seven[6]
    g, i, k, l = (merkle.root(seven[first:last]) for first, last in ((0, 2), (4, 6), (0, 4), (4, 7)))  # noqa: E741
    assert merkle.consistency(seven, 3, 7) == [c, d, g, l]
    assert merkle.consistency(seven, 4, 7) == [l]
    assert merkle.consistency(seven, 6, 7) == [i, j, k]


def test_inclusion_proofs_are_the_example_of_rfc_6962() -> None:
    seven = LEAVES[:7]
    a, b, c, e, f, j = (seven[place] for place in (0, 1, 2, 4, 5, 6))
    g, h, i, k, l = (merkle.root(seven[at:to]) for at, to in ((0, 2), (2, 4), (4, 6), (0, 4), (4, 7)))  # noqa: E741
    assert merkle.inclusion(seven, 0) == [b, h, l]
    assert merkle.inclusion(seven, 3) == [c, g, l]
    assert merkle.inclusion(seven, 4) == [f, j, k]
    assert merkle.inclusion(seven, 6) == [i, k]
    assert [a, e] == [seven[0], seven[4]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 70])
def test_an_independent_library_verifies_our_inclusion_proofs(size: int) -> None:
    tree = other_tree(size)
    for index in range(size):
        theirs = tree.prove_inclusion(index + 1, size)
        path = [LEAVES[index], *merkle.inclusion(LEAVES[:size], index)]
        ours = InclusionProof("sha256", True, size, index + 1, theirs.rule, path)
        ours.verify(LEAVES[index], merkle.root(LEAVES[:size]), index=index + 1, size=size)


def test_an_independent_library_finds_our_trees_consistent() -> None:
    """Its proofs split the old tree further than the RFC's do; where both name the same nodes, it takes ours."""
    tree, same = other_tree(len(LEAVES)), 0
    for old in range(1, len(LEAVES)):
        for new in (old + 1, len(LEAVES)):
            theirs = tree.prove_consistency(old, new)
            roots = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
            theirs.verify(*roots, prior_size=old, later_size=new)
            ours = merkle.consistency(LEAVES, old, new)
            known = {node: node for node in (*ours, roots[0])}
            if set(theirs.path) <= set(known):
                path = [known[node] for node in theirs.path]
                ConsistencyProof("sha256", True, new, old, theirs.rule, theirs.subset, path).verify(*roots)
                same += 1
    assert same > len(LEAVES) // 2


@given(sizes, st.data())
def test_a_leaf_is_proven_at_its_own_place_alone(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = LEAVES[:size]
    path, head = merkle.inclusion(leaves, index), merkle.root(leaves)
    assert merkle.verify_inclusion(leaves[index], index, size, path, head)
    assert not merkle.verify_inclusion(LEAVES[index - 1], index, size, path, head)
    for other in range(-1, size + 2):
        assert other == index or not merkle.verify_inclusion(leaves[index], other, size, path, head)
    assert not merkle.verify_inclusion(leaves[index], index, size, [*path, head], head)
    assert not merkle.verify_inclusion(leaves[index], index, size, path, leaves[0]) or size == 1
    if path:
        assert not merkle.verify_inclusion(leaves[index], index, size, path[:-1], head)
        assert not merkle.verify_inclusion(leaves[index], index, size, [*path[:-1], bytes(32)], head)


@given(sizes, st.data())
def test_a_tree_goes_on_from_its_own_beginning_alone(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    path = merkle.consistency(LEAVES, old, new)
    before, after = merkle.root(LEAVES[:old]), merkle.root(LEAVES[:new])
    assert merkle.verify_consistency(old, new, before, after, path)
    place = data.draw(st.integers(0, old - 1))
    rewritten = [*LEAVES[:place], bytes(32), *LEAVES[place + 1 : old]]
    assert not merkle.verify_consistency(old, new, merkle.root(rewritten), after, path)
    assert not merkle.verify_consistency(old, new, before, merkle.root([*rewritten, *LEAVES[old:new]]), path)
    assert not merkle.verify_consistency(new + 1, old, after, before, path)
    assert not merkle.verify_consistency(old, new, before, after, [*path, bytes(32)])
    if path:
        assert not merkle.verify_consistency(old, new, before, after, path[:-1])
        assert not merkle.verify_consistency(old, new, before, after, [])


def test_every_tree_goes_on_from_the_empty_one() -> None:
    after = merkle.root(LEAVES[:5])
    assert merkle.consistency(LEAVES, 0, 5) == []
    assert merkle.verify_consistency(0, 5, merkle.EMPTY, after, [])
    assert merkle.verify_consistency(0, 0, merkle.EMPTY, merkle.EMPTY, [])
    assert not merkle.verify_consistency(0, 0, merkle.EMPTY, after, [])
    assert not merkle.verify_consistency(0, 5, bytes(32), after, [])
    assert not merkle.verify_consistency(0, 5, merkle.EMPTY, after, [after])
    assert not merkle.verify_consistency(-1, 5, merkle.EMPTY, after, [])


@pytest.mark.parametrize(("old", "new"), [(-1, 3), (4, 3), (3, 71)])
def test_trees_that_there_are_not_have_no_proof(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no trees"):
        merkle.consistency(LEAVES, old, new)


@pytest.mark.parametrize("index", [-1, 3])
def test_leaves_that_there_are_not_have_no_proof(index: int) -> None:
    with pytest.raises(ValueError, match="none of number"):
        merkle.inclusion(LEAVES[:3], index)
