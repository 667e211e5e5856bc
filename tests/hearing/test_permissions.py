"""Who may read and write which document: PROTOCOL' sentences, one by one, over every cell of the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from server.hearing import documents, permissions
from server.hearing.commands import Close, Isolate, OpenSession, Recess, Release
from server.hearing.documents import DocumentKind
from server.hearing.permissions import Access, Action, Cell, document_access, matrix, why_not
from server.hearing.reasons import REASONS
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import HearingState, Options, ParticipantState, Phase, Role
from tests.hearing.scenes import STRANGER, done, opened, sole

CELLS = tuple(matrix())
COURT = {"presiding_judge", "judge", "assessor", "judge_assistant", "clerk"}
PARTIES = {"plaintiff", "defendant", "appellant", "appellee", "third_party"}
BARRED = {"ISOLATED", "RELEASED", "REMOVED"}
SHARED = {"transcript", "annotations"}
OPEN_PHASES = {"IN_SESSION", "RECESS", "CLOSED"}


def allowed(rule: Callable[[Cell], bool]) -> Iterable[Cell]:
    return (cell for cell in CELLS if cell.allowed and rule(cell))


def reads(cell: Cell) -> bool:
    return cell.action is Action.READ


def test_the_matrix_has_every_combination_once() -> None:
    each = len(Role) * len(ParticipantState) * len(Phase) * 2 * len(Action)
    kinds = (
        len(TranscriptPhase) + 2 + 2
    )  # the transcript in every stage, annotations (offered, withdrawn), notes (own, not)
    assert len(CELLS) == len({(cell.standing, cell.action) for cell in CELLS}) == each * kinds
    assert {cell.allowed for cell in CELLS} == {True, False}


def test_exactly_the_written_rules_are_allowed() -> None:
    """PROTOCOL "Documents", in words of its own."""
    wrong = [cell for cell in CELLS if cell.allowed != _written(cell)]
    assert wrong == []


def _written(cell: Cell) -> bool:
    where = cell.standing
    role, state, phase, kind = where.role.value, where.state.value, where.phase.value, where.kind.value
    if state in BARRED:
        return False
    if kind == "notes":
        return where.own and role in COURT | PARTIES | {"agent"} and state != "INVITED"
    if cell.action is Action.READ:
        if role == "observer":
            return where.observers_read and phase in OPEN_PHASES and state != "INVITED"
        inside = state == "IN_COURT" and phase in OPEN_PHASES
        return role in COURT or (role in PARTIES | {"agent", "interpreter"} and inside)
    if kind == "transcript":
        return role == "clerk" and where.stage.value == "DRAFT"
    sitting = phase in {"IN_SESSION", "RECESS"} and not where.withdrawn
    return role in COURT | PARTIES | {"agent"} and state == "IN_COURT" and sitting


def test_nobody_isolated_released_or_removed_has_any_right() -> None:
    assert list(allowed(lambda cell: cell.standing.state.value in BARRED)) == []


def test_witness_expert_and_helper_have_no_document_at_all() -> None:
    assert list(allowed(lambda cell: cell.standing.role.value in {"witness", "expert", "helper"})) == []


def test_only_clerks_write_the_transcript_in_every_phase_of_the_draft() -> None:
    writers = list(allowed(lambda c: c.standing.kind is DocumentKind.TRANSCRIPT and c.action is Action.WRITE))
    assert {cell.standing.role for cell in writers} == {Role.CLERK}
    assert {cell.standing.phase for cell in writers} == set(Phase)
    assert {cell.standing.stage for cell in writers} == {TranscriptPhase.DRAFT}


def test_a_clerk_whose_only_obstacle_is_the_freeze_is_told_so() -> None:
    for stage in set(TranscriptPhase) - {TranscriptPhase.DRAFT}:
        frozen = opened()
        frozen = replace(frozen, signing=replace(frozen.signing, stage=stage))
        assert of(frozen, "p-clerk") == Access(True, False, "frozen")
        assert of(frozen, "p-judge") == Access(True, False, "role_may_not_write")
        assert of(frozen, "p-clerk", ANNOTATIONS) == Access(True, True, "")


def test_an_interpreter_reads_but_never_writes() -> None:
    rights = list(allowed(lambda cell: cell.standing.role is Role.INTERPRETER))
    assert rights and all(map(reads, rights))


def test_notes_of_others_are_nobodys() -> None:
    assert list(allowed(lambda cell: not cell.standing.own)) == []


def test_whoever_may_write_may_read() -> None:
    granted = {(cell.standing, cell.action) for cell in CELLS if cell.allowed}
    assert all((where, Action.READ) in granted for where, action in granted if action is Action.WRITE)


def test_every_denial_has_a_sentence_and_every_right_has_none() -> None:
    assert all((cell.reason == "") == cell.allowed for cell in CELLS)
    assert {cell.reason for cell in CELLS if not cell.allowed} <= REASONS.keys()


TRANSCRIPT = documents.transcript("h-1")
ANNOTATIONS = documents.annotations("h-1", "e1")


def of(state: HearingState, person: str, name: documents.DocumentName = TRANSCRIPT) -> Access:
    return document_access(state, person, name)


def test_a_recess_changes_no_reading_right_and_closing_ends_annotating() -> None:
    session = opened()
    recess, _ = done(session, "p-judge", Recess())
    closed, _ = done(session, "p-judge", Close())
    for person in session.participants:
        assert of(session, person) == of(recess, person)
        assert of(session, person, ANNOTATIONS) == of(recess, person, ANNOTATIONS)
    assert of(session, "p-defendant", ANNOTATIONS) == Access(True, True, "")
    assert of(closed, "p-defendant", ANNOTATIONS) == Access(True, False, "wrong_phase")
    assert of(closed, "p-clerk") == Access(True, True, "")


def test_staff_read_before_the_opening_and_parties_only_from_it_on() -> None:
    before = sole()
    assert of(before, "p-judge") == Access(True, False, "role_may_not_write")
    assert of(before, "p-clerk") == Access(True, True, "")
    assert of(before, "p-plaintiff") == Access(False, False, "not_let_in")
    assert of(opened(), "p-plaintiff") == Access(True, False, "role_may_not_write")


@pytest.mark.parametrize(("reads_too", "reason"), [(True, "role_may_not_write"), (False, "observers_not_admitted")])
def test_observers_read_when_the_court_has_said_so(reads_too: bool, reason: str) -> None:
    state, _ = done(sole(options=Options(True, reads_too)), "p-judge", OpenSession())
    assert of(state, "p-observer") == Access(reads_too, False, reason)
    assert not of(sole(options=Options(True, reads_too)), "p-observer").read


def test_isolation_takes_everything_and_release_gives_it_back() -> None:
    isolated, _ = done(opened(), "p-judge", Isolate("p-defendant"))
    own = documents.notes("h-1", "p-defendant", "e1")
    for name in (TRANSCRIPT, ANNOTATIONS, own):
        assert of(isolated, "p-defendant", name) == Access(False, False, "isolated")
    released, _ = done(isolated, "p-judge", Release("p-defendant"))
    assert of(released, "p-defendant").read and of(released, "p-defendant", own).write


def test_another_hearings_document_and_a_stranger_are_refused() -> None:
    assert of(opened(), "p-clerk", documents.transcript("h-2")) == Access(False, False, "other_hearing")
    assert of(opened(), STRANGER) == Access(False, False, "not_in_hearing")


def test_why_not_answers_in_words() -> None:
    session = opened()
    assert why_not(session, "p-clerk", TRANSCRIPT, Action.WRITE) is None
    for person, name, code in (
        ("p-witness", TRANSCRIPT, "role_may_not_read"),
        ("p-clerk", documents.notes("h-1", "p-judge", "e1"), "not_yours"),
        ("p-clerk", documents.transcript("h-2"), "other_hearing"),
        (STRANGER, TRANSCRIPT, "not_in_hearing"),
    ):
        answer = why_not(session, person, name, Action.READ)
        assert answer is not None and answer.code == code
        assert (answer.zh, answer.en) == (REASONS[code].zh, REASONS[code].en)


def test_released_and_removed_people_learn_which_it_is() -> None:
    session = opened()
    for state, code in ((ParticipantState.RELEASED, "released"), (ParticipantState.REMOVED, "removed")):
        changed = session.with_participants([replace(session.participants["p-agent"], state=state)])
        assert of(changed, "p-agent") == Access(False, False, code)


def test_no_role_has_two_rows_for_one_thing() -> None:
    rows = [(row.kind, row.action, role) for row in permissions.RIGHTS for role in row.roles]
    assert len(rows) == len(set(rows))
