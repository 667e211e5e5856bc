"""A court whose transcript has been frozen, and one that still writes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.signing.court import Court, frozen, heard


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Court]:
    async with frozen(tmp_path) as running:
        yield running


@pytest.fixture
async def writing(tmp_path: Path) -> AsyncIterator[Court]:
    async with heard(tmp_path) as running:
        yield running
