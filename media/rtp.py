"""RTP and RTCP as bytes (RFC 3550, 4585, 7741, 8285): read and made; keeps no state."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEADER = struct.Struct("!BBHII")
EXTENSION = struct.Struct("!HH")
NTP_EPOCH = 2_208_988_800
SENDER_REPORT, RECEIVER_REPORT, SOURCE_DESCRIPTION, BYE, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = (
    200,
    201,
    202,
    203,
    205,
    206,
)


@dataclass(frozen=True, slots=True)
class SenderReport:
    """What a sender says of one stream: `ntp` is a 64-bit NTP time, `timestamp` the RTP time of the same moment."""

    ssrc: int
    ntp: int
    timestamp: int


@dataclass(frozen=True, slots=True)
class ReceiverBlock:
    """What a receiver says of one stream: `fraction` of 256 lost since its last report, `jitter` in RTP clock units."""

    ssrc: int
    fraction: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers of one stream that a receiver misses (RFC 4585, 6.2.1)."""

    ssrc: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyframeWanted:
    """A receiver asks for a key frame of one stream: PLI or FIR (RFC 4585, 5104)."""

    ssrc: int


Report = SenderReport | ReceiverBlock | Nack | KeyframeWanted


def split(packet: bytes) -> tuple[int, int, bytes, bytes]:
    """(extension profile, end of the header, extension bytes, payload without padding) of a plain RTP packet.

    Raises ValueError for what is no RTP packet.
    """
    if len(packet) < HEADER.size:
        raise ValueError("RTP packet shorter than its header")
    first = packet[0]
    at = HEADER.size + 4 * (first & 0x0F)
    profile, extension = 0, b""
    if first & 0x10:
        if len(packet) < at + 4:
            raise ValueError("RTP extension cut off")
        profile, words = EXTENSION.unpack_from(packet, at)
        extension = packet[at + 4 : at + 4 + 4 * words]
        at += 4 + 4 * words
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    if end < at:
        raise ValueError("RTP padding longer than the packet")
    return profile, at, extension, packet[at:end]


def payload_of(packet: bytes) -> bytes:
    """The payload of a plain RTP packet, without extensions and padding; ValueError for what is no RTP packet."""
    if packet[0] & 0x3F == 0 and len(packet) >= HEADER.size:
        return packet[HEADER.size :]
    return split(packet)[3]


def extensions(profile: int, value: bytes) -> Iterator[tuple[int, bytes]]:
    """(id, value) of each header extension in the one-byte or two-byte form (RFC 8285); stops at what is cut off."""
    long_form = profile & 0xFFF0 == 0x1000
    if profile != 0xBEDE and not long_form:
        return
    at = 0
    while at < len(value):
        if value[at] == 0:
            at += 1
            continue
        if long_form and at + 1 >= len(value):
            return
        number, size = (value[at], value[at + 1]) if long_form else (value[at] >> 4, (value[at] & 0x0F) + 1)
        at += 2 if long_form else 1
        if not long_form and number == 15:
            return
        yield number, value[at : at + size]
        at += size


def starts_keyframe(payload: bytes) -> bool:
    """Whether this VP8 payload begins a key frame (RFC 7741, 4.2 and 4.3)."""
    if len(payload) < 2 or payload[0] & 0x17 != 0x10:
        return False
    at = 1
    if payload[0] & 0x80:
        flags = payload[1]
        at += 1
        if flags & 0x80:
            at += 2 if at < len(payload) and payload[at] & 0x80 else 1
        at += bool(flags & 0x40) + bool(flags & 0x30)
    return at < len(payload) and not payload[at] & 0x01


def reports(packet: bytes) -> Iterator[Report]:
    """What a compound RTCP packet says, unknown parts left out; ends at what is malformed."""
    at = 0
    while at + 4 <= len(packet):
        first, kind, words = struct.unpack_from("!BBH", packet, at)
        body = packet[at + 4 : at + 4 + 4 * words]
        if first >> 6 != 2 or len(body) < 4 * words:
            return
        at += 4 + 4 * words
        yield from _read(kind, first & 0x1F, body)


def _read(kind: int, count: int, body: bytes) -> Iterator[Report]:
    if kind == SENDER_REPORT and len(body) >= 24:
        yield SenderReport(*struct.unpack_from("!IQI", body))
        yield from _blocks(body, 24, count)
    elif kind == RECEIVER_REPORT:
        yield from _blocks(body, 4, count)
    elif kind == TRANSPORT_FEEDBACK and count == 1 and len(body) >= 12:
        yield Nack(struct.unpack_from("!I", body, 4)[0], tuple(_lost(body)))
    elif kind == PAYLOAD_FEEDBACK and count == 1 and len(body) >= 8:
        yield KeyframeWanted(struct.unpack_from("!I", body, 4)[0])
    elif kind == PAYLOAD_FEEDBACK and count == 4:
        for at in range(8, len(body) - 7, 8):
            yield KeyframeWanted(struct.unpack_from("!I", body, at)[0])


def _blocks(body: bytes, at: int, count: int) -> Iterator[ReceiverBlock]:
    for start in range(at, min(at + 24 * count, len(body) - 23), 24):
        ssrc, loss, _, jitter, last, delay = struct.unpack_from("!IIIIII", body, start)
        yield ReceiverBlock(ssrc, loss >> 24, jitter, last, delay)


def _lost(body: bytes) -> Iterator[int]:
    for at in range(8, len(body) - 3, 4):
        first, mask = struct.unpack_from("!HH", body, at)
        yield first
        yield from ((first + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1)


def _part(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def picture_loss(sender: int, ssrc: int) -> bytes:
    """PLI: asks the sender of `ssrc` for a key frame."""
    return _part(PAYLOAD_FEEDBACK, 1, struct.pack("!II", sender, ssrc))


def nack(sender: int, ssrc: int, lost: list[int]) -> bytes:
    """NACK for these sequence numbers, one entry each run of 17."""
    body = struct.pack("!II", sender, ssrc)
    left = list(lost)
    while left:
        first = left[0]
        ahead = [(number - first - 1) & 0xFFFF for number in left[1:]]
        near = [distance for distance in ahead if distance < 16]
        body += struct.pack("!HH", first, sum(1 << distance for distance in set(near)))
        left = [number for number in left[1:] if (number - first - 1) & 0xFFFF >= 16]
    return _part(TRANSPORT_FEEDBACK, 1, body)


def bitrate_limit(sender: int, bits: int, ssrcs: list[int]) -> bytes:
    """REMB: the sender of these streams may send `bits` a second in all (draft-alvestrand-rmcat-remb)."""
    exponent = max(0, bits.bit_length() - 18)
    sized = len(ssrcs) << 24 | exponent << 18 | bits >> exponent
    return _part(PAYLOAD_FEEDBACK, 15, struct.pack(f"!II4sI{len(ssrcs)}I", sender, 0, b"REMB", sized, *ssrcs))


def receiver_report(sender: int, blocks: list[bytes]) -> bytes:
    """RR with at most 31 blocks."""
    return _part(RECEIVER_REPORT, len(blocks), struct.pack("!I", sender) + b"".join(blocks))


def receiver_block(
    ssrc: int, fraction: int, lost: int, highest: int, jitter: int, last_report: int, delay: int
) -> bytes:
    """One block of a receiver report; `lost` is clamped to 24 signed bits, `delay` in 1/65536 s."""
    lost = max(-(1 << 23), min((1 << 23) - 1, lost)) & 0xFFFFFF
    values = (ssrc, fraction << 24 | lost, highest & 0xFFFFFFFF, jitter & 0xFFFFFFFF, last_report, delay & 0xFFFFFFFF)
    return struct.pack("!IIIIII", *values)


def sender_report(ssrc: int, ntp: int, timestamp: int, packets: int, octets: int, name: bytes) -> bytes:
    """SR with the source description that RFC 3550 wants beside it; `name` is the CNAME, at most 255 bytes."""
    counts = (packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    report = _part(SENDER_REPORT, 0, struct.pack("!IQIII", ssrc, ntp, timestamp & 0xFFFFFFFF, *counts))
    item = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    item += b"\0" * (-len(item) % 4)
    return report + _part(SOURCE_DESCRIPTION, 1, item)


def ntp_time(unix: float) -> int:
    """64-bit NTP time of a unix time in seconds."""
    return int((unix + NTP_EPOCH) * (1 << 32))
