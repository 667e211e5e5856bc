"""One entry of a hearing's log: event <-> stored row <-> what a person is told. Owns no log, decides nothing about
the court."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crdt_docs.signing import log_tree
from server.hearing import events, times
from server.hearing.events import Event, Isolated
from server.hearing.reduce import apply
from server.hearing.sight import may_see_event
from server.hearing.state import HearingState
from server.storage.control_log import LogRow


class LogDamaged(RuntimeError):
    """The stored log does not agree with itself; the hearing is not opened on a guess."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`after`: the hearing right after it, which fixes for ever who may see the payload."""

    event: Event
    after: HearingState
    header: Mapping[str, Any]
    salt: bytes
    payload: Mapping[str, Any]
    leaf: bytes

    @property
    def seq(self) -> int:
        return self.event.seq

    @property
    def cut(self) -> frozenset[str]:
        """Whom the entry takes out of the documents."""
        return frozenset({self.event.concerns}) if isinstance(self.event.fact, Isolated) else frozenset()

    def seen_by(self, person: str) -> bool:
        """Whether the person may see the payload, now and at any later time."""
        return may_see_event(self.after, person, self.event)

    def public(self) -> dict[str, Any]:
        """Header and leaf: what everybody of the hearing is told of every entry."""
        return {"header": dict(self.header), "leaf": self.leaf.hex()}

    def shown_to(self, person: str) -> dict[str, Any]:
        """`public` with salt (hex) and payload where the person may see them."""
        if not self.seen_by(person):
            return self.public()
        return {**self.public(), "salt": self.salt.hex(), "payload": dict(self.payload)}

    def row(self) -> LogRow:
        header, payload = log_tree.canonical(self.header).decode(), log_tree.canonical(self.payload).decode()
        return LogRow(self.header["hearing"], self.seq, header, self.salt, payload, self.leaf)


def compose(before: HearingState, event: Event, heads: Mapping[str, str], salt: bytes) -> Entry:
    """The entry of a new event, not yet on disk."""
    header = log_tree.header(before.id, event.seq, times.utc(event.at_ms), event.kind, event.actor, heads)
    payload = event.payload()
    return _entry(before, event, header, salt, payload, log_tree.leaf_of(header, salt, payload))


def revive(before: HearingState, row: LogRow) -> Entry:
    """The entry of a stored row; raises LogDamaged when its leaf, place or content is not what it must be."""
    header, payload = json.loads(row.header), json.loads(row.payload)
    if log_tree.leaf_of(header, row.salt, payload) != row.leaf:
        raise LogDamaged(f"hearing {before.id}: entry {row.seq} does not match its leaf")
    if (header["hearing"], header["seq"]) != (before.id, before.seq + 1):
        raise LogDamaged(f"hearing {before.id}: entry {row.seq} stands where {before.seq + 1} belongs")
    try:
        return _entry(before, events.read(header, payload), header, row.salt, payload, row.leaf)
    except (events.UnreadableEntry, KeyError) as error:
        raise LogDamaged(f"hearing {before.id}: {error}") from error


def _entry(
    before: HearingState, event: Event, header: Mapping[str, Any], salt: bytes, payload: Mapping[str, Any], leaf: bytes
) -> Entry:
    return Entry(event, apply(before, event), header, salt, payload, leaf)
