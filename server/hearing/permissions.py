"""Who may read and write which document, and why not: one table, asked at the moment of use. Denies what no row allows.

The same table is shown to people ("why may I not?") and drives the tests over the wires (`matrix`). Rights to
commands stand in
guards.py, what is told of the log in sight.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from server.hearing.documents import DocumentKind, DocumentName
from server.hearing.reasons import Refusal, refusal
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import OPENED, PARTIES, STAFF, HearingState, Participant, ParticipantState, Phase, Role


class Action(StrEnum):
    """What one may do with a document."""

    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Access:
    """The answer for one person and document. `reason`: code of what is denied first (read before write), empty
    when all is allowed."""

    read: bool
    write: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Right:
    """One row: these roles, in these states and phases, may do this. `option` names what the court must have
    allowed."""

    kind: DocumentKind
    action: Action
    roles: frozenset[Role]
    states: frozenset[ParticipantState]
    phases: frozenset[Phase]
    option: bool = False  # only with the hearing's option `observers_read`
    own: bool = False  # only the person whose document it is
    draft: bool = False  # only while the transcript is a draft
    offered: bool = False  # only while the exhibit is not withdrawn


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the table asks about a person, a document and the hearing."""

    role: Role
    state: ParticipantState
    phase: Phase
    kind: DocumentKind
    own: bool = True  # notes: whether they are this person's
    observers_read: bool = False
    stage: TranscriptPhase = TranscriptPhase.DRAFT  # of the transcript, and asked of nothing else
    withdrawn: bool = False  # annotations: whether their exhibit is


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the whole table, for tests and pages."""

    standing: Standing
    action: Action
    allowed: bool
    reason: str


_EVER = frozenset(Phase)
_SITTING = frozenset({Phase.IN_SESSION, Phase.RECESS})
_HERE = frozenset({ParticipantState.INVITED, ParticipantState.WAITING, ParticipantState.IN_COURT})
_READY = frozenset({ParticipantState.WAITING, ParticipantState.IN_COURT})
_LET_IN = frozenset({ParticipantState.IN_COURT})  # after closing: the signing room
_PARTY_SIDE = PARTIES | {Role.AGENT}
_READERS = _PARTY_SIDE | {Role.INTERPRETER}
_OBSERVERS = frozenset({Role.OBSERVER})
_SHARED = (DocumentKind.TRANSCRIPT, DocumentKind.ANNOTATIONS)

RIGHTS: tuple[Right, ...] = (
    *(Right(kind, Action.READ, STAFF, _HERE, _EVER) for kind in _SHARED),
    *(Right(kind, Action.READ, _READERS, _LET_IN, OPENED) for kind in _SHARED),
    *(Right(kind, Action.READ, _OBSERVERS, _READY, OPENED, option=True) for kind in _SHARED),
    Right(DocumentKind.TRANSCRIPT, Action.WRITE, frozenset({Role.CLERK}), _HERE, _EVER, draft=True),
    Right(DocumentKind.ANNOTATIONS, Action.WRITE, STAFF | _PARTY_SIDE, _LET_IN, _SITTING, offered=True),
    *(Right(DocumentKind.NOTES, action, STAFF | _PARTY_SIDE, _READY, _EVER, own=True) for action in Action),
)

_ROWS = {(row.kind, row.action, role): row for row in RIGHTS for role in row.roles}  # a role has one row at most

_BARRED = {
    ParticipantState.ISOLATED: "isolated",
    ParticipantState.RELEASED: "released",
    ParticipantState.REMOVED: "removed",
}


def document_access(state: HearingState, person: str, document: DocumentName) -> Access:
    """What this person may do with this document in this state of the hearing; cheap enough for every frame."""
    if document.hearing != state.id:
        return Access(False, False, "other_hearing")
    participant = state.participants.get(person)
    if participant is None:
        return Access(False, False, "not_in_hearing")
    return access(standing(state, participant, document))


def standing(state: HearingState, participant: Participant, document: DocumentName) -> Standing:
    own = document.kind is not DocumentKind.NOTES or document.person == participant.person
    stage = state.transcript if document.kind is DocumentKind.TRANSCRIPT else TranscriptPhase.DRAFT
    read = state.options.observers_read and state.gallery_open
    withdrawn = document.kind is DocumentKind.ANNOTATIONS and document.exhibit in state.withdrawn
    return Standing(participant.role, participant.state, state.phase, document.kind, own, read, stage, withdrawn)


@cache
def access(where: Standing) -> Access:
    """The table's answer; the table has a few thousand cells, so answers are kept."""
    read, write = denial(where, Action.READ), denial(where, Action.WRITE)
    return Access(not read, not write, read or write)


def denial(where: Standing, action: Action) -> str:
    """Code of the reason why not; empty when a row allows it."""
    if where.state in _BARRED:
        return _BARRED[where.state]
    if not where.own:
        return "not_yours"
    row = _ROWS.get((where.kind, action, where.role))
    return f"role_may_not_{action}" if row is None else _shortfall(row, where)


def _shortfall(row: Right, where: Standing) -> str:
    if row.option and not where.observers_read:
        return "observers_not_admitted"
    if where.state not in row.states:
        return "not_let_in"
    if where.phase not in row.phases:
        return "wrong_phase"
    if row.draft and where.stage is not TranscriptPhase.DRAFT:
        return "frozen"
    return "exhibit_withdrawn" if row.offered and where.withdrawn else ""


def why_not(state: HearingState, person: str, document: DocumentName, action: Action) -> Refusal | None:
    """The reason in words; None when it is allowed."""
    if document.hearing != state.id:
        return refusal("other_hearing")
    participant = state.participants.get(person)
    if participant is None:
        return refusal("not_in_hearing")
    code = denial(standing(state, participant, document), action)
    return refusal(code) if code else None


def matrix() -> Iterator[Cell]:
    """Every role, state, phase, document, ownership, option, stage and withdrawal with both actions: the whole table,
    allowed and not."""
    for role, state, phase, kind, option in product(Role, ParticipantState, Phase, DocumentKind, (False, True)):
        owned = (True, False) if kind is DocumentKind.NOTES else (True,)
        stages = TranscriptPhase if kind is DocumentKind.TRANSCRIPT else (TranscriptPhase.DRAFT,)
        offered = (False, True) if kind is DocumentKind.ANNOTATIONS else (False,)
        for own, stage, withdrawn in product(owned, stages, offered):
            where = Standing(role, state, phase, kind, own, option, stage, withdrawn)
            for action in Action:
                reason = denial(where, action)
                yield Cell(where, action, not reason, reason)
