"""Every guard of the signing has a refused case and an accepted one that differs in a single circumstance."""

from __future__ import annotations

import pytest

from server.hearing import guards
from server.hearing.commands import (
    ConfirmRefusal,
    DecideCorrection,
    MarkUnreachable,
    Object,
    RecordRefusal,
    Reopen,
    RequestCorrection,
    SigningCommand,
    StartSigning,
)
from server.hearing.guards import GUARDS, Case
from tests.hearing.one_change import accepted_after_one_change
from tests.hearing.signing_scenes import COMMANDS, SigningCase, signing_universe

# What nothing can make acceptable by one change: a stranger has no place and no role.
ROWS = [(guard.code, command) for guard in GUARDS for command in guard.commands if command in COMMANDS]


@pytest.mark.parametrize(("code", "command"), ROWS, ids=[f"{code}-{command.__name__}" for code, command in ROWS])
def test_a_guard_refuses_and_one_change_of_circumstances_is_accepted(code: str, command: type[SigningCommand]) -> None:
    good, seqs = accepted_after_one_change(signing_universe(), code, command)
    assert seqs == list(range(good.state.seq + 1, good.state.seq + 1 + len(seqs)))


def test_exactly_what_the_table_of_commands_allows_is_allowed() -> None:
    """The same table once more, in words of its own, over every combination of circumstances."""
    wrong = [each for each, code in signing_universe().items() if (code == "") != _allowed(each)]
    assert wrong == []


def _allowed(each: SigningCase) -> bool:
    people = each.case().state.participants
    if each.actor not in people or each.actor_state.value != "IN_COURT":
        return False
    role, stage = people[each.actor].role.value, each.stage.value
    judge, clerk = role in ("judge", "presiding_judge"), role == "clerk"
    unsigned = each.signer.value not in ("SIGNED", "REFUSED", "UNREACHABLE")
    asked = role not in ("witness", "observer", "judge_assistant") and stage == "SIGNING"
    aimed = stage == "SIGNING" and each.target in ("p-judge", "p-clerk", "p-plaintiff") and each.target in people
    command: type[SigningCommand] = each.command
    rules = {
        StartSigning: judge and stage == "DRAFT" and each.phase.value in ("IN_SESSION", "RECESS", "CLOSED"),
        Reopen: judge and stage in ("SIGNING", "SETTLED") and bool(each.reason),
        RequestCorrection: asked and bool(each.reason) and each.asked == 0,
        DecideCorrection: judge
        and stage != "REVIEW"
        and each.request is not None
        and each.request.value == "open"
        and (each.granted or bool(each.reason)),
        Object: asked and unsigned and each.signer.value != "OBJECTED" and bool(each.reason),
        RecordRefusal: clerk
        and aimed
        and unsigned
        and (bool(each.reason) or each.code.value in ("absent", "no_reason")),
        ConfirmRefusal: judge and aimed and unsigned and each.recorded and each.target != each.actor,
        MarkUnreachable: clerk and aimed and unsigned and each.late,
    }
    return rules[command]


def test_what_is_shown_beforehand_never_denies_what_would_be_allowed() -> None:
    for each, code in signing_universe().items():
        if code:
            continue
        case: Case = each.case()
        assert guards.failing_beforehand(case.state, case.actor, each.command, case.situation) == ""
