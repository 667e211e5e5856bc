"""What has happened in a hearing: past participles, as values and as the log's payloads; says nothing about what
may happen.

An event says all that replay needs: rules may change later, what was decided then stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.hearing import court_events, exhibit_events, media_events, recording_events, signing_events, times
from server.hearing.court_events import CourtFact
from server.hearing.exhibit_events import ExhibitFact
from server.hearing.media_events import MediaFact
from server.hearing.recording_events import RecordingFact
from server.hearing.signing_events import SigningFact
from server.hearing.state import ParticipantState, RecessKind

Payload = dict[str, Any]


class UnreadableEntry(ValueError):
    """An entry of the log that this version does not understand."""


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """`let_in`: persons who are in court from now on, muted, connected or not; `missing`: expected but not
    connected."""

    let_in: tuple[str, ...]
    missing: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionRecessed:
    """`until`: RFC 3339 at +08:00, empty when no time was announced."""

    kind: RecessKind
    reason: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """`missing`: expected but not connected."""

    missing: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SessionClosed:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Isolated:
    """`before`: the state the person was taken out of."""

    person: str
    before: ParticipantState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Released:
    """End of an isolation; `to`: the state the person returned to."""

    person: str
    to: ParticipantState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last update of one document that a person was sent, and until when they were connected to it (RFC 3339)."""

    seq: int
    at: str


@dataclass(frozen=True, slots=True)
class HadSeen:
    """What an isolated person had been sent until entry `of`: the last update of each document.

    It was noted from `since` on (RFC 3339), the start of the server; empty: nothing could be noted. What was sent
    before is
    bounded by the heads of entry `of`.
    """

    person: str
    of: int
    documents: Mapping[str, Seen]
    since: str = ""


SittingFact = SessionOpened | SessionRecessed | SessionResumed | SessionClosed | Isolated | Released | HadSeen
Fact = SittingFact | CourtFact | SigningFact | MediaFact | RecordingFact | ExhibitFact
_PERSONAL = (
    *(Isolated, Released, HadSeen),
    *(*court_events.PERSONAL, *signing_events.PERSONAL, *media_events.PERSONAL),
)
PHASE_CHANGES = (SessionOpened, SessionRecessed, SessionResumed, SessionClosed)


@dataclass(frozen=True, slots=True)
class Event:
    """Entry `seq` of a hearing's log. `at_ms`: the clock's reading, milliseconds since 1970; `behind_ms`: how far
    it stood behind
    an earlier entry's (the clock was set back; the order is that of `seq`)."""

    seq: int
    at_ms: int
    actor: str
    fact: Fact
    behind_ms: int = 0

    @property
    def kind(self) -> str:
        return type(self.fact).__name__

    @property
    def concerns(self) -> str:
        """The person it is about; empty for events about everybody."""
        return self.fact.person if isinstance(self.fact, _PERSONAL) else ""

    def payload(self) -> Payload:
        """The JSON object whose canonical form goes into the leaf; what is empty is left out."""
        written = _WRITERS[type(self.fact)](self.fact)
        if self.behind_ms:
            written["clock"] = {"behind_ms": self.behind_ms}
        return {key: value for key, value in written.items() if value not in ("", [])}


def read(header: Mapping[str, Any], payload: Mapping[str, Any]) -> Event:
    """The event of a stored entry; raises UnreadableEntry."""
    try:
        fact = _READERS[header["kind"]](payload)
        behind: int = payload.get("clock", {}).get("behind_ms", 0)
        return Event(header["seq"], times.milliseconds(header["at"]), header["actor"], fact, behind)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableEntry(f"entry {header.get('seq')} of kind {header.get('kind')!r}: {error!r}") from error


def _write_seen(fact: HadSeen) -> Payload:
    documents = {name: {"seq": seen.seq, "at": seen.at} for name, seen in fact.documents.items()}
    return {"person": fact.person, "of": fact.of, "documents": documents, "since": fact.since}


def _read_seen(payload: Mapping[str, Any]) -> HadSeen:
    documents = {name: Seen(each["seq"], each["at"]) for name, each in payload["documents"].items()}
    return HadSeen(payload["person"], payload["of"], documents, payload.get("since", ""))


_WRITERS: Mapping[type[Fact], Callable[[Any], Payload]] = {
    SessionOpened: lambda f: {"let_in": list(f.let_in), "missing": list(f.missing), "reason": f.reason},
    SessionRecessed: lambda f: {"kind": f.kind.value, "reason": f.reason, "until": f.until},
    SessionResumed: lambda f: {"missing": list(f.missing), "reason": f.reason},
    SessionClosed: lambda f: {"reason": f.reason},
    Isolated: lambda f: {"person": f.person, "from": f.before.value, "reason": f.reason},
    Released: lambda f: {"person": f.person, "to": f.to.value, "reason": f.reason},
    HadSeen: _write_seen,
    **court_events.WRITERS,
    **signing_events.WRITERS,
    **media_events.WRITERS,
    **recording_events.WRITERS,
    **exhibit_events.WRITERS,
}

_READERS: Mapping[str, Callable[[Mapping[str, Any]], Fact]] = {
    "SessionOpened": lambda p: SessionOpened(
        tuple(p.get("let_in", ())), tuple(p.get("missing", ())), p.get("reason", "")
    ),
    "SessionRecessed": lambda p: SessionRecessed(RecessKind(p["kind"]), p.get("reason", ""), p.get("until", "")),
    "SessionResumed": lambda p: SessionResumed(tuple(p.get("missing", ())), p.get("reason", "")),
    "SessionClosed": lambda p: SessionClosed(p.get("reason", "")),
    "Isolated": lambda p: Isolated(p["person"], ParticipantState(p["from"]), p.get("reason", "")),
    "Released": lambda p: Released(p["person"], ParticipantState(p["to"]), p.get("reason", "")),
    "HadSeen": _read_seen,
    **court_events.READERS,
    **signing_events.READERS,
    **media_events.READERS,
    **recording_events.READERS,
    **exhibit_events.READERS,
}
KINDS = tuple(_READERS)
