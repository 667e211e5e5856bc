"""Turns go into a Doc and come out as they were; the canonical content; the sample; a Doc that breaks."""

from pathlib import Path

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from crdt_docs.document import Document, DocumentBroken
from crdt_docs.gate import COURT, Admitted, Bindings, Frame, Gate, Writer
from crdt_docs.rfc3339 import parse
from crdt_docs.shapes import TRANSCRIPT
from crdt_docs.transcript import Turn, append_turn, blocks, parse_sample, to_text, turns
from tests.crdt_docs.world import AT, NOW

SAMPLE = (Path(__file__).parents[1] / "fixtures" / "sample_transcript.txt").read_text()


def test_the_sample_has_its_turns_and_prints_as_it_was_typed():
    sample = parse_sample(SAMPLE)
    kinds = [turn.kind for turn in sample]
    assert (kinds.count("speech"), kinds.count("heading"), kinds.count("note")) == (129, 12, 28)
    assert {turn.role for turn in sample if turn.kind == "speech"} == {"审", "书", "原", "原代", "被", "被代", "证"}
    assert to_text(sample).split() == SAMPLE.split()
    assert all(parse(turn.at) for turn in sample)
    assert len({turn.id for turn in sample}) == len(sample)


def test_appended_turns_are_admitted_one_update_each_and_read_back():
    doc, updates = Doc(), []
    doc.observe(lambda event: updates.append(event.update))
    gate = Gate(TRANSCRIPT, Bindings())
    sample = parse_sample(SAMPLE)
    for turn in sample:
        append_turn(doc, turn)
    assert len(updates) == len(sample)
    for update in updates:
        assert isinstance(gate.admit(update, Writer(COURT, True), Frame.UPDATE, NOW), Admitted)
    assert turns(doc) == sample


def test_a_text_too_long_for_one_struct_is_split_between_characters():
    doc, updates = Doc(), []
    doc.observe(lambda event: updates.append(event.update))
    turn = Turn("t1", "note", "", "", AT, "", "x" + "😀" * 150_000)
    append_turn(doc, turn)
    assert turns(doc) == [turn]
    verdict = Gate(TRANSCRIPT, Bindings()).admit(updates[0], Writer("anna", True), Frame.UPDATE, NOW)
    assert isinstance(verdict, Admitted), verdict


def test_blocks_join_runs_that_look_alike_across_texts():
    doc = Doc()
    root = doc.get("transcript", type=XmlFragment)
    turn = root.children.append(XmlElement("turn", {"id": "t1", "kind": "speech", "at": AT}))
    first = turn.children.append(XmlText("甲乙"))
    second = turn.children.append(XmlText("丙丁"))
    first.format(3, 6, {"bold": True})
    second.format(0, 3, {"bold": {}})
    second.format(3, 6, {"unsure": {"at": "09:31"}, "underline": {}})
    assert blocks(doc) == [
        {
            **{"id": "t1", "kind": "speech", "speaker": "", "role": "", "at": AT, "origin": ""},
            "runs": [
                {"text": "甲"},
                {"text": "乙丙", "bold": True},
                {"text": "丁", "underline": True, "unsure": {"at": "09:31"}},
            ],
        }
    ]


@pytest.mark.parametrize(
    "text", ["2026-03-02T09:30:00Z", "2026-03-02T09:30:00.123456+08:00", "2024-02-29T00:00:00-12:00"]
)
def test_times_of_rfc_3339(text: str):
    found = parse(text)
    assert found is not None and found.tzinfo is not None


NO_TIMES = """2026-03-02 2026-03-02|09:30:00Z 2026-03-02t09:30:00z 2026-02-29T00:00:00Z 2026-03-02T24:00:00Z
2026-03-02T09:30:00 2026-03-02T09:30Z ２026-03-02T09:30:00Z 2026-03-02T09:30:00+8:00 x"""


@pytest.mark.parametrize("text", ["", *NO_TIMES.split()])
def test_times_of_no_rfc(text: str):
    assert parse(text.replace("|", " ")) is None


def test_a_document_that_pycrdt_cannot_follow_is_broken():
    document = Document("h/transcript")
    with pytest.raises(DocumentBroken, match="h/transcript"):
        document.apply(b"\xff")
