"""Annotations as people know them: marks with their replies and status. Reads them from a Doc; never judges a writer.

Geometry is in unrotated, absolute PDF user space, in the page's own units.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import rfc8785

from .annotation_rules import FORMS, REQUIRED
from .rfc3339 import parse
from .updates import TYPE, decode

if TYPE_CHECKING:
    from pycrdt import Doc

ROOT = "annotations"
APART = timedelta(minutes=1)  # from here on the server's time is shown beside the author's
ANSWERS = frozenset({"reply", "status"})  # kinds that belong to another entry and stand nowhere on the page
DECISIONS = ("accepted", "rejected", "completed", "none")  # bodies of a status entry
Json = dict[str, Any]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


class BadAnnotation(ValueError):
    """The values are no annotation: a key is missing, unknown, or has a value of another form."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """One entry; a key it does not have is None. `quads`: UL UR LL LR as x, y each; `paths`: see `strokes`."""

    id: str
    author: str
    created: str
    kind: str
    v: int | None = None
    doc: str | None = None
    page: int | None = None
    quads: Sequence[Sequence[float]] | None = None
    rect: Sequence[float] | None = None
    paths: Sequence[Sequence[Any]] | None = None
    rot: int | None = None
    quote: Mapping[str, str] | None = None
    style: Mapping[str, Any] | None = None
    body: str | None = None
    modified: str | None = None
    reply_to: str | None = None
    deleted: Mapping[str, str] | None = None

    @property
    def is_living(self) -> bool:
        return self.deleted is None

    @property
    def is_answer(self) -> bool:
        return self.kind in ANSWERS

    @property
    def corners(self) -> tuple[Quad, ...]:
        """`quads` as points: upper left, upper right, lower left, lower right, in reading direction."""
        return tuple(cast(Quad, tuple(_pairs(quad))) for quad in self.quads or ())

    @property
    def strokes(self) -> tuple[tuple[Point, ...], ...]:
        """`paths` as points, whether they were written as [x, y] each or flat."""
        return tuple(tuple(_points(path)) for path in self.paths or ())

    @property
    def words(self) -> str:
        """What it says: its own words, else those it marks."""
        return self.body or (self.quote or {}).get("exact", "")


_KEYS = tuple(field.name for field in fields(Annotation))


def _pairs(numbers: Sequence[float]) -> Iterator[Point]:
    return zip(numbers[::2], numbers[1::2], strict=True)


def _points(path: Sequence[Any]) -> Iterator[Point]:
    if path and isinstance(path[0], list):
        return ((x, y) for x, y in path)
    return _pairs(cast(Sequence[float], path))


def from_json(values: Mapping[str, Any]) -> Annotation:
    """Raises BadAnnotation unless the values have the form that the gate admits."""
    plain = cast(Json, _plain(dict(values)))
    wrong = [key for key, value in plain.items() if key not in FORMS or not FORMS[key](value)]
    missing = [key for key in REQUIRED if key not in plain]
    if wrong or missing:
        raise BadAnnotation(f"no annotation: {', '.join(wrong + missing)[:200]}")
    return Annotation(**plain)


def to_json(entry: Annotation) -> Json:
    """The entry's values under the keys it has."""
    return {key: value for key in _KEYS if (value := getattr(entry, key)) is not None}


def _plain(value: Any) -> Any:
    """Numbers come out of a Doc as floats: whole ones become integers again, as JSON writes them."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list):
        return [_plain(part) for part in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in cast(Json, value).items()}
    return value


def values(doc: Doc[Any]) -> Json:
    """Everything the document holds, each entry's values under its key, as they were written."""
    from pycrdt import Map

    return cast(Json, doc.get(ROOT, type=Map).to_py() or {})


def entries(doc: Doc[Any]) -> list[Annotation]:
    """Every entry, tombstones too, by page, time of making, id."""
    return sorted((from_json(found) for found in values(doc).values()), key=order)


def made_in(update: bytes) -> Iterator[str]:
    """Keys of the entries that an admitted update makes; raises Malformed for bytes that are no update."""
    for structs in decode(update).structs:
        for kind, _, _, _, _, _, parent, key, _, _, _ in structs:
            if kind == TYPE and parent == ROOT and key:
                yield key


def came_apart(entry: Annotation, received: str) -> bool:
    """Whether the server's time of an entry (RFC 3339) is more than a minute off the time that its author gives."""
    said, came = parse(entry.created), parse(received)
    return said is not None and came is not None and abs(came - said) > APART


def order(entry: Annotation) -> tuple[int, float, str]:
    """By page, then time of making; the id decides between equals, so that every copy agrees."""
    moment = parse(entry.created)
    return (-1 if entry.page is None else entry.page, moment.timestamp() if moment else math.inf, entry.id)


def _age(entry: Annotation) -> tuple[float, str]:
    return order(entry)[1:]


def annotations_json(found: Iterable[Annotation]) -> bytes:
    """All entries with all their values, sorted by id, as canonical JSON (RFC 8785): equal documents, equal bytes."""
    return rfc8785.dumps([to_json(entry) for entry in sorted(found, key=lambda entry: entry.id)])


def read_annotations_json(data: bytes) -> list[Annotation]:
    """The entries of annotations_json(); raises BadAnnotation (or a ValueError for what is no JSON)."""
    listed: Any = json.loads(data)
    if not isinstance(listed, list):
        raise BadAnnotation("no list of annotations")
    return [from_json(cast(Json, values)) for values in cast("list[Any]", listed)]


@dataclass(frozen=True, slots=True)
class Thread:
    """A mark and what was answered to it, directly or to one of its answers; the oldest first.

    A deleted mark stays as the head of a thread while a living answer hangs on it. An answer to nothing that is here
    is a head of its own.
    """

    mark: Annotation
    replies: tuple[Annotation, ...] = ()
    statuses: tuple[Annotation, ...] = ()

    @property
    def status(self) -> str:
        """The newest decision on the mark; `none` when there is none."""
        return (self.statuses[-1].body or "none") if self.statuses else "none"

    @property
    def answers(self) -> tuple[Annotation, ...]:
        return tuple(sorted((*self.replies, *self.statuses), key=_age))


def threads(found: Iterable[Annotation]) -> list[Thread]:
    """The living, in order of their marks; a deleted mark without living answers is left out."""
    known = {entry.id: entry for entry in sorted(found, key=order)}
    heads = _heads(known)
    below: dict[str, list[Annotation]] = {}
    for entry in known.values():
        if entry.is_living and heads[entry.id] != entry.id:
            below.setdefault(heads[entry.id], []).append(entry)
    marks = (entry for entry in known.values() if heads[entry.id] == entry.id)
    return [_thread(mark, below.get(mark.id, [])) for mark in marks if mark.is_living or mark.id in below]


def _thread(mark: Annotation, answers: Sequence[Annotation]) -> Thread:
    ordered = sorted(answers, key=_age)
    replies = tuple(entry for entry in ordered if entry.kind == "reply")
    return Thread(mark, replies, tuple(entry for entry in ordered if entry.kind == "status"))


def _heads(known: Mapping[str, Annotation]) -> dict[str, str]:
    """Entry -> the mark at the end of its chain of answers; each entry is walked over once, however they hang."""
    heads: dict[str, str] = {}
    for start in known:
        path: dict[str, None] = {}
        here = start
        while here not in heads and here not in path:
            path[here] = None
            here = _above(known[here], known)
        found = heads[here] if here in heads else _first_of_ring(here, path)
        heads |= dict.fromkeys(path, found)
    return heads


def _above(entry: Annotation, known: Mapping[str, Annotation]) -> str:
    target = entry.reply_to or ""
    return target if entry.is_answer and target in known else entry.id


def _first_of_ring(start: str, path: Iterable[str]) -> str:
    """A mark is a ring of one; of answers that answer each other the smallest id is the head."""
    walked = list(path)
    return min(walked[walked.index(start) :])


def answered(entry: Annotation, thread: Thread) -> Annotation:
    """What an answer of the thread is hung on: its target while that is a living reply, else the thread's mark."""
    living = {reply.id: reply for reply in thread.replies}
    target = living.get(entry.reply_to or "")
    return target if target is not None and target is not entry else thread.mark
