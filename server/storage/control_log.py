"""SQL of the hearings' control logs: entries are inserted once and never changed; knows no encoding and no rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, insert, select

from server.storage.tables import control_log

Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class LogRow:
    """One entry as stored: header and payload in canonical JSON, 32 bytes of salt, 32 bytes of leaf."""

    hearing: str
    seq: int
    header: str
    salt: bytes
    payload: str
    leaf: bytes


def append(rows: Sequence[LogRow], beside: Write | None = None) -> Write:
    """Insert the entries, and what is written `beside` them; raises IntegrityError when the hearing has an entry of
    such a seq already.
    """

    def write(connection: Connection) -> None:
        connection.execute(insert(control_log), [asdict(row) for row in rows])
        if beside is not None:
            beside(connection)

    return write


def entries(connection: Connection, hearing: str, after: int = 0) -> tuple[LogRow, ...]:
    """The entries with a seq above `after`, in order."""
    chosen = select(control_log).where(control_log.c.hearing == hearing, control_log.c.seq > after)
    rows = connection.execute(chosen.order_by(control_log.c.seq))
    return tuple(LogRow(row.hearing, row.seq, row.header, row.salt, row.payload, row.leaf) for row in rows)
