"""A hearing after a kill: whether its log, transcript, proofs and rights agree, and whom its log lets hear whom.

Reads the stored log itself, not what the running server makes of it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

import httpx

from server.control_entries import Entry
from server.control_loading import load
from server.control_media import unmeasured
from server.hearing.media_events import StreamsCut
from server.hearing.media_routes import media_routes
from server.hearing.state import STAFF, HearingState, Phase
from server.hearing.transcript_lines import line
from server.storage.engine import open_engine
from tests.harness.demo import DemoHearing
from tests.harness.server import ServerProcess
from tests.media_room.attendants import Room, Table, nobody_else

# (command, whom it is about): what a judge may order in a sitting, refused or not
ORDERS = (
    *(("isolate", "defendant"), ("release", "defendant"), ("mute", "plaintiff"), ("unmute", "plaintiff")),
    *(("floor", "plaintiff"), ("lock_all", ""), ("unmute", "defendant"), ("recess", ""), ("resume", "")),
    *(("summon", "witness"), ("dismiss", "witness"), ("isolate", "witness"), ("release", "witness")),
)

UNOPENED = (Phase.SCHEDULED, Phase.PREPARING)  # parties do not read the transcript before the opening


class _Stored:
    """The database of a running server, read beside it."""

    healthy = True

    def __init__(self, data: Path) -> None:
        self._engine = open_engine(f"sqlite:///{data / 'yunting.sqlite3'}")

    def submit(self, write: Any, done: Any) -> None:
        raise AssertionError("read only")

    async def read(self, query: Callable[[Any], Any]) -> Any:
        with self._engine.connect() as connection:
            return query(connection)

    def close(self) -> None:
        self._engine.dispose()


async def stored(server: ServerProcess, hearing: DemoHearing) -> tuple[list[Entry], HearingState]:
    """The log on disk, whole and with every leaf right, and the state it leads to."""
    store = _Stored(server.data)
    try:
        _, entries, state = await load(store, hearing.id)
    finally:
        store.close()
    return entries, state


async def agrees(server: ServerProcess, hearing: DemoHearing, acked: Collection[int]) -> HearingState:
    """Acknowledged entries are there; every line stands once, every isolation has its note, every cut in an open room
    one proof; rooms start and stop in turn; whoever is barred has no transcript, and nobody else is kept from it."""
    async with httpx.AsyncClient(base_url=server.url, timeout=60.0, trust_env=False) as http:
        answer = await _get(http, hearing, hearing.judge.token)  # the first question has what is owed written
        entries, state = await stored(server, hearing)
        written = Counter(each["origin"] for each in answer.json()["turns"] if each["origin"].startswith("control:"))
        for person in (each for each in hearing.people if each.role != "witness"):
            status = (await _get(http, hearing, person.token)).status_code
            kept_out = state.participants[person.id].barred or (person.role not in STAFF and state.phase in UNOPENED)
            assert (status == 403) is kept_out, (person.role, status)
    assert set(acked) <= {entry.seq for entry in entries}
    assert written == Counter(f"control:{each.seq}" for each in entries if line(each.after, each.event))
    notes = Counter(entry.payload["of"] for entry in entries if entry.event.kind == "HadSeen")
    assert notes == Counter(entry.seq for entry in entries if entry.event.kind == "Isolated")
    assert not unmeasured(entries)
    proofs = Counter(of for of, _ in _cuts(entries))
    assert set(proofs.values()) <= {1} and all(of < seq for of, seq in _cuts(entries))
    rooms = [each.event.kind for each in entries if each.event.kind in ("MediaStarted", "MediaStopped")]
    assert rooms == ["MediaStarted", "MediaStopped"] * (len(rooms) // 2) + ["MediaStarted"] * (len(rooms) % 2)
    return state


def _cuts(entries: Iterable[Entry]) -> list[tuple[int, int]]:
    """(entry that cut, its proof)"""
    return [(each.event.fact.of, each.seq) for each in entries if isinstance(each.event.fact, StreamsCut)]


async def _get(http: httpx.AsyncClient, hearing: DemoHearing, token: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return await http.get(f"/api/hearings/{hearing.id}/transcript", headers=headers)


def allowed(state: HearingState, room: Room) -> Table:
    """Whom each attendant hears in this state, by role."""
    audio, roles = media_routes(state).audio, {each.person.id: role for role, each in room.people.items()}
    return {role: {roles[who] for who in audio[person] if who in roles} for person, role in roles.items()}


async def hear_exactly(room: Room, table: Table) -> None:
    """From the connection on nobody that the table does not allow, and in the end all that it does."""
    nobody_else(room.heard(), table)
    await room.is_exactly(table)


async def gathered(server: ServerProcess, hearing: DemoHearing, roles: Iterable[str]) -> Room:
    """All of them in the room at once and sending, wherever the court has them."""
    room = await Room.gather(server, hearing, [])
    first, *others = roles
    await room.enter(first)
    await asyncio.gather(*(room.enter(role) for role in others))
    return room


def restarts(room: Room) -> dict[str, int]:
    """How often each has been told that the media process is a new one."""
    return {role: len(each.signalling.of("Restart")) for role, each in room.people.items()}


async def come_back(room: Room, before: dict[str, int]) -> None:
    """Everybody is told once more and connects anew."""
    for role, each in room.people.items():
        await each.signalling.wait_for("Restart", before[role] + 1)
    await asyncio.gather(*(each.connect() for each in room.people.values()))
