"""Files of signing over HTTP: the frozen content, its PDF, its update, the hearing's bundle. Whoever may read the
transcript gets them; a part signer gets the own part of the content. Who loses the right gets no further byte.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from crdt_docs.signing import content as contents
from server.control import HearingControl
from server.endpoints.downloading import Borrowed, Sent, Watch, Whole, lending, only
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.endpoints.signing import version_of
from server.hearing import documents
from server.hearing.permissions import document_access
from server.hearing.signing_state import Scope
from server.hearing.state import STAFF, HearingState
from server.signing.bundles import Bundles
from server.signing.frozen_files import CONTENT, PDF, UPDATE, FrozenFiles
from server.signing.receipts import has_signed

NOSNIFF = {**PRIVATE, "X-Content-Type-Options": "nosniff"}


async def content(request: Request) -> Response:
    """GET …/signing/{v}/content: JCS, the very bytes under the digest."""
    control, person = await entered(request)
    if not _signs_a_part(control.state, person):
        return _file(request, control, person, CONTENT, {"Content-Type": "application/json"})
    path = _files(request).path(control.hearing, _frozen_version(request, control), CONTENT)
    part = contents.encode(contents.part(json.loads(await asyncio.to_thread(path.read_bytes)), person))
    if not _signs_a_part(control.state, person):  # much may have happened meanwhile
        raise ApiError(_transcript(control.state, person) or "not_found")
    watch = _watch(request, control, lambda state: _signs_a_part(state, person))
    return Sent(only(part), len(part), watch, {**NOSNIFF, "Content-Type": "application/json"})


async def pdf(request: Request) -> Response:
    """GET …/signing/{v}/pdf."""
    control, person = await entered(request)
    shown_as = f'inline; filename="transcript-v{version_of(request)}.pdf"'
    headers = {"Content-Type": "application/pdf", "Content-Disposition": shown_as}
    return _file(request, control, person, PDF, headers)


async def update(request: Request) -> Response:
    """GET …/signing/{v}/update: the exact bytes under update_sha256."""
    control, person = await entered(request)
    return _file(request, control, person, UPDATE, {"Content-Type": "application/octet-stream"})


async def bundle(request: Request) -> Response:
    """GET /api/hearings/{hearing}/bundle: made anew at each request, never kept."""
    control, person = await entered(request)
    if control.state.participants[person].role not in STAFF and not has_signed(control.entries, person):
        raise ApiError("forbidden")
    if not control.state.signing.versions:
        raise ApiError("nothing_frozen")
    bundles: Bundles = request.app.state.bundles
    async with lending() as lent:
        made = await lent.enter_async_context(bundles.of(control, person))
        if reason := made.why_not(control.state):  # much may have happened meanwhile
            raise ApiError(reason)
        watch = _watch(request, control, lambda state: not made.why_not(state))
        named = {
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{control.hearing}.zip"',
        }
        return Borrowed(made.path, watch, {**NOSNIFF, **named}, lent)


def _file(request: Request, control: HearingControl, person: str, name: str, headers: dict[str, str]) -> Response:
    if reason := _transcript(control.state, person):
        raise ApiError(reason)
    path = _files(request).path(control.hearing, _frozen_version(request, control), name)
    watch = _watch(request, control, lambda state: not _transcript(state, person))
    return Whole(path, watch, {**NOSNIFF, **headers})


def _transcript(state: HearingState, person: str) -> str:
    """Code why the person may not read the transcript; empty when they may."""
    access = document_access(state, person, documents.transcript(state.id))
    return "" if access.read else access.reason


def _signs_a_part(state: HearingState, person: str) -> bool:
    signer = state.signing.signers.get(person)
    return signer is not None and signer.scope is Scope.PART and not state.participants[person].barred


def _watch(request: Request, control: HearingControl, allowed: Callable[[HearingState], bool]) -> Watch:
    return Watch(request.app.state.exhibits.downloads, control.hearing, allowed)


def _frozen_version(request: Request, control: HearingControl) -> int:
    v = version_of(request)
    if not any(version.v == v for version in control.state.signing.versions):
        raise ApiError("not_found")
    return v


def _files(request: Request) -> FrozenFiles:
    return request.app.state.frozen_files
