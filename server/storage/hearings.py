"""SQL of hearings, their participants and their exhibits; knows no rule of the court."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from server.storage.tables import control_log, exhibits, hearings, participants, people

Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class ParticipantRecord:
    """A person's place in one hearing; `label` is what the transcript prints, `represents` a person id or empty."""

    person: str
    name: str
    role: str
    label: str
    represents: str


@dataclass(frozen=True, slots=True)
class HearingRecord:
    """A hearing as scheduled: what never follows from its log. `starts_at` is RFC 3339."""

    id: str
    case_number: str
    title: str
    court: str
    starts_at: str
    options: dict[str, Any]
    participants: tuple[ParticipantRecord, ...]


@dataclass(frozen=True, slots=True)
class ExhibitRecord:
    """An exhibit's entry in the list of one hearing."""

    id: str
    number: int
    title: str


_PLACES = (
    select(participants, people.c.name)
    .join(people, people.c.id == participants.c.person)
    .order_by(participants.c.position, participants.c.person)
)


def hearing_record(connection: Connection, hearing: str) -> HearingRecord | None:
    """One hearing with everybody in it, in the order of the list; None when there is none of that id."""
    row = connection.execute(select(hearings).where(hearings.c.id == hearing)).one_or_none()
    if row is None:
        return None
    places = connection.execute(_PLACES.where(participants.c.hearing == hearing))
    return _hearing(row, tuple(_participant(place) for place in places))


def hearing_records(connection: Connection, person: str | None = None) -> list[HearingRecord]:
    """Every hearing, or those `person` has a place in, the earliest start first."""
    query = select(hearings.c.id).order_by(hearings.c.starts_at, hearings.c.id)
    if person is not None:
        mine = select(participants.c.hearing).where(participants.c.person == person)
        query = query.where(hearings.c.id.in_(mine))
    ids = connection.scalars(query).all()
    return [record for record in (hearing_record(connection, each) for each in ids) if record]


def exhibit_records(connection: Connection, hearing: str) -> list[ExhibitRecord]:
    """The exhibits of one hearing by number; the refused have none and are left out."""
    numbered = (exhibits.c.hearing == hearing, exhibits.c.number > 0)
    rows = connection.execute(select(exhibits).where(*numbered).order_by(exhibits.c.number))
    return [ExhibitRecord(row.id, row.number, row.title) for row in rows]


def add_hearing(record: HearingRecord, listed: Iterable[ExhibitRecord] = ()) -> Write:
    """Adds a hearing with its participants and exhibits in one step; one that is there already stays as it is."""
    head = {
        "id": record.id,
        "case_number": record.case_number,
        "title": record.title,
        "court": record.court,
        "starts_at": record.starts_at,
        "options": json.dumps(record.options, ensure_ascii=False, sort_keys=True),
    }
    places = [_place(record.id, position, place) for position, place in enumerate(record.participants)]
    papers = [{"hearing": record.id, "id": each.id, "number": each.number, "title": each.title} for each in listed]

    def write(connection: Connection) -> None:
        for table, rows in ((hearings, [head]), (participants, places), (exhibits, papers)):
            if rows:
                connection.execute(insert_sqlite(table).on_conflict_do_nothing(), rows)

    return write


def move_start(hearing: str, starts_at: str) -> Write:
    """Sets the start of a hearing in which nothing has happened yet; changes nothing once its log has an entry."""
    begun = select(control_log.c.seq).where(control_log.c.hearing == hearing).exists()

    def write(connection: Connection) -> None:
        connection.execute(update(hearings).where(hearings.c.id == hearing, ~begun).values(starts_at=starts_at))

    return write


def _place(hearing: str, position: int, place: ParticipantRecord) -> dict[str, Any]:
    return {
        "hearing": hearing,
        "person": place.person,
        "position": position,
        "role": place.role,
        "label": place.label,
        "represents": place.represents,
    }


def _hearing(row: Row[Any], places: tuple[ParticipantRecord, ...]) -> HearingRecord:
    options = json.loads(row.options)
    return HearingRecord(row.id, row.case_number, row.title, row.court, row.starts_at, options, places)


def _participant(row: Row[Any]) -> ParticipantRecord:
    return ParticipantRecord(row.person, row.name, row.role, row.label, row.represents)
