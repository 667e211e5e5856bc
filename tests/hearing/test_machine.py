"""No sequence of commands gives an isolated person access to anything, and the log alone rebuilds the state."""

from __future__ import annotations

import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crdt_docs.signing.log_tree import canonical
from server.hearing import documents, events, reduce, times
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.court_commands import Line
from server.hearing.court_events import PrivateLine
from server.hearing.events import Event, Isolated, Released
from server.hearing.guards import Situation
from server.hearing.permissions import document_access
from server.hearing.reasons import REASONS, Refusal
from server.hearing.sight import Circle, circle, may_see_event
from server.hearing.state import STAFF, HearingState, ParticipantState, Phase
from server.hearing.transcript_lines import line
from tests.hearing.scenes import NOW, STRANGER, bench, sole

PEOPLE = sorted({*sole().participants, *bench().participants, STRANGER})
person = st.sampled_from(PEOPLE)
reason = st.sampled_from(["", "审判员口头指令"])
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(OpenSession, reason),
    st.builds(Recess, reason=reason, until=st.sampled_from(["", "10:15"])),
    st.builds(Resume, reason),
    st.builds(Close, reason),
    st.builds(Isolate, person, reason),
    st.builds(Release, person, reason),
    st.builds(Line, st.one_of(st.just(""), person), text=st.sampled_from(["", "我不舒服"])),
)


class HearingMachine(RuleBasedStateMachine):
    """Random commands by anybody, with any presence and a clock that jumps."""

    @initialize(alone=st.booleans())
    def begin(self, alone: bool) -> None:
        self.first = self.state = sole() if alone else bench()
        self.log: list[tuple[Event, HearingState]] = []
        self.now = NOW

    @rule(actor=person, command=commands, absent=st.frozensets(person, max_size=3), step=st.integers(-4_000, 9_000))
    def command(self, actor: str, command: Command, absent: frozenset[str], step: int) -> None:
        self.give(actor, command, absent, step)

    @rule(command=commands, step=st.integers(-4_000, 9_000))
    def command_by_who_presides(self, command: Command, step: int) -> None:
        head = next(each for each in self.state.participants if self.state.presides(each))
        self.give(head, command, frozenset(), step)

    def give(self, actor: str, command: Command, absent: frozenset[str], step: int) -> None:
        self.now += step
        present = frozenset(self.state.participants) - absent | {actor}
        decided = reduce.decide(self.state, actor, command, Situation(present, self.now))
        if isinstance(decided, Refusal):
            assert decided.code in REASONS
            return
        for event in decided:
            self.state = reduce.apply(self.state, event)
            self.log.append((event, self.state))

    @invariant()
    def nobody_isolated_has_anything(self) -> None:
        for each in self.state.participants.values():
            if each.state is not ParticipantState.ISOLATED:
                continue
            for name in self.names(each.person):
                access = document_access(self.state, each.person, name)
                assert (access.read, access.write, access.reason) == (False, False, "isolated")
            assert circle(self.state, each.person) is Circle.NOBODY

    @invariant()
    def nothing_of_an_isolation_is_ever_told_to_its_person(self) -> None:
        for event, after in self.log:
            for each in after.participants.values():
                if each.state is ParticipantState.ISOLATED and may_see_event(after, each.person, event):
                    assert isinstance(event.fact, Isolated | PrivateLine) and event.concerns == each.person

    @invariant()
    def a_private_line_is_told_to_its_person_and_to_staff_alone(self) -> None:
        for event, after in self.log:
            if isinstance(event.fact, PrivateLine):
                assert after.participants[event.concerns].state is ParticipantState.ISOLATED
                for each in after.participants.values():
                    staff = each.role in STAFF and not each.barred
                    assert may_see_event(after, each.person, event) is (staff or each.person == event.concerns)

    @invariant()
    def the_court_stays_able_to_sit(self) -> None:
        barred = [each for each in self.state.participants.values() if each.barred]
        assert not any(self.state.presides(each.person) for each in barred)
        assert any(each.role == "clerk" and not each.barred for each in self.state.participants.values())

    @invariant()
    def strangers_have_nothing(self) -> None:
        for name in self.names(STRANGER):
            assert document_access(self.state, STRANGER, name).reason == "not_in_hearing"

    @invariant()
    def the_log_alone_rebuilds_the_state(self) -> None:
        state = self.first
        for event, _ in self.log:
            header = {"seq": event.seq, "at": times.utc(event.at_ms), "kind": event.kind, "actor": event.actor}
            stored = json.loads(canonical(event.payload()))
            assert events.read(header, stored) == event
            state = reduce.apply(state, events.read(header, stored))
        assert state == self.state

    @invariant()
    def phases_only_go_the_way_they_may(self) -> None:
        closed_at = [event.seq for event, after in self.log if after.phase is Phase.CLOSED]
        later = [event.fact for event, _ in self.log if closed_at and event.seq > closed_at[0]]
        assert all(isinstance(fact, Isolated | Released | PrivateLine) for fact in later)

    @invariant()
    def every_entry_has_its_line(self) -> None:
        for event, after in self.log[-1:]:
            turn = line(after, event)
            if isinstance(event.fact, PrivateLine):
                assert turn is None
                continue
            assert turn is not None and turn.id == f"c{event.seq}" and turn.origin == f"control:{event.seq}"

    def names(self, whose: str) -> list[documents.DocumentName]:
        hearing = self.state.id
        shared = [documents.transcript(hearing), documents.annotations(hearing, "e1")]
        return [*shared, documents.notes(hearing, whose, "e1")]


HearingMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25)
TestHearingMachine = HearingMachine.TestCase
