"""From the log to a room: rebuilding its gate and its Doc."""

from __future__ import annotations

import asyncio

from crdt_docs.document import Document
from crdt_docs.gate import Gate
from crdt_docs.shapes import TRANSCRIPT, Shape, annotations, notes
from server.hearing.documents import DocumentKind, DocumentName
from server.storage.update_log import StoredDocument
from server.sync.shared import Shared

STEP = 500  # updates replayed before the event loop gets a turn


def shape_of(name: DocumentName, shared: Shared) -> Shape:
    if name.kind is DocumentKind.TRANSCRIPT:
        return TRANSCRIPT
    extent = shared.extent_of(name.exhibit)
    return annotations(extent) if name.kind is DocumentKind.ANNOTATIONS else notes(name.person, extent)


async def load_gate(name: DocumentName, stored: StoredDocument, shared: Shared) -> Gate:
    """The gate's index from the checkpoint and every update after it; on a thread, for a long one takes seconds."""
    return await asyncio.to_thread(_load_gate, name, stored, shared)


def _load_gate(name: DocumentName, stored: StoredDocument, shared: Shared) -> Gate:
    gate = Gate(shape_of(name, shared), shared.bindings)
    if stored.checkpoint:
        gate.load_state(stored.checkpoint)
    for update in stored.updates:
        gate.replay(update.data, update.person)
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
