"""Encodings that make the hearing's log provable, fixed from its first entry on: leaves (RFC 6962 form) and update
chains.

A leaf commits to the header and, salted, to the payload, so a copy may withhold a payload without breaking a proof.
A document's
chain head commits to every update of its log in order. All JSON is canonical (RFC 8785). Holds no log and no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

import rfc8785

SALT_BYTES = 32
HEADER_VERSION = 1
HEADER_KEYS = ("v", "hearing", "seq", "at", "kind", "actor", "heads")
_LEAF = b"\x00"  # RFC 6962, 2.1: leaves and inner nodes never hash alike
_CHAIN = b"yunting.updates/1\0"


def canonical(value: Mapping[str, Any]) -> bytes:
    """JCS (RFC 8785): the one way a header or payload is written; raises ValueError for what JSON cannot hold."""
    return rfc8785.dumps(dict(value))


def header(hearing: str, seq: int, at: str, kind: str, actor: str, heads: Mapping[str, str]) -> dict[str, Any]:
    """An entry's public part. `at`: RFC 3339; `heads`: document name -> chain head in hex, notes never among them."""
    values = (HEADER_VERSION, hearing, seq, at, kind, actor, dict(heads))
    return dict(zip(HEADER_KEYS, values, strict=True))


def payload_digest(salt: bytes, payload: bytes) -> bytes:
    """SHA-256(salt ‖ JCS(payload)); `payload` already canonical. Raises ValueError unless the salt has 32 bytes."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + payload).digest()


def leaf(header: bytes, digest: bytes) -> bytes:
    """SHA-256(0x00 ‖ JCS(header) ‖ payload digest); `header` already canonical."""
    return hashlib.sha256(_LEAF + header + digest).digest()


def leaf_of(header: Mapping[str, Any], salt: bytes, payload: Mapping[str, Any]) -> bytes:
    """The leaf of one entry of the log."""
    return leaf(canonical(header), payload_digest(salt, canonical(payload)))


def head0(document: str) -> bytes:
    """The chain head of a document without updates."""
    return hashlib.sha256(_CHAIN + document.encode()).digest()


def next_head(head: bytes, update: bytes, *, seq: int, person: str, client: int | None, at: str) -> bytes:
    """SHA-256(head ‖ SHA-256(update) ‖ JCS({seq, person, client, at})): the head after one more update.

    The JSON is written out here because every update passes through: keys in RFC 8785's order, integers below 2^53,
    strings
    escaped as JCS does; the tests hold it equal to the general encoder.
    """
    number = "null" if client is None else str(client)
    facts = f'{{"at":{encode_basestring(at)},"client":{number},"person":{encode_basestring(person)},"seq":{seq}}}'
    return hashlib.sha256(head + hashlib.sha256(update).digest() + facts.encode()).digest()
