"""One room: its peers, its route table, and who carries what to whom because of it; knows no court and no socket."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from media import limits
from media.forward import Leg, Slot, Stream
from media.peer import Peer, Publication, Subscription
from media.routes import Routes, seat
from media.seam import Reach

Notify = Callable[[dict[str, object]], None]
ALIVE_SECONDS = 2.0
COMPLAINT_SECONDS = 5.0
logger = logging.getLogger(__name__)


class Recorder(Protocol):
    """What a room needs of its recorder. Times are unix milliseconds; payloads are plain RTP payloads, as received."""

    def members(self, audio: frozenset[str], video: frozenset[str]) -> None: ...
    def packet(
        self, person: str, kind: str, payload: bytes, timestamp: int, sequence: int, marker: bool, now_ms: int
    ) -> None: ...
    def start(self, folder: str, segment_ms: int, now_ms: int) -> None: ...
    def stop(self, now_ms: int) -> None: ...
    def close(self, now_ms: int | None = None) -> None: ...


class Refused(Exception):
    """A request that the room does not carry out; the first argument is a code of the link."""


class Room:
    """Peers of one room. Everything here happens within one call: when `apply` returns, the cut is done."""

    def __init__(self, name: str, reach: Reach, notify: Notify, recorder: Recorder | None = None) -> None:
        self.name = name
        self._reach = reach
        self._notify = notify
        self._clock = asyncio.get_running_loop().time
        self.recorder = recorder
        self.peers: dict[str, Peer] = {}
        self.persons: dict[str, Peer] = {}
        self.routes = Routes()
        self.seq = 0
        self.speaker = ""  # who spoke last
        self.closing: set[asyncio.Task[None]] = set()
        self._recording: object = None
        self._was_recorded = False
        self._complained = -COMPLAINT_SECONDS
        self._told: dict[str, tuple] = {}
        self._alive: frozenset[Stream] = frozenset()

    # -- coming and going

    def join(self, name: str, person: str) -> None:
        """A peer comes; an older one of the same person ends."""
        if name in self.peers:
            raise Refused("bad_request", "this peer is here")
        if len(self.peers) >= limits.PEERS:
            raise Refused("too_many", "peers")
        older = self.persons.get(person)
        if older is not None:
            self.end(older, "replaced")
        peer = self.peers[name] = self.persons[person] = Peer(name, person)
        self.settle(peer)

    def peer(self, name: object) -> Peer:
        """The peer of this id; Refused when there is none."""
        found = self.peers.get(name) if isinstance(name, str) else None
        if found is None:
            raise Refused("no_peer", "no such peer in this room")
        return found

    def end(self, peer: Peer, reason: str = "left") -> None:
        """A peer goes, and nothing goes to it or comes from it after this call. Always told: left, replaced, closed."""
        del self.peers[peer.name]
        if self.persons.get(peer.person) is peer:
            del self.persons[peer.person]
        self._told.pop(peer.name, None)
        self._drop_publication(peer)
        self._drop_subscription(peer)
        self.tell("ended", peer=peer.name, reason=reason)
        self.settle_all()

    def close(self) -> None:
        """Every peer goes."""
        for peer in list(self.peers.values()):
            self.end(peer, "closed")
        if self.recorder is not None and self._was_recorded:  # its thread lives on when it has stopped
            self._recording, self._was_recorded = None, False
            self._keep(asyncio.to_thread(self.recorder.close, _now_ms()))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Work that goes on after this call, kept until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self.closing.add(task)
        task.add_done_callback(self.closing.discard)

    def _drop_publication(self, peer: Peer) -> None:
        publication, peer.publication = peer.publication, None
        if publication is not None:
            for stream in publication.streams.values():
                stream.record = None
                for leg in [*stream.legs, *stream.waiting]:
                    leg.release(stream)
            self._close(publication)

    def _drop_subscription(self, peer: Peer) -> None:
        subscription, peer.subscription = peer.subscription, None
        if subscription is not None:
            subscription.end()
            self._close(subscription)

    def _close(self, side: Publication | Subscription) -> None:
        side.connection.shut()
        self._keep(_closed(side))

    # -- negotiation

    async def offer(self, peer: Peer, side: str, sdp: str) -> str:
        """The answer to an offer; a former connection of this side ends. Raises ValueError, Refused."""
        changed = _Watch(self, peer, side)
        publishes = side == "publish"
        fresh = Publication(peer.person, self._reach, changed) if publishes else Subscription(self._reach, changed)
        changed.of = fresh
        try:
            answer = await fresh.answer(sdp)
        except ValueError:
            self._close(fresh)
            raise
        if self.peers.get(peer.name) is not peer:
            self._close(fresh)
            raise Refused("no_peer", "the peer has gone")
        if isinstance(fresh, Publication):
            self._drop_publication(peer)
            peer.publication = fresh
            for stream in fresh.streams.values():
                stream.appeared = self._look
        else:
            self._drop_subscription(peer)
            peer.subscription = fresh
        self.settle_all()
        return answer

    def connection_changed(self, peer: Peer, side: str, of: object, state: str) -> None:
        """A connection came up or went down."""
        if of is not (peer.publication if side == "publish" else peer.subscription):
            return
        if state == "disconnected":
            (self._drop_publication if side == "publish" else self._drop_subscription)(peer)
        self.settle_all()
        self.tell(state, peer=peer.name, person=peer.person, leg=side)

    # -- routes

    def apply(self, seq: int, routes: Routes) -> list[dict[str, object]]:
        """Makes this the route table; the streams cut by it, each with the last sequence number that was sent on it."""
        self.routes, self.seq = routes, seq
        cuts = []
        for peer in self.peers.values():
            for leg in self.legs(peer):
                if not routes.permits(leg.slot.kind, leg.person, peer.person):
                    leg.end()
                    leg.slot.person = None
                    if leg.packets:
                        cuts.append(_cut(leg, peer.person))
        self.settle_all()
        return cuts

    @staticmethod
    def legs(peer: Peer) -> list[Leg]:
        """What goes to this peer now."""
        return [slot.leg for slot in peer.slots() if slot.leg is not None]

    def settle_all(self) -> None:
        """Brings every leg in line with the routes, the peers and what they want."""
        for peer in self.peers.values():
            self.settle(peer)
        self._settle_recording()

    def settle(self, peer: Peer) -> None:
        """Brings one listener's slots and legs in line; tells it who sits where when that changed."""
        subscription = peer.subscription
        if subscription is not None:
            self._settle_kind(peer, subscription, "audio", [])
            self._settle_kind(peer, subscription, "video", subscription.people("audio"))
        self._tell_slots(peer)

    def _settle_kind(self, peer: Peer, subscription: Subscription, kind: str, beside: list[str | None]) -> None:
        slots = subscription.slots[kind]
        people = seat([slot.person for slot in slots], self._wanted(peer, kind), beside)
        for slot, person in zip(slots, people, strict=True):
            if slot.person != person:
                if slot.leg is not None:
                    slot.leg.end()
                slot.person = person
            self._settle_slot(peer, slot)

    def _wanted(self, peer: Peer, kind: str) -> list[str]:
        """Whom this listener may have and wants, those first who are sending."""
        people = [person for person in self.routes.speakers(kind, peer.person) if person in self.persons]
        if kind == "video":
            if peer.visible is not None:
                people = [person for person in people if person in peer.visible or person == self._large(peer)]
            people.sort(key=lambda person: person != self._large(peer))
        return sorted(people, key=lambda person: self.persons[person].publication is None)

    def _settle_slot(self, peer: Peer, slot: Slot) -> None:
        stream = self._choose(peer, slot) if slot.person is not None and slot.connection.ready else None
        if stream is None:
            if slot.leg is not None:
                slot.leg.end()
            return
        leg = slot.leg or Leg(slot, slot.person or "")
        leg.wait(stream)
        if leg.target is not None:
            stream.ask_keyframe(self._clock())

    def _choose(self, peer: Peer, slot: Slot) -> Stream | None:
        """What this slot is to carry: large for the one in view, small for the rest, or whatever there is else."""
        speaker = self.persons[slot.person or ""]
        if slot.kind == "audio":
            return speaker.stream("audio")
        if not peer.video or peer.thrift == 2:
            return None
        large, small = speaker.stream("large"), speaker.stream("small")
        first, second = (large, small) if speaker.person == self._large(peer) and not peer.thrift else (small, large)
        if first is None or (second in self._alive and first not in self._alive):
            return second
        return first

    def _large(self, peer: Peer) -> str:
        return peer.large or self.routes.large or self.speaker

    def _settle_recording(self) -> None:
        for peer in self.peers.values():
            for stream in peer.streams():
                recorded = self.routes.recorded_audio if stream.kind == "audio" else self.routes.recorded_video
                wanted = self.recorder is not None and stream.layer != "small" and peer.person in recorded
                if wanted and stream.record is None:
                    stream.record = self._record(peer.person, stream.kind)
                elif not wanted:
                    stream.record = None

    def _record(self, person: str, kind: str) -> Callable[[bytes, int, int, bool], None]:
        def record(payload: bytes, timestamp: int, sequence: int, marker: bool) -> None:
            """An error of the recorder ends the recording of nobody's hearing: it is told, the packet is lost to it."""
            if self.recorder is None:
                return
            try:
                self.recorder.packet(person, kind, payload, timestamp, sequence, marker, _now_ms())
            except Exception as error:
                self._recorder_failed(error)

        return record

    def _recorder_failed(self, error: Exception) -> None:
        now = self._clock()
        if now - self._complained >= COMPLAINT_SECONDS:
            self._complained = now
            logger.error("the recorder failed", exc_info=error)
            self.tell("recording", state="failed", at_ms=_now_ms(), reason="write_failed")

    def set_recording(self, wanted: object) -> None:
        """Starts or stops the recorder: `wanted` is {dir, segment_ms} or None."""
        if self.recorder is None or wanted is self._recording is None:
            return
        self._was_recorded = True
        self.recorder.members(self.routes.recorded_audio, self.routes.recorded_video)
        if isinstance(wanted, dict) and self._recording != wanted:
            self.recorder.start(str(wanted["dir"]), int(wanted.get("segment_ms", 60_000)), _now_ms())
        elif wanted is None and self._recording is not None:
            self.recorder.stop(_now_ms())
        self._recording = wanted

    def want_keyframe(self, person: str) -> None:
        """Asks this person's sender for a key frame of the large picture."""
        peer = self.persons.get(person)
        stream = peer.stream("large") if peer is not None else None
        if stream is not None:
            stream.ask_keyframe(self._clock())

    # -- telling

    def tell(self, notice: str, **fields: object) -> None:
        """Sends one notice about this room."""
        self._notify({"notice": notice, "room": self.name, **fields})

    def _tell_slots(self, peer: Peer) -> None:
        subscription = peer.subscription
        people = {kind: subscription.people(kind) if subscription else [] for kind in ("audio", "video")}
        large = self._large(peer)
        shown = large if large in people["video"] else ""
        fresh = (self.seq, tuple(people["audio"]), tuple(people["video"]), shown)
        if subscription is not None and self._told.get(peer.name) != fresh:
            self._told[peer.name] = fresh
            self.tell("slots", peer=peer.name, seq=self.seq, **people, large=shown)

    # -- time

    def tick(self, now: float) -> None:
        """Twenty times a second: repairs asked of senders, key frames asked for again, layers that came or went."""
        streams = [stream for peer in self.peers.values() for stream in peer.streams()]
        for stream in streams:
            stream.mend(now)
            if stream.waiting and now - stream.asked >= limits.WAITING_SECONDS:
                stream.ask_keyframe(now)
        self._look()

    def _look(self) -> None:
        """Which streams are alive; a layer that came or went moves the legs."""
        now = self._clock()
        streams = (stream for peer in self.peers.values() for stream in peer.streams())
        alive = frozenset(stream for stream in streams if now - stream.heard < ALIVE_SECONDS)
        if alive != self._alive:
            self._alive = alive
            self.settle_all()


class _Watch:
    """Tells the room of a connection's state, with the side that it belongs to."""

    def __init__(self, room: Room, peer: Peer, side: str) -> None:
        self._room, self._peer, self._side = room, peer, side
        self.of: object = None

    def __call__(self, state: str) -> None:
        self._room.connection_changed(self._peer, self._side, self.of, state)


def _cut(leg: Leg, listener: str) -> dict[str, object]:
    facts = {"from": leg.person, "to": listener, "kind": leg.slot.kind}
    return {**facts, "ssrc": leg.slot.ssrc, "sequence": leg.last, "packets": leg.packets}


async def _closed(side: Publication | Subscription) -> None:
    try:
        await side.connection.close()
    except Exception:
        logger.exception("a connection did not close cleanly")


def _now_ms() -> int:
    return int(time.time() * 1000)
