"""The one writer of each hearing's log: a command is judged, put on disk, carried out in the media room and the
documents, told, acknowledged.

Owns the order (one lock per hearing); what a command still owes after its commit is kept by server/control_debts.
Decides nothing: server/hearing does. Media and documents follow the log through the ports `Media` and `Documents`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crdt_docs.signing import merkle
from crdt_docs.signing.log_tree import SALT_BYTES
from server import metrics
from server.control_audience import Audience, ControlPeer
from server.control_debts import Debts
from server.control_entries import Entry, compose
from server.control_loading import UnknownHearing, load
from server.control_media import MediaTold, room_is_open, shrinks
from server.control_ports import Documents, Media, NoMedia, Ports, Storage
from server.control_views import Json, Shown, hearing, place
from server.hearing.commands import Command, name_of
from server.hearing.events import Event, Fact, Seen
from server.hearing.guards import Situation
from server.hearing.reasons import Refusal, refusal
from server.hearing.reduce import decide, numbered
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import HearingState, Phase
from server.storage import control_log
from server.storage.commit_thread import StorageUnavailable, Write
from server.storage.hearings import HearingRecord

__all__ = ["Ack", "HearingControl", "Hearings", "UnknownHearing"]

log = logging.getLogger("yunting.control")

RETRY = 1.0  # seconds until what a command still owes is tried again


@dataclass(frozen=True, slots=True)
class Ack:
    """The command is on disk as entry `seq`; media and documents are in step up to `applied_seq` (equal unless the disk
    fails meanwhile)."""

    seq: int
    applied_seq: int


class HearingControl:
    """One hearing: its state, its log in memory, its listeners."""

    def __init__(self, record: HearingRecord, entries: Sequence[Entry], state: HearingState, ports: Ports) -> None:
        self.details = record
        self.hearing = record.id
        self.state = state
        self.entries = list(entries)
        self.tree = merkle.Tree(entry.leaf for entry in entries)
        self.applied_seq = state.seq
        self.sat_at_load = state.phase is Phase.IN_SESSION
        self.audience = Audience(self)
        self.media = MediaTold(self.audience)
        self.media_room = room_is_open(entries)  # whether the log says that there is a room in the media process
        self._ports = ports
        self._lock = asyncio.Lock()
        self._sockets: dict[ControlPeer, None] = {}
        self._debts = Debts(self.hearing, ports.documents, self._commit, lambda: self.state, ports.now_ms)
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
        began = time.monotonic()
        outcome = await asyncio.shield(self._start(self._execute(person, command, connected, began)))
        label = "ack" if isinstance(outcome, Ack) else "refused"
        metrics.commands.labels(command=name_of(command), outcome=label).inc()
        return outcome

    async def _execute(
        self, person: str, command: Command, connected: Collection[str] | None, began: float
    ) -> Ack | Refusal:
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
                await self._commit(decided, began=began)
            except StorageUnavailable:
                return refusal("storage_unavailable")
            await self._settle()
            return Ack(decided[-1].seq, min(self.applied_seq, decided[-1].seq))

    async def record(
        self,
        actor: str,
        decide: Callable[[HearingState, int], tuple[Fact, ...] | Refusal],
        *,
        beside: Write | None = None,
    ) -> tuple[Entry, ...] | Refusal:
        """Enter what happened beside the commands: `decide(state, now_ms)` is asked under the hearing's lock, its facts
        are on disk and carried out on return, with `beside` in the same transaction (none without a fact). A refusal
        `storage_unavailable` says that nothing was entered. Once begun it is finished, whatever becomes of the caller.
        """
        return await asyncio.shield(self._start(self._record(actor, decide, beside)))

    async def _record(self, actor: str, decide: Any, beside: Write | None) -> tuple[Entry, ...] | Refusal:
        async with self._lock:
            await self._settle()
            if not self._recovered:
                return refusal("storage_unavailable")
            now_ms = self._ports.now_ms()
            decided = decide(self.state, now_ms)
            if isinstance(decided, Refusal):
                return decided
            try:
                entries = await self._commit(numbered(self.state, now_ms, actor, decided), beside)
            except StorageUnavailable:
                return refusal("storage_unavailable")
            await self._settle()
            return entries

    async def _commit(
        self, events: Sequence[Event], beside: Write | None = None, *, began: float = 0.0
    ) -> tuple[Entry, ...]:
        """Put entries on disk, all or none; in the turn of the loop that learns of it, each becomes the state and is
        carried out."""
        if not events:
            return ()
        heads, loop = self._ports.documents.heads(self.hearing), asyncio.get_running_loop()
        entries: list[Entry] = []
        for event in events:
            before = entries[-1].after if entries else self.state
            entries.append(compose(before, event, heads, self._ports.new_salt()))
        committed: asyncio.Future[None] = loop.create_future()

        def done(error: Exception | None) -> None:
            try:
                if error is not None:
                    raise error
                for entry in entries:
                    self._carry_out(entry, began)
            except Exception as failure:
                committed.set_exception(failure)
            else:
                committed.set_result(None)

        self._ports.storage.submit(control_log.append([entry.row() for entry in entries], beside), done)
        await committed
        return tuple(entries)

    def _carry_out(self, entry: Entry, began: float) -> None:
        """The entry is the state from here on, whatever fails: what cannot be done now is owed."""
        before, self.state = self.state, entry.after
        self.entries.append(entry)
        self.tree.append(entry.leaf)
        self.media_room = room_is_open([entry], self.media_room)
        cutting = self._ports.media.carry_out(self.hearing, self.state, self.seq, began)
        seen: Mapping[str, Mapping[str, Seen]] | None = None
        try:
            seen = self._in_documents(entry)
        except Exception:
            log.exception("hearing %s: documents did not carry out entry %d", self.hearing, entry.seq)
            self._debts.owe(entry.seq, lambda: self._carry_out_again(entry))
        self._debts.owe_line(entry)
        if cutting is not None:
            self._debts.owe_cut(entry, cutting, shrinks=shrinks(before, entry.after))
        if entry.cut:
            noted = {} if seen is None else seen.get(entry.event.concerns, {})
            self._debts.owe_seen(entry.event, noted, known=seen is not None)
        self.audience.tell(entry)
        self._ports.watch(self)

    def _in_documents(self, entry: Entry) -> Mapping[str, Mapping[str, Seen]]:
        return self._ports.documents.carry_out(self.hearing, self.state, self.seq, entry.cut)

    async def _carry_out_again(self, entry: Entry) -> None:
        self._in_documents(entry)

    # --- what an entry owes ---

    async def _settle(self) -> bool:
        """Pay what is owed, oldest first; False when the disk or a document refuses: then it is tried again by
        itself."""
        try:
            if not self._recovered:
                await self._take_stock()
            await self._debts.pay(self._step)
        except Exception as failure:
            if isinstance(failure, StorageUnavailable):
                log.warning("hearing %s: the disk refuses what its log owes", self.hearing)
            else:
                log.exception("hearing %s: could not pay what its log owes", self.hearing)
            self._retry_later()
            return False
        self._step()
        if self.state.transcript is TranscriptPhase.REVIEW:
            self._ports.review(self)
        return True

    def _step(self) -> None:
        """Raise `applied_seq` to the entry before the first that still owes something."""
        reached = self._debts.reached(self.seq)
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
        await self._debts.stock(self.entries)
        self._recovered = True
        self.applied_seq = self._debts.reached(self.applied_seq)

    # --- people ---

    def connected(self) -> frozenset[str]:
        """Who of this hearing has an authenticated socket on any wire."""
        here = {peer.person for peer in self._sockets} | set(self._ports.presence(self.hearing))
        return frozenset(here & self.state.participants.keys())

    def presence_changed(self) -> None:
        """Somebody came or went, on any wire."""
        self.audience.presence_changed()
        self._ports.watch(self)

    def arrive(self, peer: ControlPeer) -> None:
        """A control socket is authenticated; it counts as presence from now on."""
        self._sockets[peer] = None
        self.presence_changed()

    def subscribe(self, peer: ControlPeer, after: int) -> None:
        """Tell the peer the log after `after` and everything that comes."""
        self.audience.add(peer, after)

    def unsubscribe(self, peer: ControlPeer) -> None:
        self._sockets.pop(peer, None)
        self.audience.remove(peer)
        self.presence_changed()

    # --- views ---

    def shown(self) -> Shown:
        """What people may be shown at this moment."""
        return Shown(self.state, self.connected(), self._ports.now_ms())

    def welcome(self, person: str, shown: Shown) -> Json:
        return {
            "type": "Welcome",
            "hearing": hearing(self.details),
            "you": place(self.state, person),
            "seq": self.seq,
            "applied_seq": self.applied_seq,
            **shown.phases_for(person),
            "writable": self._ports.storage.healthy,
            "roster": shown.roster(person),
            "commands": shown.commands(person),
        }

    def beside(self, person: str, shown: Shown) -> list[Json]:
        return [self.media.message(person, shown)] if self.media.people else []

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


class Hearings:
    """Every hearing in use, each loaded once and kept. The one place that makes a HearingControl."""

    def __init__(
        self,
        storage: Storage,
        documents: Documents,
        presence: Callable[[str], Collection[str]],
        *,
        media: Media | None = None,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        new_salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES),
    ) -> None:
        self.review: Callable[[HearingControl], None] = lambda _control: None  # what freezes a transcript
        self.watch: Callable[[HearingControl], None] = lambda _control: None  # what holds a hearing without a judge
        told = (lambda control: self.watch(control), lambda control: self.review(control))
        self._ports = Ports(storage, documents, presence, now_ms, new_salt, *told, media or NoMedia())
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
        record, entries, state = await load(self._ports.storage, hearing)
        return HearingControl(record, entries, state, self._ports)

    def presence_changed(self, hearing: str) -> None:
        """Somebody's first socket of a hearing came or the last one went, on any wire."""
        control = self._open.get(hearing)
        if control is not None:
            control.presence_changed()

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
