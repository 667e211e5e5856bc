"""One open document: frames in, gate, update log, then - when it is on disk - Doc, fan-out and acks.

A room owns its document's order (the order of the log), its gate and its peers. It knows rights only by asking
the hearing's
state of this moment, and never tells anybody what is not on disk.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crdt_docs.document import Document, DocumentBroken
from crdt_docs.gate import COURT, Admitted, Doubled, Frame, Gap, Gate, Known, Refused, Stranded, Writer
from crdt_docs.signing.log_tree import next_head
from crdt_docs.updates import Update, merge
from crdt_docs.wire import y_protocol
from crdt_docs.wire.varint import BadFrame
from server import metrics
from server.hearing.documents import DocumentName
from server.hearing.events import Seen
from server.hearing.permissions import Access, document_access
from server.storage.commit_thread import StorageUnavailable, UpdateRow
from server.sync.gaps import Gaps
from server.sync.peer import UNSAVED_LIMIT, Peer
from server.sync.presence import RoomAwareness
from server.sync.shared import Shared, now_text
from server.websocket import frame as websocket_frame

log = logging.getLogger("yunting.sync")

# from so many on, fan-out waits a tick and merges what comes meanwhile (at 1,000 it only costs time)
MANY_PEERS = 2_000
TICK = 0.015  # seconds


@dataclass(slots=True)
class Sent:
    """What a row on its way to the disk will need when it is there."""

    peer: Peer | None
    parts: Update
    acks: int
    stranded: tuple[Stranded, ...] = ()
    doubled: tuple[Doubled, ...] = ()
    done: Callable[[Exception | None], None] | None = None


class Room:
    """See the module. `reload` is asked for when a commit failed or pycrdt broke; it must call `restore`."""

    def __init__(self, name: DocumentName, shared: Shared, reload: Callable[[Room, bool], None]) -> None:
        self.name = name
        self.key = str(name)
        self.shared = shared
        self.peers: dict[Peer, None] = {}  # in the order of their first SyncStep1
        self.members: set[Peer] = set()
        self.awareness = RoomAwareness(self)
        self.gaps = Gaps(self)
        self.applied_seq = shared.state.seq
        self.pending = 0  # rows on their way to the disk
        self.checkpoint_seq = 0
        self.seq = self.told_seq = self.stored_id = 0
        self.last_seen = shared.last_seen.setdefault(self.key, {})
        self.court_lock = asyncio.Lock()
        self._gate: Gate | None = None
        self._document: Document | None = None
        self._reload = reload
        self._later: list[tuple[Peer, bytes, Frame, int]] = []
        self._access: dict[str, Access] = {}
        self._untold: list[UpdateRow] = []
        self._tick: asyncio.TimerHandle | None = None
        self._state_frames: dict[bytes, bytes] = {}
        self._mended = False

    # --- life ---

    def restore(self, stored_id: int, seq: int, gate: Gate, document: Document | None) -> None:
        """Take up what was loaded from the log; without a document the one there stays (a commit failed,
        nothing else).
        """
        self.stored_id, self.seq, self._gate = stored_id, seq, gate
        if document is not None:
            self._document = document
            self._state_frames.clear()
            self.told_seq = seq
        self._mended = False
        self._mend()
        later, self._later = self._later, []
        for peer, data, kind, acks in later:
            if peer in self.members:
                self.write(peer, data, kind, acks)

    @property
    def gate(self) -> Gate:
        if self._gate is None:
            raise RuntimeError(f"{self.key} is being loaded")
        return self._gate

    @property
    def document(self) -> Document:
        if self._document is None:
            raise RuntimeError(f"{self.key} is being loaded")
        return self._document

    @property
    def busy(self) -> bool:
        """Whether anything is on its way to the disk or to the peers, or being loaded."""
        return bool(self.pending or self._untold or self._later) or self._gate is None

    def _mend(self) -> None:
        """Have the court's writer repair what still needs it, once the document may change (again)."""
        mended, self._mended = self._mended, self.shared.may_change(self.name) and self._gate is not None
        if self._mended and not mended:
            for doubled in self.gate.owing():
                self.shared.doubled(self, doubled)

    def join(self, peer: Peer) -> None:
        """A peer may send frames from now on; it is sent others' from its first SyncStep1 on."""
        self.members.add(peer)
        peer.had_write = self.access(peer.person.id).write

    def leave(self, peer: Peer) -> None:
        """The peer sends and gets nothing any more; rows under way go on to the disk."""
        if peer not in self.members:
            return
        self.members.discard(peer)
        if peer in self.peers:
            del self.peers[peer]
            self.saw(peer.person.id)
        self.gaps.forget(peer)
        self.awareness.leave(peer)

    def saw(self, person: str) -> None:
        """The person has been sent the document as it is told by now."""
        self.last_seen[person] = Seen(self.told_seq, now_text())

    def access(self, person: str) -> Access:
        """The right of this moment; looked up once per state."""
        access = self._access.get(person)
        if access is None:
            access = self._access[person] = document_access(self.shared.state, person, self.name)
        return access

    def carry_out(self, seq: int) -> dict[str, Seen]:
        """The hearing's state has changed: end every peer that may not read any more, note who got or lost writing.
        Returns what each person cut had been sent."""
        self._access.clear()
        self.applied_seq = seq
        self._mend()
        cut: dict[str, Seen] = {}
        for peer in [peer for peer in self.members if not self.access(peer.person.id).read]:
            peer.socket.cut()
            peer.end("forbidden")
            cut[peer.person.id] = self.last_seen.get(peer.person.id, Seen(0, ""))
        for peer in self.members:
            write = self.access(peer.person.id).write
            if write and not peer.had_write:
                peer.had_write = True
                peer.scope(read_only=False)
        self.awareness.rights_changed()
        return cut

    # --- frames ---

    def sync(self, peer: Peer, kind: int, payload: bytes) -> None:
        """A sync message of a member: SyncStep1 is answered, SyncStep2 and Update go to the gate."""
        if kind == y_protocol.Sync.STEP1:
            self._step1(peer, payload)
        elif kind == y_protocol.Sync.UPDATE:
            self.write(peer, payload, Frame.UPDATE, 1)
        elif not peer.asked or peer.asked.popleft():
            self.write(peer, payload, Frame.STEP2, 1)
        else:  # asked for by us a second time: no ack of its own, but it holds what was dropped unacked before
            owed, peer.owed = peer.owed, 0
            self.write(peer, payload, Frame.STEP2, owed)

    def write(self, peer: Peer, data: bytes, kind: Frame, acks: int) -> None:
        """An update to the gate; `acks` SyncStatus messages are due once its content is on disk."""
        if self._gate is None:
            self._later.append((peer, data, kind, acks))
            return
        access = self.access(peer.person.id)
        healthy = self.shared.commits.healthy
        verdict = self._gate.admit(data, Writer(peer.person.id, access.write and healthy), kind, datetime.now(UTC))
        if type(verdict) is Admitted:
            self._submit(peer, verdict, acks)
        elif type(verdict) is Known:
            if acks:
                peer.saved(acks)
        elif type(verdict) is Gap:
            self.gaps.hold(peer, data, kind, acks)
        else:
            self._refused(peer, verdict, access, healthy, data, kind)  # type: ignore[arg-type]

    def _submit(self, peer: Peer, verdict: Admitted, acks: int) -> None:
        if verdict.bound:
            self.shared.keep_bindings(verdict.bound, peer.person.id)
        peer.unsaved += 1
        if peer.unsaved == UNSAVED_LIMIT:
            peer.socket.hold_reading(True)
        self.append(verdict, peer.person.id, Sent(peer, verdict.parts, acks, verdict.stranded, verdict.doubled))
        if self.gaps.waiting:
            self.gaps.retry()

    def append(self, verdict: Admitted, person: str, sent: Sent, line: int | None = None) -> None:
        """Give an admitted update its place in the log and send it to the disk."""
        self.seq += 1
        at = now_text()
        heads = self.shared.heads
        head = next_head(heads[self.key], verdict.update, seq=self.seq, person=person, client=verdict.client, at=at)
        heads[self.key] = head
        values = (self.stored_id, self.seq, verdict.update, person, verdict.client, at, head, line)
        self.pending += 1
        self.shared.commits.submit_update(UpdateRow(values, self, sent))

    def refuse(self, peer: Peer, code: str) -> None:
        """Tell a peer its frame is not taken; a reader's mere write on /collab keeps reading."""
        metrics.refusals.labels(code=code).inc()
        log.info("refused %s of person %s on %s", code, peer.person.id, self.key)
        peer.not_saved()
        if code != "read_only" or peer.wire == "yjs":
            self.shared.refused(peer, "forbidden" if code == "read_only" else code)
            peer.end("forbidden" if code == "read_only" else code)

    def _refused(self, peer: Peer, verdict: Refused, access: Access, healthy: bool, data: bytes, kind: Frame) -> None:
        code: str = verdict.code
        if code == "forbidden" and access.reason == "frozen":
            code = "stale"
            self.shared.late(self, peer.person.id, data, kind)
        elif code == "forbidden" and not access.write:
            late = peer.had_write or access.reason == "exhibit_withdrawn"
            code = "stale" if late else "read_only"
        elif code == "forbidden" and not healthy:
            self.storage_refused(peer)
            return
        log.info("gate: %s", verdict.detail)
        self.refuse(peer, code)

    def storage_refused(self, peer: Peer) -> None:
        """The disk takes no writes: said by sync status false and 1013, so that any client comes back and
        tries again.
        """
        metrics.refusals.labels(code="storage_unavailable").inc()
        peer.not_saved()
        self.leave(peer)
        peer.socket.close(1013, "storage_unavailable")

    def _step1(self, peer: Peer, state_vector: bytes) -> None:
        if peer.unsaved:
            peer.state_vectors.append(state_vector)
            return
        try:
            known = y_protocol.read_state_vector(state_vector)
        except BadFrame:
            self.refuse(peer, "malformed")
            return
        self.tell_now()
        first = peer not in self.peers
        self.peers[peer] = None
        self._answer(peer, known)
        if first or peer.wire == "collab":
            self.ask(peer, acked=True)
        if first:
            self.awareness.welcome(peer)

    def _answer(self, peer: Peer, known: dict[int, int]) -> None:
        vector = self.gate.common(known)
        if vector:
            peer.send(y_protocol.step2(self.document.diff(y_protocol.state_vector(vector))))
            return
        state = self._state_frames.get(peer.prefix)
        if state is None:
            state = websocket_frame(peer.prefix + y_protocol.step2(self.document.diff(None)))
            self._state_frames[peer.prefix] = state
        peer.socket.write(state)

    def ask(self, peer: Peer, *, acked: bool) -> None:
        """Ask a peer for what it has and we have not."""
        peer.asked.append(acked)
        peer.send(y_protocol.step1(self.document.state_vector()))

    # --- on disk ---

    def committed(self, rows: list[UpdateRow]) -> None:
        """The commit thread: these rows are on disk. Fan-out, acks, then what had waited for them."""
        self.pending -= len(rows)
        self._untold += rows
        if len(self.peers) < MANY_PEERS:
            self.tell_now()
        elif self._tick is None:
            self._tick = asyncio.get_running_loop().call_later(TICK, self.tell_now)
        acks: dict[Peer, int] = {}
        for row in rows:
            sent: Sent = row.context
            if sent.peer is not None:
                sent.peer.unsaved -= 1
                acks[sent.peer] = acks.get(sent.peer, 0) + sent.acks
            if sent.done is not None:
                sent.done(None)
            for stranded in sent.stranded:
                self.shared.stranded(self, stranded)
            for doubled in sent.doubled:
                self.shared.doubled(self, doubled)
        for peer, count in acks.items():
            metrics.admitted.labels(wire=peer.wire).inc(count)
            self._saved(peer, count)

    def _saved(self, peer: Peer, count: int) -> None:
        if count and peer in self.members:
            peer.saved(count)
        if peer.unsaved < UNSAVED_LIMIT // 2:
            peer.socket.hold_reading(False)
        if not peer.unsaved and peer.state_vectors and peer in self.members:
            waiting, peer.state_vectors = peer.state_vectors, []
            for state_vector in waiting:
                self._step1(peer, state_vector)

    def failed(self, rows: list[UpdateRow], error: StorageUnavailable) -> None:
        """The commit thread: these rows are not on disk. Their writers come back with them; the gate forgets them."""
        self.pending -= len(rows)
        for row in rows:
            sent: Sent = row.context
            if sent.done is not None:
                sent.done(error)
            if sent.peer is not None:
                sent.peer.unsaved -= 1
                if sent.peer in self.members:
                    self.storage_refused(sent.peer)
        self._gate = None
        self._reload(self, False)

    def tell_now(self) -> None:
        """Apply what is on disk and send it on: one frame for all of it."""
        if self._tick is not None:
            self._tick.cancel()
            self._tick = None
        rows, self._untold = self._untold, []
        if not rows:
            return
        update = rows[0].values[2] if len(rows) == 1 else merge([row.context.parts for row in rows])
        try:
            self.document.apply(update)
        except DocumentBroken:
            log.exception("%s: the document broke; it is loaded anew from its log", self.key)
            self.start_anew()
            return
        self.told_seq = rows[-1].values[1]
        self._state_frames.clear()
        sender = rows[0].context.peer
        alone = sender if all(row.context.peer is sender for row in rows) else None
        self.broadcast(y_protocol.update(update), alone)
        self.shared.told(self)

    def broadcast(self, message: bytes, but: Peer | None = None) -> None:
        """One message to every reader; encoded once for each prefix."""
        frames: dict[bytes, bytes] = {}
        for peer in list(self.peers):
            if peer is but:
                continue
            data = frames.get(peer.prefix)
            if data is None:
                data = frames[peer.prefix] = websocket_frame(peer.prefix + message)
            peer.socket.write(data)

    def start_anew(self) -> None:
        """This room's failure: its peers come back (1012), the document is loaded from its log, the server goes on."""
        for peer in list(self.members):
            self.leave(peer)
            peer.socket.close(1012, "restart")
        self._gate = self._document = None
        self._reload(self, True)

    def tell(self, payload: dict[str, Any], to: Callable[[Peer], bool]) -> None:
        """A notice beside the document to the members that `to` names."""
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
        for peer in list(self.members):
            if to(peer):
                peer.tell(text)

    async def write_own(self, update: bytes, line: int | None) -> None:
        """An update of the court's own writer, through the same gate; returns when it is on disk."""
        verdict = self.gate.admit(update, Writer(COURT, True), Frame.UPDATE, datetime.now(UTC))
        if not isinstance(verdict, Admitted):
            raise RuntimeError(f"{self.key}: the court's own update was not admitted: {verdict}")
        if verdict.bound:
            self.shared.keep_bindings(verdict.bound, COURT)
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def done(error: Exception | None) -> None:
            stored.set_exception(error) if error is not None else stored.set_result(None)

        self.append(verdict, COURT, Sent(None, verdict.parts, 0, done=done), line)
        await stored
