"""The signing of a transcript for the tests: hearings at each stage, and every case of its commands a guard can tell
apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from types import MappingProxyType

from server.hearing import guards, reduce, signing
from server.hearing.commands import (
    Command,
    ConfirmRefusal,
    DecideCorrection,
    MarkUnreachable,
    Object,
    RecordRefusal,
    Reopen,
    RequestCorrection,
    SigningCommand,
    StartSigning,
)
from server.hearing.events import Event, Fact
from server.hearing.guards import READING_MS, Case, Situation
from server.hearing.reasons import Refusal
from server.hearing.signing_events import Frozen
from server.hearing.signing_state import (
    CorrectionRequest,
    Digests,
    RefusalCode,
    RequestState,
    Scope,
    Signer,
    SignerState,
    Signing,
    TranscriptPhase,
    Version,
)
from server.hearing.state import COURT, HearingState, ParticipantState, Phase
from tests.hearing.scenes import NOW, STRANGER, bench, everybody, opened, sole

DIGESTS = Digests("c" * 64, "u" * 64, "s" * 64, "p" * 64)
JWK = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}
ENVELOPE = {"payloadType": "x", "payload": "e30=", "signatures": [{"keyid": "f", "sig": "AA=="}]}
SIGNERS = ("p-judge", "p-clerk", "p-clerk-2", "p-plaintiff", "p-defendant", "p-agent", "p-interpreter")
WITNESS = {"p-witness": "1" * 64}  # the witness spoke; digest of their part


def facts(state: HearingState, actor: str, found: tuple[Fact, ...], now: int = NOW) -> tuple[HearingState, list[Event]]:
    """The hearing after facts that are entered beside commands."""
    events = list(reduce.numbered(state, now, actor, found))
    for event in events:
        state = reduce.apply(state, event)
    return state, events


def entered(state: HearingState, actor: str, decided: signing.Decided, now: int = NOW) -> HearingState:
    """The hearing after something that must be accepted."""
    assert not isinstance(decided, Refusal), decided
    return facts(state, actor, decided, now)[0]


def ordered(state: HearingState, actor: str, *commands: Command, now: int = NOW) -> HearingState:
    """The hearing after commands that must be accepted, everybody connected."""
    for command in commands:
        decided = reduce.decide(state, actor, command, Situation(everybody(state), now))
        assert not isinstance(decided, Refusal), (command, decided)
        for event in decided:
            state = reduce.apply(state, event)
    return state


def froze(state: HearingState, parts: dict[str, str] | None = None, now: int = NOW) -> HearingState:
    """What is under review becomes the next version."""
    started = state.signing.started
    found = Frozen(state.signing.v, started, 9, DIGESTS, signing.expected(state, parts or {}))
    return facts(state, COURT, signing.outcome(state, started, found), now)[0]


def being_signed(parts: dict[str, str] | None = None) -> HearingState:
    """A sole judge's hearing in session with version 1 before its signers."""
    return froze(ordered(opened(), "p-judge", StartSigning()), parts)


def bound(state: HearingState, *people: str) -> HearingState:
    for person in people:
        state = entered(state, person, signing.bind_key(state, person, JWK, f"key of {person}"))
    return state


def signed(state: HearingState, *people: str, now: int = NOW) -> HearingState:
    """The hearing after these have signed the version that lies before them."""
    for person in people:
        if not state.signing.keys_of(person):
            state = bound(state, person)
        decided = signing.sign(state, person, state.signing.v, ENVELOPE, f"statement of {person}")
        state = entered(state, person, decided, now)
    return state


@dataclass(frozen=True, slots=True)
class SigningCase:
    """All that a guard can tell apart about one command of the signing; two that differ in one field are neighbours."""

    hearing: str
    command: type[SigningCommand]
    phase: Phase
    stage: TranscriptPhase
    actor: str
    actor_state: ParticipantState
    target: str
    signer: SignerState  # of the target, else of the actor
    recorded: bool  # whether the clerk has recorded a refusal of that signer
    request: RequestState | None
    asked: int  # undecided requests of the actor
    late: bool  # whether the five days are over
    code: RefusalCode
    granted: bool
    reason: str

    def case(self) -> Case:
        state = replace(sole() if self.hearing == "sole" else bench(), phase=self.phase)
        if self.actor in state.participants:
            back = ParticipantState.WAITING if self.actor_state is ParticipantState.ISOLATED else None
            changed = replace(state.participants[self.actor], state=self.actor_state, back_to=back)
            state = state.with_participants([changed])
        now = NOW + (READING_MS if self.late else READING_MS - 1)
        return Case(
            replace(state, signing=self._signing(state)), self.actor, self._command(), Situation(frozenset(), now)
        )

    def _signing(self, state: HearingState) -> Signing:
        names = [each.person for each in signing.expected(state, {})]
        signers = {person: Signer(person, Scope.WHOLE) for person in names}
        about = self.target or self.actor
        if about in signers:
            signers[about] = replace(signers[about], state=self.signer, refusal=7 if self.recorded else 0)
        requests = [CorrectionRequest(5, 1, "p-x", "", "漏记", self.request)] if self.request else []
        requests += [CorrectionRequest(100 + n, 1, self.actor, "", "漏记") for n in range(self.asked)]
        there = self.stage in (TranscriptPhase.SIGNING, TranscriptPhase.SETTLED)
        return Signing(
            self.stage,
            versions=(Version(1, 4, NOW, 3, 9, DIGESTS),) if there else (),
            signers=MappingProxyType(signers if there else {}),
            requests=tuple(requests),
        )

    def _command(self) -> SigningCommand:
        match self.command.__name__:
            case "RecordRefusal":
                return RecordRefusal(self.target, self.code, self.reason)
            case "ConfirmRefusal" | "MarkUnreachable":
                return self.command(self.target, self.reason)  # type: ignore[call-arg]
            case "DecideCorrection":
                return DecideCorrection(5, self.granted, self.reason)
            case _:
                return self.command(self.reason)  # type: ignore[call-arg]

    def neighbours(self) -> Iterator[SigningCase]:
        for name, values in choices(self.hearing, self.command).items():
            for value in values:
                if value != getattr(self, name):
                    yield replace(self, **{name: value})


_PEOPLE = {
    "sole": ("p-judge", "p-clerk", "p-plaintiff", "p-witness", "p-observer", STRANGER),
    "bench": ("p-presiding", "p-judge", "p-assessor", "p-assistant", "p-clerk", "p-appellee"),
}
_ON_SIGNER = (RecordRefusal, ConfirmRefusal, MarkUnreachable)
_STATES = (ParticipantState.IN_COURT, ParticipantState.ISOLATED, ParticipantState.RELEASED, ParticipantState.REMOVED)
_SIGNER_STATES = (SignerState.READING, SignerState.SIGNED)
COMMANDS: tuple[type[SigningCommand], ...] = (
    StartSigning,
    Reopen,
    RequestCorrection,
    DecideCorrection,
    Object,
    RecordRefusal,
    ConfirmRefusal,
    MarkUnreachable,
)


def choices(hearing: str, command: type[SigningCommand]) -> dict[str, tuple[object, ...]]:
    """What may differ; only what a command's guards can see has more than one value."""
    on_signer = command in _ON_SIGNER
    decides = command is DecideCorrection
    return {
        "phase": tuple(Phase) if command is StartSigning else (Phase.CLOSED,),
        "stage": tuple(TranscriptPhase),
        "actor": _PEOPLE[hearing],
        "actor_state": _STATES,
        "target": ("p-judge", "p-clerk", "p-plaintiff", "p-observer", STRANGER) if on_signer else ("",),
        "signer": _SIGNER_STATES if on_signer else tuple(SignerState) if command is Object else (SignerState.PENDING,),
        "recorded": (False, True) if command is ConfirmRefusal else (False,),
        "request": (None, *RequestState) if decides else (None,),
        "asked": (0, guards.MOST_REQUESTS) if command is RequestCorrection else (0,),
        "late": (False, True) if command is MarkUnreachable else (False,),
        "code": (RefusalCode.OTHER, RefusalCode.ABSENT) if command is RecordRefusal else (RefusalCode.OTHER,),
        "granted": (False, True) if decides else (False,),
        "reason": ("", "有理由"),
    }


@cache
def signing_universe() -> dict[SigningCase, str]:
    """Every combination beside the code of the guard that refuses it."""
    found: dict[SigningCase, str] = {}
    for hearing, command in product(_PEOPLE, COMMANDS):
        for values in product(*choices(hearing, command).values()):
            case = SigningCase(hearing, command, *values)  # type: ignore[arg-type]
            found[case] = guards.failing(case.case())
    return found
