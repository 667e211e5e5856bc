"""When the commands beside the phases are allowed: rows of the table of guards. Those shared with other commands stand
in guards.py, which names the groups of commands from here."""

from __future__ import annotations

from server.hearing.cases import About, Case, Guard, phase_is
from server.hearing.commands import Recess
from server.hearing.consulting import has_agent, party_of
from server.hearing.court_commands import (
    Announce,
    CloseGallery,
    Consult,
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
from server.hearing.court_orders import silenced
from server.hearing.state import (
    BENCH,
    JUDGES,
    LINES_A_MINUTE,
    PART_SIGNER_ROLES,
    Participant,
    ParticipantState,
    Phase,
    RecessKind,
    Role,
)

HOLD_MS = 60_000  # a judge's absence until a member of the bench or the clerk may call a technical recess
LONGEST_LINE = 500  # characters
MINUTE_MS = 60_000
RECESS_IN_HOLD = BENCH | {Role.CLERK}

BY_JUDGE = (Summon, Dismiss, Floor, Spotlight, CloseGallery, OpenGallery, Remove)
BY_CLERK = (OpenWaiting, Announce, EndAnnouncement)
BY_JUDGE_OR_CLERK = (Mute, Unmute, LockAll, MarkIncident)
OF_SOMEBODY = (Summon, Dismiss, Mute, Unmute, Floor, Remove)  # who must be part of the hearing
UNTIL_CLOSED = (OpenWaiting, Announce, EndAnnouncement, Summon, Dismiss, Floor, Spotlight, LockAll)
_CONSULTING = (Consult, EndConsult)
_GALLERY = (CloseGallery, OpenGallery)


def may_recess(case: Case) -> bool:
    """Any judge; in a technical hold the bench and the clerks, for technical reasons alone. Nobody inherits more."""
    in_hold = isinstance(case.command, Recess) and case.command.kind is RecessKind.TECHNICAL
    return case.asker.role in JUDGES or (in_hold and case.asker.role in RECESS_IN_HOLD)


def _hold_lasts(case: Case) -> bool:
    held = case.state.hold_ms
    return case.asker.role in JUDGES or (held > 0 and case.situation.now_ms >= held + HOLD_MS)


def _in_court(case: Case) -> bool:
    return case.target.state is ParticipantState.IN_COURT


def _named_in_court(case: Case) -> bool:
    named = case.state.participants.get(case.spoken_of)
    return not case.spoken_of or (named is not None and named.state is ParticipantState.IN_COURT)


def _known_or_nobody(case: Case) -> bool:
    return not case.spoken_of or case.spoken_of in case.state.participants


def _no_other_witness(case: Case) -> bool:
    """No other witness is in court (证据规定 74)."""
    witnesses = case.state.of_role(frozenset({Role.WITNESS}))
    inside = (each for each in witnesses if each.state is ParticipantState.IN_COURT)
    return case.target.role is not Role.WITNESS or all(each.person == case.spoken_of for each in inside)


def _hand_of(case: Case) -> int:
    whose = case.state.participants.get(case.spoken_of or case.actor)
    return whose.hand if whose else 0


def _own_hand(case: Case) -> bool:
    return case.spoken_of in ("", case.actor) or case.asker.role in JUDGES | {Role.CLERK}


def _party(case: Case) -> str:
    """The party meant: the one named, else the asker's own."""
    return party_of(case.state, case.spoken_of or case.actor)


def _on_their_side(case: Case) -> bool:
    """A party and their agents for themselves; judges and clerks for anybody."""
    own = party_of(case.state, case.actor)
    return case.asker.role in JUDGES | {Role.CLERK} or bool(own and case.spoken_of in ("", own))


def _party_known(case: Case) -> bool:
    """Names a party; before anybody is named, the court's staff may still do so."""
    return bool(_party(case)) and case.spoken_of in ("", _party(case))


def _party_present(case: Case) -> bool:
    return not case.state.participants[_party(case)].barred


def _waits(case: Case) -> bool:
    return case.target.state in (ParticipantState.WAITING, ParticipantState.ISOLATED)


def _isolated(participant: Participant) -> bool:
    return participant.state is ParticipantState.ISOLATED


def on_the_line(case: Case) -> bool:
    return _isolated(case.asker) or case.asker.role is Role.CLERK


def to_the_clerks(case: Case) -> bool:
    """The isolated write to the clerks alone, and learn of nobody else by trying."""
    return not _isolated(case.asker) or case.spoken_of == case.actor


def _text(case: Case) -> str:
    return case.command.text if isinstance(case.command, Line) else ""


def _not_too_often(case: Case) -> bool:
    """Times ahead of the clock do not count: it was set back."""
    now_ms = case.situation.now_ms
    return sum(0 <= now_ms - at_ms < MINUTE_MS for at_ms in case.asker.lines) < LINES_A_MINUTE


ROWS: tuple[Guard, ...] = (
    Guard("not_in_court", About.ASKER, (RaiseHand,), lambda case: case.asker.state is ParticipantState.IN_COURT),
    Guard("not_your_hand", About.ASKER, (LowerHand,), _own_hand),
    Guard("not_your_side", About.ASKER, _CONSULTING, _on_their_side),
    # the hearing
    Guard("waiting_open", About.HEARING, (OpenWaiting,), phase_is(Phase.SCHEDULED)),
    Guard("not_preparing", About.HEARING, (Announce, EndAnnouncement), phase_is(Phase.PREPARING)),
    Guard("announcing", About.HEARING, (Announce,), lambda case: not case.state.announcing),
    Guard("not_announcing", About.HEARING, (EndAnnouncement,), lambda case: bool(case.state.announcing)),
    Guard("not_sitting", About.HEARING, (Summon, Dismiss, Floor, Spotlight, LockAll), phase_is(Phase.IN_SESSION)),
    Guard("no_session", About.HEARING, (RaiseHand,), phase_is(Phase.IN_SESSION, Phase.CLOSED)),
    Guard("hold_too_short", About.HEARING, (Recess,), _hold_lasts),
    Guard("all_muted", About.HEARING, (LockAll,), lambda case: bool(silenced(case.state))),
    Guard("gallery_closed", About.HEARING, (CloseGallery,), lambda case: case.state.gallery_open),
    Guard("gallery_open", About.HEARING, (OpenGallery,), lambda case: not case.state.gallery_open),
    Guard("not_recording", About.HEARING, (MarkIncident,), lambda case: case.state.recording),
    Guard("no_consultation_now", About.HEARING, (Consult,), phase_is(Phase.PREPARING, Phase.RECESS)),
    # the person spoken of
    Guard("not_a_witness", About.PERSON, (Summon, Dismiss), lambda case: case.target.role in PART_SIGNER_ROLES),
    Guard("summoned_already", About.PERSON, (Summon,), _waits),
    Guard("other_witness_in_court", About.PERSON, (Summon,), _no_other_witness),
    Guard("person_not_in_court", About.PERSON, (Dismiss, Mute, Unmute, Floor), _in_court),
    Guard("spotlit_not_in_court", About.PERSON, (Spotlight,), _named_in_court),
    Guard("bench_has_its_say", About.PERSON, (Mute, Remove), lambda case: case.target.role not in BENCH),
    Guard("already_muted", About.PERSON, (Mute,), lambda case: not case.target.muted),
    Guard("not_muted", About.PERSON, (Unmute,), lambda case: case.target.muted),
    Guard("has_floor", About.PERSON, (Floor,), lambda case: case.state.floor != case.spoken_of),
    Guard("already_spotlit", About.PERSON, (Spotlight,), lambda case: case.state.spotlight != case.spoken_of),
    Guard("hand_up", About.PERSON, (RaiseHand,), lambda case: not case.asker.hand),
    Guard("hand_down", About.PERSON, (LowerHand,), lambda case: _hand_of(case) > 0),
    Guard("unknown_party", About.PERSON, _CONSULTING, _party_known),
    Guard("party_barred", About.PERSON, (Consult,), _party_present),
    Guard("no_agent", About.PERSON, (Consult,), lambda case: has_agent(case.state, _party(case))),
    Guard("consulting", About.PERSON, (Consult,), lambda case: _party(case) not in case.state.consulting),
    Guard("not_consulting", About.PERSON, (EndConsult,), lambda case: _party(case) in case.state.consulting),
    Guard("unknown_conduct", About.PERSON, (MarkIncident,), _known_or_nobody),
    # the private line
    Guard("line_empty", About.REQUEST, (Line,), lambda case: bool(_text(case))),
    Guard("line_too_long", About.REQUEST, (Line,), lambda case: len(_text(case)) <= LONGEST_LINE),
    Guard("line_too_often", About.REQUEST, (Line,), _not_too_often),
)
