"""Signing beside the commands: may this key be bound, this reading begin, this signature be taken, and what then
happens. Pure; the signatures themselves are checked where they come in, never here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.hearing.reasons import Refusal, refusal
from server.hearing.signing_events import (
    FreezeFailed,
    Frozen,
    KeyBound,
    LateEditKept,
    NamedSigner,
    ReadingStarted,
    Signed,
    SigningFact,
    SigningSettled,
)
from server.hearing.signing_state import FROZEN, Scope, SignerState, TranscriptPhase
from server.hearing.state import PART_SIGNER_ROLES, SIGNER_ROLES, HearingState, Participant, ParticipantState

MOST_KEYS = 20  # bound to one person: one per device and lost key
MOST_LATE = 200  # late edits kept of one person: a clerk's page sends what it has as one
LATE_BYTES = 4 * 1024 * 1024  # of all late edits kept of a hearing

Decided = tuple[SigningFact, ...] | Refusal

_BARRED = {
    ParticipantState.ISOLATED: "isolated",
    ParticipantState.RELEASED: "released",
    ParticipantState.REMOVED: "removed",
}


def may_sign(state: HearingState, person: str) -> bool:
    """Whether the person is asked to sign, or will be when a version is frozen (a witness: if they spoke)."""
    if state.transcript in FROZEN:
        return person in state.signing.signers
    participant = state.participants.get(person)
    return participant is not None and participant.role in SIGNER_ROLES | PART_SIGNER_ROLES


def expected(state: HearingState, parts: Mapping[str, str]) -> tuple[NamedSigner, ...]:
    """Who is asked to sign the version that is being frozen, in the order of the roster. `parts`: digest of what each
    person that spoke said and was asked.
    """
    found = (_named(each, parts) for each in state.participants.values() if each.state is not ParticipantState.REMOVED)
    return tuple(each for each in found if each is not None)


def _named(participant: Participant, parts: Mapping[str, str]) -> NamedSigner | None:
    person, role = participant.person, participant.role
    if role in SIGNER_ROLES:
        return NamedSigner(person, role.value, Scope.WHOLE)
    if role in PART_SIGNER_ROLES and person in parts:
        return NamedSigner(person, role.value, Scope.PART, parts[person])
    return None


def bind_key(state: HearingState, person: str, jwk: Mapping[str, str], fingerprint: str) -> Decided:
    """The key is the person's for this hearing; at any time, so that fingerprints are known before anybody signs."""
    owner = next((key.person for key in state.signing.keys if key.fingerprint == fingerprint), "")
    code = _asker(state, person) or _first(
        ("key_known", owner != person),
        ("key_of_another", not owner or owner == person),
        ("too_many_keys", len(state.signing.keys_of(person)) < MOST_KEYS),
    )
    return refusal(code) if code else (KeyBound(person, dict(jwk), fingerprint),)


def start_reading(state: HearingState, person: str, v: int) -> Decided:
    """The signer has the text before them; said again, or after a decision, it changes nothing."""
    code = _asker(state, person) or _version(state, v)
    if code:
        return refusal(code)
    pending = state.signing.signers[person].state is SignerState.PENDING
    return (ReadingStarted(v, person),) if pending else ()


def sign(
    state: HearingState,
    person: str,
    v: int,
    envelope: Mapping[str, Any],
    statement_sha256: str,
    handwriting_sha256: str = "",
    reservation: str = "",
) -> Decided:
    """The signature counts. Reading is not asked for: a command line signer may have read elsewhere."""
    code = _asker(state, person) or _version(state, v)
    if code:
        return refusal(code)
    signer = state.signing.signers[person]
    code = _first(
        ("already_signed", signer.state is not SignerState.SIGNED),
        ("signer_done", not signer.done),
        ("key_missing", bool(state.signing.keys_of(person))),
    )
    if code:
        return refusal(code)
    return (Signed(v, person, dict(envelope), statement_sha256, handwriting_sha256, reservation),)


def outcome(state: HearingState, of: int, result: Frozen | FreezeFailed) -> tuple[SigningFact, ...]:
    """What has become of the freeze that entry `of` started; nothing when that is not under way (any more)."""
    under_way = state.transcript is TranscriptPhase.REVIEW and state.signing.started == of
    return (result,) if under_way else ()


def late_edit(state: HearingState, document: str, person: str, sha256: str, size: int) -> tuple[SigningFact, ...]:
    """An update came after the freeze: put aside once, while there is room. In a draft nothing is late."""
    late = state.signing.late
    known = any((each.document, each.sha256) == (document, sha256) for each in late)
    crowded = sum(each.person == person for each in late) >= MOST_LATE or (
        sum(each.bytes for each in late) + size > LATE_BYTES
    )
    if known or crowded or state.transcript is TranscriptPhase.DRAFT:
        return ()
    return (LateEditKept(state.signing.v, document, person, sha256, size),)


def settling(state: HearingState) -> SigningSettled | None:
    """What follows when nobody is left who has to sign."""
    signing = state.signing
    return SigningSettled(signing.v) if signing.stage is TranscriptPhase.SIGNING and signing.settled else None


def _asker(state: HearingState, person: str) -> str:
    """Code why this person may not sign at all at this moment; empty when they may."""
    participant = state.participants.get(person)
    if participant is None:
        return "not_in_hearing"
    if participant.state in _BARRED:
        return _BARRED[participant.state]
    return "" if may_sign(state, person) else "not_a_signer"


def _version(state: HearingState, v: int) -> str:
    return _first(
        ("not_being_signed", state.transcript is TranscriptPhase.SIGNING), ("wrong_version", v == state.signing.v)
    )


def _first(*conditions: tuple[str, bool]) -> str:
    """Code of the first condition that does not hold."""
    return next((code for code, holds in conditions if not holds), "")
