"""What of the log and the roster a person is told: asked once per event, with the state right after it, and never
asked again.

So what happened during somebody's isolation stays withheld from them for ever: the answer follows from the log alone.
"""

from __future__ import annotations

from enum import Enum, auto

from server.hearing import documents, media_events, recording_events, signing_sight
from server.hearing.court_events import FOR_ALL, FOR_STAFF, PrivateLine, Removed
from server.hearing.events import PHASE_CHANGES, Event, Isolated
from server.hearing.exhibit_events import ExhibitFact
from server.hearing.media_events import SessionReplaced
from server.hearing.permissions import document_access
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import GONE, LET_IN, STAFF, HearingState, Participant, ParticipantState, Phase, Role


def may_see_event(after: HearingState, person: str, event: Event) -> bool:
    """Whether the person is told the event's payload; `after` is the state with the event applied.

    Isolated: nothing but their own isolation (their own release finds them returned) and their line to the clerks,
    which of all others the staff alone may see; removed: nothing but that.
    Staff and people in court: all. Others who
    wait, observers included: changes of phase and what concerns themselves. What the media room measured and
    recorded: staff alone. Signing: see signing_sight. Exhibits: whoever may see them.
    """
    participant = after.participants.get(person)
    if participant is None:
        return False
    own = event.concerns == person
    if participant.state in GONE:
        return own and isinstance(event.fact, Removed)
    if participant.state is ParticipantState.ISOLATED:
        return own and isinstance(event.fact, Isolated | PrivateLine)
    if signing_sight.judges(event):
        return signing_sight.may_see(after, participant, event)
    if isinstance(event.fact, ExhibitFact):
        return _may_see_exhibit(after, person, event.fact.exhibit)
    if isinstance(event.fact, (*FOR_STAFF, *media_events.FOR_STAFF, *recording_events.FOR_STAFF)):
        return participant.role in STAFF
    if isinstance(event.fact, SessionReplaced):
        return own or participant.role in STAFF
    if participant.role in STAFF or participant.state is ParticipantState.IN_COURT:
        return True
    return own or isinstance(event.fact, (*PHASE_CHANGES, *FOR_ALL))


def _may_see_exhibit(after: HearingState, person: str, exhibit: str) -> bool:
    """Whoever reads its annotations, and who handed it in."""
    own = after.handed_in.get(exhibit) == person
    return own or document_access(after, person, documents.annotations(after.id, exhibit)).read


class Circle(Enum):
    """Whom of the roster a person may know of, besides themselves."""

    NOBODY = auto()
    COURT = auto()  # the bench, assistants and clerks
    CASE = auto()  # the court, parties, agents and interpreters
    EVERYBODY = auto()


def circle(state: HearingState, viewer: str) -> Circle:
    """Staff, parties, agents, interpreters and whoever is in court: everybody. An observer outside: the people of
    the case.

    Others outside (witness, expert, helper): the court alone, having no part in the hearing until summoned.
    """
    looking = state.participants.get(viewer)
    if looking is None or looking.barred:
        return Circle.NOBODY
    if looking.role in STAFF | LET_IN or looking.state is ParticipantState.IN_COURT:
        return Circle.EVERYBODY
    return Circle.CASE if looking.role is Role.OBSERVER else Circle.COURT


def members(state: HearingState, within: Circle) -> tuple[Participant, ...]:
    """The people of a circle, in the order of the list."""
    return state.of_role(_CIRCLES[within])


_CIRCLES = {
    Circle.NOBODY: frozenset[Role](),
    Circle.COURT: STAFF,
    Circle.CASE: STAFF | LET_IN,
    Circle.EVERYBODY: frozenset(Role),
}


def transcript_paused(state: HearingState, connected: frozenset[str]) -> bool:
    """笔录暂停: the court sits, the transcript is a draft, but nobody who may write it is connected."""
    clerks = state.of_role(frozenset({Role.CLERK}))
    written = state.phase is Phase.IN_SESSION and state.transcript is TranscriptPhase.DRAFT
    return written and not any(clerk.person in connected and not clerk.barred for clerk in clerks)
