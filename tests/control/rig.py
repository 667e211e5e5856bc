"""Hearings on a real SQLite file and commit thread, with documents, clock, salt and peers of the tests' own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from crdt_docs.transcript import Turn
from server.control import Ack, HearingControl, Hearings
from server.hearing import commands
from server.hearing.events import Seen
from server.hearing.reasons import Refusal
from server.hearing.state import HearingState
from server.storage.commit_thread import CommitThread, StorageUnavailable, Write
from server.storage.engine import migrate, open_engine
from server.storage.hearings import HearingRecord, ParticipantRecord, add_hearing
from server.storage.people import PersonRecord, add_people
from tests.hearing.scenes import NOW, SOLE

HEARING = "h-1"
LIMIT = 20.0  # seconds; generous, only for a test that would hang
PEOPLE = frozenset(each.person for each in SOLE)


class Disk:
    """The commit thread, with a switch that refuses writes as a full disk does, and a gate that holds them."""

    def __init__(self, thread: CommitThread) -> None:
        self.thread = thread
        self.full = False
        self.gate: asyncio.Event | None = None
        self.submitted = 0
        self._held: set[asyncio.Task[None]] = set()

    @property
    def healthy(self) -> bool:
        return not self.full

    def submit(self, write: Write, done: Callable[[Exception | None], None]) -> None:
        self.submitted += 1
        loop = asyncio.get_running_loop()
        if self.full:
            loop.call_soon(done, StorageUnavailable("disk full"))
        elif self.gate is not None:
            self._held.add(loop.create_task(self._later(self.gate, write, done)))
        else:
            self.thread.submit(write, done)

    async def _later(self, gate: asyncio.Event, write: Write, done: Callable[[Exception | None], None]) -> None:
        await gate.wait()
        self.thread.submit(write, done)

    async def read(self, query: Callable[[Connection], Any]) -> Any:
        return await self.thread.read(query)


@dataclass
class PaperDocuments:
    """The port `Documents` in memory; keeps its lines across restarts like the update log does."""

    lines: dict[int, Turn] = field(default_factory=dict)
    carried: list[tuple[int, str, frozenset[str]]] = field(default_factory=list)
    seen: dict[str, dict[str, Seen]] = field(default_factory=dict)
    head: str = "00" * 32
    broken: bool = False
    unreadable: bool = False
    on_carry: Callable[[HearingState], None] = lambda _state: None

    def heads(self, hearing: str) -> dict[str, str]:
        return {f"{hearing}/transcript": self.head}

    def carry_out(
        self, hearing: str, state: HearingState, seq: int, cut: frozenset[str]
    ) -> Mapping[str, Mapping[str, Seen]]:
        assert (hearing, state.seq) == (HEARING, seq)
        self.carried.append((seq, state.phase.value, cut))
        self.on_carry(state)
        return {person: self.seen.get(person, {}) for person in cut}

    async def write_line(self, hearing: str, seq: int, turn: Turn) -> None:
        if self.broken:
            raise StorageUnavailable("disk full")
        assert seq not in self.lines, "a line is written once"
        self.lines[seq] = turn

    async def lines_written(self, hearing: str) -> set[int]:
        if self.unreadable:
            raise OSError("the disk cannot be read")
        return set(self.lines)


class PaperPeer:
    """A control socket that keeps what it is told; `reading` false lets the unsent grow."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.heard: list[dict[str, Any]] = []
        self.unsent = 0
        self.reading = True
        self.cuts = 0
        self.closed: tuple[int, str] | None = None

    def send(self, text: str) -> None:
        assert self.closed is None
        if self.reading:
            self.heard.append(json.loads(text))
        else:
            self.unsent += len(text)

    def cut(self) -> None:
        self.cuts += 1
        self.unsent = 0

    def close(self, code: int, reason: str) -> None:
        self.closed = (code, reason)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.heard if message["type"] == kind]

    def kinds(self) -> list[str]:
        """Types in order; an event by its kind, withheld ones in brackets."""
        return [_kind(message) for message in self.heard]

    def forget(self) -> None:
        self.heard.clear()


def _kind(message: dict[str, Any]) -> str:
    if message["type"] != "Event":
        return message["type"]
    kind = message["header"]["kind"]
    return kind if "payload" in message else f"({kind})"


@dataclass
class Rig:
    """One server's worth of hearings; `restart` is another one on the same disk and documents."""

    disk: Disk
    documents: PaperDocuments
    hearings: Hearings
    now: int = NOW
    present: set[str] = field(default_factory=set)

    async def control(self) -> HearingControl:
        return await self.hearings.get(HEARING)

    async def give(self, actor: str, name: str, **fields: str) -> Ack | Refusal:
        """A command with everybody connected."""
        control = await self.control()
        return await control.execute(actor, commands.parse({"command": name, **fields}), connected=PEOPLE)

    async def ack(self, actor: str, name: str, **fields: str) -> Ack:
        outcome = await self.give(actor, name, **fields)
        assert isinstance(outcome, Ack), outcome
        return outcome

    async def refusal(self, actor: str, name: str, **fields: str) -> str:
        outcome = await self.give(actor, name, **fields)
        assert isinstance(outcome, Refusal), outcome
        return outcome.code

    async def join(self, person: str, after: int = 0) -> PaperPeer:
        control, peer = await self.control(), PaperPeer(person)
        control.arrive(peer)
        control.subscribe(peer, after)
        return peer

    def restart(self) -> Rig:
        rig = Rig(self.disk, self.documents, self.hearings, self.now, self.present)
        rig.hearings = _hearings(rig)
        return rig


def _hearings(rig: Rig) -> Hearings:
    return Hearings(rig.disk, rig.documents, lambda _hearing: rig.present, now_ms=lambda: rig.now)


def record() -> HearingRecord:
    people = tuple(
        ParticipantRecord(each.person, each.name, each.role.value, each.label, each.represents) for each in SOLE
    )
    options = {"bench": "sole", "observers_read": True}
    return HearingRecord(
        HEARING, "（2024）云0188民初2617号", "借贷纠纷", "云州", "2024-09-12T01:30:00Z", options, people
    )


@asynccontextmanager
async def rig(data: Path) -> AsyncIterator[Rig]:
    engine = open_engine(f"sqlite:///{data / 'court.sqlite3'}")
    migrate(engine)
    thread = CommitThread(engine)
    await thread.commit(add_people(PersonRecord(each.person, each.name) for each in SOLE))
    await thread.commit(add_hearing(record()))
    disk, documents = Disk(thread), PaperDocuments()
    running = Rig(disk, documents, Hearings(disk, documents, lambda _hearing: ()))
    running.hearings = _hearings(running)
    try:
        yield running
    finally:
        await running.hearings.close()
        await thread.close()
        engine.dispose()


async def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for a condition; the limit only ends a test that would hang."""
    async with asyncio.timeout(LIMIT):
        while not holds():
            await asyncio.sleep(0.01)
    assert holds(), what
