"""A hearing with a recording: real segments of two people, a gap, a mark, turns with times. It expects nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.recording.files import FOLDER
from tests.harness.demo import DemoHearing
from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.server import ServerProcess
from tests.harness.writing import random_word
from tests.recording.written import Written

ROUND_MS, HOLE_MS, LOST_MS = 4_000, 20_000, 2_400
BEFORE_MS = 500  # the mark stands so long after the recording's beginning


@dataclass(frozen=True, slots=True)
class RecordedHearing:
    """`turns`: id -> unix milliseconds; `begun_ms`: of the first round; `folder`: where the segments lie."""

    server: ServerProcess
    hearing: DemoHearing
    begun_ms: int
    turns: dict[str, int]
    folder: Path


def recorded_hearing(make_server: MakeServer, node: NodeClient, data: Path) -> RecordedHearing:
    server = make_server(data=data, env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    people = server.demo.hearing
    marked = server.command(people.judge.token, people.id, "mark_incident", reason="擅自录像")
    assert marked.status_code == 200, marked.text
    begun_ms = incident_ms(server, people) - BEFORE_MS
    turns = {random_word("t"): begun_ms + after for after in (1_200, ROUND_MS + 1_500, HOLE_MS + ROUND_MS * 2 + 1_000)}
    write_turns(server, people, node, turns)
    assert server.terminate() == 0
    folder = data / FOLDER / people.id
    write_rounds(folder, people, begun_ms)
    server.start()
    return RecordedHearing(server, people, begun_ms, turns, folder)


def incident_ms(server: ServerProcess, people: DemoHearing) -> int:
    with server.http(people.judge.token) as client:
        (incident,) = client.get(f"/api/hearings/{people.id}/recording").json()["incidents"]
    return incident["at_ms"]


def write_turns(server: ServerProcess, people: DemoHearing, node: NodeClient, turns: dict[str, int]) -> None:
    node.ask(
        "make", name="clerk", kind="hocuspocus", url=server.url, document=people.transcript, token=people.clerk.token
    )
    node.ask("wait", name="clerk", what="synced")
    for turn, at_ms in turns.items():
        at = datetime.fromtimestamp(at_ms / 1_000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        node.ask("add_turn", name="clerk", turn=turn, text=f"第{turn}句", speaker=people.judge.id, at=at)
    node.ask("wait", name="clerk", what="saved")


def write_rounds(folder: Path, people: DemoHearing, begun_ms: int) -> None:
    """As the media process writes them, while nobody else does; at the end the plaintiff's picture is lost a while."""
    seen = (people.judge.id, people.person("plaintiff").id)
    for start_ms, length_ms in ((begun_ms, 2 * ROUND_MS), (begun_ms + 2 * ROUND_MS + HOLE_MS, ROUND_MS)):
        written = Written(folder, ROUND_MS, seen, now_ms=start_ms)
        written.go(length_ms - LOST_MS - 1_000)
        written.go(LOST_MS, *([f"{seen[1]}/video"] if start_ms > begun_ms else []))
        written.go(1_000)
        written.recording.stop(written.now_ms)
