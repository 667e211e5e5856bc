"""The media room as a hearing's control sees it: what of it stands in the log, and what people are told beside the log.

Knows no wire to the media process (server/media does).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from server.control_entries import Entry
from server.control_views import Json, Shown
from server.hearing.media_events import MediaStarted, MediaStopped, StreamsCut
from server.hearing.media_routes import media_routes
from server.hearing.state import STAFF, HearingState

GATHERED = 0.2  # seconds in which changes are gathered before people are told

# what is said of somebody who is in the media room and has said nothing yet
ARRIVED: Mapping[str, Any] = {
    "connected": False,
    "microphone": False,
    "camera": False,
    "level": "",
    "video_paused": False,
}


def shrinks(before: HearingState, after: HearingState) -> bool:
    """Whether somebody may receive less than before."""
    old, new = media_routes(before), media_routes(after)
    kinds = ((old.audio, new.audio), (old.video, new.video))
    return any(speakers - now.get(listener, frozenset()) for was, now in kinds for listener, speakers in was.items())


def room_is_open(entries: Iterable[Entry], before: bool = False) -> bool:
    """Whether there is a room after these entries, of which the last word counts."""
    for entry in entries:
        if isinstance(entry.event.fact, MediaStarted | MediaStopped):
            before = isinstance(entry.event.fact, MediaStarted)
    return before


def unmeasured(entries: Sequence[Entry]) -> Collection[int]:
    """Entries that cut in an open room without a word in the log about what: the server was gone too early."""
    lost: set[int] = set()
    is_open, before = False, None
    for entry in entries:
        is_open = room_is_open([entry], is_open)
        if isinstance(entry.event.fact, StreamsCut):
            lost.discard(entry.event.fact.of)
        elif is_open and before is not None and shrinks(before, entry.after):
            lost.add(entry.seq)
        before = entry.after
    return lost


class Listeners(Protocol):
    """Who is told."""

    def tell_each(self, message: Any) -> None: ...


class MediaTold:
    """The people of one hearing's media room, as its control sockets are told of them."""

    def __init__(self, listeners: Listeners) -> None:
        self.people: dict[str, dict[str, Any]] = {}
        self._listeners = listeners
        self._gathering: asyncio.TimerHandle | None = None

    def note(self, person: str, **changes: Any) -> None:
        """Something of `ARRIVED` is otherwise now."""
        known = self.people.setdefault(person, dict(ARRIVED))
        if any(known[name] != value for name, value in changes.items()) or known == ARRIVED:
            known.update(changes)
            self._changed()

    def forget(self, person: str) -> None:
        """They have left the media room."""
        if self.people.pop(person, None) is not None:
            self._changed()

    def _changed(self) -> None:
        if self._gathering is None:
            self._gathering = asyncio.get_running_loop().call_later(GATHERED, self._tell)

    def _tell(self) -> None:
        self._gathering = None
        self._listeners.tell_each(self.message)

    def message(self, viewer: str, shown: Shown) -> Json:
        """Of those in the viewer's roster; how good a line is, to court staff and the person themselves."""
        known = {each["person"] for each in shown.roster(viewer)}
        staff = shown.state.participants[viewer].role in STAFF
        people = {
            person: status if staff or person == viewer else {**status, "level": ""}
            for person, status in self.people.items()
            if person in known
        }
        return {"type": "Media", "people": people}
