"""Who may receive whose sound and picture in a state of the hearing, and what of it is recorded: one pure table.

Denies what no line of it allows. A barred person (isolated, released, removed) is in no set on either side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.hearing.consulting import circle_of
from server.hearing.state import (
    STAFF,
    HearingState,
    ParticipantState,
    Phase,
    Role,
)

Pairs = Mapping[str, frozenset[str]]
_Grown = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Routes:
    """Persons by id. `audio`, `video`: listener -> speakers, a key for everybody of the hearing, nobody in their own
    set. `recorded_*` are empty unless `recording`. `large`: whom to show large, empty: whoever speaks."""

    audio: Pairs
    video: Pairs
    recorded_audio: frozenset[str]
    recorded_video: frozenset[str]
    recording: bool
    large: str


def media_routes(state: HearingState) -> Routes:
    """The routes of this moment."""
    if state.phase in (Phase.IN_SESSION, Phase.CLOSED):
        return _court(state)
    return _rooms(state)


def _court(state: HearingState) -> Routes:
    """Sitting, and afterwards in the signing room: those in court with each other; the gallery looks on in session."""
    seen = _in_court(state)
    heard = frozenset[str]() if state.hold_ms else frozenset(p for p in seen if not state.participants[p].muted)
    sitting = state.phase is Phase.IN_SESSION
    listeners = seen | _gallery(state) if sitting else seen
    recorded = (heard, seen) if state.recording else (frozenset[str](), frozenset[str]())
    large = state.spotlight or state.floor
    audio, video = _towards(state, listeners, heard), _towards(state, listeners, seen)
    return Routes(audio, video, *recorded, state.recording, large if large in seen else "")


def _rooms(state: HearingState) -> Routes:
    """Before opening and in recess: the court's staff together, a party with their agents while they consult, everybody
    else alone; an announcement reaches everybody who is not barred."""
    grown: _Grown = {person: set() for person in state.participants}
    _join(grown, (each.person for each in state.of_role(STAFF) if each.state is ParticipantState.IN_COURT))
    for party in state.consulting:
        _join(grown, circle_of(state, party))
    if state.announcing and state.phase is not Phase.RECESS:
        _announce(state, grown)
    audio = {listener: frozenset(_audible(state, listener, speakers)) for listener, speakers in grown.items()}
    video = {listener: frozenset(speakers) for listener, speakers in grown.items()}
    return Routes(audio, video, frozenset(), frozenset(), False, "")


def _in_court(state: HearingState) -> frozenset[str]:
    """Who takes part; an observer looks on, wherever they are."""
    people = state.participants.values()
    return frozenset(
        each.person for each in people if each.state is ParticipantState.IN_COURT and each.role is not Role.OBSERVER
    )


def _gallery(state: HearingState) -> frozenset[str]:
    if not state.gallery_open:
        return frozenset()
    present = (ParticipantState.WAITING, ParticipantState.IN_COURT)
    return frozenset(each.person for each in state.of_role(frozenset({Role.OBSERVER})) if each.state in present)


def _towards(state: HearingState, listeners: frozenset[str], speakers: frozenset[str]) -> Pairs:
    nobody = frozenset[str]()
    return {person: speakers - {person} if person in listeners else nobody for person in state.participants}


def _join(grown: _Grown, people: Iterable[str]) -> None:
    """Everybody of them with everybody else of them."""
    together = frozenset(people)
    for person in together:
        grown[person] |= together - {person}


def _announce(state: HearingState, grown: _Grown) -> None:
    for each in state.participants.values():
        if not each.barred and each.person != state.announcing:
            grown[each.person].add(state.announcing)


def _audible(state: HearingState, listener: str, speakers: Iterable[str]) -> Iterable[str]:
    """Whoever is muted is heard by nobody but those they consult with."""
    return (each for each in speakers if not state.participants[each].muted or _consult(state, listener, each))


def _consult(state: HearingState, one: str, other: str) -> bool:
    return any({one, other} <= frozenset(circle_of(state, party)) for party in state.consulting)
