"""The ledger: rounds and gaps are the whole session, each gap with its reason, whoever brought it about."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from server.hearing.events import Event, Fact, SessionClosed, SessionOpened, SessionRecessed, SessionResumed
from server.hearing.recording_events import RecordingGap, SegmentFile, SegmentsSealed
from server.hearing.state import COURT, RecessKind
from server.recording.estimate import USUAL_BYTES, estimate
from server.recording.ledger import BRIEF_MS, Ledger, ledger

OPENED = 1_700_000_000_000


@dataclass
class Log:
    """Events at moments counted from the opening, in milliseconds."""

    events: list[Event] = field(default_factory=list)

    def at(self, ms: int, fact: Fact, actor: str = COURT) -> None:
        self.events.append(Event(len(self.events) + 1, OPENED + ms, actor, fact))

    def round(self, number: int, start: int, end: int) -> None:
        self.at(end, sealed(number, start, end))

    @property
    def ledger(self) -> Ledger:
        return ledger(self.events)


def sealed(number: int, start: int, end: int, size: int = 1) -> SegmentsSealed:
    file = SegmentFile("a", "audio", f"{number:06}-a-audio.webm", "0" * 64, size, OPENED + start, OPENED + end)
    return SegmentsSealed(number, OPENED + start, OPENED + end, (file,))


def reasons(kept: Ledger) -> list[tuple[str, int, int]]:
    return [(gap.reason, gap.from_ms - OPENED, gap.to_ms - OPENED) for gap in kept.gaps]


def opened() -> Log:
    log = Log()
    log.at(0, SessionOpened(()), "p-judge")
    return log


def test_nothing_is_known_before_the_opening() -> None:
    assert ledger([]) == Ledger(0, 0, 0, (), (), (), ())


def test_what_is_recorded_from_end_to_end_has_no_gap() -> None:
    log = opened()
    log.round(1, 0, 60_000)
    log.round(2, 60_000, 90_000)
    log.at(90_000, SessionClosed(), "p-judge")
    assert reasons(log.ledger) == []


def test_a_recess_is_a_gap_of_whoever_called_it_with_its_reason() -> None:
    log = opened()
    log.round(1, 0, 10_000)
    log.at(10_000, SessionRecessed(RecessKind.PLANNED, "午休"), "p-judge")
    log.at(40_000, SessionResumed(), "p-judge")
    log.round(2, 40_300, 50_000)
    log.at(50_000, SessionClosed(), "p-judge")
    (gap,) = log.ledger.gaps
    assert (gap.reason, gap.actor, gap.seq, gap.detail) == ("recess", "p-judge", 3, "午休")
    assert (gap.from_ms - OPENED, gap.to_ms - OPENED) == (10_000, 40_300)


def test_a_crash_is_a_gap_of_the_court_and_ends_when_a_later_entry_says_so() -> None:
    log = opened()
    log.round(1, 0, 10_000)
    log.at(12_000, RecordingGap(OPENED + 10_000, 0, "media_stopped"))
    assert ledger(log.events, OPENED + 15_000).gaps[0].to_ms == OPENED + 15_000
    log.at(20_000, RecordingGap(OPENED + 10_000, OPENED + 14_000, "media_stopped"))
    log.round(2, 14_000, 30_000)
    log.at(30_000, SessionClosed())
    assert reasons(log.ledger) == [("media_stopped", 10_000, 14_000)]
    assert log.ledger.gaps[0].seq == 3


def test_a_crash_in_which_the_court_went_into_recess_has_both_reasons() -> None:
    log = opened()
    log.round(1, 0, 10_000)
    log.at(11_000, RecordingGap(OPENED + 10_000, 0, "disk_full"))
    log.at(20_000, SessionRecessed(RecessKind.TECHNICAL), "p-clerk")
    log.at(30_000, SessionClosed(), "p-judge")
    assert reasons(log.ledger) == [("disk_full", 10_000, 20_000), ("recess", 20_000, 30_000)]


def test_when_nobody_sends_that_is_said() -> None:
    log = opened()
    log.round(1, 5_000, 10_000)
    log.at(20_000, SessionClosed())
    assert reasons(log.ledger) == [("nobody_sending", 0, 5_000), ("nobody_sending", 10_000, 20_000)]


def test_what_is_being_written_is_no_gap_yet() -> None:
    log = opened()
    log.round(1, 100, 10_000)
    assert reasons(log.ledger) == [("brief", 0, 100)]


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """A session of up to a minute: rounds, some overlapping or out of order, recesses, failures, in any order."""
    log, recessed = opened(), False
    moments = sorted(draw(st.lists(st.integers(1, 60_000), max_size=14)))
    for number, moment in enumerate(moments, 1):
        kind = draw(st.sampled_from(["round", "recess", "gap", "gap_end"]))
        if kind == "round":
            start = draw(st.integers(-2_000, 60_000))
            log.at(moment, sealed(number, start, draw(st.integers(start, 62_000))))
        elif kind == "recess":
            log.at(moment, SessionResumed() if recessed else SessionRecessed(RecessKind.PLANNED), "p-judge")
            recessed = not recessed
        else:
            start = draw(st.sampled_from([1_000, 20_000, 40_000]))
            end = OPENED + draw(st.integers(start, 60_000)) if kind == "gap_end" else 0
            log.at(moment, RecordingGap(OPENED + start, end, "media_stopped"))
    if draw(st.booleans()):
        log.at(draw(st.integers(moments[-1] if moments else 0, 70_000)), SessionClosed(), "p-judge")
    return log.events


@given(logs())
def test_rounds_and_gaps_together_are_the_whole_session(events: list[Event]) -> None:
    kept = ledger(events, OPENED + 70_000)
    covered = [(each.from_ms, each.to_ms) for each in kept.rounds]
    gaps = [(each.from_ms, each.to_ms) for each in kept.gaps]
    assert union(clipped([*covered, *gaps], kept)) == ([(kept.opened_ms, kept.to_ms)] if kept.to_ms > OPENED else [])
    assert total(union(clipped(covered, kept))) + total(gaps) == kept.to_ms - kept.opened_ms
    assert all(start < end for start, end in gaps)


@given(logs())
def test_gaps_stand_in_order_and_only_brief_ones_have_no_reason(events: list[Event]) -> None:
    gaps = ledger(events, OPENED + 70_000).gaps
    assert list(gaps) == sorted(gaps, key=lambda each: each.from_ms)
    assert all(gap.reason != "brief" or gap.to_ms - gap.from_ms < BRIEF_MS for gap in gaps)
    assert all(gap.seq for gap in gaps if gap.reason not in ("brief", "nobody_sending"))


def clipped(spans: Sequence[tuple[int, int]], kept: Ledger) -> list[tuple[int, int]]:
    inside = ((max(start, kept.opened_ms), min(end, kept.to_ms)) for start, end in spans)
    return [(start, end) for start, end in inside if start < end]


def union(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def total(spans: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def test_the_estimate_goes_by_what_was_measured_and_keeps_the_reserve() -> None:
    before = estimate((), 10, 100 * 10**9, 10**9)
    assert before.bytes_an_hour == USUAL_BYTES * 10 * 3_600
    rounds = [sealed(number, number * 60_000, (number + 1) * 60_000, 6_000_000) for number in range(3)]
    after = estimate(rounds, 10, 37 * 10**8, 10**8)
    assert (after.bytes_an_hour, after.hours_left) == (360_000_000, 10.0)
    assert estimate(rounds, 10, 5, 10).hours_left == 0
