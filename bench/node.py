"""Owns node.js for the bench: which one runs, whether its packages are there, and one run of the load client."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LIMIT = 90.0  # seconds for one job
CLIENT = HERE / "client" / "main.mjs"


class NotSetUp(RuntimeError):
    """Something that the bench needs is missing; the text is the sentence for the person at the terminal."""


class LoadFailed(RuntimeError):
    """The load client ended without figures; the text holds what it printed."""


@cache
def node() -> str:
    """The virtual environment's node, else the machine's."""
    own = Path(sys.executable).parent / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        raise NotSetUp("node is missing: run `make bench`, which brings it.")
    return found


def check_packages() -> None:
    """Raise NotSetUp unless the npm packages are there."""
    if not (HERE / "node_modules" / "better-sqlite3").exists():
        raise NotSetUp("bench/node_modules is missing: run `make bench`, which installs it.")


@contextmanager
def load(job: Mapping[str, Any], limit: float = LIMIT) -> Iterator["Load"]:
    """A load client at work on `job`; it is ended with the block, or after `limit` seconds."""
    running = Load(job, limit)
    try:
        yield running
    finally:
        running.end()


class Load:
    """One load client process. Its lines are JSON objects with an `event`; the last one is `result`."""

    def __init__(self, job: Mapping[str, Any], limit: float) -> None:
        command = [node(), "--max-old-space-size=4096", str(CLIENT)]
        self._process = subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job))
        self._process.stdin.close()
        self._limit = threading.Timer(limit, self._process.kill)
        self._limit.start()

    def wait_for(self, event: str) -> dict[str, Any]:
        assert self._process.stdout is not None
        lines: list[str] = []
        for line in self._process.stdout:
            lines.append(line)
            told: dict[str, Any] = json.loads(line) if line.startswith("{") else {}
            if told.get("event") == event:
                return told
        raise LoadFailed(f"the load client ended without `{event}`: {''.join(lines)[-2000:]}")

    def end(self) -> None:
        self._limit.cancel()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def figures(job: Mapping[str, Any], limit: float = LIMIT) -> dict[str, Any]:
    """Carry out one job to its end; -> its figures."""
    with load(job, limit) as running:
        result = running.wait_for("result")
    return {name: value for name, value in result.items() if name != "event"}
