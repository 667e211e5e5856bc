"""The child's side of a limited process: it takes its own rights away, then reads one request and reports. Judges no
file.

Limits are set by the child itself before it has read a byte of what it is to look at; everything that runs until
then is ours.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.evidence import landlock, limits, seccomp
from server.evidence.verdicts import Refused

PR_SET_PDEATHSIG = 1
OUT_OF_MEANS = (errno.EFBIG, errno.ENOMEM, errno.EMFILE)
NICE = 5  # hearings go first

Json = dict[str, Any]
Report = Callable[[Json], None]


def serve(work: Callable[[Json, Report], Json]) -> None:
    """Do the one request that standard input holds; every line written is a report, the last one the result.

    A request names what may be opened: `read` and `write` are lists of paths, absolute.
    """
    report = _only_reports_go_out()
    _end_with_the_parent()
    confined = seccomp.confine()
    report({"ready": True, "confined": confined})
    request = json.loads(sys.stdin.buffer.readline())
    report({"files": _confined_to(request, report)})
    _limit(float(request["seconds"]))
    report({"result": _done(work, request, report)})


def _confined_to(request: Json, report: Report) -> bool:
    """Whether only the request's files can be opened now. A child that cannot say so looks at no file: it ends."""
    try:
        return landlock.confine(map(Path, request.get("read", ())), map(Path, request.get("write", ())))
    except OSError as error:
        report(_failure(error))
        raise SystemExit(1) from error


def _done(work: Callable[[Json, Report], Json], request: Json, report: Report) -> Json:
    try:
        return work(request, report)
    except Refused as refused:
        return {"code": refused.code}
    except MemoryError:
        return {"code": "resource_limit"}
    except OSError as error:
        report(_failure(error))
        return {"code": "resource_limit" if error.errno in OUT_OF_MEANS else "damaged"}
    except Exception as error:  # whatever the libraries raise over a hostile file
        report(_failure(error))
        return {"code": "damaged"}


def _failure(error: Exception) -> Json:
    return {"failed": f"{type(error).__name__}: {error}"[:300]}


def _only_reports_go_out() -> Report:
    """Libraries print as they please: standard output becomes standard error, and reports get a descriptor apart."""
    sys.stdout.flush()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def report(message: Json) -> None:
        out.write(json.dumps(message) + "\n")
        out.flush()

    return report


def _end_with_the_parent() -> None:
    """A killed server leaves no child behind (Linux; elsewhere the child ends when its pipe breaks)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != int(sys.argv[1]):  # it died before the child could ask for that
        raise SystemExit(1)


def _limit(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = int(used.ru_utime + used.ru_stime + seconds) + 1
    _at_most(resource.RLIMIT_CPU, processor)
    _at_most(resource.RLIMIT_AS, limits.MEMORY_BYTES)
    _at_most(resource.RLIMIT_FSIZE, limits.FILE_BYTES)
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_NOFILE, 64)
    os.nice(NICE)


def _at_most(what: int, wanted: int) -> None:
    hard = resource.getrlimit(what)[1]
    top = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (top, top))
