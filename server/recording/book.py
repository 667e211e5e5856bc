"""What the log of one hearing says of its recording up to now, read on as the log grows. Decides nothing."""

from __future__ import annotations

from server.control import HearingControl
from server.hearing.events import Event, SessionClosed, SessionOpened, SessionRecessed, SessionResumed
from server.hearing.recording_events import RecordingGap, SegmentsSealed


class Book:
    """`rounds`: all that are sealed; `gap`: the one that has not ended; `since_ms`: the last change of phase."""

    def __init__(self) -> None:
        self.rounds: list[SegmentsSealed] = []
        self.numbers: set[int] = set()
        self.gap: RecordingGap | None = None
        self.since_ms = 0
        self._read = 0

    def read(self, control: HearingControl) -> Book:
        """Itself, up to the log's last entry."""
        for entry in control.entries[self._read :]:
            self._take(entry.event)
        self._read = len(control.entries)
        return self

    def _take(self, event: Event) -> None:
        fact = event.fact
        if isinstance(fact, SegmentsSealed):
            self.rounds.append(fact)
            self.numbers.add(fact.round)
        elif isinstance(fact, RecordingGap):
            self.gap = None if fact.to_ms else fact
        elif isinstance(fact, SessionOpened | SessionRecessed | SessionResumed | SessionClosed):
            self.since_ms = event.at_ms

    @property
    def end_ms(self) -> int:
        """Where the last round ends, 0 when there is none."""
        return max((each.to_ms for each in self.rounds), default=0)
