"""An honest pair in a process of its own: a clerk types on /collab, a party reads on /yjs; how long each word takes.

`python -m tests.faults.probe` reads one JSON line (url, document, writer, reader, pause) from standard input, types
until standard input ends and prints one JSON line: milliseconds of the way from key to reader, of acks, of joining.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, append_words

JOIN_EVERY = 40  # words


@dataclass(slots=True)
class Probe:
    url: str
    document: str
    writer: str
    reader: str
    pause: float
    sent: dict[str, float] = field(default_factory=dict)
    ways: list[float] = field(default_factory=list)
    joins: list[float] = field(default_factory=list)
    acks: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def heard(self, update: bytes) -> None:
        now = time.monotonic()
        for word in [word for word in self.sent if word.encode() in update]:
            self.ways.append((now - self.sent.pop(word)) * 1000)

    async def join(self) -> None:
        """How long a new client waits for the document."""
        start = time.monotonic()
        newcomer = await YjsSpeaker.connect(self.url, self.document, self.reader)
        await newcomer.in_step()
        self.joins.append((time.monotonic() - start) * 1000)
        await newcomer.leave()

    async def run(self, ended: asyncio.Event) -> None:
        clerk = await CollabSpeaker.connect(self.url, self.document, self.writer)
        reader = await YjsSpeaker.connect(self.url, self.document, self.reader)
        for speaker in (clerk, reader):
            await speaker.in_step()
        reader.on_update = self.heard
        await clerk.asked_again()
        await clerk.saved()
        first = len(clerk.acks)
        times = await self.type(clerk, ended)
        await until(lambda: not self.sent and clerk.all_acked, "the last word")
        self.acks = [(b - a) * 1000 for a, b in zip(times, clerk.ack_times[first:], strict=False)]
        if False in clerk.acks or clerk.closed or reader.closed:
            self.failures.append(f"refused or closed: {clerk.denied} {clerk.closed} {reader.closed}")

    async def type(self, clerk: CollabSpeaker, ended: asyncio.Event) -> list[float]:
        text, number, times = None, 0, []
        joining: set[asyncio.Task[None]] = set()
        while not ended.is_set():
            word = f"«{number}»"
            times.append(time.monotonic())
            self.sent[word] = times[-1]
            if text is None or number % 50 == 0:
                text = add_turn(clerk.doc, word)
            else:
                append_words(text, word)
            if number % JOIN_EVERY == 0:
                joining.add(asyncio.create_task(self.join()))
            number += 1
            await asyncio.sleep(self.pause)
        await asyncio.gather(*joining)
        return times


def share(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1) if ordered else -1.0


def summary(probe: Probe) -> dict[str, Any]:
    return {
        "words": len(probe.ways),
        "p50_ms": share(probe.ways, 0.5),
        "p99_ms": share(probe.ways, 0.99),
        "max_ms": share(probe.ways, 1.0),
        "ack_p99_ms": share(probe.acks, 0.99),
        "join_max_ms": share(probe.joins, 1.0),
        "joins": len(probe.joins),
        "failures": probe.failures,
    }


async def main() -> None:
    loop = asyncio.get_running_loop()
    order = json.loads(await loop.run_in_executor(None, sys.stdin.readline))
    ended = asyncio.Event()
    waiting = loop.run_in_executor(None, sys.stdin.read)
    waiting.add_done_callback(lambda _: ended.set())
    probe = Probe(**order)
    print("ready", flush=True)
    await probe.run(ended)
    print(json.dumps(summary(probe)), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
