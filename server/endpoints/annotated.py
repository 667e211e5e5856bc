"""Annotations of an exhibit over HTTP: the entries, and the PDF that carries them. Asks the rules, opens no PDF."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import PurePosixPath

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crdt_docs import annotations
from server.control import HearingControl
from server.endpoints.downloading import Borrowed, Watch, disposition, lending
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.evidence.exhibits import Exhibits
from server.evidence.export import AnnotatedCopy, Exporting, Marks
from server.hearing import documents
from server.hearing.documents import DocumentName
from server.hearing.permissions import document_access
from server.hearing.state import HearingState
from server.storage.exhibits import Exhibit, ExhibitState
from server.sync.room import Room
from server.sync.rooms import UnknownDocument

SUFFIX = "-批注.pdf"


async def entries(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits/{exhibit}/annotations."""
    control, person, _, room = await _readable(request)
    found = annotations.entries(room.document.doc)
    received = await _received(request, room)
    _check(control, person, room.name)
    room.saw(person)
    times = {entry.id: received[entry.id] for entry in found if entry.id in received}
    answer = {"annotations": [annotations.to_json(entry) for entry in found], "received": times}
    return JSONResponse(answer, headers=PRIVATE)


async def _received(request: Request, room: Room) -> Mapping[str, str]:
    service: Exhibits = request.app.state.exhibits
    return await service.arrivals.of(room.key)


async def annotated_copy(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits/{exhibit}/annotated: made anew at each request, never kept."""
    control, person, exhibit, room = await _readable(request)
    if exhibit.state is not ExhibitState.READY:
        raise ApiError("not_ready")
    update = room.document.diff(None)
    marks = Marks(update, _names(control.state), await _received(request, room))
    async with lending() as lent:
        made = await lent.enter_async_context(_exporting(request).copy(person, exhibit.sha256, exhibit.size, marks))
        _check(control, person, room.name)  # much may have happened meanwhile
        room.saw(person)
        return _sent(request, person, room.name, exhibit, made, lent)


def _sent(
    request: Request, person: str, name: DocumentName, exhibit: Exhibit, made: AnnotatedCopy, lent: AsyncExitStack
) -> Response:
    def allowed(state: HearingState) -> bool:
        return document_access(state, person, name).read

    watch = Watch(request.app.state.exhibits.downloads, name.hearing, allowed)
    return Borrowed(made.path, watch, _headers(exhibit, made), lent)


def _headers(exhibit: Exhibit, made: AnnotatedCopy) -> dict[str, str]:
    return {
        **PRIVATE,
        "Content-Type": "application/pdf",
        "Content-Disposition": disposition(PurePosixPath(exhibit.name).stem + SUFFIX),
        "Yunting-Annotations": str(made.count),
        "Yunting-Left-Out": str(made.left_out),
        "Yunting-Warnings": ", ".join(exhibit.warnings),
    }


async def _readable(request: Request) -> tuple[HearingControl, str, Exhibit, Room]:
    """The room of an exhibit's annotations, for who may read them now."""
    control, person = await entered(request)
    name = documents.annotations(control.hearing, request.path_params["exhibit"])
    _check(control, person, name)
    exhibit = await request.app.state.exhibits.one(name.hearing, name.exhibit)
    if exhibit is None:
        raise ApiError("not_found")
    try:
        room = await request.app.state.rooms.open(name)
    except UnknownDocument:  # of a file that was not taken in: nobody can have written on it
        raise ApiError("not_ready") from None
    _check(control, person, name)
    return control, person, exhibit, room


def _check(control: HearingControl, person: str, name: DocumentName) -> None:
    access = document_access(control.state, person, name)
    if not access.read:
        raise ApiError(access.reason)


def _names(state: HearingState) -> dict[str, str]:
    return {each.person: each.name for each in state.participants.values()}


def _exporting(request: Request) -> Exporting:
    return request.app.state.exporting
