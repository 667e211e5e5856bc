"""Starts the honest pair (tests/faults/probe.py) as its own process beside an attack and takes its figures."""

import json
import subprocess
import sys
from types import TracebackType
from typing import Any, Self

from tests.harness.demo import DemoHearing
from tests.harness.server import ROOT


class HonestPair:
    """A context manager; `figures` are there after it."""

    def __init__(self, url: str, hearing: DemoHearing, pause: float = 0.1) -> None:
        self.order = {
            "url": url,
            "document": hearing.transcript,
            "writer": hearing.person("clerk", 1).token,
            "reader": hearing.person("plaintiff").token,
            "pause": pause,
        }
        self.figures: dict[str, Any] = {}
        self.process: subprocess.Popen[str]

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.faults.probe"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=ROOT, text=True, **pipes)  # type: ignore[call-overload]
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(self.order) + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ready\n"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        out, _ = self.process.communicate(timeout=120)
        if kind is None:
            self.figures = json.loads(out)
