"""One thread of another process, stopped while its other threads run on: by ptrace, on Linux.

It owns the tracing and its end. All calls come from the thread that entered the block, as ptrace wants it.
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness.waiting import until_blocking

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
ANY_THREAD = 0x40000000  # waitpid's __WALL
FORBIDDEN = "not run: needs Linux and ptrace"


def thread_named(process: int, name: str) -> int:
    """The kernel's number of the one thread with this name."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    found = [int(task.name) for task in tasks if (task / "comm").read_text().strip() == name]
    assert len(found) == 1, f"{len(found)} threads named {name}"
    return found[0]


def is_stopped(process: int, thread: int) -> bool:
    status = Path(f"/proc/{process}/task/{thread}/status").read_text()
    return "\nState:\tt" in status


def _ptrace(request: int, thread: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    if libc.ptrace(request, thread, None, None) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace {request:#x}: {os.strerror(number)}")


@contextmanager
def stopped(process: int, thread: int) -> Iterator[None]:
    """The thread does not run inside the block; it goes on where it was."""
    _ptrace(SEIZE, thread)
    try:
        _ptrace(INTERRUPT, thread)
        os.waitpid(thread, ANY_THREAD)
        until_blocking(lambda: is_stopped(process, thread), "the thread to stop")
        yield
    finally:
        _ptrace(DETACH, thread)
    until_blocking(lambda: not is_stopped(process, thread), "the thread to go on")


def need_stopping() -> None:
    """Skips where a process may not stop a thread of its own child."""
    if sys.platform != "linux":
        pytest.skip(FORBIDDEN)
    child = subprocess.Popen(["sleep", "60"])
    try:
        with stopped(child.pid, child.pid):
            pass
    except PermissionError:
        pytest.skip(FORBIDDEN)
    finally:
        child.kill()
        child.wait()
