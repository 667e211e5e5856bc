"""What has happened in the signing of a transcript: past participles, as values and as the log's payloads; says
nothing about what may happen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.hearing.signing_state import Digests, Finding, RefusalCode, Scope

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SigningStarted:
    """The transcript is to be frozen as version `v`."""

    v: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FreezeFailed:
    """It is a draft again; `code`: one of signing_state.FreezeFault."""

    v: int
    code: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FrozenNotes:
    """The annotations of one document at the freeze."""

    barrier: int
    content_sha256: str
    state_sha256: str


@dataclass(frozen=True, slots=True)
class FrozenExhibit:
    """An exhibit as it stands at the freeze; `sha256` of its original, empty when none was handed in."""

    id: str
    number: int
    title: str
    sha256: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class NamedSigner:
    """Who is asked to sign, and over what."""

    person: str
    role: str
    scope: Scope
    part_sha256: str = ""


def _no_notes() -> Mapping[str, FrozenNotes]:
    return {}


@dataclass(frozen=True, slots=True)
class Frozen:
    """Version `v` lies before the signers; see signing_state.Version. `findings`: what lint warned of in it."""

    v: int
    of: int
    barrier: int
    digests: Digests
    signers: tuple[NamedSigner, ...]
    checked_by: tuple[str, str] | None = None
    unprintable: tuple[tuple[str, int], ...] = ()
    annotations: Mapping[str, FrozenNotes] = field(default_factory=_no_notes)
    exhibits: tuple[FrozenExhibit, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyBound:
    person: str
    jwk: Mapping[str, str]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ReadingStarted:
    v: int
    person: str


@dataclass(frozen=True, slots=True)
class Signed:
    """`envelope`: the DSSE envelope as JSON; `reservation` 保留意见."""

    v: int
    person: str
    envelope: Mapping[str, Any]
    statement_sha256: str
    handwriting_sha256: str = ""
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class Objected:
    v: int
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionRequested:
    v: int
    person: str
    turn: str
    reason: str


@dataclass(frozen=True, slots=True)
class CorrectionDecided:
    """`of`: entry of the request."""

    v: int
    of: int
    granted: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reopened:
    """The transcript is a draft again, of the new version `v`; `of`: entry of the request granted, 0: none."""

    v: int
    of: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefusalRecorded:
    """By the clerk; holds when a judge confirms it."""

    v: int
    person: str
    code: RefusalCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefusalConfirmed:
    """`of`: the clerk's entry."""

    v: int
    person: str
    of: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unreachable:
    v: int
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LateEditKept:
    """An update that came after the freeze was put aside: never in the text."""

    v: int
    document: str
    person: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class SigningSettled:
    """Nobody is left who has to sign."""

    v: int


SigningFact = (
    SigningStarted
    | FreezeFailed
    | Frozen
    | KeyBound
    | ReadingStarted
    | Signed
    | Objected
    | CorrectionRequested
    | CorrectionDecided
    | Reopened
    | RefusalRecorded
    | RefusalConfirmed
    | Unreachable
    | LateEditKept
    | SigningSettled
)
# who these are about is told of them, as the court's staff is
PERSONAL = (
    KeyBound,
    ReadingStarted,
    Signed,
    Objected,
    CorrectionRequested,
    RefusalRecorded,
    RefusalConfirmed,
    Unreachable,
    LateEditKept,
)


def _write_finding(finding: Finding) -> Payload:
    return {"code": finding.code, "turn": finding.turn, "at": finding.at, "code_point": finding.code_point}


def _read_finding(given: Mapping[str, Any]) -> Finding:
    return Finding(given["code"], given["turn"], given["at"], given["code_point"])


def _write_frozen(f: Frozen) -> Payload:
    digests = f.digests
    return {
        "v": f.v,
        "of": f.of,
        "barrier": f.barrier,
        "content_sha256": digests.content_sha256,
        "update_sha256": digests.update_sha256,
        "state_sha256": digests.state_sha256,
        "pdf_sha256": digests.pdf_sha256,
        "checked_by": {"person": f.checked_by[0], "role": f.checked_by[1]} if f.checked_by else "",
        "unprintable": [{"turn": turn, "code_point": code_point} for turn, code_point in f.unprintable],
        "annotations": {name: _write_notes(notes) for name, notes in f.annotations.items()} or "",
        "exhibits": [_write_exhibit(each) for each in f.exhibits],
        "signers": [_write_signer(each) for each in f.signers],
        "findings": [_write_finding(each) for each in f.findings],
    }


def _write_notes(notes: FrozenNotes) -> Payload:
    return {"barrier": notes.barrier, "content_sha256": notes.content_sha256, "state_sha256": notes.state_sha256}


def _write_exhibit(exhibit: FrozenExhibit) -> Payload:
    rest = {"sha256": exhibit.sha256, "withdrawn": exhibit.withdrawn}
    written = {"id": exhibit.id, "number": exhibit.number, "title": exhibit.title}
    return {**written, **{name: value for name, value in rest.items() if value}}


def _write_signer(signer: NamedSigner) -> Payload:
    written = {"person": signer.person, "role": signer.role, "scope": signer.scope.value}
    return {**written, "part_sha256": signer.part_sha256} if signer.part_sha256 else written


def _read_frozen(p: Mapping[str, Any]) -> Frozen:
    checked = p.get("checked_by")
    return Frozen(
        p["v"],
        p["of"],
        p["barrier"],
        Digests(p["content_sha256"], p["update_sha256"], p["state_sha256"], p["pdf_sha256"]),
        tuple(
            NamedSigner(each["person"], each["role"], Scope(each["scope"]), each.get("part_sha256", ""))
            for each in p.get("signers", ())
        ),
        (checked["person"], checked["role"]) if checked else None,
        tuple((each["turn"], each["code_point"]) for each in p.get("unprintable", ())),
        {
            name: FrozenNotes(each["barrier"], each["content_sha256"], each["state_sha256"])
            for name, each in p.get("annotations", {}).items()
        },
        tuple(
            FrozenExhibit(
                each["id"], each["number"], each["title"], each.get("sha256", ""), each.get("withdrawn", False)
            )
            for each in p.get("exhibits", ())
        ),
        tuple(map(_read_finding, p.get("findings", ()))),
    )


def _write_signed(f: Signed) -> Payload:
    written = {"v": f.v, "person": f.person, "envelope": dict(f.envelope), "statement_sha256": f.statement_sha256}
    return {**written, "handwriting_sha256": f.handwriting_sha256, "reservation": f.reservation}


def _read_signed(p: Mapping[str, Any]) -> Signed:
    given = (p.get("handwriting_sha256", ""), p.get("reservation", ""))
    return Signed(p["v"], p["person"], dict(p["envelope"]), p["statement_sha256"], *given)


WRITERS: Mapping[type[SigningFact], Callable[[Any], Payload]] = {
    SigningStarted: lambda f: {"v": f.v, "reason": f.reason},
    FreezeFailed: lambda f: {"v": f.v, "code": f.code, "findings": [_write_finding(each) for each in f.findings]},
    Frozen: _write_frozen,
    KeyBound: lambda f: {"person": f.person, "jwk": dict(f.jwk), "fingerprint": f.fingerprint},
    ReadingStarted: lambda f: {"v": f.v, "person": f.person},
    Signed: _write_signed,
    Objected: lambda f: {"v": f.v, "person": f.person, "reason": f.reason},
    CorrectionRequested: lambda f: {"v": f.v, "person": f.person, "turn": f.turn, "reason": f.reason},
    CorrectionDecided: lambda f: {"v": f.v, "of": f.of, "granted": f.granted, "reason": f.reason},
    Reopened: lambda f: {"v": f.v, "of": f.of or "", "reason": f.reason},
    RefusalRecorded: lambda f: {"v": f.v, "person": f.person, "code": f.code.value, "reason": f.reason},
    RefusalConfirmed: lambda f: {"v": f.v, "person": f.person, "of": f.of, "reason": f.reason},
    Unreachable: lambda f: {"v": f.v, "person": f.person, "reason": f.reason},
    LateEditKept: lambda f: {
        "v": f.v, "document": f.document, "person": f.person, "sha256": f.sha256, "bytes": f.bytes
    },
    SigningSettled: lambda f: {"v": f.v},
}  # fmt: skip

READERS: Mapping[str, Callable[[Mapping[str, Any]], SigningFact]] = {
    "SigningStarted": lambda p: SigningStarted(p["v"], p.get("reason", "")),
    "FreezeFailed": lambda p: FreezeFailed(p["v"], p["code"], tuple(map(_read_finding, p.get("findings", ())))),
    "Frozen": _read_frozen,
    "KeyBound": lambda p: KeyBound(p["person"], dict(p["jwk"]), p["fingerprint"]),
    "ReadingStarted": lambda p: ReadingStarted(p["v"], p["person"]),
    "Signed": _read_signed,
    "Objected": lambda p: Objected(p["v"], p["person"], p["reason"]),
    "CorrectionRequested": lambda p: CorrectionRequested(p["v"], p["person"], p.get("turn", ""), p["reason"]),
    "CorrectionDecided": lambda p: CorrectionDecided(p["v"], p["of"], p["granted"], p.get("reason", "")),
    "Reopened": lambda p: Reopened(p["v"], p.get("of", 0), p.get("reason", "")),
    "RefusalRecorded": lambda p: RefusalRecorded(p["v"], p["person"], RefusalCode(p["code"]), p.get("reason", "")),
    "RefusalConfirmed": lambda p: RefusalConfirmed(p["v"], p["person"], p["of"], p.get("reason", "")),
    "Unreachable": lambda p: Unreachable(p["v"], p["person"], p.get("reason", "")),
    "LateEditKept": lambda p: LateEditKept(p["v"], p["document"], p["person"], p["sha256"], p["bytes"]),
    "SigningSettled": lambda p: SigningSettled(p["v"]),
}
