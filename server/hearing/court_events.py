"""What has happened to the people and the order of a court beside its phases: waiting room, witness, sound, gallery,
consultation, hold. Past participles, as values and as the log's payloads; says nothing about what may happen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WaitingOpened:
    """开放候庭: everybody has a waiting room of their own."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementStarted:
    """The entry's actor is heard and seen in every waiting room."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncementEnded:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WitnessSummoned:
    """传唤: in court from now on."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WitnessDismissed:
    """退下: out of court; an isolation follows as the next entry."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Muted:
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unmuted:
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AllMuted:
    """`people`: who is muted by it and was not before."""

    people: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FloorGranted:
    """`muted`: who is muted by it and was not before."""

    person: str
    muted: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Spotlighted:
    """Shown large to everybody; nobody when `person` is empty."""

    person: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandRaised:
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandLowered:
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GalleryClosed:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GalleryOpened:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """责令退出. `reason`: the facts (解释 177)."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HoldStarted:
    """No judge is connected since `since_ms` (milliseconds since 1970): nobody is heard."""

    since_ms: int


@dataclass(frozen=True, slots=True)
class HoldEnded:
    """A judge is connected again."""


@dataclass(frozen=True, slots=True)
class ConsultationStarted:
    """`person`: the party, who is with the agents that represent them."""

    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ConsultationEnded:
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IncidentMarked:
    """A moment of the recording is marked as evidence of misconduct. `person`: whose, may be empty."""

    person: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PrivateLine:
    """Words on the line between `person`, who is isolated, and the court's clerks; the entry's actor has written
    them."""

    person: str
    text: str


CourtFact = (
    WaitingOpened
    | AnnouncementStarted
    | AnnouncementEnded
    | WitnessSummoned
    | WitnessDismissed
    | Muted
    | Unmuted
    | AllMuted
    | FloorGranted
    | Spotlighted
    | HandRaised
    | HandLowered
    | GalleryClosed
    | GalleryOpened
    | Removed
    | HoldStarted
    | HoldEnded
    | ConsultationStarted
    | ConsultationEnded
    | IncidentMarked
    | PrivateLine
)
# who these are about is told of them, wherever they wait
PERSONAL = (
    WitnessSummoned,
    WitnessDismissed,
    Muted,
    Unmuted,
    FloorGranted,
    HandRaised,
    HandLowered,
    Removed,
    ConsultationStarted,
    ConsultationEnded,
    PrivateLine,
)
# what whoever waits outside is told as well: their room changes with it
FOR_ALL = (
    WaitingOpened,
    AnnouncementStarted,
    AnnouncementEnded,
    GalleryClosed,
    GalleryOpened,
    HoldStarted,
    HoldEnded,
)
FOR_STAFF = (IncidentMarked, PrivateLine)


def _reasoned(f: Any) -> Payload:
    return {"reason": f.reason}


def _personal(f: Any) -> Payload:
    return {"person": f.person, "reason": f.reason}


WRITERS: Mapping[type[CourtFact], Callable[[Any], Payload]] = {
    WaitingOpened: _reasoned,
    AnnouncementStarted: _reasoned,
    AnnouncementEnded: _reasoned,
    WitnessSummoned: _personal,
    WitnessDismissed: _personal,
    Muted: _personal,
    Unmuted: _personal,
    AllMuted: lambda f: {"people": list(f.people), "reason": f.reason},
    FloorGranted: lambda f: {"person": f.person, "muted": list(f.muted), "reason": f.reason},
    Spotlighted: _personal,
    HandRaised: _personal,
    HandLowered: _personal,
    GalleryClosed: _reasoned,
    GalleryOpened: _reasoned,
    Removed: _personal,
    HoldStarted: lambda f: {"since_ms": f.since_ms},
    HoldEnded: lambda f: {},
    ConsultationStarted: _personal,
    ConsultationEnded: _personal,
    IncidentMarked: _personal,
    PrivateLine: lambda f: {"person": f.person, "text": f.text},
}

_Read = Callable[[Mapping[str, Any]], CourtFact]


def _of_person(kind: Callable[[str, str], CourtFact]) -> _Read:
    return lambda p: kind(p["person"], p.get("reason", ""))


def _of_reason(kind: Callable[[str], CourtFact]) -> _Read:
    return lambda p: kind(p.get("reason", ""))


READERS: Mapping[str, _Read] = {
    "WaitingOpened": _of_reason(WaitingOpened),
    "AnnouncementStarted": _of_reason(AnnouncementStarted),
    "AnnouncementEnded": _of_reason(AnnouncementEnded),
    "WitnessSummoned": _of_person(WitnessSummoned),
    "WitnessDismissed": _of_person(WitnessDismissed),
    "Muted": _of_person(Muted),
    "Unmuted": _of_person(Unmuted),
    "AllMuted": lambda p: AllMuted(tuple(p.get("people", ())), p.get("reason", "")),
    "FloorGranted": lambda p: FloorGranted(p["person"], tuple(p.get("muted", ())), p.get("reason", "")),
    "Spotlighted": lambda p: Spotlighted(p.get("person", ""), p.get("reason", "")),
    "HandRaised": _of_person(HandRaised),
    "HandLowered": _of_person(HandLowered),
    "GalleryClosed": _of_reason(GalleryClosed),
    "GalleryOpened": _of_reason(GalleryOpened),
    "Removed": _of_person(Removed),
    "HoldStarted": lambda p: HoldStarted(p["since_ms"]),
    "HoldEnded": lambda p: HoldEnded(),
    "ConsultationStarted": _of_person(ConsultationStarted),
    "ConsultationEnded": _of_person(ConsultationEnded),
    "IncidentMarked": lambda p: IncidentMarked(p.get("person", ""), p.get("reason", "")),
    "PrivateLine": lambda p: PrivateLine(p["person"], p["text"]),
}
