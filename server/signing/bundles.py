"""Bundles on demand: one a person, few at a time, each written to a file that is gone once it is sent.

Owns how many there are and where they lie; what goes into one is bundle.py's, who may ask the endpoint's.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from crdt_docs.signing import bundle, container
from server.control import HearingControl
from server.evidence.copy_verdicts import BUSY
from server.evidence.export import ExportFailed
from server.evidence.files import ExhibitFiles
from server.hearing.documents import DocumentName
from server.hearing.permissions import document_access
from server.hearing.state import HearingState
from server.signing.bundle import Source, collected, documents_of, kept
from server.signing.court_key import CourtKey
from server.signing.frozen_files import FrozenFiles
from server.storage.commit_thread import CommitThread, StorageUnavailable

AT_ONCE = 2  # being made: log and histories stand in memory meanwhile
MOST_ASKED = 10  # waiting or being made; more are told to come back
TOO_LARGE = "bundle_too_large"
FILE = "hearing.zip"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A file that is gone when its user is done with it, and the documents whose words are in it."""

    path: Path
    reader: str
    documents: frozenset[DocumentName]

    def why_not(self, state: HearingState) -> str:
        """Code why its reader may not have it (any more); empty when they may."""
        participant = state.participants[self.reader]
        if participant.barred:
            return participant.state.value.lower()
        lost = (document_access(state, self.reader, each) for each in self.documents)
        return next((access.reason for access in lost if not access.read), "")


class Bundles:
    """One server's. Their folders lie beside those of intake, and go with them when a crash left one behind."""

    def __init__(self, work: ExhibitFiles, commits: CommitThread, frozen: FrozenFiles, court: CourtKey) -> None:
        self.slots = asyncio.Semaphore(AT_ONCE)
        self._work = work
        self._commits = commits
        self._frozen = frozen
        self._court = court
        self.asked = 0
        self._readers: set[str] = set()  # until theirs is sent

    @asynccontextmanager
    async def of(self, control: HearingControl, reader: str) -> AsyncIterator[Bundle]:
        """The hearing's bundle as this reader may have it. Raises ExportFailed, StorageUnavailable."""
        if reader in self._readers or self.asked >= MOST_ASKED:
            raise ExportFailed(BUSY)
        folder = self._work.work_folder()
        self._readers.add(reader)
        try:
            yield await self._in_turn(control, reader, folder / FILE)
        finally:
            self._readers.discard(reader)  # first, so that who has the last byte may ask again at once
            await asyncio.to_thread(self._work.drop, folder)

    async def _in_turn(self, control: HearingControl, reader: str, path: Path) -> Bundle:
        self.asked += 1
        try:
            async with self.slots:
                return await self._made(control, reader, path)
        finally:
            self.asked -= 1

    async def _made(self, control: HearingControl, reader: str, path: Path) -> Bundle:
        while True:  # the list of exhibits is that of the log's last entry
            entries, state = tuple(control.entries), control.state
            known = partial(kept, hearing=control.hearing, known=len(entries))
            found = await self._commits.read(known)
            if not found.is_ahead:
                break
        source = Source(control, state, entries, reader, self._frozen, self._work.original, self._court)

        def write() -> None:
            shown, withheld = collected(source, found)
            self._written(bundle.whole(shown, self._court.private, self._court.name, withheld=withheld), path)

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise StorageUnavailable(str(error)) from error
        return Bundle(path, reader, documents_of(found, source))

    def _written(self, bodies: Mapping[str, container.Body], path: Path) -> None:
        """On a thread; raises ExportFailed, OSError."""
        try:
            size = container.size_of(bodies)
        except container.TooMuch:
            raise ExportFailed(TOO_LARGE) from None
        if not self._work.room_for(size):
            raise ExportFailed(BUSY)
        with path.open("xb") as file:
            for piece in container.pieces(bodies):
                file.write(piece)
