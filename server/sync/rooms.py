"""The rooms of this server: one place that opens and closes them, and carries a hearing's log into all of its
documents.

Opening is get-or-create under one task per name, so a second joiner can never get a second room. Control calls
`carry_out`,
`heads`, `write_line` and `lines_written` (the port `Documents` of server.control); endpoints call `open`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from crdt_docs.document import DocumentBroken
from crdt_docs.gate import COURT, Bindings, Doubled, Stranded
from crdt_docs.repair import added, rewritten
from crdt_docs.signing.log_tree import head0
from crdt_docs.transcript import Turn
from server import metrics
from server.hearing import documents
from server.hearing.documents import DocumentKind, DocumentName
from server.hearing.events import Seen
from server.hearing.state import HearingState, Role
from server.storage import update_log
from server.storage.commit_thread import CommitThread
from server.storage.exhibits import exhibits_of
from server.storage.update_log import StoredDocument
from server.sync.court_writer import appended, new_client
from server.sync.late import LateEdits
from server.sync.loading import load_document, load_gate
from server.sync.peer import Peer
from server.sync.proof import loads_alike
from server.sync.refusals import Refusals
from server.sync.room import Room, now_text
from server.sync.shared import Shared

log = logging.getLogger("yunting.sync")

IDLE_SECONDS = 30.0  # a room without members closes after so long
CHECKPOINT_EVERY = 5_000  # updates
CLOSING_SECONDS = 3.0  # for the checkpoints of an ending server; without one the next start reads more of the log


class UnknownDocument(LookupError):
    """There is no document of this name."""


class Rooms:
    """`state_of(hearing)` gives (and keeps in memory) the hearing's state; raises LookupError for an unknown
    hearing.
    """

    def __init__(self, commits: CommitThread, refusals: Refusals) -> None:
        self.commits = commits
        self.refusals = refusals
        self.state_of: Callable[[str], Awaitable[HearingState]]
        self.notify: Callable[[str, set[str], dict[str, Any]], None] = lambda _hearing, _people, _message: None
        self.told: Callable[[Room], None] = lambda _room: None  # a document has changed and its readers know
        self.presence_changed: Callable[[str], None] = lambda _hearing: None
        self._hearings: dict[str, asyncio.Task[Shared]] = {}
        self._rooms: dict[str, asyncio.Task[Room]] = {}
        self._present: dict[str, Counter[str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self.late = LateEdits(self._stored, self._start)
        commits.on_health.append(self._tell_health)

    # --- opening and closing ---

    async def open(self, name: DocumentName) -> Room:
        """The room of a document; raises UnknownDocument."""
        key = str(name)
        task = self._rooms.get(key)
        if task is None:
            task = self._rooms[key] = asyncio.create_task(self._open(name), name=f"open {key}")
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._rooms.get(key) is task:
                del self._rooms[key]
            raise

    async def shared(self, hearing: str) -> Shared:
        """What the rooms of a hearing share, loaded once; raises UnknownDocument."""
        task = self._hearings.get(hearing)
        if task is None:
            task = self._hearings[hearing] = asyncio.create_task(self._load_shared(hearing), name=f"share {hearing}")
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._hearings.get(hearing) is task:
                del self._hearings[hearing]
            raise

    async def _load_shared(self, hearing: str) -> Shared:
        bindings = Bindings()
        for client, person in await self.commits.read(lambda connection: update_log.bindings_of(connection, hearing)):
            bindings.bind(client, person)
        listed = await self.commits.read(lambda connection: exhibits_of(connection, hearing))
        exhibits = [each for each in listed if each.number]  # a refused one has none
        names = [documents.transcript(hearing), *(documents.annotations(hearing, each.id) for each in exhibits)]
        heads = {str(name): head0(str(name)) for name in names}
        heads |= await self.commits.read(lambda connection: update_log.heads_of(connection, hearing))
        try:
            state = await self.state_of(hearing)  # last: nothing may change it before this task is done
        except LookupError:
            raise UnknownDocument(hearing) from None
        shared = Shared(state, bindings, heads, self.commits)
        for each in exhibits:
            shared.list_exhibit(each)
        shared.refused = self._note_refusal
        shared.told = lambda room: self.told(room)
        shared.stranded = self._tell_stranded
        shared.late = self.late.taken
        shared.doubled = lambda room, doubled: self._start(self._rename(room, doubled))
        return shared

    async def _open(self, name: DocumentName) -> Room:
        shared = await self.shared(name.hearing)
        if name.kind is not DocumentKind.TRANSCRIPT and name.exhibit not in shared.exhibits:
            raise UnknownDocument(str(name))
        key = str(name)
        shared.heads.setdefault(key, head0(key))
        await self.commits.commit(update_log.ensure_document(key))
        room = Room(name, shared, lambda room, broken: self._start(self._load(room, broken)))
        await self._load(room, True)
        room.applied_seq = shared.state.seq
        metrics.rooms_open.inc()
        self._watch(room)
        return room

    async def _load(self, room: Room, broken: bool) -> None:
        """Gate (and Doc, when that `broken`) from the log; a broken checkpoint is left out, a broken log ends
        the room.
        """
        stored = await self._stored(room.key)
        document = None
        if broken:
            try:
                document = await load_document(room.name, stored)
            except DocumentBroken:
                log.exception("%s: checkpoint does not load, using the whole log", room.key)
                stored = await self._stored(room.key, whole=True)
                document = await load_document(room.name, stored)
        gate = await load_gate(room.name, stored, room.shared)
        room.shared.heads[room.key] = stored.head or head0(room.key)
        room.checkpoint_seq = stored.checkpoint_seq
        room.restore(stored.id, stored.seq, gate, document)

    async def _stored(self, key: str, *, whole: bool = False, until: int | None = None) -> StoredDocument:
        stored = await self.commits.read(lambda connection: update_log.load(connection, key, whole=whole, until=until))
        if stored is None:
            raise UnknownDocument(key)
        return stored

    def _watch(self, room: Room) -> None:
        """Close the room after IDLE_SECONDS without members, checkpoint it every so many updates."""
        if not self._closing:
            asyncio.get_running_loop().call_later(IDLE_SECONDS, self._look, room)

    def _look(self, room: Room) -> None:
        if self._closing or self._find(room.key) is not room:
            return
        new = room.told_seq - room.checkpoint_seq
        idle = not room.members and not room.busy
        if idle and not new:
            del self._rooms[room.key]
            self.late.forget(room.key)
            metrics.rooms_open.dec()
            return
        if (new >= CHECKPOINT_EVERY or (idle and new)) and self.commits.healthy:
            self._start(self._checkpoint(room))
        else:
            self._watch(room)

    async def _checkpoint(self, room: Room) -> None:
        """Keep the merged state when it is proven to be what the log says; a Doc that is not is dropped and
        loaded anew.
        """
        try:
            seq, state = room.told_seq, room.document.diff(None)
            stored = await self._stored(room.key, until=seq)
            log_part = ([stored.checkpoint] if stored.checkpoint else []) + [each.data for each in stored.updates]
            if await loads_alike(log_part, state):
                await self.commits.commit(update_log.save_checkpoint(room.stored_id, seq, state))
                room.checkpoint_seq = seq
            else:
                log.error("%s differs from its log and is loaded anew", room.key)
                room.start_anew()
        finally:
            self._watch(room)

    def _find(self, key: str) -> Room | None:
        task = self._rooms.get(key)
        return task.result() if task and task.done() and not task.cancelled() and not task.exception() else None

    def _open_rooms(self, hearing: str | None = None) -> list[Room]:
        found = (self._find(key) for key in list(self._rooms) if hearing is None or key.startswith(f"{hearing}/"))
        return [room for room in found if room is not None]

    async def close(self) -> None:
        """Before the commit thread ends: checkpoints, where they can be proven within a moment."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        behind = [room for room in self._open_rooms() if not room.busy and room.told_seq != room.checkpoint_seq]
        work = [asyncio.create_task(self._checkpoint(room)) for room in behind if self.commits.healthy]
        if work:
            _, late = await asyncio.wait(work, timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)

    # --- the port of control ---

    def heads(self, hearing: str) -> dict[str, str]:
        """Chain heads of the transcript and the in-court annotations at this moment of the commit queue (hex)."""
        heads = self._hearings[hearing].result().heads
        private = f"{hearing}/{DocumentKind.NOTES}/"
        return {name: head.hex() for name, head in heads.items() if not name.startswith(private)}

    def carry_out(self, hearing: str, state: HearingState, seq: int, cut: frozenset[str]) -> dict[str, dict[str, Seen]]:
        """Bring the log's state into every room in this tick: peers without a right to read end now.

        Returns person -> document -> what had been sent, for everybody in `cut`, connected or not.
        """
        task = self._hearings.get(hearing)
        if task is None or not task.done():
            return {person: {} for person in cut}
        task.result().state = state
        self.refusals.forget(hearing)
        seen: dict[str, dict[str, Seen]] = {person: {} for person in cut}
        for room in self._open_rooms(hearing):
            room.carry_out(seq)
        for document, people in task.result().last_seen.items():
            for person in cut & people.keys():
                seen[person][document] = people[person]
        return seen

    def applied_seq(self, hearing: str) -> int | None:
        """The smallest `applied_seq` of the open rooms; None when none is open."""
        return min((room.applied_seq for room in self._open_rooms(hearing)), default=None)

    async def write_line(self, hearing: str, seq: int, turn: Turn) -> None:
        """Append the procedure line of control event `seq` as the court's writer; does nothing when the log has it."""
        room = await self.open(documents.transcript(hearing))
        async with room.court_lock:
            if seq in await self.lines_written(hearing):
                return
            await self._append(room, [turn], seq)

    async def seed(self, hearing: str, turns: list[Turn], part: int) -> None:
        """Append a given text's `part`-th piece, once (speech, headings, notes stay the clerks' to edit);
        `part` > 0.
        """
        room = await self.open(documents.transcript(hearing))
        async with room.court_lock:
            if -part not in await self.lines_written(hearing):
                await self._append(room, turns, -part)

    async def lines_written(self, hearing: str) -> set[int]:
        """Seqs of the control events whose line is in the update log (below 0: pieces of a seeded text)."""
        await self.shared(hearing)
        name = str(documents.transcript(hearing))
        return await self.commits.read(lambda connection: update_log.lines_written(connection, name))

    async def _append(self, room: Room, turns: list[Turn], line: int | None) -> None:
        room.tell_now()
        await room.write_own(appended(room.document, turns), line)

    async def _rename(self, room: Room, doubled: Doubled) -> None:
        """Two living turns have one id, or a turn has lost what it must have: the court's writer gives it anew."""
        given = {"id": secrets.token_hex(8), "kind": "speech", "at": now_text()}[doubled.key]
        async with room.court_lock:
            if not room.shared.may_change(room.name):
                return  # done when the transcript is reopened
            if room.gate.attribute(doubled.item, doubled.key) not in ("", doubled.id):
                return  # somebody has given it a new value meanwhile
            try:
                last = room.gate.newest(doubled.item, doubled.key)
            except KeyError:
                repair = added(doubled.item, doubled.key, given, new_client())
            else:
                repair = rewritten(last, given, new_client())
            await room.write_own(repair, None)

    # --- people ---

    def present(self, hearing: str) -> set[str]:
        """Persons with an authenticated socket that has named this hearing."""
        return set(self._present.get(hearing, ()))

    def arrived(self, hearing: str, person: str) -> None:
        counts = self._present.setdefault(hearing, Counter())
        counts[person] += 1
        if counts[person] == 1:
            self.presence_changed(hearing)

    def left(self, hearing: str, person: str) -> None:
        counts = self._present[hearing]
        counts[person] -= 1
        if counts[person] <= 0:
            del counts[person]
            self.presence_changed(hearing)

    def _note_refusal(self, peer: Peer, code: str) -> None:
        if code != "stale":
            self.refusals.note(peer.session, peer.room.key)

    def _tell_stranded(self, room: Room, stranded: Stranded) -> None:
        """The writer and the clerks learn of words that no living turn shows any more."""
        clerks = {each.person for each in room.shared.state.of_role(frozenset({Role.CLERK}))} | {stranded.person}
        clerks.discard(COURT)
        message = {"turn": stranded.turn, "person": stranded.person, "words": stranded.words}
        room.tell({"type": "stranded", **message}, lambda peer: peer.person.id in clerks)
        self.notify(room.name.hearing, clerks, {"type": "Stranded", "document": room.key, **message})

    def _tell_health(self, healthy: bool) -> None:
        for room in self._open_rooms():
            room.tell({"type": "storage", "writable": healthy}, lambda _peer: True)

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("work on a room failed", exc_info=task.exception())
