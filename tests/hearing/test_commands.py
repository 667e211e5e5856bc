"""The JSON form of commands: what is understood, and what is said about the rest."""

from __future__ import annotations

import pytest

from server.hearing import commands
from server.hearing.commands import (
    BadCommand,
    Close,
    ConfirmRefusal,
    DecideCorrection,
    Isolate,
    MarkUnreachable,
    Object,
    OpenSession,
    Recess,
    RecordRefusal,
    Release,
    Reopen,
    RequestCorrection,
    Resume,
    StartSigning,
    parse,
)
from server.hearing.court_commands import Consult, Line, LowerHand, OpenWaiting, Spotlight, Summon
from server.hearing.signing_state import RefusalCode
from server.hearing.state import RecessKind


@pytest.mark.parametrize(
    ("request_", "command"),
    [
        ({"command": "open"}, OpenSession()),
        ({"command": "open", "reason": " 准时 ", "person": None, "until": ""}, OpenSession("准时")),
        ({"command": "recess"}, Recess(RecessKind.PLANNED)),
        ({"command": "recess", "kind": "bench", "until": "9:05"}, Recess(RecessKind.BENCH, "", "9:05")),
        ({"command": "recess", "until": "2024-09-12T10:00:00+08:00"}, Recess(until="2024-09-12T10:00:00+08:00")),
        ({"command": "resume", "reason": "评议结束"}, Resume("评议结束")),
        ({"command": "close"}, Close()),
        ({"command": "isolate", "person": "p-1_A", "reason": "x"}, Isolate("p-1_A", "x")),
        ({"command": "release", "person": "p-1"}, Release("p-1")),
        ({"command": "open_waiting", "reason": "x"}, OpenWaiting("x")),
        ({"command": "summon", "person": "p-1"}, Summon("p-1")),
        ({"command": "spotlight"}, Spotlight()),
        ({"command": "spotlight", "person": "p-1"}, Spotlight("p-1")),
        ({"command": "lower_hand", "person": ""}, LowerHand()),
        ({"command": "consult", "person": "p-1", "reason": "x"}, Consult("p-1", "x")),
        ({"command": "line", "text": " 我\t要\n\u3000喝水 "}, Line(text="我 要 喝水")),
        ({"command": "line", "person": "p-1", "text": "x" * 501}, Line("p-1", text="x" * 501)),
        ({"command": "line"}, Line()),
        ({"command": "start_signing"}, StartSigning()),
        ({"command": "reopen", "reason": "漏记"}, Reopen("漏记")),
        ({"command": "request_correction", "reason": "漏记", "turn": "t-1"}, RequestCorrection("漏记", "t-1")),
        ({"command": "decide_correction", "of": "7", "decision": "granted"}, DecideCorrection(7, True)),
        (
            {"command": "decide_correction", "of": "7", "decision": "denied", "reason": "无误"},
            DecideCorrection(7, False, "无误"),
        ),
        ({"command": "object", "reason": "不实"}, Object("不实")),
        (
            {"command": "record_refusal", "person": "p-1", "code": "other", "reason": "x"},
            RecordRefusal("p-1", RefusalCode.OTHER, "x"),
        ),
        ({"command": "confirm_refusal", "person": "p-1"}, ConfirmRefusal("p-1")),
        ({"command": "mark_unreachable", "person": "p-1"}, MarkUnreachable("p-1")),
    ],
)
def test_a_command_is_understood(request_: object, command: commands.Command) -> None:
    assert parse(request_) == command
    assert isinstance(request_, dict) and commands.name_of(command) == request_["command"]
    assert commands.name_of(type(command)) == request_["command"]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ([], "expected an object"),
        ({}, "command: expected one of open, recess, resume, close, isolate, release, open_waiting, "),
        ({}, "confirm_refusal, mark_unreachable, got ''"),
        ({"command": "adjourn"}, "got 'adjourn'"),
        ({"command": 1}, "'command': expected a string"),
        ({1: "open"}, "1: expected a string"),
        ({"command": "open", "person": "p-1"}, "person: not a field of open"),
        ({"command": "close", "until": "10:00"}, "until: not a field of close"),
        ({"command": "mute"}, "person: expected a person's id, got ''"),
        ({"command": "spotlight", "person": "甲"}, "person: expected a person's id"),
        ({"command": "raise_hand", "person": "p-1"}, "person: not a field of raise_hand"),
        ({"command": "line", "reason": "x"}, "reason: not a field of line"),
        ({"command": "line", "person": "甲"}, "person: expected a person's id"),
        ({"command": "line", "text": "a\u202eb"}, "text: U+202E cannot stand in the record"),
        ({"command": "isolate"}, "person: expected a person's id, got ''"),
        ({"command": "release", "person": "甲"}, "person: expected a person's id"),
        ({"command": "isolate", "person": "p" * 65}, "person: expected a person's id"),
        ({"command": "recess", "until": "25:00"}, "until: expected HH:MM or an RFC 3339 time, got '25:00'"),
        ({"command": "recess", "kind": "lunch"}, "kind: expected one of planned, technical, bench, mediation"),
        ({"command": "decide_correction", "decision": "granted"}, "of: expected the number of an entry, got ''"),
        ({"command": "decide_correction", "of": "0", "decision": "granted"}, "of: expected the number of an entry"),
        ({"command": "decide_correction", "of": 7, "decision": "granted"}, "'of': expected a string"),
        ({"command": "decide_correction", "of": "7"}, "decision: expected one of granted, denied, got ''"),
        ({"command": "record_refusal", "person": "p-1"}, "code: expected one of disagrees, absent, no_reason, other"),
        ({"command": "record_refusal", "code": "other"}, "person: expected a person's id"),
        ({"command": "request_correction", "turn": "t" * 65}, "turn: expected a turn's id"),
        ({"command": "request_correction", "turn": "t\u202e"}, "turn: expected a turn's id"),
        ({"command": "open", "reason": "x" * 501}, "reason: longer than 500 characters"),
        ({"command": "open", "reason": "a\nb"}, "reason: U+000A cannot stand in the record"),
        ({"command": "open", "reason": "a\u202eb"}, "U+202E"),
        ({"command": "open", "reason": "a\u200bb"}, "U+200B"),
        ({"command": "open", "reason": "\ud800"}, "U+D800"),
        ({"command": "open", "reason": "\ue000"}, "U+E000"),
        ({"command": "open", "reason": "\ufffd"}, "U+FFFD"),
        ({"command": "open", "reason": "a\u2028b"}, "U+2028"),
    ],
)
def test_what_is_no_command_is_refused_with_the_expected_form(request_: object, words: str) -> None:
    with pytest.raises(BadCommand) as caught:
        parse(request_)
    assert words in str(caught.value)
    assert caught.value.code == "invalid_command"


def test_a_reason_may_have_rare_characters_and_500_of_them() -> None:
    assert parse({"command": "open", "reason": "\U0002a6a5" * 500}) == OpenSession("\U0002a6a5" * 500)
