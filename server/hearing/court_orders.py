"""What the commands beside the phases cause, once the guards let them through. Checks nothing again."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from server.hearing.cases import Case
from server.hearing.consulting import party_of
from server.hearing.court_commands import (
    Announce,
    CloseGallery,
    Consult,
    CourtCommand,
    Dismiss,
    EndAnnouncement,
    EndConsult,
    Floor,
    Line,
    LockAll,
    LowerHand,
    MarkIncident,
    Mute,
    OpenGallery,
    OpenWaiting,
    RaiseHand,
    Remove,
    Spotlight,
    Summon,
    Unmute,
)
from server.hearing.court_events import (
    AllMuted,
    AnnouncementEnded,
    AnnouncementStarted,
    ConsultationEnded,
    ConsultationStarted,
    FloorGranted,
    GalleryClosed,
    GalleryOpened,
    HandLowered,
    HandRaised,
    IncidentMarked,
    Muted,
    PrivateLine,
    Removed,
    Spotlighted,
    Unmuted,
    WaitingOpened,
    WitnessDismissed,
    WitnessSummoned,
)
from server.hearing.events import Fact, Isolated, Released
from server.hearing.state import BENCH, PART_SIGNER_ROLES, HearingState, ParticipantState, Role

AT_RECESS = "休庭期间证人、鉴定人不得旁听"  # why an isolation comes with a recess
AFTER_TESTIMONY = "作证完毕"
TO_TESTIFY = "传唤到庭"
_NEVER_LOCKED = BENCH | {Role.CLERK}


def caused(case: Case) -> tuple[Fact, ...]:
    """The facts of an order that is allowed, in their order."""
    return _CAUSED[type(case.command)](case)  # pyright: ignore[reportArgumentType]


def sent_out(state: HearingState) -> tuple[Fact, ...]:
    """At a recess: each witness and expert in court is isolated again (证据规定 74)."""
    inside = (each for each in state.of_role(PART_SIGNER_ROLES) if each.state is ParticipantState.IN_COURT)
    return tuple(Isolated(each.person, each.state, AT_RECESS) for each in inside)


def silenced(state: HearingState, but: str = "") -> tuple[str, ...]:
    """Whom a general mute reaches who is not muted yet: all in court but the bench, the clerks and `but`."""
    people = (each for each in state.participants.values() if each.state is ParticipantState.IN_COURT)
    free = (each for each in people if not each.muted and each.role not in _NEVER_LOCKED)
    return tuple(each.person for each in free if each.person != but)


def _summoned(case: Case) -> tuple[Fact, ...]:
    person, reason = case.spoken_of, case.command.reason
    summoned = WitnessSummoned(person, reason)
    if case.target.state is not ParticipantState.ISOLATED:
        return (summoned,)
    return (Released(person, case.target.back_to or ParticipantState.WAITING, TO_TESTIFY), summoned)


def _dismissed(case: Case) -> tuple[Fact, ...]:
    person = case.spoken_of
    return (
        WitnessDismissed(person, case.command.reason),
        Isolated(person, ParticipantState.WAITING, AFTER_TESTIMONY),
    )


def _floor(case: Case) -> tuple[Fact, ...]:
    person = case.spoken_of
    return (FloorGranted(person, silenced(case.state, but=person), case.command.reason),)


def _said(case: Case) -> tuple[Fact, ...]:
    command = case.command
    assert isinstance(command, Line)
    return (PrivateLine(case.spoken_of, command.text),)


def _party(case: Case) -> str:
    return case.spoken_of or party_of(case.state, case.actor)


_CAUSED: Mapping[type[CourtCommand], Callable[[Case], tuple[Fact, ...]]] = {
    OpenWaiting: lambda case: (WaitingOpened(case.command.reason),),
    Announce: lambda case: (AnnouncementStarted(case.command.reason),),
    EndAnnouncement: lambda case: (AnnouncementEnded(case.command.reason),),
    Summon: _summoned,
    Dismiss: _dismissed,
    Mute: lambda case: (Muted(case.spoken_of, case.command.reason),),
    Unmute: lambda case: (Unmuted(case.spoken_of, case.command.reason),),
    LockAll: lambda case: (AllMuted(silenced(case.state), case.command.reason),),
    Floor: _floor,
    Spotlight: lambda case: (Spotlighted(case.spoken_of, case.command.reason),),
    RaiseHand: lambda case: (HandRaised(case.actor, case.command.reason),),
    LowerHand: lambda case: (HandLowered(case.spoken_of or case.actor, case.command.reason),),
    CloseGallery: lambda case: (GalleryClosed(case.command.reason),),
    OpenGallery: lambda case: (GalleryOpened(case.command.reason),),
    Remove: lambda case: (Removed(case.spoken_of, case.command.reason),),
    Consult: lambda case: (ConsultationStarted(_party(case), case.command.reason),),
    EndConsult: lambda case: (ConsultationEnded(_party(case), case.command.reason),),
    MarkIncident: lambda case: (IncidentMarked(case.spoken_of, case.command.reason),),
    Line: _said,
}
