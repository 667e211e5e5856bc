"""Frames of both wires: what is written is read again, and no bytes but a frame's are taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.wire import hocuspocus, y_protocol
from crdt_docs.wire.varint import BadFrame, read_bytes, read_text, read_varuint, var_bytes, var_text, varuint
from crdt_docs.wire.y_protocol import AwarenessEntry
from server.websocket import frame, text_frame

numbers = st.integers(0, 2**53 - 1)
entries = st.lists(st.builds(AwarenessEntry, numbers, numbers, st.text(max_size=40)), max_size=8)


@given(numbers)
def test_a_number_is_read_as_written(number: int) -> None:
    assert read_varuint(varuint(number), 0) == (number, len(varuint(number)))


@given(st.binary(max_size=300))
def test_bytes_are_read_as_written(data: bytes) -> None:
    assert read_bytes(var_bytes(data), 0) == (data, len(var_bytes(data)))


@given(st.text(max_size=100))
def test_text_is_read_as_written(text: str) -> None:
    assert read_text(var_text(text), 0)[0] == text


@given(entries)
def test_awareness_is_read_as_written(states: list[AwarenessEntry]) -> None:
    assert y_protocol.read_awareness(y_protocol.awareness(states), 1) == states


@given(st.dictionaries(numbers, numbers, max_size=8))
def test_a_state_vector_is_read_as_written(vector: dict[int, int]) -> None:
    assert y_protocol.read_state_vector(y_protocol.state_vector(vector)) == vector


@given(st.binary(max_size=64))
def test_any_bytes_are_a_frame_or_a_bad_frame(data: bytes) -> None:
    for read in (y_protocol.read_sync, y_protocol.read_awareness, hocuspocus.read_token):
        try:
            read(data, 0)
        except BadFrame:
            continue


@pytest.mark.parametrize(
    "data",
    [b"", b"\x80", b"\xff" * 9, varuint(3) + b"ab", b"\xff\xff\xff\xff\xff\xff\xff\x10"],
    ids=["empty", "cut", "too long", "length beyond the end", "above 2^53 - 1"],
)
def test_what_is_no_byte_string_is_refused(data: bytes) -> None:
    with pytest.raises(BadFrame):
        read_bytes(data, 0)


def test_bytes_after_a_sync_message_are_refused() -> None:
    with pytest.raises(BadFrame):
        y_protocol.read_sync(y_protocol.update(b"\0\0") + b"x", 1)


def test_a_client_twice_in_a_state_vector_is_refused() -> None:
    with pytest.raises(BadFrame):
        y_protocol.read_state_vector(b"\x02\x07\x01\x07\x02")


def test_a_key_with_a_provider_session_names_its_document() -> None:
    key, at = hocuspocus.read_key(hocuspocus.prefix(b"h/transcript\0abc") + b"\x00")
    assert (hocuspocus.document_name(key), at) == ("h/transcript", len(key) + 1)


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_server_frame_has_the_length_of_rfc_6455(size: int) -> None:
    data = frame(bytes(size))
    header = len(data) - size
    assert data[0] == 0x82
    assert header == (2 if size < 126 else 4 if size < 65_536 else 10)
    given = data[1] if size < 126 else int.from_bytes(data[2:header])
    assert given == size


def test_a_text_frame_is_marked_as_text() -> None:
    assert text_frame("庭") == b"\x81\x03" + "庭".encode()
