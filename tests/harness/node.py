"""A node child process that makes unmodified JavaScript providers; JSON lines in both directions.

It owns the process and the numbering of questions; what a command means stands in node_client.mjs.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "harness" / "node_client.mjs"


def node_program() -> str:
    own = ROOT / ".venv" / "bin" / "node"
    return str(own) if own.exists() else shutil.which("node") or "node"


class NodeFailed(RuntimeError):
    """The command threw in node, or the process ended."""


class NodeClient:
    """`ask` for use outside a loop, `call` inside one. Names of providers are the test's."""

    def __init__(self, script: Path = SCRIPT) -> None:
        self.script = script
        self.noise: list[str] = []
        self._answers: dict[int, dict[str, Any]] = {}
        self._came = threading.Condition()
        self._number = 0
        self._asking = threading.Lock()
        self._ended = False
        self._threads: list[threading.Thread] = []
        self._process: subprocess.Popen[str]

    def start(self) -> "NodeClient":
        self._process = subprocess.Popen(
            [node_program(), str(self.script)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._read, self._read_noise)]
        for thread in self._threads:
            thread.start()
        return self

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):
                self._take(json.loads(line))
            else:
                self.noise.append(line)
        with self._came:
            self._ended = True
            self._came.notify_all()

    def _take(self, answer: dict[str, Any]) -> None:
        with self._came:
            self._answers[answer["id"]] = answer
            self._came.notify_all()

    def _read_noise(self) -> None:
        assert self._process.stderr is not None
        self.noise.extend(self._process.stderr)

    def ask(self, command: str, *, limit: float = 60.0, **fields: Any) -> Any:
        """The answer's `result`; NodeFailed with node's words otherwise."""
        number = self._send(command, {"limit": int(limit * 900), **fields})
        with self._came:
            came = self._came.wait_for(lambda: number in self._answers or self._ended, limit)
            answer = self._answers.pop(number, None)
        if answer is None:
            raise NodeFailed(f"{command}: {'process ended' if came else 'no answer'}: {''.join(self.noise[-20:])}")
        if "error" in answer:
            raise NodeFailed(f"{command}: {answer['error']}")
        return answer["result"]

    def _send(self, command: str, fields: dict[str, Any]) -> int:
        assert self._process.stdin is not None
        with self._asking:
            self._number += 1
            line = json.dumps({"id": self._number, "command": command, **fields}, ensure_ascii=False)
            try:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            except BrokenPipeError as gone:
                raise NodeFailed(f"{command}: process ended: {''.join(self.noise[-20:])}") from gone
            return self._number

    async def call(self, command: str, *, limit: float = 60.0, **fields: Any) -> Any:
        """`ask` without blocking the loop."""
        return await asyncio.to_thread(lambda: self.ask(command, limit=limit, **fields))

    def suspend(self) -> None:
        """SIGSTOP: a laptop that went to sleep."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        if self._process.poll() is None:
            self.wake()
            self._process.kill()
        self._process.wait(10)
        for thread in self._threads:
            thread.join(5)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
