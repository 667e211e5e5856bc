"""Spans of time as (from, to) in unix milliseconds; knows no recording."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def joined(spans: Iterable[Span]) -> list[Span]:
    """The same time in order, nothing twice; empty spans are left out."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What of the first is in none of the others."""
    taken, left = joined(others), list[Span]()
    for start, end in joined(spans):
        at = start
        for begins, ends in taken:
            if ends <= at or begins >= end:
                continue
            if begins > at:
                left.append((at, begins))
            at = ends
        if at < end:
            left.append((at, end))
    return left


def within(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """What of the first is in any of the others."""
    held = joined(spans)
    return without(held, without(held, others))


def length(spans: Iterable[Span]) -> int:
    """Milliseconds of spans that do not overlap."""
    return sum(end - start for start, end in spans)
