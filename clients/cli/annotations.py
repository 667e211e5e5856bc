"""`yunting annotate`: an exhibit's annotations as threads, and the PDF that carries them."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.cli import sentences, times
from clients.cli.api import Api, hearing_path
from clients.cli.commands import who
from clients.cli.exhibits import PATIENCE, exhibit_path, say_warnings
from clients.cli.files import receive
from clients.cli.outcomes import Exit
from clients.cli.output import Output
from crdt_docs.annotations import Annotation, Thread, came_apart, from_json, threads, to_json

ANSWER = "└ "  # before what answers the mark above it

Json = dict[str, Any]


def annotate(options: argparse.Namespace, out: Output) -> Exit:
    return _ACTIONS[options.action](options, out)


def _list(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang) as api:
        answer = api.get(exhibit_path(options, "/annotations"))
        roster = api.get(hearing_path(options.hearing))["roster"]
    found = threads(map(from_json, answer["annotations"]))
    told = _Told({one["person"]: one["name"] for one in roster}, answer["received"])
    if out.as_json:
        out.json({"threads": [_thread(thread, told) for thread in found]})
    elif found:
        out.table(_HEADS, [row for thread in found for row in _rows(thread, told, out.lang)])
    else:
        out.say(sentences.NO_ANNOTATIONS)
    return Exit.OK


@dataclass(frozen=True, slots=True)
class _Told:
    """What the server says of entries: person id -> name, entry -> when it came."""

    names: Mapping[str, str]
    received: Mapping[str, str]

    def author(self, entry: Annotation) -> str:
        return self.names.get(entry.author, entry.author)


def _thread(thread: Thread, told: _Told) -> Json:
    replies = [_named(reply, told) for reply in thread.replies]
    return {"mark": _named(thread.mark, told), "replies": replies, "status": thread.status}


def _named(entry: Annotation, told: _Told) -> Json:
    return {**to_json(entry), "author_name": told.author(entry), "received": told.received.get(entry.id)}


_HEADS = (
    sentences.HEAD_PAGE,
    sentences.HEAD_KIND,
    sentences.HEAD_AUTHOR,
    sentences.HEAD_TIME,
    sentences.HEAD_STATE,
    sentences.HEAD_WORDS,
)


def _rows(thread: Thread, told: _Told, lang: str) -> Iterator[list[str]]:
    page = "" if thread.mark.page is None else str(thread.mark.page + 1)
    status = sentences.named(sentences.DECISIONS, thread.status, lang) if thread.statuses else ""
    yield [page, *_cells(thread.mark, told, lang, ""), status, _words(thread.mark, lang)]
    for entry in thread.answers:
        yield [page, *_cells(entry, told, lang, ANSWER), "", _words(entry, lang)]


def _cells(entry: Annotation, told: _Told, lang: str, before: str) -> list[str]:
    kind = before + sentences.named(sentences.MARKS, entry.kind, lang)
    made, received = times.shown(entry.created), told.received.get(entry.id, "")
    if came_apart(entry, received):
        made = sentences.CAME_LATER.say(lang, made=made, came=times.shown(received))
    return [kind, told.author(entry), made]


def _words(entry: Annotation, lang: str) -> str:
    """On one line, whatever was typed."""
    if not entry.is_living:
        return sentences.MARK_DELETED.say(lang)
    if entry.kind == "status":
        return sentences.named(sentences.DECISIONS, entry.body or "none", lang)
    return " ".join("".join(char if char.isprintable() else " " for char in entry.words).split())


def _export(options: argparse.Namespace, out: Output) -> Exit:
    with Api(who(options), out.lang, seconds=PATIENCE) as api:
        exhibit = api.get(exhibit_path(options))
        default = f"{Path(exhibit['name']).stem}-批注.pdf"
        status, headers = receive(api, exhibit_path(options, "/annotated"), options.output, default, out)
    say_warnings([one for one in exhibit["warnings"] if one["code"] == "signed"], out)
    if left_out := int(headers.get("yunting-left-out", "0")):
        out.aside(sentences.LEFT_OUT, count=left_out)
    return status


_ACTIONS: dict[str, Callable[[argparse.Namespace, Output], Exit]] = {"list": _list, "export": _export}
