"""`python -m bench.media`: the media rooms side by side, interleaved; into bench/results.json and README.

Round 1 takes each row on each server in turn, then round 2 … Server and load are two processes; figures are medians.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench import machine, table
from bench.media import servers
from bench.media.servers import MediaServer
from bench.servers import ROOT, ServerFailed

RESULTS = ROOT / "bench" / "results.json"
START, END = "<!-- bench-media -->", "<!-- /bench-media -->"
REAL_TIME = 5  # of SCHED_RR
LIMIT = 120.0  # seconds for one load

Figures = dict[str, Any]
Rounds = dict[str, dict[str, list[Figures]]]


@dataclass(frozen=True, slots=True)
class Row:
    """So many people; `layout`: one (speaks to all), all (to all, large), speaker (large, the rest small)."""

    people: int
    layout: str
    cuts: int = 0

    @property
    def key(self) -> str:
        return f"{self.layout}-{self.people}"


ROWS = (
    Row(2, "one"),
    Row(5, "one"),
    Row(9, "one"),
    Row(16, "one"),
    Row(2, "all"),
    Row(4, "all", cuts=40),
    Row(8, "all", cuts=40),
    Row(10, "all", cuts=40),
    Row(16, "all"),
    Row(16, "speaker", cuts=40),
)
TITLES = {
    "one": "1 sends to {listeners}",
    "all": "{people} all to all, large pictures",
    "speaker": "{people} people, the speaker large, the rest small",
}


def label(row: Row) -> str:
    return TITLES[row.layout].format(people=row.people, listeners=row.people - 1)


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.media", description="Media rooms side by side, on this machine."
    )
    parser.add_argument("--only", default="", help="rows, by comma: " + ", ".join(row.key for row in ROWS))
    parser.add_argument("--servers", default="", help="by comma: " + ", ".join(one.key for one in servers.columns()))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8.0, help="of sending that are measured, a row")
    parser.add_argument(
        "--real-time", action="store_true", help="SCHED_RR for server and load, on a machine that is busy"
    )
    parser.add_argument("--write", action="store_true", help="write although it was not a whole run")
    return parser.parse_args(given)


def measure(row: Row, server: MediaServer, folder: Path, seconds: float) -> Figures:
    """One row on one server; a failure is a result too."""
    try:
        with server.started(folder) as running:
            job = {
                "server": server.key,
                "target": running.target,
                "pid": running.pid,
                "people": row.people,
                "layout": row.layout,
                "seconds": seconds,
                "cuts": row.cuts if server.key == "yunting" else 0,
            }
            told = subprocess.run(
                [sys.executable, "-m", "bench.media.load"],
                cwd=ROOT,
                input=json.dumps(job),
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
    except (ServerFailed, subprocess.TimeoutExpired) as failure:
        return {"error": str(failure)[:500]}
    if told.returncode:
        return {"error": told.stderr[-500:]}
    figures = json.loads(told.stdout)
    if server.key == "relay":  # it encodes anew: its packets are not the ones that were sent
        figures["lost"] = figures["lost_share"] = None
    return figures


def run(rows: Sequence[Row], columns: Sequence[MediaServer], rounds: int, seconds: float, work: Path) -> Rounds:
    found: Rounds = {row.key: {} for row in rows}
    for number in range(1, rounds + 1):
        print(f"round {number} of {rounds}", flush=True)
        for row in rows:
            for server in (one for one in columns if row.people <= one.most):
                figures = measure(row, server, work / f"{number}-{row.key}-{server.key}", seconds)
                found[row.key].setdefault(server.key, []).append(figures)
                print(f"  {row.key:12} {server.key:8} {_brief(figures)}", flush=True)
    return found


def _brief(figures: Figures) -> str:
    if "error" in figures:
        return figures["error"].strip().splitlines()[-1][:120]
    cut = f", cut {figures['cut_ms']['p50']:.1f} ms" if "cut_ms" in figures else ""
    cost = f"{figures['cpu_s_per_minute']:.1f} s/min, {figures['us_per_packet']:.0f} us/packet"
    return f"{cost}, lost {figures['lost']}{cut}"


def medians(rounds: Rounds) -> dict[str, dict[str, Figures]]:
    """A server's median over its rounds that did not fail; losses and leaks are summed; the failure when all did."""
    found: dict[str, dict[str, Figures]] = {}
    for key, by_server in rounds.items():
        found[key] = {}
        for server, entries in by_server.items():
            right = [one for one in entries if "error" not in one]
            figures = table.middle(right or entries)
            if right and figures["lost"] is not None:
                figures["lost"] = sum(one["lost"] for one in right)
            if right and "cut_ms" in figures:
                for name in ("cuts", "leaked"):
                    figures["cut_ms"][name] = sum(one["cut_ms"][name] for one in right)
            found[key][server] = figures
    return found


def _cell(figures: Mapping[str, Any] | None) -> str:
    if figures is None:
        return table.MISSING
    if "error" in figures:
        return table.FAILED
    lost = "" if figures["lost"] is None else f" / {figures['lost']:,.0f}"
    return f"{table.number(figures['cpu_s_per_minute'])} / {table.number(figures['us_per_packet'])}{lost}"


def _cut(figures: Mapping[str, Any]) -> str:
    cut = figures.get("cut_ms")
    return f"{table.number(cut['p50'])} / {table.number(cut['p99'])} / {cut['leaked']}" if cut else table.MISSING


def markdown(titles: Mapping[str, str], middle: Mapping[str, Mapping[str, Figures]]) -> str:
    """One line a row; the last column is our cut: milliseconds until it is answered, packets that came after it."""
    heads = ["CPU s a minute / µs a forwarded packet / lost", *titles.values(), "our cut p50 / p99 ms / leaked"]
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for row in (row for row in ROWS if row.key in middle):
        cells = [_cell(middle[row.key].get(key)) for key in titles]
        lines.append(f"| {label(row)} | " + " | ".join([*cells, _cut(middle[row.key].get("yunting", {}))]) + " |")
    return "\n".join(lines)


CAPTION = (
    "Medians of {rounds} rounds of {seconds:g} s on {cores} cores ({model}), loopback, {day}, commit {commit}{how}; "
    "losses are sums. Each sends sound (40 kb/s), a picture (430 kb/s) and with *the rest small* another (60 kb/s). "
    "MediaRelay decodes and encodes, so its packets are not those that were sent. Nobody asks for lost packets again."
)


def caption(about: Mapping[str, Any]) -> str:
    how = ", real-time scheduling on a busy machine" if about["real_time"] else ""
    day, commit = about["date"][:10], about["commit"][:10]
    return CAPTION.format(
        how=how, day=day, commit=commit, **{k: about[k] for k in ("rounds", "seconds", "cores", "model")}
    )


def write(about: Figures, middle: Mapping[str, Any], rounds: Rounds, text: str) -> None:
    """Its own key of the results and its own place in the README."""
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    results["media"] = {"about": about, "medians": middle, "rounds": rounds}
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    written = table.write_into(ROOT / "README.md", f"{text}\n\n{caption(about)}", START, END)
    print("written" if written else f"README.md has no {START} marker")


def describe(options: argparse.Namespace) -> Figures:
    versions = {name: version(name) for name in ("aiortc", "aioice", "pylibsrtp")}
    chosen = {"rounds": options.rounds, "seconds": options.seconds, "real_time": options.real_time}
    return {**machine.host(), "packages": versions, **chosen}


def main(given: Sequence[str]) -> int:
    options = arguments(given)
    if options.real_time:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(REAL_TIME))
    columns = [one for one in servers.columns() if not options.servers or one.key in options.servers.split(",")]
    rows = [row for row in ROWS if not options.only or row.key in options.only.split(",")]
    if any(one.key == "janus" for one in columns) and not servers.has_janus():
        print(servers.MISSING)
        columns = [one for one in columns if one.key != "janus"]
    work = Path(tempfile.mkdtemp(prefix="media-"))
    begin = time.monotonic()
    try:
        about = describe(options)
        rounds = run(rows, columns, options.rounds, options.seconds, work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    about["took"] = round(time.monotonic() - begin)
    middle = medians(rounds)
    text = markdown({one.key: one.title for one in columns}, middle)
    print("\n" + text)
    if options.write or not (options.only or options.servers):
        write(about, middle, rounds, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
