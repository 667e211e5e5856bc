"""Reads a strace (-f -y -xx) of the server: which bytes were written where, and when a sync was complete.

Lines are in the order of the kernel's events, so a line number is the time. It knows nothing of Yjs.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALL = re.compile(r"^(\d+) +(\w+)\((\d+)<([^>]*)>(.*)$")
RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>")
STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
SYNCS = ("fdatasync", "fsync")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call; `done` is the line at which it had returned."""

    line: int
    done: int
    name: str
    path: str
    content: bytes

    @property
    def is_wal_write(self) -> bool:
        return self.path.endswith("-wal") and self.name.startswith("pwrite")

    @property
    def is_wal_sync(self) -> bool:
        return self.path.endswith("-wal") and self.name in SYNCS

    @property
    def is_send(self) -> bool:
        return "socket:" in self.path or self.path.startswith("TCP")


def unhex(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def returns(lines: list[str]) -> dict[tuple[str, int], int]:
    """(thread, line of the unfinished call) -> line of its return."""
    waiting: dict[str, int] = {}
    found: dict[tuple[str, int], int] = {}
    for number, line in enumerate(lines):
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            waiting[thread] = number
        elif RESUMED.match(line) and thread in waiting:
            found[thread, waiting.pop(thread)] = number
    return found


def calls(trace: Path) -> Iterator[Call]:
    lines = trace.read_text("ascii", errors="replace").splitlines()
    returned = returns(lines)
    for number, line in enumerate(lines):
        if found := CALL.match(line):
            thread, name, _, path, rest = found.groups()
            content = b"".join(unhex(text) for text in STRING.findall(rest))
            yield Call(number, returned.get((thread, number), number), name, unhex(path).decode("latin-1"), content)


@dataclass(frozen=True, slots=True)
class Way:
    """The way of one update through the kernel: lines, -1 when it never came."""

    written: int
    synced: int
    sent: int

    @property
    def is_safe(self) -> bool:
        return 0 <= self.written < self.synced < self.sent


def way_of(mark: bytes, trace: list[Call]) -> Way:
    """Where `mark` was first written to the WAL, the sync after that, the first socket that carried it."""
    written = next((call.done for call in trace if call.is_wal_write and mark in call.content), -1)
    synced = next((call.done for call in trace if call.is_wal_sync and call.line > written >= 0), -1)
    sent = next((call.line for call in trace if call.is_send and mark in call.content), -1)
    return Way(written, synced, sent)


def sends_of(content: bytes, trace: list[Call]) -> list[int]:
    """The line of each single occurrence of `content` on a socket."""
    return [call.line for call in trace if call.is_send for _ in range(call.content.count(content))]
