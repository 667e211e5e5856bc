"""SQL of signing: one-time codes as digests, pictures of handwriting by their SHA-256; knows no key and no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from server.storage.tables import codes, handwriting

Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """One code that was sent. Times are RFC 3339, UTC, milliseconds; `digest` 32 bytes; `spent`: was the right one."""

    id: str
    hearing: str
    person: str
    digest: bytes
    sent_at: str
    wrong: int = 0
    spent: bool = False


def add_code(record: CodeRecord, forget_before: str) -> Write:
    """Keeps a new code; those sent before `forget_before` are forgotten."""

    def write(connection: Connection) -> None:
        connection.execute(delete(codes).where(codes.c.sent_at < forget_before))
        connection.execute(insert(codes).values(asdict(record)))

    return write


def codes_of(connection: Connection, person: str, since: str) -> list[CodeRecord]:
    """What was sent to a person from `since` on, in any hearing, the newest first."""
    query = select(codes).where(codes.c.person == person, codes.c.sent_at >= since)
    return [CodeRecord(*row) for row in connection.execute(query.order_by(literal_column("codes.rowid").desc()))]


def count_wrong(code: str, wrong: int) -> Write:
    return lambda connection: connection.execute(update(codes).where(codes.c.id == code).values(wrong=wrong)) and None


def spend(code: str) -> Write:
    return lambda connection: connection.execute(update(codes).where(codes.c.id == code).values(spent=True)) and None


def keep_handwriting(hearing: str, sha256: str, data: bytes) -> Write:
    """A picture is kept once for ever."""
    statement = insert_sqlite(handwriting).values(hearing=hearing, sha256=sha256, data=data).on_conflict_do_nothing()
    return lambda connection: connection.execute(statement) and None


def handwriting_of(connection: Connection, hearing: str) -> dict[str, bytes]:
    """Every picture of a hearing by its SHA-256 (hex)."""
    rows = connection.execute(select(handwriting).where(handwriting.c.hearing == hearing))
    return {row.sha256: row.data for row in rows}
