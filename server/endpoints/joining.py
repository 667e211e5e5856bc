"""A session's way to a document, the same on both wires: a wait after a refusal, the name, the room, the right
to read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server import metrics
from server.hearing import documents
from server.people.tokens import Session
from server.sync.awareness import Person
from server.sync.peer import Peer
from server.sync.room import Room
from server.sync.rooms import Rooms, UnknownDocument


@dataclass(frozen=True, slots=True)
class Joined:
    """A session that may read a document now."""

    session: Session
    person: Person
    room: Room


@dataclass(frozen=True, slots=True)
class Joining:
    """What the sockets of both wires need of the server. `alive(session id)`; `came(hearing, session)` ends another
    login of the same person; `frame_rate` as in Settings."""

    rooms: Rooms
    alive: Callable[[str], bool]
    came: Callable[[str, Session], Awaitable[None]]
    frame_rate: int

    async def join(self, session: Session, document: str) -> Joined | str:
        """The room, or the stable code of the refusal: `token`, `forbidden`.

        A document that does not exist is `forbidden` like one that may not be read: no hint.
        """
        await asyncio.sleep(self.rooms.refusals.wait(session.id, document))
        if not self.alive(session.id):
            return "token"
        name = documents.parse(document)
        if name is not None:
            await self.came(name.hearing, session)
        room = await self._room(name)
        if not self.alive(session.id):
            return "token"
        if room is None or not room.access(session.person).read:
            self.rooms.refusals.note(session.id, document)
            metrics.refusals.labels(code="forbidden").inc()
            return "forbidden"
        participant = room.shared.state.participant(session.person)
        shown = participant.name if participant else ""
        return Joined(session, Person(session.person, shown), room)

    async def _room(self, name: documents.DocumentName | None) -> Room | None:
        if name is None:
            return None
        try:
            return await self.rooms.open(name)
        except UnknownDocument:
            return None

    def entered(self, joined: Joined, peer: Peer) -> None:
        joined.room.join(peer)
        self.rooms.arrived(joined.room.name.hearing, joined.person.id)

    def departed(self, joined: Joined) -> None:
        self.rooms.left(joined.room.name.hearing, joined.person.id)
