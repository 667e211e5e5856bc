"""Which files a child can still open: its interpreter and libraries, one file to look at, one folder to write in.

Linux with Landlock (5.13 and later); `confine` says False elsewhere. Cannot be taken off again. Opens no document.
"""

from __future__ import annotations

import ctypes
import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same numbers on every kind of machine
PATH_BENEATH = 1
READ_FILE, READ_FOLDER = 1 << 2, 1 << 3
READ = READ_FILE | READ_FOLDER
EVERYTHING = (1 << 13) - 1  # of the first version: opening, making and removing of all kinds
ON_FILES = READ_FILE | 1 << 1 | 1 << 0
LIBRARIES = ("/usr/lib", "/lib", "/lib64", "/usr/local/lib", "/dev/null", "/dev/urandom", "/etc/ld.so.cache")


class _Ruleset(ctypes.Structure):
    _fields_ = (("handled", ctypes.c_uint64),)


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def confine(read: Iterable[Path], write: Iterable[Path]) -> bool:
    """From now on only these can be opened, beside what running at all needs."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    wanted = _Ruleset(EVERYTHING)
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(wanted), ctypes.sizeof(wanted), 0)
    if ruleset < 0:
        return False
    try:
        for path in (*_running(), *read):
            _allow(libc, ruleset, path, READ)
        for path in write:
            _allow(libc, ruleset, path, EVERYTHING)
        return libc.syscall(RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _running() -> set[Path]:
    """The interpreter's and its packages' folders, and this project's code; not its data, wherever that lies."""
    folders = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    own = Path(__file__).resolve().parents[1]
    return {Path(each) for each in (*folders, *LIBRARIES)} | {own}


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, allowed: int) -> None:
    if not path.exists():
        return
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        beneath = _Beneath(allowed if path.is_dir() else allowed & ON_FILES, descriptor)
        if libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(beneath), 0) != 0:
            raise OSError(ctypes.get_errno(), "a child's rights could not be limited", str(path))
    finally:
        os.close(descriptor)
