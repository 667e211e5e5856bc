"""The transcript's rules: its tree, its attributes, the court's own turns. Who may do what to a turn; nothing of bytes.

root `transcript` > `turn` elements (attributes id kind speaker role at origin, strings) > texts > words and marks.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from .index import Log, Place, Run, Slot
from .rfc3339 import parse
from .rules import ATTRIBUTE, TEXT, TURN, TURNS, Writing
from .updates import ELEMENT, TYPE, XML_TEXT
from .values import Value
from .verdicts import COURT, Doubled, forbidden

ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
COURT_ID = re.compile(r"c[0-9]+")
ORIGIN = re.compile(r"(?:(?:control:[0-9]{1,15}|(?:message|opinion):[0-9A-Za-z_-]{1,64}))?")
KINDS = frozenset(("speech", "procedure", "heading", "note"))
REQUIRED = ("id", "kind", "at")
LONGEST_ROLE = 64
LONGEST_UNSURE_AT = 64

_FORMS: dict[str, Callable[[str], object]] = {
    "id": ID.fullmatch,
    "kind": KINDS.__contains__,
    "speaker": lambda text: text == "" or ID.fullmatch(text),
    "role": lambda text: len(text) <= LONGEST_ROLE,
    "at": parse,
    "origin": ORIGIN.fullmatch,
}
_PLAIN = {"bold": ("null", "{}", "true"), "underline": ("null", "{}", "true"), "unsure": ("null",)}


class Turn(Place):
    """A turn element. `registered` is the id under which the rules keep it while it lives."""

    __slots__ = ("owner", "registered")

    def __init__(self, owner: str, item: tuple[int, int]) -> None:
        super().__init__(TURN, item=item)
        self.owner = owner
        self.registered: str | None = None

    def lacks(self) -> list[str]:
        """The keys that a living turn must have and this one has not."""
        return [] if self.dead else [key for key in REQUIRED if not self.living(key)]

    def living(self, key: str) -> str:
        """The attribute's value; an absent one counts as empty."""
        slot = self.slots.get(key)
        return slot.value if slot and slot.alive and isinstance(slot.value, str) else ""


class TranscriptRules:
    root_name = "transcript"

    def __init__(self) -> None:
        self.root = Place(TURNS)
        self.turns: dict[str, list[Turn]] = {}  # living turns by id, in the order of admission

    def may_write(self, writing: Writing) -> None:
        pass

    def key(self, writing: Writing, place: Place, key: str) -> Slot:
        if place.role != TURN or key not in _FORMS:
            raise forbidden(f"nothing has an attribute {key[:40]!r}")
        return Slot(ATTRIBUTE, place, key)

    def inner(self, writing: Writing, place: Place, kind: tuple[int, str], log: Log, clock: int) -> Place:
        if place.role == TURNS and kind == (ELEMENT, "turn"):
            turn = Turn(log.owner, (log.client, clock))
            writing.touched[turn] = None
            return turn
        if place.role == TURN and kind == (XML_TEXT, ""):
            return Place(TEXT, place, (log.client, clock))
        raise forbidden("a type stands where the transcript has none of its kind")

    def value(self, writing: Writing, slot: Slot, value: Value) -> None:
        if not isinstance(value, str) or not _FORMS[slot.key](value):
            raise forbidden(f"{value!r:.80} is no {slot.key} of a turn")
        if writing.person != COURT and (
            (slot.key == "kind" and value == "procedure")
            or (slot.key == "origin" and value)
            or (slot.key == "id" and COURT_ID.fullmatch(value))
        ):
            raise forbidden(f"only the court writes the {slot.key} {value!r}")

    def mark(self, name: str, value: str) -> None:
        plain = _PLAIN.get(name)
        if plain is None or (value not in plain and not (name == "unsure" and _is_unsure(value))):
            raise forbidden(f"the text has no mark {name[:40]!r} with this value")

    def may_delete(self, writing: Writing, run: Run) -> bool:
        place = run.content if run.kind == TYPE else run.place
        keeper = place.top.keeper if isinstance(place, Place) else None
        return keeper is None or keeper == writing.person

    def may_clear(self, writing: Writing, slot: Slot) -> bool:
        """Any: undoing an attribute that somebody else has changed since leaves none (yjs); the court repairs it."""
        return True

    def finish(self, writing: Writing) -> None:
        """A new turn has all it needs, unless an undo brings a deleted one back: that one may lack a key which somebody
        else has changed since, and is repaired, not refused.
        """
        if writing.trusted:
            return
        for turn in writing.touched:
            if isinstance(turn, Turn) and turn.registered is None and turn.lacks() and not self._comes_back(turn):
                raise forbidden(f"a new turn has no {turn.lacks()[0]}")

    def _comes_back(self, turn: Turn) -> bool:
        """Whether a deleted turn had every attribute that this one has."""
        given = [(key, slot.value) for key, slot in turn.slots.items() if slot.alive]
        gone = (run.content for run in self.root.units() if isinstance(run.content, Turn) and run.content.dead)
        return bool(given) and any(
            all(key in old.slots and old.slots[key].value == value for key, value in given) for old in gone
        )

    def owing(self) -> Sequence[Doubled]:
        """What the court's writer still has to repair: asked when a document has been loaded."""
        living = [run.content for run in self.root.units() if isinstance(run.content, Turn) and not run.content.dead]
        lacking = [Doubled(turn.item, turn.registered or "", key) for turn in living for key in turn.lacks()]
        twice = [turn for name, same in self.turns.items() if name for turn in same[1:]]
        return [*lacking, *(Doubled(turn.item, turn.registered or "") for turn in twice)]

    def commit(self, writing: Writing) -> Sequence[Doubled]:
        touched = [turn for turn in writing.touched if isinstance(turn, Turn)]
        doubled = [Doubled(turn.item, turn.registered or "", key) for turn in touched for key in turn.lacks()]
        for turn in [turn for turn in touched if self._register(turn) and turn.registered]:
            same = self.turns.get(turn.registered or "", [])
            if len(same) > 1 and same[0] is not turn:
                doubled.append(Doubled(turn.item, turn.registered or ""))
        return doubled

    def _register(self, turn: Turn) -> bool:
        """Keep what is remembered of a turn true; whether it lives under an id new to it."""
        court = turn.living("kind") == "procedure" or turn.living("origin") != ""
        turn.keeper = COURT if turn.owner == COURT and court else None
        name = None if turn.dead else turn.living("id")
        if name == turn.registered:
            return False
        if turn.registered is not None:
            same = self.turns[turn.registered]
            same.remove(turn)
            if not same:
                del self.turns[turn.registered]
        turn.registered = name
        if name is None:
            return False
        self.turns.setdefault(name, []).append(turn)
        return True


class _Pairs(list[tuple[str, Any]]):
    """A JSON object as it stands, with keys that come twice."""


def _is_unsure(text: str) -> bool:
    """Whether the JSON is {"at": string}, each key once."""
    try:
        pairs: Any = json.loads(text, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        return False
    if not isinstance(pairs, _Pairs) or [key for key, _ in pairs] != ["at"]:
        return False
    at = pairs[0][1]
    return isinstance(at, str) and len(at) <= LONGEST_UNSURE_AT and at.isprintable()
