"""A hearing in real processes: recorded, its media process killed, in recess, closed; then the ledger is whole."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from clients.cli.outcomes import Exit
from clients.cli.recording import digests
from media.segments import file_name
from server.recording.files import FOLDER, WHOLE
from tests.cli.terminal import Terminal
from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing
from tests.harness.fixtures import MakeServer
from tests.harness.freezes import log_of, of_kind
from tests.harness.server import ServerProcess
from tests.harness.waiting import until
from tests.media_link.conftest import Enter, judge_of
from tests.media_link.peers import PATIENCE
from tests.media_link.processes import kill_media
from tests.recording.written import decoded, times_of

pytestmark = pytest.mark.usefixtures("sockets_dropped")

Json = dict[str, Any]


def ask(server: ServerProcess, hearing: DemoHearing, path: str = "") -> httpx.Response:
    url = f"{server.url}/api/hearings/{hearing.id}/recording{path}"
    bearer = {"Authorization": f"Bearer {hearing.person('clerk').token}"}
    return httpx.get(url, headers=bearer, timeout=PATIENCE, trust_env=False)


async def rounds(server: ServerProcess, hearing: DemoHearing, count: int) -> None:
    """So many rounds are in the log, beyond those that are there."""
    before = len(of_kind(log_of(server, hearing), "SegmentsSealed"))
    await until(
        lambda: len(of_kind(log_of(server, hearing), "SegmentsSealed")) >= before + count, "sealed rounds", PATIENCE
    )


async def test_segments_and_gaps_are_the_whole_session_whatever_happens(
    make_server: MakeServer, enter: Enter, tmp_path: Path
) -> None:
    server = make_server(env={"YUNTING_RECORDING_SEGMENT": "2", "YUNTING_RECORDING_RESERVE": "0"}).start()
    hearing = server.demo.hearing
    clerk = await ControlClient.connect(server.url, hearing.id, hearing.clerk.token)
    party = await ControlClient.connect(server.url, hearing.id, hearing.person("plaintiff").token)
    assert (await clerk.wait_for("Recording"))["hours_left"] > 0
    people = [await enter(server, hearing.judge), await enter(server, hearing.person("plaintiff"))]
    control = await judge_of(server)
    await rounds(server, hearing, 2)
    await kill_media(server)
    await until(lambda: of_kind(log_of(server, hearing), "RecordingGap"), "the gap in the log", PATIENCE)
    for each in people:
        await each.signalling.wait_for("Restart")
        await each.connect()
    await rounds(server, hearing, 1)
    blocked = block(server.data / FOLDER / hearing.id, hearing.judge.id)
    await told(clerk, "alarm", "write_failed")
    alarms_in_time(server, hearing)
    for each in blocked:
        each.rmdir()
    assert (await control.command("recess", kind="planned", reason="休息"))["type"] == "Ack"
    assert (await control.command("resume"))["type"] == "Ack"
    await rounds(server, hearing, 1)
    await told(clerk, "on", "")
    # whoever goes is not waited for, whether or not their connections say so
    for each in people:
        await each.signalling.raw.close()
    await told(clerk, "gap", "nobody_sending")
    assert (await control.command("close"))["type"] == "Ack"
    await until(lambda: is_whole(server.data / FOLDER / hearing.id), "the last round", PATIENCE)
    kept = ask(server, hearing).json()
    assert_whole(kept)
    reasons = [gap["reason"] for gap in kept["gaps"]]
    assert {"media_stopped", "write_failed", "recess"} <= set(reasons) and "no_packets" not in reasons
    assert party.of("Recording") == [] and clerk.of("Recording")
    assert next(gap for gap in kept["gaps"] if gap["reason"] == "recess")["actor"] == hearing.judge.id
    judge, plaintiff = hearing.judge.id, hearing.person("plaintiff").id
    tracks = {(file["person"], file["kind"]) for each in kept["rounds"] for file in each["files"]}
    assert tracks == {(judge, "audio"), (judge, "video"), (plaintiff, "video")}  # who is muted is not recorded
    assert_playable(kept, archive(server, hearing), tmp_path)
    assert_on_the_command_line(server, hearing, kept, tmp_path)


def block(folder: Path, person: str) -> list[Path]:
    """This person's next files cannot be made: something lies in their place."""
    latest = max(int(each.name.partition("-")[0]) for each in folder.glob("*.webm"))
    made: list[Path] = []
    for number in range(latest + 1, latest + 20):
        for kind in ("audio", "video"):
            with suppress(FileExistsError):
                path = folder / file_name(number, person, kind)
                path.mkdir()
                made.append(path)
    return made


async def told(clerk: ControlClient, state: str, reason: str) -> None:
    """From now on the clerk is told, or was told last, that the recording stands so."""
    since = len(clerk.of("Recording")) - 1

    def is_so() -> bool:
        return (state, reason) in [(each["state"], each["reason"]) for each in clerk.of("Recording")[since:]]

    await until(is_so, f"{state} {reason} on the clerk's /control", PATIENCE)


def alarms_in_time(server: ServerProcess, hearing: DemoHearing) -> None:
    """HEARING, edge 13: within ten seconds by the server's own clock, and the court does not rise by itself."""
    entries = log_of(server, hearing)
    gap = of_kind(entries, "RecordingGap")[-1]
    entered_ms = datetime.fromisoformat(gap["header"]["at"]).timestamp() * 1_000
    assert entered_ms - gap["payload"]["from_ms"] <= 10_000
    assert of_kind(entries, "SessionRecessed") == []


def is_whole(folder: Path) -> bool:
    """The server looks after this recording no more."""
    return (folder / WHOLE).exists()


def assert_whole(kept: Json) -> None:
    """The sum of rounds and gaps is 开庭 to 闭庭, within a second."""
    spans = sorted(
        (max(each["from_ms"], kept["opened_ms"]), each["to_ms"]) for each in (*kept["rounds"], *kept["gaps"])
    )
    total = sum(end - start for start, end in spans)
    assert abs(total - (kept["closed_ms"] - kept["opened_ms"])) <= 1_000, spans


def archive(server: ServerProcess, hearing: DemoHearing) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(ask(server, hearing, "/archive").content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def assert_on_the_command_line(server: ServerProcess, hearing: DemoHearing, kept: Json, folder: Path) -> None:
    terminal = Terminal(folder, url=server.url, token=hearing.clerk.token)
    assert terminal.json("recording", "list", hearing.id)["rounds"] == kept["rounds"]
    listed = terminal.run("recording", "list", hearing.id).stdout
    for said in (kept["rounds"][0]["files"][0]["name"], "not recorded: recess", "not recorded: writing failed"):
        assert said in listed
    done = terminal.run("recording", "download", hearing.id, "-o", str(folder / "all.zip"))
    assert done.returncode == 0, done.stderr
    named = {file["name"]: file["sha256"] for each in kept["rounds"] for file in each["files"]}
    assert digests(str(folder / "all.zip")) == named
    refused = Terminal(folder, url=server.url, token=hearing.person("plaintiff").token)
    assert refused.run("recording", "list", hearing.id).returncode == Exit.REFUSED


def assert_playable(kept: Json, held: dict[str, bytes], folder: Path) -> None:
    files = [file for each in kept["rounds"] for file in each["files"]]
    for file in files:
        assert sha256(held[file["name"]]).hexdigest() == file["sha256"]
        path = folder / file["name"]
        path.write_bytes(held[file["name"]])
        if file["to_ms"] - file["from_ms"] <= 1_000 and file["bytes"] < 1_000:
            continue  # begun less than a second before the kill
        times = times_of(path)
        assert decoded(path) == len(times) > 0
        assert abs(times[-1] - (file["to_ms"] - file["from_ms"])) <= 1_500
