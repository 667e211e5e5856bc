"""Tones as Opus packets, and which tone a row of Opus packets holds. Encoded once a frequency and process."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from av import AudioFrame, CodecContext, Packet

RATE, FRAME = 48_000, 960  # Opus' clock; 20 ms
LOOP = 50  # packets in a second, after which the tone begins anew
WINDOW = 8_192  # samples looked at: 5.9 Hz a bin
LEAST_SHARE = 0.2  # of the energy that lies around the peak when it is a tone
LEAST_LEVEL = 1e-3  # root mean square of full scale, below which it is silence


@cache
def tone(frequency: int) -> tuple[bytes, ...]:
    """One second of a whole number of Hz, as 50 Opus payloads of 20 ms; made to be sent in a loop."""
    codec = CodecContext.create("libopus", "w")
    codec.sample_rate, codec.layout, codec.format, codec.bit_rate = RATE, "mono", "s16", 32_000
    moments = np.arange(FRAME * (LOOP + 5)) / RATE
    samples = (np.sin(2 * np.pi * frequency * moments) * 12_000).astype(np.int16)
    packets: list[bytes] = []
    for start in range(0, len(samples), FRAME):
        frame = AudioFrame.from_ndarray(samples[None, start : start + FRAME], format="s16", layout="mono")
        frame.sample_rate, frame.pts = RATE, start
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return tuple(packets[-LOOP:])


def samples(packets: Sequence[bytes]) -> np.ndarray:
    """The left channel of Opus payloads in their order, -1 to 1."""
    codec = CodecContext.create("libopus", "r")
    codec.sample_rate = RATE
    parts: list[np.ndarray] = [np.zeros(0)]
    for packet in packets:
        for frame in codec.decode(Packet(packet)):
            sound = frame.to_ndarray()
            scale = 1.0 if sound.dtype.kind == "f" else 32_768.0
            channels = len(frame.layout.channels)
            parts.append((sound.reshape(-1)[::channels] if not frame.format.is_planar else sound[0]) / scale)
    return np.concatenate(parts)


def heard(packets: Sequence[bytes]) -> int:
    """The frequency in Hz of the tone in at least 12 Opus payloads; 0 for silence, noise, or too few of them."""
    sound = samples(packets)[-WINDOW:]
    if len(sound) < WINDOW or np.sqrt(np.mean(sound**2)) < LEAST_LEVEL:
        return 0
    power = np.abs(np.fft.rfft(sound * np.hanning(WINDOW))) ** 2
    peak = int(np.argmax(power))
    if power[max(0, peak - 3) : peak + 4].sum() < LEAST_SHARE * power.sum():
        return 0
    return round(peak * RATE / WINDOW)


def is_near(found: int, frequency: int) -> bool:
    """Within two bins."""
    return abs(found - frequency) <= 2 * RATE / WINDOW
