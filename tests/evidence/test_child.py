"""A child that a file has taken over gets nowhere: no network, no other program, no more than its time and memory."""

import asyncio
import ctypes
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from server.evidence import child, landlock, limits
from server.evidence.child import ChildUnavailable
from server.evidence.seccomp import MACHINES
from server.evidence.verdicts import Refused

MODULE = "tests.evidence.misbehaving"
SECONDS = 3.0


def has_landlock() -> bool:
    """Asks for the version of it."""
    return sys.platform == "linux" and ctypes.CDLL(None).syscall(landlock.CREATE_RULESET, None, 0, 1) > 0


async def outcome(deed: str, seconds: float = SECONDS, **request: Any) -> dict[str, Any] | str:
    """The child's result, or the code of the refusal."""
    try:
        result = await child.run(MODULE, {"deed": deed, **request}, seconds, lambda _report: None)
    except Refused as refused:
        return refused.code
    return result.get("code", result)


def children() -> set[str]:
    """Command lines of this process's children, the dead ones left out."""
    mine = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[1]
            words = (entry / "cmdline").read_bytes().decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == str(os.getpid()) and MODULE in words:
            mine.add(words)
    return mine


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in MACHINES, reason="not run: no system call filter"
)
async def test_a_child_has_no_network_no_programs_no_environment_and_no_file_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = await outcome("reach_out", port=listener.getsockname()[1])
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    refused = {name: found.pop(name) for name in ("connection", "datagram", "unix", "program", "fork", "signal")}
    assert set(refused.values()) == {"PermissionError"}
    assert found.pop("http") == "URLError"
    assert found == {"environment": [], "descriptors": [0, 1, 2, 3]}  # 3: reports


async def test_a_child_opens_what_it_was_given_and_no_file_of_ours(tmp_path: Path) -> None:
    own, given, data = tmp_path / "own", tmp_path / "given", tmp_path / "data"
    own.mkdir()
    data.mkdir()
    for path in (given, data / "secret.key"):
        path.write_bytes(b"kept")
    request = {"read": [str(given)], "write": [str(own)], "secret": str(data / "secret.key")}
    found = await outcome("look_around", **request)
    if found["secret"] == "done":
        pytest.skip("not run: this kernel has no Landlock")
    assert {name for name, done in found.items() if done == "done"} == {"given, read", "own"}
    assert given.read_bytes() == (data / "secret.key").read_bytes() == b"kept"


async def test_a_system_that_keeps_no_files_from_a_child_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    child.warn.cache_clear()
    for _ in range(2):
        assert await child.run("tests.evidence.old_kernel", {}, SECONDS, lambda _report: None) == {"done": True}
    assert ["Landlock" in each for each in caplog.messages].count(True) == 1


@pytest.mark.skipif(not has_landlock(), reason="not run: this kernel has no Landlock")
async def test_a_child_that_cannot_give_up_other_files_looks_at_none() -> None:
    with pytest.raises(ChildUnavailable, match="could not be limited"):
        await child.run("tests.evidence.odd_kernel", {}, SECONDS, lambda _report: pytest.fail("it began"))


async def test_a_child_that_eats_memory_is_ended_before_it_has_more_than_its_share() -> None:
    assert await outcome("eat_memory", 20.0) == "resource_limit"
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1_024 < limits.MEMORY_BYTES + 100_000_000


async def test_a_child_that_never_ends_is_ended_by_the_processor_time_it_used() -> None:
    assert await outcome("spin", 1.0) == "resource_limit"


async def test_a_child_that_only_waits_is_ended_by_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "PATIENCE", 0.5)
    assert await outcome("wait", 1.0) == "resource_limit"


@pytest.mark.parametrize("deed", ["chatter", "long_line", "crash"])
async def test_a_child_that_talks_nonsense_or_dies_refuses_the_file(deed: str) -> None:
    assert await outcome(deed, 20.0) in ("resource_limit", "damaged")


async def test_a_child_cannot_fill_the_disk(tmp_path: Path) -> None:
    (tmp_path / "large").touch()
    assert await outcome("fill_disk", folder=str(tmp_path), write=[str(tmp_path)]) in ("resource_limit", "damaged")
    assert (tmp_path / "large").stat().st_size <= limits.FILE_BYTES


async def test_no_child_is_left_behind_when_its_work_is_called_off() -> None:
    task = asyncio.create_task(outcome("wait", 40.0))
    while not children():
        await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert children() == set()


async def test_a_child_that_cannot_begin_is_nobody_s_verdict() -> None:
    with pytest.raises(ChildUnavailable):
        await child.run("tests.evidence.not_there", {}, 1.0, lambda _report: None)


def test_time_grows_with_the_size_up_to_a_bound() -> None:
    assert limits.seconds_for(0) == 8.0
    assert limits.seconds_for(3 * 1024 * 1024) == 9.0
    assert limits.seconds_for(limits.UPLOAD_BYTES) == pytest.approx(8 + 100 / 3)
    assert limits.seconds_for(10 * limits.UPLOAD_BYTES) == 45.0
