"""The tree against RFC 6962's own words, its known vectors, and a naive implementation."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onereel.records import merkle

# The inputs and roots of the Certificate Transparency test suite.
INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(data: list[bytes]) -> bytes:
    """MTH as RFC 6962 2.1 defines it."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    half = 1
    while half * 2 < len(data):
        half *= 2
    return hashlib.sha256(b"\x01" + naive_root(data[:half]) + naive_root(data[half:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size):
    leaves = [merkle.leaf_hash(one) for one in INPUTS[:size]]
    assert merkle.tree_root(leaves).hex() == ROOTS[size]
    assert naive_root(INPUTS[:size]).hex() == ROOTS[size]


def test_known_proofs():
    leaves = [merkle.leaf_hash(one) for one in INPUTS]
    assert [one.hex() for one in merkle.inclusion_proof(leaves, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [one.hex() for one in merkle.consistency_proof(leaves, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_a_growing_tree_is_the_naive_tree(data):
    frontier: merkle.Frontier = ()
    for size, one in enumerate(data):
        frontier = merkle.grow(frontier, size, merkle.leaf_hash(one))
    assert merkle.root_of(frontier) == naive_root(data)
    assert len(frontier) == len(data).bit_count()


@settings(max_examples=60)
@given(st.integers(1, 60), st.data())
def test_proofs_hold_and_false_ones_do_not(size, data):
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    root = merkle.tree_root(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(leaves, index)
    assert merkle.is_included(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(0, size))
    if other != index:
        assert not merkle.is_included(leaves[index], other, size, proof, root)
    assert not merkle.is_included(merkle.leaf_hash(b"no"), index, size, proof, root)
    assert not merkle.is_included(leaves[index], index, size, [*proof, root], root)
    if proof:
        assert not merkle.is_included(leaves[index], index, size, proof[:-1], root)

    old = data.draw(st.integers(1, size))
    old_root = merkle.tree_root(leaves[:old])
    path = merkle.consistency_proof(leaves, old)
    assert merkle.is_consistent(old, old_root, size, root, path)
    assert not merkle.is_consistent(old, bytes(32), size, root, path)
    assert not merkle.is_consistent(old, old_root, size, bytes(32), path)
    assert not merkle.is_consistent(old, old_root, size, root, [*path, root])
    if path:
        assert not merkle.is_consistent(old, old_root, size, root, path[:-1])
        changed = data.draw(st.integers(0, len(path) - 1))
        false = [bytes(32) if at == changed else one for at, one in enumerate(path)]
        assert not merkle.is_consistent(old, old_root, size, root, false)


def test_bounds_are_checked():
    with pytest.raises(ValueError, match="leaf 3"):
        merkle.inclusion_proof([bytes(32)] * 3, 3)
    with pytest.raises(ValueError, match="beginning"):
        merkle.consistency_proof([bytes(32)] * 3, 4)
    assert not merkle.is_consistent(0, merkle.EMPTY_ROOT, 3, bytes(32), [])
    assert not merkle.is_included(bytes(32), 1, 1, [], bytes(32))
