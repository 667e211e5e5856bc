"""Where people and the court's order stand after each of their events: one function per event; asks for no right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from server.hearing.court_events import (
    AllMuted,
    AnnouncementEnded,
    AnnouncementStarted,
    ConsultationEnded,
    ConsultationStarted,
    CourtFact,
    FloorGranted,
    GalleryClosed,
    GalleryOpened,
    HandLowered,
    HandRaised,
    HoldEnded,
    HoldStarted,
    IncidentMarked,
    Muted,
    PrivateLine,
    Removed,
    Spotlighted,
    Unmuted,
    WaitingOpened,
    WitnessDismissed,
    WitnessSummoned,
)
from server.hearing.events import Event
from server.hearing.state import LINES_A_MINUTE, HearingState, ParticipantState, Phase


def changed(hearing: HearingState, person: str, /, **fields: Any) -> HearingState:
    """The hearing with some fields of one participant replaced."""
    return hearing.with_participants([replace(hearing.participants[person], **fields)])


def taken_out(state: HearingState, person: str) -> HearingState:
    """Whoever leaves the courtroom takes along nothing: no raised hand, floor, spotlight, announcement."""
    state = changed(state, person, hand=0)
    given = {name: "" for name in ("announcing", "floor", "spotlight") if getattr(state, name) == person}
    return replace(state, consulting=state.consulting - {person}, **given)


def rooms_closed(state: HearingState) -> HearingState:
    """A change of phase ends what belongs to the phase before: announcement, consultations, floor, spotlight, hold."""
    return replace(state, announcing="", floor="", spotlight="", hold_ms=0, consulting=frozenset())


def muted(state: HearingState, people: Iterable[str]) -> HearingState:
    """The hearing with these people muted; the floor of one of them is over."""
    silenced = frozenset(people)
    changes = (replace(state.participants[person], muted=True) for person in silenced)
    return replace(state.with_participants(changes), floor="" if state.floor in silenced else state.floor)


def _grant(state: HearingState, _event: Event, fact: FloorGranted) -> HearingState:
    state = changed(muted(state, fact.muted), fact.person, muted=False, hand=0)
    return replace(state, floor=fact.person)


def _dismiss(state: HearingState, _event: Event, fact: WitnessDismissed) -> HearingState:
    return changed(taken_out(state, fact.person), fact.person, state=ParticipantState.WAITING, muted=False)


def _summon(state: HearingState, _event: Event, fact: WitnessSummoned) -> HearingState:
    return changed(state, fact.person, state=ParticipantState.IN_COURT, back_to=None, muted=False)


def _said(state: HearingState, event: Event, _fact: PrivateLine) -> HearingState:
    written = (*state.participants[event.actor].lines, event.at_ms)
    return changed(state, event.actor, lines=written[-LINES_A_MINUTE:])


def _remove(state: HearingState, _event: Event, fact: Removed) -> HearingState:
    return changed(taken_out(state, fact.person), fact.person, state=ParticipantState.REMOVED, back_to=None)


EFFECTS: Mapping[type[CourtFact], Callable[[HearingState, Event, Any], HearingState]] = {
    WaitingOpened: lambda state, _event, _fact: replace(state, phase=Phase.PREPARING),
    AnnouncementStarted: lambda state, event, _fact: replace(state, announcing=event.actor),
    AnnouncementEnded: lambda state, _event, _fact: replace(state, announcing=""),
    WitnessSummoned: _summon,
    WitnessDismissed: _dismiss,
    Muted: lambda state, _event, fact: muted(state, [fact.person]),
    Unmuted: lambda state, _event, fact: changed(state, fact.person, muted=False),
    AllMuted: lambda state, _event, fact: muted(state, fact.people),
    FloorGranted: _grant,
    Spotlighted: lambda state, _event, fact: replace(state, spotlight=fact.person),
    HandRaised: lambda state, event, fact: changed(state, fact.person, hand=event.seq),
    HandLowered: lambda state, _event, fact: changed(state, fact.person, hand=0),
    GalleryClosed: lambda state, _event, _fact: replace(state, gallery_open=False),
    GalleryOpened: lambda state, _event, _fact: replace(state, gallery_open=True),
    Removed: _remove,
    HoldStarted: lambda state, _event, fact: replace(state, hold_ms=fact.since_ms),
    HoldEnded: lambda state, _event, _fact: replace(state, hold_ms=0),
    ConsultationStarted: lambda state, _event, fact: replace(state, consulting=state.consulting | {fact.person}),
    ConsultationEnded: lambda state, _event, fact: replace(state, consulting=state.consulting - {fact.person}),
    IncidentMarked: lambda state, _event, _fact: state,
    PrivateLine: _said,
}
