"""The real `yunting` command as a child process, with a configuration of its own; judges nothing."""

import json
import os
import pty
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.harness.server import ROOT
from tests.harness.waiting import until_blocking

COMMAND = ROOT / ".venv" / "bin" / "yunting"
LONG = 90.0  # no command of these tests may take longer


class Terminal:
    """One person's shell: `home` holds the stored logins."""

    def __init__(self, home: Path, *, url: str = "", token: str = "") -> None:
        self.home, self.url, self.token = home, url, token

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("YUNTING_", "XDG_", "LC_"))}
        own = {"HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config"), "LANG": "en_GB.UTF-8"}
        login = {"YUNTING_URL": self.url, "YUNTING_TOKEN": self.token} if self.token else {}
        return {**clean, **own, **login, "PYTHONUNBUFFERED": "1"}

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(COMMAND), *arguments],
            input=typed,
            capture_output=True,
            text=True,
            env=self.environment(),
            timeout=LONG,
            check=False,
        )

    def json(self, *arguments: str, typed: str = "") -> Any:
        """The one JSON value of a command that must succeed."""
        done = self.run("--json", *arguments, typed=typed)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def completed(self, line: str) -> list[str]:
        """What the shell is offered for a line, asked as bash asks."""
        offered = self.home / "offered"
        asked = {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_SHELL": "bash",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(offered),
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        subprocess.run([str(COMMAND)], env={**self.environment(), **asked}, check=True, capture_output=True, timeout=60)
        return [word.strip() for word in offered.read_text().split("\x0b")]

    def start(self, *arguments: str, terminal: bool = False) -> "Running":
        return Running([str(COMMAND), *arguments], self.environment(), terminal)


class Running:
    """A command that goes on; `lines` are those printed so far, `noise` what came on standard error."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], terminal: bool) -> None:
        self.lines: list[str] = []
        self.noise: list[str] = []
        master, slave = pty.openpty() if terminal else (-1, -1)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=slave if terminal else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        if terminal:
            os.close(slave)
            self._read(lambda: os.read(master, 65536).decode("utf-8", "replace"), self.lines)
        else:
            self._read(self._stdout, self.lines)
        self._read(self._stderr, self.noise)

    def _stdout(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def _stderr(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def _read(self, take: Callable[[], str], into: list[str]) -> None:
        def go() -> None:
            try:
                while text := take():
                    into.append(text)
            except OSError:  # a terminal whose other end has gone
                return

        threading.Thread(target=go, daemon=True).start()

    def type(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def end_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    @property
    def said(self) -> list[dict[str, Any]]:
        """Each line as JSON; the last may still be on its way."""
        return [json.loads(line) for line in list(self.lines) if line.endswith("\n")]

    def wait_for(self, condition: Callable[[], Any], what: str, limit: float = 60.0) -> Any:
        def met() -> Any:
            return condition() or self.process.poll() is not None

        until_blocking(met, what, limit)
        answer = condition()
        assert answer, f"{what}: ended with {self.process.poll()}: {''.join(self.noise)}"
        return answer

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.wait()

    def wait(self, limit: float = LONG) -> int:
        return self.process.wait(limit)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def replayed(said: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The transcript that the `turn` lines of `watch --json` make, played in order."""
    turns: list[dict[str, Any]] = []
    for line in said:
        if line["type"] == "transcript" and line["change"] == "cleared":
            turns = []
        elif line["type"] == "turn":
            _play(turns, line)
    return turns


def _play(turns: list[dict[str, Any]], line: dict[str, Any]) -> None:
    if line["change"] == "removed":
        del turns[line["index"]]
    elif line["change"] == "added":
        turns.insert(line["index"], line["turn"])
    else:
        turns[line["index"]] = line["turn"]
