"""`python -m tests.evidence.misbehaving`: a child that has been taken over by its file and tries to do harm."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.evidence import inside


def tried(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except Exception as error:
        return type(error).__name__
    return "done"


def reach_out(request: dict[str, Any]) -> dict[str, Any]:
    address = ("127.0.0.1", request["port"])
    return {
        "connection": tried(lambda: socket.create_connection(address, 5)),
        "datagram": tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", address)),
        "unix": tried(lambda: socket.socketpair()),
        "http": tried(lambda: urllib.request.urlopen(f"http://127.0.0.1:{request['port']}/", timeout=5)),
        "program": tried(lambda: subprocess.run(["true"], check=True)),
        "fork": tried(os.fork),
        "signal": tried(lambda: os.kill(os.getppid(), signal.SIGCONT)),
        "environment": sorted(set(os.environ) - {"LC_CTYPE"}),
        "descriptors": [each for each in range(256) if tried(lambda each=each: os.fstat(each)) == "done"],
    }


def look_around(request: dict[str, Any]) -> dict[str, Any]:
    secret, own = Path(request["secret"]), Path(request["write"][0])
    return {
        "secret": tried(secret.read_bytes),
        "folder": tried(lambda: os.listdir(secret.parent)),
        "passwords": tried(Path("/etc/passwd").read_bytes),
        "home": tried(lambda: os.listdir("/root")),
        "new": tried(lambda: (secret.parent / "new").write_bytes(b"x")),
        "removed": tried(secret.unlink),
        "given, read": tried(Path(request["read"][0]).read_bytes),
        "given, written": tried(lambda: Path(request["read"][0]).write_bytes(b"x")),
        "own": tried(lambda: (own / "x").write_bytes(b"x")),
    }


def eat_memory(_request: dict[str, Any]) -> dict[str, Any]:
    kept = []
    while True:
        kept.append(bytes(50_000_000))


def spin(_request: dict[str, Any]) -> dict[str, Any]:
    while True:
        pass


def wait(_request: dict[str, Any]) -> dict[str, Any]:
    time.sleep(10_000)
    return {}


def fill_disk(request: dict[str, Any]) -> dict[str, Any]:
    os.truncate(Path(request["folder"]) / "large", 10_000_000_000)
    return {}


def chatter(_request: dict[str, Any]) -> dict[str, Any]:
    for _ in range(1_000_000):
        os.write(3, b'{"step": 1}\n')
    return {}


def long_line(_request: dict[str, Any]) -> dict[str, Any]:
    sys.stderr.write("x")
    for _ in range(10_000):
        os.write(3, b"x" * 100_000)
    return {}


def crash(_request: dict[str, Any]) -> dict[str, Any]:
    os.abort()


DEEDS = {
    each.__name__: each
    for each in (reach_out, look_around, eat_memory, spin, wait, fill_disk, chatter, long_line, crash)
}

if __name__ == "__main__":
    inside.serve(lambda request, _report: DEEDS[request["deed"]](request))
