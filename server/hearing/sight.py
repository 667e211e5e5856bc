"""What of the log and the roster a person is told: asked once per event, with the state right after it, and never asked again.

So what happened during somebody's isolation stays withheld from them for ever: the answer follows from the log alone.
"""

from __future__ import annotations

from server.hearing.events import PHASE_CHANGES, Event, Isolated
from server.hearing.state import GONE, LET_IN, STAFF, HearingState, Participant, ParticipantState, Phase, Role

_SHIELDED = frozenset({Role.WITNESS, Role.EXPERT, Role.OBSERVER, Role.HELPER})


def may_see_event(after: HearingState, person: str, event: Event) -> bool:
    """Whether the person is told the event's payload; `after` is the state with the event applied.

    Isolated: nothing but their own isolation (their own release finds them returned). Staff and people in court: all. Others who
    wait, observers included: changes of phase and what concerns themselves.
    """
    participant = after.participants.get(person)
    if participant is None or participant.state in GONE:
        return False
    own = event.concerns == person
    if participant.state is ParticipantState.ISOLATED:
        return own and isinstance(event.fact, Isolated)
    if participant.role in STAFF or participant.state is ParticipantState.IN_COURT:
        return True
    return own or isinstance(event.fact, PHASE_CHANGES)


def may_see_person(state: HearingState, viewer: str, person: str) -> bool:
    """Whether a person stands in the roster that the viewer is shown.

    Everybody sees themselves and the court; who waits outside as witness, expert, helper or observer sees no other of these;
    witnesses and experts see nobody of the parties either, having no part in the hearing until summoned.
    """
    looking, shown = state.participants.get(viewer), state.participants.get(person)
    if looking is None or shown is None or looking.barred:
        return False
    return viewer == person or _knows(looking, shown)


def _knows(looking: Participant, shown: Participant) -> bool:
    if shown.role in STAFF or looking.role in STAFF | LET_IN or looking.state is ParticipantState.IN_COURT:
        return True
    return looking.role is Role.OBSERVER and shown.role not in _SHIELDED


def transcript_paused(state: HearingState, connected: frozenset[str]) -> bool:
    """笔录暂停: the court sits but nobody who may write the transcript is connected."""
    clerks = state.of_role(frozenset({Role.CLERK}))
    return state.phase is Phase.IN_SESSION and not any(
        clerk.person in connected and not clerk.barred for clerk in clerks
    )
