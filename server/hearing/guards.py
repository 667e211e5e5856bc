"""When a command is allowed: one table of guards, read from top to bottom; the first that does not hold is the
reason told.

A guard asks a case (state, actor, command, situation) and changes nothing. Sources: PROTOCOL's table of commands;
where that is
silent, the choice and its reason stand beside the row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from server.hearing.commands import Close, Command, Isolate, OpenSession, Recess, Release, Resume
from server.hearing.state import (
    BENCH,
    GONE,
    JUDGES,
    HearingState,
    Participant,
    ParticipantState,
    Phase,
    Role,
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is true outside the log at this moment: who has an authenticated socket on any wire, and the clock's
    reading."""

    connected: frozenset[str]
    now_ms: int


@dataclass(frozen=True, slots=True)
class Case:
    """One command at the moment of its use."""

    state: HearingState
    actor: str
    command: Command
    situation: Situation

    @property
    def asker(self) -> Participant:
        """Who commands; guards after `not_in_hearing` may rely on it."""
        return self.state.participants[self.actor]

    @property
    def target(self) -> Participant:
        """Whom it is about; guards after `unknown_person` may rely on it."""
        return self.state.participants[self.spoken_of]

    @property
    def spoken_of(self) -> str:
        return self.command.person if isinstance(self.command, Isolate | Release) else ""


class About(Enum):
    """What a guard speaks of; guards about the asker and the hearing can be shown before a command is given."""

    ASKER = auto()
    HEARING = auto()
    REQUEST = auto()
    PERSON = auto()


@dataclass(frozen=True, slots=True)
class Guard:
    """One row: `code` is told when `holds` is false for one of these `commands`."""

    code: str
    about: About
    commands: tuple[type[Command], ...]
    holds: Callable[[Case], bool]


def _asker_is_not(state: ParticipantState) -> Callable[[Case], bool]:
    return lambda case: case.asker.state is not state


def _asker_is(roles: frozenset[Role]) -> Callable[[Case], bool]:
    return lambda case: case.asker.role in roles


def _phase_is(*phases: Phase) -> Callable[[Case], bool]:
    return lambda case: case.state.phase in phases


def _presider_connected(case: Case) -> bool:
    return any(case.state.presides(person) for person in case.situation.connected)


def _clerk_connected(case: Case) -> bool:
    clerks = case.state.of_role(frozenset({Role.CLERK}))
    return any(clerk.person in case.situation.connected and not clerk.barred for clerk in clerks)


def _order_stated(case: Case) -> bool:
    return case.asker.role is not Role.CLERK or bool(case.command.reason)


def _another_clerk(case: Case) -> bool:
    clerks = case.state.of_role(frozenset({Role.CLERK}))
    return case.target.role is not Role.CLERK or any(
        clerk.person != case.target.person and not clerk.barred for clerk in clerks
    )


_ALL = (OpenSession, Recess, Resume, Close, Isolate, Release)
_SITTING = (OpenSession, Recess, Resume, Close)
_PERSONAL = (Isolate, Release)
_UNOPENED = (Phase.SCHEDULED, Phase.PREPARING)
_OPEN_PHASES = (Phase.IN_SESSION, Phase.RECESS)

GUARDS: tuple[Guard, ...] = (
    Guard("not_in_hearing", About.ASKER, _ALL, lambda case: case.actor in case.state.participants),
    Guard("isolated", About.ASKER, _ALL, _asker_is_not(ParticipantState.ISOLATED)),
    Guard("released", About.ASKER, _ALL, _asker_is_not(ParticipantState.RELEASED)),
    Guard("removed", About.ASKER, _ALL, _asker_is_not(ParticipantState.REMOVED)),
    # Opening belongs to who presides (民诉法 140); recess and close to any judge, as the table of commands says.
    Guard("not_presiding", About.ASKER, (OpenSession,), lambda case: case.state.presides(case.actor)),
    Guard("not_a_judge", About.ASKER, (Recess, Resume, Close), _asker_is(JUDGES)),
    Guard("neither_judge_nor_clerk", About.ASKER, _PERSONAL, _asker_is(JUDGES | {Role.CLERK})),
    Guard("hearing_closed", About.HEARING, _SITTING, lambda case: case.state.phase is not Phase.CLOSED),
    Guard("already_opened", About.HEARING, (OpenSession,), _phase_is(*_UNOPENED)),
    Guard("not_in_session", About.HEARING, (Recess,), _phase_is(Phase.IN_SESSION)),
    Guard("not_in_recess", About.HEARING, (Resume,), _phase_is(Phase.RECESS)),
    # Closing from a recess is allowed: a settlement or a withdrawal reached in it (民诉法 145, 148) leaves nothing
    # to resume for.
    Guard("not_opened", About.HEARING, (Close,), _phase_is(*_OPEN_PHASES)),
    Guard("judge_absent", About.HEARING, (OpenSession,), _presider_connected),
    Guard("clerk_absent", About.HEARING, (OpenSession,), _clerk_connected),
    # Isolation is allowed in every phase, the signing room included: order must be kept wherever people still are.
    Guard("unknown_person", About.PERSON, _PERSONAL, lambda case: case.spoken_of in case.state.participants),
    Guard("gone", About.PERSON, (Isolate,), lambda case: case.target.state not in GONE),
    Guard("sole_judge", About.PERSON, (Isolate,), lambda case: not case.state.sits_alone(case.target)),
    # The whole bench must hear the case, so no member of it can be kept from hearing.
    Guard("bench_member", About.PERSON, (Isolate,), lambda case: case.target.role not in BENCH),
    Guard("own_person", About.PERSON, (Isolate,), lambda case: case.spoken_of != case.actor),
    Guard(
        "already_isolated", About.PERSON, (Isolate,), lambda case: case.target.state is not ParticipantState.ISOLATED
    ),
    # The record goes on: somebody who may write it must be left.
    Guard("last_clerk", About.PERSON, (Isolate,), _another_clerk),
    Guard("not_isolated", About.PERSON, (Release,), lambda case: case.target.state is ParticipantState.ISOLATED),
    # The clerk acts on a judge's order and writes that order down; nothing is isolated on a clerk's own authority.
    Guard("order_missing", About.REQUEST, _PERSONAL, _order_stated),
)


def failing(case: Case) -> str:
    """Code of the first guard that does not hold; empty when the command is allowed."""
    kind = type(case.command)
    return next((guard.code for guard in GUARDS if kind in guard.commands and not guard.holds(case)), "")


def failing_beforehand(state: HearingState, actor: str, kind: type[Command], situation: Situation) -> str:
    """The same, asking only what can be said before the command is given: about the asker and the hearing."""
    command = kind("") if kind in _PERSONAL else kind()  # pyright: ignore[reportCallIssue]
    case = Case(state, actor, command, situation)
    shown = (guard for guard in GUARDS if guard.about in (About.ASKER, About.HEARING) and kind in guard.commands)
    return next((guard.code for guard in shown if not guard.holds(case)), "")
