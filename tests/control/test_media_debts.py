"""What an entry owes while a media room is open: the room's answer, its proof in the log, and after a crash the word
that nothing was measured."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from server.control import Ack, Hearings
from server.control_ports import Cutting
from server.hearing import commands
from server.hearing.media_events import Cut, MediaStarted
from server.hearing.media_routes import Routes, media_routes
from server.hearing.state import COURT, HearingState
from tests.control.rig import HEARING, PEOPLE, Rig, until

CUT = Cut("p-defendant", "p-judge", "audio", 7, 65_535, 12)


@dataclass
class PaperRoom:
    """The port `Media` in memory: answers when `gate` is open; `dies`: the process is gone before it can."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    dies: bool = False
    told: list[int] = field(default_factory=list)
    routes: Routes | None = None

    def carry_out(self, hearing: str, state: HearingState, seq: int, began: float) -> Cutting | None:
        assert (hearing, state.seq) == (HEARING, seq)
        before, self.routes = self.routes, media_routes(state)
        if before is None or before == self.routes:
            return None
        self.told.append(seq)
        return self._answer

    async def _answer(self) -> tuple[Cut, ...] | None:
        await self.gate.wait()
        return None if self.dies else (CUT,)


@pytest.fixture
async def room(court: Rig) -> PaperRoom:
    """An opened hearing whose room stands in the log; the room follows from here on."""
    await court.ack("p-judge", "open")
    room = with_room(court)
    control = await court.control()
    await control.record(COURT, lambda _state, _now: (MediaStarted(),))
    return room


def with_room(court: Rig) -> PaperRoom:
    """The same disk and documents, and a room: as after a restart."""
    room = PaperRoom()
    court.hearings = Hearings(
        court.disk, court.documents, lambda _hearing: court.present, media=room, now_ms=lambda: court.now
    )
    return room


async def kinds(court: Rig) -> list[str]:
    return [entry.event.kind for entry in (await court.control()).entries]


async def isolate(court: Rig) -> Ack:
    control = await court.control()
    order = commands.parse({"command": "isolate", "person": "p-defendant"})
    answer = await control.execute("p-judge", order, connected=PEOPLE)
    assert isinstance(answer, Ack), answer
    return answer


async def test_nothing_is_acknowledged_or_in_step_before_the_room_has_answered(court: Rig, room: PaperRoom) -> None:
    control = await court.control()
    ordering = asyncio.create_task(isolate(court))
    await until(lambda: bool(room.told), "the room is told")
    seq = room.told[0]
    await until(lambda: seq in court.documents.lines, "its line is written")
    assert not ordering.done() and control.applied_seq < seq
    room.gate.set()
    answer = await ordering
    assert answer == Ack(seq, seq)
    tail = control.entries[seq - 1 :]
    assert [entry.event.kind for entry in tail] == ["Isolated", "StreamsCut", "HadSeen"]
    assert tail[1].payload["of"] == seq and tail[1].payload["cuts"][0]["sequence"] == CUT.sequence


async def test_a_proof_that_the_disk_refuses_is_entered_when_it_can_be(court: Rig, room: PaperRoom) -> None:
    control = await court.control()
    ordering = asyncio.create_task(isolate(court))
    await until(lambda: bool(room.told), "the room is told")
    court.disk.full = True
    room.gate.set()
    answer = await ordering
    assert answer.applied_seq < answer.seq
    court.disk.full = False
    control.recover_soon()
    await until(lambda: control.applied_seq >= answer.seq, "the proof")
    await until(lambda: control.entries[-1].event.kind == "HadSeen", "the note")
    assert (await kinds(court)).count("StreamsCut") == 1
    assert room.told[0] == answer.seq


async def test_a_room_that_dies_holds_up_nothing_and_the_log_says_so(court: Rig, room: PaperRoom) -> None:
    room.dies = True
    room.gate.set()
    answer = await isolate(court)
    proof = (await court.control()).entries[answer.seq]
    assert answer.applied_seq == answer.seq
    assert (proof.event.kind, proof.payload) == ("StreamsCut", {"of": answer.seq, "measured": False})


async def test_after_a_crash_in_between_the_log_is_made_whole_once(court: Rig, room: PaperRoom) -> None:
    """The room never answers: the server is killed there. The next one knows from the log alone what is missing."""
    ordering = asyncio.create_task(isolate(court))
    await until(lambda: bool(room.told), "the room is told")
    await until(lambda: room.told[0] in court.documents.lines, "its line is written")
    ordering.cancel()
    for task in list((await court.control())._tasks):
        task.cancel()
    for _ in range(2):
        court = court.restart()
        found = await kinds(court)
        assert found[room.told[0] :] == ["StreamsCut", "HadSeen", "MediaStopped"]
        assert (await court.control()).entries[room.told[0]].payload["measured"] is False
