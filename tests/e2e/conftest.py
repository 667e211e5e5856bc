"""Fixtures of the tests that use the page in a real browser."""

from collections.abc import Iterator

import pytest

from tests.e2e.page import CHROMIUM, PROGRAM_MISSING, Browser

LONGEST = "test_main_job.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begins first: it would else be waited for alone at the end."""
    items.sort(key=lambda item: item.path.name != LONGEST)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if not CHROMIUM.exists():
        pytest.skip(PROGRAM_MISSING)
    made = Browser()
    yield made
    made.stop()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """It without a page: each test's pages have cookies of their own and are closed after it."""
    yield chromium
    chromium.close_pages()
