"""A hearing with streams whose server or media process is killed at one system call of one command after the other.

`server`: SIGKILL before the n-th call of the commit thread (whatever reaches the disk) or of the main thread (whatever
reaches people and the media process); between two such calls nothing leaves the process, so these are all its points.
`media`: the same around the media process's sends. Used short by the tests and for every point by the soak.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness.demo import DemoHearing
from tests.harness.raw_socket import SocketClosed, drop_all
from tests.harness.server import ServerProcess
from tests.harness.syscall_kills import NETWORK, STORAGE, KillAt, thread
from tests.media_link.processes import gone, is_alive, media_pid
from tests.media_room.aftermath import agrees, allowed, come_back, gathered, hear_exactly, restarts, stored
from tests.media_room.attendants import Room, prepare_for

ROLES = ("judge", "clerk", "defendant", "witness")
COMMIT, MAIN, MEDIA = "commit thread", "main thread", "media process"
CALLS = {COMMIT: STORAGE, MAIN: NETWORK, MEDIA: NETWORK}
PACKETS = 8  # points among the hundreds of packets that a media process sends meanwhile


@dataclass(frozen=True, slots=True)
class Order:
    """A command: `role` it is about, what it takes besides. `before` are given first, refused or not."""

    name: str
    role: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    before: tuple[Order, ...] = ()
    scheduled: bool = False  # in the hearing that is still to come


@dataclass(slots=True)
class Points:
    """What has been visited, by the call that was about to be made."""

    visited: Counter[str] = field(default_factory=Counter)
    whole: int = 0  # kills after which the command was in the log
    absent: int = 0
    answered: int = 0  # kills after the answer, or of a media process

    @property
    def kills(self) -> int:
        return self.whole + self.absent

    def figures(self) -> dict[str, object]:
        counts = {"kills": self.kills, "whole": self.whole, "absent": self.absent, "answered": self.answered}
        return {**counts, "points": dict(sorted(self.visited.items()))}


class KillPoints:
    """One hearing and one order. `expected`: kinds of the entries that it makes; `reach` finds them out, and keeps a
    copy of the moment before an order that nothing undoes. `leave` in the end."""

    def __init__(self, server: ServerProcess, order: Order, folder: Path, expected: Sequence[str] = ()) -> None:
        self.server, self.order, self.folder = server, order, folder
        self.hearing: DemoHearing = server.demo.scheduled if order.scheduled else server.demo.hearing
        self.points = Points()
        self.room: Room | None = None
        self.acked: set[int] = set()
        self.calls: dict[str, Counter[str]] = {}  # that it takes, by thread
        self.expected = list(expected)
        self._kept = folder / "kept"

    async def reach(self) -> None:
        """Before the order, with a copy of that moment; what it makes is seen once without a kill."""
        room = await self._there()
        for each in self.order.before:
            await self._give(room, each)
        await self._end()
        shutil.copytree(self.server.data, self._kept)
        self.server.start()
        room = await self._there()
        before = await self._last()
        await self._watched(room)
        self.expected = await self._made(before)
        assert self.expected
        print(self.order.name, self.calls, self.expected, flush=True)
        await self._back()

    def _killing(self, where: str, calls: str, nth: int) -> KillAt:
        pid = self.server.pid
        tid = {COMMIT: lambda: thread(pid, "yunting-commit"), MAIN: lambda: pid, MEDIA: lambda: media_pid(self.server)}
        return KillAt(tid[where](), calls, nth, self.folder / where.replace(" ", "-"))

    async def _watched(self, room: Room) -> None:
        """The order without a kill: which calls it takes."""
        watching = {where: self._killing(where, calls, 0) for where, calls in CALLS.items()}
        for each in watching.values():
            each.start()
        await self._give(room, self.order, must=True)
        for where, each in watching.items():
            each.stop()
            self.calls[where] = Counter(call.split(" ", 1)[0] for call in each.calls())

    # --- one kill ---

    async def server_killed(self, where: str, call: str, nth: int) -> bool:
        """Whether the order had been answered when the server died."""
        room, before, pid = await self._there(), await self._last(), media_pid(self.server)
        killing = self._killing(where, call, nth)
        killing.start()
        answered = await self._give(room, self.order, must=True)
        killing.stop()
        if not answered:
            self._note(where, killing.calls())
        await self._end()
        gone(pid)
        self.server.start()
        await self._judge(before, answered)
        return answered

    async def media_killed(self, where: str, call: str, nth: int) -> bool:
        """Whether the order was answered before the media process died; it is answered in any case."""
        room, before, pid = await self._there(), await self._last(), media_pid(self.server)
        killing, told = self._killing(where, call, nth), restarts(room)
        killing.start()
        await self._give(room, self.order, must=True)
        was_alive = is_alive(pid)
        killing.stop()
        if is_alive(pid):
            await self._back()
            return True
        self._note(where, killing.calls())
        await come_back(room, told)
        await self._judge(before, answered=True)
        return was_alive

    def _note(self, where: str, calls: list[str]) -> None:
        self.points.visited[f"{where}: {calls[-1] if calls else 'none'}"] += 1
        print(time.strftime("%T"), self.order.name, where, len(calls), calls[-1:], flush=True)

    async def _judge(self, before: int, answered: bool) -> None:
        """Log, lines, proofs and rights agree, the order is there whole or not at all, people hear whom the log lets
        them hear."""
        state = await agrees(self.server, self.hearing, self.acked)
        made = await self._made(before)
        assert made in ([], self.expected), made
        assert made or not answered
        room = await self._there()
        await hear_exactly(room, allowed(state, room))
        self.points.answered += answered
        self.points.whole += bool(made)
        self.points.absent += not made
        if made:
            await self._back()

    # --- the hearing ---

    async def _there(self) -> Room:
        if self.room is None:
            prepare_for(len(ROLES))
            self.room = await gathered(self.server, self.hearing, ROLES)
        return self.room

    async def _end(self) -> None:
        """Nobody is connected and no server runs."""
        if self.room is not None:
            await self.room.leave()
            self.room = None
        await drop_all()
        await asyncio.to_thread(self.server.kill)

    async def _back(self) -> None:
        """To the moment before the order."""
        room = await self._there()
        if self.order.before and not self.order.scheduled and await self._undone(room):
            return
        await self._end()
        shutil.rmtree(self.server.data)
        shutil.copytree(self._kept, self.server.data)
        self.acked = {seq for seq in self.acked if seq <= await self._last()}
        self.server.start()

    async def _undone(self, room: Room) -> bool:
        answers = [await self._give(room, each) for each in self.order.before]
        return any(answers)

    async def every_point(self, where: str) -> Points:
        """Every call of the server's thread until the answer has come; those of the media process around its own, of
        the packets that it forwards meanwhile a few."""
        kill = self.media_killed if where == MEDIA else self.server_killed
        for call, count in sorted(self.calls[where].items(), key=lambda item: item[1]):
            nth, step = 1, max(1, count // PACKETS) if where == MEDIA else 1
            while not await kill(where, call, nth):
                nth += step
        return self.points

    async def leave(self) -> None:
        await self._end()

    async def _give(self, room: Room, order: Order, *, must: bool = False) -> bool:
        """Whether it was acknowledged; what `must` be allowed is not refused."""
        about = {"person": room.id_of(order.role)} if order.role else {}
        try:
            answer = await room.control.command(order.name, **about, **order.fields)
        except SocketClosed:
            return False
        if answer["type"] == "Ack":
            self.acked.add(answer["seq"])
        assert answer["type"] == "Ack" or not must, answer
        return answer["type"] == "Ack"

    async def _last(self) -> int:
        return len((await stored(self.server, self.hearing))[0])

    async def _made(self, before: int) -> list[str]:
        """What the judge has entered since; the rest is the court's own bookkeeping."""
        entries, _ = await stored(self.server, self.hearing)
        return [each.event.kind for each in entries[before:] if each.event.actor == self.hearing.judge.id]
