"""A freeze in the middle of writing tears nothing, and one that is interrupted is done again, once."""

import asyncio
import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.faults.freeze_loop import RACING, FreezeLoop, page
from tests.harness.demo import DemoHearing
from tests.harness.fixtures import MakeServer
from tests.harness.freezes import agrees, frozen_copy, log_of, of_kind, past_review
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking
from tests.media_link.processes import children

FREEZES = 20


async def test_twenty_freezes_while_three_write_tear_and_lose_nothing(make_server: MakeServer) -> None:
    with page() as digests:
        report = await FreezeLoop(make_server(env=RACING).start(), 20, digests).run(FREEZES)
    assert (report.freezes, report.torn, report.lost) == (FREEZES, [], set())
    assert report.frozen_words > FREEZES
    assert report.too_late > 0, "no freeze came between two words: the loop proves nothing"


def lines_of(server: ServerProcess, hearing: DemoHearing) -> Counter[str]:
    with server.http(hearing.judge.token) as client:
        turns = client.get(f"/api/hearings/{hearing.id}/transcript").raise_for_status().json()["turns"]
    return Counter(turn["origin"] for turn in turns if turn["origin"].startswith("control:"))


def at_once(_server: ServerProcess, _folder: Path) -> bool:
    return True


def while_printing(server: ServerProcess, _folder: Path) -> bool:
    """A child process of the server is there: the typesetter."""
    return bool(children(server.pid))


def first_file_begun(_server: ServerProcess, folder: Path) -> bool:
    return folder.exists()


def last_file_there(_server: ServerProcess, folder: Path) -> bool:
    return (folder / "transcript.pdf").exists()


STEPS = (at_once, while_printing, first_file_begun, last_file_there)


@pytest.mark.parametrize("step", STEPS, ids=[step.__name__ for step in STEPS])
def test_killed_at_a_step_of_the_freeze_it_is_done_once_after_the_restart(
    make_server: MakeServer, step: Callable[[ServerProcess, Path], bool]
) -> None:
    server = make_server(env=RACING).start()
    hearing = server.demo.hearing
    folder = server.data / "frozen" / hearing.id / "v1"
    assert server.command(hearing.judge.token, hearing.id, "start_signing").status_code == 200
    until_blocking(lambda: step(server, folder), step.__name__, 60)
    server.restart()
    assert past_review(server, hearing) == "SIGNING"
    server.restart()
    assert past_review(server, hearing) == "SIGNING"
    entries = log_of(server, hearing)
    (started,), (frozen,) = of_kind(entries, "SigningStarted"), of_kind(entries, "Frozen")
    assert frozen["payload"]["of"] == started["header"]["seq"]
    assert of_kind(entries, "FreezeFailed") == []
    agrees(frozen_copy(server.data, hearing.id, frozen["payload"]))
    assert lines_of(server, hearing)[f"control:{started['header']['seq']}"] == 1


def test_killed_during_a_freeze_it_is_done_by_the_next_start_although_nobody_comes(make_server: MakeServer) -> None:
    server = make_server(env=RACING).start()
    hearing = server.demo.hearing
    assert server.command(hearing.judge.token, hearing.id, "start_signing").status_code == 200
    server.kill()
    assert kinds_on_disk(server.data, hearing.id)[-1] == "SigningStarted", "killed too late: the test proves nothing"
    server.is_demo = False  # the demo would ask for its hearing
    server.start()
    until_blocking(lambda: kinds_on_disk(server.data, hearing.id)[-1] == "Frozen", "the freeze", 120)
    assert kinds_on_disk(server.data, hearing.id).count("Frozen") == 1
    (frozen,) = of_kind(log_of(server, hearing), "Frozen")
    agrees(frozen_copy(server.data, hearing.id, frozen["payload"]))


def kinds_on_disk(data: Path, hearing: str) -> list[str]:
    """As the log lies there: no request wakes the server."""
    with closing(sqlite3.connect(f"file:{data / 'yunting.sqlite3'}?mode=ro", uri=True)) as opened:
        rows = opened.execute("SELECT header FROM control_log WHERE hearing = ? ORDER BY seq", (hearing,))
        return [json.loads(header)["kind"] for (header,) in rows]


async def test_started_again_and_again_with_kills_each_start_has_one_outcome(make_server: MakeServer) -> None:
    """Kills at any moment of the whole, the command included."""
    server = make_server(env=RACING).start()
    hearing = server.demo.hearing
    for number in range(4):
        killing = asyncio.get_running_loop().call_later(0.15 * (number + 1), server.kill)
        with contextlib.suppress(OSError, httpx.HTTPError):
            await asyncio.to_thread(server.command, hearing.judge.token, hearing.id, "start_signing")
        await asyncio.to_thread(server.wait)
        killing.cancel()
        server.start()
        if await asyncio.to_thread(past_review, server, hearing) == "SIGNING":
            answer = server.command(hearing.judge.token, hearing.id, "reopen", reason="补正")
            assert answer.status_code == 200, answer.text
    entries = log_of(server, hearing)
    outcomes = [entry["payload"]["of"] for entry in of_kind(entries, "Frozen")]
    assert outcomes == [entry["header"]["seq"] for entry in of_kind(entries, "SigningStarted")]
    versions = [entry["payload"]["v"] for entry in of_kind(entries, "Frozen")]
    assert versions == list(range(1, len(versions) + 1))
    for entry in of_kind(entries, "Frozen"):
        agrees(frozen_copy(server.data, hearing.id, entry["payload"]))
