"""One peer of a room: what it publishes, what it subscribes to, what it wants to see; knows no other peer."""

import struct
import time
from collections.abc import Callable

from media import limits, rtp
from media.forward import Slot, Stream
from media.seam import AUDIO_LEVEL, MID, Connection, Reach

SSRC = struct.Struct("!I")
LAYERS = ("large", "small")
FRESH_SECONDS = 6.0


class Budget:
    """How many of something are taken in one second."""

    __slots__ = ("_left", "_most", "_second", "refused")

    def __init__(self, most: int) -> None:
        self._most = self._left = most
        self._second = 0
        self.refused = 0

    def takes(self, now: float, count: int = 1) -> bool:
        """Whether these are within the bound of the second that `now` lies in, and counts them."""
        if int(now) != self._second:
            self._second, self._left = int(now), self._most
        self._left -= count
        if self._left < 0:
            self.refused += count
            return False
        return True


class Inflow:
    """What is taken of a publisher in a second: so many packets, and so many octets. Asked for every packet."""

    __slots__ = ("_ends", "_octets", "_packets")

    def __init__(self) -> None:
        self._ends = 0.0
        self._packets = self._octets = 0

    def takes(self, now: float, octets: int) -> bool:
        """Whether a packet of this length is within the bounds, and counts it."""
        if now >= self._ends:
            self._ends = now + 1.0
            self._packets = limits.PACKETS_PER_SECOND
            saved = min(max(self._octets, 0), limits.OCTETS_PER_SECOND)
            self._octets = limits.OCTETS_PER_SECOND + saved
        self._packets -= 1
        self._octets -= octets
        return self._packets >= 0 and self._octets >= 0


class Publication:
    """What a peer sends: one stream for each of the first audio and the first two video lines."""

    def __init__(self, person: str, reach: Reach, changed: Callable[[str], None]) -> None:
        self.connection = Connection(reach, self._receive, self._report, changed)
        self._person = person
        self._by_ssrc: dict[int, Stream | None] = {}
        self._inflow = Inflow()
        self._offset: float | None = None
        self._level_id = 0
        self.streams: dict[str, Stream] = {}
        self.level = 127.0
        self.octets = 0

    async def answer(self, offer: str) -> str:
        """The answer to a publishing offer; ValueError for a bad one."""
        answer = await self.connection.answer(offer, "recvonly")
        for line in self.connection.lines:
            layer = self._layer(line.kind)
            if layer:
                stream = self.streams[layer] = Stream(self._person, layer, line, self.connection)
                self._by_ssrc.update(dict.fromkeys(line.theirs[:1], stream))
                self._level_id = line.extensions.get(AUDIO_LEVEL, self._level_id)
        return answer

    def _layer(self, kind: str) -> str | None:
        names = ("audio",) if kind == "audio" else LAYERS
        return next((name for name in names if name not in self.streams), None)

    def _receive(self, packet: bytes, now: float) -> None:
        first, second, sequence, timestamp, ssrc = rtp.HEADER.unpack_from(packet)
        try:
            stream = self._by_ssrc[ssrc]
        except KeyError:
            stream = self._learn(packet, ssrc)
        if stream is None or second & 0x7F != stream.line.payload_type or not self._inflow.takes(now, len(packet)):
            return
        if first & 0x3F:
            profile, _, extension, payload = rtp.split(packet)
            if stream.kind == "audio" and self._level_id:
                self._measure(profile, extension)
        else:
            payload = packet[12:]
        self.octets += len(packet)
        stream.take(ssrc, sequence, timestamp, second > 127, payload, now)

    def _learn(self, packet: bytes, ssrc: int) -> Stream | None:
        """Whose a new SSRC is: the line that its MID extension names, or the only line of its payload type."""
        profile, _, extension, _ = rtp.split(packet)
        named = dict(rtp.extensions(profile, extension))
        of_type = [stream for stream in self.streams.values() if stream.line.payload_type == packet[1] & 0x7F]
        by_mid = [stream for stream in of_type if self._mid(stream, named) == stream.line.mid.encode()]
        found = by_mid or (of_type if len(of_type) == 1 else [])
        if found and len(self._by_ssrc) < 64:
            self._by_ssrc[ssrc] = found[0]
        return found[0] if found else None

    @staticmethod
    def _mid(stream: Stream, named: dict[int, bytes]) -> bytes | None:
        return named.get(stream.line.extensions.get(MID, 0))

    def _measure(self, profile: int, extension: bytes) -> None:
        """Follows the sound level in -dBov (RFC 6464): 127 is silence."""
        for number, value in rtp.extensions(profile, extension):
            if number == self._level_id and value:
                self.level += ((value[0] & 0x7F) - self.level) * 0.1

    def _report(self, packet: bytes, now: float) -> None:
        for report in rtp.reports(packet):
            stream = self._by_ssrc.get(report.ssrc) if isinstance(report, rtp.SenderReport) else None
            if stream is not None and isinstance(report, rtp.SenderReport):
                self._align(stream, report, now)

    def _align(self, stream: Stream, report: rtp.SenderReport, now: float) -> None:
        """Puts the sender's clock in relation to ours once, and tells every listener the stream's time."""
        sent = report.ntp / (1 << 32) - rtp.NTP_EPOCH
        if self._offset is None:
            self._offset = time.time() - sent
        stream.reception.sender_report = (report.ntp >> 16 & 0xFFFFFFFF, now)
        stream.report = (sent + self._offset, report.timestamp)
        for leg in stream.legs:
            leg.tell_time(now)

    def acknowledge(self, now: float) -> dict[str, float]:
        """Sends the receiver report and the limit of the bit rate; fraction lost by layer since the last one."""
        found: dict[str, float] = {}
        blocks = []
        for layer, stream in self.streams.items():
            if stream.ssrc and stream.reception.received:
                block, stream.lost = stream.reception.block(stream.ssrc, now)
                found[layer] = stream.lost
                blocks.append(block)
        if blocks and self.connection.ready:
            own = next(iter(self.streams.values())).line.ssrc
            videos = [stream.ssrc for stream in self.streams.values() if stream.kind == "video" and stream.ssrc]
            limit = rtp.bitrate_limit(own, limits.UPSTREAM_BITS, videos) if videos else b""
            self.connection.send_report(rtp.receiver_report(own, blocks) + limit)
        return found


class Subscription:
    """What a peer receives: slots for sound and picture, and what its receiver says of them."""

    def __init__(self, reach: Reach, changed: Callable[[str], None]) -> None:
        self.connection = Connection(reach, None, self._report, changed)
        self.slots: dict[str, list[Slot]] = {"audio": [], "video": []}
        self._by_ssrc: dict[int, Slot] = {}
        self._budget = Budget(limits.REPAIRS_PER_SECOND)
        self.blocks: dict[int, tuple[str, float, float]] = {}
        self.rtt = 0.0

    async def answer(self, offer: str) -> str:
        """The answer to a subscribing offer; ValueError for a bad one."""
        answer = await self.connection.answer(offer, "sendonly")
        for line in self.connection.lines:
            slots = self.slots[line.kind]
            slot = Slot(self.connection, line, len(slots))
            slots.append(slot)
            self._by_ssrc[slot.ssrc] = slot
        return answer

    def people(self, kind: str) -> list[str | None]:
        """Who sits in which slot."""
        return [slot.person for slot in self.slots[kind]]

    def _report(self, packet: bytes, now: float) -> None:
        for report in rtp.reports(packet):
            slot = self._by_ssrc.get(report.ssrc)
            if slot is None:
                continue
            if isinstance(report, rtp.ReceiverBlock):
                self._note(slot, report, now)
            elif slot.leg is not None and isinstance(report, rtp.Nack):
                if self._budget.takes(now, len(report.lost)):
                    slot.leg.repair(report.lost)
            elif slot.leg is not None and slot.leg.stream is not None:
                slot.leg.stream.ask_keyframe(now)

    def _note(self, slot: Slot, report: rtp.ReceiverBlock, now: float) -> None:
        stream = slot.leg.stream if slot.leg is not None else None
        before = stream.lost if stream is not None else 0.0  # what never reached us is not this receiver's trouble
        self.blocks[slot.ssrc] = (slot.kind, max(0.0, report.fraction / 256 - before), now)
        last, told = slot.told
        if report.last_report == last and last:
            rtt = max(0.0, now - told - report.delay / 65_536)
            self.rtt = rtt if not self.rtt else self.rtt + (rtt - self.rtt) * 0.3

    def loss(self, now: float) -> float:
        """Fraction lost on the way to this receiver, the worst of what it reported lately."""
        fresh = [fraction for _, fraction, at in self.blocks.values() if now - at < FRESH_SECONDS]
        return max(fresh, default=0.0)

    def end(self) -> None:
        """Nothing leaves through any slot any more."""
        for slots in self.slots.values():
            for slot in slots:
                if slot.leg is not None:
                    slot.leg.end()


class Peer:
    """One socket of one person, with what it wants to see: `large` (nobody: the room's), `visible` (None: all)."""

    def __init__(self, name: str, person: str) -> None:
        self.name, self.person = name, person
        self.publication: Publication | None = None
        self.subscription: Subscription | None = None
        self.large: str | None = None
        self.visible: frozenset[str] | None = None
        self.video = True
        self.wants = Budget(limits.WANTS_PER_SECOND)
        self.thrift = 0
        """0: as wanted; 1: small pictures only; 2: no picture, so that the sound comes through."""

    def stream(self, layer: str) -> Stream | None:
        """The published stream of this layer, once it can be asked for."""
        return self.publication.streams.get(layer) if self.publication is not None else None

    def streams(self) -> list[Stream]:
        """All that it publishes."""
        return list(self.publication.streams.values()) if self.publication is not None else []

    def connection(self, side: str) -> Connection | None:
        """The connection of this side (publish or subscribe), if there is one."""
        found = self.publication if side == "publish" else self.subscription
        return found.connection if found is not None else None

    def slots(self) -> list[Slot]:
        """All slots through which it receives."""
        return [slot for slots in self.subscription.slots.values() for slot in slots] if self.subscription else []
