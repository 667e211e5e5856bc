"""A queue that serves people in turn: one with many files waits for its own, never the others for it."""

from __future__ import annotations

import asyncio
from collections import deque

from server.storage.exhibits import Exhibit


class Turns:
    """Exhibits by who handed them in; each person's in order, one of each person a round."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Exhibit]] = {}  # in the order of their turns
        self._count = asyncio.Semaphore(0)

    def put(self, exhibit: Exhibit) -> None:
        self._waiting.setdefault(exhibit.uploaded_by, deque()).append(exhibit)
        self._count.release()

    async def get(self) -> Exhibit:
        """The next one, once there is one."""
        await self._count.acquire()
        person = next(iter(self._waiting))
        own = self._waiting.pop(person)
        exhibit = own.popleft()
        if own:
            self._waiting[person] = own  # behind all others
        return exhibit
