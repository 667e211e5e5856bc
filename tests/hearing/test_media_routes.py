"""Whom a person may hear and see: the table in words of its own, and properties over random walks of real commands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.hearing import commands, reduce
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Resume
from server.hearing.consulting import circle_of, party_of
from server.hearing.court_commands import (
    OF_PERSON,
    OF_PERSON_OR_NONE,
    REASON_ONLY,
    Announce,
    CloseGallery,
    Consult,
    Dismiss,
    EndAnnouncement,
    EndConsult,
    Floor,
    LockAll,
    Mute,
    OpenGallery,
    OpenWaiting,
    Remove,
    Spotlight,
    Summon,
    Unmute,
)
from server.hearing.court_events import HoldEnded, HoldStarted, Removed
from server.hearing.guards import Situation
from server.hearing.media_routes import Routes, media_routes
from server.hearing.reasons import REASONS, Refusal
from server.hearing.state import (
    STAFF,
    HearingState,
    ParticipantState,
    Phase,
    RecessKind,
    Role,
)
from tests.hearing.scenes import NOW, STRANGER, bench, everybody, sole

PARTY_SIDE = {"p-plaintiff", "p-defendant", "p-agent", "p-interpreter"}
COURT_STAFF = {"p-judge", "p-clerk", "p-clerk-2"}


def given(state: HearingState, *orders: tuple[str, Command]) -> HearingState:
    for actor, order in orders:
        decided = reduce.decide(state, actor, order, Situation(everybody(state), NOW))
        assert not isinstance(decided, Refusal), (order, decided)
        for event in decided:
            state = reduce.apply(state, event)
    return state


def heard(state: HearingState, listener: str) -> set[str]:
    return set(media_routes(state).audio[listener])


def seen(state: HearingState, listener: str) -> set[str]:
    return set(media_routes(state).video[listener])


def in_session(*orders: tuple[str, Command]) -> HearingState:
    return given(sole(), ("p-judge", OpenSession()), *orders)


def speaking() -> tuple[tuple[str, Command], ...]:
    return tuple(("p-judge", Unmute(person)) for person in sorted(PARTY_SIDE))


# --- before opening ---


@pytest.mark.parametrize("phase", [Phase.SCHEDULED, Phase.PREPARING])
def test_before_opening_the_staff_are_together_and_everybody_else_is_alone(phase: Phase) -> None:
    routes = media_routes(sole(phase=phase))
    for person in sole().participants:
        together = COURT_STAFF - {person} if person in COURT_STAFF else set[str]()
        assert (set(routes.audio[person]), set(routes.video[person])) == (together, together)
    assert (routes.recording, routes.recorded_audio, routes.recorded_video) == (False, frozenset(), frozenset())


def test_an_announcement_reaches_everybody_who_waits_and_nobody_answers() -> None:
    state = given(sole(), ("p-clerk", OpenWaiting()), ("p-clerk", Announce()), ("p-judge", Isolate("p-expert")))
    for person in PARTY_SIDE | {"p-witness", "p-observer", "p-helper"}:
        assert (heard(state, person), seen(state, person)) == ({"p-clerk"}, {"p-clerk"})
    assert heard(state, "p-expert") == set()
    assert heard(state, "p-clerk") == {"p-judge", "p-clerk-2"}
    ended = given(state, ("p-clerk-2", EndAnnouncement()))
    assert heard(ended, "p-witness") == set()
    assert given(state, ("p-judge", OpenSession())).announcing == ""


# --- in session ---


def test_after_opening_the_court_sees_all_and_hears_the_bench_and_the_clerks() -> None:
    state = in_session()
    for person in COURT_STAFF | PARTY_SIDE:
        assert seen(state, person) == (COURT_STAFF | PARTY_SIDE) - {person}
        assert heard(state, person) == COURT_STAFF - {person}
    assert heard(state, "p-witness") == heard(state, "p-expert") == heard(state, "p-helper") == set()
    assert seen(state, "p-observer") == COURT_STAFF | PARTY_SIDE


def test_muting_silences_and_does_not_hide() -> None:
    state = in_session(*speaking())
    assert heard(state, "p-judge") == (COURT_STAFF | PARTY_SIDE) - {"p-judge"}
    muted = given(state, ("p-clerk", Mute("p-defendant")))
    assert heard(muted, "p-judge") == heard(state, "p-judge") - {"p-defendant"}
    assert "p-defendant" in seen(muted, "p-judge")
    assert "p-defendant" not in media_routes(muted).recorded_audio
    assert "p-defendant" in media_routes(muted).recorded_video
    locked = given(state, ("p-judge", LockAll()))
    assert heard(locked, "p-defendant") == COURT_STAFF


def test_the_floor_leaves_its_person_and_the_bench_heard() -> None:
    state = in_session(*speaking(), ("p-judge", Floor("p-plaintiff")))
    assert heard(state, "p-defendant") == COURT_STAFF | {"p-plaintiff"}
    assert media_routes(state).large == "p-plaintiff"
    spotlit = given(state, ("p-judge", Spotlight("p-agent")))
    assert media_routes(spotlit).large == "p-agent"
    assert media_routes(given(spotlit, ("p-judge", Spotlight()))).large == "p-plaintiff"
    assert media_routes(given(state, ("p-judge", Mute("p-plaintiff")))).large == ""


def test_the_gallery_is_cut_and_comes_back() -> None:
    closed = in_session(("p-judge", CloseGallery()))
    assert heard(closed, "p-observer") == seen(closed, "p-observer") == set()
    assert media_routes(closed).recording
    assert seen(given(closed, ("p-judge", OpenGallery())), "p-observer") == COURT_STAFF | PARTY_SIDE


def test_a_witness_is_in_between_summons_and_dismissal_alone() -> None:
    before = in_session(("p-judge", Isolate("p-witness")))
    assert seen(before, "p-witness") == set()
    summoned = given(before, ("p-judge", Summon("p-witness")))
    assert seen(summoned, "p-witness") == COURT_STAFF | PARTY_SIDE
    assert "p-witness" in heard(summoned, "p-judge")
    dismissed = given(summoned, ("p-judge", Dismiss("p-witness")))
    assert dismissed.participants["p-witness"].state is ParticipantState.ISOLATED
    assert seen(dismissed, "p-witness") == set() and "p-witness" not in seen(dismissed, "p-judge")


def test_a_witness_under_examination_is_isolated_by_the_recess_and_stays_so() -> None:
    recessed = in_session(("p-judge", Summon("p-witness")), ("p-judge", Recess()))
    assert recessed.participants["p-witness"].state is ParticipantState.ISOLATED
    resumed = given(recessed, ("p-judge", Resume()))
    assert seen(resumed, "p-witness") == set()
    again = given(resumed, ("p-judge", Summon("p-witness")))
    assert again.participants["p-witness"].state is ParticipantState.IN_COURT


def test_whoever_is_removed_is_out_at_once() -> None:
    state = in_session(*speaking(), ("p-judge", Floor("p-defendant")), ("p-judge", Remove("p-defendant", "谩骂")))
    assert seen(state, "p-defendant") == set() and "p-defendant" not in seen(state, "p-judge")
    assert (state.floor, state.participants["p-defendant"].state) == ("", ParticipantState.REMOVED)


def test_a_removed_judge_loses_every_right_at_once() -> None:
    state = in_session()
    (event,) = reduce.numbered(state, NOW, "court", (Removed("p-judge", "已更换"),))
    state = reduce.apply(state, event)
    assert seen(state, "p-judge") == set()
    for kind in commands.NAMES.values():
        order = kind("p-clerk", "x") if kind in (Isolate, commands.Release, *OF_PERSON.values()) else kind()  # type: ignore[call-arg]
        answer = reduce.decide(state, "p-judge", order, Situation(everybody(state), NOW))
        assert isinstance(answer, Refusal) and answer.code == "removed"


def test_a_hold_silences_all_and_hides_nobody_and_the_recording_runs() -> None:
    state = in_session(*speaking())
    (event,) = reduce.numbered(state, NOW, "court", (HoldStarted(NOW - 15_000),))
    held = reduce.apply(state, event)
    routes = media_routes(held)
    assert not any(routes.audio.values())
    assert routes.video == media_routes(state).video
    assert (routes.recording, routes.recorded_audio) == (True, frozenset())
    (event,) = reduce.numbered(held, NOW, "court", (HoldEnded(),))
    assert media_routes(reduce.apply(held, event)) == media_routes(state)


# --- recess and closing ---


def test_in_recess_a_party_and_their_agent_consult_unheard_and_unrecorded() -> None:
    state = in_session(("p-judge", Recess()), ("p-agent", Consult()))
    assert heard(state, "p-plaintiff") == {"p-agent"} and heard(state, "p-agent") == {"p-plaintiff"}
    assert heard(state, "p-defendant") == set()
    assert heard(state, "p-judge") == COURT_STAFF - {"p-judge"}
    assert media_routes(state).recorded_video == frozenset()
    assert heard(given(state, ("p-clerk", EndConsult("p-plaintiff"))), "p-plaintiff") == set()
    assert given(state, ("p-judge", Resume())).consulting == frozenset()
    assert given(state, ("p-judge", Close())).consulting == frozenset()


def test_the_signing_room_has_whoever_was_in_court_and_no_gallery_and_no_recording() -> None:
    state = in_session(*speaking(), ("p-judge", Close()))
    assert heard(state, "p-defendant") == (COURT_STAFF | PARTY_SIDE) - {"p-defendant"}
    assert seen(state, "p-observer") == seen(state, "p-witness") == set()
    assert media_routes(state).recording is False and media_routes(state).recorded_video == frozenset()


def test_the_bench_deliberates_with_its_clerk_alone() -> None:
    state = given(bench(), ("p-presiding", OpenSession()), ("p-judge", Recess(RecessKind.BENCH)))
    assert heard(state, "p-assessor") == {"p-presiding", "p-judge", "p-assistant", "p-clerk"}
    assert heard(state, "p-appellant") == set()


# --- any walk ---

PEOPLE = sorted({*sole().participants, *bench().participants, STRANGER})
person = st.sampled_from(PEOPLE)
_REASON = "审判员口头指令"
orders: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([OpenSession(), Recess(), Recess(RecessKind.TECHNICAL), Resume(), Close()]),
    st.builds(lambda kind: kind(), st.sampled_from(list(REASON_ONLY.values()))),
    st.builds(
        lambda kind, whom: kind(whom, _REASON),
        st.sampled_from([Isolate, commands.Release, *OF_PERSON.values(), *OF_PERSON_OR_NONE.values()]),
        person,
    ),
    st.builds(lambda kind: kind(), st.sampled_from(list(OF_PERSON_OR_NONE.values()))),
)


class RoutesMachine(RuleBasedStateMachine):
    """Random commands by anybody, the bench's more often, with holds that come and go."""

    @initialize(alone=st.booleans())
    def begin(self, alone: bool) -> None:
        self.state = sole() if alone else bench()
        self.now = NOW

    @rule(actor=person, order=orders)
    def command(self, actor: str, order: Command) -> None:
        self.give(actor, order)

    @rule(order=orders)
    def command_by_who_presides(self, order: Command) -> None:
        self.give(next(each for each in self.state.participants if self.state.presides(each)), order)

    @rule(order=orders)
    def command_by_a_clerk(self, order: Command) -> None:
        self.give("p-clerk", order)

    @rule(seconds=st.integers(0, 90))
    def hold(self, seconds: int) -> None:
        self.now += seconds * 1_000
        if self.state.phase is Phase.IN_SESSION:
            fact = HoldEnded() if self.state.hold_ms else HoldStarted(self.now)
            self.take(reduce.numbered(self.state, self.now, "court", (fact,)))

    def give(self, actor: str, order: Command) -> None:
        decided = reduce.decide(self.state, actor, order, Situation(everybody(self.state) | {actor}, self.now))
        if isinstance(decided, Refusal):
            assert decided.code in REASONS
        else:
            self.take(decided)

    def take(self, events: tuple[reduce.Event, ...]) -> None:
        for event in events:
            self.state = reduce.apply(self.state, event)
            self.look(media_routes(self.state))  # between the entries of one command as well

    def look(self, routes: Routes) -> None:
        state = self.state
        assert routes.audio.keys() == routes.video.keys() == state.participants.keys()
        for listener, speakers in routes.video.items():
            assert listener not in speakers
            assert routes.audio[listener] <= speakers  # whoever is heard is seen
            for speaker in speakers:
                self.look_at_a_pair(routes, listener, speaker)
        self.look_at_the_recording(routes)
        assert routes.large == "" or state.participants[routes.large].state is ParticipantState.IN_COURT
        if state.hold_ms:
            assert not any(routes.audio.values())

    def look_at_a_pair(self, routes: Routes, listener: str, speaker: str) -> None:
        state, people = self.state, self.state.participants
        for each in (people[listener], people[speaker]):
            assert each.state in (ParticipantState.WAITING, ParticipantState.IN_COURT)
        consult = any({listener, speaker} <= set(circle_of(state, party)) for party in state.consulting)
        announced = speaker == state.announcing
        gallery = people[listener].role is Role.OBSERVER
        assert people[speaker].role is not Role.OBSERVER
        if people[speaker].state is ParticipantState.WAITING:
            assert consult
        if people[listener].state is ParticipantState.WAITING:
            assert consult or announced or (gallery and state.gallery_open and state.phase is Phase.IN_SESSION)
        if people[speaker].muted and speaker in routes.audio[listener]:
            assert consult
        if not (announced or gallery):
            assert listener in routes.video[speaker]  # whoever sees somebody is seen by them
        if state.phase not in (Phase.IN_SESSION, Phase.CLOSED):
            both_staff = {people[listener].role, people[speaker].role} <= STAFF
            assert both_staff or consult or announced

    def look_at_the_recording(self, routes: Routes) -> None:
        recorded = routes.recorded_audio | routes.recorded_video
        assert routes.recorded_audio <= routes.recorded_video
        assert routes.recording is (self.state.phase is Phase.IN_SESSION)
        assert routes.recording or not recorded
        for each in recorded:
            assert self.state.participants[each].state is ParticipantState.IN_COURT
        assert not any(self.state.participants[each].muted for each in routes.recorded_audio)

    @invariant()
    def a_bar_empties_both_directions(self) -> None:
        """Whatever the state is: barring anybody in it leaves them nothing."""
        people = tuple(self.state.participants.values())
        for each in (people[self.state.seq % len(people)],):
            for barred in (ParticipantState.ISOLATED, ParticipantState.RELEASED, ParticipantState.REMOVED):
                routes = media_routes(self.state.with_participants([replace(each, state=barred)]))
                assert not routes.audio[each.person] and not routes.video[each.person]
                assert not any(each.person in speakers for speakers in routes.video.values())
                assert each.person not in routes.recorded_video | routes.recorded_audio
                assert routes.large != each.person


RoutesMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=30)
TestRoutesMachine = RoutesMachine.TestCase


def test_a_stranger_consults_for_nobody() -> None:
    assert party_of(sole(), STRANGER) == ""
