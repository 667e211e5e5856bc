"""The media servers that are measured: each started as a process of its own, on a folder of its own, and ended."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.servers import ROOT, ServerFailed, free_port

JANUS_FOLDERS = Path("/usr/lib/x86_64-linux-gnu/janus")
START_LIMIT = 30.0
MISSING = "not run: janus is not installed (Debian: apt-get install janus)"


@dataclass(frozen=True, slots=True)
class Running:
    pid: int
    target: str  # what the load connects to


@dataclass(frozen=True, slots=True)
class MediaServer:
    """One column."""

    key: str
    title: str
    command: Callable[[Path], tuple[list[str], str]]  # folder -> command, target
    most: int = 16  # people that it is tried with

    @contextmanager
    def started(self, folder: Path) -> Iterator[Running]:
        folder.mkdir(parents=True)
        command, target = self.command(folder)
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT)
            try:
                _wait(process, target, folder / "log")
                yield Running(process.pid, target)
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def _wait(process: subprocess.Popen[bytes], target: str, log: Path) -> None:
    """Until it takes connections."""
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        if target.startswith("ws://"):
            if b"session is up" in log.read_bytes() or _answers(target):
                return
        elif Path(target).exists():
            return
        time.sleep(0.05)
    process.kill()
    raise ServerFailed(f"{process.args} did not start:\n" + log.read_text(errors="replace")[-2000:])


def _answers(target: str) -> bool:
    import socket

    host, _, port = target.removeprefix("ws://").rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def _ours(folder: Path) -> tuple[list[str], str]:
    path = str(folder / "media.sock")
    return [sys.executable, "-m", "media", "--socket", path], path


def _relay(folder: Path) -> tuple[list[str], str]:
    path = str(folder / "relay.sock")
    return [sys.executable, "-m", "bench.media.relay", path], path


def _janus(folder: Path) -> tuple[list[str], str]:
    port = free_port()
    plugins = {path.name for path in (JANUS_FOLDERS / "plugins").glob("*.so")} - {"libjanus_videoroom.so"}
    transports = {path.name for path in (JANUS_FOLDERS / "transports").glob("*.so")} - {"libjanus_websockets.so"}
    (folder / "janus.jcfg").write_text(
        f"""general: {{
    configs_folder = "{folder}"
    plugins_folder = "{JANUS_FOLDERS / "plugins"}"
    transports_folder = "{JANUS_FOLDERS / "transports"}"
    events_folder = "{JANUS_FOLDERS / "events"}"
    loggers_folder = "{JANUS_FOLDERS / "loggers"}"
    debug_level = 3
    session_timeout = 0
}}
plugins: {{ disable = "{",".join(sorted(plugins))}" }}
transports: {{ disable = "{",".join(sorted(transports))}" }}
"""
    )
    (folder / "janus.transport.websockets.jcfg").write_text(
        f'general: {{ ws = true ws_port = {port} ws_ip = "127.0.0.1" }}\n'
    )
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: {}\n")
    command = ["janus", "-o", "-F", str(folder), "-C", str(folder / "janus.jcfg")]
    return command, f"ws://127.0.0.1:{port}"


def has_janus() -> bool:
    """Installs Debian's where this process may."""
    if shutil.which("janus") is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", "janus"], capture_output=True, check=False
        )
    return shutil.which("janus") is not None


def columns() -> list[MediaServer]:
    """In the order in which each round takes them."""
    return [
        MediaServer("yunting", "Yunting", _ours),
        MediaServer("janus", "Janus videoroom", _janus),
        MediaServer("relay", "aiortc MediaRelay", _relay, most=4),
    ]
