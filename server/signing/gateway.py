"""How a one-time code reaches a person: a port, and the outbox that stands in for a text message service.

The outbox file is read by its owner only; a code is written nowhere else, least of all into a log.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, TextIO

FILE = "outbox.jsonl"


@dataclass(frozen=True, slots=True)
class Message:
    """A text to one person; `at` RFC 3339, `name` theirs."""

    at: str
    person: str
    name: str
    hearing: str
    text: str
    code: str


class Gateway(Protocol):
    """Sends a message, or raises OSError; called on a thread."""

    def send(self, message: Message) -> None: ...


class Outbox:
    """Appends each message to a file; `terminal`: where a demo shows it, None: nowhere."""

    def __init__(self, directory: Path, terminal: TextIO | None = None) -> None:
        self._path = directory / FILE
        self._terminal = terminal
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        line = {key: value for key, value in asdict(message).items() if key != "name"}
        with self._lock:
            self._append(json.dumps(line, ensure_ascii=False) + "\n")
        if self._terminal is not None:
            print(f"验证码 / one-time code: {message.name} {message.code}", file=self._terminal, flush=True)

    def _append(self, line: str) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def outbox(directory: Path, *, demo: bool) -> Outbox:
    """The default gateway."""
    return Outbox(directory, sys.stdout if demo else None)
