"""When a command is allowed: one table of guards, read from top to bottom; the first that does not hold is the
reason told.

A guard asks a case (state, actor, command, situation) and changes nothing. Sources: PROTOCOL's table of commands;
where that is
silent, the choice and its reason stand beside the row.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from server.hearing import court_guards, signing
from server.hearing.cases import About, Case, Guard, Situation, another_clerk, asker_is, asker_is_not, phase_is
from server.hearing.commands import (
    Close,
    Command,
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
    SigningCommand,
    StartSigning,
)
from server.hearing.court_commands import CourtCommand, Line, Remove
from server.hearing.signing_state import (
    FROZEN,
    CorrectionRequest,
    RefusalCode,
    RequestState,
    Signer,
    SignerState,
    TranscriptPhase,
)
from server.hearing.state import (
    BENCH,
    GONE,
    JUDGES,
    OPENED,
    HearingState,
    ParticipantState,
    Phase,
    RecessKind,
    Role,
)

__all__ = ["GUARDS", "About", "Case", "Guard", "Situation", "failing", "failing_beforehand"]

READING_MS = 5 * 24 * 60 * 60 * 1_000  # five days to read and sign after the session (民诉法 150)
MOST_REQUESTS = 20  # undecided requests for corrections of one person


def _stage_is(*stages: TranscriptPhase) -> Callable[[Case], bool]:
    return lambda case: case.state.transcript in stages


def _stage_is_not(stage: TranscriptPhase) -> Callable[[Case], bool]:
    return lambda case: case.state.transcript is not stage


def _signer(case: Case) -> Signer:
    """Who is spoken of, else who asks; guards after `no_signer` and `not_a_signer` may rely on it."""
    return case.state.signing.signers[case.spoken_of or case.actor]


def _reason_given(case: Case) -> bool:
    command = case.command
    needless = (isinstance(command, DecideCorrection) and command.granted) or (
        isinstance(command, RecordRefusal) and command.code not in _TYPED_REFUSALS
    )
    return needless or bool(command.reason)


def _request(case: Case) -> CorrectionRequest | None:
    return case.state.signing.request(case.command.of) if isinstance(case.command, DecideCorrection) else None


def _few_requests(case: Case) -> bool:
    own = (each for each in case.state.signing.requests if each.person == case.actor)
    return sum(each.state is RequestState.OPEN for each in own) < MOST_REQUESTS


def _request_open(case: Case) -> bool:
    request = _request(case)
    return request is not None and request.state is RequestState.OPEN


def _days_over(case: Case) -> bool:
    frozen = case.state.signing.frozen
    return frozen is not None and case.situation.now_ms >= frozen.at_ms + READING_MS


def _presider_connected(case: Case) -> bool:
    return any(case.state.presides(person) for person in case.situation.connected)


def _clerk_connected(case: Case) -> bool:
    clerks = case.state.of_role(frozenset({Role.CLERK}))
    return any(clerk.person in case.situation.connected and not clerk.barred for clerk in clerks)


def _judges(case: Case) -> bool:
    return court_guards.may_recess(case) if isinstance(case.command, Recess) else case.asker.role in JUDGES


def _order_stated(case: Case) -> bool:
    return case.asker.role is not Role.CLERK or bool(case.command.reason)


_SITTING = (OpenSession, Recess, Resume, Close)
_PERSONAL = (Isolate, Release)
_SIGNING: tuple[type[SigningCommand], ...] = get_args(SigningCommand)
_COURT: tuple[type[CourtCommand], ...] = get_args(CourtCommand)
_ALL = (*_SITTING, *_PERSONAL, *_COURT, *_SIGNING)
_ALL_BUT_THE_LINE = tuple(kind for kind in _ALL if kind is not Line)
_BY_JUDGE = (StartSigning, Reopen, DecideCorrection, ConfirmRefusal)
_BY_CLERK = (RecordRefusal, MarkUnreachable)
_BY_SIGNER = (RequestCorrection, Object)
_ON_SIGNER = (RecordRefusal, ConfirmRefusal, MarkUnreachable)
_REASONED = (Remove, Reopen, RequestCorrection, DecideCorrection, Object, RecordRefusal)
_ABOUT_SOMEBODY = (*_PERSONAL, *court_guards.OF_SOMEBODY)
_TYPED_REFUSALS = (RefusalCode.DISAGREES, RefusalCode.OTHER)  # of the others the chosen reason says it all
_BY_EITHER = (*_PERSONAL, *court_guards.BY_JUDGE_OR_CLERK)
_UNOPENED = (Phase.SCHEDULED, Phase.PREPARING)
_OPEN_PHASES = (Phase.IN_SESSION, Phase.RECESS)

GUARDS: tuple[Guard, ...] = (
    Guard("not_in_hearing", About.ASKER, _ALL, lambda case: case.actor in case.state.participants),
    # All that is left to the isolated is their line to the clerks.
    Guard("isolated", About.ASKER, _ALL_BUT_THE_LINE, asker_is_not(ParticipantState.ISOLATED)),
    Guard("released", About.ASKER, _ALL, asker_is_not(ParticipantState.RELEASED)),
    Guard("removed", About.ASKER, _ALL, asker_is_not(ParticipantState.REMOVED)),
    # Opening belongs to who presides (民诉法 140); recess and close to any judge, as the table of commands says.
    Guard("not_presiding", About.ASKER, (OpenSession,), lambda case: case.state.presides(case.actor)),
    Guard("not_a_judge", About.ASKER, (Recess, Resume, Close, *court_guards.BY_JUDGE, *_BY_JUDGE), _judges),
    Guard("not_a_clerk", About.ASKER, (*court_guards.BY_CLERK, *_BY_CLERK), asker_is(frozenset({Role.CLERK}))),
    Guard("not_a_signer", About.ASKER, _BY_SIGNER, lambda case: signing.may_sign(case.state, case.actor)),
    Guard("neither_judge_nor_clerk", About.ASKER, _BY_EITHER, asker_is(JUDGES | {Role.CLERK})),
    Guard("not_on_the_line", About.ASKER, (Line,), court_guards.on_the_line),
    Guard(
        "hearing_closed",
        About.HEARING,
        (*_SITTING, *court_guards.UNTIL_CLOSED),
        lambda case: case.state.phase is not Phase.CLOSED,
    ),
    Guard("already_opened", About.HEARING, (OpenSession,), phase_is(*_UNOPENED)),
    Guard("not_in_session", About.HEARING, (Recess,), phase_is(Phase.IN_SESSION)),
    Guard("not_in_recess", About.HEARING, (Resume,), phase_is(Phase.RECESS)),
    # Closing from a recess is allowed: a settlement or a withdrawal reached in it (民诉法 145, 148) leaves nothing
    # to resume for.
    Guard("not_opened", About.HEARING, (Close,), phase_is(*_OPEN_PHASES)),
    Guard("judge_absent", About.HEARING, (OpenSession,), _presider_connected),
    Guard("clerk_absent", About.HEARING, (OpenSession,), _clerk_connected),
    # Signing may start in a recess too and after closing: the record is read when there is time for it (民诉法 150).
    Guard("not_opened_yet", About.HEARING, (StartSigning,), phase_is(*OPENED)),
    Guard(
        "being_frozen", About.HEARING, (StartSigning, Reopen, DecideCorrection), _stage_is_not(TranscriptPhase.REVIEW)
    ),
    Guard("signing_under_way", About.HEARING, (StartSigning,), _stage_is(TranscriptPhase.DRAFT)),
    Guard("nothing_frozen", About.HEARING, (Reopen,), _stage_is(*FROZEN)),
    Guard("not_being_signed", About.HEARING, (*_BY_SIGNER, *_ON_SIGNER), _stage_is(TranscriptPhase.SIGNING)),
    # Isolation is allowed in every phase, the signing room included: order must be kept wherever people still are.
    Guard("line_to_clerks_only", About.PERSON, (Line,), court_guards.to_the_clerks),
    Guard(
        "unknown_person", About.PERSON, (*_ABOUT_SOMEBODY, Line), lambda case: case.spoken_of in case.state.participants
    ),
    Guard("gone", About.PERSON, (Isolate, *court_guards.OF_SOMEBODY), lambda case: case.target.state not in GONE),
    Guard("sole_judge", About.PERSON, (Isolate,), lambda case: not case.state.sits_alone(case.target)),
    # The whole bench must hear the case, so no member of it can be kept from hearing.
    Guard("bench_member", About.PERSON, (Isolate,), lambda case: case.target.role not in BENCH),
    Guard("own_person", About.PERSON, (Isolate,), lambda case: case.spoken_of != case.actor),
    Guard(
        "already_isolated", About.PERSON, (Isolate,), lambda case: case.target.state is not ParticipantState.ISOLATED
    ),
    # The record goes on: somebody who may write it must be left.
    Guard("last_clerk", About.PERSON, (Isolate, Remove), another_clerk),
    Guard("not_isolated", About.PERSON, (Release, Line), lambda case: case.target.state is ParticipantState.ISOLATED),
    *court_guards.ROWS,
    Guard("no_signer", About.PERSON, _ON_SIGNER, lambda case: case.spoken_of in case.state.signing.signers),
    Guard("signer_done", About.PERSON, _ON_SIGNER, lambda case: not _signer(case).done),
    Guard("no_refusal_recorded", About.PERSON, (ConfirmRefusal,), lambda case: _signer(case).refusal > 0),
    # Two people stand behind a refusal, so the judge's own is confirmed by another judge; a sole judge signs.
    Guard("own_refusal", About.PERSON, (ConfirmRefusal,), lambda case: case.spoken_of != case.actor),
    Guard("too_early", About.PERSON, (MarkUnreachable,), _days_over),
    Guard("already_signed", About.PERSON, (Object,), lambda case: not _signer(case).done),
    Guard("already_objected", About.PERSON, (Object,), lambda case: _signer(case).state is not SignerState.OBJECTED),
    Guard("too_many_requests", About.REQUEST, (RequestCorrection,), _few_requests),
    Guard("unknown_request", About.REQUEST, (DecideCorrection,), lambda case: _request(case) is not None),
    Guard("request_decided", About.REQUEST, (DecideCorrection,), _request_open),
    Guard("reason_missing", About.REQUEST, _REASONED, _reason_given),
    # The clerk acts on a judge's order and writes that order down; nothing is isolated on a clerk's own authority.
    Guard("order_missing", About.REQUEST, _PERSONAL, _order_stated),
)


def failing(case: Case) -> str:
    """Code of the first guard that does not hold; empty when the command is allowed."""
    kind = type(case.command)
    return next((guard.code for guard in GUARDS if kind in guard.commands and not guard.holds(case)), "")


def failing_beforehand(state: HearingState, actor: str, kind: type[Command], situation: Situation) -> str:
    """The same, asking only what can be said before the command is given: about the asker and the hearing."""
    case = Case(state, actor, _blank(state, kind), situation)
    shown = (guard for guard in GUARDS if guard.about in (About.ASKER, About.HEARING) and kind in guard.commands)
    return next((guard.code for guard in shown if not guard.holds(case)), "")


def _blank(state: HearingState, kind: type[Command]) -> Command:
    """The command with nothing filled in; in a hold the recess that it allows."""
    if kind is Recess and state.hold_ms:
        return Recess(RecessKind.TECHNICAL)
    return kind("") if kind in _PERSONAL else kind()  # pyright: ignore[reportCallIssue]
