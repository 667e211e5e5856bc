"""What `make test` says at its end is what its stages reported."""

from collections import Counter
from pathlib import Path

import pytest

from setup.tests import FAULTS, PAGES, counts, ended_within, looked_at_again, run, stages
from tests.architecture.checkout import ROOT
from tests.harness.waiting import until_blocking
from tests.media_link.processes import is_alive

REPORT = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>'


def test_a_report_is_counted_by_outcome(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert counts(report) == {"passed": 3, "failed": 2, "skipped": 2}


def test_a_stage_that_did_not_finish_counts_as_a_failure(tmp_path: Path) -> None:
    assert counts(tmp_path / "none.xml") == {"failed": 1}


def test_every_folder_of_tests_is_run_by_some_stage() -> None:
    kept_apart = {argument.removeprefix("--ignore=") for argument in stages()["parts"] if "--ignore" in argument}
    taken = {FAULTS, PAGES, "tests/hearing", "tests/soak"}
    assert kept_apart == taken
    assert all((ROOT / folder).is_dir() for folder in taken)
    assert {FAULTS, PAGES, "tests/hearing"} <= {arguments[0] for arguments in stages().values()}


def test_a_command_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    child = tmp_path / "child"
    script = f"sleep 600 & echo $! > {child}; wait"
    assert ended_within(["bash", "-c", script], 3.0) == 124
    until_blocking(lambda: not is_alive(int(child.read_text())), "the child to end")
    assert ended_within(["bash", "-c", "exit 3"], 30) == 3


BESIDE_OTHERS = """
import os, pytest
@pytest.mark.parametrize("number", range(5))
def test_it(number):
    assert number or "PYTEST_XDIST_WORKER" not in os.environ
"""


def test_what_fails_only_beside_others_passes_and_is_named_unsteady(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)  # of the stage that this test is in
    (tmp_path / "test_stage.py").write_text(BESIDE_OTHERS)
    passed, found = run("a stage", [str(tmp_path), "-n", "1"], tmp_path / "report.xml")
    assert passed
    assert +found == {"passed": 5, "unsteady": 1}


def test_what_fails_by_itself_too_has_failed() -> None:
    first = Counter(passed=7, failed=2, skipped=1)
    assert +looked_at_again(first, Counter(passed=1, failed=1)) == Counter(passed=8, failed=1, skipped=1, unsteady=1)
    assert +looked_at_again(first, Counter(failed=1)) == first, "a second look that did not finish"
