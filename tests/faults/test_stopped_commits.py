"""Only the server's commit thread stands still: it reads and answers, and nothing is appended or acknowledged."""

import sqlite3
from contextlib import closing

import pytest

from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker
from tests.harness.stopped_thread import is_stopped, need_stopping, stopped, thread_named
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word

COMMITS = "yunting-commit"


@pytest.fixture(autouse=True)
def permitted() -> None:
    need_stopping()


def appended(server: ServerProcess) -> int:
    with closing(sqlite3.connect(server.data / "yunting.sqlite3")) as database:
        return database.execute("select count(*) from updates").fetchone()[0]


async def test_nothing_is_appended_while_the_commit_thread_stands_still(fresh_server: ServerProcess) -> None:
    hearing = fresh_server.demo.hearing
    writer = await CollabSpeaker.connect(fresh_server.url, hearing.transcript, hearing.clerk.token)
    await writer.in_step()
    add_turn(writer.doc, random_word())
    await writer.saved()
    thread = thread_named(fresh_server.pid, COMMITS)
    before = appended(fresh_server)
    with stopped(fresh_server.pid, thread):
        assert is_stopped(fresh_server.pid, thread)
        add_turn(writer.doc, words := random_word())
        writer.show({"id": hearing.clerk.id, "name": hearing.clerk.name, "mark": (mark := random_word())})
        await until(lambda: mark in repr(writer.states), "the answer to what was sent after the update")
        with fresh_server.http(hearing.judge.token) as http:
            assert http.get("/healthz").status_code == 200
            assert words not in http.get(f"/api/hearings/{hearing.id}/transcript").text
        assert not writer.all_acked
        assert appended(fresh_server) == before
    await writer.saved()
    assert appended(fresh_server) == before + 1
    with fresh_server.http(hearing.judge.token) as http:
        assert words in http.get(f"/api/hearings/{hearing.id}/transcript").text
    await writer.leave()
