"""What commands do to a hearing: who is where afterwards, and what the event says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.hearing import reduce
from server.hearing.commands import Close, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.events import (
    Event,
    HadSeen,
    Isolated,
    Released,
    Seen,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
)
from server.hearing.guards import Situation
from server.hearing.reasons import refusal
from server.hearing.sight import transcript_paused
from server.hearing.state import (
    LET_IN,
    STAFF,
    HearingState,
    Options,
    Participant,
    ParticipantState,
    Phase,
    RecessKind,
    RecessTerms,
    Role,
    scheduled,
)
from tests.hearing.scenes import NOW, bench, done, everybody, opened, refused, sole

IN_COURT, WAITING, ISOLATED = ParticipantState.IN_COURT, ParticipantState.WAITING, ParticipantState.ISOLATED
MINUTE = 60_000


def states(state: HearingState) -> dict[str, ParticipantState]:
    return {each.person: each.state for each in state.participants.values()}


def test_before_the_session_staff_have_their_places_and_everybody_else_waits() -> None:
    state = sole()
    assert (state.phase, state.seq) == (Phase.SCHEDULED, 0)
    assert {each.state for each in state.of_role(STAFF)} == {IN_COURT}
    assert {each.state for each in state.participants.values() if each.role not in STAFF} == {WAITING}


@pytest.mark.parametrize("phase", [Phase.SCHEDULED, Phase.PREPARING])
def test_opening_lets_in_parties_agents_and_interpreters_connected_or_not(phase: Phase) -> None:
    before = sole(phase=phase)
    decided = reduce.decide(before, "p-judge", OpenSession(), Situation(frozenset({"p-judge", "p-clerk"}), NOW))
    assert isinstance(decided, tuple)
    after = reduce.apply(before, decided[0])
    assert after.phase is Phase.IN_SESSION
    assert {each.state for each in after.of_role(LET_IN)} == {IN_COURT}
    outside = frozenset({Role.WITNESS, Role.EXPERT, Role.OBSERVER, Role.HELPER})
    assert {each.state for each in after.of_role(outside)} == {WAITING}
    fact = decided[0].fact
    assert isinstance(fact, SessionOpened)
    assert fact.let_in == ("p-plaintiff", "p-defendant", "p-agent", "p-interpreter")
    assert fact.missing == ("p-clerk-2", "p-plaintiff", "p-defendant", "p-agent", "p-interpreter")


def test_a_bench_is_opened_by_its_presiding_judge_only() -> None:
    assert refused(bench(), "p-judge", OpenSession()) == "not_presiding"
    assert done(bench(), "p-presiding", OpenSession())[0].phase is Phase.IN_SESSION


def test_the_only_judge_of_a_hearing_sits_alone_without_the_option() -> None:
    people = (Participant("p-judge", "顾明远", Role.JUDGE), Participant("p-clerk", "苏晓禾", Role.CLERK))
    state = scheduled("h-3", Options(), people)
    assert state.presides("p-judge") and not state.presides("p-clerk") and not state.presides("p-nobody")


def test_opening_needs_a_clerk_who_is_connected_and_not_isolated() -> None:
    present = frozenset({"p-judge", "p-clerk"})
    isolated, _ = done(sole(), "p-judge", Isolate("p-clerk"))
    assert refused(isolated, "p-judge", OpenSession(), connected=present) == "clerk_absent"
    assert refused(sole(), "p-judge", OpenSession(), connected=frozenset({"p-judge"})) == "clerk_absent"


def test_whoever_left_is_not_let_in_again() -> None:
    before = sole()
    left = replace(before.participants["p-agent"], state=ParticipantState.RELEASED)
    after, event = done(before.with_participants([left]), "p-judge", OpenSession())
    assert after.participants["p-agent"].state is ParticipantState.RELEASED
    assert isinstance(event.fact, SessionOpened) and "p-agent" not in event.fact.let_in


def test_a_recess_keeps_everybody_where_they_are_and_says_why_and_until_when() -> None:
    before = opened()
    after, event = done(before, "p-judge", Recess(RecessKind.TECHNICAL, "线路故障", "10:15"))
    assert after.phase is Phase.RECESS and states(after) == states(before)
    assert event.fact == SessionRecessed(RecessKind.TECHNICAL, "线路故障", "2024-09-12T10:15:00.000+08:00")
    assert after.recess == RecessTerms(RecessKind.TECHNICAL, "线路故障", "2024-09-12T10:15:00.000+08:00")


def test_resuming_names_who_is_missing() -> None:
    recessed, _ = done(opened(), "p-judge", Recess())
    decided = reduce.decide(recessed, "p-judge", Resume(), Situation(everybody(recessed) - {"p-defendant"}, NOW))
    assert isinstance(decided, tuple)
    assert decided[0].fact == SessionResumed(("p-defendant",))
    after = reduce.apply(recessed, decided[0])
    assert (after.phase, after.recess) == (Phase.IN_SESSION, None)


@pytest.mark.parametrize("from_recess", [False, True])
def test_closing_is_final_from_session_and_recess(from_recess: bool) -> None:
    state = opened()
    if from_recess:
        state, _ = done(state, "p-judge", Recess())
    closed, _ = done(state, "p-judge", Close())
    assert (closed.phase, closed.recess, states(closed)) == (Phase.CLOSED, None, states(state))
    for command in (OpenSession(), Recess(), Resume(), Close()):
        assert refused(closed, "p-judge", command) == "hearing_closed"


def test_an_isolated_party_returns_into_court() -> None:
    isolated, event = done(opened(), "p-judge", Isolate("p-defendant", "扰乱秩序"))
    assert event.fact == Isolated("p-defendant", IN_COURT, "扰乱秩序")
    assert isolated.participants["p-defendant"].state is ISOLATED
    released, event = done(isolated, "p-judge", Release("p-defendant"))
    assert event.fact == Released("p-defendant", IN_COURT)
    assert released.participants["p-defendant"] == opened().participants["p-defendant"]


def test_a_waiting_witness_returns_to_waiting() -> None:
    isolated, _ = done(opened(), "p-judge", Isolate("p-witness"))
    released, event = done(isolated, "p-judge", Release("p-witness"))
    assert event.fact == Released("p-witness", WAITING)
    assert released.participants["p-witness"].state is WAITING


def test_whoever_is_isolated_while_the_session_opens_stays_isolated_and_returns_into_court() -> None:
    isolated, _ = done(sole(), "p-judge", Isolate("p-defendant"))
    isolated, _ = done(isolated, "p-judge", Isolate("p-witness"))
    session, _ = done(isolated, "p-judge", OpenSession())
    assert states(session)["p-defendant"] is ISOLATED and states(session)["p-witness"] is ISOLATED
    session, _ = done(session, "p-judge", Release("p-defendant"))
    session, _ = done(session, "p-judge", Release("p-witness"))
    assert states(session)["p-defendant"] is IN_COURT and states(session)["p-witness"] is WAITING


def test_isolation_in_the_signing_room_and_release_after_closing() -> None:
    closed, _ = done(opened(), "p-judge", Close())
    isolated, _ = done(closed, "p-judge", Isolate("p-agent"))
    assert states(done(isolated, "p-judge", Release("p-agent"))[0])["p-agent"] is IN_COURT


def test_the_clerk_isolates_and_releases_on_the_judges_order_only() -> None:
    assert refused(opened(), "p-clerk", Isolate("p-defendant")) == "order_missing"
    isolated, event = done(opened(), "p-clerk", Isolate("p-defendant", "审判员口头指令"))
    assert isinstance(event.fact, Isolated) and event.fact.reason == "审判员口头指令"
    assert refused(isolated, "p-clerk", Release("p-defendant")) == "order_missing"
    done(isolated, "p-clerk", Release("p-defendant", "审判员口头指令"))


def test_isolating_twice_and_releasing_whoever_is_not_isolated_is_refused_with_a_reason() -> None:
    isolated, _ = done(opened(), "p-judge", Isolate("p-defendant"))
    assert refused(isolated, "p-judge", Isolate("p-defendant")) == "already_isolated"
    assert refused(opened(), "p-judge", Release("p-defendant")) == "not_isolated"
    assert refusal("already_isolated").zh and refusal("not_isolated").en


def test_the_bench_oneself_and_the_last_clerk_are_not_isolated() -> None:
    assert refused(opened(), "p-clerk", Isolate("p-judge", "x")) == "sole_judge"
    assert refused(opened(), "p-judge", Isolate("p-judge")) == "sole_judge"
    assert refused(bench(), "p-presiding", Isolate("p-assessor")) == "bench_member"
    assert refused(opened(), "p-clerk", Isolate("p-clerk", "x")) == "own_person"
    assert refused(bench(), "p-presiding", Isolate("p-clerk")) == "last_clerk"
    assert refused(opened(), "p-judge", Isolate("p-nobody")) == "unknown_person"


def test_a_clock_set_back_is_marked_and_the_order_is_that_of_seq() -> None:
    first, _ = done(sole(), "p-judge", OpenSession(), now=NOW)
    second, event = done(first, "p-judge", Recess(), now=NOW - 60 * MINUTE)
    assert (event.seq, event.at_ms, event.behind_ms) == (2, NOW - 60 * MINUTE, 60 * MINUTE)
    assert event.payload()["clock"] == {"behind_ms": 60 * MINUTE}
    third, event = done(second, "p-judge", Resume(), now=NOW - 59 * MINUTE)
    assert (event.seq, event.behind_ms) == (3, 59 * MINUTE)
    _, event = done(third, "p-judge", Close(), now=NOW + 1)
    assert event.behind_ms == 0 and "clock" not in event.payload()


def test_an_event_out_of_its_place_is_not_applied() -> None:
    state, event = done(sole(), "p-judge", OpenSession())
    with pytest.raises(ValueError, match="entry 1 does not follow entry 1"):
        reduce.apply(state, event)


def test_what_was_seen_until_the_isolation_is_noted_by_the_court_and_changes_nothing_else() -> None:
    isolated, isolation = done(opened(), "p-judge", Isolate("p-defendant"))
    event = reduce.had_seen(isolated, NOW, isolation, {"h-1/transcript": Seen(7, "2024-09-12T01:30:00.000Z")})
    assert (event.seq, event.actor, event.concerns) == (isolation.seq + 1, "court", "p-defendant")
    assert isinstance(event.fact, HadSeen) and event.fact.of == isolation.seq
    assert replace(reduce.apply(isolated, event), seq=isolated.seq) == isolated


def test_the_record_pauses_when_the_court_sits_without_a_writer() -> None:
    session = opened()
    assert not transcript_paused(session, frozenset({"p-clerk-2"}))
    assert transcript_paused(session, frozenset({"p-judge", "p-agent"}))
    isolated, _ = done(session, "p-judge", Isolate("p-clerk"))
    assert transcript_paused(isolated, frozenset({"p-clerk"}))
    recessed, _ = done(session, "p-judge", Recess())
    assert not transcript_paused(recessed, frozenset())


def test_a_released_person_without_a_remembered_place_waits() -> None:
    """A log older than the rule that remembers the place."""
    lost = replace(sole().participants["p-agent"], state=ISOLATED, back_to=None)
    _, event = done(sole().with_participants([lost]), "p-judge", Release("p-agent"))
    assert event.fact == Released("p-agent", WAITING)


def test_events_know_their_kind_and_whom_they_concern() -> None:
    _, event = done(sole(), "p-judge", OpenSession())
    assert (event.kind, event.concerns) == ("SessionOpened", "")
    assert Event(1, NOW, "p-judge", Isolated("p-agent", WAITING)).concerns == "p-agent"


def test_the_hearings_options_are_closed_unless_the_court_has_set_them() -> None:
    assert Options.from_record({}) == Options(sole=False, observers_read=False)
    assert Options.from_record({"bench": "sole", "observers_read": True}) == Options(sole=True, observers_read=True)
    assert Options.from_record({"bench": "panel", "observers_read": "yes"}) == Options()


def test_a_hearing_knows_its_people() -> None:
    state = sole()
    assert state.participant("p-judge") is state.participants["p-judge"]
    assert state.participant("p-nobody") is None
    assert state.participants["p-judge"].title == "审判员顾明远"
