"""A sitting hearing for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.freezing.rig import Chamber, sitting


@pytest.fixture
async def chamber(tmp_path: Path) -> AsyncIterator[Chamber]:
    async with sitting(tmp_path) as running:
        yield running
