"""Who is told what of the signing: the stages to everybody who may sign, what concerns one person to them and the
court's staff. Decides nothing else."""

from __future__ import annotations

from server.hearing.events import Event
from server.hearing.signing_events import (
    CorrectionDecided,
    Frozen,
    KeyBound,
    Reopened,
    SigningFact,
    SigningSettled,
    SigningStarted,
)
from server.hearing.state import (
    SIGNER_ROLES,
    STAFF,
    HearingState,
    Participant,
    ParticipantState,
)

# Keys too: a server that lies about one is caught by the others.
_FOR_SIGNERS = (SigningStarted, Frozen, KeyBound, Reopened, SigningSettled)


def judges(event: Event) -> bool:
    """Whether the event is one of the signing's."""
    return isinstance(event.fact, SigningFact)


def may_see(after: HearingState, participant: Participant, event: Event) -> bool:
    """`participant` is neither isolated nor gone."""
    fact = event.fact
    if participant.role in STAFF or event.concerns == participant.person:
        return True
    if isinstance(fact, CorrectionDecided):
        request = after.signing.request(fact.of)
        return request is not None and request.person == participant.person
    return isinstance(fact, _FOR_SIGNERS) and _signs(after, participant)


def _signs(after: HearingState, participant: Participant) -> bool:
    """Whoever signs the whole from the opening on; witnesses and experts once they are asked to."""
    if participant.role in SIGNER_ROLES:
        return participant.state is ParticipantState.IN_COURT
    return participant.person in after.signing.signers or participant.person in after.signing.before
