"""The servers that are measured: how each is started on a folder of its own, and ended. It ends no other process.

A folder holds all that a server keeps, so the same folder started again is a restart.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bench import court
from bench.node import node

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
START_LIMIT = 60.0
STOP_LIMIT = 30.0
SETTLE_LIMIT = 60.0


class ServerFailed(RuntimeError):
    """A server did not come up; the text holds what it printed."""


def _ticks(pid: int) -> int:
    """Clock ticks of processor time that a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return int(fields[11]) + int(fields[12])


@dataclass
class Running:
    """A server process and how a client reaches its document."""

    process: subprocess.Popen[str]
    target: dict[str, str]  # url, path, document, wire: what the load client needs
    writers: list[str]  # one token a writer
    reader: str
    boot_ms: float
    printed: list[str] = field(default_factory=list[str])

    @property
    def pid(self) -> int:
        return self.process.pid

    def settle(self) -> None:
        """Wait until it has nothing left to do (LevelDB and debounced stores lag behind), at most SETTLE_LIMIT."""
        end = time.monotonic() + SETTLE_LIMIT
        used = _ticks(self.pid)
        while time.monotonic() < end:
            time.sleep(0.5)
            before, used = used, _ticks(self.pid)
            if used - before <= 2:
                return

    def stop(self) -> None:
        """End it as an operator does; nothing when it has ended."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Server(Protocol):
    """One column of the table."""

    key: str
    title: str
    kind: str  # servers of one kind may be started on each other's folders
    wire: str
    least_edits_an_update: int  # of the editing trace

    def start(self, folder: Path, settings: Mapping[str, str] | None = None) -> Running: ...

    def court(self, folder: Path, count: int) -> court.Court:
        """Make ready a folder that it has not been started on: so many people may mark one page there."""
        ...


def _launch(
    command: list[str], environment: Mapping[str, str], ready: str
) -> tuple[subprocess.Popen[str], list[str], float]:
    """Start `command`; wait for a line that begins with `ready`; -> process, printed lines, milliseconds to ready."""
    begin = time.perf_counter()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("YUNTING_")}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**clean, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    printed: list[str] = []
    is_ready, has_spoken = threading.Event(), threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            printed.append(line.rstrip())
            if line.startswith(ready):
                is_ready.set()
                has_spoken.set()
        has_spoken.set()  # it has ended

    threading.Thread(target=read, daemon=True).start()
    has_spoken.wait(START_LIMIT)
    if not is_ready.is_set():
        process.kill()
        raise ServerFailed(f"{Path(command[-1]).name} did not start:\n" + "\n".join(printed[-30:]))
    return process, printed, (time.perf_counter() - begin) * 1000


def free_port() -> int:
    """A port that was free a moment ago, for peers that cannot tell which one they took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _address(printed: list[str]) -> str:
    line = next(line for line in printed if line.startswith("listening on "))
    return line.removeprefix("listening on ").replace("http://", "ws://").rstrip("/")


def _copy(template: Path, folder: Path, make: Callable[[Path], None]) -> None:
    """`folder` as a copy of `template`, which is made when it is not there, whole or not at all."""
    if not template.exists():
        half = template.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        make(half)
        half.rename(template)
    shutil.copytree(template, folder)


class Yunting:
    """`python -m server --demo`; the document is the empty transcript of the demo's scheduled hearing.

    The demo hearing is made once, in `template`, and copied: what is measured is never the making of the demo.
    """

    kind = "yunting"
    least_edits_an_update = 1

    def __init__(self, wire: str, template: Path) -> None:
        self.key, self.wire, self.template = f"yunting-{wire}", wire, template
        self.title = f"Yunting `/{wire}`"

    def start(self, folder: Path, settings: Mapping[str, str] | None = None) -> Running:
        if not folder.exists():
            self._copy_template(folder)
        return self._run(folder, settings or {})

    def court(self, folder: Path, count: int) -> court.Court:
        def seat(half: Path) -> None:
            self._copy_template(half)
            court.seat(half, count)

        _copy(self.template.with_name(f"court-{count}"), folder, seat)
        return court.seated(folder)

    def _copy_template(self, folder: Path) -> None:
        _copy(self.template, folder, lambda half: self._run(half, {}).stop())

    def _run(self, folder: Path, settings: Mapping[str, str]) -> Running:
        environment = {"YUNTING_PORT": "0", "YUNTING_DATA": str(folder), "PYTHONUNBUFFERED": "1", **settings}
        process, printed, boot = _launch([sys.executable, "-m", "server", "--demo"], environment, "listening on ")
        demo = json.loads((folder / "demo.json").read_text())
        tokens = {person["role"]: person["token"] for person in demo["people"]}
        clerks = [person["token"] for person in demo["people"] if person["role"] == "clerk"]
        document = demo["scheduled"]["documents"]["transcript"]
        target = {"url": _address(printed), "path": f"/{self.wire}", "document": document, "wire": self.wire}
        return Running(process, target, clerks[:2], tokens["judge"], boot, printed)


class Hocuspocus:
    """@hocuspocus/server with @hocuspocus/extension-sqlite; `debounce` in ms, None = its default (2 s)."""

    wire = "collab"
    least_edits_an_update = 1

    def __init__(self, key: str, title: str, debounce: int | None) -> None:
        self.key = self.kind = key
        self.title, self.debounce = title, debounce

    def start(self, folder: Path, settings: Mapping[str, str] | None = None) -> Running:
        folder.mkdir(parents=True, exist_ok=True)
        environment = {"PORT": "0", "DATABASE": str(folder / "hocuspocus.sqlite3")}
        if self.debounce is not None:
            environment["DEBOUNCE"] = str(self.debounce)
        process, printed, boot = _launch([node(), str(HERE / "peers" / "hocuspocus.mjs")], environment, "listening on ")
        target = {"url": _address(printed), "path": "", "document": "hearing/transcript", "wire": "collab"}
        return Running(process, target, ["writer-1", "writer-2"], "reader", boot, printed)

    def court(self, folder: Path, count: int) -> court.Court:
        return court.for_peer(count)


class YWebsocketServer:
    """The program that @y/websocket-server brings, with its LevelDB persistence."""

    key = kind = "y-websocket"
    title = "@y/websocket-server"
    wire = "yjs"
    least_edits_an_update = 100  # its LevelDB falls minutes behind 260,000 single updates and loads them as slowly

    def start(self, folder: Path, settings: Mapping[str, str] | None = None) -> Running:
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        environment = {"HOST": "127.0.0.1", "PORT": str(port), "YPERSISTENCE": str(folder)}
        program = HERE / "node_modules" / "@y" / "websocket-server" / "src" / "server.js"
        process, printed, boot = _launch([node(), str(program)], environment, "running at ")
        target = {"url": f"ws://127.0.0.1:{port}", "path": "", "document": "hearing/transcript", "wire": "yjs"}
        return Running(process, target, ["", ""], "", boot, printed)

    def court(self, folder: Path, count: int) -> court.Court:
        return court.for_peer(count)


def columns(work: Path) -> list[Server]:
    """All columns, in the order in which each round takes them."""
    template = work / "demo"
    return [
        Yunting("collab", template),
        Hocuspocus("hocuspocus", "Hocuspocus", None),
        Yunting("yjs", template),
        YWebsocketServer(),
        Hocuspocus("hocuspocus-0", "Hocuspocus, debounce 0", 0),
    ]
