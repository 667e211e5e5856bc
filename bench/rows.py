"""The rows: what is done to one server in one round. Each starts the server in its own process, measures, ends it.

A row answers with plain figures; what is right or fast enough is not decided here.
"""

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import node
from bench.servers import Running, Server

Figures = dict[str, Any]
UNLIMITED = {"YUNTING_FRAME_RATE": "0"}  # one socket sends faster than any person: only for rows that ask for it
WITHOUT_SLOW_PEER = frozenset({"yunting-collab", "hocuspocus", "yunting-yjs", "y-websocket"})
WRITTEN = ("updates_per_s", "updates", "edits_an_update", "missed", "refused", "cpu_s_per_10k")
WRITE_LIMIT = 200  # seconds for the whole editing trace
QUIET_MS = {"collab": 1_000, "yjs": 5_000}  # @y/websocket-server answers first and loads from its LevelDB after that
EVERY_SERVER = WITHOUT_SLOW_PEER | {"hocuspocus-0"}


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done; counts, and times in seconds."""

    rounds: int = 3
    seconds: float = 8.0
    warm: float = 2.0
    updates: int = 20_000
    edits_an_update: int = 1
    connections: int = 1_000
    clients: int = 300
    keys: int = 5_000
    kill_after: float = 2.0


QUICK = Scale(
    rounds=1,
    seconds=2.0,
    warm=1.0,
    updates=4_000,
    edits_an_update=100,
    connections=200,
    clients=100,
    keys=1_000,
    kill_after=1.0,
)


@dataclass(slots=True)
class Bench:
    """One run: its scale, its folder, the trace, and what has been written into which folder so far."""

    scale: Scale
    work: Path
    trace: Path
    traced: dict[str, tuple[Path, Figures]] = field(default_factory=dict[str, tuple[Path, Figures]])
    folders: int = 0

    def new_folder(self) -> Path:
        self.folders += 1
        return self.work / f"run-{self.folders}"


@contextmanager
def serving(server: Server, folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """The server on `folder`, ended afterwards; the folder stays."""
    running = server.start(folder, settings)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def folder_of_its_own(bench: Bench) -> Iterator[Path]:
    folder = bench.new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(bench: Bench, server: Server, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
    """The server on a folder of its own, both gone afterwards."""
    with folder_of_its_own(bench) as folder, serving(server, folder, settings) as running:
        yield running


def job(name: str, running: Running, **more: Any) -> dict[str, Any]:
    """What the load client reads."""
    base = {
        "job": name,
        "target": running.target,
        "pid": running.pid,
        "writers": running.writers,
        "reader": running.reader,
    }
    return {**base, **more}


def typing(readers: int) -> Callable[[Bench, Server], Figures]:
    """Two writers at 10 keys a second each, `readers` looking on."""

    def run(bench: Bench, server: Server) -> Figures:
        with started(bench, server) as running:
            scale = bench.scale
            return node.figures(job("typing", running, readers=readers, seconds=scale.seconds, warm=scale.warm))

    return run


def marking(people: int) -> Callable[[Bench, Server], Figures]:
    """So many people mark one page of an exhibit, each about once a second, and all look at it."""

    def run(bench: Bench, server: Server) -> Figures:
        with folder_of_its_own(bench) as folder:
            court, scale = server.court(folder, people), bench.scale
            with serving(server, folder) as running:
                more = {
                    "target": {**running.target, "document": court.document},
                    "reader": court.reader,
                    "people": [{"id": person, "token": token} for person, token in court.people],
                }
                return node.figures(job("marking", running, seconds=scale.seconds, warm=scale.warm, **more))

    return run


def flat_out(bench: Bench, server: Server) -> Figures:
    """Two writers as fast as the server takes it, one reader."""
    with started(bench, server, UNLIMITED) as running:
        updates = bench.scale.updates // (10 if server.key == "hocuspocus-0" else 1)
        return node.figures(job("flat_out", running, updates=updates, limit_s=60))


def idle(bench: Bench, server: Server) -> Figures:
    """Memory of the server process for each further connection that has the document open and does nothing."""
    with started(bench, server) as running:
        return node.figures(job("idle", running, before=20, connections=bench.scale.connections))


def reconnect(bench: Bench, server: Server) -> Figures:
    """A crowd that missed a little comes back at one moment."""
    with started(bench, server, UNLIMITED) as running:
        return node.figures(job("reconnect", running, clients=bench.scale.clients, keys=bench.scale.keys))


def killed(bench: Bench, server: Server) -> Figures:
    """SIGKILL while two writers send 1,000 updates a second each; what was acknowledged or seen must still be there."""
    folder = bench.new_folder()
    with serving(server, folder, UNLIMITED) as running:
        told = _written_until_killed(bench, running)
    with serving(server, folder, UNLIMITED) as running:
        state = node.figures(job("open", running, times=1, hold=False, quiet=QUIET_MS[server.wire]))
    shutil.rmtree(folder)
    return _lost(told["writers"], state["vector"], server.wire == "collab")


def _written_until_killed(bench: Bench, running: Running) -> Figures:
    with node.load(job("write_until_killed", running, per_s=1_000, seconds=30)) as client:
        client.wait_for("writing")
        time.sleep(bench.scale.kill_after)
        running.kill()
        return client.wait_for("result")


def _lost(writers: list[dict[str, Any]], vector: Mapping[str, int], has_acks: bool) -> Figures:
    lost = {"acked": 0, "acked_lost": 0, "seen": 0, "seen_lost": 0, "sent": 0}
    for writer in writers:
        kept = sum(1 for end in writer["ends"] if end <= vector.get(str(writer["client"]), 0))
        lost["sent"] += writer["sent"]
        for what in ("acked", "seen"):
            lost[what] += writer[what]
            lost[f"{what}_lost"] += max(0, writer[what] - kept)
    return lost if has_acks else {name: value for name, value in lost.items() if not name.startswith("acked")}


def trace(bench: Bench, server: Server) -> Figures:
    """Open the document that the editing trace made: first after a restart, then while it is in the server's memory."""
    written, figures = _write_trace(bench, server)
    folder, expect = bench.new_folder(), figures["vector"]
    shutil.copytree(written, folder)
    with serving(server, folder, UNLIMITED) as running:
        cold = node.figures(job("open", running, times=1, hold=False, expect=expect))
        warm = node.figures(job("open", running, times=5, hold=True, expect=expect))
    shutil.rmtree(folder)
    return {
        "boot_ms": running.boot_ms,
        "restart_received_ms": cold["received_ms"],
        "restart_applied_ms": cold["applied_ms"],
        "received_ms": warm["received_ms"],
        "applied_ms": warm["applied_ms"],
        "bytes": warm["bytes"],
        "is_right": cold["sha256"] == warm["sha256"] == figures["sha256"],
        "written": {name: figures[name] for name in WRITTEN},
    }


def _write_trace(bench: Bench, server: Server) -> tuple[Path, Figures]:
    """Once a kind of server and run; the folder is kept and copied for each round."""
    if server.kind not in bench.traced:
        folder = bench.new_folder()
        edits = max(bench.scale.edits_an_update, server.least_edits_an_update)
        more = {"trace": str(bench.trace), "edits_an_update": edits, "limit_s": WRITE_LIMIT}
        with serving(server, folder, UNLIMITED) as running:
            figures = node.figures(job("write_trace", running, **more), WRITE_LIMIT + 60)
            running.settle()
        bench.traced[server.kind] = (folder, figures)
    return bench.traced[server.kind]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to measure, and for which servers."""

    key: str
    run: Callable[[Bench, Server], Figures]
    servers: frozenset[str] = EVERY_SERVER
    is_summed: bool = False  # over the rounds; else the median counts


ROWS = (
    Row("typing-1", typing(1)),
    Row("typing-100", typing(100)),
    Row("typing-300", typing(300), WITHOUT_SLOW_PEER),
    Row("typing-1000", typing(1_000), WITHOUT_SLOW_PEER),
    Row("marking-20", marking(20), WITHOUT_SLOW_PEER),
    Row("flat-out", flat_out),
    Row("trace", trace, WITHOUT_SLOW_PEER),
    Row("idle", idle, WITHOUT_SLOW_PEER),
    Row("reconnect", reconnect, WITHOUT_SLOW_PEER),
    Row("killed", killed, is_summed=True),
)
