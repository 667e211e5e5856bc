"""The media process of a server, as the system sees it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.harness.server import ROOT, ServerProcess
from tests.harness.waiting import until, until_blocking

PATIENCE = 120.0


def media_pid(server: ServerProcess) -> int:
    """The child of this server that is a media process; 0 when there is none."""
    return next((pid for pid in children(server.pid) if b"\0media\0" in _read(Path(f"/proc/{pid}/cmdline"))), 0)


def children(pid: int) -> list[int]:
    """Of all threads of a process."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in _read(task / "children").split()]


def is_alive(pid: int) -> bool:
    """A zombie that nobody has waited for yet is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def kill_media(server: ServerProcess) -> int:
    """SIGKILL to the media process; its pid."""
    pid = await until(lambda: media_pid(server), "a media process", PATIENCE)
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not is_alive(pid), "its death", PATIENCE)
    return pid


def gone(pid: int) -> None:
    until_blocking(lambda: not is_alive(pid), f"the end of the media process {pid}", PATIENCE)


class Unit:
    """A media process that no server has started, listening at `path`; started again by its owner alone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.start()

    def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self._process = subprocess.Popen([sys.executable, "-m", "media", "--socket", str(self.path)], cwd=ROOT)
        until_blocking(self.path.exists, "the unit's socket", PATIENCE)

    @property
    def pid(self) -> int:
        return self._process.pid

    def died(self) -> None:
        """Killed by somebody else; waited for."""
        assert self._process.wait(PATIENCE) == -signal.SIGKILL

    def stop(self) -> None:
        self._process.kill()
        self._process.wait(PATIENCE)


def _read(path: Path) -> bytes:
    """Empty when the thread or the process has ended meanwhile."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
