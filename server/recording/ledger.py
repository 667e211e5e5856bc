"""The recording from 开庭 to 闭庭: rounds that are sealed, and every gap between them with its reason and actor.

A pure function of the log. Gaps are what no round covers, so that rounds and gaps together are the whole session;
entries of the log only say why (录音录像规定 3, 4). What failed inside a round is in server/recording/partial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from server.hearing.events import Event, SessionClosed, SessionOpened, SessionRecessed, SessionResumed
from server.hearing.recording_events import ClipExported, RecordingGap, SegmentsSealed
from server.hearing.state import COURT
from server.recording.spans import without

RECESS, NOBODY, BRIEF = "recess", "nobody_sending", "brief"
BRIEF_MS = 1_000  # shorter than this a gap is part of its neighbour, or needs no other reason


@dataclass(frozen=True, slots=True)
class Gap:
    """Not recorded. `actor`: who brought it about, the court for failures. `seq`: the entry that says so, or 0."""

    from_ms: int
    to_ms: int
    reason: str
    actor: str = COURT
    seq: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """A marked moment. `seq`: its entry."""

    seq: int
    at_ms: int
    actor: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """`opened_ms` and `closed_ms` 0: not yet. `to_ms`: until when rounds and gaps are known."""

    opened_ms: int
    closed_ms: int
    to_ms: int
    rounds: tuple[SegmentsSealed, ...]
    gaps: tuple[Gap, ...]
    incidents: tuple[Incident, ...]
    clips: tuple[tuple[int, ClipExported], ...]


def ledger(events: Sequence[Event], now_ms: int = 0) -> Ledger:
    """What the log says of the recording; a recess or a failure that has not ended goes on until `now_ms`."""
    opened = next((each.at_ms for each in events if isinstance(each.fact, SessionOpened)), 0)
    closed = next((each.at_ms for each in events if isinstance(each.fact, SessionClosed)), 0)
    rounds = sorted((each.fact for each in events if isinstance(each.fact, SegmentsSealed)), key=lambda r: r.round)
    to_ms = closed or _known_until(events, opened, rounds, now_ms)
    gaps = tuple(_gaps(events, opened, to_ms, rounds)) if opened else ()
    clips = tuple((each.seq, each.fact) for each in events if isinstance(each.fact, ClipExported))
    return Ledger(opened, closed, to_ms, tuple(rounds), gaps, tuple(_incidents(events)), clips)


def _incidents(events: Iterable[Event]) -> Iterator[Incident]:
    for each in events:
        if each.kind == "IncidentMarked":
            person, reason = getattr(each.fact, "person", ""), getattr(each.fact, "reason", "")
            yield Incident(each.seq, each.at_ms, each.actor, person, reason)


def _known_until(events: Iterable[Event], opened: int, rounds: Iterable[SegmentsSealed], now_ms: int) -> int:
    """While the court sits: what is being written is in no round yet, and no gap either."""
    ends = (gap.to_ms or now_ms for gap in said(events, 0))
    return max([opened, *(each.to_ms for each in rounds), *ends])


def _gaps(events: Sequence[Event], opened: int, to_ms: int, rounds: Iterable[SegmentsSealed]) -> Iterator[Gap]:
    reasons = [*said(events, to_ms)]
    for start, end in without([(opened, to_ms)], [(each.from_ms, each.to_ms) for each in rounds]):
        yield from _merged(list(_explained(start, end, reasons)))


def said(events: Iterable[Event], to_ms: int) -> Iterator[Gap]:
    """Recesses and failures as the log tells them; one that has not ended goes on until `to_ms`. Earlier ones first."""
    recess: Gap | None = None
    failed: dict[int, Gap] = {}
    said: list[Gap] = []
    for each in events:
        fact = each.fact
        if isinstance(fact, SessionRecessed):
            recess = Gap(each.at_ms, to_ms, RECESS, each.actor, each.seq, fact.reason)
        elif isinstance(fact, SessionResumed | SessionClosed) and recess is not None:
            said.append(replace(recess, to_ms=each.at_ms))
            recess = None
        elif isinstance(fact, RecordingGap):
            before = failed.get(fact.from_ms)
            seq, end = before.seq if before else each.seq, fact.to_ms or to_ms
            failed[fact.from_ms] = Gap(fact.from_ms, end, fact.reason, each.actor, seq, fact.detail)
    yield from said
    if recess is not None:
        yield recess
    yield from failed.values()


def _explained(start: int, end: int, reasons: Sequence[Gap]) -> Iterator[Gap]:
    """The span cut where reasons begin and end; the first reason that holds in a part is its reason."""
    edges = {edge for each in reasons for edge in (each.from_ms, each.to_ms) if start < edge < end}
    at = start
    for edge in [*sorted(edges), end]:
        holds = next((each for each in reasons if each.from_ms <= at and each.to_ms >= edge), None)
        if holds is not None:
            yield replace(holds, from_ms=at, to_ms=edge)
        else:
            yield Gap(at, edge, NOBODY)
        at = edge


def _merged(parts: list[Gap]) -> Iterator[Gap]:
    """Neighbours of one reason are one gap, and a brief moment without a reason belongs to its neighbour."""
    merged: list[Gap] = []
    for part in parts:
        is_brief = part.reason == NOBODY and part.to_ms - part.from_ms < BRIEF_MS
        before = merged[-1] if merged else None
        if before is not None and (is_brief or (before.reason, before.seq) == (part.reason, part.seq)):
            merged[-1] = replace(before, to_ms=part.to_ms)
        elif before is not None and before.reason == BRIEF:
            merged[-1] = replace(part, from_ms=before.from_ms)
        else:
            merged.append(replace(part, reason=BRIEF) if is_brief else part)
    yield from merged
