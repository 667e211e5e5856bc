"""Who listens to one hearing's log, and how it reaches them: without gap, within bounds, and to an isolated person
nothing else.

Owns the listeners' cursors. An entry is always sent from the log at the cursor, so replay and live tail are one
thing and no
window lies between them. Decides no right (server/hearing does) and knows no wire: a peer takes JSON texts.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, get_args

from server.control_entries import Entry
from server.control_views import Json, Shown, place
from server.hearing.court_events import PrivateLine, Removed
from server.hearing.events import HadSeen, Isolated, Released
from server.hearing.exhibit_events import ExhibitFact
from server.hearing.media_events import FOR_STAFF
from server.hearing.state import HearingState, ParticipantState

REPLAY_BYTES = 256 * 1024  # unsent at one peer before its replay waits: a log is longer than any queue should be
QUEUE_BYTES = 1024 * 1024  # unsent at one peer before it is closed 1013
REPLAY_LOOK = 0.05  # seconds until a waiting replay looks again
REPLAY_PATIENCE = 10.0  # seconds a replay waits for a peer that takes nothing before it is closed 1013
PRESENCE_TICK = (
    0.2  # seconds in which coming and going is gathered: a reconnect storm is told a few times, not per person
)
TOO_SLOW = (1013, "too_slow")
_CHANGE_NOTHING = (HadSeen, PrivateLine, *FOR_STAFF, *get_args(ExhibitFact))
_OF_THE_ISOLATED = (Isolated, Released, PrivateLine)
REMOVED = (4403, "removed")


class ControlPeer(Protocol):
    """One control socket. `unsent`: bytes not yet taken by the network; `cut` forgets them."""

    person: str

    @property
    def unsent(self) -> int: ...

    def send(self, text: str) -> None: ...

    def cut(self) -> None: ...

    def close(self, code: int, reason: str) -> None: ...


class Source(Protocol):
    """The log and the views that the audience tells of."""

    state: HearingState

    @property
    def entries(self) -> Sequence[Entry]: ...

    @property
    def applied_seq(self) -> int: ...

    def shown(self) -> Shown: ...

    def welcome(self, person: str, shown: Shown) -> Json: ...

    def beside(self, person: str, shown: Shown) -> Sequence[Json]:
        """What follows the Welcome."""
        ...


def text(message: Json) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


PING = text({"type": "Ping"})


class Listener:
    """One peer's place in the log. `held`: its person is isolated; `ahead`: own entries told out of order meanwhile."""

    __slots__ = ("ahead", "commands", "cursor", "held", "peer", "present", "waiting", "waits_until")

    def __init__(self, peer: ControlPeer, cursor: int, held: bool) -> None:
        self.peer = peer
        self.cursor = cursor
        self.held = held
        self.ahead: set[int] = set()
        self.waiting: asyncio.TimerHandle | None = None
        self.waits_until = 0.0
        self.present: list[str] | None = None
        self.commands: list[Json] | None = None

    @property
    def live(self) -> bool:
        """Has everything of the log so far and may be told the rest."""
        return not self.held and self.waiting is None


class Audience:
    """All listeners of one hearing. Every method runs within one turn of the event loop."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._listeners: dict[ControlPeer, Listener] = {}
        self._gathering: asyncio.TimerHandle | None = None
        self.patience = REPLAY_PATIENCE

    # --- coming and going ---

    def add(self, peer: ControlPeer, after: int) -> None:
        """Welcome, then the entries after `after`, then what comes; an isolated person gets their own isolation and
        line alone."""
        held = self._isolated(peer.person)
        listener = Listener(peer, min(after, self._source.state.seq), held)
        self._listeners[peer] = listener
        if held:
            for entry in self._source.entries[listener.cursor :]:
                self._tell_held(listener, entry)
        else:
            self._welcome(listener)
            self._pump(listener)

    def remove(self, peer: ControlPeer) -> None:
        listener = self._listeners.pop(peer, None)
        if listener is not None and listener.waiting is not None:
            listener.waiting.cancel()

    def _isolated(self, person: str) -> bool:
        return self._source.state.participants[person].state is ParticipantState.ISOLATED

    # --- the log ---

    def tell(self, entry: Entry) -> None:
        """A new entry, in the turn in which it became the hearing's state: isolation cuts before anything else is
        told."""
        shown = self._source.shown()
        for listener in list(self._listeners.values()):
            self._turn(listener, entry)
            if listener.peer not in self._listeners:
                continue
            if listener.held:
                self._tell_held(listener, entry)
            elif listener.live:
                self._pump(listener)
        if not isinstance(entry.event.fact, _CHANGE_NOTHING):
            self._tell_state(shown)

    def _turn(self, listener: Listener, entry: Entry) -> None:
        """Hold or free a listener whose person this entry isolates or releases; whoever is removed is told and gone."""
        if entry.event.concerns != listener.peer.person:
            return
        if isinstance(entry.event.fact, Isolated):
            listener.held = True
            self._stop_waiting(listener)
            listener.peer.cut()
        elif isinstance(entry.event.fact, Removed):
            self._stop_waiting(listener)
            listener.peer.cut()
            self._send(listener, {"type": "Event", **entry.shown_to(listener.peer.person)})
            self.remove(listener.peer)
            listener.peer.close(*REMOVED)
        elif isinstance(entry.event.fact, Released):
            listener.held = False
            listener.present = listener.commands = None
            self._pump(listener)
            if listener.live:
                self._welcome(listener)

    def _tell_held(self, listener: Listener, entry: Entry) -> None:
        """To the isolated: their own isolation, release and line to the clerks, from whenever; nothing else moves the
        cursor."""
        own = entry.event.concerns == listener.peer.person and isinstance(entry.event.fact, _OF_THE_ISOLATED)
        if not own:
            return
        self._send(listener, {"type": "Event", **entry.shown_to(listener.peer.person)})
        if entry.seq == listener.cursor + 1:
            listener.cursor = entry.seq
        else:
            listener.ahead.add(entry.seq)

    def _pump(self, listener: Listener) -> None:
        """Send from the cursor on, as far as the peer takes it; the rest when it has taken some."""
        entries, before = self._source.entries, listener.cursor
        while listener.cursor < len(entries):
            if listener.peer.unsent > REPLAY_BYTES:
                self._wait(listener, moved=listener.cursor > before)
                return
            entry = entries[listener.cursor]
            listener.cursor += 1
            if entry.seq in listener.ahead:
                listener.ahead.discard(entry.seq)
            else:
                self._send(listener, {"type": "Event", **entry.shown_to(listener.peer.person)})

    def _wait(self, listener: Listener, *, moved: bool) -> None:
        loop = asyncio.get_running_loop()
        if listener.waiting is None or moved:
            listener.waits_until = loop.time() + self.patience
        if loop.time() > listener.waits_until:
            self._drop(listener)
        else:
            listener.waiting = loop.call_later(REPLAY_LOOK, self._go_on, listener)

    def _go_on(self, listener: Listener) -> None:
        self._pump(listener)
        if listener.cursor == len(self._source.entries):
            self._stop_waiting(listener)
            self._welcome(listener)

    def _stop_waiting(self, listener: Listener) -> None:
        if listener.waiting is not None:
            listener.waiting.cancel()
            listener.waiting = None

    # --- what stands beside the log ---

    def applied(self, applied_seq: int) -> None:
        """Documents are in step up to this entry."""
        message = text({"type": "Applied", "applied_seq": applied_seq})
        for listener in self._live():
            self._put(listener, message)

    def notify(self, people: Iterable[str], message: Json) -> None:
        """A message to some people; never to anybody isolated."""
        wanted, message_text = frozenset(people), text(message)
        for listener in self._live():
            if listener.peer.person in wanted:
                self._put(listener, message_text)

    def notify_all(self, message: Json) -> None:
        message_text = text(message)
        for listener in self._live():
            self._put(listener, message_text)

    def tell_each(self, message: Callable[[str, Shown], Json]) -> None:
        """To everybody their own form of a message."""
        shown = self._source.shown()
        for listener in self._live():
            self._send(listener, message(listener.peer.person, shown))

    def presence_changed(self) -> None:
        """Somebody came or went: told within PRESENCE_TICK."""
        if self._gathering is None and self._listeners:
            self._gathering = asyncio.get_running_loop().call_later(PRESENCE_TICK, self._tell_presence)

    def _tell_presence(self) -> None:
        self._gathering = None
        shown = self._source.shown()
        for listener in self._live():
            person = listener.peer.person
            present = shown.present(person)
            if present != listener.present:
                listener.present = present
                paused = shown.phases["transcript_paused"]
                self._send(listener, {"type": "Presence", "connected": present, "transcript_paused": paused})
            if shown.commands(person) != listener.commands:
                self._send_state(listener, shown)

    def _tell_state(self, shown: Shown) -> None:
        for listener in self._live():
            self._send_state(listener, shown)

    def _send_state(self, listener: Listener, shown: Shown) -> None:
        person = listener.peer.person
        listener.commands = shown.commands(person)
        views = {"you": place(shown.state, person), "roster": shown.roster(person), "commands": listener.commands}
        self._send(listener, {"type": "State", **shown.phases_for(person), **views})

    def _welcome(self, listener: Listener) -> None:
        shown = self._source.shown()
        person = listener.peer.person
        listener.commands = shown.commands(person)
        self._send(listener, self._source.welcome(person, shown))
        for message in self._source.beside(person, shown):
            self._send(listener, message)
        listener.present = None
        self.presence_changed()

    # --- sending ---

    def _live(self) -> list[Listener]:
        return [listener for listener in self._listeners.values() if listener.live]

    def _send(self, listener: Listener, message: dict[str, Any]) -> None:
        self._put(listener, text(message))

    def _put(self, listener: Listener, message: str) -> None:
        if listener.peer.unsent > QUEUE_BYTES:
            self._drop(listener)
        elif listener.peer in self._listeners:
            listener.peer.send(message)

    def _drop(self, listener: Listener) -> None:
        self.remove(listener.peer)
        listener.peer.close(*TOO_SLOW)
