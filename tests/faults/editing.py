"""Two clerks at two real editors over two unmodified providers; used short by tests/faults and long by tests/soak."""

import contextlib
from dataclasses import dataclass
from typing import Any

from tests.harness.demo import DemoHearing
from tests.harness.node import NodeClient, NodeFailed
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import turn_texts

CLERKS = {"first": "hocuspocus", "second": "y-websocket"}
KINDS = ("type", "delete", "split", "join", "move", "paste", "format", "undo", "redo", "offline", "handshake")
# unpaced editing is faster than any person: the limit on frames a second is another test's
UNPACED = {"YUNTING_FRAME_RATE": "0"}


@dataclass(frozen=True, slots=True)
class EditReport:
    counts: dict[str, dict[str, int]]
    statuses: dict[str, dict[str, Any]]
    pictures: dict[str, dict[str, Any]]
    newcomer: list[tuple[str, str]]
    refusals: float

    def least(self) -> dict[str, int]:
        """Of each kind, what the clerk who did it less did."""
        return {kind: min(counts.get(kind, 0) for counts in self.counts.values()) for kind in KINDS}


def refused_in_all(server: ServerProcess) -> float:
    """What the server counts as refused, all codes and wires."""
    with server.http() as client:
        lines = client.get("/metrics").text.splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith("yunting_updates_refused_total"))


async def edit(
    server: ServerProcess,
    node: NodeClient,
    hearing: DemoHearing,
    *,
    operations: int,
    pauses: int,
    seed: int,
    limit: float,
) -> EditReport:
    """`pauses` offline periods and as many reconnections with typing during the handshake, for each clerk."""
    for nth, (name, kind) in enumerate(CLERKS.items()):
        token = hearing.person("clerk", nth).token
        await node.call("make", name=name, kind=kind, url=server.url, document=hearing.transcript, token=token)
        await node.call("wait", name=name, what="synced")
    plan = {"operations": operations, "offlines": pauses, "handshakes": pauses, "seed": seed}
    counts = await node.call("edit", names=list(CLERKS), limit=limit, **plan)
    with contextlib.suppress(NodeFailed):  # then the judge sees what was not saved
        await node.call("wait", name="first", what="saved", limit=60)
    pictures = await settled(node)
    statuses = {name: await node.call("status", name=name) for name in CLERKS}
    newcomer = await YjsSpeaker.connect(server.url, hearing.transcript, hearing.judge.token)
    await newcomer.in_step()
    await until(lambda: len(turn_texts(newcomer.doc)) == len(pictures["first"]["turns"]), "the newcomer's copy", 60)
    turns, refusals = turn_texts(newcomer.doc), refused_in_all(server)
    await newcomer.leave()
    if refusals:
        print("the server said:", *server.log[-20:], sep="\n")
    return EditReport(dict(zip(CLERKS, counts, strict=True)), statuses, pictures, turns, refusals)


async def settled(node: NodeClient) -> dict[str, dict[str, Any]]:
    """Both pictures once their state vectors agree, or after a generous while as they are."""
    pictures: dict[str, dict[str, Any]] = {}
    for _ in range(300):
        pictures = {name: await node.call("picture", name=name) for name in CLERKS}
        if pictures["first"]["vector"] == pictures["second"]["vector"]:
            return pictures
    return pictures


def judge(report: EditReport, *, least: int) -> None:
    """0 refusals, equal copies, enough of each kind."""
    assert report.refusals == 0
    for status in report.statuses.values():
        assert (status["denied"], status["closes"]) == ([], [])
        assert [code for code, _ in status["socketCloses"] if code >= 4000] == []
        assert not status["pending"]
    assert report.statuses["first"]["unsynced"] == 0
    first, second = report.pictures["first"], report.pictures["second"]
    assert first["vector"] == second["vector"]
    assert first["xml"] == second["xml"]
    assert first["screen"] == second["screen"], "the screens agree, not only the documents"
    assert report.newcomer == [(turn, words) for turn, words in first["turns"]]
    short = {kind: number for kind, number in report.least().items() if number < least}
    assert short == {}, f"too few of a kind: {report.least()}"
