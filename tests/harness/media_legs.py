"""One person's two connections to a media room, as load: prepared packets go out, headers and payloads come in.

aiortc makes the connection (ICE, DTLS, SRTP); its encoders, decoders, jitter buffers and RTCP tasks are left aside, so
that dozens of legs fit into one process. RTP headers are not encrypted: what arrives is counted without decryption, and
decrypted only on a leg that keeps payloads.
"""

import asyncio
import contextlib
import fcntl
import socket
import struct
import termios
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
)
from aiortc.rtp import RtcpPacket, RtcpSrPacket

from tests.harness.waiting import LIMIT, until

SO_RCVBUFFORCE = 33  # Linux: for who may administer the network
BUFFER = 4 << 20
REPORT = 1.0  # seconds between RTCP reports
MEDIA, RTCP = range(128, 192), range(192, 224)


def ntp(now: float) -> int:
    """Unix seconds as a 64-bit NTP time."""
    return int((now + 2_208_988_800) * (1 << 32))


class Connection:
    """A peer connection with the private parts that load needs laid open: its SRTP, and the datagrams as they come."""

    def __init__(self, ice: Iterable[Mapping[str, Any]] = ()) -> None:
        servers = [RTCIceServer(**each) for each in ice]
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers, bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._reporting: asyncio.TimerHandle | None = None
        self.connected_at = 0.0

    @property
    def dtls(self) -> Any:
        return self.pc.getTransceivers()[0].receiver.transport

    async def offer(self) -> str:
        """The SDP to be answered; gathering is over."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        self._listen()
        return self.pc.localDescription.sdp

    async def answered(self, sdp: str) -> None:
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def connected(self, limit: float = LIMIT) -> None:
        """ICE and DTLS are through."""
        await until(lambda: self.is_connected or self.pc.connectionState in ("failed", "closed"), "a connection", limit)
        assert self.is_connected, self.pc.connectionState
        self.connected_at = time.monotonic()
        self._report()

    @property
    def is_connected(self) -> bool:
        return self.dtls.state == "connected"

    def _listen(self) -> None:
        """Datagrams of media pass by aiortc: counted in the call that read them."""
        for protocol in self.dtls.transport._connection._protocols:
            _widen(protocol.transport.get_extra_info("socket"))
            protocol.datagram_received = self._route(protocol.datagram_received)

    def _route(self, before: Callable[[bytes, Any], None]) -> Callable[[bytes, Any], None]:
        def received(packet: bytes, address: Any) -> None:
            if len(packet) > 11 and packet[0] in MEDIA and packet[1] not in RTCP:
                self.media(packet)
            else:
                before(packet, address)

        return received

    def media(self, packet: bytes) -> None:
        """One encrypted RTP packet."""

    def write(self, packet: bytes) -> bool:
        """Encrypts and sends an RTP or RTCP packet at once; False while there is no connection."""
        dtls = self.dtls
        if not self.is_connected:
            return False
        is_rtcp = packet[1] in RTCP
        sealed = dtls._tx_srtp.protect_rtcp(packet) if is_rtcp else dtls._tx_srtp.protect(packet)
        pair = dtls.transport._connection._nominated.get(1)
        if pair is None or pair.protocol.transport.is_closing():
            return False
        pair.protocol.transport.sendto(sealed, pair.remote_addr)
        return True

    def _report(self) -> None:
        report = self.report()
        if report:
            self.write(report)
        self._reporting = asyncio.get_running_loop().call_later(REPORT, self._report)

    def report(self) -> bytes:
        """RTCP to send now, empty for none."""
        return b""

    async def drained(self) -> None:
        """Everything that lay in this connection's sockets has been read."""
        sockets = [each.transport.get_extra_info("socket") for each in self.dtls.transport._connection._protocols]
        while any(_waiting(each.fileno()) for each in sockets):
            await asyncio.sleep(0)

    async def close(self) -> None:
        if self._reporting is not None:
            self._reporting.cancel()
        await self.pc.close()


def _widen(own: socket.socket) -> None:
    """A receive buffer that holds the bursts of many senders; beyond the system's limit where this process may."""
    for option in (socket.SO_RCVBUF, SO_RCVBUFFORCE):
        with contextlib.suppress(PermissionError):
            own.setsockopt(socket.SOL_SOCKET, option, BUFFER)


def _waiting(descriptor: int) -> int:
    """Octets of the next datagram in a socket's buffer."""
    if descriptor < 0:
        return 0
    return struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0\0\0\0"))[0]


async def _nothing(*_: object) -> None:
    """Takes the place of what aiortc would start or stop."""


def quieten(connection: Connection) -> None:
    """aiortc starts no decoder thread and no RTCP task for what is received."""
    for transceiver in connection.pc.getTransceivers():
        transceiver.receiver.receive = _nothing  # type: ignore[method-assign]
        transceiver.receiver.stop = _nothing  # type: ignore[method-assign]


@dataclass(slots=True)
class Stream:
    """What has arrived of one SSRC. Sequence numbers are extended to 32 bits from the first one on."""

    ssrc: int
    kind: str
    slot: int
    keeps: bool
    first: int = -1
    highest: int = -1
    count: int = 0
    again: int = 0  # packets with a sequence number that was not above the highest: repaired or repeated
    octets: int = 0
    began: float = 0.0
    last_at: float = 0.0
    timestamp: int = 0
    reported: tuple[int, int] = (0, 0)
    sender_report: tuple[int, float] = (0, 0.0)
    payloads: list[tuple[int, int, bytes]] = field(default_factory=list)  # extended sequence number, timestamp, payload

    def take(self, packet: bytes) -> int:
        """-> the extended sequence number."""
        sequence = packet[2] << 8 | packet[3]
        self.last_at = time.monotonic()
        self.count += 1
        self.octets += len(packet)
        if self.first < 0:
            self.first = self.highest = sequence
            self.began = self.last_at
        else:
            ahead = (sequence - self.highest) & 0xFFFF
            if 0 < ahead < 0x8000:
                self.highest += ahead
            else:
                self.again += 1
                return self.highest - ((self.highest - sequence) & 0xFFFF)
        self.timestamp = int.from_bytes(packet[4:8], "big")
        return self.highest

    @property
    def expected(self) -> int:
        return self.highest - self.first + 1 if self.first >= 0 else 0

    @property
    def lost(self) -> int:
        return max(0, self.expected - self.count)

    def info(self) -> bytes:
        """Its block in a receiver report (RFC 3550 6.4)."""
        expected, received = self.expected - self.reported[0], self.count - self.reported[1]
        self.reported = (self.expected, self.count)
        fraction = min(255, max(0, (expected - received) * 256 // expected)) if expected > 0 else 0
        middle, at = self.sender_report
        delay = int((time.monotonic() - at) * 65_536) & 0xFFFFFFFF if at else 0
        lost = struct.pack("!L", self.lost & 0xFFFFFF)[1:]
        return struct.pack("!LB", self.ssrc, fraction) + lost + struct.pack("!LLLL", self.highest, 0, middle, delay)


def payload_of(packet: bytes) -> bytes:
    """What follows the header, its sources and its extension (RFC 3550 5.1)."""
    at = 12 + 4 * (packet[0] & 15)
    if packet[0] & 0x10:
        at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    return packet[at:end]


def sources(sdp: str) -> list[tuple[str, int, int]]:
    """(kind, SSRC, slot within its kind) of a description that sends; a retransmission's SSRC has its stream's slot."""
    found: list[tuple[str, int, int]] = []
    counts = {"audio": 0, "video": 0}
    for section in sdp.replace("\r", "").split("\nm=")[1:]:
        kind = section.partition(" ")[0]
        if kind not in counts:
            continue
        ssrcs = {int(line[7:].split()[0]) for line in section.split("\n") if line.startswith("a=ssrc:")}
        found += [(kind, ssrc, counts[kind]) for ssrc in sorted(ssrcs)]
        counts[kind] += 1
    return found


class SubscribeLeg(Connection):
    """Receives: `streams` by SSRC. `keeps` names the kinds whose payloads are decrypted and kept ("audio", "video")."""

    KEPT = 3_000  # payloads of a stream

    def __init__(
        self, audio: int, video: int, keeps: Iterable[str] = (), ice: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(ice)
        self.keeps = frozenset(keeps)
        self.streams: dict[int, Stream] = {}
        self.on_packet: Callable[[Stream, int], None] | None = None
        self.strays = 0
        self.total = 0
        for kind, count in (("audio", audio), ("video", video)):
            for _ in range(count):
                self.pc.addTransceiver(kind, direction="recvonly")
        quieten(self)

    async def answered(self, sdp: str) -> None:
        self._know(sdp)
        await super().answered(sdp)

    async def answer(self, sdp: str) -> str:
        """The answer to a server that offers; the leg was made with no slots of its own."""
        self._know(sdp)
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        quieten(self)
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        self._listen()
        return self.pc.localDescription.sdp

    def _know(self, sdp: str) -> None:
        for kind, ssrc, slot in sources(sdp):
            self.streams.setdefault(ssrc, Stream(ssrc, kind, slot, kind in self.keeps))

    def media(self, packet: bytes) -> None:
        self.total += 1
        stream = self.streams.get(int.from_bytes(packet[8:12], "big"))
        if stream is None:
            self.strays += 1
            return
        before = stream.again
        sequence = stream.take(packet)
        if stream.keeps and stream.again == before and self.is_connected:  # SRTP opens nothing twice
            plain = self.dtls._rx_srtp.unprotect(packet)
            stream.payloads.append((sequence, stream.timestamp, payload_of(plain)))
            if len(stream.payloads) > self.KEPT:
                del stream.payloads[: self.KEPT // 2]
        if self.on_packet is not None:
            self.on_packet(stream, sequence)

    def of(self, kind: str, slot: int) -> list[Stream]:
        return [each for each in self.streams.values() if (each.kind, each.slot) == (kind, slot)]

    def count(self, kind: str) -> int:
        return sum(each.count for each in self.streams.values() if each.kind == kind)

    @property
    def lost(self) -> int:
        return sum(each.lost for each in self.streams.values())

    def report(self) -> bytes:
        """A receiver report over the streams that have come, at most 31."""
        blocks = [each.info() for each in self.streams.values() if each.count][:31]
        body = struct.pack("!L", self._own_ssrc()) + b"".join(blocks)
        return struct.pack("!BBH", 0x80 | len(blocks), 201, len(body) // 4) + body if blocks else b""

    def _own_ssrc(self) -> int:
        return self.pc.getTransceivers()[0].sender._ssrc

    def ask_again(self, ssrc: int, lost: Iterable[int]) -> None:
        """A NACK (RFC 4585 6.2.1) for these sequence numbers, one entry each."""
        entries = b"".join(struct.pack("!HH", number & 0xFFFF, 0) for number in lost)
        body = struct.pack("!LL", self._own_ssrc(), ssrc) + entries
        self.write(struct.pack("!BBH", 0x81, 205, len(body) // 4) + body)

    def ask_key_frame(self, ssrc: int) -> None:
        """A picture loss indication (RFC 4585 6.3.1)."""
        self.write(struct.pack("!BBHLL", 0x81, 206, 2, self._own_ssrc(), ssrc))

    def note_sender_report(self, packet: bytes) -> None:
        """For round trips: whom the report is about, and when it came."""
        for each in RtcpPacket.parse(packet):
            if isinstance(each, RtcpSrPacket) and (stream := self.streams.get(each.ssrc)) is not None:
                middle = each.sender_info.ntp_timestamp >> 16 & 0xFFFFFFFF
                stream.sender_report = (middle, time.monotonic())

    def _route(self, before: Callable[[bytes, Any], None]) -> Callable[[bytes, Any], None]:
        inner = super()._route(before)

        def received(packet: bytes, address: Any) -> None:
            if len(packet) > 11 and packet[0] in MEDIA and packet[1] in RTCP and self.is_connected:
                self.note_sender_report(self.dtls._rx_srtp.unprotect_rtcp(packet))
            else:
                inner(packet, address)

        return received
