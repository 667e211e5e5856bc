"""SIGKILL at the n-th system call of one thread of a running process, by strace; owns the tracer and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tests.harness.waiting import until_blocking

STORAGE = "write,pwrite64,pwritev,pwritev2,fdatasync,fsync,ftruncate,unlink,rename"
NETWORK = "write,writev,sendto,sendmsg,sendmmsg"
_CALL = re.compile(r"(\w+)\((?:\d+<([^>]*)>)?")


def thread(pid: int, name: str) -> int:
    """The thread that calls itself `name`."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise LookupError(f"process {pid} has no thread {name}")


class KillAt:
    """From `start` on the process dies when the thread makes its n-th call of this name, and the call is not made.
    `nth` 0: it lives, and all `calls` are only counted."""

    def __init__(self, tid: int, calls: str, nth: int, trace: Path) -> None:
        self._trace = trace
        self._said = trace.with_suffix(".said")
        which = ["-e", f"trace={calls}"]
        if nth:  # strace counts each call by its name
            which += ["-e", f"inject={calls}:signal=SIGKILL:when={nth}"]
        self._command = ["strace", "-y", "-s", "0", "-o", str(trace), *which, "-p", str(tid)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it is attached; a thread that calls all the time may be dead by then."""
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(self._command, stderr=said, stdin=subprocess.DEVNULL)
        ended = self._process.poll
        until_blocking(lambda: b"attached" in self._said.read_bytes() or ended() is not None, "strace to attach")
        assert b"attached" in self._said.read_bytes(), self._said.read_text()

    def stop(self) -> None:
        """Lets go of a process that still lives."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(30)

    def calls(self) -> list[str]:
        """What the thread did, `call what` each; the last one was not carried out when the process was killed."""
        found = (_CALL.match(line) for line in self._trace.read_text("ascii", errors="replace").splitlines())
        return [f"{each[1]} {_short(each[2] or '')}".strip() for each in found if each]


def _short(path: str) -> str:
    """The kind of what a descriptor leads to."""
    return path.split(":", 1)[0] if ":" in path else os.path.basename(path)
