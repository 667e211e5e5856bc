"""The client while the server is killed, frozen and restarted under it: nothing lost, nothing twice."""

import itertools
import json
import os
import signal
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Running, Terminal, replayed
from tests.harness.server import ServerProcess


@pytest.fixture
def server(fresh_server: ServerProcess) -> ServerProcess:
    return fresh_server


@pytest.fixture
def clerk(server: ServerProcess, tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, url=server.url, token=server.demo.hearing.clerk.token)


def texts(server: ServerProcess) -> list[str]:
    with server.http(server.demo.hearing.judge.token) as client:
        turns = client.get(f"/api/hearings/{server.demo.hearing.id}/transcript").json()["turns"]
    return [turn["text"] for turn in turns]


def saved(running: Running) -> list[str]:
    return [one["text"] for one in running.said if one["saved"]]


def word() -> str:
    return uuid.uuid4().hex


def test_watch_goes_on_after_the_server_was_killed_and_restarted_twice(server: ServerProcess, clerk: Terminal) -> None:
    hearing = server.demo.hearing.id
    watching = clerk.start("watch", hearing, "--json")
    try:
        for _ in range(3):
            text = word()
            clerk.json("append", hearing, text)
            watching.wait_for(lambda text=text: replayed(watching.said)[-1:] and
                              replayed(watching.said)[-1]["text"] == text, "the new turn")  # fmt: skip
            server.restart()
        watching.wait_for(lambda: losses(watching.said) >= 3 and is_connected(watching.said), "the third return")
        assert [turn["text"] for turn in replayed(watching.said)] == texts(server)
        assert watching.interrupt() == 0
    finally:
        watching.stop()


def losses(said: list[dict[str, Any]]) -> int:
    lines = [one for one in said if one["type"] == "connection" and one["which"] == "transcript"]
    return sum(before["connected"] and not after["connected"] for before, after in itertools.pairwise(lines))


def is_connected(said: list[dict[str, Any]]) -> bool:
    lines = [one["connected"] for one in said if one["type"] == "connection" and one["which"] == "transcript"]
    return lines[-1]


def test_watch_goes_on_after_a_clean_end_of_the_server(server: ServerProcess, clerk: Terminal) -> None:
    hearing = server.demo.hearing.id
    watching = clerk.start("watch", hearing, "--json")
    try:
        watching.wait_for(lambda: replayed(watching.said), "the beginning")
        assert server.terminate() == 0
        server.start()
        text = word()
        clerk.json("append", hearing, text)
        watching.wait_for(lambda: replayed(watching.said)[-1]["text"] == text, "the new turn")
        reasons = {one["why"] for one in watching.said if one["type"] == "connection" and not one["connected"]}
        assert "1012" in reasons
    finally:
        watching.stop()


def test_watch_tells_people_of_a_loss_and_of_the_return_once(server: ServerProcess, clerk: Terminal) -> None:
    watching = clerk.start("watch", server.demo.hearing.id, "--last", "3")
    try:
        watching.wait_for(lambda: len(watching.lines) == 6, "head, gap, day and three turns")
        server.kill()
        watching.wait_for(lambda: watching.noise, "word of the loss")
        server.start()
        watching.wait_for(lambda: len(watching.noise) > 1, "word of the return")
        assert ["lost" in watching.noise[0], "again" in watching.noise[1], len(watching.noise)] == [True, True, 2]
        assert len(watching.lines) == 6
    finally:
        watching.stop()


def test_lines_typed_while_the_server_is_down_are_saved_once(server: ServerProcess, clerk: Terminal) -> None:
    running = clerk.start("append", server.demo.hearing.id, "-", "--json")
    lines = [word() for _ in range(6)]
    try:
        for at, line in enumerate(lines):
            if at % 2:
                server.kill()
            running.type(line + "\n")
            if at % 2:
                server.start()
            running.wait_for(lambda at=at: len(saved(running)) == at + 1, "the line saved")
        running.end_input()
        assert running.wait() == 0
    finally:
        running.stop()
    assert [text for text in texts(server) if text in lines] == lines


def test_an_edit_on_its_way_when_the_server_dies_is_saved_once(server: ServerProcess, clerk: Terminal) -> None:
    """Frozen first, so that the frames are sent and unanswered when it is killed."""
    running = clerk.start("append", server.demo.hearing.id, "-", "--json")
    first, second = word(), word()
    try:
        running.type(first + "\n")
        running.wait_for(lambda: saved(running) == [first], "the first line saved")
        os.kill(server.pid, signal.SIGSTOP)
        running.type(second + "\n")
        running.end_input()
        server.restart()
        assert running.wait() == 0, running.noise
    finally:
        running.stop()
    assert [text for text in texts(server) if text in (first, second)] == [first, second]


def test_an_edit_that_gets_no_answer_is_not_called_saved(server: ServerProcess, clerk: Terminal) -> None:
    running = clerk.start("append", server.demo.hearing.id, "-", "--json", "--patience", "3")
    try:
        running.type("first\n")
        running.wait_for(lambda: saved(running) == ["first"], "the first line saved")
        os.kill(server.pid, signal.SIGSTOP)
        running.type("second\n")
        assert running.wait() == 5
    finally:
        running.stop()
        os.kill(server.pid, signal.SIGCONT)
    assert saved(running) == ["first"]
    assert [one["text"] for one in running.said if not one["saved"]] == ["second"]
    assert json.loads("".join(running.noise))["code"] == "not_saved"


def test_control_with_the_server_gone_ends_with_4(server: ServerProcess, clerk: Terminal) -> None:
    server.kill()
    done = clerk.run("control", server.demo.hearing.id, "recess", "--json")
    assert (done.returncode, done.stdout) == (4, "")
    assert json.loads(done.stderr)["code"] == "no_connection"
