"""The application, made anew for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.endpoints.serving import Serving, serving


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Serving]:
    async with serving(tmp_path) as running:
        yield running
