"""A court of the tests' own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.control.rig import Rig, rig


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Rig]:
    async with rig(tmp_path) as running:
        yield running
