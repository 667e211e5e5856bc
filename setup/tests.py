"""Owns the order of `make test`: the checks, then what shares both cores, then what wants them alone.

Every stage runs even when an earlier one failed; the last line counts all of them. Never decides what a test means.
"""

import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

from setup import checks
from setup.paths import BIN, ROOT

ALONE = "tests/faults"
PAGES = "tests/e2e"
LONG_FORMS = "tests/soak"
COURT_RULES = ("tests/hearing", "--cov=server.hearing", "--cov-branch", "--cov-fail-under=100", "--cov-report=term")


def stages() -> dict[str, list[str]]:
    """pytest's arguments for each stage; a folder that no stage names is taken by the second (`parts`)."""
    kept_apart = [ALONE, PAGES, "tests/hearing", LONG_FORMS]
    together = [f"--ignore={folder}" for folder in kept_apart]
    return {
        "rules of the court, every branch": [*COURT_RULES],
        "parts": ["tests", *together, "-n", "2", "--dist", "loadscope"],
        "pages and whole hearings": [PAGES, "-n", "2", "--dist", "worksteal", "--durations=12"],
        "faults": [ALONE],
    }


def counts(report: Path) -> Counter[str]:
    """How many tests a stage's JUnit report tells of, by outcome; an unfinished stage counts as one failure."""
    if not report.exists():
        return Counter(failed=1)
    suite = ET.parse(report).getroot().find("testsuite")
    assert suite is not None
    number = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
    failed = number["failures"] + number["errors"]
    return Counter(passed=number["tests"] - failed - number["skipped"], failed=failed, skipped=number["skipped"])


def run(name: str, arguments: list[str], report: Path) -> tuple[bool, Counter[str]]:
    begun = time.monotonic()
    print(f"tests: {name}", flush=True)
    command = [BIN / "python", "-m", "pytest", "-q", f"--junit-xml={report}", *arguments]
    status = subprocess.run(command, cwd=ROOT).returncode
    print(f"tests: {name}: exit status {status}, {time.monotonic() - begun:.0f} s", flush=True)
    return status == 0, counts(report)


def main() -> int:
    checked = checks.main()
    with tempfile.TemporaryDirectory() as folder:
        outcomes = [run(name, given, Path(folder, f"{i}.xml")) for i, (name, given) in enumerate(stages().items())]
    total = sum((number for _, number in outcomes), Counter[str]())
    print(f"total: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped", flush=True)
    return checked if all(well for well, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
