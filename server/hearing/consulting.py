"""Who consults with whom: a party and the agents who represent them. Pure."""

from __future__ import annotations

from server.hearing.state import PARTIES, HearingState, ParticipantState, Role

HERE = (ParticipantState.WAITING, ParticipantState.IN_COURT)


def party_of(state: HearingState, person: str) -> str:
    """The party that a person consults as or for; empty for whoever is neither a party nor somebody's agent."""
    participant = state.participants.get(person)
    if participant is None:
        return ""
    if participant.role in PARTIES:
        return person
    represented = state.participants.get(participant.represents)
    is_agent = participant.role is Role.AGENT and represented is not None and represented.role in PARTIES
    return participant.represents if is_agent else ""


def has_agent(state: HearingState, party: str) -> bool:
    """Whether somebody represents the party who is neither isolated nor gone."""
    return any(each != party for each in circle_of(state, party))


def circle_of(state: HearingState, party: str) -> tuple[str, ...]:
    """The party and the agents who represent them, in roster order, without whoever is barred."""
    people = state.participants.values()
    return tuple(each.person for each in people if each.state in HERE and party_of(state, each.person) == party)
