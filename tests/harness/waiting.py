"""Waiting for a condition with a generous limit. It owns no clock of a test's meaning and never sleeps a fixed time."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

LIMIT = 30.0
T = TypeVar("T")


class NeverHappened(AssertionError):
    """The condition did not come true within the limit."""


async def until(condition: Callable[[], T], what: str = "", limit: float = LIMIT) -> T:
    """The first truthy answer of `condition`, asked every few milliseconds."""
    end = time.monotonic() + limit
    while not (answer := condition()):
        if time.monotonic() > end:
            raise NeverHappened(f"waited {limit:g} s for {what or condition}")
        await asyncio.sleep(0.01)
    return answer


def until_blocking(condition: Callable[[], T], what: str = "", limit: float = LIMIT) -> T:
    """The same outside an event loop."""
    end = time.monotonic() + limit
    while not (answer := condition()):
        if time.monotonic() > end:
            raise NeverHappened(f"waited {limit:g} s for {what or condition}")
        time.sleep(0.02)
    return answer
