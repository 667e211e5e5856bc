"""The hearing's two pure functions: `decide` (may this be done, and what then happens) and `apply` (what the
hearing is after it)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from server.hearing import times
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
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
)
from server.hearing.guards import Case, Situation, failing
from server.hearing.reasons import Refusal, refusal
from server.hearing.state import (
    COURT,
    GONE,
    LET_IN,
    STAFF,
    HearingState,
    Participant,
    ParticipantState,
    Phase,
    RecessTerms,
)


def decide(state: HearingState, actor: str, command: Command, situation: Situation) -> tuple[Event, ...] | Refusal:
    """The events that this command causes now, or the reason why not. `situation.connected` holds the actor as well."""
    case = Case(state, actor, command, situation)
    code = failing(case)
    if code:
        return refusal(code)
    return (_event(state, situation.now_ms, actor, _DECISIONS[type(command)](case)),)


def had_seen(
    state: HearingState, now_ms: int, isolation: Event, documents: Mapping[str, Seen], *, since: str = ""
) -> Event:
    """The entry that follows an isolation: what its person had been sent until then."""
    return _event(state, now_ms, COURT, HadSeen(isolation.concerns, isolation.seq, documents, since))


def missing(state: HearingState, connected: frozenset[str]) -> tuple[str, ...]:
    """Who belongs in the courtroom and has no connection: staff, parties, agents and interpreters who are not
    barred."""
    expected = (each for each in state.of_role(STAFF | LET_IN) if not each.barred)
    return tuple(each.person for each in expected if each.person not in connected)


def _event(state: HearingState, now_ms: int, actor: str, fact: Fact) -> Event:
    return Event(state.seq + 1, now_ms, actor, fact, max(0, state.latest_ms - now_ms))


def _opened(case: Case) -> Fact:
    let_in = (each.person for each in case.state.of_role(LET_IN) if each.state not in GONE)
    return SessionOpened(tuple(let_in), missing(case.state, case.situation.connected), case.command.reason)


def _recessed(case: Case) -> Fact:
    command = case.command
    assert isinstance(command, Recess)
    until = times.court(times.announced(command.until, case.situation.now_ms)) if command.until else ""
    return SessionRecessed(command.kind, command.reason, until)


def _resumed(case: Case) -> Fact:
    return SessionResumed(missing(case.state, case.situation.connected), case.command.reason)


def _isolated(case: Case) -> Fact:
    return Isolated(case.spoken_of, case.target.state, case.command.reason)


def _released(case: Case) -> Fact:
    return Released(case.spoken_of, case.target.back_to or ParticipantState.WAITING, case.command.reason)


_DECISIONS: Mapping[type[Command], Callable[[Case], Fact]] = {
    OpenSession: _opened,
    Recess: _recessed,
    Resume: _resumed,
    Close: lambda case: SessionClosed(case.command.reason),
    Isolate: _isolated,
    Release: _released,
}


def apply(state: HearingState, event: Event) -> HearingState:
    """The hearing after the event; raises ValueError when it is not the next one."""
    if event.seq != state.seq + 1:
        raise ValueError(f"entry {event.seq} does not follow entry {state.seq}")
    after = _EFFECTS[type(event.fact)](state, event.fact)
    return replace(after, seq=event.seq, latest_ms=max(state.latest_ms, event.at_ms))


def _open(state: HearingState, fact: SessionOpened) -> HearingState:
    people = (state.participants[person] for person in fact.let_in)
    return replace(state.with_participants(_let_in(each) for each in people), phase=Phase.IN_SESSION)


def _let_in(participant: Participant) -> Participant:
    """In court; an isolated person stays isolated and will return into the courtroom."""
    if participant.state is ParticipantState.ISOLATED:
        return replace(participant, back_to=ParticipantState.IN_COURT)
    return replace(participant, state=ParticipantState.IN_COURT)


def _isolate(state: HearingState, fact: Isolated) -> HearingState:
    participant = state.participants[fact.person]
    return state.with_participants([replace(participant, state=ParticipantState.ISOLATED, back_to=fact.before)])


def _release(state: HearingState, fact: Released) -> HearingState:
    return state.with_participants([replace(state.participants[fact.person], state=fact.to, back_to=None)])


def _recess(state: HearingState, fact: SessionRecessed) -> HearingState:
    return replace(state, phase=Phase.RECESS, recess=RecessTerms(fact.kind, fact.reason, fact.until))


_EFFECTS: Mapping[type[Fact], Callable[[HearingState, Any], HearingState]] = {
    SessionOpened: _open,
    SessionRecessed: _recess,
    SessionResumed: lambda state, _: replace(state, phase=Phase.IN_SESSION, recess=None),
    SessionClosed: lambda state, _: replace(state, phase=Phase.CLOSED, recess=None),
    Isolated: _isolate,
    Released: _release,
    HadSeen: lambda state, _: state,
}
