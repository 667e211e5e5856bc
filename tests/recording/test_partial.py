"""What is missing inside of rounds: failures that a round covers, and one person's sound or picture."""

from dataclasses import dataclass, field, replace

from hypothesis import given
from hypothesis import strategies as st

from server.hearing.court_events import Muted, Unmuted
from server.hearing.events import Event, Fact, Isolated, Released, SessionClosed, SessionOpened
from server.hearing.recording_events import RecordingGap, SegmentFile, SegmentsSealed
from server.hearing.reduce import apply
from server.hearing.state import COURT, HearingState, Options, Participant, ParticipantState, Role, scheduled
from server.recording.ledger import ledger
from server.recording.partial import HOLE_MS, Logged, partial
from server.recording.spans import Span, joined, length, within, without

OPENED, ROUND_MS = 1_700_000_000_000, 60_000
JUDGE, WITNESS = "p-judge", "p-witness"


@dataclass
class Log:
    """Two people in court from the opening on, the judge recorded all the time; moments in milliseconds after it."""

    state: HearingState = field(init=False)
    entries: list[Logged] = field(default_factory=list)

    def __post_init__(self) -> None:
        people = [Participant(JUDGE, "法官", Role.JUDGE), Participant(WITNESS, "张三", Role.PLAINTIFF)]
        self.state = scheduled("h", Options(), people)
        self.at(0, SessionOpened((JUDGE, WITNESS)), JUDGE)
        for each in (JUDGE, WITNESS):
            self.at(0, Unmuted(each), JUDGE)

    def at(self, ms: int, fact: Fact, actor: str = COURT) -> None:
        event = Event(self.state.seq + 1, OPENED + ms, actor, fact)
        self.state = apply(self.state, event)
        self.entries.append(Logged(event, self.state))

    def round(self, number: int, *more: SegmentFile) -> None:
        """A minute of the judge's sound, and what else there is."""
        start, end = OPENED + (number - 1) * ROUND_MS, OPENED + number * ROUND_MS
        files = (sound(JUDGE, start - OPENED, end - OPENED), *more)
        self.at(end - OPENED, SegmentsSealed(number, start, end, files))

    @property
    def missing(self) -> list[tuple[str, str, str, int, int]]:
        kept = ledger([each.event for each in self.entries])
        return [
            (each.reason, each.person, each.kind, each.from_ms - OPENED, each.to_ms - OPENED)
            for each in partial(self.entries, kept)
        ]


def sound(person: str, start: int, end: int, kind: str = "audio") -> SegmentFile:
    return SegmentFile(person, kind, f"{person}-{kind}-{start}.webm", "0" * 64, 1, OPENED + start, OPENED + end)


def test_a_failure_inside_of_a_round_is_listed_and_is_no_gap() -> None:
    log = Log()
    log.at(10_000, RecordingGap(OPENED + 10_000, 0, "too_slow"))
    log.at(10_700, RecordingGap(OPENED + 10_000, OPENED + 10_700, "too_slow"))
    log.round(1)
    log.at(ROUND_MS, SessionClosed(), JUDGE)
    assert ledger([each.event for each in log.entries]).gaps == ()
    assert log.missing == [("too_slow", "", "", 10_000, 10_700)]


def test_a_failure_that_is_a_gap_is_not_listed_twice() -> None:
    """Its end is known a moment after the round that ends it has begun."""
    log = Log()
    log.round(1)
    log.at(90_000, RecordingGap(OPENED + 60_000, 0, "no_packets"))
    log.at(121_000, RecordingGap(OPENED + 60_000, OPENED + 121_000, "no_packets"))
    log.round(3)
    assert log.missing == []
    assert [each.reason for each in ledger([each.event for each in log.entries]).gaps] == ["no_packets"]


def test_one_person_whose_sound_is_missing_for_minutes_is_listed() -> None:
    log = Log()
    log.round(1, sound(WITNESS, 100, 45_000))
    for number in (2, 3, 4):
        log.round(number)
    log.round(5, sound(WITNESS, 250_000, 300_000))
    log.at(300_000, SessionClosed(), JUDGE)
    assert log.missing == [("no_packets", WITNESS, "audio", 45_000, 250_000)]


def test_sound_that_never_comes_is_listed_where_the_picture_shows_that_somebody_is_there() -> None:
    log = Log()
    log.round(1, sound(WITNESS, 5_000, 60_000, "video"))
    log.round(2, sound(WITNESS, 60_000, 119_000, "video"))
    assert log.missing == [("no_packets", WITNESS, "audio", 5_000, 119_000)]


def test_a_hole_inside_of_a_file_is_listed_when_it_is_long_enough() -> None:
    log = Log()
    whole = sound(WITNESS, 0, 60_000)
    log.round(1, replace(whole, holes=((OPENED + 10_000, OPENED + 15_000),)))
    log.round(2, sound(WITNESS, 60_000 + HOLE_MS - 1, 120_000))
    assert log.missing == [("no_packets", WITNESS, "audio", 10_000, 15_000)]


def test_who_is_muted_or_isolated_or_has_not_come_yet_misses_nothing() -> None:
    log = Log()
    log.round(1, sound(WITNESS, 30_000, 59_000))
    log.at(59_000, Muted(WITNESS), JUDGE)
    log.round(2)
    log.at(121_000, Isolated(WITNESS, ParticipantState.IN_COURT), JUDGE)
    log.at(150_000, Released(WITNESS, ParticipantState.IN_COURT), JUDGE)
    log.round(3)
    log.at(200_000, Unmuted(WITNESS), JUDGE)
    log.round(4, sound(WITNESS, 200_500, 240_000))
    log.round(5)
    assert log.missing == []


def test_what_a_failure_or_a_gap_says_already_is_said_of_nobody() -> None:
    log = Log()
    log.round(1, sound(WITNESS, 0, 20_000))
    log.at(70_000, RecordingGap(OPENED + 20_000, 0, "too_slow"))
    log.at(90_000, RecordingGap(OPENED + 20_000, OPENED + 90_000, "too_slow"))
    log.round(2, sound(WITNESS, 90_000, 120_000))
    log.round(4, sound(WITNESS, 180_000, 240_000))
    assert log.missing == [("too_slow", "", "", 20_000, 90_000)]


SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)


def moments(spans: list[Span]) -> set[int]:
    return {each for start, end in spans for each in range(start, end)}


@given(SPANS, SPANS)
def test_spans_are_sets_of_moments(one: list[Span], other: list[Span]) -> None:
    assert moments(joined(one)) == moments(one)
    assert length(joined(one)) == len(moments(one))
    assert moments(without(one, other)) == moments(one) - moments(other)
    assert moments(within(one, other)) == moments(one) & moments(other)
