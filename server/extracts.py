"""A witness's or expert's extract of the transcript: their own words with the question before each, and the court's
lines about them. They never get the document itself.

Owns who is told that their extract has grown; the selection is the one that they will sign (crdt_docs/signing/content).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from crdt_docs.signing.content import places_of
from crdt_docs.transcript import Turn, turns
from server.control import HearingControl
from server.control_entries import Entry
from server.hearing.documents import DocumentKind
from server.hearing.state import PART_SIGNER_ROLES, HearingState, ParticipantState
from server.sync.room import Room

GATHER = 0.3  # seconds in which changes are gathered before anybody is told
_ORIGIN = "control:"

Get = Callable[[str], Awaitable[HearingControl]]
Notify = Callable[[str, Collection[str], dict[str, Any]], None]


def denial(state: HearingState, person: str) -> str:
    """Code of the reason why somebody gets no extract; empty when they do. Asks nothing about who is barred."""
    participant = state.participants[person]
    if participant.role not in PART_SIGNER_ROLES:
        return "role_may_not_read"
    return "" if participant.state is ParticipantState.IN_COURT else "not_let_in"


def extract(written: Sequence[Turn], entries: Sequence[Entry], person: str) -> list[Turn]:
    """The turns of the extract, in the order of the transcript."""
    own = places_of([asdict(turn) for turn in written], person)
    about = {entry.seq for entry in entries if entry.event.concerns == person and entry.seen_by(person)}
    return [turn for place, turn in enumerate(written) if place in own or _origin(turn) in about]


def _origin(turn: Turn) -> int:
    """The log's entry that wrote a procedure line; 0 for anything else."""
    number = turn.origin.removeprefix(_ORIGIN)
    ours = turn.kind == "procedure" and turn.origin.startswith(_ORIGIN) and number.isascii() and number.isdecimal()
    return int(number) if ours else 0


class Extracts:
    """Tells each witness and expert in court that their extract has changed: `{"type": "Extract", "turns": n}`."""

    def __init__(self, get: Get, notify: Notify) -> None:
        self._get = get
        self._notify = notify
        self._gathering: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._told: dict[tuple[str, str], list[Turn]] = {}

    def changed(self, room: Room) -> None:
        """The transcript of a hearing has changed; other documents are none of this."""
        if room.name.kind is not DocumentKind.TRANSCRIPT or not _witnesses(room.shared.state):
            return
        hearing = room.name.hearing
        if hearing not in self._gathering:
            self._gathering[hearing] = asyncio.get_running_loop().call_later(GATHER, self._start, room)

    def _start(self, room: Room) -> None:
        del self._gathering[room.name.hearing]
        task = asyncio.get_running_loop().create_task(self._tell(room), name=f"extract {room.name.hearing}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, room: Room) -> None:
        hearing = room.name.hearing
        entries = (await self._get(hearing)).entries
        written = turns(room.document.doc)
        for person in _witnesses(room.shared.state):
            found = extract(written, entries, person)
            if found != self._told.get((hearing, person)):
                self._told[hearing, person] = found
                self._notify(hearing, [person], {"type": "Extract", "turns": len(found)})

    async def close(self) -> None:
        """Nobody is told anything any more."""
        for timer in self._gathering.values():
            timer.cancel()
        self._gathering.clear()
        if self._tasks:
            await asyncio.wait(self._tasks)


def _witnesses(state: HearingState) -> tuple[str, ...]:
    return tuple(each.person for each in state.of_role(PART_SIGNER_ROLES) if not denial(state, each.person))


def shown(turn: Turn) -> Mapping[str, str]:
    """A turn as people are shown it: {id, kind, speaker, role, at, origin, text}."""
    return asdict(turn)
