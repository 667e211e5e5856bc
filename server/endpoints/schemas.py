"""JSON schemas of what the API takes and gives, by name; for the OpenAPI document and for tests of the answers."""

from __future__ import annotations

from typing import Any

from crdt_docs.annotation_rules import KINDS as KINDS_OF_ANNOTATIONS
from crdt_docs.annotation_rules import REQUIRED
from server.hearing import device_check
from server.hearing.commands import NAMES
from server.hearing.signing_state import (
    FreezeFault,
    RefusalCode,
    RequestState,
    Scope,
    SignerState,
    TranscriptPhase,
)
from server.hearing.state import ParticipantState, Phase, RecessKind, Role
from server.storage.exhibits import ExhibitState

Schema = dict[str, Any]


def record(optional: tuple[str, ...] = (), /, **members: Schema) -> Schema:
    """An object with exactly these members, all there but the optional ones."""
    required = [name for name in members if name not in optional]
    return {"type": "object", "properties": members, "required": required, "additionalProperties": False}


def listed(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def one_of(values: Any) -> Schema:
    return {"type": "string", "enum": [str(value) for value in values]}


def named(name: str) -> Schema:
    """A reference to a schema of SCHEMAS."""
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(kind: str) -> Schema:
    return {"type": [kind, "null"]}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ID: Schema = {"type": "string", "pattern": "^[0-9A-Za-z_-]{1,64}$"}
DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
PERSON = record(id=ID, name=TEXT)
COMMANDS = tuple(NAMES)
KINDS = ("speech", "procedure", "heading", "note")

_HEARING = {"id": ID, "case_number": TEXT, "title": TEXT, "court": TEXT, "starts_at": MOMENT}
_PLACE = {"role": one_of(Role), "state": one_of(ParticipantState)}
_BOX: Schema = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4}
_SAID = {"code": TEXT, "title_zh": TEXT, "title_en": TEXT}
_EXHIBIT = {
    "id": ID,
    "number": NUMBER,
    "title": TEXT,
    "purpose": TEXT,
    "offered_by": TEXT,
    "name": TEXT,
    "uploaded_by": TEXT,
    "uploaded_at": TEXT,
    "size": NUMBER,
    "sha256": TEXT,
    "pages": NUMBER,
    "state": one_of(ExhibitState),
    "intake": record(tuple(_SAID), step=NUMBER, steps=NUMBER, **_SAID),
    "warnings": listed(record(**_SAID)),
    "withdrawn": {"oneOf": [record(person=ID, at=MOMENT, reason=TEXT), {"type": "null"}]},
    "may_withdraw": FLAG,
}
_PAGE = record(media=_BOX, crop=_BOX, rotate=NUMBER, user_unit={"type": "number"}, label=TEXT, text=FLAG)

_POINTS = listed({"type": "number"})
_ANNOTATION_KEYS: dict[str, Schema] = {
    "id": TEXT,
    "author": TEXT,
    "created": MOMENT,
    "kind": one_of(sorted(KINDS_OF_ANNOTATIONS)),
    "v": NUMBER,
    "doc": DIGEST,
    "page": NUMBER,
    "quads": listed(_POINTS),
    "rect": _POINTS,
    "paths": listed({"type": "array"}),
    "rot": NUMBER,
    "quote": {"type": "object"},
    "style": {"type": "object"},
    "body": TEXT,
    "modified": MOMENT,
    "reply_to": TEXT,
    "deleted": record(by=TEXT, at=MOMENT),
}
_ANNOTATION = record(tuple(key for key in _ANNOTATION_KEYS if key not in REQUIRED), **_ANNOTATION_KEYS)

_VERSION = {"v": NUMBER, "seq": NUMBER, "content_sha256": DIGEST}
_MISSING_GLYPH = record(turn=TEXT, code_point=NUMBER)
_KEY = record(person=ID, fingerprint=DIGEST)
_SIGNING: dict[str, Schema] = {
    "Signing": record(
        stage=one_of(TranscriptPhase),
        v=NUMBER,
        fault={"oneOf": [one_of(FreezeFault), {"type": "null"}]},
        frozen={"oneOf": [named("FrozenVersion"), {"type": "null"}]},
        findings=listed(record(code=TEXT, turn=TEXT, at={"type": "integer"}, code_point={"type": "integer"})),
        signers=listed(named("Signer")),
        requests=listed(record(of=NUMBER, v=NUMBER, person=ID, turn=TEXT, reason=TEXT, state=one_of(RequestState))),
        late=listed(record(of=NUMBER, person=ID, at=MOMENT, bytes=NUMBER)),
        versions=listed(record(**_VERSION)),
        you=record(
            signer=FLAG,
            scope=nullable("string"),
            state=nullable("string"),
            part_sha256=nullable("string"),
            keys=listed(DIGEST),
        ),
        keys=listed(_KEY),
        head=record(size=NUMBER, root=DIGEST, checkpoint=TEXT),
        court_key=TEXT,
    ),
    "FrozenVersion": record(
        **_VERSION,
        of=NUMBER,
        at=MOMENT,
        barrier=NUMBER,
        update_sha256=DIGEST,
        state_sha256=DIGEST,
        pdf_sha256=DIGEST,
        checked_by={"oneOf": [record(person=ID, role=one_of(Role)), {"type": "null"}]},
        unprintable=listed(_MISSING_GLYPH),
    ),
    "Signer": record(
        ("at", "reason"),
        person=ID,
        name=TEXT,
        role=one_of(Role),
        label=TEXT,
        scope=one_of(Scope),
        state=one_of(SignerState),
        refusal={"oneOf": [record(of=NUMBER, code=TEXT), {"type": "null"}]},
        signed_v=nullable("integer"),
        at=MOMENT,
        reason=TEXT,
    ),
    "NewKey": record(jwk={"type": "object"}),
    "BoundKey": record(fingerprint=DIGEST, seq=NUMBER),
    "Reading": record(v=NUMBER),
    "ReportedDigest": record(v=NUMBER, of=NUMBER, content_sha256=DIGEST),
    "Signature": record(("handwriting",), envelope={"type": "object"}, handwriting=TEXT, code=TEXT),
    "Receipt": record(
        schema=TEXT,
        envelope={"type": "object"},
        entry=named("LogEntry"),
        proof=record(index=NUMBER, size=NUMBER, hashes=listed(DIGEST)),
        checkpoint=TEXT,
        keys=listed(_KEY),
        court_key=TEXT,
    ),
    "Content": record(
        ("part",),
        schema=TEXT,
        hearing=ID,
        case=TEXT,
        people=listed(record(id=ID, role=one_of(Role), name=TEXT)),
        blocks=listed({"type": "object"}),
        part=ID,
    ),
}

_FIGURES = record(
    loss={"type": "number", "minimum": 0, "maximum": 1},
    **{
        name: {"type": "number", "minimum": 0, "maximum": most}
        for name, most in (
            ("rtt_ms", device_check.LONGEST),
            ("jitter_ms", device_check.LONGEST),
            ("kbps", device_check.FASTEST),
        )
    },
)
_DEVICES: dict[str, Schema] = {
    "DeviceResult": record(
        camera=one_of(device_check.Device),
        microphone=one_of(device_check.Device),
        speaker=one_of(device_check.Speaker),
        line=one_of(device_check.Line),
        figures={"oneOf": [_FIGURES, {"type": "null"}]},
    ),
    "DeviceTest": record(
        person=ID,
        at=MOMENT,
        verdict=one_of(device_check.Verdict),
        result=named("DeviceResult"),
        findings=listed(record(code=TEXT, verdict=one_of(device_check.Verdict), advice_zh=TEXT, advice_en=TEXT)),
    ),
    "DeviceTests": record(tests=listed(named("DeviceTest"))),
}

SCHEMAS: dict[str, Schema] = {
    **_SIGNING,
    **_DEVICES,
    "ExhibitEntry": record(**_EXHIBIT),
    "Exhibits": record(exhibits=listed(named("ExhibitEntry"))),
    "ExhibitWithPages": record(**_EXHIBIT, page_table=listed(_PAGE)),
    "ExhibitChange": record(("title", "purpose", "number"), title=TEXT, purpose=TEXT, number=NUMBER),
    "ExhibitWithdrawal": record(reason=TEXT),
    "Glyphs": record(
        v=NUMBER,
        page=NUMBER,
        lines=listed(record(text=TEXT, vertical=FLAG, quads=listed({"type": "integer"}))),
    ),
    "Annotations": record(annotations=listed(_ANNOTATION), received={"type": "object", "additionalProperties": MOMENT}),
    "Problem": record(type=TEXT, title=TEXT, title_zh=TEXT, title_en=TEXT, status=NUMBER, code=TEXT, detail=TEXT),
    "LinkLogin": record(("bearer",), secret=TEXT, bearer=FLAG),
    "Login": record(("token",), session=ID, person=PERSON, expires_at=MOMENT, token=TEXT),
    "Session": record(session=ID, person=PERSON, expires_at=MOMENT),
    "OwnHearing": record(**_HEARING, phase={"oneOf": [one_of(Phase), {"type": "null"}]}, **_PLACE),
    "OwnHearings": record(hearings=listed(named("OwnHearing"))),
    "RosterEntry": record(
        person=ID, name=TEXT, label=TEXT, connected=FLAG, muted=FLAG, hand=NUMBER, consulting=FLAG, **_PLACE
    ),
    "CommandRight": record(
        command=one_of(COMMANDS), allowed=FLAG, reason=nullable("string"), ground_zh=TEXT, ground_en=TEXT
    ),
    "Recess": record(kind=one_of(RecessKind), reason=TEXT, until=TEXT),
    "Exhibit": record(id=ID, number=NUMBER, title=TEXT),
    "Hearing": record(
        **_HEARING,
        seq=NUMBER,
        applied_seq=NUMBER,
        phase=one_of(Phase),
        transcript_phase=one_of(TranscriptPhase),
        recess={"oneOf": [named("Recess"), {"type": "null"}]},
        transcript_paused=FLAG,
        signing=record(v=NUMBER, stage=one_of(TranscriptPhase), of=NUMBER),
        recording=one_of(("on", "off")),
        announcing=TEXT,
        floor=TEXT,
        spotlight=TEXT,
        gallery_open=FLAG,
        hold={"oneOf": [record(since=MOMENT), {"type": "null"}]},
        you=record(person=ID, name=TEXT, **_PLACE),
        roster=listed(named("RosterEntry")),
        documents=record(transcript=nullable("string"), annotations=listed(TEXT)),
        exhibits=listed(named("Exhibit")),
        commands=listed(named("CommandRight")),
    ),
    "LogHeader": record(
        v=NUMBER,
        hearing=ID,
        seq=NUMBER,
        at=MOMENT,
        kind=TEXT,
        actor=TEXT,
        heads={"type": "object", "additionalProperties": DIGEST},
    ),
    "LogEntry": record(header=named("LogHeader"), leaf=DIGEST, salt=nullable("string"), payload=nullable("object")),
    "Log": record(entries=listed(named("LogEntry")), seq=NUMBER),
    "Command": record(
        ("person", "reason", "until", "kind", "turn", "of", "decision", "code", "text"),
        command=one_of(COMMANDS),
        person=ID,
        reason=TEXT,
        until=TEXT,
        kind=TEXT,
        turn=TEXT,
        of=TEXT,
        decision=one_of(("granted", "denied")),
        code=one_of(RefusalCode),
        text=TEXT,
    ),
    "Ack": record(seq=NUMBER, applied_seq=NUMBER),
    "Turn": record(id=ID, kind=one_of(KINDS), speaker=TEXT, role=TEXT, at=MOMENT, origin=TEXT, text=TEXT),
    "Transcript": record(turns=listed(named("Turn"))),
    "Recording": record(
        opened_ms=NUMBER,
        closed_ms=NUMBER,
        to_ms=NUMBER,
        rounds=listed(record(round=NUMBER, from_ms=NUMBER, to_ms=NUMBER, files=listed(named("Segment")))),
        gaps=listed(record(from_ms=NUMBER, to_ms=NUMBER, reason=TEXT, actor=TEXT, seq=NUMBER, detail=TEXT)),
        partial=listed(
            record(
                **{"from_ms": NUMBER, "to_ms": NUMBER, "reason": TEXT, "actor": TEXT, "seq": NUMBER, "detail": TEXT},
                person=TEXT,
                person_name=TEXT,
                kind=one_of(("audio", "video", "")),
            )
        ),
        incidents=listed(record(seq=NUMBER, at_ms=NUMBER, actor=TEXT, person=TEXT, reason=TEXT)),
        clips=listed(named("Clip")),
        archive=TEXT,
        disk=record(free_bytes=NUMBER, bytes_an_hour=NUMBER, hours_left={"type": "number", "minimum": 0}),
    ),
    "Segment": record(
        person=ID,
        person_name=TEXT,
        kind=one_of(("audio", "video")),
        name=TEXT,
        url=TEXT,
        sha256=DIGEST,
        bytes=NUMBER,
        from_ms=NUMBER,
        to_ms=NUMBER,
        holes=listed(listed(NUMBER)),
    ),
    "Clip": record(seq=NUMBER, of=NUMBER, from_ms=NUMBER, to_ms=NUMBER, sha256=DIGEST, name=TEXT, url=TEXT),
    "ClipOrder": record(of=NUMBER, before_s=NUMBER, after_s=NUMBER),
    "Health": record(("reason",), status=one_of(("ok", "unavailable")), reason=TEXT),
    "OpenApi": {"type": "object"},
}
