"""Each rule of the gate on a transcript: a case it admits and cases it refuses."""

import pytest

from crdt_docs import repair
from crdt_docs.gate import COURT, Admitted, Doubled, Frame, Gap, Gate, Known, Refused, Writer
from crdt_docs.varint import write
from tests.crdt_docs.build import (
    ANNA,
    BERT,
    COURT_CLIENT,
    collected,
    deleted,
    mark,
    only_deletes,
    string,
    text_type,
    transcript,
    turn_structs,
    update,
    values,
)
from tests.crdt_docs.transcript_cases import (
    ADMITTED,
    ANNA_WRITES,
    END,
    FORBIDDEN,
    MALFORMED,
    NEXT,
    TEXT,
    WHOLE,
    anna,
    in_turn,
    new_turn,
)
from tests.crdt_docs.world import AT, NOW, snapshot


def judge(data: bytes, writer: Writer = ANNA_WRITES, frame: Frame = Frame.UPDATE):
    gate = transcript()
    before = snapshot(gate)
    verdict = gate.admit(data, writer, frame, NOW)
    return gate, before, verdict


@pytest.mark.parametrize("data", ADMITTED.values(), ids=ADMITTED.keys())
def test_admits(data: bytes):
    gate, before, verdict = judge(data)
    assert isinstance(verdict, Admitted), verdict
    assert verdict.update == data
    assert snapshot(gate) != before


@pytest.mark.parametrize("data", ADMITTED.values(), ids=ADMITTED.keys())
def test_a_reader_may_not(data: bytes):
    gate, before, verdict = judge(data, Writer("reader", False))
    assert isinstance(verdict, Refused) and verdict.code == "forbidden"
    assert snapshot(gate) == before


@pytest.mark.parametrize("data", ADMITTED.values(), ids=ADMITTED.keys())
def test_what_is_known_is_known_for_everybody(data: bytes):
    gate, _, _ = judge(data)
    before = snapshot(gate)
    for writer in (Writer("anna", True), Writer("reader", False)):
        for frame in Frame:
            assert isinstance(gate.admit(data, writer, frame, NOW), Known)
    assert snapshot(gate) == before


@pytest.mark.parametrize("data", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_forbids(data: bytes):
    refused_with("forbidden", data)


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_refuses_as_malformed(data: bytes):
    refused_with("malformed", data)


def refused_with(code: str, data: bytes) -> None:
    gate, before, verdict = judge(data)
    assert isinstance(verdict, Refused), verdict
    assert verdict.code == code, verdict
    assert verdict.detail
    assert snapshot(gate) == before


def test_refuses_more_than_a_mebibyte():
    refused_with("malformed", anna(*(string("x" * 200_000, left=END) for _ in range(6))))


def test_the_court_writes_its_own_turns_and_everybodys():
    procedure = turn_structs(COURT_CLIENT, 8, "休庭", id="c2", kind="procedure", origin="control:2")
    for structs in (procedure, [string("x", left=(COURT_CLIENT, 7))], [string("x", left=END)]):
        _, _, verdict = judge(update((COURT_CLIENT, 8, structs)), Writer(COURT, True))
        assert isinstance(verdict, Admitted), verdict


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        (update((ANNA, NEXT + 3, [string("x", left=END)])), (ANNA, NEXT)),
        (update((77, 1, [string("x", left=END)])), (77, 0)),
        (anna(string("x", left=(BERT, 40))), (BERT, 40)),
        (anna(string("x", right=(77, 0))), (77, 0)),
        (anna(string("x", parent=(77, 3))), (77, 3)),
        (only_deletes(BERT, (5, 10)), (BERT, 7)),
        (only_deletes(77, (0, 1)), (77, 0)),
        (update((77, 0, [string("x", left=(78, 0))]), (78, 0, [string("x", left=(77, 0))])), (78, 0)),
    ],
    ids=[
        "a clock",
        "a first clock",
        "a left origin",
        "a right origin",
        "a parent",
        "deleted units",
        "a client",
        "a circle",
    ],
)
def test_holds_what_misses(data: bytes, missing: tuple[int, int]):
    for frame in Frame:
        gate, before, verdict = judge(data, frame=frame)
        assert verdict == Gap(missing)
        assert snapshot(gate) == before


def test_known_clocks_are_cut_off_and_the_rest_goes_on():
    gate, _, verdict = judge(update((ANNA, 9, [string("cdef", left=(ANNA, 8))])))
    assert isinstance(verdict, Admitted)
    assert verdict.update == update((ANNA, NEXT, [string("ef", left=END)]))
    assert gate.clock(ANNA) == NEXT + 2


def test_deleted_and_collected_units_stand_in_place_of_known_content():
    for known in (deleted(6, parent=TEXT), collected(6)):
        _, _, verdict = judge(update((ANNA, 5, [known, string("x", left=END)])))
        assert isinstance(verdict, Admitted)
        assert verdict.update == anna(string("x", left=END))


def test_a_deleted_struct_is_cut_where_the_known_ends():
    _, _, verdict = judge(update((ANNA, 5, [deleted(9, parent=TEXT)])))
    assert isinstance(verdict, Admitted)
    assert verdict.update == anna(deleted(3, left=END))


def test_a_cut_inside_an_emoji_is_malformed():
    gate = transcript()
    assert isinstance(gate.admit(anna(deleted(1, left=END)), Writer("anna", True), Frame.UPDATE, NOW), Admitted)
    verdict = gate.admit(anna(string("😀", left=END)), Writer("anna", True), Frame.UPDATE, NOW)
    assert isinstance(verdict, Refused) and verdict.code == "malformed"


@pytest.mark.parametrize(
    "structs",
    [[string("xy😀cd", parent=TEXT)], [mark("bold", "true", parent=TEXT)], [values("x", parent=TEXT, key="id")]],
    ids=["other words", "a mark instead of words", "a value instead of words"],
)
def test_different_content_at_a_known_clock_is_a_conflict(structs: list[bytes]):
    refused_with("conflict", update((ANNA, 5, structs)))


def test_beside_collected_units_everything_is_collected():
    gate = transcript()
    gate.admit(anna(collected(5)), Writer("anna", True), Frame.UPDATE, NOW)
    verdict = gate.admit(
        update((BERT, 7, [string("xyz", left=(ANNA, NEXT + 1))])), Writer("bert", True), Frame.UPDATE, NOW
    )
    assert isinstance(verdict, Admitted)
    assert verdict.update == update((BERT, 7, [collected(3)]))
    again = gate.admit(update((BERT, 7, [string("xyz", left=(ANNA, 12))])), Writer("bert", True), Frame.STEP2, NOW)
    assert isinstance(again, Known)


def test_forbidden_deletions_are_stripped_from_a_sync_step_2():
    data = update((ANNA, NEXT, [string("x", left=END)]), deletes=[(COURT_CLIENT, [(0, 8)]), (ANNA, [(5, 1)])])
    _, _, verdict = judge(data, frame=Frame.STEP2)
    assert isinstance(verdict, Admitted)
    assert verdict.update == anna(string("x", left=END), deletes=[(ANNA, [(5, 1)])])
    _, _, verdict = judge(only_deletes(COURT_CLIENT, (0, 8)), frame=Frame.STEP2)
    assert isinstance(verdict, Known)


def test_known_deletions_are_dropped_from_a_sync_step_2_and_kept_in_an_update():
    data = only_deletes(BERT, (5, 2))
    assert judge(data, frame=Frame.STEP2)[2].update == only_deletes(BERT, (5, 1))
    assert judge(data)[2].update == data


def test_tidied_marks_of_a_reader_are_no_news():
    gate = transcript()
    marks = anna(mark("bold", "true", left=END), mark("bold", "true", left=(ANNA, NEXT)))
    assert isinstance(gate.admit(marks, Writer("anna", True), Frame.UPDATE, NOW), Admitted)
    for frame in Frame:
        verdict = gate.admit(only_deletes(ANNA, (NEXT + 1, 1)), Writer("reader", False), frame, NOW)
        assert isinstance(verdict, Known)


def test_a_frame_binds_its_new_client_ids_to_the_writer():
    gate, _, verdict = judge(update((77, 0, [string("x", left=END)])))
    assert verdict.bound == (77,)
    stolen = gate.admit(update((77, 1, [string("y", left=(77, 0))])), Writer("bert", True), Frame.UPDATE, NOW)
    assert isinstance(stolen, Refused) and stolen.code == "forbidden"


def test_a_person_has_at_most_a_thousand_client_ids():
    gate = transcript()
    for client in range(1_000, 1_999):
        gate._bindings.bind(client, "anna")
    data = update((77, 0, [string("x", left=END)]))
    verdict = gate.admit(data, Writer("anna", True), Frame.UPDATE, NOW)
    assert isinstance(verdict, Refused) and verdict.code == "forbidden"
    assert isinstance(gate.admit(data, Writer(COURT, True), Frame.UPDATE, NOW), Admitted)


def test_an_id_of_two_living_turns_is_reported_for_the_later_one():
    gate, _, verdict = judge(new_turn(id="t1"))
    assert [(doubled.item, doubled.id) for doubled in verdict.doubled] == [((ANNA, NEXT), "t1")]
    assert list(gate.owing()) == list(verdict.doubled)
    assert gate.admit(anna(string("x", left=END)), Writer("anna", True), Frame.STEP2, NOW)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (only_deletes(ANNA, (1, 1)), "id"),
        (only_deletes(ANNA, (2, 1)), "kind"),
        (anna(deleted(1, left=(ANNA, 2), key="")), "kind"),
    ],
)
@pytest.mark.parametrize("frame", Frame)
def test_what_an_undo_leaves_without_a_key_is_admitted_and_reported_for_repair(data: bytes, key: str, frame: Frame):
    gate, _, verdict = judge(data, frame=frame)
    assert isinstance(verdict, Admitted)
    assert [(lost.key, lost.id) for lost in verdict.doubled] == [(key, "t1")]
    given = rewritten_by_court(gate, verdict.doubled[0], "note" if key == "kind" else "t1b")
    repaired = gate.admit(given, Writer(COURT, True), Frame.UPDATE, NOW)
    assert isinstance(repaired, Admitted) and repaired.doubled == ()


@pytest.mark.parametrize(
    ("data", "key", "value"),
    [
        (in_turn(*WHOLE[1:]), "id", "t5b"),
        (in_turn(WHOLE[0], WHOLE[2]), "kind", "speech"),
        (in_turn(*WHOLE[:2]), "at", "2026-03-02T09:30:00Z"),
    ],
)
def test_a_turn_that_comes_back_without_a_key_is_admitted_and_repaired(data: bytes, key: str, value: str):
    gate = transcript()
    new = Writer("anna", True)
    refused = gate.admit(data, new, Frame.UPDATE, NOW)
    assert isinstance(refused, Refused) and refused.code == "forbidden"
    once = turn_structs(77, 0, id="n1", kind="note", at=AT)
    gone = update((77, 0, once), deletes=[(77, [(0, len(once))])])
    assert isinstance(gate.admit(gone, new, Frame.UPDATE, NOW), Admitted)
    verdict = gate.admit(data, new, Frame.UPDATE, NOW)
    assert isinstance(verdict, Admitted)
    (lost,) = verdict.doubled
    assert (lost.key, gate.attribute(lost.item, key)) == (key, "")
    assert [(owed.item, owed.key) for owed in gate.owing()] == [(lost.item, key)]
    repaired = gate.admit(repair.added(lost.item, key, value, 9_999), Writer(COURT, True), Frame.UPDATE, NOW)
    assert isinstance(repaired, Admitted) and repaired.doubled == ()
    assert gate.attribute(lost.item, key) == value and gate.owing() == []


def test_a_new_turn_without_any_attribute_is_refused():
    gate = transcript()
    gone = update((77, 0, turn_structs(77, 0)), deletes=[(77, [(0, 4)])])
    assert isinstance(gate.admit(gone, Writer("anna", True), Frame.UPDATE, NOW), Admitted)
    verdict = gate.admit(in_turn(), Writer("anna", True), Frame.UPDATE, NOW)
    assert isinstance(verdict, Refused) and verdict.code == "forbidden"


def rewritten_by_court(gate: Gate, lost: Doubled, value: str) -> bytes:
    return repair.rewritten(gate.newest(lost.item, lost.key), value, 9_999)


def test_a_moved_turn_doubles_nothing():
    _, _, verdict = judge(ADMITTED["a turn moved: deleted and written again under its id"])
    assert verdict.doubled == ()


def test_a_long_client_id_is_read_the_same():
    client = 2**52 + 12_345
    _, _, verdict = judge(update((client, 0, [string("x", left=END)])))
    assert verdict.client == client and write(client) in verdict.update


def test_origins_in_the_wrong_order_inside_a_new_text_are_given_anew():
    """Yjs' redo writes such; copies would order them by their time of arrival when others write beside them."""
    made = turn_structs(ANNA, NEXT)
    text = (ANNA, NEXT + len(made))
    first, second = (ANNA, text[1] + 1), (ANNA, text[1] + 2)
    words = [string("a", parent=text), string("b", left=first), string("c", left=second, right=first)]
    restated = [*words[:2], string("c", left=second)]
    _, _, verdict = judge(anna(*made, text_type((ANNA, NEXT)), *words))
    assert isinstance(verdict, Admitted), verdict
    assert verdict.update == anna(*made, text_type((ANNA, NEXT)), *restated)
