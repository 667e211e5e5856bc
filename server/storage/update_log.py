"""SQL of documents: their update log (evidence: only ever inserted), checkpoints beside it, and client id bindings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from server.storage.tables import bindings, checkpoints, documents, updates

Write = Callable[[Connection], None]


@dataclass(frozen=True, slots=True)
class LoggedUpdate:
    """One update as stored; `head` is the hash chain after it (32 bytes)."""

    seq: int
    data: bytes
    person: str
    head: bytes


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """What a room is rebuilt from: the checkpoint (empty when there is none that checks) and every update after it."""

    id: int
    checkpoint: bytes
    checkpoint_seq: int
    updates: tuple[LoggedUpdate, ...]
    seq: int
    head: bytes | None


def ensure_document(name: str) -> Write:
    return lambda connection: connection.execute(insert(documents).values(name=name).on_conflict_do_nothing()) and None


def bind(hearing: str, pairs: list[tuple[int, str]]) -> Write:
    """Remember client id -> person; a binding once made is never changed."""
    rows = [{"hearing": hearing, "client": client, "person": person} for client, person in pairs]
    return lambda connection: connection.execute(insert(bindings).on_conflict_do_nothing(), rows) and None


def bindings_of(connection: Connection, hearing: str) -> list[tuple[int, str]]:
    query = select(bindings.c.client, bindings.c.person).where(bindings.c.hearing == hearing)
    return [(row.client, row.person) for row in connection.execute(query)]


def document_id(connection: Connection, name: str) -> int | None:
    return connection.scalar(select(documents.c.id).where(documents.c.name == name))


def load(connection: Connection, name: str, *, whole: bool = False, until: int | None = None) -> StoredDocument | None:
    """The document as stored, from its checkpoint on (`whole`: from its first update on) to its last update (or that
    of seq `until`, not before the checkpoint's); None when there is none.
    """
    document = document_id(connection, name)
    if document is None:
        return None
    state, since = (b"", 0) if whole else _checkpoint(connection, document)
    columns = (updates.c.seq, updates.c.data, updates.c.person, updates.c.head)
    query = select(*columns).where(updates.c.document == document, updates.c.seq > since).order_by(updates.c.seq)
    if until is not None:
        query = query.where(updates.c.seq <= until)
    rows = tuple(LoggedUpdate(*row) for row in connection.execute(query))
    if rows:
        return StoredDocument(document, state, since, rows, rows[-1].seq, rows[-1].head)
    last = connection.execute(
        select(updates.c.seq, updates.c.head)
        .where(updates.c.document == document)
        .order_by(updates.c.seq.desc())
        .limit(1)
    ).one_or_none()
    return StoredDocument(document, state, since, (), last.seq if last else 0, last.head if last else None)


def _checkpoint(connection: Connection, document: int) -> tuple[bytes, int]:
    row = connection.execute(select(checkpoints).where(checkpoints.c.document == document)).one_or_none()
    if row is None or hashlib.sha256(row.state).digest() != row.sha256:
        return b"", 0
    return row.state, row.seq


def save_checkpoint(document: int, seq: int, state: bytes) -> Write:
    values = {"seq": seq, "state": state, "sha256": hashlib.sha256(state).digest()}
    statement = insert(checkpoints).values(document=document, **values)
    return lambda connection: (
        connection.execute(statement.on_conflict_do_update(index_elements=["document"], set_=values)) and None
    )


def lines_written(connection: Connection, name: str) -> set[int]:
    """Seqs of the control events whose procedure line is in this document's log (never read from the living text)."""
    query = (
        select(updates.c.line)
        .join(documents, documents.c.id == updates.c.document)
        .where(documents.c.name == name, updates.c.line.isnot(None))
    )
    return set(connection.scalars(query))


def heads_of(connection: Connection, hearing: str) -> dict[str, bytes]:
    """The hash chain's head of every document of a hearing that has updates."""
    names = select(documents.c.id, documents.c.name).where(documents.c.name.startswith(f"{hearing}/", autoescape=True))
    heads: dict[str, bytes] = {}
    for document, name in connection.execute(names).all():
        newest = select(updates.c.head).where(updates.c.document == document).order_by(updates.c.seq.desc()).limit(1)
        head = connection.scalar(newest)
        if head is not None:
            heads[name] = head
    return heads


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One update with everything that its place in the hash chain is made of."""

    seq: int
    data: bytes
    person: str
    client: int | None
    at: str
    head: bytes


def history(connection: Connection, name: str, since: int = 0) -> tuple[HistoryRow, ...]:
    """The update log of a document in order, after seq `since`; empty when there is none."""
    columns = (updates.c.seq, updates.c.data, updates.c.person, updates.c.client, updates.c.at, updates.c.head)
    query = select(*columns).join(documents, documents.c.id == updates.c.document).where(documents.c.name == name)
    query = query.where(updates.c.seq > since)
    return tuple(HistoryRow(*row) for row in connection.execute(query.order_by(updates.c.seq)))
