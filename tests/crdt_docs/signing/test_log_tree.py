"""The log's encodings, against bytes written out by hand and hashed with hashlib alone."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.signing import log_tree

SALT = bytes(range(32))


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_a_leaf_is_the_hash_of_header_and_salted_payload() -> None:
    header = log_tree.header(
        "h-1",
        2,
        "2024-09-12T01:30:00.000Z",
        "Isolated",
        "p-judge",
        {"h-1/transcript": "00ff", "h-1/annotations/e1": "aa"},
    )
    payload = {"person": "p-2", "from": "IN_COURT", "reason": "扰乱“法庭”\\秩序"}
    header_bytes = (
        b'{"actor":"p-judge","at":"2024-09-12T01:30:00.000Z",'
        b'"heads":{"h-1/annotations/e1":"aa","h-1/transcript":"00ff"},'
        b'"hearing":"h-1","kind":"Isolated","seq":2,"v":1}'
    )
    payload_bytes = '{"from":"IN_COURT","person":"p-2","reason":"扰乱“法庭”\\\\秩序"}'.encode()
    expected = sha(b"\x00" + header_bytes + sha(SALT + payload_bytes))
    assert log_tree.canonical(header) == header_bytes
    assert log_tree.canonical(payload) == payload_bytes
    assert log_tree.leaf_of(header, SALT, payload) == expected
    assert log_tree.leaf(header_bytes, log_tree.payload_digest(SALT, payload_bytes)) == expected


def test_a_known_leaf_stays_what_it_is() -> None:
    """The encoding is fixed from the first entry on: this value may never change."""
    header = log_tree.header("h", 1, "2024-01-01T00:00:00.000Z", "SessionClosed", "p", {})
    by_hand = (
        b'\x00{"actor":"p","at":"2024-01-01T00:00:00.000Z","heads":{},"hearing":"h",'
        b'"kind":"SessionClosed","seq":1,"v":1}'
    )
    leaf = log_tree.leaf_of(header, bytes(32), {})
    assert leaf == sha(by_hand + sha(bytes(32) + b"{}"))
    assert leaf.hex() == "59d67dcb40f7cfc5ac1f1887cb1c81a7e688ebac3d769716f4c99507595a4729"


@pytest.mark.parametrize("part", ["header", "salt", "payload"])
def test_every_part_is_bound(part: str) -> None:
    parts: dict[str, Any] = {"header": {"seq": 1}, "salt": SALT, "payload": {"a": 1}}
    changed: dict[str, Any] = {"header": {"seq": 2}, "salt": bytes(32), "payload": {"a": 2}}
    assert log_tree.leaf_of(**parts) != log_tree.leaf_of(**{**parts, part: changed[part]})


@pytest.mark.parametrize("salt", [b"", bytes(31), bytes(33)])
def test_a_salt_has_32_bytes(salt: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        log_tree.payload_digest(salt, b"{}")


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError):
        log_tree.canonical({"reason": "\ud800"})


def test_the_chain_of_a_document_by_hand() -> None:
    head = sha(b"yunting.updates/1\0" + b"h-1/transcript")
    assert log_tree.head0("h-1/transcript") == head
    facts = b'{"at":"2024-09-12T01:30:00.000Z","client":123,"person":"p-clerk","seq":1}'
    one = sha(head + sha(b"update one") + facts)
    assert (
        log_tree.next_head(head, b"update one", seq=1, person="p-clerk", client=123, at="2024-09-12T01:30:00.000Z")
        == one
    )
    facts = b'{"at":"2024-09-12T01:30:01.000Z","client":null,"person":"court","seq":2}'
    two = sha(one + sha(b"") + facts)
    assert log_tree.next_head(one, b"", seq=2, person="court", client=None, at="2024-09-12T01:30:01.000Z") == two


@given(
    st.integers(0, 2**53 - 1),
    st.text(),
    st.one_of(st.none(), st.integers(0, 2**53 - 1)),
    st.text(),
    st.binary(max_size=64),
)
def test_the_written_out_json_equals_the_general_encoder(
    seq: int, person: str, client: int | None, at: str, update: bytes
) -> None:
    facts = rfc8785.dumps({"seq": seq, "person": person, "client": client, "at": at})
    expected = sha(SALT + sha(update) + facts)
    assert log_tree.next_head(SALT, update, seq=seq, person=person, client=client, at=at) == expected
