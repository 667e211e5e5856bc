"""`GET /api/hearings/{hearing}/extract`: what a witness or an expert in court may read of the transcript."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crdt_docs.transcript import turns
from server.control import HearingControl
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.extracts import denial, extract, shown
from server.hearing import documents


async def own_extract(request: Request) -> Response:
    """{"turns": […]}: one's own words, the question before each, the court's lines about oneself."""
    control, person = await entered(request)
    _ask(control, person)
    room = await request.app.state.rooms.open(documents.transcript(control.hearing))
    _ask(control, person)  # the state may have changed while the room was opened
    found = extract(turns(room.document.doc), control.entries, person)
    return JSONResponse({"turns": [shown(turn) for turn in found]}, headers=PRIVATE)


def _ask(control: HearingControl, person: str) -> None:
    participant = control.state.participants[person]
    code = participant.state.value.lower() if participant.barred else denial(control.state, person)
    if code:
        raise ApiError(code)
