"""The publishing leg of a load peer: a tone and a clip, encoded before, sent by a timer as RTP packets."""

import asyncio
import random
import struct
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiortc.rtp import (
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RTCP_RTPFB_NACK,
    RtcpPsfbPacket,
    RtcpRtpfbPacket,
)

from tests.harness import clip, tones
from tests.harness.media_legs import Connection, _nothing, ntp, quieten

TICK = 0.02  # seconds: one Opus packet; a picture every second tick
HISTORY = 256  # packets that can be sent again
LEVEL = 30  # -dBov told in the audio level extension (RFC 6464)
LEVEL_URI, MID_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level", "urn:ietf:params:rtp-hdrext:sdes:mid"


@dataclass(slots=True)
class Track:
    """One RTP stream that goes out."""

    name: str  # audio, large, small
    ssrc: int
    payload_type: int
    extension: bytes
    sequence: int = field(default_factory=lambda: random.randrange(0x8000))
    timestamp: int = field(default_factory=lambda: random.randrange(1 << 32))
    sent: int = 0
    octets: int = 0
    number: int = 0  # of the tone's packet or the clip's frame
    picture: int = field(default_factory=lambda: random.randrange(0x8000))
    asked_keys: int = 0
    asked_again: int = 0
    history: "OrderedDict[int, bytes]" = field(default_factory=OrderedDict)

    def packet(self, payload: bytes, marker: bool) -> bytes:
        """The next packet."""
        kind = self.payload_type | (0x80 if marker else 0)
        head = struct.pack("!BBHLL", 0x90, kind, self.sequence, self.timestamp & 0xFFFFFFFF, self.ssrc)
        whole = head + self.extension + payload
        self.history[self.sequence] = whole
        if len(self.history) > HISTORY:
            self.history.popitem(last=False)
        self.sequence = (self.sequence + 1) & 0xFFFF
        self.sent += 1
        self.octets += len(payload)
        return whole


def _extension(parameters: Any, is_audio: bool) -> bytes:
    """The one-byte header extensions (RFC 8285) that were agreed on: MID, and for audio the level."""
    body = b""
    for each in parameters.headerExtensions:
        if each.uri == MID_URI and parameters.muxId:
            mid = parameters.muxId.encode()
            body += bytes((each.id << 4 | len(mid) - 1,)) + mid
        elif each.uri == LEVEL_URI and is_audio:
            body += bytes((each.id << 4, LEVEL))
    body += bytes(-len(body) % 4)
    return struct.pack("!HH", 0xBEDE, len(body) // 4) + body


def prepare(frequency: int) -> None:
    """Encodes what a leg of this frequency sends, once: seconds on a busy machine, in which no socket is answered."""
    tones.tone(frequency)
    for form in (clip.LARGE, clip.SMALL):
        clip.clip(*form)


class PublishLeg(Connection):
    """Sends a tone, a large and (unless told not to) a small picture, as long as their names are in `sending`."""

    def __init__(self, frequency: int, *, small: bool = True, ice: Iterable[Mapping[str, Any]] = ()) -> None:
        super().__init__(ice)
        self.tone = tones.tone(frequency)
        self.frequency = frequency
        self.clips = {"large": clip.clip(*clip.LARGE), "small": clip.clip(*clip.SMALL)}
        self.names = ["audio", "large", "small"] if small else ["audio", "large"]
        self.sending = set(self.names)
        self.tracks: dict[str, Track] = {}
        self._ticking: asyncio.TimerHandle | None = None
        self._ticks = 0
        self._start = 0.0
        for name in self.names:
            transceiver = self.pc.addTransceiver("audio" if name == "audio" else "video", direction="sendonly")
            self._lay_open(transceiver.sender, name)
        quieten(self)

    def _lay_open(self, sender: Any, name: str) -> None:
        """The sender only registers; its encoder and timers are never started."""

        async def send(parameters: Any) -> None:
            if name not in self.tracks:
                sender.transport._register_rtp_sender(sender, parameters)
                extension = _extension(parameters, name == "audio")
                self.tracks[name] = Track(name, sender._ssrc, parameters.codecs[0].payloadType, extension)

        async def handle(packet: Any) -> None:
            self._feedback(self.tracks[name], packet)

        sender.send, sender.stop, sender._handle_rtcp_packet = send, _nothing, handle

    def _feedback(self, track: Track, packet: Any) -> None:
        if isinstance(packet, RtcpRtpfbPacket) and packet.fmt == RTCP_RTPFB_NACK:
            for number in packet.lost:
                track.asked_again += 1
                if (whole := track.history.get(number)) is not None:
                    self.write(whole)
        elif isinstance(packet, RtcpPsfbPacket) and packet.fmt in (RTCP_PSFB_FIR, RTCP_PSFB_PLI):
            track.asked_keys += 1
            track.number = 0

    def start(self, phase: float = 0.0) -> None:
        """Begins to send, `phase` seconds from now; the connection stands."""
        loop = asyncio.get_running_loop()
        self._start = loop.time() + phase
        self._ticking = loop.call_at(self._start, self._tick)

    async def connected(self, limit: float = 30.0) -> None:
        await super().connected(limit)
        while len(self.tracks) < len(self.names):
            await asyncio.sleep(0.005)

    def pause(self) -> None:
        """Sends nothing more until `start`."""
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._send_due()
            self._ticks += 1
            due = self._start + self._ticks * TICK
            if due > loop.time():
                break
        self._ticking = loop.call_at(due, self._tick)

    def _send_due(self) -> None:
        audio = self.tracks["audio"]
        audio.timestamp += tones.FRAME
        if "audio" in self.sending:
            self.write(audio.packet(self.tone[audio.number % tones.LOOP], False))
            audio.number += 1
        if self._ticks % 2:
            return
        for name in self.names[1:]:
            track = self.tracks[name]
            track.timestamp += clip.RATE // clip.FRAMES_A_SECOND
            if name in self.sending:
                self._send_picture(track)

    def _send_picture(self, track: Track) -> None:
        pieces = self.clips[track.name][track.number % clip.FRAMES]
        for index, piece in enumerate(pieces):
            payload = clip.described(piece, index == 0, track.picture)
            self.write(track.packet(payload, index == len(pieces) - 1))
        track.number += 1
        track.picture = (track.picture + 1) & 0x7FFF

    @property
    def sent(self) -> dict[str, int]:
        """Packets by track."""
        return {name: track.sent for name, track in self.tracks.items()}

    def report(self) -> bytes:
        """A sender report (RFC 3550 6.4.1) for each stream that has begun."""
        now = ntp(time.time())
        parts = [
            struct.pack("!BBH", 0x80, 200, 6)
            + struct.pack("!LQLLL", t.ssrc, now, t.timestamp & 0xFFFFFFFF, t.sent, t.octets & 0xFFFFFFFF)
            for t in self.tracks.values()
            if t.sent
        ]
        return b"".join(parts)

    async def close(self) -> None:
        self.pause()
        await super().close()
