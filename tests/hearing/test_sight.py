"""What of the log and the roster people are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.hearing import media_events, recording_events, reduce
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.court_commands import Line
from server.hearing.events import Event, Fact
from server.hearing.media_events import SessionReplaced
from server.hearing.sight import Circle, circle, may_see_event, members
from server.hearing.state import COURT, STAFF, HearingState, ParticipantState
from tests.hearing.media_payloads import MEDIA
from tests.hearing.recording_payloads import RECORDING
from tests.hearing.scenes import NOW, STRANGER, done, opened, sole


def told(state: HearingState, *orders: Command) -> list[tuple[str, frozenset[str]]]:
    """(kind, who sees the payload) of each event; an isolation is followed by its note."""
    found: list[tuple[str, frozenset[str]]] = []

    def note(after: HearingState, event: Event) -> None:
        sees = frozenset(person for person in after.participants if may_see_event(after, person, event))
        found.append((event.kind, sees))

    for order in orders:
        state, event = done(state, "p-judge", order)
        note(state, event)
        if isinstance(order, Isolate):
            seen = reduce.had_seen(state, NOW, event, {})
            state = reduce.apply(state, seen)
            note(state, seen)
    return found


STAFF_HERE = frozenset(each.person for each in sole().of_role(STAFF))
OUTSIDE = frozenset({"p-witness", "p-expert", "p-observer", "p-helper"})
EVERYBODY = frozenset(sole().participants)


def test_staff_and_people_in_court_see_all_others_phase_changes_and_their_own() -> None:
    seen = told(sole(), OpenSession(), Isolate("p-witness"), Release("p-witness"), Recess(), Resume(), Close())
    inside = EVERYBODY - OUTSIDE
    assert seen == [
        ("SessionOpened", EVERYBODY),
        ("Isolated", inside | {"p-witness"}),
        ("HadSeen", inside),
        ("Released", inside | {"p-witness"}),
        ("SessionRecessed", EVERYBODY),
        ("SessionResumed", EVERYBODY),
        ("SessionClosed", EVERYBODY),
    ]


def test_an_isolated_person_sees_their_own_isolation_and_release_and_nothing_between() -> None:
    seen = told(opened(), Isolate("p-defendant"), Recess(), Isolate("p-agent"), Resume(), Release("p-defendant"))
    assert [kind for kind, people in seen if "p-defendant" in people] == ["Isolated", "Released"]


def test_the_line_to_the_clerks_is_told_to_its_person_and_the_staff_alone() -> None:
    state, _ = done(done(opened(), "p-judge", Isolate("p-defendant"))[0], "p-judge", Isolate("p-agent"))
    for actor, order in (("p-defendant", Line(text="疼")), ("p-clerk-2", Line("p-defendant", text="就来"))):
        state, event = done(state, actor, order)
        assert {each for each in EVERYBODY if may_see_event(state, each, event)} == STAFF_HERE | {"p-defendant"}


def test_before_the_opening_waiting_parties_see_phase_changes_and_their_own() -> None:
    seen = told(sole(), Isolate("p-defendant"), Release("p-defendant"), OpenSession())
    assert [kind for kind, people in seen if "p-plaintiff" in people] == ["SessionOpened"]
    assert seen[0] == ("Isolated", STAFF_HERE | {"p-defendant"})


@pytest.mark.parametrize("state", [ParticipantState.RELEASED, ParticipantState.REMOVED])
def test_whoever_is_gone_and_strangers_see_nothing(state: ParticipantState) -> None:
    after, event = done(sole(), "p-judge", OpenSession())
    gone = after.with_participants([replace(after.participants["p-agent"], state=state)])
    assert not may_see_event(gone, "p-agent", event)
    assert not may_see_event(after, STRANGER, event)


STAFFS_OWN = (*media_events.FOR_STAFF, *recording_events.FOR_STAFF)


@pytest.mark.parametrize("fact", [fact for fact, _ in (*MEDIA, *RECORDING) if isinstance(fact, STAFFS_OWN)])
def test_what_the_media_room_measured_and_recorded_is_told_to_staff_alone_and_changes_nothing(fact: Fact) -> None:
    state = opened()
    event = Event(state.seq + 1, NOW, COURT, fact)
    after = reduce.apply(state, event)
    assert replace(after, seq=state.seq) == state
    assert {person for person in EVERYBODY if may_see_event(after, person, event)} == STAFF_HERE


def test_a_replaced_login_is_told_to_staff_and_to_whom_it_belongs() -> None:
    state = opened()
    event = Event(state.seq + 1, NOW, COURT, SessionReplaced("p-plaintiff"))
    after = reduce.apply(state, event)
    assert {person for person in EVERYBODY if may_see_event(after, person, event)} == STAFF_HERE | {"p-plaintiff"}


def test_circles_of_the_roster() -> None:
    session = opened()
    circles = {person: circle(session, person) for person in (*session.participants, STRANGER)}
    everybody = {"p-judge", "p-clerk", "p-clerk-2", "p-plaintiff", "p-defendant", "p-agent", "p-interpreter"}
    assert {person for person, each in circles.items() if each is Circle.EVERYBODY} == everybody
    assert {person for person, each in circles.items() if each is Circle.CASE} == {"p-observer"}
    assert {person for person, each in circles.items() if each is Circle.COURT} == {"p-witness", "p-expert", "p-helper"}
    assert {person for person, each in circles.items() if each is Circle.NOBODY} == {STRANGER}


def test_the_isolated_know_of_nobody_and_whoever_is_summoned_of_everybody() -> None:
    isolated, _ = done(opened(), "p-judge", Isolate("p-defendant"))
    assert circle(isolated, "p-defendant") is Circle.NOBODY
    session = opened()
    witness = replace(session.participants["p-witness"], state=ParticipantState.IN_COURT)
    assert circle(session.with_participants([witness]), "p-witness") is Circle.EVERYBODY


def test_members_of_the_circles() -> None:
    session = opened()
    named = {each: {member.person for member in members(session, each)} for each in Circle}
    assert named == {
        Circle.NOBODY: set(),
        Circle.COURT: set(STAFF_HERE),
        Circle.CASE: set(EVERYBODY - OUTSIDE),
        Circle.EVERYBODY: set(EVERYBODY),
    }
