"""The server's side of a limited process: starts it, hears its reports, ends it with its whole group. Judges no file.

What a child says is no more trusted than the file that it looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from server.evidence import limits
from server.evidence.verdicts import Refused

log = logging.getLogger("yunting.evidence")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 4.0  # times the processor time by the clock: hearings go first, on a busy machine
REPORT_BYTES = 256 * 1024  # one line
REPORTS = 10_000
OUT_OF_MEANS = frozenset({signal.SIGKILL, signal.SIGXCPU, signal.SIGXFSZ})

Json = dict[str, Any]


class ChildUnavailable(RuntimeError):
    """No child could be started, or it could not give up its rights: nothing is known of the file."""


async def run(module: str, request: Mapping[str, Any], seconds: float, heard: Callable[[Json], None]) -> Json:
    """The result of `python -m module` over one request. Raises Refused when the child was ended or died of the file,
    ChildUnavailable when it never began."""
    process = await _started(module)
    try:
        await _ready(process)
        clock = min(limits.MOST_SECONDS, seconds * PATIENCE)
        async with asyncio.timeout(clock):
            return await _result(process, {**request, "seconds": seconds}, heard)
    except TimeoutError:
        log.warning("%s: ended after %.0f s by the clock", module, clock)
        raise Refused("resource_limit") from None
    finally:
        await _ended(process)


async def _started(module: str) -> asyncio.subprocess.Process:
    command = (sys.executable, "-s", "-X", "utf8", "-m", module, str(os.getpid()))
    try:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd=ROOT,
            start_new_session=True,
            limit=REPORT_BYTES,
        )
    except OSError as error:
        raise ChildUnavailable(str(error)) from error


async def _ready(process: asyncio.subprocess.Process) -> None:
    try:
        async with asyncio.timeout(limits.START_SECONDS):
            first = await _report(process)
    except TimeoutError:
        raise ChildUnavailable("a child did not get ready") from None
    if not first or not first.get("ready"):
        raise ChildUnavailable(f"a child ended before it was ready: {await process.wait()}")
    if not first.get("confined"):
        warn("this system gives a child no filter against the network: intake runs without")


async def _result(process: asyncio.subprocess.Process, request: Json, heard: Callable[[Json], None]) -> Json:
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):  # it died already: told below
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
    await _confined(process)
    for _ in range(REPORTS):
        report = await _report(process)
        if report is None:
            raise Refused(_died_of(await process.wait()))
        if isinstance(report.get("result"), dict):
            return report["result"]
        if "failed" in report:
            log.warning("a file made its child fail: %.300s", report["failed"])
        heard(report)
    raise Refused("resource_limit")


async def _confined(process: asyncio.subprocess.Process) -> None:
    """The second report, before the file is opened: whether the child can open no other file."""
    second = await _report(process)
    if second is None or "files" not in second:
        reason = (second or {}).get("failed") or await process.wait()
        raise ChildUnavailable(f"a child could not give up other files: {reason}")
    if not second["files"]:
        warn("this system does not keep a child from other files (no Landlock): intake runs without")


@cache
def warn(sentence: str) -> None:
    """Once in a server's life: it is so for every file."""
    log.warning(sentence)


async def _report(process: asyncio.subprocess.Process) -> Json | None:
    """The next report; None at the end."""
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        report = json.loads(line) if line else None
    except ValueError:
        raise Refused("damaged") from None
    return report if isinstance(report, dict) else None


def _died_of(status: int) -> str:
    return "resource_limit" if -status in OUT_OF_MEANS else "damaged"


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Gone with everything that it may have started, and waited for."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()
