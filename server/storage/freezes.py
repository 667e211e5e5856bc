"""SQL of freezes: where a transcript's barrier lies, the updates that came after it, how far each hearing has come.
Knows no digest and no file; of a log's header the kind alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError

from server.storage.commit_thread import StorageUnavailable
from server.storage.tables import control_log, documents, hearings, late_edits, updates

Write = Callable[[Connection], None]
DISK = (OSError, DBAPIError, StorageUnavailable)  # what a disk that refuses raises: waiting may help


@dataclass(frozen=True, slots=True)
class LateEdit:
    """An update that came after the freeze, as it would have been admitted."""

    document: str
    sha256: str
    hearing: str
    person: str
    data: bytes
    at: str


@dataclass(frozen=True, slots=True)
class LoggedPart:
    """A document's log from its first update to that of seq `until`."""

    updates: tuple[bytes, ...]
    until: int


def every_hearing(connection: Connection) -> list[str]:
    """The ids, in order."""
    return list(connection.scalars(select(hearings.c.id).order_by(hearings.c.id)))


def last_of(connection: Connection, hearing: str, kinds: Collection[str]) -> str | None:
    """Which of these kinds the log has last; looked for from its end, no payload read."""
    kind = func.json_extract(control_log.c.header, "$.kind")
    query = select(kind).where(control_log.c.hearing == hearing, kind.in_(kinds))
    return connection.scalar(query.order_by(control_log.c.seq.desc()).limit(1))


def barrier_of(connection: Connection, name: str, line: int) -> int | None:
    """The seq of the update that holds the procedure line of control event `line`; None when it is not written."""
    query = select(updates.c.seq).join(documents, documents.c.id == updates.c.document)
    return connection.scalar(query.where(documents.c.name == name, updates.c.line == line))


def logged(connection: Connection, name: str, until: int | None = None) -> LoggedPart:
    """The document's updates in order, up to `until` or to the last one there is."""
    query = select(updates.c.seq, updates.c.data).join(documents, documents.c.id == updates.c.document)
    query = query.where(documents.c.name == name).order_by(updates.c.seq)
    if until is not None:
        query = query.where(updates.c.seq <= until)
    rows = connection.execute(query).all()
    return LoggedPart(tuple(row.data for row in rows), rows[-1].seq if rows else 0)


def keep_late(edit: LateEdit) -> Write:
    """Put it aside; the same bytes for the same document only once."""
    return lambda connection: connection.execute(insert(late_edits).values(asdict(edit))) and None


def late_edits_of(connection: Connection, hearing: str) -> list[LateEdit]:
    """All that was put aside, in the order it came."""
    query = select(late_edits).where(late_edits.c.hearing == hearing).order_by(late_edits.c.at, late_edits.c.sha256)
    return [
        LateEdit(row.document, row.sha256, row.hearing, row.person, row.data, row.at)
        for row in connection.execute(query)
    ]
