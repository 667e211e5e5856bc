"""The Merkle tree of RFC 6962 over leaf hashes: roots, inclusion and consistency proofs, and their verification.

A tree is the list of its leaf hashes, made by log_tree; indexes count from 0. Stores nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence

_NODE = b"\x01"
EMPTY = hashlib.sha256(b"").digest()

Hashes = Sequence[bytes]


def root(leaves: Hashes) -> bytes:
    """MTH of RFC 6962, 2.1; of no leaves SHA-256 of nothing."""
    level = list(leaves)
    if not level:
        return EMPTY
    while len(level) > 1:
        level = _above(level)
    return level[0]


def _above(level: list[bytes]) -> list[bytes]:
    """The next level; an odd last one goes up as it is, which is the RFC's split at the largest power of two."""
    pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return pairs + level[-1:] if len(level) % 2 else pairs


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf. The hashes of its full subtrees are kept, so the root of any size that it has had
    costs as many steps as the tree is high."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]  # by height: subtrees of 2^height leaves, from the left
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        level, made = 0, leaf
        self._levels[0].append(made)
        while len(self._levels[level]) % 2 == 0:
            made = _node(*self._levels[level][-2:])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(made)

    def root(self, size: int) -> bytes:
        """`root` of the first `size` leaves. Raises ValueError for a size that the tree has not reached."""
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree has {len(self)} leaves, not {size}")
        found: bytes | None = None
        for level in range(size.bit_length()):
            full = size >> level
            if full % 2:
                left = self._levels[level][full - 1]
                found = left if found is None else _node(left, found)
        return EMPTY if found is None else found


def inclusion(leaves: Hashes, index: int) -> list[bytes]:
    """The audit path of a leaf (2.1.1), from the leaf upwards. Raises ValueError for an index outside."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"the tree has {len(leaves)} leaves, none of number {index}")
    path: list[bytes] = []
    level = list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _above(level), index // 2
    return path


def verify_inclusion(leaf: bytes, index: int, size: int, path: Hashes, expected: bytes) -> bool:
    """Whether the path leads from the leaf at `index` of a tree of `size` to the expected root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for beside in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            found = _node(beside, found)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _node(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == expected


def consistency(leaves: Hashes, old: int, new: int) -> list[bytes]:
    """The proof that the first `old` leaves begin the first `new` (2.1.2). Raises ValueError for sizes outside."""
    if not 0 <= old <= new <= len(leaves):
        raise ValueError(f"of {len(leaves)} leaves there are no trees of {old} and {new}")
    return [] if old in (0, new) else _subproof(leaves[:new], old, True)


def _subproof(leaves: Hashes, old: int, whole: bool) -> list[bytes]:
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= split:
        return [*_subproof(leaves[:split], old, whole), root(leaves[split:])]
    return [*_subproof(leaves[split:], old - split, False), root(leaves[:split])]


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Hashes) -> bool:
    """Whether the tree of `new` leaves goes on from the one of `old` (RFC 9162, 2.1.4.2). Every tree goes on from the
    empty one, which has one root only."""
    if old == 0 <= new:
        return not path and old_root == EMPTY and (new > 0 or new_root == EMPTY)
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new:
        return False
    return _climb(old - 1, new - 1, old_root, new_root, [old_root, *path] if old & old - 1 == 0 else list(path))


def _climb(at: int, last: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    if not path:
        return False
    while at % 2:
        at, last = at >> 1, last >> 1
    old_found = new_found = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            old_found, new_found = _node(beside, old_found), _node(beside, new_found)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            new_found = _node(new_found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and (old_found, new_found) == (old_root, new_root)
