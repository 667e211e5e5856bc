"""The recording as control messages and the API show it; asks nobody's rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from server.hearing.recording_events import ClipExported, SegmentsSealed
from server.recording.estimate import Estimate
from server.recording.ledger import Ledger
from server.recording.partial import Partial

Json = dict[str, Any]


def notice(state: str, since_ms: int, reason: str, disk: Estimate) -> Json:
    """What court staff is told on the control channel."""
    return {
        "type": "Recording",
        "state": state,
        "since_ms": since_ms,
        "reason": reason,
        "free_bytes": disk.free_bytes,
        "hours_left": disk.hours_left,
    }


def clip(hearing: str, seq: int, made: ClipExported) -> Json:
    """A clip with where it is fetched from; `seq`: its entry."""
    name = clip_name(made.of, made.sha256)
    url = f"/api/hearings/{quote(hearing, safe='')}/recording/clips/{name}"
    return {"seq": seq, **asdict(made), "name": name, "url": url}


def index(
    hearing: str, kept: Ledger, missing: Iterable[Partial], disk: Estimate, name_of: Callable[[str], str]
) -> Json:
    """Everything there is of a recording. `missing`: inside of rounds; `name_of`: a person's name by id."""
    base = f"/api/hearings/{quote(hearing, safe='')}/recording"
    return {
        "opened_ms": kept.opened_ms,
        "closed_ms": kept.closed_ms,
        "to_ms": kept.to_ms,
        "rounds": [_round(base, each, name_of) for each in kept.rounds],
        "gaps": [asdict(each) for each in kept.gaps],
        "partial": [
            {**asdict(each), "person_name": name_of(each.person) if each.person else ""} for each in missing
        ],
        "incidents": [asdict(each) for each in kept.incidents],
        "clips": [clip(hearing, seq, made) for seq, made in kept.clips],
        "archive": f"{base}/archive",
        "disk": asdict(disk),
    }  # fmt: skip


def _round(base: str, each: SegmentsSealed, name_of: Callable[[str], str]) -> Json:
    files = [
        {**asdict(file), "person_name": name_of(file.person), "url": f"{base}/files/{quote(file.name, safe='')}"}
        for file in each.files
    ]
    return {"round": each.round, "from_ms": each.from_ms, "to_ms": each.to_ms, "files": files}


def clip_name(of: int, sha256: str) -> str:
    """The file of a clip: named by its incident's entry and its digest."""
    return f"clip-{of}-{sha256[:16]}.webm"
