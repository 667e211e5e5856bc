"""y-protocols: sync and awareness messages, as y-websocket sends one per WebSocket frame. Pure; decides nothing.

Source: y-protocols PROTOCOL.md (sync, awareness); message numbers of y-websocket.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from crdt_docs.wire.varint import BadFrame, read_bytes, read_text, read_varuint, var_bytes, var_text, varuint

MOST_AWARENESS_ENTRIES = 10_000  # in one frame: an unmodified client re-sends everybody it knows


class Message(IntEnum):
    SYNC = 0
    AWARENESS = 1
    AUTH = 2
    QUERY_AWARENESS = 3


class Sync(IntEnum):
    STEP1 = 0
    STEP2 = 1
    UPDATE = 2


@dataclass(frozen=True, slots=True)
class AwarenessEntry:
    """One client's state: `state` is JSON text, "null" when the client has gone."""

    client: int
    clock: int
    state: str


KEEPALIVE = bytes((Message.AWARENESS, 1, 0))  # an awareness update of nobody: data, so that providers stay


def read_sync(data: bytes, at: int) -> tuple[int, bytes]:
    """-> (Sync kind, state vector or update); the message ends the frame, else BadFrame."""
    kind, at = read_varuint(data, at)
    payload, at = read_bytes(data, at)
    if kind > Sync.UPDATE or at != len(data):
        raise BadFrame("no sync message")
    return kind, payload


def step1(state_vector: bytes) -> bytes:
    return b"\x00\x00" + var_bytes(state_vector)


def step2(update: bytes) -> bytes:
    return b"\x00\x01" + var_bytes(update)


def update(data: bytes) -> bytes:
    return b"\x00\x02" + var_bytes(data)


def awareness(entries: list[AwarenessEntry]) -> bytes:
    """The message of these states, numbered as it stands in a frame of either wire."""
    parts = [varuint(len(entries))]
    for entry in entries:
        parts += (varuint(entry.client), varuint(entry.clock), var_text(entry.state))
    return bytes((Message.AWARENESS,)) + var_bytes(b"".join(parts))


def read_awareness(data: bytes, at: int) -> list[AwarenessEntry]:
    """The entries of an awareness message that ends the frame; BadFrame otherwise."""
    payload, at = read_bytes(data, at)
    if at != len(data):
        raise BadFrame("bytes after the awareness update")
    count, at = read_varuint(payload, 0)
    if count > MOST_AWARENESS_ENTRIES:
        raise BadFrame("too many awareness entries")
    entries: list[AwarenessEntry] = []
    for _ in range(count):
        client, at = read_varuint(payload, at)
        clock, at = read_varuint(payload, at)
        state, at = read_text(payload, at)
        entries.append(AwarenessEntry(client, clock, state))
    if at != len(payload):
        raise BadFrame("bytes after the awareness entries")
    return entries


def read_state_vector(data: bytes) -> dict[int, int]:
    """Client id -> next clock; BadFrame unless every byte belongs to it and no client comes twice."""
    count, at = read_varuint(data, 0)
    if count > len(data):
        raise BadFrame("more clients than bytes")
    vector: dict[int, int] = {}
    for _ in range(count):
        client, at = read_varuint(data, at)
        clock, at = read_varuint(data, at)
        vector[client] = clock
    if at != len(data) or len(vector) != count:
        raise BadFrame("no state vector")
    return vector


def state_vector(vector: dict[int, int]) -> bytes:
    parts = [varuint(len(vector))]
    for client, clock in vector.items():
        parts += (varuint(client), varuint(clock))
    return b"".join(parts)
