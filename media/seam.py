"""The seam to aiortc 1.16.0, the only file that touches its private parts: aiortc does SDP, ICE and DTLS; RTP is ours.

Neither its receivers nor its senders are ever started: no jitter buffer, no decoder thread, no timer, no goodbye at the
end. What arrives on the socket is looked at once: RTP and RTCP are decrypted with the keys of aiortc's DTLS transport
and handed on in the same tick, all else goes to aioice as always. What is sent goes to the socket at once or not at
all: asyncio's `sendto` may keep a packet, which would then leave after a cut.
"""

import asyncio
import logging
import os
import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from aioice.ice import StunProtocol
from aioice.stun import TransactionError
from aiortc import (
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
    rtcrtpreceiver,
)
from aiortc.sdp import SessionDescription, candidate_from_sdp
from pylibsrtp._binding import ffi, lib

from media import limits, rtp, sdp_text

VERSIONS = {"aiortc": "1.16.0", "aioice": "0.13.0", "pylibsrtp": "1.0.0"}
"""What this file was written against; a test compares them with what is installed."""

AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
CODECS = {"audio": "audio/opus", "video": "video/VP8"}
SEND_BUFFER = 1 << 20
CONSENT_SECONDS, CONSENT_FAILURES = 5.0, 4

logger = logging.getLogger(__name__)


class _NoEstimator:
    """In place of aiortc's estimator of bit rates, which builds a thousand buckets for each line and is not run."""


rtcrtpreceiver.RemoteBitrateEstimator = _NoEstimator  # pyright: ignore


@dataclass(frozen=True, slots=True)
class Reach:
    """How the engine is reached: whether private candidates are taken, and the address a router maps to us."""

    private_candidates: bool = False
    public_address: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One negotiated media line: `ssrc` is ours, `theirs` what the offer names, `extensions` by URI."""

    kind: str
    mid: str
    payload_type: int
    ssrc: int
    theirs: tuple[int, ...] = ()
    extensions: dict[str, int] = field(default_factory=dict)
    nacks: bool = False


class Connection:
    """One connection to one peer. `receive(packet, now)` and `report(packet, now)` are given plain RTP and RTCP."""

    def __init__(
        self,
        reach: Reach,
        receive: Callable[[bytes, float], None] | None,
        report: Callable[[bytes, float], None],
        changed: Callable[[str], None],
    ) -> None:
        self._reach = reach
        self._receive = receive
        self._report = report
        self._changed = changed
        self._clock = asyncio.get_running_loop().time
        config = RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE)
        self._pc = RTCPeerConnection(config)
        self._pc.on("connectionstatechange", self._state_changed)
        self._candidates = 0
        self._socket: socket.socket | None = None
        self._address: tuple[str, int] = ("", 0)
        self._cdata = ffi.new("char[]", limits.PACKET_BYTES + 200)
        self._buffer = memoryview(ffi.buffer(self._cdata))
        self._size = ffi.new("int *")
        self._outbound = ffi.NULL
        self._inbound = ffi.NULL
        self._deadline: asyncio.TimerHandle | None = None
        self._over = self._heard = False
        self.lines: list[Line] = []
        self.ready = False
        self.dropped = 0
        self.failures = 0

    # -- negotiation

    async def answer(self, offer: str, direction: str) -> str:
        """The answer to an offer, with all our candidates; ValueError for an offer that cannot be answered."""
        kinds = sdp_text.kinds(offer)
        bare, candidates = sdp_text.parted(offer)
        for kind in kinds:
            self._add_line(kind, direction)
        try:
            parsed = SessionDescription.parse(bare)
            await self._pc.setRemoteDescription(RTCSessionDescription(sdp=bare, type="offer"))
            for candidate in candidates:
                await self.add_candidate(candidate)
            await self._pc.setLocalDescription(await self._pc.createAnswer())
        except Exception as error:  # whatever aiortc's parser meets in a stranger's text
            raise ValueError(f"{type(error).__name__}: {error}") from error
        ours = self._pc.getTransceivers()
        self.lines = [self._line(media, own) for media, own in zip(parsed.media, ours, strict=True)]
        self._ice.query_consent = self._keep_consent
        for protocol in self._ice._protocols:
            self._tap(protocol)
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(limits.CONNECT_SECONDS, self._give_up)
        return sdp_text.completed(self._pc.localDescription.sdp, bare, self._reach.public_address)

    def _add_line(self, kind: str, direction: str) -> None:
        transceiver = self._pc.addTransceiver(kind, direction)
        codecs = RTCRtpSender.getCapabilities(kind).codecs
        transceiver.setCodecPreferences([codec for codec in codecs if codec.mimeType == CODECS[kind]])
        transceiver.sender.send = transceiver.receiver.receive = _register_only  # pyright: ignore

    def _line(self, media, transceiver) -> Line:
        codec = transceiver._codecs[0]
        extensions = {extension.uri: extension.id for extension in transceiver._headerExtensions}
        theirs = tuple(source.ssrc for source in media.ssrc)
        offered = [own for own in media.rtp.codecs if own.payloadType == codec.payloadType]
        nacks = any(feedback.type == "nack" for own in offered for feedback in own.rtcpFeedback)
        ssrc = transceiver.sender._ssrc
        return Line(media.kind, transceiver.mid, codec.payloadType, ssrc, theirs, extensions, nacks)

    async def add_candidate(self, text: str) -> None:
        """Takes one candidate line (`candidate:…`); those beyond the limit, of TCP or of barred addresses are left out.

        ValueError for what is no candidate.
        """
        try:
            candidate = candidate_from_sdp(text.removeprefix("a=").removeprefix("candidate:"))
        except (AssertionError, ValueError, IndexError) as error:
            raise ValueError("no ICE candidate") from error
        fits = candidate.protocol.lower() == "udp" and candidate.component == 1
        if not fits or not sdp_text.usable(candidate.ip, self._reach.private_candidates):
            return
        self._candidates += 1
        if self._candidates <= limits.CANDIDATES:
            await self._transport.transport.addRemoteCandidate(candidate)

    @property
    def _transport(self):
        return self._pc.getTransceivers()[0].receiver.transport

    @property
    def _ice(self):
        return self._transport.transport._connection

    async def _keep_consent(self) -> None:
        """In place of aioice's, which gives every check half a second and so loses whoever is further away (RFC 7675).

        Checks are repeated, and one that fails counts only when nothing else came from the peer since the last one.
        """
        ice, failures = self._ice, 0
        while failures < CONSENT_FAILURES:
            self._heard = False
            await asyncio.sleep(CONSENT_SECONDS * random.uniform(0.8, 1.2))
            for pair in list(ice._nominated.values()):
                request = ice.build_request(pair, nominate=False)
                key = (ice.remote_password or "").encode()
                try:
                    await pair.protocol.request(request, pair.remote_addr, integrity_key=key, retransmissions=2)
                    failures = 0
                except TransactionError:
                    failures = 0 if self._heard else failures + 1
        ice._query_consent_task = None
        await ice.close()

    def _give_up(self) -> None:
        if not self.ready:
            self._end()

    def _state_changed(self) -> None:
        state = self._pc.connectionState
        if state == "connected" and not self._over:
            self._open()
        elif state in ("failed", "closed"):
            self._end()

    def _open(self) -> None:
        pair = self._ice._nominated[1]
        self._address = pair.remote_addr
        own = pair.protocol.transport.get_extra_info("socket")
        self._socket = socket.socket(fileno=os.dup(own.fileno()))
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._outbound = self._transport._tx_srtp._srtp[0]
        self._inbound = self._transport._rx_srtp._srtp[0]
        self.ready = True
        self._changed("connected")

    def _end(self) -> None:
        if self._over:
            return
        self.shut()
        self._changed("disconnected")

    def shut(self) -> None:
        """Nothing is sent or taken from here on."""
        self._over, self.ready = True, False
        if self._deadline is not None:
            self._deadline.cancel()
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    async def close(self) -> None:
        """Ends the connection; the other side is told by DTLS."""
        self.shut()
        await self._pc.close()

    # -- packets in

    def _tap(self, protocol: StunProtocol) -> None:
        """Takes RTP and RTCP off the socket before aioice looks at them."""
        onward = protocol.datagram_received

        def datagram_received(data: bytes, address: tuple) -> None:
            if not data or not 127 < data[0] < 192:
                onward(data, address)
            elif self.ready:
                self._take(data)

        protocol.datagram_received = datagram_received  # pyright: ignore

    def _take(self, data: bytes) -> None:
        """One SRTP or SRTCP packet. No error of what follows may reach the socket's reader, which would stop."""
        size = len(data)
        if size > limits.PACKET_BYTES or size < 12:
            return
        self._buffer[:size] = data
        self._size[0] = size
        control = 191 < data[1] < 224
        opened = lib.srtp_unprotect_rtcp if control else lib.srtp_unprotect
        if opened(self._inbound, self._cdata, self._size):
            self.failures += 1
            return
        packet = bytes(self._buffer[: self._size[0]])
        self._heard = True
        try:
            if control:
                self._report(packet, self._clock())
            elif self._receive is not None:
                self._receive(packet, self._clock())
        except Exception:
            self.failures += 1
            if self.failures < 10 or self.failures % 1000 == 0:
                logger.exception("a packet could not be forwarded")

    # -- packets out

    def send(self, second: int, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> bool:
        """Sends one RTP packet now, or drops it: False then. `second` is the marker bit and the payload type."""
        buffer = self._buffer
        rtp.HEADER.pack_into(buffer, 0, 0x80, second, sequence, timestamp, ssrc)
        size = 12 + len(payload)
        buffer[12:size] = payload
        self._size[0] = size
        if lib.srtp_protect(self._outbound, self._cdata, self._size) or self._socket is None:
            self.dropped += 1
            return False
        try:
            self._socket.sendto(buffer[: self._size[0]], self._address)
        except OSError:  # would block, or the network is gone
            self.dropped += 1
            return False
        return True

    def send_report(self, packet: bytes) -> None:
        """Sends one compound RTCP packet now, or drops it."""
        if self._socket is None:
            return
        self._buffer[: len(packet)] = packet
        self._size[0] = len(packet)
        if lib.srtp_protect_rtcp(self._outbound, self._cdata, self._size):
            return
        try:
            self._socket.sendto(self._buffer[: self._size[0]], self._address)
        except OSError:
            self.dropped += 1


async def _register_only(_: object) -> None:
    """Stands for `send` and `receive` of aiortc: nothing runs, the line is negotiated and that is all."""
