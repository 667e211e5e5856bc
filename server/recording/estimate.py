"""How long the disk will last: bytes an hour a person, as measured, and what is kept free for documents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.hearing.recording_events import SegmentsSealed

USUAL_BYTES = 70_000  # a person a second before anything was measured: 500 kbit/s of picture, 50 of sound
LOOKED_AT = 10  # latest rounds of a hearing


@dataclass(frozen=True, slots=True)
class Estimate:
    """`hours_left`: until the reserve is reached, at this rate."""

    free_bytes: int
    bytes_an_hour: int
    hours_left: float


def measured(rounds: Iterable[SegmentsSealed]) -> float:
    """Bytes a second of everybody together, 0 when nothing lasted long enough to tell."""
    latest = sorted(rounds, key=lambda each: each.round)[-LOOKED_AT:]
    seconds = sum(each.to_ms - each.from_ms for each in latest) / 1_000
    return sum(file.bytes for each in latest for file in each.files) / seconds if seconds >= 1 else 0.0


def estimate(rounds: Iterable[SegmentsSealed], people: int, free_bytes: int, reserve: int) -> Estimate:
    """`people`: who may be recorded, for as long as nothing is measured."""
    rate = measured(rounds) or float(USUAL_BYTES * max(1, people))
    hour = round(rate * 3_600)
    return Estimate(free_bytes, hour, round(max(0, free_bytes - reserve) / hour, 1))
