"""Where the signing of a transcript stands: frozen values of versions, signers, keys and requests; decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class TranscriptPhase(StrEnum):
    """The transcript's region; clerks write while it is a draft. REVIEW: it is being frozen."""

    DRAFT = "DRAFT"
    REVIEW = "REVIEW"
    SIGNING = "SIGNING"
    SETTLED = "SETTLED"


class SignerState(StrEnum):
    """A signer's region, for the version that is being signed."""

    PENDING = "PENDING"
    READING = "READING"
    SIGNED = "SIGNED"
    OBJECTED = "OBJECTED"  # still has to sign, or to be recorded as refusing
    REFUSED = "REFUSED"
    UNREACHABLE = "UNREACHABLE"


class Scope(StrEnum):
    """What a signature is over: the whole transcript, or what the person said and was asked."""

    WHOLE = "whole"
    PART = "part"


class RequestState(StrEnum):
    """What has become of a request for a correction 补正."""

    OPEN = "open"
    GRANTED = "granted"
    DENIED = "denied"


class FreezeFault(StrEnum):
    """Why a transcript could not be frozen."""

    LINT = "lint"
    DIGEST_DIFFERS = "digest_differs"
    PDF_FAILED = "pdf_failed"
    LOG_BROKEN = "log_broken"  # the log does not give a document


class RefusalCode(StrEnum):
    """Why somebody does not sign, as the clerk chooses it."""

    DISAGREES = "disagrees"
    ABSENT = "absent"
    NO_REASON = "no_reason"
    OTHER = "other"


DONE = frozenset({SignerState.SIGNED, SignerState.REFUSED, SignerState.UNREACHABLE})
FROZEN = frozenset({TranscriptPhase.SIGNING, TranscriptPhase.SETTLED})  # a version lies before the signers


@dataclass(frozen=True, slots=True)
class Finding:
    """What keeps a transcript from being frozen, or is to be looked at: a character (`code_point`) at a place of a
    turn."""

    code: str
    turn: str
    at: int
    code_point: int


@dataclass(frozen=True, slots=True)
class Digests:
    """What a signature binds: content, exact bytes of the merged update, CRDT state, PDF; SHA-256, hex."""

    content_sha256: str
    update_sha256: str
    state_sha256: str
    pdf_sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen version. `seq`: its entry; `of`: the entry that started it; `barrier`: the last update in it;
    `checked_by`: person and role whose page found the same digest; empty when nobody's did.
    """

    v: int
    seq: int
    at_ms: int
    of: int
    barrier: int
    digests: Digests
    checked_by: tuple[str, str] | None = None
    unprintable: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Signer:
    """One who is asked to sign. `seq`, `at_ms`: the entry that put them into their state; `signed_v`: the version
    they put their name to (an earlier one when their part has not changed since).

    `refusal`: the clerk's entry that a judge has not confirmed yet; 0: none.
    """

    person: str
    scope: Scope
    part_sha256: str = ""
    state: SignerState = SignerState.PENDING
    seq: int = 0
    at_ms: int = 0
    reason: str = ""
    signed_v: int = 0
    refusal: int = 0
    refusal_code: str = ""

    @property
    def done(self) -> bool:
        """Whether nothing is expected of them any more."""
        return self.state in DONE


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """A signer's wish to have the transcript corrected; `of` is its entry."""

    of: int
    v: int
    person: str
    turn: str
    reason: str
    state: RequestState = RequestState.OPEN


@dataclass(frozen=True, slots=True)
class Key:
    """A public key that belongs to a person for this hearing, from entry `seq` on."""

    person: str
    fingerprint: str
    jwk: Mapping[str, str]
    seq: int


@dataclass(frozen=True, slots=True)
class LateEdit:
    """An update that came after the freeze and was put aside by entry `of`."""

    of: int
    v: int
    document: str
    person: str
    sha256: str
    bytes: int
    at_ms: int


def _nobody() -> Mapping[str, Signer]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Signing:
    """The transcript's region. `v`: the version being written, frozen or signed; `started`: the entry that started
    it, 0 in a draft; `before`: the signers of the version before this one; `findings`: what ended the last freeze
    (`fault` says how), or what it warned of.
    """

    stage: TranscriptPhase = TranscriptPhase.DRAFT
    v: int = 1
    started: int = 0
    versions: tuple[Version, ...] = ()
    signers: Mapping[str, Signer] = field(default_factory=_nobody)
    before: Mapping[str, Signer] = field(default_factory=_nobody)
    requests: tuple[CorrectionRequest, ...] = ()
    keys: tuple[Key, ...] = ()
    late: tuple[LateEdit, ...] = ()
    findings: tuple[Finding, ...] = ()
    fault: str = ""

    @property
    def frozen(self) -> Version | None:
        """The version that lies before the signers; None while it is written or being frozen."""
        return self.versions[-1] if self.stage in FROZEN else None

    @property
    def settled(self) -> bool:
        """Whether nobody is left who has to sign."""
        return bool(self.signers) and all(signer.done for signer in self.signers.values())

    def request(self, of: int) -> CorrectionRequest | None:
        return next((each for each in self.requests if each.of == of), None)

    def keys_of(self, person: str) -> tuple[Key, ...]:
        return tuple(key for key in self.keys if key.person == person)

    def with_signer(self, person: str, **changed: Any) -> Signing:
        """The same with one signer's values replaced."""
        return self.with_signers([replace(self.signers[person], **changed)])

    def with_signers(self, changed: Iterable[Signer]) -> Signing:
        merged = {**self.signers, **{each.person: each for each in changed}}
        return replace(self, signers=MappingProxyType(merged))
