"""Where the signing stands after each of its events: one function per event; asks for no right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from server.hearing.events import Event
from server.hearing.signing_events import (
    CorrectionDecided,
    CorrectionRequested,
    FreezeFailed,
    Frozen,
    KeyBound,
    LateEditKept,
    NamedSigner,
    Objected,
    ReadingStarted,
    RefusalConfirmed,
    RefusalRecorded,
    Reopened,
    Signed,
    SigningFact,
    SigningSettled,
    SigningStarted,
    Unreachable,
)
from server.hearing.signing_state import (
    CorrectionRequest,
    Key,
    LateEdit,
    RequestState,
    Scope,
    Signer,
    SignerState,
    Signing,
    TranscriptPhase,
    Version,
)


def _start(now: Signing, event: Event, fact: SigningStarted) -> Signing:
    return replace(now, stage=TranscriptPhase.REVIEW, v=fact.v, started=event.seq, findings=(), fault="")


def _fail(now: Signing, _event: Event, fact: FreezeFailed) -> Signing:
    return replace(now, stage=TranscriptPhase.DRAFT, started=0, findings=fact.findings, fault=fact.code)


def _freeze(now: Signing, event: Event, fact: Frozen) -> Signing:
    version = Version(
        fact.v, event.seq, event.at_ms, fact.of, fact.barrier, fact.digests, fact.checked_by, fact.unprintable
    )
    asked = {each.person: _asked(each, now.before.get(each.person)) for each in fact.signers}
    return replace(
        now,
        stage=TranscriptPhase.SIGNING,
        versions=(*now.versions, version),
        signers=MappingProxyType(asked),
        findings=fact.findings,
    )


def _asked(named: NamedSigner, before: Signer | None) -> Signer:
    """A signature over a part stays valid while that part stays the same."""
    stays = (
        before is not None
        and before.state is SignerState.SIGNED
        and (named.scope, before.scope) == (Scope.PART, Scope.PART)
        and before.part_sha256 == named.part_sha256
    )
    return before if stays and before else Signer(named.person, named.scope, named.part_sha256)


def _bind(now: Signing, event: Event, fact: KeyBound) -> Signing:
    return replace(now, keys=(*now.keys, Key(fact.person, fact.fingerprint, fact.jwk, event.seq)))


def _moved(now: Signing, event: Event, person: str, state: SignerState, **more: Any) -> Signing:
    return now.with_signer(person, state=state, seq=event.seq, at_ms=event.at_ms, **more)


def _signed(now: Signing, event: Event, fact: Signed) -> Signing:
    """A refusal that no judge has confirmed is overtaken by the signature."""
    more = {"reason": "", "signed_v": fact.v, "refusal": 0, "refusal_code": ""}
    return _moved(now, event, fact.person, SignerState.SIGNED, **more)


def _request(now: Signing, event: Event, fact: CorrectionRequested) -> Signing:
    request = CorrectionRequest(event.seq, fact.v, fact.person, fact.turn, fact.reason)
    return replace(now, requests=(*now.requests, request))


def _decide(now: Signing, _event: Event, fact: CorrectionDecided) -> Signing:
    state = RequestState.GRANTED if fact.granted else RequestState.DENIED
    requests = (replace(each, state=state) if each.of == fact.of else each for each in now.requests)
    return replace(now, requests=tuple(requests))


def _reopen(now: Signing, _event: Event, fact: Reopened) -> Signing:
    return replace(
        now,
        stage=TranscriptPhase.DRAFT,
        v=fact.v,
        started=0,
        before=now.signers,
        signers=MappingProxyType({}),
    )


def _record_refusal(now: Signing, event: Event, fact: RefusalRecorded) -> Signing:
    return now.with_signer(fact.person, refusal=event.seq, refusal_code=fact.code.value, reason=fact.reason)


def _confirm_refusal(now: Signing, event: Event, fact: RefusalConfirmed) -> Signing:
    return _moved(now, event, fact.person, SignerState.REFUSED)


def _keep(now: Signing, event: Event, fact: LateEditKept) -> Signing:
    late = LateEdit(event.seq, fact.v, fact.document, fact.person, fact.sha256, fact.bytes, event.at_ms)
    return replace(now, late=(*now.late, late))


EFFECTS: Mapping[type[SigningFact], Callable[[Signing, Event, Any], Signing]] = {
    SigningStarted: _start,
    FreezeFailed: _fail,
    Frozen: _freeze,
    KeyBound: _bind,
    ReadingStarted: lambda now, event, fact: _moved(now, event, fact.person, SignerState.READING),
    Signed: _signed,
    Objected: lambda now, event, fact: _moved(now, event, fact.person, SignerState.OBJECTED, reason=fact.reason),
    CorrectionRequested: _request,
    CorrectionDecided: _decide,
    Reopened: _reopen,
    RefusalRecorded: _record_refusal,
    RefusalConfirmed: _confirm_refusal,
    Unreachable: lambda now, event, fact: _moved(now, event, fact.person, SignerState.UNREACHABLE, reason=fact.reason),
    LateEditKept: _keep,
    SigningSettled: lambda now, _event, _fact: replace(now, stage=TranscriptPhase.SETTLED),
}
