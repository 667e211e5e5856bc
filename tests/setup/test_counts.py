"""What `make test` says at its end is what its stages reported."""

from pathlib import Path

from setup.tests import FAULTS, PAGES, UNSTEADY, counts, ended_within, run, stages
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
    assert number >= {failing} or {alone} and "PYTEST_XDIST_WORKER" not in os.environ
"""


def stage(folder: Path, failing: int, *, alone: bool) -> tuple[bool, dict[str, int]]:
    """A stage of five tests: the first `failing` fail beside others, and by themselves too unless they pass `alone`."""
    (folder / "test_stage.py").write_text(BESIDE_OTHERS.format(failing=failing, alone=alone))
    passed, found = run("a stage", [str(folder), "-n", "1"], folder / "report.xml")
    return passed, {name: number for name, number in found.items() if number}


def test_what_fails_only_beside_others_passes_and_is_named_unsteady(tmp_path: Path) -> None:
    assert stage(tmp_path, UNSTEADY, alone=True) == (True, {"passed": 5, "unsteady": UNSTEADY})


def test_what_fails_by_itself_too_has_failed(tmp_path: Path) -> None:
    assert stage(tmp_path, 1, alone=False) == (False, {"passed": 4, "failed": 1})


def test_many_failures_are_not_looked_at_again(tmp_path: Path) -> None:
    failing = UNSTEADY + 1
    assert stage(tmp_path, failing, alone=True) == (False, {"passed": 5 - failing, "failed": failing})
