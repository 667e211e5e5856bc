"""What the figures were measured on: commit, processor, kernel, versions, what one fdatasync costs on the disk used."""

import json
import os
import platform
import subprocess
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench.node import node

HERE = Path(__file__).resolve().parent
PYTHON_PACKAGES = ("pycrdt", "starlette", "uvicorn", "wsproto", "uvloop", "SQLAlchemy")
NPM_PACKAGES = (
    "@hocuspocus/server",
    "@hocuspocus/extension-sqlite",
    "@y/websocket-server",
    "better-sqlite3",
    "yjs",
    "ws",
)
SYNCS = 200


def describe(work: Path) -> dict[str, Any]:
    """Everything a reader needs to judge the figures; asked once, before the first row."""
    return {
        **host(),
        "file_system": _told("stat", "--file-system", "--format=%T", str(work)),
        "fdatasync_ms": fdatasync_ms(work),
        "node": _told(node(), "--version"),
        "packages": {
            **{name: version(name) for name in PYTHON_PACKAGES},
            **{name: _npm(name) for name in NPM_PACKAGES},
        },
    }


def host() -> dict[str, Any]:
    """The machine and the commit, without the disk and node's packages."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _told("git", "rev-parse", "HEAD"),
        "changed": bool(_told("git", "status", "--porcelain", "--untracked-files=no")),
        "cores": os.cpu_count(),
        "model": _field("/proc/cpuinfo", "model name"),
        "memory_kb": int(_field("/proc/meminfo", "MemTotal").split()[0]),
        "kernel": platform.release(),
        "load_before": os.getloadavg()[0],
        "nice": os.nice(0),
        "python": platform.python_version(),
    }


def fdatasync_ms(work: Path) -> float:
    """Median milliseconds of an fdatasync after a 4 kB append, alone on the disk."""
    path = work / "fdatasync"
    times: list[float] = []
    with path.open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1000)
    path.unlink()
    return round(median(times), 3)


def _told(*command: str) -> str:
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True).stdout.strip()


def _field(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown 0")


def _npm(name: str) -> str:
    return json.loads((HERE / "node_modules" / name / "package.json").read_text())["version"]
