"""The court's orders on the command line: every one is offered, those about somebody need a person, all have words."""

import pytest

from clients.cli import sentences
from clients.cli.commands import _given
from clients.cli.outcomes import Exit, Failure
from clients.cli.parser import COMMANDS, build
from server.hearing.commands import NAMES
from server.hearing.court_commands import OF_PERSON, OF_PERSON_OR_NONE
from server.hearing.court_events import READERS


def test_every_command_of_the_server_is_offered_and_no_other() -> None:
    assert set(COMMANDS) == set(NAMES)


@pytest.mark.parametrize("name", sorted(OF_PERSON))
def test_an_order_about_somebody_needs_a_person(name: str) -> None:
    with pytest.raises(Failure) as caught:
        _given(build("en").parse_args(["control", "h-1", name]))
    assert (caught.value.status, caught.value.code) == (Exit.USAGE, "needs_person")
    given = _given(build("en").parse_args(["control", "h-1", name, "--person", "p-1", "--reason", "谩骂"]))
    assert given == {"person": "p-1", "reason": "谩骂"}


@pytest.mark.parametrize("name", sorted(OF_PERSON_OR_NONE))
def test_an_order_about_somebody_or_nobody_goes_without(name: str) -> None:
    assert _given(build("zh").parse_args(["control", "h-1", name])) == {}


def test_a_private_line_is_written_like_a_message_and_like_an_order() -> None:
    given = {"person": "p-1", "text": "请稍候"}
    assert _given(build("zh").parse_args(["control", "h-1", "line", "--person", "p-1", "--text", "请稍候"])) == given
    options = build("zh").parse_args(["line", "h-1", "--person", "p-1", "请稍候"])
    assert (options.command, options.text, options.person) == ("line", "请稍候", "p-1")


def test_the_kind_of_a_recess_is_passed_on() -> None:
    assert _given(build("zh").parse_args(["control", "h-1", "recess", "--kind", "technical"])) == {"kind": "technical"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_event_of_the_courts_order_has_a_word(lang: str) -> None:
    words = [sentences.named(sentences.EVENTS, kind, lang) for kind in READERS]
    assert len(set(words)) == len(READERS)
    assert set(words).isdisjoint(READERS)
