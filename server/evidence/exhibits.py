"""All that a server does with exhibits, joined: files, intake, downloads, rooms of their annotations, notices."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from crdt_docs.signing.log_tree import head0
from server.control import Hearings
from server.evidence.arrivals import Arrivals
from server.evidence.downloads import Downloads
from server.evidence.files import ExhibitFiles
from server.evidence.intake import Intake
from server.evidence.rights import why_not_any, why_not_see
from server.evidence.shares import Shares
from server.evidence.views import NOTICE
from server.hearing import documents
from server.storage import exhibits
from server.storage.commit_thread import CommitThread
from server.storage.exhibits import Exhibit, Verdict
from server.sync.rooms import Rooms

log = logging.getLogger("yunting.evidence")


class Exhibits:
    """One server's."""

    def __init__(self, data: Path, commits: CommitThread, hearings: Hearings, rooms: Rooms) -> None:
        self.files = ExhibitFiles(data)
        self.downloads = Downloads()
        self.shares = Shares(self.of)
        self.arrivals = Arrivals(commits)
        self.intake = Intake(commits, self.files, self._decided)
        self._commits = commits
        self._hearings = hearings
        self._rooms = rooms

    async def start(self) -> None:
        await self.intake.start()

    async def close(self) -> None:
        await self.intake.close()

    async def of(self, hearing: str) -> list[Exhibit]:
        return await self._commits.read(lambda connection: exhibits.exhibits_of(connection, hearing))

    async def one(self, hearing: str, exhibit: str) -> Exhibit | None:
        return await self._commits.read(lambda connection: exhibits.exhibit(connection, hearing, exhibit))

    async def add(self, new: Exhibit) -> Exhibit:
        """Put one on the list whose original is on disk; its annotations can be opened from now on."""
        await self._commits.commit(exhibits.add_exhibit(new))
        added = await self.one(new.hearing, new.id)
        assert added is not None
        await self._open_annotations(added)
        self.intake.take(added)
        await self.tell(added.hearing)
        return added

    async def _open_annotations(self, exhibit: Exhibit) -> None:
        shared = await self._rooms.shared(exhibit.hearing)
        name = str(documents.annotations(exhibit.hearing, exhibit.id))
        shared.list_exhibit(exhibit)
        shared.heads.setdefault(name, head0(name))

    async def _decided(self, exhibit: Exhibit, verdict: Verdict) -> None:
        """Nobody writes on what was refused, unless somebody has already; nor beyond the pages that there are."""
        name = str(documents.annotations(exhibit.hearing, exhibit.id))
        shared = await self._rooms.shared(exhibit.hearing)
        if not verdict.code:
            shared.list_exhibit(replace(exhibit, pages=verdict.pages))
        elif shared.heads.get(name) == head0(name):
            del shared.exhibits[exhibit.id], shared.heads[name]
        await self.tell(exhibit.hearing)

    async def describe(self, exhibit: Exhibit, title: str | None, purpose: str | None, number: int | None) -> None:
        """A clerk's changes; `number` moves it among the others."""
        changes = exhibits.describe(exhibit.hearing, exhibit.id, title=title, purpose=purpose, number=number)
        await self._commits.commit(changes)
        await self.tell(exhibit.hearing)

    async def tell(self, hearing: str) -> None:
        """That the list has changed, to those who may read it."""
        try:
            state = await self._hearings.state_of(hearing)
            listed = await self.of(hearing)
        except Exception:
            log.exception("hearing %s: nobody was told of a changed exhibit", hearing)
            return
        people = {each for each in state.participants if not why_not_any(state, each)}
        people |= {
            each.uploaded_by for each in listed if each.uploaded_by and not why_not_see(state, each.uploaded_by, each)
        }
        self._hearings.notify(hearing, people, NOTICE)
