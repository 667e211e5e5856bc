"""Who may see an exhibit, hand one in, put them in order, withdraw one: pure rules over a hearing's state."""

from __future__ import annotations

from server.hearing import documents
from server.hearing.permissions import document_access
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import PARTIES, STAFF, HearingState, Participant, Phase, Role
from server.storage.exhibits import Exhibit, ExhibitState

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


def why_not_original(state: HearingState, person: str, exhibit: Exhibit) -> str:
    """The same for the very bytes: once withdrawn they are given to the court's staff and to who handed them in."""
    if reason := why_not_see(state, person, exhibit):
        return reason
    kept_for = state.participants[person].role in STAFF or exhibit.uploaded_by == person
    return "" if kept_for or exhibit.id not in state.withdrawn else "exhibit_withdrawn"


def why_not_hand_in(state: HearingState, person: str, offered_by: str) -> str:
    """Code of the reason; a party offers for itself, an agent for the party it speaks for, the clerk for any party."""
    if code := _barred(state, person):
        return code
    participant = state.participants[person]
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


def why_not_describe(state: HearingState, person: str, exhibit: Exhibit) -> str:
    """Code why a clerk may not name it and put it in order at this moment; a freeze names all of them."""
    if code := _barred(state, person):
        return code
    if state.transcript is not TranscriptPhase.DRAFT:
        return "frozen"
    return "exhibit_withdrawn" if exhibit.id in state.withdrawn else ""


def is_theirs(state: HearingState, person: str, exhibit: Exhibit) -> bool:
    """Whether it is the person's to withdraw, whatever the moment: of who handed it in, of the side that offers it, and
    any clerk's."""
    participant = state.participants[person]
    if participant.role not in HANDING_IN:
        return False
    own = exhibit.uploaded_by == person or exhibit.offered_by in offering(state, participant)
    return own or participant.role is Role.CLERK


def why_not_withdraw(state: HearingState, person: str, exhibit: Exhibit, reason: str) -> str:
    """Code why not; others' marks on it keep nobody from it: they stay."""
    if code := _barred(state, person):
        return code
    if not is_theirs(state, person, exhibit):
        return "not_your_exhibit"
    if state.phase is Phase.CLOSED:
        return "hearing_closed"
    if code := why_not_describe(state, person, exhibit):
        return code
    if exhibit.state is ExhibitState.REFUSED:
        return "not_ready"
    return "" if reason else "reason_missing"


def _barred(state: HearingState, person: str) -> str:
    participant = state.participants[person]
    return participant.state.value.lower() if participant.barred else ""
