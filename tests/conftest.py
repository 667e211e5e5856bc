"""Fixtures for all tests, and each failure printed when it happens: a run that is cut short has said what it found."""

import os
import sys

import hypothesis
import pytest

pytest_plugins = ["tests.harness.fixtures"]

hypothesis.settings.register_profile("shared", deadline=None)  # how long one example takes says what else runs
hypothesis.settings.load_profile("shared")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    is_told_elsewhere = "PYTEST_XDIST_WORKER" in os.environ  # the process that started this one prints
    if report.failed and not is_told_elsewhere:
        print(f"\nfailed: {report.nodeid} ({report.when})\n{report.longreprtext}", file=sys.__stderr__, flush=True)
