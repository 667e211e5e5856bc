"""The hearing's two pure functions: `decide` (may this be done, and what then happens) and `apply` (what the
hearing is after it)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from server.hearing import times
from server.hearing.commands import (
    Close,
    Command,
    Isolate,
    OpenSession,
    Recess,
    Release,
    Resume,
    SigningCommand,
    SittingCommand,
)
from server.hearing.court_commands import CourtCommand
from server.hearing.court_effects import EFFECTS as COURT_EFFECTS
from server.hearing.court_effects import muted, rooms_closed, taken_out
from server.hearing.court_events import CourtFact
from server.hearing.court_orders import caused as court_caused
from server.hearing.court_orders import sent_out
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
    SittingFact,
)
from server.hearing.exhibit_effects import EFFECTS as EXHIBIT_EFFECTS
from server.hearing.exhibit_events import ExhibitFact
from server.hearing.guards import Case, Situation, failing
from server.hearing.media_events import MediaFact
from server.hearing.reasons import Refusal, refusal
from server.hearing.recording_events import RecordingFact
from server.hearing.signing import settling
from server.hearing.signing_effects import EFFECTS as SIGNING_EFFECTS
from server.hearing.signing_events import SigningFact
from server.hearing.signing_orders import caused
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
    return numbered(state, situation.now_ms, actor, _facts(case))


def _facts(case: Case) -> tuple[Fact, ...]:
    if isinstance(case.command, SigningCommand):
        return caused(case.state, case.actor, case.command)
    if isinstance(case.command, CourtCommand):
        return court_caused(case)
    fact = _DECISIONS[type(case.command)](case)
    return (fact, *sent_out(case.state)) if isinstance(fact, SessionRecessed) else (fact,)


def numbered(state: HearingState, now_ms: int, actor: str, facts: tuple[Fact, ...]) -> tuple[Event, ...]:
    """The facts as the next events, in order; the settling of the signing follows the fact that brings it about."""
    events: list[Event] = []
    for fact in facts:
        events.append(_event(state, now_ms, actor, fact))
        state = apply(state, events[-1])
    settled = settling(state)
    return (*events, _event(state, now_ms, COURT, settled)) if settled and events else tuple(events)


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


_DECISIONS: Mapping[type[SittingCommand], Callable[[Case], Fact]] = {
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
    fact = event.fact
    if isinstance(fact, SigningFact):
        after = replace(state, signing=SIGNING_EFFECTS[type(fact)](state.signing, event, fact))
    elif isinstance(fact, MediaFact | RecordingFact):
        after = state
    elif isinstance(fact, CourtFact):
        after = COURT_EFFECTS[type(fact)](state, event, fact)
    elif isinstance(fact, ExhibitFact):
        after = EXHIBIT_EFFECTS[type(fact)](state, event, fact)
    else:
        after = _EFFECTS[type(fact)](state, fact)
    return replace(after, seq=event.seq, latest_ms=max(state.latest_ms, event.at_ms))


def _open(state: HearingState, fact: SessionOpened) -> HearingState:
    people = (state.participants[person] for person in fact.let_in)
    inside = state.with_participants(_let_in(each) for each in people)
    return replace(rooms_closed(muted(inside, fact.let_in)), phase=Phase.IN_SESSION)


def _let_in(participant: Participant) -> Participant:
    """In court; an isolated person stays isolated and will return into the courtroom."""
    if participant.state is ParticipantState.ISOLATED:
        return replace(participant, back_to=ParticipantState.IN_COURT)
    return replace(participant, state=ParticipantState.IN_COURT)


def _isolate(state: HearingState, fact: Isolated) -> HearingState:
    state = taken_out(state, fact.person)
    participant = state.participants[fact.person]
    return state.with_participants([replace(participant, state=ParticipantState.ISOLATED, back_to=fact.before)])


def _release(state: HearingState, fact: Released) -> HearingState:
    return state.with_participants([replace(state.participants[fact.person], state=fact.to, back_to=None)])


def _recess(state: HearingState, fact: SessionRecessed) -> HearingState:
    return replace(rooms_closed(state), phase=Phase.RECESS, recess=RecessTerms(fact.kind, fact.reason, fact.until))


_EFFECTS: Mapping[type[SittingFact], Callable[[HearingState, Any], HearingState]] = {
    SessionOpened: _open,
    SessionRecessed: _recess,
    SessionResumed: lambda state, _: replace(rooms_closed(state), phase=Phase.IN_SESSION, recess=None),
    SessionClosed: lambda state, _: replace(rooms_closed(state), phase=Phase.CLOSED, recess=None),
    Isolated: _isolate,
    Released: _release,
    HadSeen: lambda state, _: state,
}
