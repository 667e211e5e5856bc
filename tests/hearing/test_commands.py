"""The JSON form of commands: what is understood, and what is said about the rest."""

from __future__ import annotations

import pytest

from server.hearing import commands
from server.hearing.commands import BadCommand, Close, Isolate, OpenSession, Recess, Release, Resume, parse
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
        ({}, "command: expected one of open, recess, resume, close, isolate, release, got ''"),
        ({"command": "mute"}, "got 'mute'"),
        ({"command": 1}, "'command': expected a string"),
        ({1: "open"}, "1: expected a string"),
        ({"command": "open", "person": "p-1"}, "person: not a field of open"),
        ({"command": "close", "until": "10:00"}, "until: not a field of close"),
        ({"command": "isolate"}, "person: expected a person's id, got ''"),
        ({"command": "release", "person": "甲"}, "person: expected a person's id"),
        ({"command": "isolate", "person": "p" * 65}, "person: expected a person's id"),
        ({"command": "recess", "until": "25:00"}, "until: expected HH:MM or an RFC 3339 time, got '25:00'"),
        ({"command": "recess", "kind": "lunch"}, "kind: expected one of planned, technical, bench, mediation"),
        ({"command": "open", "reason": "x" * 501}, "reason: longer than 500 characters"),
        ({"command": "open", "reason": "a\nb"}, "reason: U+000A cannot stand in the transcript"),
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
