"""`python -m bench`: every row for every server, interleaved in one run; writes bench/results.json and README's table.

Round 1 takes each row on each server in turn, then round 2 … so that a change in the machine's mood hits all alike.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bench import machine, node, table, trace
from bench.rows import QUICK, ROWS, Bench, Row, Scale
from bench.servers import Server, ServerFailed, columns

ROOT = Path(__file__).resolve().parent.parent
TIME_LIMIT = 25 * 60.0  # seconds for the whole run
RESULTS = ROOT / "bench" / "results.json"

Rounds = dict[str, dict[str, list[dict[str, Any]]]]  # row -> server -> one entry a round


def arguments(given: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Benchmarks against other servers, on 127.0.0.1 only."
    )
    parser.add_argument("--quick", action="store_true", help="one short round, for trying; writes nothing by itself")
    parser.add_argument("--only", default="", help="rows, by comma: " + ", ".join(row.key for row in ROWS))
    parser.add_argument(
        "--servers", default="", help="servers, by comma: " + ", ".join(one.key for one in columns(Path()))
    )
    parser.add_argument("--rounds", type=int, help="instead of 3 (1 with --quick)")
    parser.add_argument("--out", type=Path, help="where to write the results (a whole run: bench/results.json)")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "var", help="where the servers keep their files; not a tmpfs"
    )
    return parser.parse_args(given)


def chosen(text: str, keys: Sequence[str]) -> list[str]:
    """The keys named in `text`, all of them for an empty one."""
    wanted = [part for part in text.split(",") if part] or list(keys)
    for key in wanted:
        if key not in keys:
            raise SystemExit(f"unknown: {key!r}; there are {', '.join(keys)}")
    return [key for key in keys if key in wanted]


def one(bench: Bench, row: Row, server: Server) -> dict[str, Any]:
    """One row on one server; a failure is a result too, and the run goes on."""
    begin = time.perf_counter()
    try:
        figures = row.run(bench, server)
    except (node.LoadFailed, ServerFailed, OSError) as failure:
        figures = {"error": f"{type(failure).__name__}: {failure}"}
    told = figures["error"].splitlines()[0][:160] if "error" in figures else f"{time.perf_counter() - begin:.1f} s"
    print(f"  {row.key:12} {server.key:16} {told}", flush=True)
    return figures


def measure(bench: Bench, rows: Sequence[Row], servers: Sequence[Server]) -> Rounds:
    results: Rounds = {row.key: {} for row in rows}
    begin = time.perf_counter()
    for number in range(1, bench.scale.rounds + 1):
        so_far = time.perf_counter() - begin
        if number > 1 and so_far * number / (number - 1) > TIME_LIMIT:
            print(f"round {number} is left out: it would not end within {TIME_LIMIT / 60:.0f} minutes")
            break
        print(f"round {number} of {bench.scale.rounds}", flush=True)
        for row in rows:
            for server in (server for server in servers if server.key in row.servers):
                results[row.key].setdefault(server.key, []).append(one(bench, row, server))
    return results


def medians(results: Rounds) -> dict[str, dict[str, Any]]:
    """A server's median (or sum) over its rounds that did not fail; the failure when all did."""
    summed = {row.key for row in ROWS if row.is_summed}
    found: dict[str, dict[str, Any]] = {}
    for row, by_server in results.items():
        found[row] = {}
        for server, rounds in by_server.items():
            right = [one for one in rounds if "error" not in one]
            combine = table.total if row in summed and right else table.middle
            found[row][server] = combine(right or rounds)
    return found


def main(given: Sequence[str]) -> int:
    options = arguments(given)
    node.check_packages()
    scale = QUICK if options.quick else Scale()
    scale = replace(scale, rounds=options.rounds or scale.rounds)
    is_whole = not (options.quick or options.only or options.servers)
    options.work.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="bench-", dir=options.work))
    try:
        return run(options, scale, work, is_whole)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def run(options: argparse.Namespace, scale: Scale, work: Path, is_whole: bool) -> int:
    begin = time.perf_counter()
    keys = chosen(options.only, [row.key for row in ROWS])
    rows = [row for row in ROWS if row.key in keys]
    everyone = columns(work)
    names = chosen(options.servers, [server.key for server in everyone])
    servers = [server for server in everyone if server.key in names]
    path, name = trace.find(work)
    about = {**machine.describe(work), "trace": name, "scale": asdict(scale)}
    results = measure(Bench(scale, work, path), rows, servers)
    about["rounds"] = max(len(rounds) for by_server in results.values() for rounds in by_server.values())
    about["seconds"] = round(time.perf_counter() - begin)
    middle = medians(results)
    text = table.markdown({server.key: server.title for server in servers}, middle)
    print("\n" + text)
    write(options.out or (RESULTS if is_whole else None), {"about": about, "medians": middle, "rounds": results})
    if is_whole and not table.write_into(ROOT / "README.md", f"{text}\n\n{caption(about)}"):
        print("README.md has no <!-- bench --> … <!-- /bench --> markers; the table was not written into it.")
    return 0


QUIET_LOAD = 0.5  # load average of a machine that does nothing else
BUSY = "**The machine was busy with other work (load average {load:.1f} before the run): compare columns only.** "
CAPTION = (
    "Medians of {rounds} interleaved rounds on {cores} cores ({model}, Linux {kernel}, Python {python}, node {node}), "
    "loopback, {day}, commit {commit}; one fdatasync takes {fdatasync} ms there. Yunting answers and sends on only "
    "what is on disk. Hocuspocus answers from memory and stores 2 s later (debounce 0: at once, yet answers before); "
    "@y/websocket-server sends no acks. All rounds: `bench/results.json`."
)


def caption(about: dict[str, Any]) -> str:
    """The sentences under the table."""
    busy = BUSY.format(load=about["load_before"]) if about["load_before"] > QUIET_LOAD else ""
    return busy + CAPTION.format(
        rounds=about["rounds"],
        cores=about["cores"],
        model=about["model"],
        kernel=about["kernel"],
        python=about["python"],
        node=about["node"].removeprefix("v"),
        day=about["date"][:10],
        commit=about["commit"][:10],
        fdatasync=about["fdatasync_ms"],
    )


def write(path: Path | None, content: dict[str, Any]) -> None:
    """Replaces the bench's own keys; what `make soak` keeps in the same file stays."""
    if path is not None:
        before: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**before, **content}, indent=1, ensure_ascii=False) + "\n")
        print(f"\nwritten: {path}")


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except node.NotSetUp as missing:
        sys.exit(str(missing))
