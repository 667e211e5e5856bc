"""What a person at `yunting watch` reads."""

from dataclasses import replace
from typing import Any

import pytest

from clients.cli.changes import Change
from clients.cli.live import Status
from clients.cli.output import Output
from clients.cli.views import TextView
from crdt_docs.transcript import Turn

ONE = Turn("t1", "speech", "p-1", "原告", "2026-11-24T01:00:00Z", "", "我陈述。")
TWO = Turn("t2", "speech", "p-2", "", "2026-11-24T01:00:05Z", "", "同意。")
WELCOME: dict[str, Any] = {
    "type": "Welcome",
    "hearing": {"case_number": "案号", "title": "案由", "court": "法院", "starts_at": "2026-11-24T01:00:00Z"},
    "seq": 3,
    "phase": "IN_SESSION",
    "roster": [{"person": "p-2", "name": "顾明远"}],
}


def view(last: int | None = None, after: int = -1) -> TextView:
    return TextView(Output("en", False), last=last, after=after)


def added(*turns: Turn) -> list[Change]:
    return [Change("added", n, turn) for n, turn in enumerate(turns)]


def event(seq: int, kind: str, **payload: str) -> dict[str, Any]:
    header = {"seq": seq, "kind": kind, "at": "2026-11-24T01:02:03Z"}
    return {"type": "Event", "header": header, "leaf": "", **({"payload": payload} if payload else {})}


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_turns_are_lines_with_the_day_once_and_court_time(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    shown.message(WELCOME)
    shown.changed(added(ONE, TWO))
    assert printed(capsys) == [
        "—— 案号 案由 · 法院 · 2026-11-24 09:00:00 +08:00 · in session",
        "—— 2026-11-24 +08:00",
        "09:00:00 原告：我陈述。",
        "09:00:05 顾明远：同意。",
    ]


def test_a_turn_is_printed_when_it_has_come_to_rest(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    shown.changed(added(ONE))
    printed(capsys)
    for text in ("同", "同意", "同意。"):
        shown.changed([Change("added" if text == "同" else "changed", 1, replace(TWO, text=text))])
        shown.tick()
    assert printed(capsys) == []
    shown.close()
    assert printed(capsys) == ["09:00:05 同意。"]


def test_what_is_rewritten_or_removed_after_it_was_printed_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    shown.changed(added(ONE, TWO))
    printed(capsys)
    shown.changed([Change("changed", 0, replace(ONE, text="我补充。")), Change("removed", 1, TWO)])
    shown.close()
    assert printed(capsys) == ["09:00:05 [removed] 同意。", "09:00:00 [rewritten] 原告：我补充。"]


def test_a_change_that_is_taken_back_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    shown.changed(added(ONE))
    printed(capsys)
    shown.changed([Change("changed", 0, replace(ONE, text="x"))])
    shown.changed([Change("changed", 0, ONE)])
    shown.close()
    assert printed(capsys) == []


def test_control_characters_of_the_text_never_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    view().changed(added(replace(ONE, text="a\x1b[2Jb\x07\u202ec")))
    assert printed(capsys)[-1] == "09:00:00 原告：a\ufffd[2Jb\ufffd\ufffdc"


def test_rare_characters_and_wide_spaces_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    text = "段子謇\u3000\U0002a6a5\U000323af\ue000\U0002ebf0"
    view().changed(added(replace(ONE, text=text)))
    assert printed(capsys)[-1] == f"09:00:00 原告：{text}"


def test_new_events_are_told_and_old_ones_not(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    shown.message(event(1, "SessionOpened", reason="x"))
    shown.message(WELCOME)
    printed(capsys)
    shown.message(event(3, "SessionOpened", reason="x"))
    shown.message(event(4, "Isolated", person="p-2"))
    shown.message(event(5, "HadSeen", person="p-2"))
    shown.message(event(6, "SessionRecessed"))
    assert printed(capsys) == [
        "—— 2026-11-24 09:02:03 +08:00 #4 isolated 顾明远",
        "—— 2026-11-24 09:02:03 +08:00 #6 recess (content withheld)",
    ]


def test_isolation_and_release_are_said_and_the_text_comes_anew(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view(last=1)
    shown.changed(added(ONE, TWO))
    printed(capsys)
    shown.cleared(isolated=True)
    shown.changed(added(ONE, TWO))
    lines = printed(capsys)
    assert "you are isolated" in lines[0]
    assert lines[1:] == ["—— you are released.", "—— (1 earlier turns)", "—— 2026-11-24 +08:00", "09:00:05 同意。"]


def test_a_loss_is_told_once_and_the_first_connection_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    for connected in (True, False, False, True, True):
        shown.connection("transcript", Status(connected))
        shown.connection("control", Status(connected))
    noise = capsys.readouterr().err.splitlines()
    assert noise == ["connection lost, reconnecting … (nothing is lost)", "connected again"]


def test_storage_that_stops_and_comes_back_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    shown = view()
    shown.message({"type": "Storage", "writable": False})
    shown.message({"type": "Storage", "writable": True})
    lines = printed(capsys)
    assert ["cannot save" in lines[0], "saves again" in lines[1]] == [True, True]


def test_a_private_line_says_its_words_also_to_whoever_is_isolated_from_the_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = view()
    for actor, text in (("p-1", "疼"), ("p-2", "就来")):
        said = event(4, "PrivateLine", person="p-1", text=text)
        said["header"]["actor"] = actor
        shown.message(said)
    withheld = event(5, "PrivateLine")
    withheld["header"]["actor"] = "p-2"
    shown.message(withheld)
    mark = "—— 2026-11-24 09:02:03 +08:00 #"
    assert printed(capsys) == [
        f"{mark}4 private line p-1 > 疼",
        f"{mark}4 private line p-1 < 就来",
        f"{mark}5 private line (content withheld)",
    ]
