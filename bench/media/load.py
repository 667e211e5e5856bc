"""`python -m bench.media.load`: reads one job as JSON, plays all people of a room, prints the figures as JSON.

A process of its own, so that the server's processor time is told apart from the load's.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import uvloop

from bench.media.rooms import LinkRoom, Room, Routes, room_of
from tests.harness.clip import FRAMES
from tests.harness.media_legs import Stream, SubscribeLeg
from tests.harness.media_sending import PublishLeg

WARM, DRAIN = 2.0, 0.4  # seconds
TICKS = 100  # clock ticks of /proc in a second


def processor_seconds(pid: int) -> float:
    """Of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def everybody(people: Sequence[str]) -> Routes:
    """All to all, nobody to himself."""
    table = {each: [other for other in people if other != each] for each in people}
    return {"audio": table, "video": table}


def one_to_all(people: Sequence[str]) -> Routes:
    table = {each: [people[0]] for each in people[1:]}
    return {"audio": table, "video": table}


class Load:
    """The people of one room at one server."""

    def __init__(self, job: Mapping[str, Any]) -> None:
        self.job = job
        self.people = [f"p{number}" for number in range(job["people"])]
        self.routes = (one_to_all if job["layout"] == "one" else everybody)(self.people)
        self.large = self.people[0] if job["layout"] == "speaker" else ""
        self.publishing: dict[str, PublishLeg] = {}
        self.subscribing: dict[str, SubscribeLeg] = {}
        self.room: Room

    async def enter(self) -> None:
        self.room = await room_of(self.job["server"], self.job["target"])
        await self.room.open(self.people, self.routes, self.large)
        speakers = {each for table in self.routes.values() for heard in table.values() for each in heard}
        for number, person in enumerate(self.people):
            if person in speakers:
                leg = PublishLeg(300 + 100 * number, small=bool(self.large))
                await self.room.publish(person, leg)
                self.publishing[person] = leg
                leg.start(0.04 * number / len(self.people))
        for person in self.people:
            if self.routes["audio"].get(person):
                self.subscribing[person] = await self.room.subscribe(person, self.routes, self.large)

    def expected(self, sent: Mapping[str, Mapping[str, int]]) -> int:
        """Packets that must have arrived, all listeners together, when so many were sent."""
        total = 0
        for listener in self.people:
            total += sum(sent[each]["audio"] for each in self.routes["audio"].get(listener, ()))
            for each in self.routes["video"].get(listener, ()):
                total += sent[each]["large" if self.large in ("", each) else "small"]
        return total

    def sent(self) -> dict[str, dict[str, int]]:
        return {person: dict(leg.sent) for person, leg in self.publishing.items()}

    def arrived(self) -> int:
        return sum(leg.total for leg in self.subscribing.values())

    async def still(self) -> None:
        """Nobody sends, everything has arrived."""
        for leg in self.publishing.values():
            leg.pause()
        await asyncio.sleep(DRAIN)
        for leg in self.subscribing.values():
            await leg.drained()

    async def go_on(self) -> None:
        for number, leg in enumerate(self.publishing.values()):
            for name in leg.names[1:]:
                leg.tracks[name].number = number * FRAMES // len(self.publishing)
            leg._ticks = 0
            leg.start(0.04 * number / len(self.publishing))

    async def measure(self) -> dict[str, Any]:
        """The figures of `seconds` of sending."""
        pid, seconds = self.job["pid"], self.job["seconds"]
        await asyncio.sleep(WARM)
        await self.still()
        sent, arrived = self.sent(), self.arrived()
        used, own, begin = processor_seconds(pid), time.process_time(), time.monotonic()
        await self.go_on()
        await asyncio.sleep(seconds)
        took = time.monotonic() - begin
        await self.still()
        used, own = processor_seconds(pid) - used, time.process_time() - own
        forwarded = self.arrived() - arrived
        expected = self.expected(self.sent()) - self.expected(sent)
        return {
            "people": len(self.people),
            "seconds": round(took, 2),
            "cpu_s_per_minute": used / took * 60,
            "core": used / took,
            "packets": forwarded,
            "packets_per_s": forwarded / took,
            "us_per_packet": used / forwarded * 1e6 if forwarded else None,
            "lost": expected - forwarded,
            "lost_share": (expected - forwarded) / expected,
            "client_core": own / took,
        }

    async def cuts(self, count: int) -> dict[str, Any]:
        """One person is cut off and let in again and again: what the command costs, and what comes after it."""
        assert isinstance(self.room, LinkRoom)
        cut, times = self.people[1], list[float]()
        without = {
            kind: {each: [other for other in heard if cut not in (each, other)] for each, heard in table.items()}
            for kind, table in self.routes.items()
        }
        told: dict[int, int] = {}
        over: list[int] = []

        def look(stream: Stream, sequence: int) -> None:
            if _is_over(told, stream.ssrc, sequence):
                over.append(stream.ssrc)

        for leg in self.subscribing.values():
            leg.on_packet = look
        for _ in range(count):
            begin = time.perf_counter()
            answer = await self.room.apply(without, self.large)
            times.append((time.perf_counter() - begin) * 1000)
            told.update({each["ssrc"]: each["sequence"] for each in answer["cuts"]})
            await asyncio.sleep(0.1)
            told.clear()
            await self.room.apply(self.routes, self.large)
            await asyncio.sleep(0.2)
        times.sort()
        return {"p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)], "cuts": count, "leaked": len(over)}


def _is_over(told: Mapping[int, int], ssrc: int, sequence: int) -> bool:
    """After the last packet that was told for this stream."""
    return ssrc in told and 0 < ((sequence - told[ssrc]) & 0xFFFF) < 0x8000


async def play(job: Mapping[str, Any]) -> dict[str, Any]:
    load = Load(job)
    await load.enter()
    gc.collect()
    gc.freeze()
    figures = await load.measure()
    if job.get("cuts"):
        await load.go_on()
        await asyncio.sleep(1)
        figures["cut_ms"] = await load.cuts(job["cuts"])
    return figures


def main() -> None:
    print(json.dumps(uvloop.run(play(json.load(sys.stdin)))), flush=True)


if __name__ == "__main__":
    main()
