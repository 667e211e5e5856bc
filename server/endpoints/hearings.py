"""Hearings over HTTP: lists, one hearing, its log, commands, its transcript. Asks the rules, decides nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crdt_docs import transcript as transcripts
from server import control_views
from server.control import HearingControl
from server.endpoints.admission import require_session
from server.endpoints.bodies import json_object
from server.endpoints.entering import control_of, entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.hearing import commands, documents
from server.hearing.documents import DocumentName
from server.hearing.permissions import document_access
from server.hearing.reasons import Refusal
from server.hearing.state import HearingState, Phase
from server.hearing.times import COURT_ZONE
from server.people.tokens import utc_now
from server.storage.hearings import HearingRecord, exhibit_records, hearing_records

Json = dict[str, Any]
MOST_ENTRIES = 1_000  # of the log in one answer
COMMAND_MEMBERS = {
    name: str for name in ("command", "person", "reason", "until", "kind", "turn", "of", "decision", "code", "text")
}
_WITHHELD = {"salt": None, "payload": None}


async def own_hearings(request: Request) -> Response:
    """GET /api/hearings: one's own."""
    person = require_session(request).person
    records = await request.app.state.commit_thread.read(lambda connection: hearing_records(connection, person))
    listed = [await _own_hearing(request.app, record, person) for record in records]
    return JSONResponse({"hearings": today_first(listed, utc_now())}, headers=PRIVATE)


async def one_hearing(request: Request) -> Response:
    """GET /api/hearings/{hearing}."""
    control, person = await entered(request)
    hearing, state = control.details, control.state
    listed = await request.app.state.commit_thread.read(lambda connection: exhibit_records(connection, hearing.id))
    shared = [documents.annotations(hearing.id, each.id) for each in listed]
    shown = control.shown()
    annotations = [str(name) for name in shared if _may_read(state, person, name)]
    transcript_name = documents.transcript(hearing.id)
    answer = {
        **control_views.hearing(hearing),
        "seq": control.seq,
        "applied_seq": control.applied_seq,
        **shown.phases_for(person),
        "you": control_views.place(state, person),
        "roster": shown.roster(person),
        "documents": {
            "transcript": str(transcript_name) if _may_read(state, person, transcript_name) else None,
            "annotations": annotations,
        },
        "exhibits": [
            {"id": each.id, "number": each.number, "title": each.title}
            for each, name in zip(listed, shared, strict=True)
            if str(name) in annotations
        ],
        "commands": shown.commands(person),
    }
    return JSONResponse(answer, headers=PRIVATE)


async def log(request: Request) -> Response:
    """GET /api/hearings/{hearing}/log: every entry's header and leaf; payload and salt where they may be seen."""
    control, person = await entered(request)
    after = _whole(request, "after", 0, 0, 2**53)
    limit = _whole(request, "limit", MOST_ENTRIES, 1, MOST_ENTRIES)
    shown = [{**_WITHHELD, **entry} for entry in control.log_for(person, after, limit)]
    return JSONResponse({"entries": shown, "seq": control.seq}, headers=PRIVATE)


async def command(request: Request) -> Response:
    """POST /api/hearings/{hearing}/commands: answered when the entry is on disk and carried out."""
    person = require_session(request).person
    body = await json_object(request, COMMAND_MEMBERS, frozenset({"command"}))
    control = await control_of(request, person)
    try:
        order = commands.parse(body)
    except commands.BadCommand as error:
        raise ApiError(error.code, str(error)) from None
    outcome = await control.execute(person, order)
    if isinstance(outcome, Refusal):
        raise ApiError(outcome.code)
    return JSONResponse({"seq": outcome.seq, "applied_seq": outcome.applied_seq}, headers=PRIVATE)


async def transcript(request: Request) -> Response:
    """GET /api/hearings/{hearing}/transcript."""
    control, person = await entered(request)
    name = documents.transcript(control.hearing)
    access = document_access(control.state, person, name)
    if not access.read:
        raise ApiError(access.reason)
    room = await request.app.state.rooms.open(name)
    if not _may_read(control.state, person, name):  # the state may have changed while the room was opened
        raise ApiError(document_access(control.state, person, name).reason)
    room.saw(person)
    return JSONResponse({"turns": [_turn(turn) for turn in transcripts.turns(room.document.doc)]}, headers=PRIVATE)


async def _own_hearing(app: Starlette, record: HearingRecord, person: str) -> Json:
    """One line of the list. The phase is withheld (null) from whoever may see nothing of the hearing at the moment."""
    control: HearingControl = await app.state.hearings.get(record.id)
    participant = control.state.participants[person]
    return {
        **control_views.hearing(record),
        "phase": None if participant.barred else control.state.phase.value,
        "role": participant.role.value,
        "state": participant.state.value,
    }


def today_first(listed: list[Json], now: datetime) -> list[Json]:
    """Today's and those that sit, then those to come, then those that were, the nearest first each."""
    today = now.astimezone(COURT_ZONE).date()

    def place(entry: Json) -> tuple[int, float]:
        start = datetime.fromisoformat(entry["starts_at"])
        days = (start.astimezone(COURT_ZONE).date() - today).days
        if days == 0 or entry["phase"] in (Phase.IN_SESSION, Phase.RECESS):
            return 0, start.timestamp()
        return (1, start.timestamp()) if days > 0 else (2, -start.timestamp())

    return sorted(listed, key=place)


def _may_read(state: HearingState, person: str, name: DocumentName) -> bool:
    return document_access(state, person, name).read


def _whole(request: Request, name: str, default: int, low: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) <= 17 and low <= int(text) <= high):
        raise ApiError("malformed", f"{name} must be a whole number from {low} to {high}")
    return int(text)


def _turn(turn: transcripts.Turn) -> Json:
    return {name: getattr(turn, name) for name in ("id", "kind", "speaker", "role", "at", "origin", "text")}
