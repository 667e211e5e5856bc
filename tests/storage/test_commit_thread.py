"""The one writer: order, groups, errors that stay their own, and a disk that refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError, OperationalError

from server.storage import update_log
from server.storage.commit_thread import CommitThread, StorageUnavailable, UpdateRow
from server.storage.engine import DataInUse, DataLock, migrate, open_engine
from server.storage.tables import documents, people, updates


class Room:
    """A sink that remembers what it was told."""

    def __init__(self) -> None:
        self.committed_seqs: list[list[int]] = []
        self.failed_seqs: list[int] = []

    def committed(self, rows: list[UpdateRow]) -> None:
        self.committed_seqs.append([row.values[1] for row in rows])

    def failed(self, rows: list[UpdateRow], error: StorageUnavailable) -> None:
        self.failed_seqs += [row.values[1] for row in rows]


def row(room: Room, seq: int) -> UpdateRow:
    return UpdateRow((1, seq, b"\0\0", "p", 7, "2026-01-01T00:00:00.000Z", bytes(32), None), room, None)


@pytest.fixture
async def commits(tmp_path: Path) -> AsyncIterator[CommitThread]:
    engine = open_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
    migrate(engine)
    thread = CommitThread(engine)
    await thread.commit(update_log.ensure_document("h/transcript"))
    yield thread
    await thread.close()
    engine.dispose()


async def stored_seqs(commits: CommitThread) -> list[int]:
    return list(await commits.read(lambda connection: connection.scalars(select(updates.c.seq)).all()))


async def test_rows_and_writes_are_stored_in_the_order_they_were_submitted(commits: CommitThread) -> None:
    room = Room()
    seen: list[list[int]] = []
    commits.submit_update(row(room, 1))
    commits.submit(lambda connection: seen.append(list(connection.scalars(select(updates.c.seq)))), lambda _error: None)
    commits.submit_update(row(room, 2))
    await commits.commit(lambda _connection: None)
    assert seen[-1] == [1]
    assert [seq for group in room.committed_seqs for seq in group] == [1, 2]
    assert await stored_seqs(commits) == [1, 2]


async def test_what_waits_is_told_together(commits: CommitThread) -> None:
    room = Room()
    for seq in range(1, 101):
        commits.submit_update(row(room, seq))
    await commits.commit(lambda _connection: None)
    assert [seq for group in room.committed_seqs for seq in group] == list(range(1, 101))
    assert len(room.committed_seqs) < 100


async def test_an_error_of_one_write_stays_its_own(commits: CommitThread) -> None:
    room = Room()
    await commits.commit(lambda connection: connection.execute(people.insert().values(id="a", name="甲")))
    commits.submit_update(row(room, 1))
    twice = commits.commit(lambda connection: connection.execute(people.insert().values(id="a", name="乙")))
    other = commits.commit(lambda connection: connection.execute(people.insert().values(id="b", name="丙")))
    results = await asyncio.gather(twice, other, return_exceptions=True)
    assert isinstance(results[0], IntegrityError)
    assert results[1] is None
    assert await stored_seqs(commits) == [1]
    assert room.failed_seqs == []


async def test_a_refusing_disk_fails_everything_submitted_before_it_is_told(commits: CommitThread) -> None:
    room, health = Room(), list[bool]()
    commits.on_health.append(health.append)
    refuse = True

    def full(_connection: Connection) -> Any:
        if refuse:
            raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    commits.submit_update(row(room, 1))
    failing = commits.commit(full)
    commits.submit_update(row(room, 2))
    with pytest.raises(StorageUnavailable):
        await failing
    assert sorted(room.failed_seqs) == [1, 2]
    assert health == [False] and not commits.healthy
    refuse = False
    while not commits.healthy:
        await asyncio.sleep(0.01)
    commits.submit_update(row(room, 1))
    await commits.commit(full)
    assert await stored_seqs(commits) == [1]
    assert health == [False, True]


async def test_rows_reach_the_file_before_their_sink_is_told(commits: CommitThread, tmp_path: Path) -> None:
    found: list[list[int]] = []

    class Looking(Room):
        def committed(self, rows: list[UpdateRow]) -> None:
            engine = open_engine(f"sqlite:///{tmp_path / 'test.sqlite3'}")
            with engine.connect() as connection:
                found.append(list(connection.scalars(select(updates.c.seq))))
            engine.dispose()

    commits.submit_update(row(Looking(), 1))
    await commits.commit(lambda _connection: None)
    assert found == [[1]]


async def test_a_document_gets_one_id(commits: CommitThread) -> None:
    await commits.commit(update_log.ensure_document("h/transcript"))
    rows = await commits.read(lambda connection: connection.execute(select(documents)).all())
    assert [(each.id, each.name) for each in rows] == [(1, "h/transcript")]


def test_a_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    with pytest.raises(DataInUse, match="another server"):
        DataLock(tmp_path)
    lock.release()
    DataLock(tmp_path).release()
