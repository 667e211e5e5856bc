"""`yunting exhibit`: lists exhibits, hands one in and waits for its check, downloads and withdraws them."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from clients.cli import sentences
from clients.cli.api import Api, hearing_path
from clients.cli.commands import who
from clients.cli.files import receive
from clients.cli.outcomes import Exit, Failure, Words
from clients.cli.output import Output
from clients.cli.progress import Moved, progress

PIECE = 256 * 1024
PATIENCE = 120.0  # seconds for one answer: the last bytes of an upload are synced to the disk before it comes
LOOK = 0.3  # seconds between two looks at a check under way
CHECKED = frozenset({"ready", "refused"})

Json = dict[str, Any]


def exhibit(options: argparse.Namespace, out: Output) -> Exit:
    return _ACTIONS[options.action](options, out)


def exhibit_path(options: argparse.Namespace, rest: str = "") -> str:
    return hearing_path(options.hearing, f"/exhibits/{quote(options.exhibit, safe='')}{rest}")


def _list(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang) as api:
        answer = api.get(hearing_path(options.hearing, "/exhibits"))
    if out.as_json:
        out.json(answer)
    elif answer["exhibits"]:
        out.table(_HEADS, [_row(one, out.lang) for one in answer["exhibits"]])
    else:
        out.say(sentences.NO_EXHIBITS)
    return Exit.OK


_HEADS = (
    sentences.HEAD_NUMBER,
    sentences.HEAD_ID,
    sentences.HEAD_STATE,
    sentences.HEAD_PAGES,
    sentences.HEAD_NAME,
    sentences.HEAD_PURPOSE,
)


def _row(one: Json, lang: str) -> list[str]:
    state = sentences.named(sentences.EXHIBIT_STATES, "withdrawn" if one["withdrawn"] else one["state"], lang)
    return [str(one["number"]), one["id"], state, str(one["pages"]), one["title"], one["purpose"]]


def _upload(options: argparse.Namespace, out: Output) -> Exit:
    file = Path(options.file)
    query = {"title": options.title, "purpose": options.purpose, "offered_by": options.offered_by, "name": file.name}
    with Api(who(options), out.lang, seconds=PATIENCE) as api, progress(out) as bar:
        added = _sent(api, file, options.hearing, {name: text for name, text in query.items() if text}, bar)
        found = _checked(api, f"{hearing_path(options.hearing)}/exhibits/{added['id']}", bar)
    if found["state"] == "refused":
        raise _refusal(found["intake"])
    if out.as_json:
        out.json(found)
        return Exit.OK
    out.say(sentences.HANDED_IN, **{name: found[name] for name in ("number", "title", "pages", "id")})
    say_warnings(found["warnings"], out)
    return Exit.OK


def _sent(api: Api, file: Path, hearing: str, query: dict[str, str], bar: Callable[[Words, int], Moved]) -> Json:
    try:
        with file.open("rb") as opened:
            size = file.stat().st_size
            pieces = _pieces(opened, bar(sentences.SENDING, size))
            return api.send(hearing_path(hearing, "/exhibits"), pieces, size, query)
    except OSError as error:
        words = sentences.NO_FILE.fill(path=file, why=error.strerror or error)
        raise Failure(Exit.USAGE, "no_file", words) from error


def _pieces(opened: BinaryIO, moved: Moved) -> Iterator[bytes]:
    at = 0
    while piece := opened.read(PIECE):
        yield piece
        at += len(piece)
        moved(at)


def _checked(api: Api, path: str, bar: Callable[[Words, int], Moved]) -> Json:
    """The exhibit once the server has looked through it."""
    moved: Moved | None = None
    while True:
        found = api.get(path)
        if found["state"] in CHECKED:
            return found
        intake = found["intake"]
        moved = moved or bar(sentences.CHECKING, intake["steps"])
        moved(intake["step"])
        time.sleep(LOOK)


def _refusal(intake: Json) -> Failure:
    return Failure(Exit.REFUSED, intake["code"], Words(intake["title_zh"], intake["title_en"]))


def say_warnings(warnings: list[Json], out: Output) -> None:
    for one in warnings:
        out.aside(Words(one["title_zh"], one["title_en"]))


def _download(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang, seconds=PATIENCE) as api:
        found = api.get(exhibit_path(options))
        default = found["name"] if options.original else Path(found["name"]).with_suffix(".pdf").name
        path = exhibit_path(options, "/original" if options.original else "/served")
        return receive(api, path, options.output, default, out)[0]


def _withdraw(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang) as api:
        told = api.post(exhibit_path(options, "/withdraw"), {"reason": options.reason})
    if out.as_json:
        out.json(told)
    else:
        out.say(sentences.WITHDRAWN, number=told["number"], title=told["title"])
    return Exit.OK


_ACTIONS: dict[str, Callable[[argparse.Namespace, Output], Exit]] = {
    "list": _list,
    "upload": _upload,
    "download": _download,
    "withdraw": _withdraw,
}
