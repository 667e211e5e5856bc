"""Which cells of the permission table a hearing can get to: every order tried in every state, by the rules alone.

For each person of the full hearing the states of that one person are walked through, the others staying as they are.
"""

from collections.abc import Iterator
from functools import cache

from server.hearing import commands, court_commands
from server.hearing.guards import Situation
from server.hearing.permissions import Cell, Standing, matrix
from server.hearing.reasons import Refusal
from server.hearing.reduce import apply, decide
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import (
    HearingState,
    Options,
    Participant,
    ParticipantState,
    Phase,
    RecessKind,
    Role,
    scheduled,
)
from tests.matrix.full_hearing import cast

Place = tuple[Role, ParticipantState, Phase, bool]  # … and whether observers may read, False where the role is another


def untouched() -> HearingState:
    people = (Participant(person, person, Role(role)) for person, role in cast() if role)
    return scheduled("reachable", Options(observers_read=True), people)


def orders(person: str) -> tuple[commands.Command, ...]:
    """All that can change a phase, the gallery, or where this person is."""
    court = (court_commands.OpenWaiting, court_commands.CloseGallery, court_commands.OpenGallery)
    sitting = (commands.OpenSession, commands.Resume, commands.Close, *court)
    witness = (court_commands.Summon, court_commands.Dismiss)
    personal = (commands.Isolate, commands.Release, court_commands.Remove, *witness)
    recess = commands.Recess(RecessKind.PLANNED, "x", "")
    return (recess, *(make("x") for make in sitting), *(make(person, "x") for make in personal))


def following(state: HearingState, person: str) -> Iterator[HearingState]:
    situation = Situation(connected=frozenset(state.participants), now_ms=1)
    givers = [each.person for each in state.participants.values() if each.role in (Role.PRESIDING_JUDGE, Role.CLERK)]
    for order in orders(person):
        for giver in givers:
            events = decide(state, giver, order, situation)
            if not isinstance(events, Refusal):
                after = state
                for event in events:
                    after = apply(after, event)
                yield after


def states_of(person: str) -> list[HearingState]:
    """One of each kind that the rules let this person get to."""
    found = {}
    rest = [untouched()]
    while rest:
        state = rest.pop()
        own = state.participants[person]
        kind = (state.phase, own.state, own.back_to, state.gallery_open)
        if kind not in found:
            found[kind] = state
            rest += following(state, person)
    return list(found.values())


@cache
def places() -> set[Place]:
    """All that the rules let anybody of any role get to."""
    reached = ((state, state.participants[person]) for person, role in cast() if role for state in states_of(person))
    return {
        (own.role, own.state, state.phase, own.role is Role.OBSERVER and state.gallery_open) for state, own in reached
    }


def place(where: Standing) -> Place:
    return where.role, where.state, where.phase, where.role is Role.OBSERVER and where.observers_read


def cells_in(cells: Iterator[Cell] | set[Cell], reached: set[Place]) -> set[object]:
    """The draft's cells in these places: place, document, own, action."""
    draft = (cell for cell in cells if cell.standing.stage is TranscriptPhase.DRAFT)
    return {
        (place(cell.standing), cell.standing.kind, cell.standing.own, cell.action)
        for cell in draft
        if place(cell.standing) in reached
    }


def reachable() -> set[object]:
    return cells_in(matrix(), places())
