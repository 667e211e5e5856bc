"""Every guard has a refused case and an accepted one that differs in a single circumstance; both are found from the
table."""

from __future__ import annotations

from functools import cache

import pytest

from server.hearing import court_guards, guards
from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.guards import GUARDS, Case
from server.hearing.reasons import FORBIDDEN, REASONS
from server.hearing.state import ParticipantState, Phase, Role
from tests.hearing.one_change import accepted_after_one_change
from tests.hearing.scenes import Circumstances, universe

SITTING = (
    OpenSession,
    Recess,
    Resume,
    Close,
    Isolate,
    Release,
)  # the others: test_court_guards.py, test_signing_guards.py
ROWS = [
    (guard.code, command)
    for guard in GUARDS
    for command in guard.commands
    if command in SITTING and guard not in court_guards.ROWS
]


@cache
def codes() -> dict[Circumstances, str]:
    return {each: each.code() for each in universe()}


@pytest.mark.parametrize(("code", "command"), ROWS, ids=[f"{code}-{command.__name__}" for code, command in ROWS])
def test_a_guard_refuses_and_one_change_of_circumstances_is_accepted(code: str, command: type[Command]) -> None:
    good, seqs = accepted_after_one_change(codes(), code, command)
    assert seqs == [good.state.seq + 1]


def test_exactly_what_the_table_of_commands_allows_is_allowed() -> None:
    """The same table once more, in words of its own, over every combination of circumstances."""
    wrong = [each for each, code in codes().items() if (code == "") != _allowed(each.case())]
    assert wrong == []


def _allowed(case: Case) -> bool:
    people = case.state.participants
    asker = people.get(case.actor)
    if asker is None or asker.state.value in ("ISOLATED", "RELEASED", "REMOVED"):
        return False
    phase, command = case.state.phase.value, case.command
    presiding = asker.role is Role.PRESIDING_JUDGE or (asker.role is Role.JUDGE and case.state.options.sole)
    judge = asker.role in (Role.PRESIDING_JUDGE, Role.JUDGE)
    match command:
        case OpenSession():
            clerks = [each for each in people.values() if each.role is Role.CLERK and each.state.value == "IN_COURT"]
            heads = [each for each in people.values() if each.role.value in ("judge", "presiding_judge")]
            if not case.state.options.sole:
                heads = [each for each in heads if each.role is Role.PRESIDING_JUDGE]
            here = case.situation.connected
            ready = any(each.person in here for each in clerks) and any(each.person in here for each in heads)
            return presiding and phase in ("SCHEDULED", "PREPARING") and ready
        case Recess():
            return judge and phase == "IN_SESSION"
        case Resume():
            return judge and phase == "RECESS"
        case Close():
            return judge and phase in ("IN_SESSION", "RECESS")
        case Isolate() | Release():
            return _allowed_on_person(case, command, judge)


def _allowed_on_person(case: Case, command: Isolate | Release, judge: bool) -> bool:
    people = case.state.participants
    asker, target = people[case.actor], people.get(command.person)
    if target is None or not (judge or (asker.role is Role.CLERK and command.reason)):
        return False
    if isinstance(command, Release):
        return target.state is ParticipantState.ISOLATED
    if target.role.value in ("presiding_judge", "judge", "assessor") or target.person == asker.person:
        return False
    others = [each for each in people.values() if each.role is Role.CLERK and each.person != target.person]
    record_kept = target.role is not Role.CLERK or any(each.state is ParticipantState.IN_COURT for each in others)
    return record_kept and target.state is ParticipantState.IN_COURT


def test_every_guard_has_its_sentences_and_every_command_its_guards() -> None:
    assert {guard.code for guard in GUARDS} <= REASONS.keys()
    assert len({guard.code for guard in GUARDS}) == len(GUARDS)
    assert REASONS.keys() >= FORBIDDEN
    assert {guard.code for guard in GUARDS if guard.about is guards.About.ASKER} == FORBIDDEN


def test_what_is_shown_beforehand_never_denies_what_would_be_allowed() -> None:
    for each, code in codes().items():
        if code:
            continue
        case = each.case()
        assert guards.failing_beforehand(case.state, case.actor, each.command, case.situation) == ""


def test_what_is_shown_beforehand_names_the_reason_of_asker_and_hearing() -> None:
    case = Circumstances(
        "sole", Recess, Phase.SCHEDULED, "p-judge", ParticipantState.IN_COURT, "", ParticipantState.IN_COURT, "", "all"
    ).case()
    shown = {
        kind: guards.failing_beforehand(case.state, person, kind, case.situation)
        for kind, person in (
            (Recess, "p-judge"),
            (OpenSession, "p-clerk"),
            (Isolate, "p-plaintiff"),
            (Release, "p-clerk"),
        )
    }
    assert shown == {
        Recess: "not_in_session",
        OpenSession: "not_presiding",
        Isolate: "neither_judge_nor_clerk",
        Release: "",
    }
