"""Where the server's time goes: `python -m bench.profile ROW`. Needs py-spy (PyPI), which is no part of the set-up.

The row runs as in the bench, on our server alone, while py-spy samples it and /proc counts each thread's time.
`pip install --target DIR py-spy` into a folder of your own and name the program with --py-spy; it needs ptrace rights.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import node, trace
from bench.rows import QUICK, ROWS, Bench, Scale
from bench.servers import Running, Yunting

ROOT = Path(__file__).resolve().parent.parent
TOP = 40
LINE = re.compile(r":\d+\)$")
RATE = 500  # samples a second


class Watched(Yunting):
    """Our server; tells `watch` when it runs, before any load comes."""

    def __init__(self, wire: str, template: Path, watch: Callable[[Running], None]) -> None:
        super().__init__(wire, template)
        self.watch = watch

    def start(self, folder: Path, settings: Mapping[str, str] | None = None) -> Running:
        running = super().start(folder, settings)
        self.watch(running)
        return running


def threads(pid: int) -> dict[str, float]:
    """Processor seconds by thread: its number (the first is the event loop) and name."""
    found: dict[str, float] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        found[f"{task.name} {name}"] = int((task / "schedstat").read_text().split()[0]) / 1e9
    return found


def sampled(py_spy: str, pid: int, out: Path, after: float, seconds: int, more: list[str]) -> None:
    time.sleep(after)
    command = [py_spy, "record", "--pid", str(pid), "--duration", str(seconds), "--rate", str(RATE), "--threads"]
    command += ["--format", "raw", "--output", str(out), "--nonblocking", *more]
    subprocess.run(command, capture_output=True, text=True, check=False)


def counted(raw: str) -> tuple[Counter[str], Counter[str], int]:
    """Collapsed stacks -> samples by innermost function, by function anywhere in the stack, and in all."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in raw.splitlines():
        stack, _, number = line.rpartition(" ")
        frames = stack.split(";")
        own[frames[-1]] += int(number)
        for function in {LINE.sub(")", frame) for frame in frames}:
            within[function] += int(number)
    return own, within, sum(own.values())


def show(title: str, counts: Counter[str], total: int) -> None:
    print(f"\n{title}")
    for frame, number in counts.most_common(TOP):
        print(f"  {number / total:6.1%}  {frame}")


def profile(options: argparse.Namespace, work: Path) -> None:
    raw = work / "stacks"
    scale = QUICK if options.quick else Scale(seconds=options.seconds, warm=1.0)
    bench = Bench(scale, work, trace.find(work)[0])
    more = [f"--{name}" for name in ("native", "gil") if getattr(options, name)]
    spies: list[threading.Thread] = []
    time_used: dict[str, float] = {}

    def watch(running: Running) -> None:
        arguments = (options.py_spy, running.pid, raw, options.after, int(scale.seconds + 1), more)
        spies.append(threading.Thread(target=sampled, args=arguments))
        spies[-1].start()
        stop, before = running.stop, threads(running.pid)

        def told() -> None:
            time_used.update({name: used - before.get(name, 0) for name, used in threads(running.pid).items()})
            stop()

        running.stop = told

    row = next(row for row in ROWS if row.key == options.row)
    figures = row.run(bench, Watched(options.wire, work / "demo", watch))
    for spy in spies:
        spy.join()
    print(json.dumps(figures, indent=1))
    print("\nprocessor seconds by thread, since the server was ready")
    for name, seconds in sorted(time_used.items(), key=lambda item: -item[1])[:10]:
        print(f"  {seconds:8.2f}  {name}")
    if not raw.exists():
        raise SystemExit("py-spy wrote nothing (may it trace?).")
    if options.keep:
        shutil.copy(raw, options.keep)
    own, within, total = counted(raw.read_text())
    show("own time, by function", own, total)
    show("with all that it calls, by function", within, total)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.profile", description="Where the server's time goes.")
    parser.add_argument("row", choices=[row.key for row in ROWS if row.key != "killed"])
    parser.add_argument("--wire", choices=["collab", "yjs"], default="collab")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--after", type=float, default=1.5, help="seconds from the server's start to the first sample")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--native", action="store_true", help="with the frames of pycrdt and SQLite (slower)")
    parser.add_argument("--gil", action="store_true", help="only samples of a thread that holds the interpreter lock")
    parser.add_argument("--keep", type=Path, help="a file for the collapsed stacks (flame graph tools read them)")
    parser.add_argument("--py-spy", default=shutil.which("py-spy") or "py-spy")
    options = parser.parse_args()
    node.check_packages()
    if shutil.which(options.py_spy) is None:
        raise SystemExit("py-spy is missing: install it from PyPI and name it with --py-spy.")
    work = Path(tempfile.mkdtemp(prefix="profile-", dir=ROOT / "var"))
    try:
        profile(options, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
