"""SQL of people and their login sessions; knows no credential and no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from server.storage.tables import people, sessions

Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person the server knows; `id` is the name documents and logs use."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A login session as kept: times are RFC 3339, UTC."""

    id: str
    person: str
    created_at: str
    expires_at: str


def people_records(connection: Connection) -> list[PersonRecord]:
    """Everybody, in order of id."""
    rows = connection.execute(select(people.c.id, people.c.name).order_by(people.c.id))
    return [PersonRecord(row.id, row.name) for row in rows]


def person_record(connection: Connection, person: str) -> PersonRecord | None:
    """One person by id."""
    row = connection.execute(select(people.c.id, people.c.name).where(people.c.id == person)).one_or_none()
    return PersonRecord(row.id, row.name) if row else None


def add_people(records: Iterable[PersonRecord]) -> Write:
    """Adds those who are not there yet; whoever is there keeps the name on file."""
    rows = [{"id": record.id, "name": record.name} for record in records]

    def write(connection: Connection) -> None:
        connection.execute(insert_sqlite(people).on_conflict_do_nothing(), rows)

    return write


def session_records(connection: Connection) -> list[SessionRecord]:
    """Every session, the oldest first."""
    columns = (sessions.c.id, sessions.c.person, sessions.c.created_at, sessions.c.expires_at)
    rows = connection.execute(select(*columns).order_by(sessions.c.created_at, sessions.c.id))
    return [SessionRecord(row.id, row.person, row.created_at, row.expires_at) for row in rows]


def add_session(record: SessionRecord) -> Write:
    """Adds one session."""
    row = {
        "id": record.id,
        "person": record.person,
        "created_at": record.created_at,
        "expires_at": record.expires_at,
    }

    def write(connection: Connection) -> None:
        connection.execute(insert(sessions), row)

    return write


def remove_sessions(ids: Iterable[str]) -> Write:
    """Removes sessions that were ended or have run out; unknown ids are no error."""
    wanted = tuple(ids)

    def write(connection: Connection) -> None:
        connection.execute(delete(sessions).where(sessions.c.id.in_(wanted)))

    return write
