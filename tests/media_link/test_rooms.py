"""Rooms in a real media process, entered without sockets: how many it takes, and that it keeps none for nobody."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from media.limits import ROOMS
from server.control import HearingControl
from server.hearing import commands
from server.media.link import MediaRefused
from server.media.rooms import MediaRooms
from tests.endpoints.serving import HEARING, OTHER, Serving, serving
from tests.harness.waiting import until

PATIENCE = 120.0
AT_ONCE = 20


class Guest:
    """A member as a socket would be one: `heard` is how it was received and ended, in order."""

    def __init__(self, rooms: MediaRooms, person: str) -> None:
        self.id, self.person, self._rooms = rooms.new_id(), person, rooms
        self.heard: list[str] = []
        self.room: Any = None

    def enter(self, control: HearingControl, *, echo: bool = False) -> Guest:
        self.room = self._rooms.enter(control, self, echo=echo)
        return self

    def leave(self) -> None:
        self._rooms.leave(self.room, self)

    def send(self, message: dict[str, Any]) -> None:
        assert message["type"] == "Quality", message  # of a line that has no connection

    def known(self) -> None:
        self.heard.append("known")

    def end(self, reason: str) -> None:
        self.heard.append(reason)
        self.leave()

    async def answered(self) -> str:
        await until(lambda: self.heard, "a word from the media process", PATIENCE)
        return self.heard[0]


def kinds(control: HearingControl) -> list[str]:
    return [entry.event.kind for entry in control.entries]


async def entry(control: HearingControl, kind: str) -> dict[str, Any]:
    await until(lambda: kind in kinds(control), kind, PATIENCE)
    return next(each.payload for each in control.entries if each.event.kind == kind)


async def test_a_room_too_many_is_refused_to_its_people_and_harms_nobody_else(tmp_path: Path) -> None:
    async with serving(tmp_path) as court:
        rooms, judge, party = court.app.state.media, court.person("judge"), court.person("plaintiff")
        control, other = [await court.app.state.hearings.get(name) for name in (HEARING, OTHER)]
        await court.open_session()
        sitting = Guest(rooms, judge).enter(control)
        assert await sitting.answered() == "known"
        tests: list[Guest] = []
        while len(tests) < ROOMS - 1:  # not all at once: a process that does not answer in time is ended
            more = range(len(tests), min(len(tests) + AT_ONCE, ROOMS - 1))
            tests += [Guest(rooms, f"p-{number}").enter(other, echo=True) for number in more]
            assert {await each.answered() for each in tests} == {"known"}
        late = Guest(rooms, judge).enter(other)
        one_more = Guest(rooms, "p-more").enter(other, echo=True)
        assert (await late.answered(), await one_more.answered()) == ("too_many", "too_many")
        told = await control.execute(judge, commands.Isolate(party), connected={judge, party})
        assert told.applied_seq == told.seq
        assert (await entry(control, "StreamsCut"))["measured"], "the process is the same, and in step"
        assert "MediaStopped" not in kinds(control)
        assert await entry(other, "MediaStopped") == {"reason": "refused"}
        tests.pop().leave()
        assert await Guest(rooms, judge).enter(other).answered() == "known"
        assert all(each.heard == ["known"] for each in (sitting, *tests))


async def test_a_room_that_everybody_has_left_is_closed(tmp_path: Path) -> None:
    async with serving(tmp_path) as court:
        rooms, judge = court.app.state.media, court.person("judge")
        rooms.kept_empty = 0.0
        control = await court.app.state.hearings.get(OTHER)
        first, second = (Guest(rooms, person).enter(control) for person in (judge, court.person("clerk")))
        assert (await first.answered(), await second.answered()) == ("known", "known")
        assert kinds(control) == ["MediaStarted"], "in the log before anybody is let in"
        first.leave()
        assert (await rooms.stats(OTHER))["peers"].keys() == {second.id}
        second.leave()
        assert await entry(control, "MediaStopped") == {"reason": "everybody_left"}
        with pytest.raises(MediaRefused, match="no_room"):
            await rooms.stats(OTHER)
        assert await Guest(rooms, judge).enter(control).answered() == "known"
        assert kinds(control) == ["MediaStarted", "MediaStopped", "MediaStarted"]
        assert (await rooms.stats(OTHER))["seq"] == control.seq - 1


async def test_whoever_comes_back_soon_finds_the_room_as_it_was(tmp_path: Path) -> None:
    async with serving(tmp_path) as court:
        rooms, judge = court.app.state.media, court.person("judge")
        control = await court.app.state.hearings.get(OTHER)
        for _ in range(3):
            guest = Guest(rooms, judge).enter(control)
            assert await guest.answered() == "known"
            guest.leave()
        assert kinds(control) == ["MediaStarted"]


async def test_while_a_hearing_is_recorded_its_room_stays(tmp_path: Path) -> None:
    async with serving(tmp_path) as court:
        await sits_and_leaves(court)


async def sits_and_leaves(court: Serving) -> None:
    rooms, judge = court.app.state.media, court.person("judge")
    rooms.kept_empty = 0.0
    await court.open_session()
    control = await court.app.state.hearings.get(HEARING)
    guest = Guest(rooms, judge).enter(control)
    assert await guest.answered() == "known"
    guest.leave()
    for _ in range(3):
        assert (await rooms.stats(HEARING))["peers"] == {}
        await asyncio.sleep(0)
    await control.execute(judge, commands.Recess(reason="休息"), connected={judge})
    await entry(control, "MediaStopped")
    order = [kind for kind in kinds(control) if kind in ("MediaStarted", "SessionRecessed", "MediaStopped")]
    assert order == ["MediaStarted", "SessionRecessed", "MediaStopped"]
