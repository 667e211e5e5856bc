"""The technical hold: a judge who drops, comes back, or does not; with a server that starts again in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.control_watch import HoldWatch
from server.hearing.court_events import HoldStarted
from tests.control.rig import Rig, rig, until

NEVER = 3_600.0


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as running:
        yield running


def watched(court: Rig, after: float, grace: float = NEVER) -> HoldWatch:
    watch = HoldWatch(after, lambda: court.now, grace=grace)
    court.hearings.watch = watch.look
    return watch


async def kinds(court: Rig) -> list[str]:
    return [entry.event.kind for entry in (await court.control()).entries]


async def grown(court: Rig, kind: str) -> None:
    control = await court.control()
    await until(lambda: control.entries[-1].event.kind == kind, f"{kind} is entered")
    await control.recovered()


async def test_a_judge_who_drops_is_waited_for_and_their_return_ends_the_hold(court: Rig) -> None:
    watch = watched(court, 0.05)
    judge, plaintiff = await court.join("p-judge"), await court.join("p-plaintiff")
    await court.ack("p-judge", "open")
    control = await court.control()
    control.unsubscribe(judge)
    await grown(court, "HoldStarted")
    assert control.state.hold_ms == court.now
    await until(lambda: control.applied_seq == control.seq, "the line is written")
    line = court.documents.lines[control.seq]
    assert "审判员连线中断，请勿离开" in line.text and line.kind == "procedure"
    assert plaintiff.of("State")[-1]["hold"] == {"since": "2024-09-12T01:30:00.000Z"}
    await court.join("p-judge")
    await grown(court, "HoldEnded")
    assert control.state.hold_ms == 0
    assert plaintiff.of("State")[-1]["hold"] is None
    assert await kinds(court) == ["SessionOpened", "HoldStarted", "HoldEnded"]
    await watch.close()


async def test_nothing_is_held_without_a_judge_who_was_there_nor_outside_a_session(court: Rig) -> None:
    watch = watched(court, 0.01)
    await court.join("p-clerk")
    await court.ack("p-judge", "open")  # over HTTP: no socket
    control = await court.control()
    judge = await court.join("p-judge")
    await court.ack("p-judge", "recess")
    control.unsubscribe(judge)
    await asyncio.sleep(0.1)
    assert await kinds(court) == ["SessionOpened", "SessionRecessed"]
    await watch.close()


async def test_a_judge_back_in_time_leaves_no_trace(court: Rig) -> None:
    watch = watched(court, 1.0)
    judge = await court.join("p-judge")
    await court.ack("p-judge", "open")
    (await court.control()).unsubscribe(judge)
    await court.join("p-judge")
    await asyncio.sleep(1.2)
    assert await kinds(court) == ["SessionOpened"]
    await watch.close()


async def test_after_a_minute_the_bench_and_the_clerk_may_recess_for_technical_reasons_and_nothing_else(
    court: Rig,
) -> None:
    watch = watched(court, 0.02)
    judge, clerk = await court.join("p-judge"), await court.join("p-clerk")
    await court.ack("p-judge", "open")
    control = await court.control()
    control.unsubscribe(judge)
    assert await court.refusal("p-clerk", "recess", kind="technical") == "hold_too_short"
    await grown(court, "HoldStarted")
    court.now += 59_999
    assert await court.refusal("p-clerk", "recess", kind="technical") == "hold_too_short"
    assert rights(clerk.of("State")[-1])["recess"] == "hold_too_short"
    court.now += 1
    assert await court.refusal("p-clerk", "recess") == "not_a_judge"
    assert await court.refusal("p-clerk", "close") == "not_a_judge"
    assert await court.refusal("p-plaintiff", "recess", kind="technical") == "not_a_judge"
    control.audience._tell_presence()
    assert rights(clerk.of("State")[-1])["recess"] is None
    await court.ack("p-clerk", "recess", kind="technical")
    assert await court.refusal("p-clerk", "resume") == "not_a_judge"
    assert control.state.hold_ms == 0
    await watch.close()


async def test_a_start_of_the_server_is_no_drop_and_the_judge_has_longer_to_come_back(court: Rig) -> None:
    await court.ack("p-judge", "open")
    again = court.restart()
    watch = watched(again, 0.01)
    await again.join("p-plaintiff")
    await asyncio.sleep(0.1)
    assert await kinds(again) == ["SessionOpened"]
    await watch.close()
    late = court.restart()
    watch = watched(late, 0.01, grace=0.05)
    await late.join("p-plaintiff")
    await grown(late, "HoldStarted")
    await watch.close()


async def test_a_hold_outlives_the_server_and_ends_with_the_judges_return(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await (await court.control()).record("court", lambda _state, now: (HoldStarted(now),))
    again = court.restart()
    watch = watched(again, 0.01)
    assert (await again.control()).state.hold_ms == court.now
    await again.join("p-judge")
    await grown(again, "HoldEnded")
    await watch.close()


async def test_a_hold_that_the_disk_refuses_is_entered_when_it_takes_writes(court: Rig) -> None:
    watch = watched(court, 0.01)
    judge = await court.join("p-judge")
    await court.ack("p-judge", "open")
    control = await court.control()
    court.disk.full = True
    before = court.disk.submitted
    control.unsubscribe(judge)
    await until(lambda: court.disk.submitted > before, "the hold was tried")
    court.disk.full = False
    await grown(court, "HoldStarted")
    await watch.close()


def rights(state: dict[str, object]) -> dict[str, object]:
    commands = state["commands"]
    assert isinstance(commands, list)
    return {each["command"]: each["reason"] for each in commands}
