"""`yunting recording`: what was recorded and what is missing, all of it as one archive, clips; and reading a recording
for `yunting verify`.
"""

from __future__ import annotations

import argparse
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from clients.cli import recording_words as words
from clients.cli import sentences, times
from clients.cli.api import Api, hearing_path
from clients.cli.commands import who
from clients.cli.files import receive
from clients.cli.outcomes import Exit, Failure
from clients.cli.output import Output

PATIENCE = 180.0  # seconds for one answer: a clip is made before it comes
PIECE = 1024 * 1024
SUFFIX = ".webm"

Json = dict[str, Any]


def recording(options: argparse.Namespace, out: Output) -> Exit:
    return _ACTIONS[options.action](options, out)


def _list(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang) as api:
        answer = api.get(hearing_path(options.hearing, "/recording"))
    if out.as_json:
        out.json(answer)
    elif answer["rounds"] or answer["gaps"]:
        out.table(_HEADS, list(_rows(answer, out.lang)))
    else:
        out.say(words.NOTHING)
    return Exit.OK


_HEADS = (words.HEAD_ROUND, words.HEAD_FROM, words.HEAD_TO, words.HEAD_WHAT, words.HEAD_FILE)


def _rows(answer: Json, lang: str) -> Iterator[list[str]]:
    """Files, gaps and incidents in order of time."""
    rows: list[tuple[int, list[str]]] = []
    for each in answer["rounds"]:
        for file in each["files"]:
            kind = sentences.named(words.KINDS, file["kind"], lang)
            what = f"{kind}  {file['person_name']}"
            rows.append((file["from_ms"], [str(each["round"]), *_span(file), what, file["name"]]))
    for gap in (*answer["gaps"], *answer["partial"]):
        rows.append((gap["from_ms"], ["–", *_span(gap), _missing(gap, lang), gap["detail"]]))
    for mark in answer["incidents"]:
        at = _time(mark["at_ms"])
        rows.append((mark["at_ms"], [f"#{mark['seq']}", at, at, words.INCIDENT.say(lang), mark["reason"]]))
    yield from (row for _, row in sorted(rows, key=lambda each: each[0]))


def _missing(gap: Json, lang: str) -> str:
    reason = sentences.named(words.GAPS, gap["reason"], lang)
    if "person" not in gap:
        return words.GAP.say(lang, reason=reason)
    kind = sentences.named(words.KINDS, gap["kind"], lang) if gap["kind"] else ""
    return "  ".join(filter(None, (words.PARTLY.say(lang, reason=reason), kind, gap["person_name"])))


def _span(what: Json) -> tuple[str, str]:
    return _time(what["from_ms"]), _time(what["to_ms"])


def _time(ms: int) -> str:
    return times.shown(datetime.fromtimestamp(ms / 1_000, UTC).isoformat(timespec="milliseconds"))


def _download(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang, seconds=PATIENCE) as api:
        path = hearing_path(options.hearing, "/recording/archive")
        return receive(api, path, options.output, f"{options.hearing}-recording.zip", out)[0]


def _clip(options: argparse.Namespace, out: Output) -> Exit:
    order = {"of": options.of, "before_s": options.before, "after_s": options.after}
    with Api(who(options), out.lang, seconds=PATIENCE) as api:
        made = api.post(hearing_path(options.hearing, "/recording/clips"), order)
        status, _ = receive(api, made["url"], options.output, made["name"], out)
    if not out.as_json:
        out.say(words.CLIP_MADE, seq=made["seq"], sha256=made["sha256"])
    return status


_ACTIONS: dict[str, Callable[[argparse.Namespace, Output], Exit]] = {
    "list": _list,
    "download": _download,
    "clip": _clip,
}


def digests(path: str) -> dict[str, str]:
    """SHA-256 (hex) of every segment and clip in a folder or a ZIP, by its name. Raises Failure (usage)."""
    try:
        return _in_folder(Path(path)) if Path(path).is_dir() else _in_archive(path)
    except OSError as error:
        said = sentences.FILE_UNREADABLE.fill(path=path, why=error.strerror or error)
        raise Failure(Exit.USAGE, "file_unreadable", said) from error
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        said = sentences.FILE_UNREADABLE.fill(path=path, why=error)
        raise Failure(Exit.USAGE, "file_unreadable", said) from error


def _in_folder(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted((*folder.glob(f"*{SUFFIX}"), *folder.glob(f"clips/*{SUFFIX}"))):
        with path.open("rb") as file:
            found[path.name] = _digest(file)
    return found


def _in_archive(path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with zipfile.ZipFile(path) as archive:
        for inside in archive.infolist():
            if inside.filename.endswith(SUFFIX):
                found[inside.filename] = _digest_inside(archive, inside)
    return found


def _digest_inside(archive: zipfile.ZipFile, inside: zipfile.ZipInfo) -> str:
    """Of what the archive's own sum says is damaged: a digest that nothing has."""
    try:
        with archive.open(inside) as file:
            return _digest(file)
    except zipfile.BadZipFile:
        return ""


def _digest(file: IO[bytes]) -> str:
    digest = sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
