"""What is missing of a recording although rounds go on: failures that fell inside a round, and one person's sound or
picture that did not come while they were in court and to be recorded (录音录像规定 4).

A pure function of the log, beside the ledger: nothing of it counts in the sum of rounds and gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.hearing.events import Event
from server.hearing.media_routes import media_routes
from server.hearing.state import COURT, HearingState
from server.recording.ledger import RECESS, Gap, Ledger, said
from server.recording.spans import Span, joined, length, within, without

NO_PACKETS = "no_packets"
HOLE_MS = 2_000  # shorter, one person's is a lost packet or a picture that waits for its key frame
LATE_MS = 3_000  # so late the watch may see that a failure, which is a gap as well, has ended
AUDIO, VIDEO = "audio", "video"

Key = tuple[str, str]  # person, kind


@dataclass(frozen=True, slots=True)
class Partial(Gap):
    """A gap of one person's sound or picture; `person` and `kind` empty: of anybody's. `seq` 0: no entry says so."""

    person: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry of the log as it is needed here: `after`, the hearing right after it."""

    event: Event
    after: HearingState


def partial(log: Sequence[Logged], kept: Ledger) -> tuple[Partial, ...]:
    """In order of time. `kept`: the ledger of the same log."""
    failures = list(_failures(log, kept))
    known = [(each.from_ms, each.to_ms) for each in (*kept.gaps, *failures)]
    return tuple(sorted([*failures, *_holes(log, kept, known)], key=lambda each: (each.from_ms, each.person)))


def _failures(log: Sequence[Logged], kept: Ledger) -> Iterator[Partial]:
    rounds = joined((each.from_ms, each.to_ms) for each in kept.rounds)
    for each in said([entry.event for entry in log], kept.to_ms):
        if each.reason == RECESS:
            continue
        inside = within([(each.from_ms, each.to_ms)], rounds)
        least = LATE_MS if length(inside) < each.to_ms - each.from_ms else 1
        for start, end in inside:
            if end - start >= least:
                yield Partial(start, end, each.reason, each.actor, each.seq, each.detail)


def _holes(log: Sequence[Logged], kept: Ledger, known: Sequence[Span]) -> Iterator[Partial]:
    have = _recorded(kept)
    there = {person: joined(span for key, spans in have.items() if key[0] == person for span in spans)
             for person, _ in have}  # fmt: skip
    for key, wanted in _wanted(log, kept.to_ms).items():
        begun = there.get(key[0]) if key[1] == AUDIO else have.get(key)
        if not begun:
            continue
        stay = [(begun[0][0], there[key[0]][-1][1])]
        for start, end in without(within(wanted, stay), [*have.get(key, ()), *known]):
            if end - start >= HOLE_MS:
                yield Partial(start, end, NO_PACKETS, COURT, person=key[0], kind=key[1])


def _recorded(kept: Ledger) -> Mapping[Key, list[Span]]:
    """Of whom there is what, and when."""
    spans: dict[Key, list[Span]] = {}
    for file in (file for each in kept.rounds for file in each.files):
        whole = [(file.from_ms, file.to_ms)]
        spans.setdefault((file.person, file.kind), []).extend(without(whole, file.holes) if file.holes else whole)
    return {key: joined(found) for key, found in spans.items()}


def _wanted(log: Iterable[Logged], to_ms: int) -> Mapping[Key, list[Span]]:
    """Who was to be recorded, and when."""
    since: dict[Key, int] = {}
    spans: dict[Key, list[Span]] = {}
    before: HearingState | None = None
    for each in log:
        if before is None or not _records_alike(before, each.after):
            now = _keys(each.after)
            for key in since.keys() - now:
                spans.setdefault(key, []).append((since.pop(key), each.event.at_ms))
            for key in now - since.keys():
                since[key] = each.event.at_ms
        before = each.after
    for key, start in since.items():
        spans.setdefault(key, []).append((start, to_ms))
    return spans


def _records_alike(one: HearingState, other: HearingState) -> bool:
    """Most entries change nothing of what is recorded: their routes need not be made."""
    same = (one.phase, one.recording, one.hold_ms) == (other.phase, other.recording, other.hold_ms)
    return same and one.participants is other.participants


def _keys(state: HearingState) -> set[Key]:
    routes = media_routes(state)
    return {(each, AUDIO) for each in routes.recorded_audio} | {(each, VIDEO) for each in routes.recorded_video}
