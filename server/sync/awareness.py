"""Awareness of one document: who is here, where is the cursor. Never stored; a state belongs to its client
id's person.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from crdt_docs.wire.y_protocol import AwarenessEntry

STATE_LIMIT = 4_096  # bytes of one state's JSON
MOST_CLOCK = 2**32  # a clock beyond it would never be overtaken
EMPTY = "{}"


@dataclass(frozen=True, slots=True)
class Person:
    """What `user` in a state is checked against."""

    id: str
    name: str


@dataclass(slots=True)
class Presence:
    """A client's newest accepted state and the peer (any object) it came from."""

    clock: int
    state: str
    peer: object
    draws: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a state others may be shown, as JSON; `draws`: there is a stroke under way in it."""

    state: str
    draws: bool = False


def shown(state: str, person: Person, may_write: bool) -> Shown | None:
    """A state as this person's; without its stroke when they may not write or the state does not name them. None for
    what is not to be taken: only null is, or a bounded JSON object whose `user`, if there is one, is the person."""
    if len(state.encode()) > STATE_LIMIT:
        return None
    try:
        value: Any = json.loads(state)
    except (ValueError, RecursionError):
        return None
    if value is None:
        return Shown("null")
    if not isinstance(value, dict):
        return None
    fields = cast(dict[str, Any], value)
    user = fields.get("user")
    if user is not None and not _is_user(user, person):
        return None
    draws = fields.get("stroke") is not None
    if draws and (user is None or not may_write):
        del fields["stroke"]
        return Shown(json.dumps(fields, ensure_ascii=False, separators=(",", ":")))
    return Shown(state if fields else EMPTY, draws)


def _is_user(user: Any, person: Person) -> bool:
    """Whether `user` of a state names the person, by id, name or both, and nobody else."""
    if not isinstance(user, dict):
        return False
    fields = cast(dict[str, Any], user)
    own = {"id": person.id, "name": person.name}
    return any(key in fields for key in own) and all(fields.get(key, own[key]) == own[key] for key in own)


class Awareness:
    """The states of one room; `accept` and `leave` return what others must be told."""

    def __init__(self) -> None:
        self._states: dict[int, Presence] = {}

    def accept(self, entry: AwarenessEntry, peer: object, *, draws: bool = False) -> bool:
        """Take a state that is newer than the known one (y-protocols: higher clock, or the same clock and gone)."""
        known = self._states.get(entry.client)
        gone = entry.state == "null"
        if entry.clock > MOST_CLOCK or (known is None and gone):
            return False
        if known is not None and (entry.clock < known.clock or (entry.clock == known.clock and not gone)):
            return False
        if gone:
            del self._states[entry.client]
        else:
            self._states[entry.client] = Presence(entry.clock, entry.state, peer, draws)
        return True

    def leave(self, peer: object) -> list[AwarenessEntry]:
        """The peer has gone: entries that say so to the others (y-protocols: the same clock, no state)."""
        return self._drop(lambda known: known.peer is peer)

    def end_strokes(self, may_write: Callable[[Any], bool]) -> list[AwarenessEntry]:
        """Who draws and may write no more is gone for the others, until a next state says who is there."""
        return self._drop(lambda known: known.draws and not may_write(known.peer))

    def _drop(self, which: Callable[[Presence], bool]) -> list[AwarenessEntry]:
        gone = [(client, known) for client, known in self._states.items() if which(known)]
        for client, _ in gone:
            del self._states[client]
        return [AwarenessEntry(client, known.clock, "null") for client, known in gone]

    def entries(self) -> list[AwarenessEntry]:
        """Everybody with something to show, for a newcomer."""
        return [
            AwarenessEntry(client, known.clock, known.state)
            for client, known in self._states.items()
            if known.state != EMPTY
        ]

    def shows(self, client: int) -> bool:
        """Whether others have been shown a state of this client that is not empty."""
        known = self._states.get(client)
        return known is not None and known.state != EMPTY
