"""Rooms on a real database with peers whose sockets only remember: the least in which a document can be edited."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from crdt_docs.wire import y_protocol
from crdt_docs.wire.varint import read_bytes, read_varuint
from server.hearing import documents
from server.hearing.signing_state import Signing
from server.hearing.state import HearingState, Options, Participant, Phase, Role, scheduled
from server.storage.commit_thread import CommitThread
from server.storage.engine import migrate, open_engine
from server.storage.hearings import HearingRecord, ParticipantRecord, add_hearing
from server.storage.people import PersonRecord, add_people
from server.sync.awareness import Person
from server.sync.peer import CollabPeer, YjsPeer
from server.sync.refusals import Refusals
from server.sync.room import Room
from server.sync.rooms import Rooms

HEARING = "h1"
PEOPLE = {"judge": Role.JUDGE, "clerk": Role.CLERK, "clerk2": Role.CLERK, "plaintiff": Role.PLAINTIFF}
AT = "2026-03-02T09:30:00+08:00"


class Socket:
    """Remembers what it is told to do."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed: tuple[int, str] | None = None
        self.cuts = 0
        self.held = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self, code: int, reason: str) -> None:
        self.closed = self.closed or (code, reason)

    def cut(self) -> None:
        self.cuts += 1

    def hold_reading(self, hold: bool) -> None:
        self.held = hold


def payloads(frames: list[bytes]) -> list[bytes]:
    """The messages in whole server frames, several of which may have been written at once."""
    messages: list[bytes] = []
    for data in frames:
        at = 0
        while at < len(data):
            size, at = data[at + 1], at + 2
            if size == 126:
                size, at = int.from_bytes(data[at : at + 2]), at + 2
            elif size == 127:
                size, at = int.from_bytes(data[at : at + 8]), at + 8
            messages.append(data[at : at + size])
            at += size
    return messages


class Client:
    """A pycrdt Doc with a peer in the room; what it makes is in `made` until it is sent."""

    def __init__(self, room: Room, person: str, *, collab: bool = True) -> None:
        self.room = room
        self.socket: Any = Socket()
        who = Person(person, person)
        self.ended: list[str] = []
        self.peer = (
            CollabPeer(room, who, f"s-{person}", self.socket, b"\x01k", on_end=lambda _peer: self.ended.append("end"))
            if collab
            else YjsPeer(room, who, f"s-{person}", self.socket, b"")
        )
        self.doc: Doc[Any] = Doc()
        self.made: list[bytes] = []
        self._subscription = self.doc.observe(self._keep)
        self._read = 0
        self._applying = False
        room.join(self.peer)

    def _keep(self, event: Any) -> None:
        if not self._applying:
            self.made.append(event.update)

    def open(self) -> None:
        """The handshake, both ways."""
        self.room.sync(self.peer, y_protocol.Sync.STEP1, self.doc.get_state())
        self.take()

    def send(self, update: bytes) -> None:
        self.room.sync(self.peer, y_protocol.Sync.UPDATE, update)

    def send_made(self) -> None:
        made, self.made = self.made, []
        for update in made:
            self.send(update)

    def step2(self, update: bytes | None = None) -> None:
        self.room.sync(self.peer, y_protocol.Sync.STEP2, self.doc.get_update() if update is None else update)

    def messages(self) -> list[bytes]:
        """Every message so far without the document's key."""
        prefix = len(self.peer.prefix)
        return [message[prefix:] for message in payloads(self.socket.written)]

    def acks(self) -> list[bool]:
        return [message == b"\x08\x01" for message in self.messages() if message[:1] == b"\x08"]

    def take(self) -> None:
        """Apply the updates received since the last time."""
        messages = self.messages()
        new, self._read = messages[self._read :], len(messages)
        self._applying = True
        for message in new:
            kind, at = read_varuint(message, 0)
            if kind == 0 and message[at] in (1, 2):
                self.doc.apply_update(read_bytes(message, at + 1)[0])
        self._applying = False

    @property
    def root(self) -> XmlFragment:
        return self.doc.get("transcript", type=XmlFragment)

    def add_turn(self, turn: str, text: str = "", kind: str = "speech") -> XmlElement:
        with self.doc.transaction():
            element = self.root.children.append(XmlElement("turn", {"id": turn, "kind": kind, "at": AT}))
            element.children.append(XmlText(text))
        return element

    def text(self, index: int = 0) -> XmlText:
        return self.root.children[index].children[0]  # type: ignore[return-value]

    def words(self) -> list[str]:
        return ["".join(str(part) for part in turn.children) for turn in self.root.children]  # type: ignore[union-attr]


class Court:
    """Rooms, their database, and a state that tests may change."""

    def __init__(self, commits: CommitThread) -> None:
        self.commits = commits
        self.notices: list[tuple[set[str], dict[str, Any]]] = []
        people = [Participant(person, person, role) for person, role in PEOPLE.items()]
        self.state: HearingState = scheduled(HEARING, Options(), people)
        self._seqs = itertools.count(1)
        self.rooms = self.new_rooms()

    def new_rooms(self) -> Rooms:
        """As after a restart: nothing in memory."""
        rooms = Rooms(self.commits, Refusals(30.0, asyncio.get_running_loop().time))
        rooms.state_of = self._state_of
        rooms.notify = lambda _hearing, people, message: self.notices.append((people, message))
        return rooms

    async def _state_of(self, _hearing: str) -> HearingState:
        return self.state

    async def room(self, rooms: Rooms | None = None) -> Room:
        return await (rooms or self.rooms).open(documents.transcript(HEARING))

    async def stored(self) -> None:
        """Wait until everything submitted so far is on disk and told."""
        await self.commits.commit(lambda _connection: None)
        await asyncio.sleep(0)

    def change(self, person: str, state: Any, phase: Phase = Phase.IN_SESSION) -> dict[str, Any]:
        seq = next(self._seqs)
        participant = self.state.participants[person]
        changed = self.state.with_participants([replace(participant, state=state)])
        self.state = replace(changed, phase=phase, seq=seq)
        return dict(self.rooms.carry_out(HEARING, self.state, seq, frozenset({person})))

    def stage(self, signing: Signing) -> None:
        """The transcript's region changes."""
        seq = next(self._seqs)
        self.state = replace(self.state, signing=signing, seq=seq)
        self.rooms.carry_out(HEARING, self.state, seq, frozenset())


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Court]:
    engine = open_engine(f"sqlite:///{tmp_path / 'court.sqlite3'}")
    migrate(engine)
    commits = CommitThread(engine)
    await commits.commit(add_people([PersonRecord(person, person) for person in PEOPLE]))
    participants = tuple(ParticipantRecord(person, person, str(role), "", "") for person, role in PEOPLE.items())
    await commits.commit(add_hearing(HearingRecord(HEARING, "（2026）1号", "t", "c", AT, {}, participants)))
    made = Court(commits)
    yield made
    await made.rooms.close()
    await commits.close()
    engine.dispose()
