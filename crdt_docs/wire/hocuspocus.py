"""The Hocuspocus protocol: many documents on one socket, each frame led by its document's key. Pure; decides nothing.

Source: @hocuspocus/provider 4.x (MessageReceiver, OutgoingMessages) and @hocuspocus/common (auth, routing
key). A key is the
document's name, or name + NUL + provider session when the provider multiplexes several of one name.
"""

from __future__ import annotations

from enum import IntEnum

from crdt_docs.wire.varint import BadFrame, read_bytes, read_text, read_varuint, var_text, varuint

LONGEST_KEY = 512  # bytes


class Message(IntEnum):
    SYNC = 0
    AWARENESS = 1
    AUTH = 2
    QUERY_AWARENESS = 3
    STATELESS = 5
    CLOSE = 7
    SYNC_STATUS = 8
    PING = 9
    PONG = 10


PING = bytes((Message.PING,))
PONG = bytes((Message.PONG,))


def read_key(data: bytes) -> tuple[bytes, int]:
    """-> (document key as sent, position of the message type); BadFrame when it cannot be read."""
    key, at = read_bytes(data, 0)
    if not key or len(key) > LONGEST_KEY:
        raise BadFrame("no document key")
    return key, at


def document_name(key: bytes) -> str:
    """The document's name in a key; BadFrame when it is no UTF-8."""
    try:
        return key.partition(b"\0")[0].decode()
    except UnicodeDecodeError:
        raise BadFrame("document name is not UTF-8") from None


def prefix(key: bytes) -> bytes:
    """What stands before every message of this document."""
    return varuint(len(key)) + key


def read_token(data: bytes, at: int) -> str:
    """The token of an Auth message (its kind 0); the provider's version may follow."""
    kind, at = read_varuint(data, at)
    if kind != 0:
        raise BadFrame("no token")
    token, _ = read_text(data, at)
    return token


def authenticated(*, read_only: bool) -> bytes:
    return b"\x02\x02" + var_text("readonly" if read_only else "read-write")


def permission_denied(reason: str) -> bytes:
    return b"\x02\x01" + var_text(reason)


def sync_status(*, saved: bool) -> bytes:
    return b"\x08\x01" if saved else b"\x08\x00"


def close(reason: str) -> bytes:
    return b"\x07" + var_text(reason)


def stateless(payload: str) -> bytes:
    return b"\x05" + var_text(payload)
