"""Owns the order of `make test`: the checks beside the rules of the court, then parts, pages and faults.

Every stage runs even when an earlier one failed; the last line counts all of them. Never decides what a test means.
More tests run at once than there are cores: about half of the time of most is waiting for processes and sockets. A test
that fails beside others is run again by itself: what fails there too has failed, what passes is named as unsteady.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from setup.paths import BIN, ROOT

FAULTS = "tests/faults"
PAGES = "tests/e2e"
LONG_FORMS = "tests/soak"
TEST_LIMIT = 300  # seconds; what takes longer hangs, and fails by itself
STAGE_LIMIT = 2000  # seconds; then the stage is ended and counts as failed, so that the others still run
UNSTEADY = 2  # so many failures of a stage are looked at again; more are no accident of what else ran
COURT_RULES = ("tests/hearing", "--cov=server.hearing", "--cov-branch", "--cov-fail-under=100", "--cov-report=term")


def stages() -> dict[str, list[str]]:
    """pytest's arguments for each stage; a folder that no stage names is taken by the second (`parts`)."""
    kept_apart = [FAULTS, PAGES, "tests/hearing", LONG_FORMS]
    together = [f"--ignore={folder}" for folder in kept_apart]
    return {
        "rules of the court, every branch": [*COURT_RULES],
        # in the order of the folders: by number of tests, the few long ones would all be left to the end
        "parts": ["tests", *together, "-n", "4", "--dist", "loadscope", "--no-loadscope-reorder"],
        "pages and whole hearings": [PAGES, "-n", "3", "--dist", "worksteal", "--durations=12"],
        "faults": [FAULTS, "-n", "3", "--dist", "worksteal"],
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
    """Whether the stage passed, and its tests by outcome."""
    begun = time.monotonic()
    print(f"tests: {name}", flush=True)
    status = pytest(arguments, report)
    print(f"tests: {name}: exit status {status}, {time.monotonic() - begun:.0f} s", flush=True)
    found = counts(report)
    if status != 1 or found["failed"] > UNSTEADY or "-n" not in arguments:
        return status == 0, found
    print(f"tests: {name}: what failed, again and by itself", flush=True)
    again = report.with_suffix(".again.xml")
    status = pytest([*arguments, *ALONE], again)
    found = looked_at_again(found, counts(again))
    return status == 0 and not found["failed"], found


ALONE = ("-n", "0", "--last-failed", "--last-failed-no-failures", "none")


def looked_at_again(first: Counter[str], again: Counter[str]) -> Counter[str]:
    """A stage's outcomes after its failures have been run by themselves."""
    failed = max(again["failed"], first["failed"] - again["passed"])
    passed = first["passed"] + first["failed"] - failed
    return Counter(passed=passed, failed=failed, skipped=first["skipped"], unsteady=first["failed"] - failed)


def pytest(arguments: Sequence[str], report: Path) -> int:
    command = [BIN / "python", "-m", "pytest", "-q", f"--timeout={TEST_LIMIT}", f"--junit-xml={report}", *arguments]
    return ended_within(command, STAGE_LIMIT)


def ended_within(command: Sequence[str | Path], seconds: float) -> int:
    """The exit status; 124 for a command that was killed with all its children because its time was over."""
    process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return 124
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    checking = subprocess.Popen([BIN / "python", "-m", "setup.checks"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with tempfile.TemporaryDirectory() as folder:
        reports = {name: Path(folder, f"{number}.xml") for number, name in enumerate(stages())}
        rules, *others = stages().items()
        outcomes = [run(*rules, reports[rules[0]])]
        found, _ = checking.communicate()
        print(found, end="", flush=True)
        outcomes += [run(name, arguments, reports[name]) for name, arguments in others]
    total = sum((number for _, number in outcomes), Counter[str]())
    if total["unsteady"]:
        print(
            f"unsteady: {total['unsteady']} failed beside others and passed alone, see above; to be mended", flush=True
        )
    print(f"total: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped", flush=True)
    return checking.returncode if all(well for well, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
