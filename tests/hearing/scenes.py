"""Hearings for the tests: a sole judge's and a bench's, and every case of a command that a guard can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from server.hearing import events, guards, reduce
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.guards import Case, Situation
from server.hearing.reasons import Refusal
from server.hearing.state import HearingState, Options, Participant, ParticipantState, Phase, Role, scheduled

NOW = 1_726_104_600_000  # 2024-09-12T09:30:00+08:00
STRANGER = "p-stranger"
SOLE = (
    Participant("p-judge", "顾明远", Role.JUDGE, "审"),
    Participant("p-clerk", "苏晓禾", Role.CLERK, "书"),
    Participant("p-clerk-2", "沈砚秋", Role.CLERK, "书"),
    Participant("p-plaintiff", "周启航", Role.PLAINTIFF, "原"),
    Participant("p-defendant", "贺岚", Role.DEFENDANT, "被"),
    Participant("p-agent", "秦念", Role.AGENT, "原代", "p-plaintiff"),
    Participant("p-interpreter", "安译", Role.INTERPRETER),
    Participant("p-witness", "梁柏年", Role.WITNESS, "证"),
    Participant("p-expert", "鉴真", Role.EXPERT),
    Participant("p-observer", "陆知行", Role.OBSERVER),
    Participant("p-helper", "技援", Role.HELPER),
)
BENCH = (
    Participant("p-presiding", "程正", Role.PRESIDING_JUDGE, "审"),
    Participant("p-judge", "顾明远", Role.JUDGE, "审"),
    Participant("p-assessor", "众议", Role.ASSESSOR),
    Participant("p-assistant", "助审", Role.JUDGE_ASSISTANT),
    Participant("p-clerk", "苏晓禾", Role.CLERK, "书"),
    Participant("p-appellant", "甲方", Role.APPELLANT),
    Participant("p-appellee", "乙方", Role.APPELLEE),
    Participant("p-third", "丙方", Role.THIRD_PARTY),
)


_SOLE_SCHEDULED = scheduled("h-1", Options(sole=True, observers_read=True), SOLE)
_BENCH_SCHEDULED = scheduled("h-2", Options(), BENCH)


def sole(**changed: object) -> HearingState:
    """A scheduled hearing before a sole judge with two clerks; observers may read."""
    return replace(_SOLE_SCHEDULED, **changed)  # type: ignore[arg-type]


def bench() -> HearingState:
    """A scheduled hearing before a bench of three with one clerk."""
    return _BENCH_SCHEDULED


def everybody(state: HearingState) -> frozenset[str]:
    return frozenset(state.participants)


def done(state: HearingState, actor: str, command: Command, *, now: int = NOW) -> tuple[HearingState, events.Event]:
    """The hearing after a command that must be accepted, everybody connected."""
    decided = reduce.decide(state, actor, command, Situation(everybody(state), now))
    assert not isinstance(decided, Refusal), decided
    (event,) = decided
    return reduce.apply(state, event), event


def refused(state: HearingState, actor: str, command: Command, *, connected: frozenset[str] | None = None) -> str:
    """The code of a command that must be refused."""
    present = everybody(state) if connected is None else connected
    decided = reduce.decide(state, actor, command, Situation(present, NOW))
    assert isinstance(decided, Refusal), decided
    return decided.code


def opened() -> HearingState:
    return done(sole(), "p-judge", OpenSession())[0]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that a guard can tell apart about one command; two that differ in one field are neighbours."""

    hearing: str
    command: type[Command]
    phase: Phase
    actor: str
    actor_state: ParticipantState
    target: str
    target_state: ParticipantState
    reason: str
    connected: str

    def case(self) -> Case:
        state = replace(sole() if self.hearing == "sole" else bench(), phase=self.phase)
        for person, put in ((self.actor, self.actor_state), (self.target, self.target_state)):
            if person in state.participants:
                back = ParticipantState.WAITING if put is ParticipantState.ISOLATED else None
                state = state.with_participants([replace(state.participants[person], state=put, back_to=back)])
        absent = {"all": (), "no judge": (Role.JUDGE, Role.PRESIDING_JUDGE), "no clerk": (Role.CLERK,)}[self.connected]
        present = frozenset(each.person for each in state.participants.values() if each.role not in absent)
        command = self.command(self.target, self.reason) if self.target else self.command(reason=self.reason)  # type: ignore[call-arg]
        return Case(state, self.actor, command, Situation(present, NOW))

    def code(self) -> str:
        return guards.failing(self.case())

    def neighbours(self) -> Iterator[Circumstances]:
        """The same but for one field."""
        for name, values in _choices(self.hearing, self.command).items():
            for value in values:
                if value != getattr(self, name):
                    yield replace(self, **{name: value})


_STATES = (ParticipantState.IN_COURT, ParticipantState.ISOLATED, ParticipantState.RELEASED, ParticipantState.REMOVED)


_ASKERS = ("p-judge", "p-presiding", "p-assessor", "p-assistant", "p-clerk", "p-clerk-2", "p-plaintiff", "p-witness")


def _choices(hearing: str, command: type[Command]) -> dict[str, tuple[object, ...]]:
    people = tuple(each.person for each in (SOLE if hearing == "sole" else BENCH))
    personal = command in (Isolate, Release)
    askers = _ASKERS if personal else people  # who is spoken of multiplies the cases, so fewer ask
    return {
        "phase": (Phase.SCHEDULED, Phase.RECESS, Phase.CLOSED) if personal else tuple(Phase),
        "actor": (*(person for person in askers if person in people), STRANGER),
        "actor_state": _STATES,
        "target": (*people, STRANGER) if personal else ("",),
        "target_state": _STATES if personal else (ParticipantState.IN_COURT,),
        "reason": ("", "审判长口头指令"),
        "connected": ("all", "no judge", "no clerk") if not personal else ("all",),
    }


@cache
def universe() -> tuple[Circumstances, ...]:
    """Every combination, for both hearings and all commands."""
    found: list[Circumstances] = []
    for hearing in ("sole", "bench"):
        for command in (OpenSession, Recess, Resume, Close, Isolate, Release):
            choices = _choices(hearing, command)
            for values in product(*choices.values()):
                found.append(Circumstances(hearing, command, *values))  # type: ignore[arg-type]
    return tuple(found)
