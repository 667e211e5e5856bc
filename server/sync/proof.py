"""Proving a checkpoint in a process of its own: the merged state and the log load to the same document.

A child, because pycrdt holds the interpreter while it loads: 5 s for a state of 30 MB, in which nobody could
type. The parent
writes the log's part and the state to its standard input, the child answers by its exit status alone.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable, Iterator

from crdt_docs.document import Document, DocumentBroken
from crdt_docs.updates import decode
from crdt_docs.wire.y_protocol import read_state_vector

SAME, DIFFERENT = 0, 3
PATIENCE = 300.0  # seconds for one proof


class ProofFailed(RuntimeError):
    """The child could not finish; nothing is known."""


async def loads_alike(log: Iterable[bytes], state: bytes) -> bool:
    """Whether the updates of `log`, applied in order, and `state` hold the same units and deletions."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "server.sync.proof", stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    sent = b"".join(len(part).to_bytes(8) + part for part in (state, *log))
    try:
        _, complaint = await asyncio.wait_for(child.communicate(sent), PATIENCE)
    except BaseException:
        if child.returncode is None:
            child.kill()
            await child.wait()
        raise
    if child.returncode not in (SAME, DIFFERENT):
        raise ProofFailed(f"exit status {child.returncode}: {complaint.decode(errors='replace')[-500:]}")
    return child.returncode == SAME


def same(one: Document, other: Document) -> bool:
    """Whether two Docs hold the same units and the same deletions (how a Doc is encoded is not determined)."""
    return _contents(one) == _contents(other)


def _contents(document: Document) -> tuple[dict[int, int], list[tuple[int, list[int], list[int]]]]:
    return read_state_vector(document.state_vector()), sorted(decode(document.diff(None)).deletes)


def _parts(given: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(given):
        size, at = int.from_bytes(given[at : at + 8]), at + 8
        yield given[at : at + size]
        at += size


def main() -> int:
    parts = _parts(sys.stdin.buffer.read())
    merged, logged = Document("state"), Document("log")
    try:
        merged.apply(next(parts))
        for update in parts:
            logged.apply(update)
    except DocumentBroken:
        return DIFFERENT
    return SAME if same(merged, logged) else DIFFERENT


if __name__ == "__main__":
    sys.exit(main())
