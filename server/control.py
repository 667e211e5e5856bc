"""The one writer of each hearing's log: a command is judged, put on disk, carried out in the documents, told,
acknowledged.

Owns the order (one lock per hearing) and what a command still owes after its commit (its transcript line, the note
of what an
isolated person had seen). Decides nothing: server/hearing does. Documents follow the log through the port `Documents`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crdt_docs.signing.log_tree import SALT_BYTES
from server import metrics
from server.control_audience import Audience, ControlPeer
from server.control_entries import Entry, compose, revive
from server.control_ports import Documents, Ports, Storage
from server.control_views import Json, Shown, hearing, place
from server.hearing import times
from server.hearing.commands import Command, name_of
from server.hearing.events import Event, HadSeen, Isolated, Seen
from server.hearing.guards import Situation
from server.hearing.reasons import Refusal, refusal
from server.hearing.reduce import decide, had_seen
from server.hearing.state import HearingState, Options, Participant, Role, scheduled
from server.hearing.transcript_lines import line
from server.storage import control_log
from server.storage.commit_thread import StorageUnavailable
from server.storage.control_log import LogRow
from server.storage.hearings import HearingRecord, hearing_record

log = logging.getLogger("yunting.control")

RETRY = 1.0  # seconds until what a command still owes is tried again


class UnknownHearing(LookupError):
    """There is no hearing of this id."""


@dataclass(frozen=True, slots=True)
class Ack:
    """The command is on disk as entry `seq`; documents are in step up to `applied_seq` (equal unless the disk fails
    meanwhile)."""

    seq: int
    applied_seq: int


class HearingControl:
    """One hearing: its state, its log in memory, its listeners."""

    def __init__(self, record: HearingRecord, entries: Sequence[Entry], state: HearingState, ports: Ports) -> None:
        self.record = record
        self.hearing = record.id
        self.state = state
        self.entries = list(entries)
        self.applied_seq = state.seq
        self.audience = Audience(self)
        self._ports = ports
        self._since_ms = ports.now_ms()  # from here on it is known what people were sent
        self._lock = asyncio.Lock()
        self._sockets: dict[ControlPeer, None] = {}
        self._owed: deque[tuple[int, Callable[[], Awaitable[None]]]] = deque()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._retry: asyncio.TimerHandle | None = None
        self._recovered = False
        self._tried = asyncio.Event()

    @property
    def seq(self) -> int:
        return self.state.seq

    # --- commands ---

    async def execute(
        self, person: str, command: Command, *, connected: Collection[str] | None = None
    ) -> Ack | Refusal:
        """Carry out a command or say why not. Once begun it is finished, whatever becomes of the caller.

        `connected`: who counts as present instead of who is; the sender always counts.
        """
        outcome = await asyncio.shield(self._start(self._execute(person, command, connected)))
        label = "ack" if isinstance(outcome, Ack) else "refused"
        metrics.commands.labels(command=name_of(command), outcome=label).inc()
        return outcome

    async def _execute(self, person: str, command: Command, connected: Collection[str] | None) -> Ack | Refusal:
        async with self._lock:
            await self._settle()
            if not self._recovered:
                return refusal("storage_unavailable")
            present = self.connected() if connected is None else frozenset(connected)
            situation = Situation(present | {person}, self._ports.now_ms())
            decided = decide(self.state, person, command, situation)
            if isinstance(decided, Refusal):
                return decided
            try:
                for event in decided:
                    await self._commit(event)
            except StorageUnavailable:
                return refusal("storage_unavailable")
            await self._settle()
            return Ack(decided[-1].seq, min(self.applied_seq, decided[-1].seq))

    async def _commit(self, event: Event) -> None:
        """Put an entry on disk; in the turn of the loop that learns of it, it becomes the state and is carried out."""
        documents, loop = self._ports.documents, asyncio.get_running_loop()
        entry = compose(self.state, event, documents.heads(self.hearing), self._ports.new_salt())
        committed: asyncio.Future[None] = loop.create_future()

        def done(error: Exception | None) -> None:
            try:
                if error is not None:
                    raise error
                self._carry_out(entry)
            except Exception as failure:
                committed.set_exception(failure)
            else:
                committed.set_result(None)

        self._ports.storage.submit(control_log.append(entry.row()), done)
        await committed

    def _carry_out(self, entry: Entry) -> None:
        """The entry is the state from here on, whatever fails: what cannot be done now is owed."""
        self.state = entry.after
        self.entries.append(entry)
        seen: Mapping[str, Mapping[str, Seen]] | None = None
        try:
            seen = self._in_documents(entry)
        except Exception:
            log.exception("hearing %s: documents did not carry out entry %d", self.hearing, entry.seq)
            self._owed.append((entry.seq, lambda: self._carry_out_again(entry)))
        self._owe_line(entry)
        if _cut(entry):
            noted = {} if seen is None else seen.get(entry.event.concerns, {})
            self._owe_seen(entry.event, noted, known=seen is not None)
        self.audience.tell(entry)

    def _in_documents(self, entry: Entry) -> Mapping[str, Mapping[str, Seen]]:
        return self._ports.documents.carry_out(self.hearing, self.state, self.seq, _cut(entry))

    async def _carry_out_again(self, entry: Entry) -> None:
        self._in_documents(entry)

    # --- what an entry owes ---

    def _owe_line(self, entry: Entry) -> None:
        turn = line(entry.after, entry.event)
        if turn is not None:
            documents = self._ports.documents
            self._owed.append((entry.seq, lambda: documents.write_line(self.hearing, entry.seq, turn)))

    def _owe_seen(self, isolation: Event, documents: Mapping[str, Seen], *, known: bool) -> None:
        async def note() -> None:
            since = times.utc(self._since_ms) if known else ""
            event = had_seen(self.state, self._ports.now_ms(), isolation, documents, since=since)
            await self._commit(event)

        self._owed.append((isolation.seq + 1, note))

    async def _settle(self) -> bool:
        """Pay what is owed, oldest first; False when the disk or a document refuses: then it is tried again by
        itself."""
        try:
            if not self._recovered:
                await self._take_stock()
            while self._owed:
                await self._owed[0][1]()
                self._owed.popleft()
                self._step()
        except Exception as failure:
            if isinstance(failure, StorageUnavailable):
                log.warning("hearing %s: the disk refuses what its log owes", self.hearing)
            else:
                log.exception("hearing %s: could not pay what its log owes", self.hearing)
            self._retry_later()
            return False
        self._step()
        return True

    def _step(self) -> None:
        """Raise `applied_seq` to the entry before the first that still owes something."""
        reached = self._owed[0][0] - 1 if self._owed else self.seq
        if reached > self.applied_seq:
            self.applied_seq = reached
            self.audience.applied(reached)

    def _retry_later(self) -> None:
        if self._retry is None:
            self._retry = asyncio.get_running_loop().call_later(RETRY, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        self.recover_soon()

    def recover_soon(self) -> None:
        """Write what is missing after a crash: lines not in the update log, notes of what the isolated had seen."""
        self._start(self._recover())

    async def _recover(self) -> None:
        async with self._lock:
            await self._settle()
        self._tried.set()

    async def recovered(self) -> None:
        """Returns when that has been tried once, successfully or not."""
        await self._tried.wait()

    async def _take_stock(self) -> None:
        """What the log owes at load, from the log and the update log alone."""
        written = await self._ports.documents.lines_written(self.hearing)
        noted = {entry.event.fact.of for entry in self.entries if isinstance(entry.event.fact, HadSeen)}
        for entry in self.entries:
            if entry.seq not in written:
                self._owe_line(entry)
            if isinstance(entry.event.fact, Isolated) and entry.seq not in noted:
                self._owe_seen(entry.event, {}, known=False)
        self._recovered = True
        if self._owed:
            self.applied_seq = self._owed[0][0] - 1

    # --- people ---

    def connected(self) -> frozenset[str]:
        """Who of this hearing has an authenticated socket on any wire."""
        here = {peer.person for peer in self._sockets} | set(self._ports.presence(self.hearing))
        return frozenset(here & self.state.participants.keys())

    def arrive(self, peer: ControlPeer) -> None:
        """A control socket is authenticated; it counts as presence from now on."""
        self._sockets[peer] = None
        self.audience.presence_changed()

    def subscribe(self, peer: ControlPeer, after: int) -> None:
        """Tell the peer the log after `after` and everything that comes."""
        self.audience.add(peer, after)

    def unsubscribe(self, peer: ControlPeer) -> None:
        self._sockets.pop(peer, None)
        self.audience.remove(peer)
        self.audience.presence_changed()

    # --- views ---

    def shown(self) -> Shown:
        """What people may be shown at this moment."""
        return Shown(self.state, self.connected(), self._ports.now_ms())

    def welcome(self, person: str, shown: Shown) -> Json:
        return {
            "type": "Welcome",
            "hearing": hearing(self.record),
            "you": place(self.state, person),
            "seq": self.seq,
            "applied_seq": self.applied_seq,
            **shown.phases,
            "writable": self._ports.storage.healthy,
            "roster": shown.roster(person),
            "commands": shown.commands(person),
        }

    def log_for(self, person: str, after: int = 0, limit: int = 1_000) -> list[Json]:
        """Entries after `after` as the person may see them: {header, leaf, salt?, payload?}."""
        return [entry.shown_to(person) for entry in self.entries[max(0, after) :][:limit]]

    # --- tasks ---

    def _start(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work, name=f"hearing {self.hearing}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Finish the commands under way; retry nothing any more."""
        if self._retry is not None:
            self._retry.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)


def _cut(entry: Entry) -> frozenset[str]:
    """Whom the entry takes out of the documents."""
    return frozenset({entry.event.concerns}) if isinstance(entry.event.fact, Isolated) else frozenset()


class Hearings:
    """Every hearing in use, each loaded once and kept. The one place that makes a HearingControl."""

    def __init__(
        self,
        storage: Storage,
        documents: Documents,
        presence: Callable[[str], Collection[str]],
        *,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        new_salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES),
    ) -> None:
        self._ports = Ports(storage, documents, presence, now_ms, new_salt)
        self._open: dict[str, HearingControl] = {}
        self._lock = asyncio.Lock()

    async def get(self, hearing: str) -> HearingControl:
        """The hearing, replayed from its log on first use; raises UnknownHearing, or LogDamaged when the log is not
        whole. Returns when what a crash left unwritten is written, as far as the disk lets it.
        """
        control = await self._opened(hearing)
        await control.recovered()
        return control

    async def state_of(self, hearing: str) -> HearingState:
        """For the documents, which what is still owed waits for: so this never waits for it. Raises UnknownHearing."""
        return (await self._opened(hearing)).state

    async def _opened(self, hearing: str) -> HearingControl:
        if hearing not in self._open:
            async with self._lock:
                if hearing not in self._open:
                    self._open[hearing] = await self._load(hearing)
                    self._open[hearing].recover_soon()
        return self._open[hearing]

    async def _load(self, hearing: str) -> HearingControl:
        def query(connection: Any) -> tuple[HearingRecord | None, tuple[LogRow, ...]]:
            return hearing_record(connection, hearing), control_log.entries(connection, hearing)

        record, rows = await self._ports.storage.read(query)
        if record is None:
            raise UnknownHearing(hearing)
        state = scheduled(hearing, Options.from_record(record.options), _people(record))
        entries: list[Entry] = []
        for row in rows:
            entries.append(revive(state, row))
            state = entries[-1].after
        return HearingControl(record, entries, state, self._ports)

    def presence_changed(self, hearing: str) -> None:
        """Somebody's first socket of a hearing came or the last one went, on any wire."""
        control = self._open.get(hearing)
        if control is not None:
            control.audience.presence_changed()

    def notify(self, hearing: str, people: Collection[str], message: Json) -> None:
        """A message to the control sockets of some people of a hearing, never to anybody isolated."""
        control = self._open.get(hearing)
        if control is not None:
            control.audience.notify(people, message)

    def storage_changed(self, writable: bool) -> None:
        """The disk takes writes, or takes none: everybody is told, and what is owed is paid when it does."""
        for control in self._open.values():
            control.audience.notify_all({"type": "Storage", "writable": writable})

    async def close(self) -> None:
        """Before the commit thread ends."""
        for control in list(self._open.values()):
            await control.close()


def _people(record: HearingRecord) -> list[Participant]:
    return [
        Participant(each.person, each.name, Role(each.role), each.label, each.represents)
        for each in record.participants
    ]
