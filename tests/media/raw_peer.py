"""A peer that negotiates with aiortc and then sends and reads single RTP and RTCP packets over real SRTP."""

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

from aiortc import RTCBundlePolicy, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from media import rtp
from tests.media.engine_link import PATIENCE, EngineLink

KEYFRAME = b"\x10\x00\x00\x9d\x01\x2a" + b"k" * 90
DELTA = b"\x10\x01" + b"d" * 90
SOUND = b"\xfc" + b"s" * 60
CLOCK = {"audio": 960, "large": 3000, "small": 3000}


@dataclass(frozen=True, slots=True)
class Packet:
    ssrc: int
    sequence: int
    timestamp: int
    marker: bool
    payload: bytes


async def _nothing(_: object) -> None:
    """Stands for aiortc's own sending and receiving: these peers do it packet by packet."""


class Side:
    """One connection: `packets` are what arrived, `reports` what was reported, both in order.

    `wire` holds (SSRC, sequence number) of every SRTP packet on the socket, those too that SRTP refuses as seen before:
    repairs of what was not lost.
    """

    def __init__(self, kinds: list[str], direction: str) -> None:
        config = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self.pc = RTCPeerConnection(config)
        self.direction = direction
        self.packets: list[Packet] = []
        self.reports: list[Any] = []
        self.wire: list[tuple[int, int]] = []
        self._came = asyncio.Event()
        for kind in kinds:
            transceiver = self.pc.addTransceiver(kind, direction)
            transceiver.sender.send = transceiver.receiver.receive = _nothing

    async def connect(self, link: EngineLink, room: str, peer: str, edit: Any = lambda sdp: sdp) -> str:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        transport = self.pc.getTransceivers()[0].sender.transport
        transport._handle_rtp_data = self._take
        transport._handle_rtcp_data = self._note
        transport.transport._recv = self._wiretap(transport.transport._recv)
        leg = "publish" if self.direction == "sendonly" else "subscribe"
        answer = await link.ask("offer", room=room, peer=peer, leg=leg, sdp=edit(self.pc.localDescription.sdp))
        assert "sdp" in answer, answer
        await self.pc.setRemoteDescription(RTCSessionDescription(answer["sdp"], "answer"))
        await self.until(lambda: self.pc.connectionState == "connected")
        return answer["sdp"]

    def _wiretap(self, receive: Any) -> Any:
        async def tapped() -> bytes:
            data = await receive()
            if 127 < data[0] < 192 and not 191 < data[1] < 224:
                _, _, sequence, _, ssrc = rtp.HEADER.unpack_from(data)
                self.wire.append((ssrc, sequence))
                self._came.set()
            return data

        return tapped

    async def _take(self, data: bytes, arrival_time_ms: int) -> None:
        _, second, sequence, timestamp, ssrc = rtp.HEADER.unpack_from(data)
        self.packets.append(Packet(ssrc, sequence, timestamp, second > 127, rtp.payload_of(data)))
        self._came.set()

    async def _note(self, data: bytes) -> None:
        self.reports.extend(rtp.reports(data))
        self._came.set()

    async def until(self, holds: Any) -> None:
        """Waits until this holds of what has come."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._came.clear()
                try:
                    await asyncio.wait_for(self._came.wait(), 0.05)
                except TimeoutError:
                    continue

    async def send_report(self, data: bytes) -> None:
        await self.pc.getTransceivers()[0].sender.transport._send_rtp(data)

    async def close(self) -> None:
        await self.pc.close()


class RawPeer:
    """One person in one room, publishing sound, a large and a small picture, and listening in some slots."""

    def __init__(self, link: EngineLink, room: str, person: str, name: str = "") -> None:
        self.link, self.room, self.person, self.name = link, room, person, name or f"peer-{person}"
        self.publishing: Side | None = None
        self.listening: Side | None = None
        self._sequences = {layer: itertools.count(30_000 + 100 * at) for at, layer in enumerate(CLOCK)}
        self._timestamps = {layer: itertools.count(5_000_000, step) for layer, step in CLOCK.items()}

    async def join(self, publish: bool = True, listen: int = 4) -> "RawPeer":
        await self.link.ask("join", room=self.room, peer=self.name, person=self.person)
        if publish:
            await self.publish()
        if listen:
            await self.listen(listen)
        return self

    async def publish(self) -> None:
        self.publishing = Side(["audio", "video", "video"], "sendonly")
        await self.publishing.connect(self.link, self.room, self.name)
        await self.link.notice("connected", peer=self.name, leg="publish")

    async def listen(self, slots: int = 4) -> None:
        self.listening = Side(["audio"] * slots + ["video"] * slots, "recvonly")
        answer = await self.listening.connect(self.link, self.room, self.name)
        await self.link.notice("connected", peer=self.name, leg="subscribe")
        parts = [part for part in answer.split("m=")[1:]]
        found = [(part[:5], int(part.split("a=ssrc:")[1].split()[0])) for part in parts]
        self.slots = {kind: [ssrc for own, ssrc in found if own == kind] for kind in ("audio", "video")}

    def ssrc(self, layer: str) -> int:
        return self.publishing.pc.getTransceivers()[list(CLOCK).index(layer)].sender._ssrc

    async def send(self, layer: str, payload: bytes, marker: bool = True, sequence: int | None = None) -> int:
        """Sends one packet; its sequence number."""
        transceiver = self.publishing.pc.getTransceivers()[list(CLOCK).index(layer)]
        number = next(self._sequences[layer]) if sequence is None else sequence
        second = transceiver._codecs[0].payloadType | (0x80 if marker else 0)
        timestamp = next(self._timestamps[layer])
        header = rtp.HEADER.pack(0x80, second, number & 0xFFFF, timestamp, transceiver.sender._ssrc)
        await transceiver.sender.transport._send_rtp(header + payload)
        return number & 0xFFFF

    def heard(self, kind: str, slot: int = 0) -> list[Packet]:
        """What came in this slot."""
        return [packet for packet in self.listening.packets if packet.ssrc == self.slots[kind][slot]]

    async def hears(self, kind: str, slot: int, payload: bytes) -> None:
        await self.listening.until(lambda: any(packet.payload == payload for packet in self.heard(kind, slot)))

    async def close(self) -> None:
        for side in (self.publishing, self.listening):
            if side is not None:
                await side.close()
