"""The recording over HTTP, for court staff alone: index, segments with ranges, all of them as one archive, clips."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server import metrics
from server.control import HearingControl
from server.endpoints.bodies import json_object
from server.endpoints.downloading import Sent, Watch, disposition, send_file
from server.endpoints.entering import entered
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.hearing.reasons import Refusal
from server.hearing.recording_events import ClipExported, SegmentFile
from server.hearing.state import COURT, STAFF, HearingState
from server.recording import clips, views
from server.recording.archive import pieces
from server.recording.clips import MOST_SECONDS, ClipFailed
from server.recording.estimate import estimate
from server.recording.ledger import Ledger, ledger
from server.recording.partial import Logged, partial
from server.recording.recordings import Recordings

Json = dict[str, Any]
KEPT = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
CLIP_MEMBERS = {"of": int, "before_s": int, "after_s": int}
MEDIA_TYPES = {"audio": "audio/webm", "video": "video/webm"}


async def index(request: Request) -> Response:
    """GET /api/hearings/{hearing}/recording."""
    return JSONResponse(await (await _seen(request)).index(), headers=PRIVATE)


async def segment(request: Request) -> Response:
    """GET /api/hearings/{hearing}/recording/files/{name}: with ranges."""
    seen, name = await _seen(request), request.path_params["name"]
    file = next((each for each in seen.files() if each.name == name), None)
    path = seen.service.files.folder(seen.control.hearing) / name
    if file is None or not path.is_file():
        raise ApiError("not_found")
    return seen.send(request, path, file.sha256, MEDIA_TYPES[file.kind])


async def archive(request: Request) -> Response:
    """GET /api/hearings/{hearing}/recording/archive: every segment as it is, and the index, in one ZIP."""
    seen = await _seen(request)
    folder = seen.service.files.folder(seen.control.hearing)
    held = [(each.name, folder / each.name) for each in seen.files() if (folder / each.name).is_file()]
    metrics.recording_downloads.labels(what="archive").inc()
    name = f"{seen.control.hearing}-recording.zip"
    headers = {**PRIVATE, "Content-Type": "application/zip", "Content-Disposition": disposition(name)}
    return Sent(pieces(held, await seen.index()), None, seen.watch, headers)


async def make_clip(request: Request) -> Response:
    """POST /api/hearings/{hearing}/recording/clips: answered when it is on disk and in the log."""
    body = await json_object(request, CLIP_MEMBERS, frozenset(CLIP_MEMBERS))
    seen = await _seen(request)
    of, before, after = (_whole(body, name) for name in ("of", "before_s", "after_s"))
    incident = next((each for each in seen.kept.incidents if each.seq == of), None)
    if incident is None:
        raise ApiError("no_incident")
    span = (of, incident.at_ms - before * 1_000, incident.at_ms + after * 1_000)
    rounds = await seen.service.sealed_until(seen.control, span[2])
    if rounds is None:
        raise ApiError("not_sealed_yet")
    try:
        made = await clips.export(seen.service.files, seen.control.hearing, rounds, span, seen.title)
    except ClipFailed as failure:
        raise ApiError(failure.code, failure.detail) from None
    seen.check()
    seq = await _enter(seen.control, made)
    return JSONResponse(views.clip(seen.control.hearing, seq, made), 201, headers=PRIVATE)


async def _enter(control: HearingControl, made: ClipExported) -> int:
    """The entry of the clip: the same clip is entered once."""

    def decide(_state: HearingState, _now_ms: int) -> tuple[ClipExported, ...]:
        return () if _seq_of(control, made) else (made,)

    if isinstance(told := await control.record(COURT, decide), Refusal):
        raise ApiError(told.code)
    return _seq_of(control, made)


def _seq_of(control: HearingControl, made: ClipExported) -> int:
    return next((entry.seq for entry in control.entries if entry.event.fact == made), 0)


async def clip(request: Request) -> Response:
    """GET /api/hearings/{hearing}/recording/clips/{name}: with ranges."""
    seen, name = await _seen(request), request.path_params["name"]
    path = seen.service.files.clip(seen.control.hearing, name)
    made = next((each for _, each in seen.kept.clips if views.clip_name(each.of, each.sha256) == name), None)
    if path is None or made is None:
        raise ApiError("not_found")
    return seen.send(request, path, made.sha256, "video/webm", {"Content-Disposition": disposition(name)})


@dataclass(frozen=True, slots=True)
class _Seen:
    """A recording and the person of the court who looks at it."""

    service: Recordings
    control: HearingControl
    person: str
    kept: Ledger

    @property
    def watch(self) -> Watch:
        return Watch(self.service.downloads, self.control.hearing, lambda state: not _why_not(state, self.person))

    def check(self) -> None:
        """Asked again after every wait: raises ApiError when the right is gone."""
        if reason := _why_not(self.control.state, self.person):
            raise ApiError(reason)

    def files(self) -> list[SegmentFile]:
        return [file for each in self.kept.rounds for file in each.files]

    def title(self, person: str) -> str:
        participant = self.control.state.participants.get(person)
        return participant.title if participant else person

    async def index(self) -> Json:
        """Made beside the event loop: a long hearing has thousands of entries."""
        log = [Logged(entry.event, entry.after) for entry in self.control.entries]
        missing = await asyncio.to_thread(partial, log, self.kept)
        self.check()
        people = len(self.control.state.participants)
        disk = estimate(self.kept.rounds, people, self.service.files.free_bytes(), self.service.reserve)
        return views.index(self.control.hearing, self.kept, missing, disk, self.title)

    def send(
        self, request: Request, path: Path, sha256: str, kind: str, more: Mapping[str, str] | None = None
    ) -> Response:
        metrics.recording_downloads.labels(what="clip" if more else "segment").inc()
        headers = {**KEPT, "ETag": f'"{sha256}"', "Content-Type": kind, **(more or {})}
        return send_file(request, path, self.watch, headers)


async def _seen(request: Request) -> _Seen:
    control, person = await entered(request)
    service: Recordings = request.app.state.recordings
    kept = ledger([entry.event for entry in control.entries], service.now_ms())
    seen = _Seen(service, control, person, kept)
    seen.check()
    return seen


def _why_not(state: HearingState, person: str) -> str:
    """Code of the reason; empty for court staff."""
    participant = state.participants[person]
    if participant.barred:
        return participant.state.value.lower()
    return "" if participant.role in STAFF else "forbidden"


def _whole(body: Json, name: str) -> int:
    value = body[name]
    most = MOST_SECONDS if name != "of" else 2**31
    if isinstance(value, bool) or not 0 <= value <= most:
        raise ApiError("malformed", f"{name} must be a whole number from 0 to {most}")
    return value
