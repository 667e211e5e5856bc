"""The rules of annotations and private notes: whose entry it is, which keys it has, how big it may grow.

root map `annotations`: key = UUID -> map with plain values. All at a key belongs to the person whose item made it.
An entry is made once and never removed: a second struct at its key is refused even from its owner, nobody deletes the
key; deleting is the value `deleted {by, at}`. What an entry is (id, author, created, kind, reply_to, doc) stays.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeGuard, TypeVar

from .index import Log, Place, Run, Slot
from .rfc3339 import parse
from .rules import ENTRIES, ENTRY, ENTRY_KEY, FIELD, Writing
from .updates import MAP
from .values import Value
from .verdicts import Doubled, forbidden

Key = TypeVar("Key")
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
_DRAWN = (
    "highlight",
    "underline",
    "strikeout",
    "square",
    "ellipse",
    "line",
    "arrow",
    "ink",
    "freetext",
    "note",
    "stamp",
)
KINDS = frozenset((*_DRAWN, "reply", "status"))
REQUIRED = ("id", "author", "created", "kind")
FIXED = (*REQUIRED, "reply_to", "doc")
MOST_ENTRIES = 500  # a page; entries without a page count as one page
MOST_OF_ONE = 200  # of them, one person's: nobody fills a page for all
MOST_IN_ALL = 10_000  # a document
MOST_IN_ALL_OF_ONE = 2_000
MOST_PAGES = 5_000
MOST_BYTES = 64_000  # of an entry's current values
MOST_QUADS = 200
MOST_POINTS = 5_000
LONGEST_BODY = 5_000
LONGEST_COLOUR = 64
AHEAD = timedelta(minutes=5)
NO_PAGE = -1


def _is_number(value: Value) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(value: Value, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(map(_is_number, value))


def _is_time(value: Value) -> bool:
    return isinstance(value, str) and parse(value) is not None


def _matches(pattern: re.Pattern[str]) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _quads(value: Value) -> bool:
    return isinstance(value, list) and len(value) <= MOST_QUADS and all(_numbers(quad, 8) for quad in value)


def _paths(value: Value) -> bool:
    """Lists of points: [x, y] each, or flat x, y, x, y …"""
    if not isinstance(value, list):
        return False
    points = 0.0
    for path in value:
        if not isinstance(path, list):
            return False
        flat = all(map(_is_number, path)) and len(path) % 2 == 0
        if not flat and not all(_numbers(point, 2) for point in path):
            return False
        points += len(path) / 2 if flat else len(path)
    return points <= MOST_POINTS


def _quote(value: Value) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= {"exact", "prefix", "suffix"}
        and all(isinstance(part, str) for part in value.values())
    )


def _style(value: Value) -> bool:
    if not isinstance(value, dict) or not value.keys() <= {"color", "width", "opacity"}:
        return False
    colour = value.get("color", "")
    return (
        isinstance(colour, str)
        and len(colour) <= LONGEST_COLOUR
        and all(_is_number(value[key]) for key in ("width", "opacity") if key in value)
    )


def _tombstone(value: Value) -> bool:
    return isinstance(value, dict) and value.keys() == {"by", "at"} and _is_time(value["at"])


def _is_whole(value: Value) -> TypeGuard[int | float]:
    """Some clients write every number as a 64-bit float; those that read it know one kind of number only."""
    return _is_number(value) and float(value).is_integer() and abs(value) < 2**53


FORMS: dict[str, Callable[[Value], bool]] = {
    "id": _matches(UUID),
    "v": lambda value: _is_whole(value) and value == 1,
    "doc": _matches(SHA256),
    "page": lambda value: _is_whole(value) and value >= 0,
    "kind": lambda value: isinstance(value, str) and value in KINDS,
    "quads": _quads,
    "rect": lambda value: _numbers(value, 4),
    "paths": _paths,
    "rot": lambda value: _is_whole(value) and value in (0, 90, 180, 270),
    "quote": _quote,
    "style": _style,
    "body": lambda value: isinstance(value, str) and len(value) <= LONGEST_BODY,
    "author": lambda value: isinstance(value, str),
    "created": _is_time,
    "modified": _is_time,
    "reply_to": _matches(UUID),
    "deleted": _tombstone,
}


class Entry(Place):
    """An entry's map. `page` is where it is counted, None before it is; `fixed` what may not change any more."""

    __slots__ = ("fixed", "key", "page")

    def __init__(self, key: str, item: tuple[int, int]) -> None:
        super().__init__(ENTRY, item=item)
        self.key = key
        self.page: int | None = None
        self.fixed: dict[str, Value] = {}

    def living_page(self) -> int:
        slot = self.slots.get("page")
        return int(slot.value) if slot and slot.alive and isinstance(slot.value, int | float) else NO_PAGE


@dataclass(frozen=True, slots=True)
class Extent:
    """What an exhibit has to be marked: so many pages."""

    pages: int = MOST_PAGES


def _is_over(counted: Counter[Key], new: Counter[Key], most: int) -> bool:
    return any(counted[key] + more > most for key, more in new.items())


class Shares:
    """How many entries stand on each page, and whose they are. A deleted one stays and counts."""

    def __init__(self) -> None:
        self.pages: Counter[int] = Counter()
        self.of_one: Counter[tuple[int, str]] = Counter()
        self.people: Counter[str] = Counter()

    def move(self, entry: Entry) -> None:
        """To the page that it says now."""
        page, owner = entry.living_page(), entry.keeper or ""
        if entry.page is None:
            self.people[owner] += 1
        else:
            self.pages[entry.page] -= 1
            self.of_one[entry.page, owner] -= 1
        self.pages[page] += 1
        self.of_one[page, owner] += 1
        entry.page = page

    def check(self, coming: Sequence[Entry]) -> None:
        """Whether there is room for entries that are new, or new on the page that they say; raises Refusal."""
        pages = Counter(entry.living_page() for entry in coming)
        of_one = Counter((entry.living_page(), entry.keeper or "") for entry in coming)
        people = Counter(entry.keeper or "" for entry in coming if entry.page is None)
        if _is_over(self.pages, pages, MOST_ENTRIES):
            raise forbidden("the page has too many annotations")
        if _is_over(self.of_one, of_one, MOST_OF_ONE):
            raise forbidden("the person has too many annotations on the page")
        if _is_over(self.people, people, MOST_IN_ALL_OF_ONE):
            raise forbidden("the person has too many annotations")
        if people and self.people.total() + people.total() > MOST_IN_ALL:
            raise forbidden("the exhibit has too many annotations")


class AnnotationRules:
    """`extent` is asked at each entry: an exhibit's pages are known only when intake has been through it."""

    root_name = "annotations"

    def __init__(self, person: str | None = None, extent: Callable[[], Extent] = Extent) -> None:
        self.root = Place(ENTRIES)
        self.shares = Shares()
        self._person = person
        self._extent = extent

    def may_write(self, writing: Writing) -> None:
        if self._person is not None and writing.person != self._person:
            raise forbidden("private notes are written by their person alone")

    def key(self, writing: Writing, place: Place, key: str) -> Slot:
        if place.role == ENTRIES and UUID.fullmatch(key):
            slot = Slot(ENTRY_KEY, place, key)
            slot.top = slot
            return slot
        if place.role == ENTRY and key in FORMS:
            return Slot(FIELD, place, key)
        raise forbidden(f"an annotation has no key {key[:40]!r}")

    def inner(self, writing: Writing, place: Place, kind: tuple[int, str], log: Log, clock: int) -> Place:
        if not isinstance(place, Slot) or place.role != ENTRY_KEY or kind != (MAP, ""):
            raise forbidden("a type stands where annotations have none of its kind")
        entry = Entry(place.key, (log.client, clock))
        entry.keeper = log.owner
        place.keeper = place.keeper or log.owner
        writing.touched[entry] = None
        return entry

    def value(self, writing: Writing, slot: Slot, value: Value) -> None:
        if slot.role != FIELD or not FORMS[slot.key](value):
            raise forbidden(f"{value!r:.80} is no {slot.key} of an annotation")
        entry = slot.top
        assert isinstance(entry, Entry)
        if slot.key in FIXED and slot.chain and not (slot.alive and slot.value == value):
            raise forbidden(f"the {slot.key} of an annotation never changes")
        if slot.key == "id" and value != entry.key:
            raise forbidden("an annotation's id is not its key")
        if slot.key == "author" and value != writing.person:
            raise forbidden("an annotation's author is not its writer")
        if slot.key == "deleted" and isinstance(value, dict) and value["by"] != writing.person:
            raise forbidden("an annotation is deleted by somebody else than its writer")
        if slot.key == "page" and isinstance(value, int | float) and value >= self._extent().pages:
            raise forbidden("the exhibit has no such page")
        if slot.key == "created" and isinstance(value, str):
            created = parse(value)
            if created is None or created > writing.now + AHEAD:
                raise forbidden("an annotation's time of making lies in the future")

    def mark(self, name: str, value: str) -> None:
        raise forbidden("annotations hold no text with marks")

    def may_delete(self, writing: Writing, run: Run) -> bool:
        place = run.place
        return isinstance(place, Slot) and place.role == FIELD and place.top.keeper == writing.person

    def may_clear(self, writing: Writing, slot: Slot) -> bool:
        return slot.role == FIELD and slot.key not in FIXED

    def finish(self, writing: Writing) -> None:
        if writing.trusted:
            return
        coming: list[Entry] = []
        for place in writing.touched:
            if isinstance(place, Entry):
                self._check(place)
                if place.living_page() != place.page:
                    coming.append(place)
            elif isinstance(place, Slot) and len(place.chain) > 1:
                raise forbidden("an annotation's key is written once")
        if coming:
            self.shares.check(coming)

    def _check(self, entry: Entry) -> None:
        living = {key: slot.value for key, slot in entry.slots.items() if slot.alive}
        for key in REQUIRED:
            if key not in living:
                raise forbidden(f"an annotation has no {key}")
        if any(living.get(key) != value for key, value in entry.fixed.items()):
            raise forbidden("what an annotation is never changes")
        if len(json.dumps(living, ensure_ascii=False, separators=(",", ":")).encode()) > MOST_BYTES:
            raise forbidden("an annotation is too big")

    def owing(self) -> Sequence[Doubled]:
        return ()

    def commit(self, writing: Writing) -> Sequence[Doubled]:
        for entry in writing.touched:
            if isinstance(entry, Entry):
                if entry.living_page() != entry.page:
                    self.shares.move(entry)
                for key in FIXED:
                    slot = entry.slots.get(key)
                    if slot and slot.alive:
                        entry.fixed.setdefault(key, slot.value)
        return ()
