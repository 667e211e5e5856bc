"""One command at the moment of its use, and the form of a rule about it; knows no rule itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from server.hearing.commands import Command
from server.hearing.court_commands import Line
from server.hearing.state import HearingState, Participant, ParticipantState, Phase, Role


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
        """Of a private line for which nobody is named: who asks, whose own it is."""
        person: str = getattr(self.command, "person", "")
        return self.actor if isinstance(self.command, Line) and not person else person


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


def asker_is(roles: frozenset[Role]) -> Callable[[Case], bool]:
    return lambda case: case.asker.role in roles


def asker_is_not(state: ParticipantState) -> Callable[[Case], bool]:
    return lambda case: case.asker.state is not state


def phase_is(*phases: Phase) -> Callable[[Case], bool]:
    return lambda case: case.state.phase in phases


def another_clerk(case: Case) -> bool:
    """Whether somebody who may write the record would be left."""
    clerks = case.state.of_role(frozenset({Role.CLERK}))
    return case.target.role is not Role.CLERK or any(
        clerk.person != case.target.person and not clerk.barred for clerk in clerks
    )
