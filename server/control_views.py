"""What one person is shown of a hearing: roster, own rights, own place. Made anew from the state; keeps and sends
nothing."""

from __future__ import annotations

from typing import Any

from server.hearing import commands
from server.hearing.grounds import ground
from server.hearing.guards import Situation, failing_beforehand
from server.hearing.sight import Circle, circle, members, transcript_paused
from server.hearing.state import HearingState
from server.storage.hearings import HearingRecord

Json = dict[str, Any]


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
    """Phase of hearing and transcript, the recess's terms, and whether the record is interrupted (笔录暂停)."""
    terms = state.recess
    recess = {"kind": terms.kind.value, "reason": terms.reason, "until": terms.until} if terms else None
    return {
        "phase": state.phase.value,
        "transcript_phase": state.transcript.value,
        "recess": recess,
        "transcript_paused": transcript_paused(state, connected),
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
        return {**place(self.state, person), "label": label, "connected": person in self.connected}

    def commands(self, viewer: str) -> list[Json]:
        """Each command and the viewer's right to it."""
        participant = self.state.participants[viewer]
        standing = (participant.role, participant.state)
        if standing not in self._rights:
            self._rights[standing] = command_rights(self.state, viewer, self._situation)
        return self._rights[standing]

    def present(self, viewer: str) -> list[str]:
        """Connected persons whom the viewer may know of."""
        return [each["person"] for each in self.roster(viewer) if each["connected"]]
