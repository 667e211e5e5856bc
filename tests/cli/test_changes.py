"""The steps between two readings of a transcript, played on the old one, give the new one."""

from hypothesis import given
from hypothesis import strategies as st

from clients.cli.changes import Change, changes
from crdt_docs.transcript import Turn


def turn(name: str, text: str = "") -> Turn:
    return Turn(id=name, kind="speech", speaker="", role="", at="2026-01-01T09:00:00+08:00", origin="", text=text)


def played(before: list[Turn], steps: list[Change]) -> list[Turn]:
    now = list(before)
    for step in steps:
        if step.change == "removed":
            assert now.pop(step.index) == step.turn
        elif step.change == "added":
            now.insert(step.index, step.turn)
        else:
            assert now[step.index] != step.turn
            now[step.index] = step.turn
    return now


transcripts = st.lists(st.builds(turn, st.sampled_from("abcdefgh"), st.sampled_from(["", "甲", "乙"])), max_size=12)


@given(transcripts, transcripts)
def test_steps_played_on_the_old_list_give_the_new_one(before: list[Turn], after: list[Turn]) -> None:
    assert played(before, changes(before, after)) == after


@given(transcripts)
def test_nothing_changed_means_no_steps(same: list[Turn]) -> None:
    assert changes(same, list(same)) == []


def test_a_rewritten_turn_is_one_step() -> None:
    before = [turn("a", "甲"), turn("b", "乙")]
    assert changes(before, [turn("a", "甲"), turn("b", "乙丙")]) == [Change("changed", 1, turn("b", "乙丙"))]


def test_a_moved_turn_leaves_the_others_alone() -> None:
    before = [turn(name) for name in "abcd"]
    after = [turn(name) for name in "dabc"]
    assert [(step.change, step.turn.id) for step in changes(before, after)] == [("removed", "d"), ("added", "d")]


def test_two_living_turns_with_one_id_are_told_apart_by_place() -> None:
    before = [turn("a", "甲"), turn("a", "乙")]
    after = [turn("a", "甲"), turn("a", "乙"), turn("b")]
    assert [(step.change, step.index) for step in changes(before, after)] == [("added", 2)]
