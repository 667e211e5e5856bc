"""Awareness of one document: who is here, where is the cursor. Never stored; a state belongs to its client
id's person.
"""

from __future__ import annotations

import json
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


def is_own(state: str, person: Person) -> bool:
    """Whether a state may be shown as this person's: JSON object or null, bounded, `user` no other name or id."""
    if len(state.encode()) > STATE_LIMIT:
        return False
    try:
        value: Any = json.loads(state)
    except (ValueError, RecursionError):
        return False
    if value is None:
        return True
    if not isinstance(value, dict):
        return False
    user = cast(dict[str, Any], value).get("user")
    if user is None:
        return True
    if not isinstance(user, dict):
        return False
    fields = cast(dict[str, Any], user)
    return fields.get("id", person.id) == person.id and fields.get("name", person.name) == person.name


class Awareness:
    """The states of one room; `accept` and `leave` return what others must be told."""

    def __init__(self) -> None:
        self._states: dict[int, Presence] = {}

    def accept(self, entry: AwarenessEntry, peer: object) -> bool:
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
            self._states[entry.client] = Presence(entry.clock, entry.state, peer)
        return True

    def leave(self, peer: object) -> list[AwarenessEntry]:
        """The peer has gone: entries that say so to the others (y-protocols: the same clock, no state)."""
        own = [(client, known) for client, known in self._states.items() if known.peer is peer]
        for client, _ in own:
            del self._states[client]
        return [AwarenessEntry(client, known.clock, "null") for client, known in own]

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
