"""No sequence of commands, signatures and freezes breaks what a signature stands on."""

from __future__ import annotations

import itertools
import json

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from crdt_docs.signing.log_tree import canonical
from server.hearing import events, reduce, signing, times
from server.hearing.commands import (
    Close,
    Command,
    ConfirmRefusal,
    DecideCorrection,
    Isolate,
    MarkUnreachable,
    Object,
    OpenSession,
    Recess,
    RecordRefusal,
    Release,
    Reopen,
    RequestCorrection,
    Resume,
    StartSigning,
)
from server.hearing.documents import transcript
from server.hearing.events import Event, Fact
from server.hearing.guards import Situation
from server.hearing.permissions import document_access
from server.hearing.reasons import REASONS, Refusal
from server.hearing.sight import may_see_event
from server.hearing.signing_events import FreezeFailed, Frozen, Signed, SigningFact, SigningSettled
from server.hearing.signing_state import RefusalCode, TranscriptPhase
from server.hearing.state import COURT, HearingState, ParticipantState
from server.hearing.transcript_lines import line
from tests.hearing.scenes import NOW, STRANGER, sole
from tests.hearing.signing_scenes import DIGESTS, ENVELOPE, JWK

PEOPLE = sorted({*sole().participants, STRANGER})
person = st.sampled_from(PEOPLE)
reason = st.sampled_from(["", "有理由"])
entry = st.integers(1, 40)
commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(StartSigning, reason),
    st.builds(Reopen, reason),
    st.builds(RequestCorrection, reason),
    st.builds(DecideCorrection, entry, st.booleans(), reason),
    st.builds(Object, reason),
    st.builds(RecordRefusal, person, st.sampled_from(RefusalCode), reason),
    st.builds(ConfirmRefusal, person, reason),
    st.builds(MarkUnreachable, person, reason),
    st.builds(Isolate, person, st.just("指令")),
    st.builds(Release, person, st.just("指令")),
    st.builds(Recess),
    st.builds(Resume),
    st.builds(Close),
)
DAY = 24 * 60 * 60 * 1_000


def being_signed(machine: SigningMachine) -> bool:
    return machine.state.transcript is TranscriptPhase.SIGNING


class SigningMachine(RuleBasedStateMachine):
    """Anybody does anything at any time, and time jumps by days."""

    @initialize(frozen=st.booleans())
    def begin(self, frozen: bool) -> None:
        self.first = self.state = sole()
        self.log: list[tuple[Event, HearingState]] = []
        self.now = NOW
        self.give("p-judge", OpenSession())
        if frozen:
            self.give("p-judge", StartSigning())
            asked = signing.expected(self.state, {"p-witness": "1" * 64})
            of = self.state.signing.started
            self.enter(COURT, signing.outcome(self.state, of, Frozen(1, of, 9, DIGESTS, asked)))

    def enter(self, actor: str, decided: tuple[Fact, ...] | Refusal) -> None:
        if isinstance(decided, Refusal):
            assert decided.code in REASONS
            return
        for event in reduce.numbered(self.state, self.now, actor, decided):
            self.state = reduce.apply(self.state, event)
            self.log.append((event, self.state))

    def give(self, actor: str, command: Command) -> None:
        situation = Situation(frozenset(self.state.participants) | {actor}, self.now)
        decided = reduce.decide(self.state, actor, command, situation)
        if isinstance(decided, Refusal):
            assert decided.code in REASONS
            return
        for event in decided:
            self.state = reduce.apply(self.state, event)
            self.log.append((event, self.state))

    @rule(actor=person, command=commands, days=st.integers(0, 3))
    def anybody_commands(self, actor: str, command: Command, days: int) -> None:
        self.now += days * DAY
        self.give(actor, command)

    @precondition(lambda self: self.state.transcript in (TranscriptPhase.SIGNING, TranscriptPhase.SETTLED))
    @rule()
    def the_judge_reopens(self) -> None:
        self.give("p-judge", Reopen("补记"))

    @precondition(lambda self: self.state.transcript is TranscriptPhase.DRAFT)
    @rule()
    def the_judge_starts(self) -> None:
        self.give("p-judge", StartSigning())

    @precondition(lambda self: self.state.transcript is TranscriptPhase.REVIEW)
    @rule(fails=st.sampled_from([True, False, False]), part=st.sampled_from(["1" * 64, "1" * 64, "2" * 64, ""]))
    def a_freeze_ends(self, fails: bool, part: str) -> None:
        v, of = self.state.signing.v, self.state.signing.started
        asked = signing.expected(self.state, {"p-witness": part} if part else {})
        result = FreezeFailed(v, "lint") if fails else Frozen(v, of, 9, DIGESTS, asked)
        self.enter(COURT, signing.outcome(self.state, of, result))

    @precondition(being_signed)
    @rule(but=st.sampled_from(["", "", "p-agent", "p-witness"]))
    def most_sign(self, but: str) -> None:
        for each in list(self.state.signing.signers):
            if each != but:
                self.enter(each, signing.bind_key(self.state, each, JWK, f"key of {each}"))
                self.enter(each, signing.sign(self.state, each, self.state.signing.v, ENVELOPE, "s"))

    @precondition(being_signed)
    @rule(data=st.data(), what=st.sampled_from(["sign", "object", "request", "refuse", "lose", "read"]))
    def a_signer_is_dealt_with(self, data: st.DataObject, what: str) -> None:
        who = data.draw(st.sampled_from(sorted(self.state.signing.signers)))
        if what == "sign":
            self.enter(who, signing.sign(self.state, who, self.state.signing.v, ENVELOPE, "s"))
        elif what == "read":
            self.enter(who, signing.start_reading(self.state, who, self.state.signing.v))
        elif what == "object":
            self.give(who, Object("不实"))
        elif what == "request":
            self.give(who, RequestCorrection("漏记"))
            self.give("p-judge", DecideCorrection(self.state.seq, True))
        elif what == "refuse":
            self.give("p-clerk", RecordRefusal(who, RefusalCode.ABSENT))
            self.give("p-judge", ConfirmRefusal(who))
        else:
            self.now += 5 * DAY
            self.give("p-clerk", MarkUnreachable(who))

    @rule(actor=person, v=st.integers(0, 4))
    def somebody_signs(self, actor: str, v: int) -> None:
        self.enter(actor, signing.sign(self.state, actor, v, ENVELOPE, "s"))

    @rule(actor=person, key=st.integers(0, 3))
    def somebody_binds_a_key(self, actor: str, key: int) -> None:
        self.enter(actor, signing.bind_key(self.state, actor, JWK, f"key {key}"))

    @rule(actor=person, v=st.integers(1, 3))
    def somebody_reads(self, actor: str, v: int) -> None:
        self.enter(actor, signing.start_reading(self.state, actor, v))

    @invariant()
    def versions_only_rise_and_stay(self) -> None:
        seen = [after.signing for _, after in self.log]
        for before, after in itertools.pairwise(seen):
            assert after.v in (before.v, before.v + 1)
            assert after.versions[: len(before.versions)] == before.versions
        numbers = [version.v for version in self.state.signing.versions]
        assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def a_signature_is_its_persons_for_the_version_before_them_and_the_only_one(self) -> None:
        signatures = [(event, event.fact) for event, _ in self.log if isinstance(event.fact, Signed)]
        assert len({(fact.v, fact.person) for _, fact in signatures}) == len(signatures)
        befores = {event.seq: before for event, before in self.steps()}
        for event, fact in signatures:
            before = befores[event.seq]
            assert event.actor == fact.person
            assert (before.transcript, before.signing.v) == (TranscriptPhase.SIGNING, fact.v)
            assert not before.participants[fact.person].barred
            assert before.signing.keys_of(fact.person)

    def steps(self) -> list[tuple[Event, HearingState]]:
        """Each event beside the hearing before it."""
        states = [self.first, *(after for _, after in self.log)]
        return [(event, before) for (event, _), before in zip(self.log, states, strict=False)]

    @invariant()
    def settled_when_and_only_when_nobody_is_left(self) -> None:
        now = self.state.signing
        done = bool(now.signers) and all(
            each.state.value in ("SIGNED", "REFUSED", "UNREACHABLE") for each in now.signers.values()
        )
        assert (now.stage is TranscriptPhase.SETTLED) == (done and now.frozen is not None)
        settled = [event for event, _ in self.log if isinstance(event.fact, SigningSettled)]
        assert len({event.fact.v for event in settled}) == len(settled)

    @invariant()
    def a_clerk_writes_in_a_draft_alone(self) -> None:
        name = transcript(self.state.id)
        for clerk in ("p-clerk", "p-clerk-2"):
            access = document_access(self.state, clerk, name)
            draft = self.state.transcript is TranscriptPhase.DRAFT
            assert access.write == (draft and not self.state.participants[clerk].barred)

    @invariant()
    def nothing_is_written_into_a_frozen_text(self) -> None:
        for event, before in self.steps():
            after = reduce.apply(before, event)
            if line(after, event) is not None:
                assert before.transcript is TranscriptPhase.DRAFT or after.transcript is TranscriptPhase.DRAFT

    @invariant()
    def others_learn_nothing_of_anybodys_reasons(self) -> None:
        for event, after in self.log:
            if not isinstance(event.fact, SigningFact) or not event.concerns:
                continue
            told = {each for each in after.participants if may_see_event(after, each, event)}
            if event.kind != "KeyBound":
                assert told <= {"p-judge", "p-clerk", "p-clerk-2", event.concerns}

    @invariant()
    def the_isolated_learn_nothing(self) -> None:
        for event, after in self.log:
            for each in after.participants.values():
                if each.state is ParticipantState.ISOLATED and isinstance(event.fact, SigningFact):
                    assert not may_see_event(after, each.person, event)

    @invariant()
    def the_log_alone_rebuilds_the_state(self) -> None:
        state = self.first
        for event, _ in self.log:
            header = {"seq": event.seq, "at": times.utc(event.at_ms), "kind": event.kind, "actor": event.actor}
            state = reduce.apply(state, events.read(header, json.loads(canonical(event.payload()))))
        assert state == self.state


SigningMachine.TestCase.settings = settings(max_examples=120, stateful_step_count=25)
TestSigningMachine = SigningMachine.TestCase
