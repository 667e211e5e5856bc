"""Cut after cut by the court's command, while everybody asks for everything again: what comes too late, and how soon.

Each round isolates one person and releases them. The sequence numbers are those of the log's proof.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from tests.harness.clip import is_key_frame
from tests.harness.media_legs import Stream
from tests.harness.waiting import until
from tests.media_link.peers import PATIENCE
from tests.media_room.attendants import Attendant, Room

BEFORE, ASKED = (
    2,
    120,
)  # sequence numbers that each asks for again, of each stream before the answer, of each cut one after it
AHEAD = 8  # … and of those that are still to come
EVERY = 0.02  # seconds between two such requests
AFTERWARDS = 10  # such requests after the answer, before it is counted again
PICTURE_LIMIT = 60.0  # seconds
STILL = 0.18  # seconds without a packet
LEAST = 5  # packets of each sound before a cut


@dataclass(slots=True)
class Cuts:
    """What so many rounds have shown; times in milliseconds from sending the command."""

    rounds: int = 0
    streams: int = 0  # that were cut
    later: int = 0  # packets with a number above the one in the log
    repeated: int = 0  # packets of any number after the answer
    asked: int = 0  # requests for something again, after the answer
    unproven: list[str] = field(default_factory=list[str])
    answered_ms: list[float] = field(default_factory=list[float])
    last_packet_ms: list[float] = field(default_factory=list[float])
    picture_ms: list[float] = field(default_factory=list[float])  # release until a key frame begins

    def figures(self) -> dict[str, object]:
        told = {"rounds": self.rounds, "streams": self.streams, "asked_again": self.asked}
        leaks = {"later": self.later, "repeated": self.repeated, "unproven": len(self.unproven)}
        times = {
            f"{name}_{'median' if share == 0.5 else 'p99'}_ms": percentile(values, share)
            for name, values in (
                ("answered", self.answered_ms),
                ("last_packet", self.last_packet_ms),
                ("first_picture", self.picture_ms),
            )
            for share in (0.5, 0.99)
        }
        return {**told, **leaks, **times}


def percentile(values: Iterable[float], share: float) -> float | None:
    """Nearest rank."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2) if ordered else None


def ask_again(people: Iterable[Attendant], back: int, only: Container[int] | None = None) -> int:
    """Every receiver asks for the last numbers of every stream (or of those named) again, and for the next ones too;
    -> how many were asked for."""
    asked = 0
    for each in people:
        leg = each.subscribe
        if leg is None or not leg.is_connected:
            continue
        for stream in leg.streams.values():
            if stream.count and (only is None or stream.ssrc in only):
                leg.ask_again(stream.ssrc, range(stream.highest - back, stream.highest + AHEAD))
                leg.ask_key_frame(stream.ssrc)
                asked += back + AHEAD
    return asked


class Cutting:
    """The rounds on one room; `target` is the role that is cut off."""

    def __init__(self, room: Room, target: str) -> None:
        self.room, self.target = room, target
        self.found = Cuts()

    async def run(self, rounds: int) -> Cuts:
        for _ in range(rounds):
            await self._flows()
            await self._round()
        return self.found

    async def _flows(self) -> None:
        """Everybody hears the target and sees them, and they everybody."""
        before = {id(stream): stream.count for stream in self._streams()}
        await until(
            lambda: sum(stream.count >= before[id(stream)] + LEAST for stream in self._streams()) >= self._least(),
            "everything to flow",
            PATIENCE,
        )

    def _streams(self) -> list[Stream]:
        legs = [each.subscribe for each in self.room.people.values() if each.subscribe is not None]
        return [stream for leg in legs for stream in leg.streams.values()]

    def _least(self) -> int:
        """Sound and picture of everybody at everybody."""
        count = len(self.room.people)
        return 2 * count * (count - 1)

    async def _round(self) -> None:
        room, found, people = self.room, self.found, self.room.people.values()
        asking = asyncio.create_task(self._keep_asking())
        sent = time.monotonic()
        seq = await room.order("isolate", self.target)
        found.answered_ms.append((time.monotonic() - sent) * 1000)
        asking.cancel()
        cuts = await room.cuts_of(seq)
        await room.drained()
        streams = {each["ssrc"]: room.stream(room.role_of(each["to"]), each["ssrc"]) for each in cuts}
        counts = {ssrc: stream.count for ssrc, stream in streams.items()}
        for _ in range(AFTERWARDS):
            found.asked += ask_again(people, ASKED, streams)
            await asyncio.sleep(EVERY)
        await room.drained()
        self._judge(cuts, streams, counts, sent)
        found.rounds += 1
        await self._release()

    async def _keep_asking(self) -> None:
        while True:
            ask_again(self.room.people.values(), BEFORE)
            await asyncio.sleep(EVERY)

    def _judge(
        self, cuts: list[dict[str, int]], streams: dict[int, Stream], counts: dict[int, int], sent: float
    ) -> None:
        found, others = self.found, len(self.room.people) - 1
        found.streams += len(cuts)
        if len(cuts) != 4 * others:
            found.unproven.append(f"{len(cuts)} streams, not {4 * others}")
        for cut in cuts:
            stream = streams[cut["ssrc"]]
            found.later += 0 < (stream.highest - cut["sequence"] & 0xFFFF) < 0x8000
            found.repeated += stream.count - counts[cut["ssrc"]]
        last = max(stream.last_at for stream in streams.values())
        found.last_packet_ms.append(max(0.0, (last - sent) * 1000))

    async def _release(self) -> None:
        """Until a key frame of the target has begun at everybody else."""
        waiting = {role for role in self.room.people if role != self.target}
        begun = time.monotonic()
        seen = asyncio.Event()
        for role in list(waiting):
            self._watch(role, waiting, seen)
        await self.room.order("release", self.target)
        await until(seen.is_set, f"{self.target} to be seen by {waiting} after {self.found.rounds} cuts", PICTURE_LIMIT)
        self.found.picture_ms.append((time.monotonic() - begun) * 1000)

    def _watch(self, role: str, waiting: set[str], seen: asyncio.Event) -> None:
        """Clears `role` when a key frame comes in a picture's slot that was silent since the cut."""
        leg = self.room.people[role].subscribe
        assert leg is not None
        silent = {stream.ssrc for stream in self._still_pictures(role)}

        def look(stream: Stream, _: int) -> None:
            if stream.ssrc in silent and stream.payloads and is_key_frame(stream.payloads[-1][2]):
                waiting.discard(role)
                leg.on_packet = None
                if not waiting:
                    seen.set()

        leg.on_packet = look

    def _still_pictures(self, role: str) -> list[Stream]:
        """Slots for pictures at this role in which nothing has come for a while."""
        leg = self.room.people[role].subscribe
        assert leg is not None
        now = time.monotonic()
        return [each for each in leg.streams.values() if each.kind == "video" and now - each.last_at > STILL]
