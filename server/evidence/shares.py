"""How much of a hearing's evidence is whose: limits of a hearing and of each person, uploads under way included.

A file that was refused is kept too, so it counts in bytes and files, but not among the exhibits.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from server.evidence.limits import CLERKS, HEARINGS, PERSONS, Share
from server.hearing.state import Participant, Role
from server.storage.exhibits import Exhibit, ExhibitState


class NoRoom(Exception):
    """`code`: `too_many_exhibits`, the hearing's limit; `own_exhibits_used_up`, the person's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """One that may come to its end: so many bytes at most."""

    hearing: str
    person: str
    size: int


class Shares:
    """One server's. `listed`: a hearing's exhibits as they are on disk."""

    def __init__(self, listed: Callable[[str], Awaitable[list[Exhibit]]]) -> None:
        self._listed = listed
        self._under_way: set[Upload] = set()
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def hold(self, hearing: str, participant: Participant, size: int) -> AsyncIterator[None]:
        """Room for a file of at most `size` bytes, until it is listed or given up; raises NoRoom."""
        new = Upload(hearing, participant.person, size)
        async with self._lock:
            under_way = [each for each in self._under_way if each.hearing == hearing]  # before what is listed is read
            _check(await self._listed(hearing), [*under_way, new], participant)
            self._under_way.add(new)
        try:
            yield
        finally:
            self._under_way.discard(new)


def _check(listed: Iterable[Exhibit], uploads: Iterable[Upload], participant: Participant) -> None:
    person = participant.person
    filed = [each for each in listed if each.state is not ExhibitState.LISTED]
    if not _within(filed, uploads, HEARINGS):
        raise NoRoom("too_many_exhibits")
    own = [each for each in filed if each.uploaded_by == person]
    share = CLERKS if participant.role is Role.CLERK else PERSONS
    if not _within(own, [each for each in uploads if each.person == person], share):
        raise NoRoom("own_exhibits_used_up")


def _within(filed: Iterable[Exhibit], uploads: Iterable[Upload], share: Share) -> bool:
    coming = list(uploads)
    sizes = [each.size for each in filed]
    accepted = sum(each.state is not ExhibitState.REFUSED for each in filed)
    return (
        accepted + len(coming) <= share.exhibits
        and len(sizes) + len(coming) <= share.files
        and sum(sizes) + sum(each.size for each in coming) <= share.size
    )
