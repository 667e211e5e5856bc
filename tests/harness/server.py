"""A real server process: `python -m server --demo` on a free port with its own data directory.

It owns the process and nothing else: it starts, kills, ends and restarts it on the same port and data, under strace
when asked. It never ends a process that it did not start.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import httpx

from tests.harness import demo
from tests.harness.waiting import until_blocking

ROOT = Path(__file__).resolve().parents[2]
LISTENING = "listening on "
START_LIMIT = 60.0
# of silence, as a test that computes answers no ping; and until a court without a judge's page is put on hold
PATIENT = {"YUNTING_SILENCE": "60", "YUNTING_HOLD_AFTER": "3600"}
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # one for all clients: certificates are read by none
TRACED = "write,pwrite64,writev,pwritev,sendto,sendmsg,fdatasync,fsync"


class ServerEnded(RuntimeError):
    """The server ended while it should have started; the text holds what it printed."""


def may_trace() -> bool:
    """strace is there and may attach here."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    tried = subprocess.run([strace, "-o", os.devnull, "true"], capture_output=True, check=False)
    return tried.returncode == 0


class ServerProcess:
    """`url`, `demo` and `pid` are valid after `start`; `log` holds the lines printed so far."""

    def __init__(
        self, data: Path, *, env: Mapping[str, str] | None = None, trace: Path | None = None, is_demo: bool = True
    ) -> None:
        self.data, self.trace, self.is_demo = data, trace, is_demo
        self.env = dict(env or {})
        self.port = 0
        self._held: socket.socket | None = None
        self.url = ""
        self.log: list[str] = []
        self.starts = 0
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def _command(self) -> list[str]:
        command = [sys.executable, "-m", "server", *(["--demo"] if self.is_demo else [])]
        if self.trace is None:
            return command
        # -D: the tracer is the grandchild, so that the process started here is the server itself
        options = ["-D", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", "65536", "-e", "trace=" + TRACED]
        return ["strace", *options, "-o", str(self.trace), *command]

    def _environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("YUNTING_")}
        own = {"YUNTING_PORT": str(self.port), "YUNTING_DATA": str(self.data), "PYTHONUNBUFFERED": "1"}
        return {**clean, **own, **PATIENT, **self.env}

    def launch(self) -> "ServerProcess":
        """Starts it without waiting for anything."""
        self.log = []
        self.port = self.port or self._hold_a_port()
        self.starts += 1
        self._process = subprocess.Popen(
            self._command(),
            cwd=ROOT,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, args=(self._process, self.log), daemon=True)
        self._reader.start()
        return self

    def _hold_a_port(self) -> int:
        """Bound here and listened at by the server alone: while that is down, the system gives it to nobody else."""
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        self._let_the_port_go()
        self._held = held
        return held.getsockname()[1]

    def _let_the_port_go(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def start(self, limit: float = START_LIMIT) -> "ServerProcess":
        """Starts it and waits until it listens."""
        self.launch()
        until_blocking(lambda: self._address() or self._process.poll() is not None, "the server to listen", limit)
        self.url = self._address()
        if not self.url:
            self._reader.join(5)
            raise ServerEnded("\n".join(self.log[-40:]))
        return self

    def _read(self, process: subprocess.Popen[str], log: list[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                log.append(line.rstrip("\n"))

    def _address(self) -> str:
        return next((line[len(LISTENING) :].strip() for line in list(self.log) if line.startswith(LISTENING)), "")

    @property
    def demo(self) -> demo.Demo:
        return demo.read(self.data)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def resident_bytes(self) -> int:
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def wait(self, limit: float = 30.0) -> int:
        """Its exit status once it has ended by itself."""
        assert self._process is not None
        status = self._process.wait(limit)
        if self._reader is not None:
            self._reader.join(5)
        return status

    def kill(self) -> None:
        """SIGKILL: no handler, no flush."""
        if self.is_alive:
            os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def terminate(self, limit: float = 30.0) -> int:
        """SIGTERM, and the exit status."""
        if self.is_alive:
            os.kill(self.pid, signal.SIGTERM)
        return self.wait(limit)

    def restart(self, limit: float = START_LIMIT) -> "ServerProcess":
        """The same data on the same port; what still runs is killed first."""
        self.kill()
        return self.start(limit)

    def stop(self) -> None:
        """However it stands, it is gone afterwards."""
        self._let_the_port_go()
        if self._process is None:
            return
        if self.is_alive:
            os.kill(self.pid, signal.SIGTERM)
        try:
            self.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def http(self, token: str = "") -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False, verify=NO_TLS)

    def command(self, token: str, hearing: str, name: str, **fields: object) -> httpx.Response:
        """A control command over HTTP; the caller looks at the status."""
        with self.http(token) as client:
            return client.post(f"/api/hearings/{hearing}/commands", json={"command": name, **fields})
