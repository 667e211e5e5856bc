"""Each rule of the gate on annotations and private notes: what it admits and what it refuses."""

from typing import Any

import pytest

from crdt_docs import annotation_rules, shapes
from crdt_docs.annotation_rules import FORMS, Extent
from crdt_docs.gate import Admitted, Bindings, Frame, Gate, Known, Refused, Writer
from crdt_docs.shapes import ANNOTATIONS, Shape, notes
from tests.crdt_docs.build import (
    ANNA,
    BERT,
    ENTRY,
    OTHER,
    annotations,
    collected,
    deleted,
    entry_structs,
    kind_of_type,
    only_deletes,
    string,
    update,
    values,
)
from tests.crdt_docs.world import NOW, snapshot

NEXT, BERTS_NEXT = 7, 5
QUOTE = ("exact", "prefix", "suffix")
NEW = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
TIME = "2026-03-02T10:00:00+08:00"  # NOW

ANNA_WRITES = Writer("anna", True)


def anna(*structs: bytes, deletes=()) -> bytes:
    return update((ANNA, NEXT, structs), deletes=deletes)


def entry(key: str = NEW, **more: Any) -> bytes:
    return anna(*entry_structs(ANNA, NEXT, "anna", key, **more))


def field(name: str, value: Any) -> bytes:
    return anna(values(value, parent=(ANNA, 0), key=name))


ADMITTED = {
    "an entry": entry(),
    "an entry with every key": entry(
        v=1,
        doc="ab" * 32,
        page=3,
        quads=[[0, 0, 1.5, 0, 1.5, -2, 0, -2]],
        rect=[1, 2, 3, 4],
        paths=[[[1, 2], [3, 4]], [5, 6, 7, 8]],
        rot=270,
        quote={"exact": "甲", "prefix": "", "suffix": "乙"},
        style={"color": "#ff0000", "width": 2, "opacity": 0.5},
        body="x" * 5_000,
        modified=TIME,
        reply_to=OTHER,
        deleted={"by": "anna", "at": TIME},
    ),
    "an entry with an upper-case key": entry(NEW.upper()),
    "an entry made five minutes ahead": entry(created="2026-03-02T10:05:00+08:00"),
    "an entry made long ago": entry(created="2020-01-01T00:00:00Z"),
    "another body": anna(values("乙", left=(ANNA, 6), key="")),
    "a tombstone": field("deleted", {"by": "anna", "at": TIME}),
    "a body removed": only_deletes(ANNA, (6, 1)),
    "the same kind once more": anna(values("highlight", left=(ANNA, 4), key="")),
    "whole numbers written as floats": entry(v=1.0, page=3.0, rot=90.0),
    "another page": anna(values(4, left=(ANNA, 5), key="")),
    "a field that the update itself deletes": anna(
        values(TIME, parent=(ANNA, 0), key="modified"),
        deletes=[(ANNA, [(NEXT, 1)])],
    ),
    "collected units of one's own": anna(collected(4)),
    "an entry that came and went": anna(deleted(1, parent="annotations", key=NEW)),
}

FORBIDDEN = {
    "a key that is no UUID": anna(kind_of_type(1, parent="annotations", key="note-1")),
    "a list as an entry": anna(kind_of_type(0, parent="annotations", key=NEW)),
    "a plain value as an entry": anna(values("x", parent="annotations", key=NEW)),
    "another root": anna(kind_of_type(1, parent="transcript", key=NEW)),
    "an entry at no key": anna(kind_of_type(1, parent="annotations")),
    "words at a key": anna(string("x", parent="annotations", key=NEW)),
    "words in an entry": anna(string("x", parent=(ANNA, 0))),
    "a type in an entry": anna(kind_of_type(1, parent=(ANNA, 0), key="style")),
    "an unknown key": entry(colour="red"),
    "an id that is not the key": anna(*entry_structs(ANNA, NEXT, "anna", NEW, id=OTHER)),
    "somebody else's name": anna(*entry_structs(ANNA, NEXT, "bert", NEW)),
    "a time of making that is none": entry(created="yesterday"),
    "a time of making six minutes ahead": entry(created="2026-03-02T10:06:00+08:00"),
    "an unknown kind": entry(kind="scribble"),
    "no id": entry(id=None),
    "no author": entry(author=None),
    "no time of making": entry(created=None),
    "no kind": entry(kind=None),
    "another version": entry(v=2),
    "true as the version": entry(v=True),
    "a document that is no hash": entry(doc="exhibit-1"),
    "a page below 0": entry(page=-1),
    "half a page": entry(page=0.5),
    "a page past all whole numbers": entry(page=1e300),
    "201 quads": entry(quads=[[0] * 8] * 201),
    "a quad of seven numbers": entry(quads=[[0] * 7]),
    "a quad with a text": entry(quads=[[0] * 7 + ["0"]]),
    "a rectangle of three numbers": entry(rect=[1, 2, 3]),
    "a path with half a point": entry(paths=[[1, 2, 3]]),
    "a path that is a text": entry(paths=["M 0 0"]),
    "a slanting rotation": entry(rot=45),
    "a quote with another key": entry(quote={"exact": "a", "page": "1"}),
    "a quote that is no text": entry(quote={"exact": 1}),
    "a style with another key": entry(style={"font": "x"}),
    "a width that is a text": entry(style={"width": "2"}),
    "a body of 5,001 characters": entry(body="x" * 5_001),
    "a body that is no text": entry(body=["x"]),
    "a change at no time": entry(modified="now"),
    "an answer to something that is no entry": entry(reply_to="x"),
    "a tombstone of somebody else": field("deleted", {"by": "bert", "at": TIME}),
    "a tombstone without a time": field("deleted", {"by": "anna"}),
    "another kind": anna(values("ink", left=(ANNA, 4), key="")),
    "another author": anna(values("bert", left=(ANNA, 2), key="")),
    "another time of making": anna(values("2026-03-02T09:00:00+08:00", left=(ANNA, 3), key="")),
    "the author removed": only_deletes(ANNA, (2, 1)),
    "the author overwritten by something deleted": anna(deleted(1, left=(ANNA, 2), key="")),
    "one's own key written again": anna(kind_of_type(1, left=(ANNA, 0), key="")),
    "one's own key overwritten by something deleted": anna(deleted(1, left=(ANNA, 0), key="")),
    "one's own key written again from the side": anna(kind_of_type(1, parent="annotations", key=ENTRY)),
    "one's own key removed": only_deletes(ANNA, (0, 1)),
    "another's key written again": anna(kind_of_type(1, left=(BERT, 0), key="")),
    "another's key written again from the side": anna(kind_of_type(1, parent="annotations", key=OTHER)),
    "another's key removed": only_deletes(BERT, (0, 1)),
    "another's field rewritten": anna(values("x", left=(BERT, 4), key="")),
    "another's field added": anna(values("x", parent=(BERT, 0), key="body")),
    "another's field removed": only_deletes(BERT, (4, 1)),
    "an entry of more than 64 kB": entry(
        body="字" * 5_000,
        quads=[[1234.56789] * 8] * 200,
        paths=[[1234.56789] * 1_800],
        quote=dict.fromkeys(QUOTE, "字" * 1_800),
    ),
}


def judge(data: bytes, writer: Writer = ANNA_WRITES, frame: Frame = Frame.UPDATE):
    gate = annotations()
    before = snapshot(gate)
    return gate, before, gate.admit(data, writer, frame, NOW)


@pytest.mark.parametrize("data", ADMITTED.values(), ids=ADMITTED.keys())
def test_admits(data: bytes):
    gate, before, verdict = judge(data)
    assert isinstance(verdict, Admitted), verdict
    assert verdict.update == data
    assert snapshot(gate) != before
    assert isinstance(gate.admit(data, Writer("reader", False), Frame.STEP2, NOW), Known)


@pytest.mark.parametrize("data", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_forbids(data: bytes):
    gate, before, verdict = judge(data)
    assert isinstance(verdict, Refused) and verdict.code == "forbidden", verdict
    assert snapshot(gate) == before


def test_a_drawing_has_at_most_five_thousand_points():
    assert FORMS["paths"]([[0, 0] * 2_500, [[0, 0]] * 2_500])
    assert not FORMS["paths"]([[0, 0] * 2_500, [[0, 0]] * 2_501])


def test_a_removed_key_is_stripped_from_a_sync_step_2():
    for deletes in ((ANNA, (0, 1)), (BERT, (0, 5))):
        _, _, verdict = judge(only_deletes(*deletes), frame=Frame.STEP2)
        assert isinstance(verdict, Known)


def test_a_reply_is_an_own_entry():
    structs = entry_structs(BERT, BERTS_NEXT, "bert", NEW, reply_to=ENTRY)
    structs[4] = values("reply", parent=(BERT, BERTS_NEXT), key="kind")
    _, _, verdict = judge(update((BERT, BERTS_NEXT, structs)), Writer("bert", True))
    assert isinstance(verdict, Admitted), verdict


class Book:
    """A gate that people write entries through, each with one client."""

    def __init__(self, shape: Shape = ANNOTATIONS) -> None:
        self.gate = Gate(shape, Bindings())
        self.made = 0

    def add(self, person: int, **values: Any) -> bool:
        """Whether another entry of person `person` is admitted."""
        client = 100 + person
        structs = entry_structs(client, self.gate.clock(client), f"p{person}", key_of(self.made), **values)
        data = update((client, self.gate.clock(client), structs))
        verdict = self.gate.admit(data, Writer(f"p{person}", True), Frame.UPDATE, NOW)
        self.made += isinstance(verdict, Admitted)
        assert isinstance(verdict, Admitted) or (isinstance(verdict, Refused) and verdict.code == "forbidden"), verdict
        return isinstance(verdict, Admitted)


def key_of(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def test_nobody_fills_a_page_for_all_and_another_page_goes_on():
    book = Book()
    assert [book.add(1, page=0) for _ in range(201)] == [True] * 200 + [False]
    assert book.add(1, page=1)
    assert [book.add(2, page=0) for _ in range(200)] == [True] * 200
    assert [book.add(3, page=0) for _ in range(101)] == [True] * 100 + [False]
    assert book.gate._rules.shares.pages == {0: 500, 1: 1}


def test_marks_that_are_moved_to_a_page_count_there():
    book = Book()
    assert book.add(1) and book.add(2)
    assert all(book.add(1, page=0) for _ in range(200))
    for person, is_taken in ((1, False), (2, True)):
        client = 100 + person
        moved = update((client, book.gate.clock(client), [values(0, parent=(client, 0), key="page")]))
        verdict = book.gate.admit(moved, Writer(f"p{person}", True), Frame.UPDATE, NOW)
        assert isinstance(verdict, Admitted) is is_taken, verdict
    assert +book.gate._rules.shares.of_one == {(0, "p1"): 200, (-1, "p1"): 1, (0, "p2"): 1}


def test_a_document_is_bounded_whatever_pages_it_has(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(annotation_rules, "MOST_IN_ALL_OF_ONE", 3)
    monkeypatch.setattr(annotation_rules, "MOST_IN_ALL", 5)
    book = Book()
    assert [book.add(1, page=n) for n in range(4)] == [True] * 3 + [False]
    assert [book.add(2, page=n) for n in range(3)] == [True] * 2 + [False]
    assert not book.add(3, page=7)


def test_marks_are_of_the_pages_that_there_are():
    known = [Extent()]
    book = Book(shapes.annotations(lambda: known[0]))
    assert book.add(1, page=4_999) and not book.add(1, page=5_000)
    known[0] = Extent(2)
    assert not book.add(1, page=2)
    assert book.add(1, page=1.0) and book.add(1)
    notes_of = Book(notes("p1", lambda: known[0]))
    assert notes_of.add(1, page=1) and not notes_of.add(1, page=2)


def test_entries_without_a_page_are_counted_as_one_page_and_move():
    gate = annotations()
    assert gate._rules.shares.pages == {0: 1, -1: 1}
    verdict = gate.admit(
        update((BERT, BERTS_NEXT, [values(0, parent=(BERT, 0), key="page")])), Writer("bert", True), Frame.UPDATE, NOW
    )
    assert isinstance(verdict, Admitted)
    assert +gate._rules.shares.pages == {0: 2}


def test_private_notes_take_their_own_person_alone():
    data = update((ANNA, 0, entry_structs(ANNA, 0, "anna")))
    assert isinstance(Gate(notes("anna"), Bindings()).admit(data, Writer("anna", True), Frame.UPDATE, NOW), Admitted)
    verdict = Gate(notes("bert"), Bindings()).admit(data, Writer("anna", True), Frame.UPDATE, NOW)
    assert isinstance(verdict, Refused) and verdict.code == "forbidden"


def test_a_checkpoint_of_annotations_gives_the_same_index():
    gate = annotations()
    loaded = Gate(ANNOTATIONS, gate._bindings)
    bert = update((BERT, 0, entry_structs(BERT, 0, "bert", OTHER)))
    anna_structs = entry_structs(ANNA, 0, "anna", page=0, body="甲")
    loaded.load_state(update((BERT, 0, entry_structs(BERT, 0, "bert", OTHER)), (ANNA, 0, anna_structs)))
    assert snapshot(loaded)[0] == snapshot(gate)[0]
    assert snapshot(loaded)[2] == snapshot(gate)[2]
    assert isinstance(loaded.admit(bert, Writer("bert", True), Frame.STEP2, NOW), Known)
    refused = loaded.admit(FORBIDDEN["another's field rewritten"], Writer("anna", True), Frame.UPDATE, NOW)
    assert isinstance(refused, Refused)
