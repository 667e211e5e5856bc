"""The recorder's thread: never in the way of packets, honest about what it could not write, playable after a kill."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from media import recorder as recording
from media.depayload import AUDIO, Packet
from media.recorder import Recorder
from server.recording.files import RecordingFiles
from tests.architecture.checkout import ROOT
from tests.harness.waiting import until_blocking
from tests.recording.prepared import SOUND_MS
from tests.recording.written import START_MS, Written, decoded, times_of

EVERYBODY = frozenset({"a", "b"})


@dataclass
class Told:
    """What a recorder's callbacks said."""

    folder: Path
    sealed: list[dict[str, Any]] = field(default_factory=list)
    states: list[tuple[str, str]] = field(default_factory=list)
    now_ms: int = START_MS

    def __post_init__(self) -> None:
        self.recorder = Recorder(
            self.sealed.append, lambda state, _at, why: self.states.append((state, why)), lambda _: None,
            now_ms=lambda: self.now_ms,
        )  # fmt: skip
        self.source = Written(self.folder / "unused")
        self.recorder.members(EVERYBODY, EVERYBODY)

    def give(self, milliseconds: int) -> None:
        for _ in range(milliseconds // 200):
            for person, kind, packet in self.source.step():
                self.one(person, kind, packet)
        self.now_ms = self.source.now_ms

    def one(self, person: str, kind: str, packet: Packet) -> None:
        given = (packet.payload, packet.timestamp, packet.sequence, packet.marker, packet.now_ms)
        self.recorder.packet(person, kind, *given)

    def start(self, name: str = "h") -> None:
        self.recorder.start(self.folder / name, 60_000, self.now_ms)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    made = Told(tmp_path)
    yield made
    made.recorder.close(made.now_ms)
    made.source.stop()


def test_from_start_to_stop_everything_is_written_and_told(told: Told) -> None:
    told.give(400)
    told.start()
    told.start()
    told.give(2_000)
    told.recorder.stop(told.now_ms)
    told.give(400)
    told.recorder.close(told.now_ms)
    assert told.states == [("started", ""), ("stopped", "")]
    (sealed,) = told.sealed
    assert json.loads(json.dumps(sealed)) == sealed
    assert (sealed["from_ms"], sealed["to_ms"]) == (START_MS + 400, START_MS + 2_400)
    names = {(file["person"], file["kind"]): told.folder / "h" / file["name"] for file in sealed["files"]}
    assert decoded(names["a", AUDIO]) == 2_000 // SOUND_MS


def test_a_folder_that_takes_no_file_is_told_and_tried_again(told: Told) -> None:
    (told.folder / "h").write_text("a file lies where the folder should be")
    told.start()
    until_blocking(lambda: told.states == [("failed", "write_failed")], "the failure")
    (told.folder / "h").unlink()
    told.now_ms += recording.RETRY_MS
    told.source.now_ms = told.now_ms
    until_blocking(lambda: told.states[-1] == ("started", ""), "the next try")
    for sender in told.source.senders.values():
        sender.at_ms = told.now_ms
    told.give(1_000)
    told.recorder.close(told.now_ms)
    assert sum(len(each["files"]) for each in told.sealed) == 4


def test_a_full_disk_is_told_by_its_name(told: Told) -> None:
    """/dev/full answers every write as a full disk does; here it stands where the note of the round goes."""
    told.start()
    until_blocking(lambda: told.states == [("started", "")], "the start")
    (told.folder / "h" / "000001.part").symlink_to("/dev/full")
    told.give(200)
    until_blocking(lambda: ("failed", "disk_full") in told.states, "the failure")


def test_a_disk_that_stands_still_loses_packets_and_never_holds_up_who_brings_them(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another holder of the folder's lock keeps the thread waiting."""
    monkeypatch.setattr(recording, "QUEUE_BYTES", 50_000)
    blocker = Written(told.folder / "h")
    told.start()
    told.give(4_000)
    assert told.recorder.queued <= 50_000
    assert told.states == [("failed", "too_slow")]
    blocker.stop()
    until_blocking(lambda: told.recorder.queued == 0, "the thread to catch up")
    until_blocking(lambda: told.states[-1] == ("started", ""), "the end of it")


def test_after_a_kill_every_file_plays_up_to_the_last_second(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.recording.writing_child", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        sent_ms = 0
        while sent_ms < 6_000:
            sent_ms += int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        sent_ms += sum(int(line) for line in child.stdout if line.endswith("\n"))
    assert child.returncode == -signal.SIGKILL
    files = sorted((tmp_path / "h").glob("*.webm"))
    assert len(files) == 4
    for path in files:
        times = times_of(path)
        assert decoded(path) == len(times)
        assert times[-1] >= sent_ms - 1_000 - 2 * 200  # a second, and what the clock of the test does not see
    found, written = RecordingFiles(tmp_path).left_behind("../h", ())
    assert not written and len(found) == 1 and not found[0].whole
    assert len(found[0].fact.files) == 4
