"""Clips of a recording around a marked incident: made by a child process, named by their digest, entered in the log."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from server.durable import sync_directory
from server.hearing.recording_events import ClipExported, SegmentsSealed
from server.recording.files import RecordingFiles
from server.recording.views import clip_name

log = logging.getLogger("yunting.recording")

ROOT = Path(__file__).resolve().parents[2]
MODULE = "media.clip"
PATIENCE = 120.0  # seconds
MOST_SECONDS = 600  # before, and as many after
_AT_ONCE = asyncio.Semaphore(1)

Json = dict[str, Any]


class ClipFailed(Exception):
    """`code`: nothing_recorded, segment_changed (`detail`: its name), clip_failed."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


async def export(
    files: RecordingFiles,
    hearing: str,
    rounds: Iterable[SegmentsSealed],
    span: tuple[int, int, int],
    title: Callable[[str], str],
) -> ClipExported:
    """The clip is on disk on return; not in the log yet. `span`: entry of the incident, from and to in milliseconds."""
    of, from_ms, to_ms = span
    chosen = [each for each in rounds for each in each.files if each.from_ms < to_ms and each.to_ms > from_ms]
    if not chosen:
        raise ClipFailed("nothing_recorded")
    folder = files.clips(hearing)
    draft = folder / f".draft-{secrets.token_hex(8)}"
    request = {
        "folder": str(files.folder(hearing)),
        "files": [
            {"name": each.name, "sha256": each.sha256, "person": each.person, "kind": each.kind,
             "title": title(each.person), "from_ms": each.from_ms}
            for each in chosen
        ],
        "from_ms": from_ms,
        "to_ms": to_ms,
        "target": str(draft),
    }  # fmt: skip
    try:
        async with _AT_ONCE:
            made = await _made(request)
        fact = ClipExported(of, made["from_ms"], made["to_ms"], made["sha256"])
        await asyncio.to_thread(_place, draft, folder / clip_name(of, fact.sha256))
        return fact
    finally:
        draft.unlink(missing_ok=True)


def _place(draft: Path, target: Path) -> None:
    draft.rename(target)
    sync_directory(target.parent)


async def _made(request: Json) -> Json:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-s", "-X", "utf8", "-m", MODULE),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={},
    )
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate(json.dumps(request).encode())
    except TimeoutError:
        raise ClipFailed("clip_failed") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return _read(said, process.returncode)


def _read(said: bytes, status: int | None) -> Json:
    answer: Json = json.loads(said) if status == 0 and said else {"error": "failed", "detail": f"status {status}"}
    if answer.get("error") in ("nothing_recorded", "segment_changed"):
        raise ClipFailed(answer["error"], answer.get("detail", ""))
    if "error" in answer:
        log.warning("a clip could not be made: %.300s", answer.get("detail"))
        raise ClipFailed("clip_failed")
    return answer
