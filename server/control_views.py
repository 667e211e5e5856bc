"""What one person is shown of a hearing: roster, own rights, own place. Made anew from the state; keeps and sends
nothing."""

from __future__ import annotations

from typing import Any

from server.hearing import commands, times
from server.hearing.consulting import HERE as CONSULTING
from server.hearing.consulting import party_of
from server.hearing.grounds import ground
from server.hearing.guards import Situation, failing_beforehand
from server.hearing.sight import Circle, circle, members, transcript_paused
from server.hearing.signing import may_sign
from server.hearing.state import HearingState
from server.storage.hearings import HearingRecord

Json = dict[str, Any]
_NAMING = ("announcing", "floor", "spotlight")


def place(state: HearingState, person: str) -> Json:
    """{person, name, role, state} of somebody who is part of the hearing."""
    participant = state.participants[person]
    return {
        "person": person,
        "name": participant.name,
        "role": participant.role.value,
        "state": participant.state.value,
    }


def command_rights(state: HearingState, person: str, situation: Situation) -> list[Json]:
    """Each command with the code why not (null: allowed) and its legal ground; the asker counts as connected."""
    situation = Situation(situation.connected | {person}, situation.now_ms)
    shown: list[Json] = []
    for name, kind in commands.NAMES.items():
        code = failing_beforehand(state, person, kind, situation)
        law = ground(kind)
        shown.append(
            {
                "command": name,
                "allowed": not code,
                "reason": code or None,
                "ground_zh": law.zh,
                "ground_en": law.en,
            }
        )
    return shown


def hearing(record: HearingRecord) -> Json:
    """What is fixed about the hearing."""
    return {
        "id": record.id,
        "case_number": record.case_number,
        "title": record.title,
        "court": record.court,
        "starts_at": record.starts_at,
    }


def phases(state: HearingState, connected: frozenset[str]) -> Json:
    """Phase of hearing and transcript, the recess's terms, whether the record is interrupted (笔录暂停), the version
    that is written, frozen or signed (`of`: the entry that started its signing, 0 in a draft); whether it is recorded,
    and the court's order: persons by id or "", the gallery, the hold with its start (RFC 3339)."""
    terms, signing = state.recess, state.signing
    recess = {"kind": terms.kind.value, "reason": terms.reason, "until": terms.until} if terms else None
    return {
        "phase": state.phase.value,
        "transcript_phase": state.transcript.value,
        "recess": recess,
        "transcript_paused": transcript_paused(state, connected),
        "signing": {"v": signing.v, "stage": signing.stage.value, "of": signing.started},
        "recording": "on" if state.recording else "off",
        "announcing": state.announcing,
        "floor": state.floor,
        "spotlight": state.spotlight,
        "gallery_open": state.gallery_open,
        "hold": {"since": times.utc(state.hold_ms)} if state.hold_ms else None,
    }


class Shown:
    """The views of one moment, for many viewers: what is alike for people of one standing is made once."""

    def __init__(self, state: HearingState, connected: frozenset[str], now_ms: int) -> None:
        self.state = state
        self.connected = connected
        self.phases = phases(state, connected)
        self._situation = Situation(connected, now_ms)
        self._rosters: dict[Circle, list[Json]] = {}
        self._rights: dict[object, list[Json]] = {}

    def roster(self, viewer: str) -> list[Json]:
        """The people whom the viewer may know of, in the order of the list; themselves last when outside that
        circle."""
        within = circle(self.state, viewer)
        if within is Circle.NOBODY:
            return []
        if within not in self._rosters:
            self._rosters[within] = [self._entry(each.person) for each in members(self.state, within)]
        known = self._rosters[within]
        return known if any(each["person"] == viewer for each in known) else [*known, self._entry(viewer)]

    def _entry(self, person: str) -> Json:
        label = self.state.participants[person].label
        return {
            **place(self.state, person),
            "label": label,
            "connected": person in self.connected,
            **self._order(person),
        }

    def _order(self, person: str) -> Json:
        """What the court's order of the moment is for one person."""
        participant = self.state.participants[person]
        consulting = participant.state in CONSULTING and party_of(self.state, person) in self.state.consulting
        return {"muted": participant.muted, "hand": participant.hand, "consulting": consulting}

    def phases_for(self, viewer: str) -> Json:
        """`phases` without naming anybody of whom the viewer may not know."""
        known = {each["person"] for each in self.roster(viewer)}
        return {name: "" if name in _NAMING and value not in known else value for name, value in self.phases.items()}

    def commands(self, viewer: str) -> list[Json]:
        """Each command and the viewer's right to it."""
        participant = self.state.participants[viewer]
        standing = (participant.role, participant.state, may_sign(self.state, viewer), party_of(self.state, viewer))
        if standing not in self._rights:
            self._rights[standing] = command_rights(self.state, viewer, self._situation)
        return self._rights[standing]

    def present(self, viewer: str) -> list[str]:
        """Connected persons whom the viewer may know of."""
        return [each["person"] for each in self.roster(viewer) if each["connected"]]
