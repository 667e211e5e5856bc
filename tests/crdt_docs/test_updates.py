"""Updates decode to what yjs and pycrdt wrote, encode to the same bytes, and merge to the same document."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.deletes import Deleted, union
from crdt_docs.document import Document
from crdt_docs.updates import decode, encode, merge, text_of, units_of
from crdt_docs.values import read_any, write_any
from crdt_docs.varint import Malformed, read, write
from tests.crdt_docs.fuzz import honest_transcript
from tests.crdt_docs.world import content, deletions, vector

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=8,
)


@given(st.integers(0, 2**53 - 1))
def test_a_number_reads_as_it_was_written(number: int):
    assert read(write(number) + b"x", 0) == (number, len(write(number)))


@pytest.mark.parametrize("data", [b"\x80\0", b"\xff\x80\0", b"\xff" * 9 + b"\1"])
def test_a_number_longer_than_need_be_is_malformed(data: bytes):
    with pytest.raises(Malformed):
        read(data, 0)


@given(JSON)
def test_a_value_reads_as_it_was_written(value):
    data = write_any(value)
    try:
        found, end = read_any(data, 0)
    except Malformed:
        assert repr(value).count("[") + repr(value).count("{") > 6
    else:
        assert (found, end) == (value, len(data))


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_units_are_what_javascript_counts(text: str):
    assert len(units_of(text)) == len(text.encode("utf-16-le")) // 2
    assert text_of(units_of(text)) == text


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 9)), max_size=40), st.integers(0, 60), st.integers(1, 9))
def test_deleted_ranges_are_a_set_of_units(ranges: list[tuple[int, int]], start: int, length: int):
    one_by_one, at_once = Deleted(), Deleted()
    pieces = [(first, first + count) for first, count in ranges]
    for piece in pieces:
        one_by_one.add(*piece)
    at_once.add_all(pieces * 10)
    units = {unit for first, end in pieces for unit in range(first, end)}
    assert {unit for first, end in one_by_one.ranges() for unit in range(first, end)} == units
    assert one_by_one.ranges() == at_once.ranges() == sorted(one_by_one.ranges())
    missing = {unit for first, end in one_by_one.missing(start, start + length) for unit in range(first, end)}
    assert missing == set(range(start, start + length)) - units
    assert one_by_one.covers(start, start + length) == (not missing)


def test_delete_sets_join_to_one():
    joined = union([(1, [5], [6]), (2, [0], [1]), (1, [6, 9], [7, 10])])
    assert joined == [(2, [0], [1]), (1, [5, 9], [7, 10])]


@pytest.mark.parametrize("seed", range(5))
def test_honest_updates_encode_to_their_own_bytes(seed: int):
    for _, data in honest_transcript(seed):
        update = decode(data)
        again = decode(encode(update))
        assert sorted(again.blocks) == sorted(update.blocks)
        assert sorted(again.deletes) == sorted(update.deletes)


@pytest.mark.parametrize("seed", range(5))
def test_merged_updates_are_the_document(seed: int):
    log = [data for _, data in honest_transcript(seed)]
    cut = random.Random(seed).randrange(len(log))
    one_by_one, merged = Document("one by one"), Document("merged")
    for data in log:
        one_by_one.apply(data)
    for part in (log[:cut], log[cut:]):
        merged.apply(merge([decode(data) for data in part]))
    assert content(merged.doc) == content(one_by_one.doc)
    assert deletions(merged.diff()) == deletions(one_by_one.diff())
    assert vector(merged.state_vector()) == vector(one_by_one.state_vector())


def test_updates_with_a_gap_between_them_do_not_merge():
    log = [decode(data) for _, data in honest_transcript(1)]
    client = log[0].blocks[0][0]
    others = [update for update in log[1:] if any(block[0] == client and block[1] > 8 for block in update.blocks)]
    with pytest.raises(ValueError, match="was expected"):
        merge([log[0], others[-1]])
