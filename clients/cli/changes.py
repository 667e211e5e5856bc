"""What changed between two readings of a transcript, as steps that can be played back; pure, knows no socket."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crdt_docs.transcript import Turn

Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One step. Played in order on the old list — `removed`: delete at index, `added`: insert at index,
    `changed`: replace at index — the steps give exactly the new list."""

    change: Literal["added", "changed", "removed"]
    index: int
    turn: Turn


def keys(turns: Sequence[Turn]) -> list[Key]:
    """(id, how many turns before it carry the same id): two living turns may share an id for a moment."""
    seen: Counter[str] = Counter()
    out: list[Key] = []
    for turn in turns:
        out.append((turn.id, seen[turn.id]))
        seen[turn.id] += 1
    return out


def changes(before: Sequence[Turn], after: Sequence[Turn]) -> list[Change]:
    """Removals from the end forward, then insertions from the front, then rewritten turns; a move is both."""
    old, new = keys(before), keys(after)
    stay = _staying(old, new)
    removed = [Change("removed", i, before[i]) for i in reversed(range(len(old))) if old[i] not in stay]
    added = [Change("added", i, after[i]) for i in range(len(new)) if new[i] not in stay]
    was = dict(zip(old, before, strict=True))
    changed = [Change("changed", i, after[i]) for i in range(len(new)) if new[i] in stay and was[new[i]] != after[i]]
    return removed + added + changed


def _staying(old: list[Key], new: list[Key]) -> set[Key]:
    """The largest set of turns that are in both lists and in the same order."""
    place = {key: i for i, key in enumerate(old)}
    common = [key for key in new if key in place]
    return {common[i] for i in _longest_rising([place[key] for key in common])}


def _longest_rising(numbers: list[int]) -> list[int]:
    """Indexes of a longest strictly rising subsequence (patience sorting, n log n)."""
    tops: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for i, number in enumerate(numbers):
        pile = bisect_left(tops, number)
        before.append(at[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [number]
        at[pile : pile + 1] = [i]
    return _walk_back(before, at[-1] if at else -1)


def _walk_back(before: list[int], last: int) -> list[int]:
    chain: list[int] = []
    while last >= 0:
        chain.append(last)
        last = before[last]
    return chain[::-1]
