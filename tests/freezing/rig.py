"""A hearing with its rooms, log and freezes on a real database; only the typesetter is a plain function here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crdt_docs.signing import content as signed
from crdt_docs.transcript import blocks
from server.control import Ack, HearingControl, Hearings
from server.control_entries import Entry
from server.hearing import commands, documents
from server.signing.freezing import Freezing
from server.signing.frozen_files import FrozenFiles
from server.signing.pdf import PrintFacts
from server.signing.quarantine import Quarantine
from server.storage.commit_thread import CommitThread
from server.storage.engine import migrate, open_engine
from server.storage.freezes import LateEdit, late_edits_of
from server.storage.hearings import ExhibitRecord, HearingRecord, ParticipantRecord, add_hearing
from server.storage.people import PersonRecord, add_people
from server.sync.refusals import Refusals
from server.sync.room import Room
from server.sync.rooms import Rooms
from tests.sync.conftest import Client

HEARING = "h1"
CASE = "（2026）云01民初1号"
PEOPLE = {
    "judge": ("judge", "顾明远"),
    "clerk": ("clerk", "苏晓禾"),
    "clerk2": ("clerk", "沈砚秋"),
    "plaintiff": ("plaintiff", "周启航"),
    "witness": ("witness", "梁柏年"),
}
LIMIT = 60.0  # seconds; generous, only for a test that would hang


def plain(content: signed.Content, facts: PrintFacts) -> tuple[bytes, list[dict[str, Any]]]:
    """Stands for the typesetter: same input, same bytes."""
    return b"%PDF-" + signed.encode(content) + str(facts).encode(), []


@dataclass
class Chamber:
    """One server's worth; `printer` is what prints, `present` who is connected."""

    data: Path
    commits: CommitThread
    rooms: Rooms
    hearings: Hearings
    freezing: Freezing
    printer: Callable[..., Any] = plain
    present: set[str] = field(default_factory=set)

    async def control(self) -> HearingControl:
        return await self.hearings.get(HEARING)

    async def room(self) -> Room:
        return await self.rooms.open(documents.transcript(HEARING))

    async def give(self, person: str, command: str, **fields: str) -> Ack:
        control = await self.control()
        outcome = await control.execute(person, commands.parse({"command": command, **fields}), connected=set(PEOPLE))
        assert isinstance(outcome, Ack), outcome
        return outcome

    async def outcome(self) -> Entry:
        """The entry that ends the freeze which is under way."""
        control = await self.control()
        await self.until(lambda: control.state.transcript.value != "REVIEW")
        return next(entry for entry in reversed(control.entries) if entry.event.kind in ("Frozen", "FreezeFailed"))

    async def reported(self, person: str, digest: str) -> None:
        """What a page tells of the freeze that is under way."""
        signing = (await self.control()).state.signing
        self.freezing.reported(HEARING, person, (signing.v, signing.started), digest)

    async def frozen(self) -> Entry:
        await self.give("judge", "start_signing")
        entry = await self.outcome()
        assert entry.event.kind == "Frozen", entry.payload
        return entry

    async def until(self, holds: Callable[[], Any]) -> None:
        async with asyncio.timeout(LIMIT):
            while not holds():
                await asyncio.sleep(0.005)

    async def stored(self) -> None:
        """Everything submitted so far is on disk and told."""
        await self.commits.commit(lambda _connection: None)
        await asyncio.sleep(0)

    async def written(self, person: str, turn: str, text: str, speaker: str = "") -> Client:
        """A clerk's connection that has written one turn."""
        client = Client(await self.room(), person)
        client.open()
        element = client.add_turn(turn, text)
        if speaker:
            element.attributes["speaker"] = speaker
        client.send_made()
        await self.stored()
        return client

    async def digest(self) -> str:
        """What an honest page computes of the living document."""
        return signed.content_sha256(await self.content())

    async def content(self) -> signed.Content:
        people = [signed.Person(person, role, name) for person, (role, name) in PEOPLE.items()]
        return signed.content(HEARING, CASE, people, blocks((await self.room()).document.doc))

    async def late(self) -> list[LateEdit]:
        return await self.commits.read(lambda connection: late_edits_of(connection, HEARING))

    def file(self, name: str, v: int = 1) -> bytes:
        return FrozenFiles(self.data).read(HEARING, v, name)


def joined(data: Path, commits: CommitThread, wait: float) -> Chamber:
    """The parts put together as the server does."""
    rooms = Rooms(commits, Refusals(0.0, asyncio.get_running_loop().time))
    hearings = Hearings(commits, rooms, lambda _hearing: chamber.present)
    freezing = Freezing(commits, FrozenFiles(data), lambda content, facts: chamber.printer(content, facts), wait)
    chamber = Chamber(data, commits, rooms, hearings, freezing)
    hearings.review = freezing.review
    rooms.late.keep = Quarantine(hearings).keep
    rooms.state_of = hearings.state_of
    rooms.notify = hearings.notify
    return chamber


async def closed(chamber: Chamber) -> None:
    await chamber.freezing.close()
    await chamber.hearings.close()
    await chamber.rooms.close()


@asynccontextmanager
async def sitting(data: Path, *, wait: float = 600.0) -> AsyncIterator[Chamber]:
    """In session; a freeze waits long for whoever is connected, and nobody is."""
    engine = open_engine(f"sqlite:///{data / 'court.sqlite3'}")
    migrate(engine)
    commits = CommitThread(engine)
    await commits.commit(add_people([PersonRecord(person, name) for person, (_, name) in PEOPLE.items()]))
    places = tuple(ParticipantRecord(person, name, role, "", "") for person, (role, name) in PEOPLE.items())
    record = HearingRecord(HEARING, CASE, "借贷纠纷", "云州", "2026-03-02T01:30:00Z", {"bench": "sole"}, places)
    await commits.commit(add_hearing(record, [ExhibitRecord("e1", 1, "借条")]))
    chamber = joined(data, commits, wait)
    await chamber.give("judge", "open")
    try:
        yield chamber
    finally:
        await closed(chamber)
        await commits.close()
        engine.dispose()
