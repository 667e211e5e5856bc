"""What the gate asks the rules of a document's shape. Form and order of updates are judged elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from .index import Log, Place, Run, Slot
from .values import Value
from .verdicts import Doubled

TURNS, TURN, ATTRIBUTE, TEXT, ENTRIES, ENTRY_KEY, ENTRY, FIELD = range(8)


class Writing(Protocol):
    """The update under judgment, as far as rules see it."""

    person: str
    trusted: bool  # from our own log: nothing is judged, only noted
    now: datetime
    touched: dict[Place, None]  # turns or entries that were made, changed or deleted, in order

    def undo_later(self, place: Place, name: str, before: object) -> None: ...


class Rules(Protocol):
    """All methods raise Refusal. `inner`, `key` and `value` are asked before, `finish` after everything is in place."""

    root: Place
    root_name: str

    def may_write(self, writing: Writing) -> None: ...

    def key(self, writing: Writing, place: Place, key: str) -> Slot:
        """A new key of a turn or map."""
        ...

    def inner(self, writing: Writing, place: Place, kind: tuple[int, str], log: Log, clock: int) -> Place:
        """A new type with its item's id (client, clock)."""
        ...

    def value(self, writing: Writing, slot: Slot, value: Value) -> None: ...

    def mark(self, name: str, value: str) -> None:
        """A formatting mark in a text: its name and its value as JSON."""
        ...

    def may_delete(self, writing: Writing, run: Run) -> bool: ...

    def may_clear(self, writing: Writing, slot: Slot) -> bool:
        """Whether the living value of a key may go without a new one."""
        ...

    def finish(self, writing: Writing) -> None: ...

    def commit(self, writing: Writing) -> Sequence[Doubled]: ...

    def owing(self) -> Sequence[Doubled]:
        """Repairs that are due in what is there."""
        ...
