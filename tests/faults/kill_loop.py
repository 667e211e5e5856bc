"""SIGKILL under load, again and again; used short by tests/faults and long by tests/soak.

After each kill a reader who comes new is asked first, before any writer can bring its words back.
"""

import asyncio
import random
from dataclasses import dataclass, field

from tests.faults.typists import Account, Typist, fresh_copy, watch
from tests.harness.server import ServerProcess
from tests.harness.waiting import until


@dataclass(slots=True)
class KillReport:
    kills: int = 0
    lost: set[str] = field(default_factory=set)
    account: Account = field(default_factory=Account)
    in_flight: int = 0  # words unacknowledged at the moment of a kill, summed

    def figures(self) -> dict[str, int]:
        account = self.account
        counts = {"written": len(account.written), "acked": len(account.acked), "seen": len(account.seen)}
        return {"kills": self.kills, "lost": len(self.lost), "in_flight": self.in_flight, **counts}


class KillLoop:
    """Two clerks on the two wires, a reader on each; `server` is started already."""

    def __init__(self, server: ServerProcess, seed: int) -> None:
        self.server = server
        self.random = random.Random(seed)
        self.report = KillReport()
        demo = server.demo.hearing
        self.document, self.reader = demo.transcript, demo.judge.token
        first, second = demo.all_of("clerk")
        account = self.report.account
        self.typists = [
            Typist("a", "collab", server.url, self.document, first.token, account),
            Typist("b", "yjs", server.url, self.document, second.token, account),
        ]

    async def round(self) -> None:
        """Everybody comes, writes, the server is killed, a new reader counts."""
        account = self.report.account
        for typist in self.typists:
            await typist.join()
        readers = [await watch(w, self.server.url, self.document, self.reader, account) for w in ("yjs", "collab")]
        typing = [asyncio.create_task(typist.type_on(pause=0.002)) for typist in self.typists]
        goal = len(account.acked) + self.random.randint(5, 120)
        await until(lambda: len(account.acked) >= goal, "words acknowledged")
        await asyncio.to_thread(self.server.kill)
        await asyncio.gather(*typing)
        for reader in readers:
            await reader.raw.ended()
        self.report.kills += 1
        self.report.in_flight += len(account.written - account.acked)
        await asyncio.to_thread(self.server.start)
        await self.count()

    async def count(self) -> None:
        wire = self.random.choice(("yjs", "collab"))
        words = await fresh_copy(wire, self.server.url, self.document, self.reader)
        lost = self.report.account.lost_from(words)
        if lost:
            account = self.report.account
            print("lost:", {word: (word in account.acked, word in account.seen) for word in lost}, flush=True)
        self.report.lost |= lost

    async def run(self, kills: int) -> KillReport:
        for _ in range(kills):
            await self.round()
        return self.report

    async def leave(self) -> None:
        for typist in self.typists:
            typist.speaker.vanish()
