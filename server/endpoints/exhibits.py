"""Exhibits over HTTP: the list, handing in, what a clerk may change, withdrawing, the copy that is shown, the original,
the words.

Asks the rules of server/evidence at each answer; opens no PDF.
"""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from server.control import HearingControl
from server.endpoints.bodies import json_object
from server.endpoints.downloading import Watch, disposition, send_file, send_zipped
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.evidence import image_headers, limits, rights, views
from server.evidence.exhibits import Exhibits
from server.evidence.files import Received, TooLarge
from server.evidence.layout import FORM
from server.evidence.shares import NoRoom
from server.hearing.reasons import Refusal
from server.hearing.state import HearingState
from server.people.tokens import stamp, utc_now
from server.storage.commit_thread import StorageUnavailable
from server.storage.exhibits import Exhibit, ExhibitState

Json = dict[str, Any]
REVALIDATED = {"Cache-Control": "private, no-cache"}
LONGEST_TITLE, LONGEST_PURPOSE, LONGEST_NAME, LONGEST_REASON = 200, 1_000, 255, 500
CHANGE_MEMBERS = {"title": str, "purpose": str, "number": int}
WITHDRAW_MEMBERS = {"reason": str}
MEDIA_TYPES = {"png": "image/png", "jpeg": "image/jpeg", "": "application/pdf"}
SANDBOX = "default-src 'none'; sandbox"


async def list_exhibits(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits."""
    control, person = await entered(request)
    service: Exhibits = request.app.state.exhibits
    listed = await service.of(control.hearing)
    shown = [each for each in listed if not rights.why_not_see(control.state, person, each)]
    if not shown and (reason := rights.why_not_any(control.state, person)):
        raise ApiError(reason)
    entries = [_Seen(service, control, person, each).entry() for each in shown]
    return JSONResponse({"exhibits": entries}, headers=PRIVATE)


async def one_exhibit(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits/{exhibit}."""
    seen = await _seen(request)
    table: list[Json] = []
    if seen.exhibit.state is ExhibitState.READY:
        table = [views.page_entry(row) for row in seen.service.files.page_table(seen.exhibit.sha256)]
    return JSONResponse({**seen.entry(), "page_table": table}, headers=PRIVATE)


async def hand_in(request: Request) -> Response:
    """POST /api/hearings/{hearing}/exhibits: answered when the original is on disk; intake goes on by itself."""
    control, person = await entered(request)
    service: Exhibits = request.app.state.exhibits
    offered_by = _may_hand_in(control, person, request.query_params.get("offered_by"))
    title, purpose, name = _texts(request)
    try:
        async with service.shares.hold(control.hearing, control.state.participants[person], _announced(request)):
            received = await _received(request, service)
            new = Exhibit(
                control.hearing,
                f"e-{secrets.token_hex(6)}",
                0,
                title,
                purpose,
                offered_by,
                name,
                uploaded_by=person,
                uploaded_at=stamp(utc_now()),
                size=received.size,
                sha256=received.sha256,
            )
            # asked again: much may have happened meanwhile; the next start tidies up
            added = await service.hand_in(new, lambda state: rights.why_not_hand_in(state, person, offered_by))
    except NoRoom as full:
        raise ApiError(full.code) from None
    if isinstance(added, Refusal):
        raise ApiError(added.code)
    return JSONResponse(_Seen(service, control, person, added).entry(), 202, headers=PRIVATE)


def _announced(request: Request) -> int:
    """Bytes that the body has at most; raises `too_large`."""
    announced = request.headers.get("content-length", "")
    size = int(announced) if announced.isdecimal() else limits.UPLOAD_BYTES
    if size > limits.UPLOAD_BYTES:
        raise ApiError("too_large")
    return size


async def _received(request: Request, service: Exhibits) -> Received:
    """The body on disk; raises `too_large`, `malformed` when it breaks off, StorageUnavailable."""
    try:
        return await service.files.receive(request.stream(), limits.UPLOAD_BYTES)
    except TooLarge:
        raise ApiError("too_large") from None
    except ClientDisconnect:
        raise ApiError("malformed", "the file did not come to its end") from None
    except OSError as error:
        raise StorageUnavailable(str(error)) from error


async def change_exhibit(request: Request) -> Response:
    """PATCH /api/hearings/{hearing}/exhibits/{exhibit}: by a clerk."""
    body = await json_object(request, CHANGE_MEMBERS, frozenset())
    seen = await _seen(request)
    if not rights.may_arrange(seen.control.state, seen.person):
        raise ApiError("forbidden")
    if reason := rights.why_not_describe(seen.control.state, seen.person, seen.exhibit):
        raise ApiError(reason)
    _raise(await seen.service.describe(seen.person, seen.exhibit, _changes(body, seen.exhibit)))
    return await seen.again()


async def withdraw_exhibit(request: Request) -> Response:
    """POST /api/hearings/{hearing}/exhibits/{exhibit}/withdraw: by who offers it or a clerk."""
    body = await json_object(request, WITHDRAW_MEMBERS, frozenset({"reason"}))
    seen = await _seen(request)
    reason = _clean(body["reason"], LONGEST_REASON)
    _raise(await seen.service.withdraw(seen.person, seen.exhibit, reason))
    return await seen.again()


async def served_copy(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits/{exhibit}/served: with ranges."""
    seen = await _seen(request, ready=True)
    digest = seen.exhibit.sha256
    headers = {**REVALIDATED, "ETag": f'"{digest[:32]}-{FORM}"', "Content-Type": "application/pdf"}
    return send_file(request, seen.service.files.served(digest), seen.watch, headers)


async def original(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits/{exhibit}/original: the very bytes, never shown by the browser."""
    seen = await _seen(request)
    exhibit = seen.exhibit
    if reason := seen.why_not_original(seen.control.state):
        raise ApiError(reason)
    if exhibit.state is ExhibitState.LISTED:
        raise ApiError("not_ready")
    path = seen.service.files.original(exhibit.sha256)
    with path.open("rb") as file:
        kind = image_headers.kind(file.read(8))
    headers = {
        **REVALIDATED,
        "ETag": f'"{exhibit.sha256}"',
        "Content-Type": MEDIA_TYPES[kind] if exhibit.state is ExhibitState.READY else "application/octet-stream",
        "Content-Disposition": disposition(exhibit.name),
        "Content-Security-Policy": SANDBOX,
    }
    watch = Watch(seen.service.downloads, exhibit.hearing, lambda state: not seen.why_not_original(state))
    return send_file(request, path, watch, headers)


async def page_glyphs(request: Request) -> Response:
    """GET /api/hearings/{hearing}/exhibits/{exhibit}/pages/{page}/glyphs."""
    seen = await _seen(request, ready=True)
    page = request.path_params["page"]
    if not (page.isascii() and page.isdecimal() and len(page) <= 6):
        raise ApiError("not_found")
    zipped = seen.service.files.glyphs(seen.exhibit.sha256, int(page))
    if zipped is None:
        raise ApiError("not_found")
    etag = f'"{seen.exhibit.sha256[:32]}-{FORM}-{int(page)}"'
    headers = {**REVALIDATED, "ETag": etag, "Content-Type": "application/json", "Vary": "Accept-Encoding"}
    return send_zipped(request, zipped, seen.watch, headers)


@dataclass(frozen=True, slots=True)
class _Seen:
    """An exhibit and the person who looks at it."""

    service: Exhibits
    control: HearingControl
    person: str
    exhibit: Exhibit

    @property
    def watch(self) -> Watch:
        return Watch(self.service.downloads, self.exhibit.hearing, lambda state: not self.why_not(state))

    def why_not(self, state: HearingState) -> str:
        return rights.why_not_see(state, self.person, self.exhibit)

    def why_not_original(self, state: HearingState) -> str:
        return rights.why_not_original(state, self.person, self.exhibit)

    def entry(self) -> Json:
        """As the person may see it at this moment."""
        exhibit, state = self.exhibit, self.control.state
        step = self.service.intake.step(exhibit.hearing, exhibit.id)
        theirs = rights.is_theirs(state, self.person, exhibit)
        return views.entry(exhibit, step, state.withdrawn.get(exhibit.id), theirs=theirs)

    async def again(self) -> Response:
        """The answer to a change: the exhibit as it is now, for who may see it still."""
        self.check()
        changed = await self.service.one(self.exhibit.hearing, self.exhibit.id)
        shown = replace(self, exhibit=changed or self.exhibit)
        return JSONResponse(shown.entry(), headers=PRIVATE)

    def check(self) -> None:
        """Asked again after every wait: raises ApiError when the right is gone."""
        if reason := self.why_not(self.control.state):
            raise ApiError(reason)


async def _seen(request: Request, *, ready: bool = False) -> _Seen:
    """The exhibit of the path, for who may see it now."""
    control, person = await entered(request)
    service: Exhibits = request.app.state.exhibits
    exhibit = await service.one(control.hearing, request.path_params["exhibit"])
    if exhibit is None:
        raise ApiError(rights.why_not_any(control.state, person) or "not_found")
    seen = _Seen(service, control, person, exhibit)
    seen.check()
    if ready and exhibit.state is not ExhibitState.READY:
        raise ApiError("not_ready")
    return seen


def _raise(refused: Refusal | None) -> None:
    if refused is not None:
        raise ApiError(refused.code)


def _changes(body: Json, exhibit: Exhibit) -> dict[str, str | int]:
    """Title, purpose and number where they are given; raises ApiError."""
    number: int | None = body.get("number")
    if isinstance(number, bool) or (number is not None and not 1 <= number <= limits.EXHIBITS):
        raise ApiError("malformed", f"number must be a whole number from 1 to {limits.EXHIBITS}")
    if number is not None and exhibit.state is ExhibitState.REFUSED:
        raise ApiError("not_ready")
    changes: dict[str, str | int] = {} if number is None else {"number": number}
    for name, most in (("title", LONGEST_TITLE), ("purpose", LONGEST_PURPOSE)):
        if name in body:
            changes[name] = _clean(body[name], most)
    if changes.get("title") == "":
        raise ApiError("malformed", "a title has words")
    return changes


def _may_hand_in(control: HearingControl, person: str, offered_by: str | None) -> str:
    """Who offers it; raises ApiError when the person may not hand it in for them now."""
    offered = offered_by or rights.offering(control.state, control.state.participants[person])[0]
    if reason := rights.why_not_hand_in(control.state, person, offered):
        raise ApiError(reason)
    return offered


def _texts(request: Request) -> tuple[str, str, str]:
    """Title, purpose and the file's name, as a person may have typed them."""
    asked = request.query_params
    name = _clean(PurePosixPath(asked.get("name", "").replace("\\", "/")).name, LONGEST_NAME)
    title = _clean(asked.get("title", ""), LONGEST_TITLE) or PurePosixPath(name).stem[:LONGEST_TITLE] or "证据"
    return title, _clean(asked.get("purpose", ""), LONGEST_PURPOSE), name or "exhibit"


def _clean(text: str, most: int) -> str:
    """As one line of printable characters; raises `malformed` when it is longer than allowed."""
    line = " ".join("".join(each if unicodedata.category(each)[0] != "C" else " " for each in text).split())
    if len(line) > most:
        raise ApiError("malformed", f"a text is longer than {most} characters")
    return line
