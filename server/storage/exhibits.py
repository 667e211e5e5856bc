"""SQL of exhibits that have files: what was handed in, in which order, and what intake found; reads no file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert

from server.storage.tables import exhibits

Write = Callable[[Connection], None]


class ExhibitState(StrEnum):
    """How far an exhibit has come: named only, on disk, ready to be looked at, or refused."""

    LISTED = "listed"
    RECEIVED = "received"
    READY = "ready"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One exhibit of one hearing. `code`: why it was refused; `number` is 0 then."""

    hearing: str
    id: str
    number: int
    title: str
    purpose: str = ""
    offered_by: str = ""
    name: str = ""
    uploaded_by: str = ""
    uploaded_at: str = ""
    size: int = 0
    sha256: str = ""
    pages: int = 0
    state: ExhibitState = ExhibitState.LISTED
    code: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What intake decided: refused with a `code`, or so many pages with these warnings."""

    pages: int = 0
    code: str = ""
    warnings: tuple[str, ...] = ()


def exhibits_of(connection: Connection, hearing: str) -> list[Exhibit]:
    """All of one hearing by number, the refused last."""
    order = (exhibits.c.number == 0, exhibits.c.number, exhibits.c.uploaded_at, exhibits.c.id)
    rows = connection.execute(select(exhibits).where(exhibits.c.hearing == hearing).order_by(*order))
    return [_exhibit(row) for row in rows]


def exhibit(connection: Connection, hearing: str, exhibit_id: str) -> Exhibit | None:
    row = connection.execute(select(exhibits).where(*_is(hearing, exhibit_id))).one_or_none()
    return _exhibit(row) if row else None


def unfinished(connection: Connection) -> list[Exhibit]:
    """Those whose intake has not ended, the oldest first."""
    waiting = exhibits.c.state == ExhibitState.RECEIVED
    rows = connection.execute(select(exhibits).where(waiting).order_by(exhibits.c.uploaded_at, exhibits.c.id))
    return [_exhibit(row) for row in rows]


def ready(connection: Connection) -> list[Exhibit]:
    """Those that can be looked at."""
    rows = connection.execute(select(exhibits).where(exhibits.c.state == ExhibitState.READY))
    return [_exhibit(row) for row in rows]


def files_in_use(connection: Connection) -> set[str]:
    """SHA-256 of every original that an exhibit stands on."""
    return set(connection.scalars(select(exhibits.c.sha256).where(exhibits.c.sha256 != "").distinct()))


def add_exhibit(new: Exhibit) -> Write:
    """Adds it with the next number; one that is only listed gets its file and keeps its number and title; one that
    has a file already stays as it is."""
    handed_in = {
        "purpose": new.purpose,
        "offered_by": new.offered_by,
        "name": new.name,
        "uploaded_by": new.uploaded_by,
        "uploaded_at": new.uploaded_at,
        "size": new.size,
        "sha256": new.sha256,
        "state": ExhibitState.RECEIVED.value,
    }

    def write(connection: Connection) -> None:
        number = _highest(connection, new.hearing) + 1
        row = {"hearing": new.hearing, "id": new.id, "number": number, "title": new.title, **handed_in}
        unfiled = exhibits.c.state == ExhibitState.LISTED
        statement = insert(exhibits).values(row)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["hearing", "id"], set_=handed_in, where=unfiled)
        )

    return write


def settle(hearing: str, exhibit_id: str, verdict: Verdict) -> Write:
    """What intake decided. A refused exhibit gives its number up; those behind it move up."""
    state = ExhibitState.REFUSED if verdict.code else ExhibitState.READY
    values: dict[str, Any] = {
        "pages": verdict.pages,
        "code": verdict.code,
        "warnings": json.dumps(verdict.warnings),
        "state": state.value,
    }
    open_still = (*_is(hearing, exhibit_id), exhibits.c.state == ExhibitState.RECEIVED)

    def write(connection: Connection) -> None:
        connection.execute(update(exhibits).where(*open_still).values(values))
        if verdict.code:
            _take_out(connection, hearing, exhibit_id)

    return write


def take_in_again(hearing: str, exhibit_id: str) -> Write:
    """A ready exhibit waits for intake once more; its number stays."""
    is_ready = (*_is(hearing, exhibit_id), exhibits.c.state == ExhibitState.READY)
    statement = update(exhibits).where(*is_ready).values(state=ExhibitState.RECEIVED.value)
    return lambda connection: connection.execute(statement) and None


def describe(hearing: str, exhibit_id: str, changed: Mapping[str, str | int]) -> Write:
    """A clerk's changes of `title`, `purpose` and `number`, which moves the exhibit there (the last place when it is
    beyond) and the others along."""
    texts = {name: value for name, value in changed.items() if name != "number"}

    def write(connection: Connection) -> None:
        if texts:
            connection.execute(update(exhibits).where(*_is(hearing, exhibit_id)).values(texts))
        if "number" in changed:
            _move(connection, hearing, exhibit_id, int(changed["number"]))

    return write


def _move(connection: Connection, hearing: str, exhibit_id: str, number: int) -> None:
    order = [each for each in _numbered(connection, hearing) if each != exhibit_id]
    order.insert(max(0, number - 1), exhibit_id)
    _number(connection, hearing, order)


def _take_out(connection: Connection, hearing: str, exhibit_id: str) -> None:
    connection.execute(update(exhibits).where(*_is(hearing, exhibit_id)).values(number=0))
    _number(connection, hearing, _numbered(connection, hearing))


def _numbered(connection: Connection, hearing: str) -> list[str]:
    query = select(exhibits.c.id).where(exhibits.c.hearing == hearing, exhibits.c.number > 0)
    return list(connection.scalars(query.order_by(exhibits.c.number, exhibits.c.id)))


def _number(connection: Connection, hearing: str, order: list[str]) -> None:
    for number, each in enumerate(order, 1):
        statement = update(exhibits).where(*_is(hearing, each), exhibits.c.number != number)
        connection.execute(statement.values(number=number))


def _highest(connection: Connection, hearing: str) -> int:
    return connection.scalar(select(func.max(exhibits.c.number)).where(exhibits.c.hearing == hearing)) or 0


def _is(hearing: str, exhibit_id: str) -> tuple[Any, Any]:
    return exhibits.c.hearing == hearing, exhibits.c.id == exhibit_id


def _exhibit(row: Row[Any]) -> Exhibit:
    values = dict(row._mapping)
    values["state"] = ExhibitState(values["state"])
    values["warnings"] = tuple(json.loads(values["warnings"]))
    return Exhibit(**values)
