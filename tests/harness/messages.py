"""Encoders and decoders of both wires, written apart from the server so that one cannot hide the faults of the other.

It owns bytes only: never a socket, never a document. Numbers: Hocuspocus provider 4.x, y-protocols 1.x.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

SYNC, AWARENESS, AUTH, QUERY_AWARENESS, STATELESS, CLOSE, SYNC_STATUS, PING, PONG = 0, 1, 2, 3, 5, 7, 8, 9, 10
STEP1, STEP2, UPDATE = 0, 1, 2
TOKEN, DENIED, AUTHENTICATED = 0, 1, 2
NOTHING = b"\x00\x00"  # an update without structs and deletions
EMPTY_VECTOR = b"\x00"


def varuint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(128 | (number & 127))
        number >>= 7
    out.append(number)
    return bytes(out)


def varbytes(content: bytes) -> bytes:
    return varuint(len(content)) + content


def varstring(text: str) -> bytes:
    return varbytes(text.encode())


class Reader:
    """Reads lib0 values from the start of `content`; IndexError or ValueError when it runs out."""

    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def uint(self) -> int:
        number = shift = 0
        while True:
            byte = self.content[self.at]
            self.at += 1
            number |= (byte & 127) << shift
            if byte < 128:
                return number
            shift += 7

    def rest(self) -> bytes:
        return self.content[self.at :]

    def bytes(self) -> bytes:
        length = self.uint()
        if self.at + length > len(self.content):
            raise ValueError(f"{length} bytes promised, {len(self.content) - self.at} left")
        self.at += length
        return self.content[self.at - length : self.at]

    def string(self) -> str:
        return self.bytes().decode()


def sync(step: int, content: bytes) -> bytes:
    """A sync message's body without the document name: what `/yjs` carries as it is."""
    return bytes((SYNC, step)) + varbytes(content)


def awareness(states: Mapping[int, tuple[int, object]]) -> bytes:
    """client -> (clock, state or None)."""
    body = b"".join(
        varuint(client) + varuint(clock) + varstring(json.dumps(state, ensure_ascii=False))
        for client, (clock, state) in states.items()
    )
    return bytes((AWARENESS,)) + varbytes(varuint(len(states)) + body)


def read_awareness(content: bytes) -> dict[int, tuple[int, object]]:
    reader = Reader(content)
    states = {}
    for _ in range(reader.uint()):
        client, clock = reader.uint(), reader.uint()
        states[client] = (clock, json.loads(reader.string()))
    return states


def named(document: str, body: bytes) -> bytes:
    """The same message on `/collab`."""
    return varstring(document) + body


def authentication(document: str, token: str) -> bytes:
    return named(document, bytes((AUTH, TOKEN)) + varstring(token) + varstring("4.8.0"))


def stateless(document: str, payload: str) -> bytes:
    return named(document, bytes((STATELESS,)) + varstring(payload))


def leave(document: str) -> bytes:
    return named(document, bytes((CLOSE,)))


@dataclass(frozen=True, slots=True)
class Message:
    """One decoded message of either wire; `document` is empty on `/yjs` and for a bare ping."""

    document: str
    kind: int
    step: int = -1  # sync step, or the auth answer
    content: bytes = b""
    text: str = ""
    saved: bool = False


def read_body(document: str, reader: Reader) -> Message:
    kind = reader.uint()
    if kind == SYNC:
        step = reader.uint()
        return Message(document, kind, step, reader.bytes())
    if kind == AWARENESS:
        return Message(document, kind, content=reader.bytes())
    if kind == AUTH:
        step = reader.uint()
        return Message(document, kind, step, text=reader.string() if step != TOKEN else "")
    if kind in (STATELESS, CLOSE):
        return Message(document, kind, text=reader.string())
    if kind == SYNC_STATUS:
        return Message(document, kind, saved=reader.uint() == 1)
    return Message(document, kind)


def read_yjs(content: bytes) -> Message:
    return read_body("", Reader(content))


def read_collab(content: bytes) -> Message:
    if content in (bytes((PING,)), bytes((PONG,))):
        return Message("", content[0])
    reader = Reader(content)
    return read_body(reader.string(), reader)


def state_vector(content: bytes) -> dict[int, int]:
    reader = Reader(content)
    return {reader.uint(): reader.uint() for _ in range(reader.uint())}
