"""The court's side: rounds into the log once, what a crash left behind sealed, alarms, the disk, the recess."""

from pathlib import Path
from typing import Any

import pytest

from server.recording.files import RecordingFiles
from server.recording.recordings import SILENT_MS, Recordings
from tests.control.rig import PaperPeer
from tests.endpoints.serving import HEARING, serving
from tests.recording.conftest import Court
from tests.recording.written import START_MS, Written


async def test_each_round_is_in_the_log_once_with_the_digests_of_its_files(court: Court) -> None:
    written = court.record()
    written.go(9_000)
    written.stop()
    await court.sealed()
    await court.sealed()
    entered = court.facts("SegmentsSealed")
    assert [fact.round for fact in entered] == [1, 2, 3]
    told = [(file.name, file.sha256, file.bytes) for each in written.sealed for file in each.files]
    assert [(file.name, file.sha256, file.bytes) for fact in entered for file in fact.files] == told


async def test_where_the_recording_goes_is_told_while_the_court_sits(court: Court) -> None:
    recordings = court.recordings
    wanted = recordings.recording_for(court.control.state)
    assert wanted == {"dir": str(court.data.absolute() / "recordings" / HEARING), "segment_ms": 60_000}
    await court.order("judge", "recess", reason="休息")
    assert recordings.recording_for(court.control.state) is None
    await court.order("judge", "resume")
    assert recordings.recording_for(court.control.state) == wanted


async def test_only_court_staff_is_told_what_was_recorded(court: Court) -> None:
    written = court.record()
    written.go(1_000)
    written.stop()
    await court.sealed()
    entry = next(entry for entry in court.control.entries if entry.event.kind == "SegmentsSealed")
    assert {each for each in court.control.state.participants if entry.seen_by(each)} == court.staff


async def test_what_a_killed_media_process_left_is_sealed_and_its_gap_entered(court: Court) -> None:
    written = court.record()
    written.go(1_000)
    written.recording.abandon()
    court.recordings.media_stopped()
    await court.recordings.settled()
    (sealed,), (gap,) = court.facts("SegmentsSealed"), court.facts("RecordingGap")
    assert len(sealed.files) == 4 and all(file.bytes for file in sealed.files)
    assert (gap.from_ms, gap.to_ms, gap.reason) == (sealed.to_ms, 0, "media_stopped")
    assert court.recordings.standing(court.control)[0] == "alarm"


async def test_the_gap_ends_with_the_first_round_after_it(court: Court) -> None:
    written = court.record()
    written.go(1_000)
    written.recording.abandon()
    court.recordings.media_stopped()
    await court.recordings.settled()
    written.sealed.clear()
    again = court.record()
    for sender in again.senders.values():
        sender.at_ms += 60_000
    again.now_ms += 60_000
    again.go(1_000)
    again.stop()
    await court.sealed()
    opened, ended = court.facts("RecordingGap")
    assert (ended.from_ms, ended.to_ms) == (opened.from_ms, again.sealed[0].from_ms)
    assert court.recordings.standing(court.control)[0] == "on"


async def test_a_server_that_starts_again_seals_what_was_left_behind(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.open_session()
        written = Written(RecordingFiles(tmp_path).folder(HEARING))
        written.go(5_000)
        written.recording.abandon()
    async with serving(tmp_path) as running:
        await running.app.state.recordings.settled()
        control = await running.app.state.hearings.get(HEARING)
        kinds = [entry.event.kind for entry in control.entries if entry.event.actor == "court"]
        assert kinds == ["SegmentsSealed", "SegmentsSealed", "RecordingGap"]


async def test_a_hearing_whose_court_has_risen_gets_its_rounds_and_no_open_gap(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        await running.open_session()
        written = Written(RecordingFiles(tmp_path).folder(HEARING))
        written.go(1_000)
        written.recording.abandon()
        await running.command(running.person("judge"), command="close")
    async with serving(tmp_path) as running:
        await running.app.state.recordings.settled()
        control = await running.app.state.hearings.get(HEARING)
        assert [entry.event.kind for entry in control.entries if entry.event.actor == "court"] == ["SegmentsSealed"]


def test_what_somebody_still_writes_is_left_alone(tmp_path: Path) -> None:
    files = RecordingFiles(tmp_path)
    written = Written(files.folder("h"), segment_ms=1_000)
    written.go(1_400)
    found, busy = files.left_behind("h", ())
    assert ([each.fact.round for each in found], busy) == ([1], True)
    written.stop()
    found, busy = files.left_behind("h", (1,))
    assert ([each.fact.round for each in found], [each.whole for each in found], busy) == ([2], [True], False)


def test_after_a_crash_the_old_rounds_are_found_although_a_new_process_writes(tmp_path: Path) -> None:
    files = RecordingFiles(tmp_path)
    old = Written(files.folder("h"))
    old.go(1_000)
    old.recording.abandon()
    new = Written(files.folder("h"))
    new.go(1_000)
    found, busy = files.left_behind("h", ())
    assert ([each.fact.round for each in found], [each.whole for each in found], busy) == ([1], [False], True)
    new.stop()


# --- the watch ---


class Clock:
    def __init__(self) -> None:
        self.now_ms = START_MS

    def __call__(self) -> int:
        return self.now_ms


def watched(court: Court, **changed: Any) -> tuple[Recordings, Clock]:
    """Recordings of the same court with a clock of the test's."""
    clock = Clock()
    state = court.serving.app.state
    made = Recordings(court.data, state.hearings, state.exhibits.downloads, now_ms=clock, **{"reserve": 0, **changed})
    made.on_notice(
        {"notice": "connected", "room": HEARING, "leg": "publish", "peer": "1", "person": court.serving.person("judge")}
    )
    return made, clock


async def test_when_nothing_is_written_for_a_while_the_court_is_alarmed(court: Court) -> None:
    recordings, clock = watched(court)
    await recordings.look(HEARING)
    clock.now_ms += SILENT_MS - 1
    await recordings.look(HEARING)
    assert court.facts("RecordingGap") == []
    clock.now_ms += 1
    await recordings.look(HEARING)
    (gap,) = court.facts("RecordingGap")
    assert (gap.from_ms, gap.to_ms, gap.reason) == (START_MS, 0, "no_packets")
    assert recordings.standing(court.control) == ("alarm", START_MS, "no_packets")
    assert court.control.state.recess is None  # HEARING, edge 13: no recess by itself


async def test_a_folder_that_cannot_be_read_is_an_alarm_as_well(court: Court) -> None:
    """Whatever the disk refuses, the watch itself goes on."""
    recordings, clock = watched(court)
    await recordings.look(HEARING)
    recordings.files.folder(HEARING).write_text("a file lies where the folder should be")
    clock.now_ms += SILENT_MS
    await recordings.look(HEARING)
    assert recordings.standing(court.control) == ("alarm", START_MS, "no_packets")


async def test_the_alarm_ends_when_something_is_written_again(court: Court) -> None:
    recordings, clock = watched(court)
    clock.now_ms += SILENT_MS
    await recordings.look(HEARING)
    written = Written(recordings.files.folder(HEARING))
    written.go(1_000)
    clock.now_ms += 1_000
    await recordings.look(HEARING)
    assert [(gap.from_ms, gap.to_ms) for gap in court.facts("RecordingGap")] == [
        (START_MS, 0),
        (START_MS, START_MS + SILENT_MS + 1_000),
    ]
    written.stop()


async def test_no_alarm_where_nobody_sends_or_the_court_is_in_recess(court: Court) -> None:
    recordings, clock = watched(court)
    await court.order("judge", "recess", reason="休息")
    clock.now_ms += 2 * SILENT_MS
    await recordings.look(HEARING)
    await court.order("judge", "resume")
    await recordings.look(HEARING)
    recordings.on_notice({"notice": "disconnected", "room": HEARING, "leg": "publish", "peer": "1"})
    clock.now_ms += 2 * SILENT_MS
    await recordings.look(HEARING)
    assert court.facts("RecordingGap") == []
    assert recordings.standing(court.control)[::2] == ("gap", "nobody_sending")


async def test_who_is_not_to_be_recorded_raises_no_alarm(court: Court) -> None:
    """Whoever is isolated may go on sending."""
    recordings, clock = watched(court)
    recordings.on_notice({"notice": "ended", "room": HEARING, "peer": "1", "reason": "left"})
    plaintiff = court.serving.person("plaintiff")
    recordings.on_notice({"notice": "connected", "room": HEARING, "leg": "publish", "peer": "2", "person": plaintiff})
    assert recordings.standing(court.control)[0] == "on"
    await court.order("judge", "isolate", person=plaintiff)
    assert recordings.standing(court.control)[::2] == ("gap", "nobody_sending")
    clock.now_ms += 2 * SILENT_MS
    await recordings.look(HEARING)
    recordings.media_stopped()
    await recordings.settled()
    assert court.facts("RecordingGap") == []


async def test_a_disk_at_its_reserve_pauses_the_recording_for_the_documents(court: Court) -> None:
    recordings, _ = watched(court, reserve=2**62)
    before = recordings.recording_for(court.control.state)
    await recordings.look(HEARING)
    await recordings.look(HEARING)
    (gap,) = court.facts("RecordingGap")
    assert before is not None and recordings.recording_for(court.control.state) is None
    assert (gap.reason, recordings.standing(court.control)[0]) == ("disk_low", "alarm")
    recordings.reserve = 0
    await recordings.look(HEARING)
    assert recordings.recording_for(court.control.state) == before
    assert [bool(each.to_ms) for each in court.facts("RecordingGap")] == [False, True]


async def test_what_a_failed_recorder_wrote_last_ends_no_alarm(court: Court) -> None:
    """It closes its files, and they grow by that."""
    recordings, clock = watched(court)
    written = Written(recordings.files.folder(HEARING))
    written.go(1_000)
    await recordings.look(HEARING)
    failed = {"notice": "recording", "room": HEARING, "reason": "write_failed", "at_ms": clock.now_ms}
    recordings.on_notice({**failed, "state": "failed"})
    written.recording.abandon()
    await recordings.settled()
    clock.now_ms += 1_000
    await recordings.look(HEARING)
    assert recordings.standing(court.control) == ("alarm", START_MS, "write_failed")
    recordings.on_notice({**failed, "state": "started", "at_ms": clock.now_ms})
    again = Written(recordings.files.folder(HEARING))
    again.go(1_000)
    await recordings.look(HEARING)
    assert recordings.standing(court.control)[0] == "on"
    again.stop()


@pytest.mark.parametrize("reason", ["too_slow", "disk_full", "write_failed"])
async def test_a_recorder_that_fails_is_a_gap_with_its_reason(court: Court, reason: str) -> None:
    court.tell("recording", state="failed", at_ms=START_MS, reason=reason)
    await court.recordings.settled()
    assert [(gap.from_ms, gap.reason) for gap in court.facts("RecordingGap")] == [(START_MS, reason)]


async def test_while_the_recorder_is_too_slow_it_is_an_alarm_although_files_grow(court: Court) -> None:
    """What was lost stands in the index, inside of the round that went on."""
    written = court.record()
    written.go(1_000)
    slow_ms, kept_up_ms = written.now_ms, written.now_ms + 2_000
    court.tell("recording", state="failed", at_ms=slow_ms, reason="too_slow")
    await court.recordings.settled()
    for _ in range(4):
        written.go(1_000)
        await court.sealed()
        await court.recordings.look(HEARING)
    assert court.recordings.standing(court.control) == ("alarm", slow_ms, "too_slow")
    court.tell("recording", state="started", at_ms=kept_up_ms)
    await court.recordings.settled()
    assert [(gap.from_ms, gap.to_ms) for gap in court.facts("RecordingGap")] == [(slow_ms, 0), (slow_ms, kept_up_ms)]
    assert court.recordings.standing(court.control)[0] == "on"
    written.stop()
    await court.sealed()
    index = (await court.get()).json()
    (missing,) = index["partial"]
    assert (missing["from_ms"], missing["to_ms"], missing["reason"]) == (slow_ms, kept_up_ms, "too_slow")
    assert [gap["reason"] for gap in index["gaps"]] in ([], ["brief"])


async def test_a_hearing_in_which_nobody_joined_gets_no_entry(court: Court) -> None:
    before = len(court.control.entries)
    court.recordings.media_stopped()
    await court.recordings.settled()
    await court.recordings.look(HEARING)
    assert len(court.control.entries) == before


async def test_a_hearing_that_is_over_is_looked_after_no_more_and_not_taken_up_again(court: Court) -> None:
    written = court.record()
    written.go(1_000)
    await court.order("judge", "close")
    court.tell("ended", peer="1", reason="left")
    recordings = court.recordings
    await recordings.look(HEARING)
    assert recordings.looked_after == {HEARING} == set(recordings.files.unfinished())  # its last round is being written
    written.stop()
    await recordings.look(HEARING)
    await recordings.look(HEARING)
    assert len(court.facts("SegmentsSealed")) == 1
    assert recordings.looked_after == set() == set(recordings.files.unfinished())


async def test_before_the_opening_it_is_looked_after_while_court_staff_are_here(tmp_path: Path) -> None:
    async with serving(tmp_path) as running:
        recordings, control = running.app.state.recordings, await running.app.state.hearings.get(HEARING)
        party, clerk = PaperPeer(running.person("plaintiff")), PaperPeer(running.person("clerk"))
        control.arrive(party)
        assert recordings.looked_after == set()
        control.arrive(clerk)
        for each in (party, clerk):
            control.subscribe(each, control.seq)
        await recordings.look(HEARING)
        (told,) = clerk.of("Recording")
        assert (told["state"], told["hours_left"] > 0) == ("off", True)
        other = PaperPeer(running.person("judge"))
        control.arrive(other)
        control.subscribe(other, control.seq)
        await recordings.look(HEARING)
        assert len(other.of("Recording")) == 1 and party.of("Recording") == []
        for each in (clerk, other, party):
            control.unsubscribe(each)
        await recordings.look(HEARING)
        assert recordings.looked_after == set()


async def test_staff_is_told_how_the_recording_stands_and_nobody_else(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[frozenset[str], dict[str, Any]]] = []
    hearings = court.serving.app.state.hearings
    monkeypatch.setattr(hearings, "notify", lambda _hearing, people, message: told.append((frozenset(people), message)))
    recordings, clock = watched(court)
    await recordings.look(HEARING)
    clock.now_ms += SILENT_MS
    await recordings.look(HEARING)
    assert [message["state"] for _, message in told] == ["on", "alarm"]
    assert {people for people, _ in told} == {court.staff}
    assert {"type", "state", "since_ms", "reason", "free_bytes", "hours_left"} == told[0][1].keys()
