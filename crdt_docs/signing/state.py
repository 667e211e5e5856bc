"""A frozen document as CRDT state: rebuilt from its log, named by its snapshot, restored from its bytes.

A snapshot (state vector and delete set) binds no content by itself; with the update's bytes it does. Reads no log.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import rfc8785

from crdt_docs.document import Document
from crdt_docs.updates import DELETED, GC, Update, decode
from crdt_docs.varint import Malformed

from .strict_json import loads

Spans = dict[int, list[tuple[int, int]]]  # client -> (first clock, end clock), disjoint and ascending


class StateMismatch(Exception):
    """The bytes make another state than they should; the message says where."""


def rebuild(name: str, updates: Iterable[bytes]) -> bytes:
    """All of a document as one update: the log's updates applied one after the other to a fresh Document.

    Updates are never joined bytewise here, and each must be taken whole: an update that rests on one which the log does
    not have would wait in pycrdt without a word. Raises StateMismatch, DocumentBroken, Malformed.
    """
    document = Document(name)
    clocks: dict[int, int] = {}
    deletes: Spans = {}
    for update in updates:
        document.apply(update)
        decoded = decode(update)
        clocks.update({client: max(clock, clocks.get(client, 0)) for client, clock in _clocks(decoded).items()})
        for client, spans in _deletes(decoded).items():
            deletes.setdefault(client, []).extend(spans)
    whole = document.diff()
    try:
        _demand(decode(whole), clocks, deletes)
    except Malformed as error:  # what pycrdt keeps waiting leaves a hole, which no document of ours has
        raise StateMismatch(f"the document is not whole: {error}") from None
    return whole


def _demand(whole: Update, clocks: dict[int, int], deletes: Spans) -> None:
    """The document may have deleted more (what was written into a deleted turn), but lacks nothing."""
    if _clocks(whole) != clocks:
        raise StateMismatch("the log lacks an update that another one rests on")
    found = _deletes(whole)
    for client, spans in deletes.items():
        both = _merged([*found.get(client, []), *spans])
        if both != found.get(client, []):
            raise StateMismatch(f"a deletion in the log was not carried out (client {client})")


def _clocks(update: Update) -> dict[int, int]:
    return {client: end for client, _, end, _, _ in update.blocks}


def _deletes(update: Update) -> Spans:
    """The delete set, and what the structs themselves say is gone."""
    found: Spans = {client: list(zip(starts, ends, strict=True)) for client, starts, ends in update.deletes}
    for (client, clock, _, _, _), structs in zip(update.blocks, update.structs, strict=True):
        for struct in structs:
            if struct[0] in (GC, DELETED):
                found.setdefault(client, []).append((clock, clock + struct[1]))
            clock += struct[1]
    return {client: _merged(spans) for client, spans in found.items()}


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ascending; spans that touch or overlap are one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def snapshot(update: bytes) -> bytes:
    """JCS of {"state_vector": {client: clock}, "deletes": {client: [[clock, length] …]}}, ascending and merged.

    `update` holds the whole document; the same state has the same snapshot however its update is encoded. Raises
    Malformed, StateMismatch for an update that begins in the middle.
    """
    decoded = decode(update)
    if any(clock for _, clock, _, _, _ in decoded.blocks):
        raise StateMismatch("the update does not hold the whole document")
    deletes = {
        str(client): [[start, end - start] for start, end in spans] for client, spans in _deletes(decoded).items()
    }
    vector = {str(client): clock for client, clock in _clocks(decoded).items()}
    return rfc8785.dumps({"state_vector": vector, "deletes": deletes})


def state_sha256(update: bytes) -> str:
    """SHA-256 of the snapshot's bytes, in hex."""
    return hashlib.sha256(snapshot(update)).hexdigest()


def update_sha256(update: bytes) -> str:
    """SHA-256 of the stored bytes as they are: with the snapshot they bind the content."""
    return hashlib.sha256(update).hexdigest()


def restore(update: bytes, wanted: bytes, name: str = "restored") -> Document:
    """The document of a frozen version from its bytes. Raises StateMismatch unless it has exactly the wanted snapshot,
    before and after pycrdt has taken it."""
    try:
        found = snapshot(update)
    except Malformed as error:
        raise StateMismatch(f"the update is unreadable: {error}") from None
    _compare(found, wanted)
    document = Document(name)
    document.apply(update)
    _compare(snapshot(document.diff()), wanted)
    return document


def _compare(found: bytes, wanted: bytes) -> None:
    if found == wanted:
        return
    ours, theirs = loads(found), _readable(wanted)
    for part in ("state_vector", "deletes"):
        differing = {client for client, value in ours[part].items() if theirs[part].get(client) != value}
        differing |= theirs[part].keys() - ours[part].keys()
        if differing:
            raise StateMismatch(f"{part} differs for client {min(differing)}")
    raise StateMismatch("the snapshot is not canonical")


def _readable(snapshot: bytes) -> dict[str, dict[str, Any]]:
    try:
        found: Any = loads(snapshot)
        return {part: dict(found[part]) for part in ("state_vector", "deletes")}
    except (ValueError, KeyError, TypeError) as error:
        raise StateMismatch(f"the snapshot is unreadable: {error}") from None
