"""Debian's coturn on loopback with a secret of its own; it owns the process."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.harness.waiting import until_blocking

SECRET = "a secret of the court and its relay"
LIMIT = 60.0


@contextmanager
def coturn(folder: Path) -> Iterator[int]:
    """The port of a relay that takes our credentials and leads to loopback; skips where coturn is missing."""
    program = shutil.which("turnserver")
    if program is None:
        pytest.skip("not run: needs coturn (apt install coturn)")
    held, port = _held_port()
    log = folder / "log"
    options = ["-n", "--use-auth-secret", f"--static-auth-secret={SECRET}", "--realm=court.example", "--no-tls"]
    options += ["--no-dtls", "--no-cli", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", "--allow-loopback-peers"]
    options += [f"--listening-port={port}", f"--pidfile={folder / 'pid'}", f"--userdb={folder / 'db'}"]
    with log.open("wb") as output:
        process = subprocess.Popen([program, *options, "--log-file=stdout"], stdout=output, stderr=output, cwd=folder)
    try:
        until_blocking(lambda: _answers(port) or process.poll() is not None, "coturn to listen", LIMIT)
        assert process.poll() is None, log.read_text(errors="replace")[-2_000:]
        for each in held:
            each.close()
        yield port
    finally:
        process.terminate()
        process.wait(LIMIT)


def _held_port() -> tuple[list[socket.socket], int]:
    """Bound and not listened at, until coturn has it: nobody else is given it meanwhile."""
    held, port = [], 0
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        held.append(socket.socket(type=kind))
        held[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held[-1].bind(("127.0.0.1", port))
        port = held[-1].getsockname()[1]
    return held, port


def _answers(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
