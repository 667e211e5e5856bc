"""Hearings with every role there is, put into a stopped server's database; tokens derived as the server derives them.

It owns the rows it adds. One hearing lets observers read, its twin does not; the third is for people who are removed.
"""

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.hearing.state import Role
from server.people.credentials import Use, credential, load_key

EXHIBIT = "mx1"
OPEN, SHUT, GONE = "matrix-open", "matrix-shut", "matrix-gone"
DATABASE = "yunting.sqlite3"
TWO_OF = (Role.CLERK,)  # roles of which a hearing has two


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    role: str  # empty: has a login, but no part in the hearing
    name: str
    token: str


@dataclass(frozen=True, slots=True)
class FullHearing:
    id: str
    members: tuple[Member, ...]

    def of(self, role: str) -> Member:
        return next(member for member in self.members if member.role == role)

    @property
    def transcript(self) -> str:
        return f"{self.id}/transcript"

    @property
    def annotations(self) -> str:
        return f"{self.id}/annotations/{EXHIBIT}"

    def notes(self, person: str) -> str:
        return f"{self.id}/notes/{person}/{EXHIBIT}"


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cast() -> list[tuple[str, str]]:
    """(person id, role); the last one has no part in any hearing."""
    members = [(f"mx-{role.value}", role.value) for role in Role]
    members += [(f"mx-second-{role.value}", role.value) for role in TWO_OF]
    return [*members, ("mx-outsider", "")]


def insert_people(database: sqlite3.Connection, people: list[tuple[str, str]]) -> None:
    now = datetime.now(UTC)
    for person, _ in people:
        database.execute("INSERT INTO people (id, name) VALUES (?, ?)", (person, f"人 {person}"))
        row = (f"s-{person}", person, stamp(now), stamp(now + timedelta(hours=20)))
        database.execute("INSERT INTO sessions (id, person, created_at, expires_at) VALUES (?, ?, ?, ?)", row)


def insert_hearing(database: sqlite3.Connection, hearing: str, people: list[tuple[str, str]], options: object) -> None:
    row = (hearing, "（2026）测0001民初1号", "权限", "测试法院", stamp(datetime.now(UTC)), json.dumps(options))
    columns = "(id, case_number, title, court, starts_at, options)"
    database.execute(f"INSERT INTO hearings {columns} VALUES (?, ?, ?, ?, ?, ?)", row)
    exhibit = (hearing, EXHIBIT, 1, "证据")
    database.execute("INSERT INTO exhibits (hearing, id, number, title) VALUES (?, ?, ?, ?)", exhibit)
    for position, (person, role) in enumerate(people):
        if role:
            place = (hearing, person, position, role)
            database.execute("INSERT INTO participants (hearing, person, position, role) VALUES (?, ?, ?, ?)", place)


def add_to(data: Path) -> tuple[FullHearing, FullHearing, FullHearing]:
    """(observers read, observers do not read, for the removed); the server must not be running."""
    people, key = cast(), load_key(data)
    with sqlite3.connect(data / DATABASE) as database:
        insert_people(database, people)
        insert_hearing(database, OPEN, people, {"bench": "panel", "observers_read": True})
        insert_hearing(database, SHUT, people, {"bench": "panel", "observers_read": False})
        insert_hearing(database, GONE, people, {"bench": "panel", "observers_read": True})
    database.close()
    members = tuple(
        Member(person, role, f"人 {person}", credential(key, Use.TOKEN, f"s-{person}")) for person, role in people
    )
    return FullHearing(OPEN, members), FullHearing(SHUT, members), FullHearing(GONE, members)
