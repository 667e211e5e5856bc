"""JSON schemas of what the API takes and gives, by name; for the OpenAPI document and for tests of the answers."""

from __future__ import annotations

from typing import Any

from server.hearing.state import ParticipantState, Phase, RecessKind, Role, TranscriptPhase

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
COMMANDS = ("open", "recess", "resume", "close", "isolate", "release")
KINDS = ("speech", "procedure", "heading", "note")

_HEARING = {"id": ID, "case_number": TEXT, "title": TEXT, "court": TEXT, "starts_at": MOMENT}
_PLACE = {"role": one_of(Role), "state": one_of(ParticipantState)}

SCHEMAS: dict[str, Schema] = {
    "Problem": record(type=TEXT, title=TEXT, title_zh=TEXT, title_en=TEXT, status=NUMBER, code=TEXT, detail=TEXT),
    "LinkLogin": record(("bearer",), secret=TEXT, bearer=FLAG),
    "Login": record(("token",), session=ID, person=PERSON, expires_at=MOMENT, token=TEXT),
    "Session": record(session=ID, person=PERSON, expires_at=MOMENT),
    "OwnHearing": record(**_HEARING, phase={"oneOf": [one_of(Phase), {"type": "null"}]}, **_PLACE),
    "OwnHearings": record(hearings=listed(named("OwnHearing"))),
    "RosterEntry": record(person=ID, name=TEXT, label=TEXT, connected=FLAG, **_PLACE),
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
        ("person", "reason", "until", "kind"), command=one_of(COMMANDS), person=ID, reason=TEXT, until=TEXT, kind=TEXT
    ),
    "Ack": record(seq=NUMBER, applied_seq=NUMBER),
    "Turn": record(id=ID, kind=one_of(KINDS), speaker=TEXT, role=TEXT, at=MOMENT, origin=TEXT, text=TEXT),
    "Transcript": record(turns=listed(named("Turn"))),
    "Health": record(("reason",), status=one_of(("ok", "unavailable")), reason=TEXT),
    "OpenApi": {"type": "object"},
}
