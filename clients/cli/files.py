"""A file from the server onto the disk: whole under its name or not there at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import httpx

from clients.cli import sentences
from clients.cli.api import Api
from clients.cli.outcomes import Exit, Failure
from clients.cli.output import Output
from clients.cli.progress import Moved, progress


def receive(api: Api, path: str, asked: str | None, default: str, out: Output) -> tuple[Exit, Mapping[str, str]]:
    """Writes an answer to the file that was `asked` for, else to `default` unless that is there; says so, and gives the
    answer's headers. Raises Failure.
    """
    target = Path(asked) if asked else _free(default)
    try:
        size, headers = _written(api, path, target, out)
    except OSError as error:
        words = sentences.NOT_WRITTEN.fill(path=target, why=error.strerror or error)
        raise Failure(Exit.OTHER, "not_written", words) from error
    if out.as_json:
        out.json({"file": str(target), "size": size})
    else:
        out.say(sentences.WRITTEN, path=target, size=size)
    return Exit.OK, headers


def _free(default: str) -> Path:
    """The server's name for it, without any folder in it."""
    name = Path(default.replace("\\", "/")).name.strip()
    target = Path(name if name not in {"", ".", ".."} else "exhibit.pdf")
    if target.exists():
        raise Failure(Exit.USAGE, "file_exists", sentences.FILE_EXISTS.fill(path=target))
    return target


def _written(api: Api, path: str, target: Path, out: Output) -> tuple[int, Mapping[str, str]]:
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        with api.fetch(path) as answer, progress(out) as bar, draft.open("xb") as file:
            announced = int(answer.headers.get("content-length", "0"))
            size = _copied(answer, file, bar(sentences.RECEIVING, announced))
            if size < announced:
                raise Failure(Exit.NO_CONNECTION, "no_connection", sentences.CUT_OFF)
        os.replace(draft, target)
        return size, answer.headers
    finally:
        draft.unlink(missing_ok=True)


def _copied(answer: httpx.Response, file: BinaryIO, moved: Moved) -> int:
    size = 0
    for piece in answer.iter_bytes():
        file.write(piece)
        size += len(piece)
        moved(size)
    return size
