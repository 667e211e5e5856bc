"""Each event of the signing beside its payload, full and with what is empty left out."""

from __future__ import annotations

from server.hearing.signing_events import (
    CorrectionDecided,
    CorrectionRequested,
    FreezeFailed,
    Frozen,
    FrozenExhibit,
    FrozenNotes,
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
from server.hearing.signing_state import Digests, Finding, RefusalCode, Scope

DIGESTS = Digests("c" * 64, "u" * 64, "s" * 64, "p" * 64)
_WRITTEN_DIGESTS = {
    "content_sha256": "c" * 64,
    "update_sha256": "u" * 64,
    "state_sha256": "s" * 64,
    "pdf_sha256": "p" * 64,
}
_ENVELOPE = {"payloadType": "x", "payload": "e30=", "signatures": [{"keyid": "f", "sig": "AA=="}]}
_JWK = {"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}

SIGNING: list[tuple[SigningFact, dict[str, object]]] = [
    (SigningStarted(1), {"v": 1}),
    (SigningStarted(2, "补正完毕"), {"v": 2, "reason": "补正完毕"}),
    (FreezeFailed(1, "pdf_failed"), {"v": 1, "code": "pdf_failed"}),
    (
        FreezeFailed(1, "lint", (Finding("bidi_control", "t1", 0, 0x202E),)),
        {
            "v": 1,
            "code": "lint",
            "findings": [{"code": "bidi_control", "turn": "t1", "at": 0, "code_point": 0x202E}],
        },
    ),
    (
        Frozen(1, 2, 7, DIGESTS, (NamedSigner("a", "judge", Scope.WHOLE),)),
        {
            "v": 1,
            "of": 2,
            "barrier": 7,
            **_WRITTEN_DIGESTS,
            "signers": [{"person": "a", "role": "judge", "scope": "whole"}],
        },
    ),
    (
        Frozen(
            2,
            9,
            30,
            DIGESTS,
            (NamedSigner("w", "witness", Scope.PART, "d" * 64),),
            ("c", "clerk"),
            (("t3", 0x2A6A5),),
            {"h/annotations/e1": FrozenNotes(4, "1" * 64, "2" * 64)},
            (FrozenExhibit("e1", 1, "借条", "e" * 64), FrozenExhibit("e2", 2, "清单")),
            (Finding("variation", "t3", 4, 0xE0100),),
        ),
        {
            "v": 2,
            "of": 9,
            "barrier": 30,
            **_WRITTEN_DIGESTS,
            "checked_by": {"person": "c", "role": "clerk"},
            "unprintable": [{"turn": "t3", "code_point": 0x2A6A5}],
            "annotations": {"h/annotations/e1": {"barrier": 4, "content_sha256": "1" * 64, "state_sha256": "2" * 64}},
            "exhibits": [
                {"id": "e1", "number": 1, "title": "借条", "sha256": "e" * 64},
                {"id": "e2", "number": 2, "title": "清单"},
            ],
            "signers": [{"person": "w", "role": "witness", "scope": "part", "part_sha256": "d" * 64}],
            "findings": [{"code": "variation", "turn": "t3", "at": 4, "code_point": 0xE0100}],
        },
    ),
    (KeyBound("a", _JWK, "f" * 64), {"person": "a", "jwk": _JWK, "fingerprint": "f" * 64}),
    (ReadingStarted(1, "a"), {"v": 1, "person": "a"}),
    (
        Signed(1, "a", _ENVELOPE, "5" * 64),
        {"v": 1, "person": "a", "envelope": _ENVELOPE, "statement_sha256": "5" * 64},
    ),
    (
        Signed(1, "a", _ENVELOPE, "5" * 64, "6" * 64, "第3页有异议"),
        {
            "v": 1,
            "person": "a",
            "envelope": _ENVELOPE,
            "statement_sha256": "5" * 64,
            "handwriting_sha256": "6" * 64,
            "reservation": "第3页有异议",
        },
    ),
    (Objected(1, "a", "不实"), {"v": 1, "person": "a", "reason": "不实"}),
    (CorrectionRequested(1, "a", "t1", "漏记"), {"v": 1, "person": "a", "turn": "t1", "reason": "漏记"}),
    (CorrectionRequested(1, "a", "", "漏记"), {"v": 1, "person": "a", "reason": "漏记"}),
    (CorrectionDecided(1, 5, False, "无误"), {"v": 1, "of": 5, "granted": False, "reason": "无误"}),
    (CorrectionDecided(1, 5, True), {"v": 1, "of": 5, "granted": True}),
    (Reopened(2, 5, "漏记"), {"v": 2, "of": 5, "reason": "漏记"}),
    (Reopened(2), {"v": 2}),
    (
        RefusalRecorded(1, "a", RefusalCode.OTHER, "离场"),
        {"v": 1, "person": "a", "code": "other", "reason": "离场"},
    ),
    (RefusalRecorded(1, "a", RefusalCode.ABSENT), {"v": 1, "person": "a", "code": "absent"}),
    (RefusalConfirmed(1, "a", 6), {"v": 1, "person": "a", "of": 6}),
    (Unreachable(1, "a", "电话不通"), {"v": 1, "person": "a", "reason": "电话不通"}),
    (
        LateEditKept(1, "h/transcript", "c", "7" * 64, 30),
        {"v": 1, "document": "h/transcript", "person": "c", "sha256": "7" * 64, "bytes": 30},
    ),
    (SigningSettled(1), {"v": 1}),
]
