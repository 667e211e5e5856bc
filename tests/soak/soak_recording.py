"""A disk that takes nothing and says nothing: the recorder waits, and staff alone is alarmed within ten seconds."""

import fcntl
from datetime import datetime

from server.recording.files import FOLDER, LOCK
from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.freezes import log_of, of_kind
from tests.harness.waiting import until
from tests.media_link.conftest import Enter, encoded, enter, judge_of
from tests.media_link.peers import PATIENCE

__all__ = ["encoded", "enter"]


async def test_a_recorder_that_hangs_is_an_alarm_within_ten_seconds(make_server: MakeServer, enter: Enter) -> None:
    server = make_server(env={"YUNTING_RECORDING_SEGMENT": "2", "YUNTING_RECORDING_RESERVE": "0"}).start()
    hearing = server.demo.hearing
    for each in (hearing.judge, hearing.person("plaintiff")):
        await enter(server, each)
    control = await judge_of(server)
    clerk, party = [
        await ControlClient.connect(server.url, hearing.id, person.token)
        for person in (hearing.clerk, hearing.person("plaintiff"))
    ]
    await until(lambda: of_kind(log_of(server, hearing), "SegmentsSealed"), "a round in the log", PATIENCE)
    assert (await control.command("recess", kind="planned", reason="休息"))["type"] == "Ack"
    with (server.data / FOLDER / hearing.id / LOCK).open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the recorder writes nothing while somebody else holds it
        assert (await control.command("resume"))["type"] == "Ack"
        await until(lambda: [each for each in clerk.of("Recording") if each["state"] == "alarm"], "the alarm", PATIENCE)
        entries = log_of(server, hearing)
        (gap,) = of_kind(entries, "RecordingGap")
        entered_ms = datetime.fromisoformat(gap["header"]["at"]).timestamp() * 1_000
        assert gap["payload"]["reason"] == "no_packets"
        assert entered_ms - gap["payload"]["from_ms"] <= 10_000
        assert len(of_kind(entries, "SessionRecessed")) == 1
        assert party.of("Recording") == []
    await until(lambda: clerk.of("Recording")[-1]["state"] == "on", "the end of the alarm", PATIENCE)
