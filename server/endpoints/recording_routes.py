"""The routes of recordings, for the table of all routes."""

from __future__ import annotations

from server.endpoints import recording
from server.endpoints.api_route import ApiRoute
from server.endpoints.schemas import ID, TEXT

_HEARING = {"hearing": ID}
_FILE = {**_HEARING, "name": TEXT}
_REFUSED = ("forbidden", "isolated", "removed", "released", "not_found")
_BASE = "/api/hearings/{hearing}/recording"

RECORDING_ROUTES: tuple[ApiRoute, ...] = (
    ApiRoute(
        "GET",
        _BASE,
        recording.index,
        "The recording: rounds with their files, gaps, marked incidents, clips; court staff only",
        "Recording",
        refusals=_REFUSED,
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        f"{_BASE}/files/{{name}}",
        recording.segment,
        "One segment (WebM) as it was written; with Range and ETag",
        None,
        refusals=("range_not_satisfiable", *_REFUSED),
        media_type="video/webm",
        place=_FILE,
    ),
    ApiRoute(
        "GET",
        f"{_BASE}/archive",
        recording.archive,
        "All segments and the index as one ZIP",
        None,
        refusals=_REFUSED,
        media_type="application/zip",
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        f"{_BASE}/clips",
        recording.make_clip,
        "Make a clip around a marked incident, without transcoding; its digest goes into the log",
        "Clip",
        201,
        body="ClipOrder",
        refusals=(
            *("malformed", "cross_site", "no_incident", "not_sealed_yet", "nothing_recorded"),
            *("segment_changed", "clip_failed", "storage_unavailable"),
            *_REFUSED,
        ),
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        f"{_BASE}/clips/{{name}}",
        recording.clip,
        "A clip (WebM, one track each person and kind), as an attachment; with Range and ETag",
        None,
        refusals=("range_not_satisfiable", *_REFUSED),
        media_type="video/webm",
        place=_FILE,
    ),
)
