"""Streams, slots and legs: how one packet that arrives leaves again towards everybody who is to have it.

A stream is what one person sends in one media line. A slot is one media line of a listener, with an SSRC, sequence
numbers and timestamps that never jump back, whoever is heard in it. A leg joins the two while the route table says so.
"""

import secrets
import time
from collections.abc import Callable

from media import limits, rtp
from media.reception import Reception
from media.seam import Connection, Line

CLOCK = {"audio": 48_000, "video": 90_000}
HALF = 0x8000
RING = limits.RING - 1
Record = Callable[[bytes, int, int, bool], None]


class Slot:
    """One outgoing media line of a listener; `person` is whom it is given to, `leg` carries while there is one."""

    __slots__ = (
        "clock", "connection", "index", "kind", "leg", "line", "octets", "packets", "person", "ssrc", "time",
        "timestamp", "told", "top",
    )  # fmt: skip

    def __init__(self, connection: Connection, line: Line, index: int) -> None:
        self.connection, self.line, self.index = connection, line, index
        self.kind, self.ssrc, self.clock = line.kind, line.ssrc, CLOCK[line.kind]
        self.person: str | None = None
        self.leg: Leg | None = None
        self.top = secrets.randbelow(HALF)  # the lower half: no wrap before a receiver knows the stream
        self.timestamp = secrets.randbits(32)
        self.time = 0.0
        self.packets = self.octets = 0
        self.told: tuple[int, float] = (0, 0.0)


class Stream:
    """What one person sends in one line. `layer`: audio, large, small; `legs` carry, `waiting` start when they can."""

    def __init__(self, person: str, layer: str, line: Line, connection: Connection) -> None:
        self.person, self.layer, self.line, self.connection = person, layer, line, connection
        self.kind = line.kind
        self.ssrc = 0
        self.legs: list[Leg] = []
        self.waiting: list[Leg] = []
        self.reception = Reception(CLOCK[line.kind])
        self.record: Record | None = None
        self.appeared: Callable[[], None] | None = None
        self.heard = -1e9
        self.asked = 0.0
        self.lost = 0.0
        self.report: tuple[float, int] | None = None
        self._ring: list[tuple[int, int, bool, bytes] | None] = [None] * limits.RING

    def take(self, ssrc: int, sequence: int, timestamp: int, marker: bool, payload: bytes, now: float) -> None:
        """Carries one packet that arrived to every leg, within this call."""
        if ssrc != self.ssrc or self.reception.strayed:
            self._renew(ssrc, now)
        self.heard = now
        if not self.reception.add(sequence, timestamp, now):
            return
        self._ring[sequence & RING] = (sequence, timestamp, marker, payload)
        if self.waiting and (self.kind == "audio" or rtp.starts_keyframe(payload)):
            for leg in self.waiting[:]:
                leg.start(self, sequence, timestamp, now)
        for leg in self.legs:
            leg.carry(sequence, timestamp, marker, payload, now)
        if self.record is not None:
            self.record(payload, timestamp, sequence, marker)

    def _renew(self, ssrc: int, now: float) -> None:
        """The sender began anew: what follows is counted anew, and every leg starts again where its slot stands."""
        if self.ssrc:
            for leg in self.legs[:]:
                leg.restart()
        self.ssrc = ssrc
        self.reception = Reception(CLOCK[self.kind])
        self.report = None
        self._ring = [None] * limits.RING
        self.heard = now
        if self.appeared is not None:
            self.appeared()

    def kept(self, sequence: int) -> tuple[int, int, bool, bytes] | None:
        """The packet of this sequence number, if it is still kept."""
        found = self._ring[sequence & RING]
        return found if found is not None and found[0] == sequence else None

    def ask_keyframe(self, now: float) -> None:
        """Asks the sender for a key frame, unless that was done a moment ago."""
        if self.kind == "video" and self.ssrc and now - self.asked >= limits.KEYFRAME_SECONDS and self.connection.ready:
            self.asked = now
            self.connection.send_report(rtp.picture_loss(self.line.ssrc, self.ssrc))

    def mend(self, now: float) -> None:
        """Asks the sender for what is missing, where sender and line know repair."""
        if self.line.nacks and self.connection.ready and (missing := self.reception.missing(now)):
            self.connection.send_report(rtp.nack(self.line.ssrc, self.ssrc, missing))


class Leg:
    """One person's sound or picture on its way to one listener; ended, it can send nothing more, repairs included."""

    __slots__ = (
        "_connection", "_first", "_lag", "_second", "_shift", "_ssrc", "last", "packets", "person", "repairs", "slot",
        "stream", "target",
    )  # fmt: skip

    def __init__(self, slot: Slot, person: str) -> None:
        self.slot, self.person = slot, person
        self._connection, self._ssrc, self._second = slot.connection, slot.ssrc, slot.line.payload_type
        self._shift = self._lag = self._first = self.last = 0
        self.packets = self.repairs = 0
        self.stream: Stream | None = None
        self.target: Stream | None = None
        slot.leg = self

    def wait(self, stream: Stream) -> None:
        """Goes over to this stream at its next key frame (sound: packet); carries what it carries until then."""
        if self.target is not stream:
            self.stay()
        if stream is not self.stream and self.target is None:
            self.target = stream
            stream.waiting.append(self)

    def restart(self) -> None:
        """Waits for the next beginning of the stream that it carries."""
        stream = self.stream
        if stream is not None:
            self._leave(stream)
            if self.target is None:
                self.wait(stream)

    def stay(self) -> None:
        """Gives up going over to another stream."""
        if self.target is not None:
            self.target.waiting.remove(self)
            self.target = None

    def release(self, stream: Stream) -> None:
        """Lets go of a stream that ends; the leg stays, and may be given another."""
        if self.target is stream:
            self.stay()
        if self.stream is stream:
            self._leave(stream)

    def _leave(self, stream: Stream) -> None:
        if self in stream.legs:
            stream.legs.remove(self)
        self.stream = None

    def start(self, stream: Stream, sequence: int, timestamp: int, now: float) -> None:
        """Begins with this packet of this stream, right behind what the slot sent last."""
        self.stay()
        if self.stream is not None:
            self._leave(self.stream)
        slot = self.slot
        passed = max(1, round((now - slot.time) * slot.clock)) if slot.packets else 0
        self._shift = slot.top + 1 - sequence
        self._first = (slot.top + 1) & 0xFFFF
        self._lag = slot.timestamp + passed - timestamp
        self.stream = stream
        stream.legs.append(self)
        self.tell_time(now)

    def carry(self, sequence: int, timestamp: int, marker: bool, payload: bytes, now: float) -> None:
        """Sends one packet on, as the next of the slot's line."""
        number = (sequence + self._shift) & 0xFFFF
        if (number - self._first) & 0xFFFF >= HALF:
            return  # older than this leg
        moment = (timestamp + self._lag) & 0xFFFFFFFF
        second = self._second | 0x80 if marker else self._second
        if not self._connection.send(second, number, moment, self._ssrc, payload):
            return
        slot = self.slot
        self.packets += 1
        slot.packets += 1
        slot.octets += len(payload)
        if 0 < (number - slot.top) & 0xFFFF < HALF:
            slot.top, slot.timestamp, slot.time = number, moment, now
            self.last = number
            self._first = self._first if (number - self._first) & 0xFFFF < HALF // 2 else (number - HALF // 4) & 0xFFFF

    def repair(self, lost: tuple[int, ...]) -> None:
        """Sends again what the listener misses, as far as it is kept and was carried by this leg from this stream."""
        stream = self.stream
        if stream is None:
            return
        for number in lost:
            if (number - self._first) & 0xFFFF >= HALF or (self.slot.top - number) & 0xFFFF >= HALF:
                continue
            kept = stream.kept((number - self._shift) & 0xFFFF)
            if kept is not None:
                _, timestamp, marker, payload = kept
                second = self._second | 0x80 if marker else self._second
                moment = (timestamp + self._lag) & 0xFFFFFFFF
                self.repairs += self._connection.send(second, number, moment, self._ssrc, payload)

    def tell_time(self, now: float) -> None:
        """Sends the sender report that lets the listener join this voice to these lips."""
        stream, slot = self.stream, self.slot
        if stream is None or stream.report is None or not self._connection.ready:
            return
        reported, timestamp = stream.report
        wall = time.time()
        moment = timestamp + self._lag + round((wall - reported) * slot.clock)
        ntp = rtp.ntp_time(wall)
        slot.told = (ntp >> 16 & 0xFFFFFFFF, now)
        name = b"slot%d" % slot.index
        self._connection.send_report(rtp.sender_report(slot.ssrc, ntp, moment, slot.packets, slot.octets, name))

    def end(self) -> None:
        """No packet of this leg leaves after this call."""
        self.stay()
        if self.stream is not None:
            self._leave(self.stream)
        if self.slot.leg is self:
            self.slot.leg = None
