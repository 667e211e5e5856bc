"""Who may see an exhibit, hand one in, put them in order: pure rules over a hearing's state."""

from __future__ import annotations

from server.hearing import documents
from server.hearing.permissions import document_access
from server.hearing.state import PARTIES, HearingState, Participant, Phase, Role
from server.storage.exhibits import Exhibit

HANDING_IN = PARTIES | {Role.AGENT, Role.CLERK}


def why_not_see(state: HearingState, person: str, exhibit: Exhibit) -> str:
    """Code of the reason; empty when it may be seen: by whoever reads its annotations, and by who handed it in."""
    participant = state.participants.get(person)
    if participant is None:
        return "not_in_hearing"
    if exhibit.uploaded_by == person and not participant.barred:
        return ""
    access = document_access(state, person, documents.annotations(state.id, exhibit.id))
    return "" if access.read else access.reason


def why_not_any(state: HearingState, person: str) -> str:
    """The same for exhibits in general, whoever handed them in."""
    access = document_access(state, person, documents.annotations(state.id, "any"))
    return "" if access.read else access.reason


def why_not_hand_in(state: HearingState, participant: Participant, offered_by: str) -> str:
    """Code of the reason; a party offers for itself, an agent for the party it speaks for, the clerk for any party."""
    if participant.role not in HANDING_IN:
        return "role_may_not_hand_in"
    if state.phase is Phase.CLOSED:
        return "hearing_closed"
    if offered_by not in offering(state, participant):
        return "offered_for_another"
    return ""


def offering(state: HearingState, participant: Participant) -> tuple[str, ...]:
    """Whom the person may name as offering, the usual one first; empty text: nobody, for the clerk."""
    if participant.role is Role.CLERK:
        return ("", *(each.person for each in state.participants.values() if each.role in PARTIES))
    return (participant.represents or participant.person,)


def may_arrange(state: HearingState, person: str) -> bool:
    """Whether the person may name exhibits and put them in order: a clerk."""
    participant = state.participants.get(person)
    return participant is not None and participant.role is Role.CLERK and not participant.barred
