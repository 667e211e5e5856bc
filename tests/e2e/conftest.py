"""Fixtures of the tests that use the page in a real browser."""

from collections.abc import Iterator

import pytest

from tests.e2e.page import CHROMIUM, PROGRAM_MISSING, Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a file's tests; each page has cookies of its own."""
    if not CHROMIUM.exists():
        pytest.skip(PROGRAM_MISSING)
    made = Browser()
    yield made
    made.stop()
