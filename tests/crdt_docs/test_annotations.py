"""Annotations read from a document: values there and back, order, threads, the bytes a digest stands on."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map

from crdt_docs.annotation_rules import FORMS
from crdt_docs.annotations import (
    Annotation,
    BadAnnotation,
    annotations_json,
    answered,
    entries,
    from_json,
    read_annotations_json,
    threads,
    to_json,
)

AT = "2026-03-02T10:00:0{}+08:00"
FULL = {
    "v": 1,
    "doc": "ab" * 32,
    "page": 3,
    "quads": [[0, 0, 1.5, 0, 0, -2, 1.5, -2]],
    "rect": [1, 2.25, 3, 4],
    "paths": [[[1, 2], [3, 4.5]], [5, 6, 7, 8]],
    "rot": 90,
    "quote": {"exact": "借款", "prefix": "甲", "suffix": "乙"},
    "style": {"color": "#ff0000", "width": 2, "opacity": 0.5},
    "body": "请核对",
    "modified": AT.format(5),
}


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def made(number: int, kind: str = "highlight", at: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": key(number), "author": "anna", "created": AT.format(at), "kind": kind, **more}


def entry(number: int, kind: str = "highlight", at: int = 0, **more: Any) -> Annotation:
    return from_json(made(number, kind, at, **more))


def gone(number: int, **more: Any) -> Annotation:
    return entry(number, deleted={"by": "anna", "at": AT.format(9)}, **more)


def written(*values: dict[str, Any]) -> "Doc[Any]":
    doc: Doc[Any] = Doc()
    with doc.transaction():
        root = doc.get("annotations", type=Map)
        for each in values:
            root[each["id"]] = Map(each)
    return doc


def test_an_entry_with_every_key_comes_back_as_it_was_written() -> None:
    values = made(1, **FULL)
    (read,) = entries(written(values))
    assert to_json(read) == values
    assert isinstance(read.page, int)
    assert set(FULL) | set(made(1)) | {"reply_to", "deleted"} == set(FORMS)


def test_points_and_corners_are_read_from_both_ways_of_writing_them() -> None:
    read = entry(1, **FULL)
    assert read.strokes == (((1, 2), (3, 4.5)), ((5, 6), (7, 8)))
    assert read.corners == (((0, 0), (1.5, 0), (0, -2), (1.5, -2)),)


def test_an_entry_says_its_own_words_or_else_those_it_marks() -> None:
    assert entry(1, **FULL).words == "请核对"
    assert entry(1, **{**FULL, "body": ""}).words == "借款"
    assert entry(1).words == ""


@pytest.mark.parametrize("key_of", ["id", "author", "created", "kind"])
def test_an_entry_without_a_key_that_all_have_is_refused(key_of: str) -> None:
    values = made(1)
    del values[key_of]
    with pytest.raises(BadAnnotation, match=key_of):
        from_json(values)


@pytest.mark.parametrize("wrong", [{"page": -1}, {"colour": "red"}, {"quads": [[1, 2]]}, {"kind": "scribble"}])
def test_values_of_another_form_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadAnnotation, match=next(iter(wrong))):
        from_json(made(1) | wrong)


def test_entries_stand_by_page_then_time_then_id() -> None:
    doc = written(made(1, page=1), made(2, page=0, at=5), made(3, page=0, at=4), made(4, page=0, at=4), made(5, at=9))
    assert [read.id for read in entries(doc)] == [key(number) for number in (5, 3, 4, 2, 1)]


def test_equal_times_in_different_zones_are_equal() -> None:
    later = made(1) | {"created": "2026-03-02T02:00:01Z"}
    assert [read.id for read in entries(written(later, made(2)))] == [key(2), key(1)]


def test_the_bytes_do_not_depend_on_the_order_of_writing() -> None:
    values = [made(number, **FULL) for number in range(1, 9)]
    shuffled = random.Random(1).sample(values, len(values))
    one, other = (annotations_json(entries(written(*each))) for each in (values, shuffled))
    assert one == other
    assert [each["id"] for each in json.loads(one)] == [each["id"] for each in values]
    assert [to_json(read) for read in read_annotations_json(one)] == values


def test_the_bytes_hold_tombstones_and_change_with_any_value() -> None:
    living, dead = entry(1, **FULL), gone(1, **FULL)
    assert annotations_json([dead]) != annotations_json([living])
    for name, value in {"body": "另一句", "page": 4, "rect": [1, 2.25, 3, 4.5]}.items():
        assert annotations_json([entry(1, **{**FULL, name: value})]) != annotations_json([living])


def test_what_is_no_list_of_annotations_is_refused() -> None:
    with pytest.raises(BadAnnotation):
        read_annotations_json(b'{"id": 1}')


def test_a_thread_holds_its_replies_and_the_newest_decision() -> None:
    found = [
        entry(1),
        entry(2, "reply", 2, reply_to=key(1), body="第二句"),
        entry(3, "reply", 1, reply_to=key(1), body="第一句"),
        entry(4, "reply", 3, reply_to=key(2), body="答第二句"),
        entry(5, "status", 4, reply_to=key(1), body="accepted"),
        entry(6, "status", 5, reply_to=key(1), body="rejected"),
    ]
    (thread,) = threads(found)
    assert [reply.body for reply in thread.replies] == ["第一句", "第二句", "答第二句"]
    assert thread.status == "rejected"
    assert [answered(reply, thread).id for reply in thread.replies] == [key(1), key(1), key(2)]


def test_deleted_entries_are_left_out_and_their_answers_hang_on_the_mark() -> None:
    found = [
        entry(1),
        gone(2, kind="reply", reply_to=key(1)),
        entry(3, "reply", 3, reply_to=key(2)),
        gone(4, kind="status", reply_to=key(1), body="accepted"),
    ]
    (thread,) = threads(found)
    assert [reply.id for reply in thread.replies] == [key(3)]
    assert answered(thread.replies[0], thread) is thread.mark
    assert thread.status == "none"


def test_a_deleted_mark_stays_for_somebody_s_living_answer_alone() -> None:
    assert threads([gone(1), gone(2, kind="reply", reply_to=key(1))]) == []
    (thread,) = threads([gone(1), entry(2, "reply", reply_to=key(1))])
    assert (thread.mark.id, thread.replies[0].id) == (key(1), key(2))


def test_an_answer_to_nothing_and_answers_in_a_ring_are_heads_of_their_own() -> None:
    lost = entry(9, "reply", reply_to=key(77))
    ring = [entry(number, "reply", reply_to=key(number % 3 + 1)) for number in (1, 2, 3)]
    found = threads([lost, *ring, entry(5, "reply", reply_to=key(3))])
    assert {thread.mark.id: {reply.id for reply in thread.replies} for thread in found} == {
        key(9): set(),
        key(1): {key(2), key(3), key(5)},
    }


@given(st.lists(st.tuples(st.sampled_from(["highlight", "reply", "status"]), st.integers(0, 12), st.booleans())))
def test_every_living_entry_stands_in_exactly_one_thread(drawn: list[tuple[str, int, bool]]) -> None:
    found = [
        (gone if is_gone else entry)(number, kind=kind, reply_to=key(target))
        for number, (kind, target, is_gone) in enumerate(drawn)
    ]
    placed = [each.id for thread in threads(found) for each in (thread.mark, *thread.answers)]
    assert len(placed) == len(set(placed))
    assert {each.id for each in found if each.is_living} <= set(placed)
    for thread in threads(found):
        assert all(answered(each, thread) in (thread.mark, *thread.replies) for each in thread.answers)


def test_a_chain_of_ten_thousand_answers_is_one_thread() -> None:
    chain = [entry(number, "reply" if number else "note", reply_to=key(max(number - 1, 0))) for number in range(10_000)]
    (thread,) = threads(chain)
    assert len(thread.replies) == 9_999
