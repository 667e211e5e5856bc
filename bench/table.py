"""From all rounds to medians, a markdown table, the README. It rounds for the eye; results.json keeps all digits."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, cast

START, END = "<!-- bench -->", "<!-- /bench -->"
MISSING = "–"
FAILED = "failed"

Figures = Mapping[str, Any]
Cell = Callable[[Figures], str]


def middle(rounds: Sequence[Any]) -> Any:
    """Median of each number, through nested mappings; anything else is taken from the first round that has it."""
    first = next((one for one in rounds if one is not None), None)
    if isinstance(first, Mapping):
        given = [cast(Figures, one) for one in rounds if isinstance(one, Mapping)]
        names = cast(Figures, first).keys()
        return {name: middle([one.get(name) for one in given]) for name in names}
    if isinstance(first, bool):
        return all(one for one in rounds if one is not None)
    if isinstance(first, int | float):
        return median(one for one in rounds if one is not None)
    return first


def total(rounds: Sequence[Figures]) -> Figures:
    """Sum of each number: for counts of what must never happen."""
    return {name: sum(one[name] for one in rounds) for name in rounds[0]}


def number(value: float | None) -> str:
    """Three significant digits, thousands apart."""
    if value is None:
        return MISSING
    decimals = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{decimals}f}"


def pair(value: Figures) -> str:
    """p50 / p99."""
    return MISSING if value["p50"] is None else f"{number(value['p50'])} / {number(value['p99'])}"


def _lost(figures: Figures) -> str:
    acked = f"{figures['acked_lost']:,.0f} of {figures['acked']:,.0f}" if "acked" in figures else MISSING
    return f"{acked} / {figures['seen_lost']:,.0f} of {figures['seen']:,.0f}"


def _shares(figures: Figures) -> str:
    return f"{figures['server_share']:.0%} / {figures['client_share']:.0%}"


def _written(figures: Figures) -> str:
    written = figures["written"]
    return number(written["updates_per_s"]) if written["edits_an_update"] == 1 else MISSING


LINES: tuple[tuple[str, str, Cell], ...] = (
    ("keystroke → screen p50 / p99 ms, 1 reader", "typing-1", lambda row: pair(row["screen_ms"])),
    ("… 100 readers", "typing-100", lambda row: pair(row["screen_ms"])),
    ("… 300 readers", "typing-300", lambda row: pair(row["screen_ms"])),
    ("… 1,000 readers", "typing-1000", lambda row: pair(row["screen_ms"])),
    ("… 1,000 readers: core share of server / load client", "typing-1000", _shares),
    ("ack p50 / p99 ms, 1 reader", "typing-1", lambda row: pair(row["ack_ms"])),
    ("… 100 readers", "typing-100", lambda row: pair(row["ack_ms"])),
    ("CPU s per 10,000 updates, 1 reader", "typing-1", lambda row: number(row["cpu_s_per_10k"])),
    ("… 100 readers", "typing-100", lambda row: number(row["cpu_s_per_10k"])),
    ("… 300 readers", "typing-300", lambda row: number(row["cpu_s_per_10k"])),
    (
        "20 people mark one page: until all others see it, p50 / p99 ms",
        "marking-20",
        lambda row: pair(row["others_ms"]),
    ),
    ("… core share of server / load client", "marking-20", _shares),
    ("flat out, updates/s", "flat-out", lambda row: number(row["updates_per_s"])),
    ("260k-edit trace: written edit by edit, updates/s", "trace", _written),
    (
        "… open warm, received / applied ms",
        "trace",
        lambda row: f"{number(row['received_ms'])} / {number(row['applied_ms'])}",
    ),
    ("… open after restart, received ms", "trace", lambda row: number(row["restart_received_ms"])),
    ("… server start to ready, ms", "trace", lambda row: number(row["boot_ms"])),
    ("kB per idle connection", "idle", lambda row: number(row["kb_per_connection"])),
    ("300 clients reconnect at once, all in sync ms", "reconnect", lambda row: number(row["all_in_sync_ms"])),
    ("lost by SIGKILL, all rounds: acked / seen by another", "killed", _lost),
)


def _cell(figures: Figures | None, show: Cell) -> str:
    if figures is None:
        return MISSING
    return FAILED if "error" in figures else show(figures)


def markdown(titles: Mapping[str, str], medians: Mapping[str, Mapping[str, Figures]]) -> str:
    """`titles`: server key -> heading; `medians`: row -> server key -> figures. Rows that were not run are left out."""
    lines = ["| | " + " | ".join(titles.values()) + " |", "|---" * (len(titles) + 1) + "|"]
    for label, row, show in LINES:
        if row in medians:
            lines.append(f"| {label} | " + " | ".join(_cell(medians[row].get(key), show) for key in titles) + " |")
    return "\n".join(lines)


def write_into(readme: Path, text: str, opening: str = START, closing: str = END) -> bool:
    """Put `text` between the markers; False when the file has none."""
    old = readme.read_text() if readme.exists() else ""
    before, start, rest = old.partition(opening)
    _, end, after = rest.partition(closing)
    if not start or not end:
        return False
    readme.write_text(f"{before}{opening}\n{text}\n{closing}{after}")
    return True
