"""From the log to a room and back: rebuilding gate and Doc, checkpoints that are checked before they are kept."""

from __future__ import annotations

import asyncio

from crdt_docs.document import Document
from crdt_docs.gate import Bindings, Gate
from crdt_docs.shapes import ANNOTATIONS, TRANSCRIPT, Shape, notes
from crdt_docs.updates import decode
from crdt_docs.wire.y_protocol import read_state_vector
from server.hearing.documents import DocumentKind, DocumentName
from server.storage.update_log import StoredDocument

STEP = 500  # updates replayed before the event loop gets a turn


def shape_of(name: DocumentName) -> Shape:
    if name.kind is DocumentKind.TRANSCRIPT:
        return TRANSCRIPT
    return ANNOTATIONS if name.kind is DocumentKind.ANNOTATIONS else notes(name.person)


async def load_gate(name: DocumentName, stored: StoredDocument, bindings: Bindings) -> Gate:
    """The gate's index from the checkpoint and every update after it."""
    gate = Gate(shape_of(name), bindings)
    if stored.checkpoint:
        gate.load_state(stored.checkpoint)
    for number, update in enumerate(stored.updates, 1):
        gate.replay(update.data, update.person)
        if number % STEP == 0:
            await asyncio.sleep(0)
    return gate


async def load_document(name: DocumentName, stored: StoredDocument) -> Document:
    """The Doc from the checkpoint and every update after it; raises DocumentBroken."""
    document = Document(str(name))
    if stored.checkpoint:
        document.apply(stored.checkpoint)
    for number, update in enumerate(stored.updates, 1):
        document.apply(update.data)
        if number % STEP == 0:
            await asyncio.sleep(0)
    return document


def checked_state(document: Document, gate: Gate) -> bytes:
    """The merged state, proven by loading it: a fresh Doc agrees with the living one and with the gate's index.

    Raises RuntimeError when they do not: then the log stays the only source.
    """
    state = document.diff(None)
    fresh = Document("checkpoint")
    fresh.apply(state)
    if not same(fresh, document) or read_state_vector(fresh.state_vector()) != gate.state_vector():
        raise RuntimeError("the merged state does not load to the same document")
    return state


def same(one: Document, other: Document) -> bool:
    """Whether two Docs hold the same units and the same deletions (how a Doc is encoded is not determined)."""
    return _contents(one) == _contents(other)


def _contents(document: Document) -> tuple[dict[int, int], list[tuple[int, list[int], list[int]]]]:
    return read_state_vector(document.state_vector()), sorted(decode(document.diff(None)).deletes)
