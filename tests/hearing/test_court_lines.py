"""What the court's orders write into the transcript, and which of them write nothing."""

from __future__ import annotations

import pytest

from server.hearing import reduce
from server.hearing.commands import Command, Isolate, OpenSession, Recess
from server.hearing.court_commands import (
    Announce,
    CloseGallery,
    Consult,
    Dismiss,
    Floor,
    LockAll,
    MarkIncident,
    Mute,
    OpenGallery,
    OpenWaiting,
    RaiseHand,
    Remove,
    Spotlight,
    Summon,
    Unmute,
)
from server.hearing.court_events import HoldEnded, HoldStarted
from server.hearing.events import Fact
from server.hearing.guards import Situation
from server.hearing.reasons import Refusal
from server.hearing.state import HearingState
from server.hearing.transcript_lines import line
from tests.hearing.scenes import NOW, everybody, opened, sole
from tests.hearing.test_media_routes import given

AT = "2024年9月12日09时30分，"


def lines(state: HearingState, actor: str, order: Command) -> list[str]:
    """The lines of one command's events, without the ground."""
    events = reduce.decide(state, actor, order, Situation(everybody(state), NOW))
    assert not isinstance(events, Refusal), events
    found: list[str] = []
    for event in events:
        state = reduce.apply(state, event)
        turn = line(state, event)
        if turn is not None:
            assert (turn.id, turn.origin) == (f"c{event.seq}", f"control:{event.seq}")
            found.append(turn.text.removeprefix(AT).split("（依据")[0])
    return found


def test_the_announcement_is_noted() -> None:
    preparing = given(sole(), ("p-clerk", OpenWaiting()))
    assert lines(preparing, "p-clerk", Announce()) == ["书记员苏晓禾核对到庭情况，宣布法庭纪律。"]


def test_a_witness_comes_and_goes() -> None:
    assert lines(opened(), "p-judge", Summon("p-witness")) == ["审判员顾明远传唤证人梁柏年到庭。"]
    isolated = given(opened(), ("p-judge", Isolate("p-witness")))
    assert lines(isolated, "p-judge", Summon("p-witness", "作证")) == [
        "审判员顾明远决定解除对证人梁柏年的隔离，其返回候审室。事由：传唤到庭。",
        "审判员顾明远传唤证人梁柏年到庭。事由：作证。",
    ]
    summoned = given(opened(), ("p-judge", Summon("p-witness")))
    assert lines(summoned, "p-judge", Dismiss("p-witness")) == [
        "审判员顾明远宣布证人梁柏年退下。",
        "审判员顾明远决定将证人梁柏年转入隔离，隔离期间庭审音视频、笔录及批注对其关闭。事由：作证完毕。",
    ]
    assert lines(summoned, "p-judge", Recess()) == [
        "审判员顾明远宣布休庭。",
        "证人梁柏年随休庭转入隔离，隔离期间庭审音视频、笔录及批注对其关闭。事由：休庭期间证人、鉴定人不得旁听。",
    ]


def test_a_removal_states_the_facts() -> None:
    text = "审判员顾明远责令被告贺岚退出法庭。事实：多次打断发言，经警告不改。"
    assert lines(opened(), "p-judge", Remove("p-defendant", "多次打断发言，经警告不改。")) == [text]


def test_the_gallery_is_noted() -> None:
    closed = given(opened(), ("p-judge", CloseGallery()))
    assert lines(opened(), "p-judge", CloseGallery("涉及隐私")) == ["审判员顾明远决定关闭旁听。事由：涉及隐私。"]
    assert lines(closed, "p-judge", OpenGallery()) == ["审判员顾明远决定开放旁听。"]


@pytest.mark.parametrize(
    ("fact", "words"), [(HoldStarted(NOW), "审判员连线中断，请勿离开"), (HoldEnded(), "审判员恢复连线")]
)
def test_the_loss_of_the_judges_connection_is_noted_by_the_court(fact: Fact, words: str) -> None:
    (event,) = reduce.numbered(opened(), NOW, "court", (fact,))
    turn = line(reduce.apply(opened(), event), event)
    assert turn is not None and words in turn.text and turn.speaker == "court"


def test_what_a_record_does_not_note_writes_nothing() -> None:
    heard = given(opened(), ("p-judge", Unmute("p-plaintiff")))
    recess = given(opened(), ("p-judge", Recess()))
    for state, actor, order in (
        (sole(), "p-clerk", OpenWaiting()),
        (opened(), "p-judge", Unmute("p-plaintiff")),
        (heard, "p-judge", Mute("p-plaintiff")),
        (heard, "p-judge", LockAll()),
        (opened(), "p-judge", Floor("p-plaintiff")),
        (opened(), "p-judge", Spotlight("p-plaintiff")),
        (opened(), "p-plaintiff", RaiseHand()),
        (recess, "p-plaintiff", Consult()),
        (opened(), "p-clerk", MarkIncident("p-defendant")),
    ):
        assert lines(state, actor, order) == []


def test_opening_ends_the_announcement_without_a_line_of_its_own() -> None:
    announcing = given(sole(), ("p-clerk", OpenWaiting()), ("p-clerk", Announce()))
    assert len(lines(announcing, "p-judge", OpenSession())) == 1
