"""The court's own writer: makes updates for turns it appends, on a fork, so that the living Doc changes only
through the room.
"""

from __future__ import annotations

import secrets

from pycrdt import TransactionEvent

from crdt_docs.document import Document
from crdt_docs.transcript import Turn, append_turn


def new_client() -> int:
    """A client id for one update, as every page load has its own."""
    return secrets.randbits(32)


def appended(document: Document, turns: list[Turn]) -> bytes:
    """The one update that appends these turns to the document as it is now."""
    fork = Document(document.name)
    fork.apply(document.diff(None))
    made: list[bytes] = []
    subscription = fork.doc.observe(lambda event: _keep(event, made))
    with fork.doc.transaction():
        for turn in turns:
            append_turn(fork.doc, turn)
    fork.doc.unobserve(subscription)
    (update,) = made
    return update


def _keep(event: TransactionEvent, made: list[bytes]) -> None:
    made.append(event.update)
