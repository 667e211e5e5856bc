"""Events as the log keeps them."""

from __future__ import annotations

import json

import pytest

from server.hearing import events, times
from server.hearing.events import (
    Event,
    Fact,
    HadSeen,
    Isolated,
    Released,
    Seen,
    SessionClosed,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
    UnreadableEntry,
)
from server.hearing.state import ParticipantState, RecessKind
from tests.hearing.court_payloads import COURT
from tests.hearing.exhibit_payloads import EXHIBITS
from tests.hearing.media_payloads import MEDIA
from tests.hearing.recording_payloads import RECORDING
from tests.hearing.scenes import NOW
from tests.hearing.signing_payloads import SIGNING

WRITTEN: list[tuple[Fact, dict[str, object]]] = [
    (SessionOpened(("a", "b"), ("b",)), {"let_in": ["a", "b"], "missing": ["b"]}),
    (SessionOpened((), (), "迟到"), {"reason": "迟到"}),
    (SessionRecessed(RecessKind.BENCH), {"kind": "bench"}),
    (
        SessionRecessed(RecessKind.PLANNED, "午休", "2024-09-12T14:00:00.000+08:00"),
        {"kind": "planned", "reason": "午休", "until": "2024-09-12T14:00:00.000+08:00"},
    ),
    (SessionResumed(("a",)), {"missing": ["a"]}),
    (SessionClosed(), {}),
    (Isolated("a", ParticipantState.IN_COURT, "x"), {"person": "a", "from": "IN_COURT", "reason": "x"}),
    (Released("a", ParticipantState.WAITING), {"person": "a", "to": "WAITING"}),
    (
        HadSeen("a", 3, {"h/transcript": Seen(7, "2024-09-12T01:30:00.000Z")}, "2024-09-12T01:00:00.000Z"),
        {
            "person": "a",
            "of": 3,
            "documents": {"h/transcript": {"seq": 7, "at": "2024-09-12T01:30:00.000Z"}},
            "since": "2024-09-12T01:00:00.000Z",
        },
    ),
    (HadSeen("a", 3, {}), {"person": "a", "of": 3, "documents": {}}),
    *COURT,
    *SIGNING,
    *RECORDING,
    *MEDIA,
    *EXHIBITS,
]


def header(event: Event) -> dict[str, object]:
    return {"seq": event.seq, "at": times.utc(event.at_ms), "kind": event.kind, "actor": event.actor}


@pytest.mark.parametrize(("fact", "payload"), WRITTEN)
@pytest.mark.parametrize("behind", [0, 3_600_000])
def test_an_event_is_written_and_read_back(fact: Fact, payload: dict[str, object], behind: int) -> None:
    event = Event(4, NOW, "p-judge", fact, behind)
    expected = {**payload, "clock": {"behind_ms": behind}} if behind else payload
    assert event.payload() == expected
    assert events.read(header(event), json.loads(json.dumps(event.payload()))) == event


def test_every_kind_of_event_is_tried_here() -> None:
    assert {type(fact).__name__ for fact, _ in WRITTEN} == set(events.KINDS)


@pytest.mark.parametrize(
    ("change", "payload"),
    [
        ({"kind": "Adjourned"}, {}),
        ({"at": "2024-09-12T09:30:00"}, {}),
        ({"kind": "Isolated"}, {"person": "a", "from": "NOWHERE"}),
        ({"kind": "HadSeen"}, {"person": "a", "of": 1, "documents": []}),
        ({}, {"clock": 5}),
    ],
)
def test_what_is_not_understood_is_named(change: dict[str, object], payload: dict[str, object]) -> None:
    entry = {**header(Event(4, NOW, "p-judge", SessionClosed())), **change}
    with pytest.raises(UnreadableEntry, match="entry 4 of kind"):
        events.read(entry, payload)
