"""What `make test` says at its end is what its stages reported."""

from pathlib import Path

from setup.tests import ALONE, PAGES, counts, stages
from tests.architecture.checkout import ROOT

REPORT = '<testsuites><testsuite tests="7" failures="1" errors="1" skipped="2"/></testsuites>'


def test_a_report_is_counted_by_outcome(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    assert counts(report) == {"passed": 3, "failed": 2, "skipped": 2}


def test_a_stage_that_did_not_finish_counts_as_a_failure(tmp_path: Path) -> None:
    assert counts(tmp_path / "none.xml") == {"failed": 1}


def test_every_folder_of_tests_is_run_by_some_stage() -> None:
    kept_apart = {argument.removeprefix("--ignore=") for argument in stages()["parts"] if "--ignore" in argument}
    taken = {ALONE, PAGES, "tests/hearing", "tests/soak"}
    assert kept_apart == taken
    assert all((ROOT / folder).is_dir() for folder in taken)
    assert {ALONE, PAGES, "tests/hearing"} <= {arguments[0] for arguments in stages().values()}
