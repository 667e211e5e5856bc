"""What is kept of hearings, people and sessions, on a real SQLite file."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from server.demo import cast
from server.storage import control_log
from server.storage.engine import migrate, open_engine
from server.storage.hearings import (
    add_hearing,
    exhibit_records,
    hearing_record,
    hearing_records,
    move_start,
)
from server.storage.people import (
    PersonRecord,
    SessionRecord,
    add_people,
    add_session,
    people_records,
    person_record,
    remove_sessions,
    session_records,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PEOPLE = [PersonRecord(part.id, part.name) for part in cast.CAST]
HEARING = cast.in_session(NOW)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite3'}")
    migrate(engine)
    with engine.connect() as connection:
        add_people(PEOPLE)(connection)
        yield connection
    engine.dispose()


def test_people_are_added_once_and_keep_their_name(connection: Connection) -> None:
    add_people([PersonRecord(PEOPLE[0].id, "别名"), PersonRecord("p-new", "新人")])(connection)
    assert {each.id: each.name for each in people_records(connection)}[PEOPLE[0].id] == PEOPLE[0].name
    assert person_record(connection, "p-new") == PersonRecord("p-new", "新人")
    assert person_record(connection, "p-none") is None


def test_a_hearing_comes_back_as_it_was_put_in(connection: Connection) -> None:
    add_hearing(HEARING, cast.EXHIBITS)(connection)
    assert hearing_record(connection, HEARING.id) == HEARING
    assert exhibit_records(connection, HEARING.id) == list(cast.EXHIBITS)
    assert hearing_record(connection, "h-none") is None


def test_a_hearing_that_is_there_is_not_changed(connection: Connection) -> None:
    add_hearing(HEARING, cast.EXHIBITS)(connection)
    fewer = replace(HEARING, title="另一标题", participants=HEARING.participants[:1])
    add_hearing(fewer, cast.EXHIBITS[:1])(connection)
    assert hearing_record(connection, HEARING.id) == HEARING
    assert len(exhibit_records(connection, HEARING.id)) == 2


def test_hearings_are_found_by_person_the_earliest_first(connection: Connection) -> None:
    later = replace(HEARING, id="h-later", starts_at="2026-03-03T01:00:00.000Z", participants=HEARING.participants[:2])
    for each in (later, HEARING):
        add_hearing(each)(connection)
    judge, observer = HEARING.participants[0].person, HEARING.participants[-1].person
    assert [each.id for each in hearing_records(connection, judge)] == [HEARING.id, "h-later"]
    assert [each.id for each in hearing_records(connection, observer)] == [HEARING.id]
    assert hearing_records(connection, "p-none") == []
    assert [each.id for each in hearing_records(connection)] == [HEARING.id, "h-later"]


def test_the_start_moves_only_while_nothing_has_happened(connection: Connection) -> None:
    add_hearing(HEARING)(connection)
    move_start(HEARING.id, "2026-03-05T01:00:00.000Z")(connection)
    moved = hearing_record(connection, HEARING.id)
    assert moved == replace(HEARING, starts_at="2026-03-05T01:00:00.000Z")
    control_log.append([control_log.LogRow(HEARING.id, 1, "{}", bytes(32), "{}", bytes(32))])(connection)
    move_start(HEARING.id, "2026-03-09T01:00:00.000Z")(connection)
    assert hearing_record(connection, HEARING.id) == moved


def test_sessions_are_kept_until_they_are_removed(connection: Connection) -> None:
    first = SessionRecord("s1", PEOPLE[0].id, "2026-03-02T01:00:00.000Z", "2026-03-03T01:00:00.000Z")
    second = SessionRecord("s2", PEOPLE[0].id, "2026-03-02T00:00:00.000Z", "2026-03-03T00:00:00.000Z")
    for each in (first, second):
        add_session(each)(connection)
    assert session_records(connection) == [second, first]
    remove_sessions(["s1", "s-none"])(connection)
    assert session_records(connection) == [second]
