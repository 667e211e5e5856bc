"""The main job on real input: a whole hearing, from 开庭 to a record that is checked without the server.

Two different unmodified providers write the transcript, five kinds of reader follow, the judge's commands come from the
command line, the server is killed with keys of both clerks on their way, one clerk is offline for a minute and merges;
so is a party who marks up the evidence. In the end all copies equal the text turn by turn and every command's line is
there once. Then everybody signs, on pages and in terminals, and what is exported proves itself.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from crdt_docs.transcript import Turn
from tests.cli.terminal import Terminal, replayed
from tests.e2e.main_job_cast import (
    Desk,
    Follower,
    Line,
    PageReader,
    Reader,
    Watcher,
    as_lines,
    court_lines,
    crash,
    keys_reached,
    same,
)
from tests.e2e.main_job_evidence import Marking, at_once
from tests.e2e.main_job_plan import Section, alone, alternating, behind, sections
from tests.e2e.main_job_signing import Signing, every_change_is_reported, verified
from tests.e2e.page import Browser
from tests.e2e.signing_page import SigningRoom
from tests.harness.demo import DemoHearing
from tests.harness.server import ServerProcess
from tests.harness.waiting import until

QUICK = 12  # milliseconds between keys
UNHURRIED = 80  # so slow that a busy machine finds both clerks still typing when the server is killed
CORRECTION = Turn(
    "t-correction", "note", "", "", "2024-09-12T11:30:00+08:00", "", "补正：被告的还款为两笔，共20000元。"
)
OFFLINE = 60.0  # seconds


class Court:
    """The hearing with everybody in it."""

    def __init__(self, server: ServerProcess, hearing: DemoHearing, home: Path) -> None:
        self.server, self.hearing, self.home = server, hearing, home
        self.first = Desk("hocuspocus", server, hearing, hearing.person("clerk", 0))
        self.second = Desk("y-websocket", server, hearing, hearing.person("clerk", 1))
        self.judge = Terminal(home, url=server.url, token=hearing.judge.token)
        self.readers: dict[str, Reader] = {"first clerk": self.first, "second clerk": self.second}
        self.acked: list[tuple[str, int]] = []
        self.text: list[Turn] = []
        self.follower = Follower(server, hearing, hearing.person("agent", 1))
        self.watcher: Watcher
        self._stops = [self.first.stop, self.second.stop]

    async def command(self, name: str, *options: str) -> None:
        """Through `yunting control`; succeeds only when acknowledged and carried out."""
        done = await asyncio.to_thread(self.judge.json, "control", self.hearing.id, name, *options)
        assert done["applied_seq"] == done["seq"]
        self.acked.append((name, done["seq"]))

    async def let_readers_in(self, browser: Browser) -> None:
        """Those who may read from the opening on; the judge reads from the start."""
        person = self.hearing.person
        desk = await Desk("y-websocket", self.server, self.hearing, person("plaintiff")).connect()
        await self.follower.open()
        self.watcher = Watcher(self.server, self.hearing, person("defendant"), self.home)
        page = await asyncio.to_thread(browser.log_in, person("observer"))
        await asyncio.to_thread(page.enter, self.hearing.id)
        self.readers |= {
            "y-websocket": desk,
            "pycrdt.Provider": self.follower,
            "yunting watch": self.watcher,
            "page": PageReader(page),
        }
        self._stops += [desk.stop, self.watcher.stop]

    async def start(self) -> None:
        await self.first.connect()
        await self.second.connect()
        judge = await Desk("hocuspocus", self.server, self.hearing, self.hearing.judge).connect()
        self.readers["@hocuspocus/provider"] = judge
        self._stops.append(judge.stop)

    async def both(self, section: Section, turns: list[Turn], interval: int = QUICK) -> None:
        """The first clerk lays the section out; both type in it at once."""
        await self.first.lay_out(section.laid_out)
        self.text += turns
        await asyncio.gather(
            self.first.type(section.first, interval=interval, seed=len(self.text)),
            self.second.type(section.second, interval=interval, seed=-len(self.text)),
        )

    async def killed(self) -> None:
        """SIGKILL and a new start, with keys of both on their way."""
        await self.pace(UNHURRIED)
        await keys_reached(self.first, 5)
        await keys_reached(self.second, 5)
        async with crash(self.server, self.first, self.second):
            await self.pace(None)
            await self.follower.close()
        await self.follower.open()

    async def pace(self, milliseconds: int | None) -> None:
        for desk in (self.first, self.second):
            await desk.pace(milliseconds)

    def lines(self) -> list[Line]:
        return as_lines(self.text)

    def stop(self) -> None:
        for stop in self._stops:
            stop()


@asynccontextmanager
async def court_of(server: ServerProcess, home: Path) -> AsyncIterator[Court]:
    court = Court(server, server.demo.scheduled, home)
    try:
        await court.start()
        yield court
    finally:
        await court.follower.close()
        court.stop()


def people_by_label(server: ServerProcess, hearing: DemoHearing) -> dict[str, str]:
    """Printed label -> person id, the first who bears it."""
    with server.http(hearing.judge.token) as client:
        roster = client.get(f"/api/hearings/{hearing.id}").json()["roster"]
    return {one["label"]: one["person"] for one in reversed(roster)}


async def offline_minute(court: Court, parts: list[list[Turn]]) -> None:
    """The second clerk writes a section offline, slowly, for a minute; meanwhile the first goes on alone and the
    defendant is isolated and released."""
    loop = asyncio.get_running_loop()
    own, *others = parts
    await court.first.lay_out(alone(own[:1]).laid_out)
    await court.first.type(alone(own[:1]).first, interval=QUICK, seed=1)
    await same({"second clerk": court.second}, [*court.lines(), *as_lines(own[:1])], "before going offline")
    court.text += own
    await court.second.offline()
    began = loop.time()
    typing = asyncio.create_task(court.second.type(behind(own), interval=60, seed=2))
    await isolation(court, others[0])
    for turns in others[1:]:
        await write_alone(court, turns)
    await typing
    assert (await court.second.status())["connected"] is False
    await asyncio.sleep(max(0.0, began + OFFLINE - loop.time()))  # the minute itself is the test
    await court.second.online()


async def write_alone(court: Court, turns: list[Turn]) -> None:
    section = alone(turns)
    await court.first.lay_out(section.laid_out)
    await court.first.type(section.first, interval=QUICK, seed=len(turns))
    court.text += turns


async def isolation(court: Court, turns: list[Turn]) -> None:
    """What is typed between isolation and release reaches the defendant after the release and not before."""
    defendant = court.hearing.person("defendant").id
    await court.command("isolate", "--person", defendant)
    await until(lambda: not replayed(court.watcher.said), "the watch to clear its copy")
    told = len(court.watcher.said)
    await write_alone(court, turns)
    await court.first.saved()
    await court.command("release", "--person", defendant)
    await until(lambda: turns[-1].text in shown(court.watcher), "the transcript to come back whole")
    since = court.watcher.said[told:]
    release = next(n for n, one in enumerate(since) if one.get("header", {}).get("kind") == "Released")
    assert not [one for one in since[:release] if one["type"] in ("turn", "welcome", "state")]


def shown(watcher: Watcher) -> str:
    return json.dumps(replayed(watcher.said), ensure_ascii=False)


@pytest.mark.timeout(900)  # a whole hearing takes minutes, more beside others
async def test_two_clerks_write_the_whole_hearing(
    fresh_server: ServerProcess, browser: Browser, tmp_path: Path
) -> None:
    hearing = fresh_server.demo.scheduled
    parts = sections(people_by_label(fresh_server, hearing))
    assert sum(map(len, parts)) == 169
    async with court_of(fresh_server, tmp_path) as court:
        for turns in parts[:2]:
            await court.both(alternating(turns), turns)
        await same(court.readers, court.lines(), "before the opening")

        await court.command("open")
        await court.let_readers_in(browser)
        writing = asyncio.create_task(court.both(alternating(parts[2] + parts[3]), parts[2] + parts[3]))
        await court.killed()
        await writing
        await same(court.readers, court.lines(), "after the first kill")

        writing = asyncio.create_task(court.both(alternating(parts[4]), parts[4]))
        await court.command("recess", "--reason", "被告网络中断")
        await court.command("resume")
        await writing

        marking = await asyncio.to_thread(Marking, fresh_server, hearing, browser)
        await at_once(marking.together)
        await at_once(marking.go_offline)
        await offline_minute(court, parts[5:9])
        await at_once(marking.meanwhile)
        await at_once(marking.go_online)
        await same(court.readers, court.lines(), "after the minute offline")
        await at_once(marking.copies_agree)
        await marking.provider_agrees()

        rest = [turn for turns in parts[9:12] for turn in turns]
        writing = asyncio.create_task(court.both(alternating(rest), rest))
        await court.killed()
        await writing
        await court.command("close")
        await court.both(alternating(parts[12]), parts[12])
        await court.first.saved()

        await same(court.readers, court.lines(), "at the end")
        await everything_stands(court)
        await marking.provider_agrees()
        await the_record_proves_itself(court, marking, browser, tmp_path)


async def the_record_proves_itself(court: Court, marking: Marking, browser: Browser, home: Path) -> None:
    """Signed twice, since a correction was granted; refused by one; exported, and checked when the server is gone."""
    room = SigningRoom(browser, court.server, court.hearing)
    signing = Signing(room, home, marking.plaintiff, marking.defendant, marking.judge.page)
    await at_once(lambda: signing.start(1))
    await at_once(signing.first_version)
    await write_alone(court, [CORRECTION])
    await court.first.saved()
    await at_once(lambda: signing.start(2))
    await at_once(signing.second_version)
    await at_once(signing.refused)
    bundle, key = await asyncio.to_thread(signing.bundle), signing.court_key()
    court.server.stop()
    await asyncio.to_thread(verified, bundle, key, signing.receipt_of(court.hearing.clerk), home)
    await asyncio.to_thread(every_change_is_reported, bundle.read_bytes(), key)


async def everything_stands(court: Court) -> None:
    """Nobody was refused, every command has one line in every copy; and all of it still stands after one more kill."""
    lines = sorted(f"c{seq}" for _, seq in court.acked)
    assert [name for name, _ in court.acked] == ["open", "recess", "resume", "isolate", "release", "close"]
    await court_lines(court.readers, lines)
    for desk in (court.first, court.second):
        status = await desk.status()
        assert (status["denied"], status["closes"], status["stateless"]) == ([], [], [])
        assert status["corrections"] > 100
        assert status["connections"] >= 3  # the first, and one after each kill
    assert (await court.first.status())["unsynced"] == 0
    await asyncio.to_thread(court.server.restart)
    turns = stored(court.server, court.hearing)
    assert [turn for turn in turns if turn.kind != "procedure"] == court.text
    origins = sorted(turn.origin for turn in turns if turn.kind == "procedure")
    assert origins == sorted(f"control:{seq}" for _, seq in court.acked)
    assert sum(len(turn.text) for turn in court.text) > 5000


def stored(server: ServerProcess, hearing: DemoHearing) -> list[Turn]:
    """The server's own reading, with every attribute."""
    with server.http(hearing.judge.token) as client:
        return [Turn(**one) for one in client.get(f"/api/hearings/{hearing.id}/transcript").json()["turns"]]
