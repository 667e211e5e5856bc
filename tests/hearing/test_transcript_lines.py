"""The lines commands write: who, what, why, on which ground, at +08:00."""

from __future__ import annotations

import pytest

from crdt_docs.transcript import Turn
from server.hearing import reduce
from server.hearing.commands import NAMES, Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.grounds import ground
from server.hearing.guards import Situation
from server.hearing.state import HearingState, RecessKind, Role
from server.hearing.transcript_lines import line
from tests.hearing.scenes import NOW, done, opened, sole

GAVEL = "（依据《人民法院法槌使用规定（试行）》第二条）"
ORDER = "（依据《人民法院在线诉讼规则》第二十五条、《人民法院法庭规则》）"
UNHEARD = "（依据《人民法院在线诉讼规则》第二十六条、《最高人民法院关于民事诉讼证据的若干规定》第七十四条）"


def written(state: HearingState, actor: str, command: Command, *, now: int = NOW) -> str:
    after, event = done(state, actor, command, now=now)
    turn = line(after, event)
    assert turn is not None
    return turn.text


def test_the_line_of_an_opening() -> None:
    before = sole()
    present = frozenset({"p-judge", "p-clerk", "p-plaintiff"})
    decided = reduce.decide(before, "p-judge", OpenSession(), Situation(present, NOW))
    assert isinstance(decided, tuple)
    turn = line(reduce.apply(before, decided[0]), decided[0])
    text = (
        "2024年9月12日09时30分，审判员顾明远宣布开庭。到庭：审判员顾明远、书记员苏晓禾、原告周启航。"
        "未连线：书记员沈砚秋、被告贺岚、诉讼代理人秦念、翻译人员安译。（依据《中华人民共和国民事诉讼法》第一百四十条）"
    )
    assert turn == Turn("c1", "procedure", "p-judge", "", "2024-09-12T09:30:00.000+08:00", "control:1", text)


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (Recess(), f"审判员顾明远宣布休庭。{GAVEL}"),
        (
            Recess(RecessKind.TECHNICAL, "线路故障。", "10:15"),
            f"审判员顾明远宣布休庭（因技术原因）。预计2024年9月12日10时15分复庭。事由：线路故障。{GAVEL}",
        ),
        (Close(), f"审判员顾明远宣布闭庭。{GAVEL}"),
        (
            Isolate("p-witness", "不得旁听"),
            f"审判员顾明远决定将证人梁柏年转入隔离，隔离期间庭审音视频、笔录及批注对其关闭。事由：不得旁听。{UNHEARD}",
        ),
        (
            Isolate("p-defendant"),
            f"审判员顾明远决定将被告贺岚转入隔离，隔离期间庭审音视频、笔录及批注对其关闭。{ORDER}",
        ),
    ],
)
def test_the_lines_of_a_session(command: Command, text: str) -> None:
    assert written(opened(), "p-judge", command) == f"2024年9月12日09时30分，{text}"


def test_the_line_of_resuming() -> None:
    recessed, _ = done(opened(), "p-judge", Recess())
    assert written(recessed, "p-judge", Resume()).endswith(f"审判员顾明远宣布复庭。应到人员均已连线。{GAVEL}")


@pytest.mark.parametrize(
    ("person", "place", "law"), [("p-defendant", "返回法庭", ORDER), ("p-witness", "返回候审室", UNHEARD)]
)
def test_a_release_by_the_clerk_names_the_order(person: str, place: str, law: str) -> None:
    isolated, _ = done(opened(), "p-judge", Isolate(person))
    who = isolated.participants[person].title
    text = f"书记员苏晓禾按照审判人员指令解除对{who}的隔离，其{place}。指令：口头指令。{law}"
    assert written(isolated, "p-clerk", Release(person, "口头指令")).endswith(text)


def test_a_clock_set_back_is_said_and_a_small_correction_is_not() -> None:
    late = written(opened(), "p-judge", Recess(), now=NOW - 3_600_000)
    assert late.startswith("2024年9月12日08时30分") and late.endswith(
        "（服务器时钟较此前记录回拨3600秒，先后以编号2为准）"
    )
    assert "回拨" not in written(opened(), "p-judge", Recess(), now=NOW - 999)


def test_an_entry_that_nobody_commanded_has_no_line() -> None:
    isolated, event = done(opened(), "p-judge", Isolate("p-defendant"))
    note = reduce.had_seen(isolated, NOW, event, {})
    assert line(reduce.apply(isolated, note), note) is None


def test_every_command_has_a_ground_in_both_languages() -> None:
    for command in NAMES.values():
        for target in (None, *Role):
            law = ground(command, target)
            assert law.zh and law.en
