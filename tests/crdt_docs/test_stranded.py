"""Words that a deletion would swallow are reported once, to whom they belong, in the order in which they stood."""

from crdt_docs.gate import Admitted, Frame, Gate, Stranded, Writer
from tests.crdt_docs.build import (
    ANNA,
    BERT,
    deleted,
    mark,
    only_deletes,
    string,
    text_type,
    transcript,
    update,
)
from tests.crdt_docs.world import NOW

ANNA_WRITES, BERT_WRITES = Writer("anna", True), Writer("bert", True)
TURN, TEXT, END = (ANNA, 0), (ANNA, 4), (ANNA, 10)


def admitted(gate: Gate, data: bytes, writer: Writer = ANNA_WRITES) -> Admitted:
    verdict = gate.admit(data, writer, Frame.UPDATE, NOW)
    assert isinstance(verdict, Admitted), verdict
    return verdict


def test_words_typed_into_a_turn_that_a_colleague_deletes_unknowing_are_stranded():
    gate = transcript()
    admitted(gate, update((BERT, 7, [string("补充", left=END)])), BERT_WRITES)
    verdict = admitted(gate, only_deletes(ANNA, (0, 11)))
    assert verdict.stranded == (Stranded("t1", "bert", "补充"),)


def test_words_that_the_colleague_named_in_the_deletion_are_not():
    gate = transcript()
    admitted(gate, update((BERT, 7, [string("补充", left=END)])), BERT_WRITES)
    both = update(deletes=[(ANNA, [(0, 11)]), (BERT, [(7, 2)])])
    assert admitted(gate, both).stranded == ()


def test_only_the_part_that_was_not_named_is_stranded():
    gate = transcript()
    admitted(gate, update((BERT, 7, [string("补充意见", left=END)])), BERT_WRITES)
    both = update(deletes=[(ANNA, [(0, 11)]), (BERT, [(7, 2)])])
    assert admitted(gate, both).stranded == (Stranded("t1", "bert", "意见"),)


def test_words_typed_into_a_turn_already_deleted_are_stranded():
    gate = transcript()
    admitted(gate, only_deletes(ANNA, (0, 11)))
    verdict = admitted(gate, update((BERT, 7, [string("补充", left=END)])), BERT_WRITES)
    assert verdict.stranded == (Stranded("t1", "bert", "补充"),)
    assert admitted(gate, update((BERT, 9, [string("。", left=(BERT, 8))])), BERT_WRITES).stranded == (
        Stranded("t1", "bert", "。"),
    )


def test_words_that_their_own_update_deletes_are_not():
    gate = transcript()
    admitted(gate, only_deletes(ANNA, (0, 11)))
    typed_and_deleted = update((BERT, 7, [string("补充", left=END)]), deletes=[(BERT, [(7, 2)])])
    assert admitted(gate, typed_and_deleted, BERT_WRITES).stranded == ()


def test_a_deleted_text_in_a_living_turn_strands_too():
    gate = transcript()
    admitted(gate, update((BERT, 7, [string("补充", left=END)])), BERT_WRITES)
    assert admitted(gate, only_deletes(ANNA, (4, 7))).stranded == (Stranded("t1", "bert", "补充"),)


def test_one_reports_for_all_texts_of_a_turn_and_in_the_order_of_the_words():
    gate = transcript()
    admitted(gate, update((BERT, 7, [string("丙", left=END)])), BERT_WRITES)
    admitted(gate, update((BERT, 8, [string("甲", left=END, right=(BERT, 7))])), BERT_WRITES)
    admitted(gate, update((BERT, 9, [string("乙", left=(BERT, 8), right=(BERT, 7))])), BERT_WRITES)
    admitted(gate, update((BERT, 10, [text_type(TURN), string("😀丁", parent=(BERT, 10))])), BERT_WRITES)
    assert admitted(gate, only_deletes(ANNA, (0, 1))).stranded == (Stranded("t1", "bert", "甲乙丙😀丁"),)


def test_marks_and_deleted_units_are_no_words():
    gate = transcript()
    admitted(gate, update((BERT, 7, [mark("bold", "true", left=END), deleted(4, left=END)])), BERT_WRITES)
    assert admitted(gate, only_deletes(ANNA, (0, 11))).stranded == ()


def test_ones_own_words_are_not_stranded_by_ones_own_deletion():
    assert admitted(transcript(), only_deletes(ANNA, (0, 1))).stranded == ()


def test_after_the_report_all_of_it_is_known_as_deleted():
    gate = transcript()
    admitted(gate, update((BERT, 7, [string("补充", left=END)])), BERT_WRITES)
    admitted(gate, only_deletes(ANNA, (0, 11)))
    known = gate.admit(only_deletes(BERT, (7, 2)), Writer("reader", False), Frame.STEP2, NOW)
    assert not isinstance(known, Admitted) and known.__class__.__name__ == "Known"
