"""All that a server does with exhibits, joined: files, intake, the log, downloads, rooms of their annotations, notices.

What becomes of an exhibit and the log's entry of it are one transaction; only then is anybody told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from crdt_docs.signing.log_tree import head0
from server.control import HearingControl, Hearings
from server.evidence import rights
from server.evidence.arrivals import Arrivals
from server.evidence.downloads import Downloads
from server.evidence.files import ExhibitFiles
from server.evidence.intake import Intake
from server.evidence.shares import Shares
from server.evidence.views import NOTICE
from server.hearing import documents
from server.hearing.exhibit_events import (
    ExhibitDescribed,
    ExhibitFact,
    ExhibitOffered,
    ExhibitRefused,
    ExhibitWithdrawn,
)
from server.hearing.reasons import Refusal, refusal
from server.hearing.state import COURT, HearingState
from server.storage import exhibits
from server.storage.commit_thread import CommitThread, StorageUnavailable, Write
from server.storage.exhibits import Exhibit, Verdict
from server.sync.rooms import Rooms

log = logging.getLogger("yunting.evidence")

T = TypeVar("T")
WhyNot = Callable[[HearingState], str]
"""Code of the reason at the moment of the entry; empty when it may be done."""


class Exhibits:
    """One server's."""

    def __init__(self, data: Path, commits: CommitThread, hearings: Hearings, rooms: Rooms) -> None:
        self.files = ExhibitFiles(data)
        self.downloads = Downloads()
        self.shares = Shares(self.of)
        self.arrivals = Arrivals(commits)
        self.intake = Intake(commits, self.files, self._keep, self._decided)
        self._commits = commits
        self._hearings = hearings
        self._rooms = rooms
        self._locks: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def start(self) -> None:
        await self.intake.start()

    async def close(self) -> None:
        await self.intake.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def of(self, hearing: str) -> list[Exhibit]:
        return await self._commits.read(lambda connection: exhibits.exhibits_of(connection, hearing))

    async def one(self, hearing: str, exhibit: str) -> Exhibit | None:
        return await self._commits.read(lambda connection: exhibits.exhibit(connection, hearing, exhibit))

    # --- what changes the list ---

    async def hand_in(self, new: Exhibit, why_not: WhyNot) -> Exhibit | Refusal:
        """Put one on the list whose original is on disk; its annotations can be opened from now on."""
        return await self._alone(new.hearing, self._hand_in(new, why_not))

    async def _hand_in(self, new: Exhibit, why_not: WhyNot) -> Exhibit | Refusal:
        number = 1 + max((each.number for each in await self.of(new.hearing)), default=0)
        said = (new.purpose, new.offered_by, new.name)
        fact = ExhibitOffered(new.id, number, new.title, new.sha256, new.size, *said)
        refused = await self._enter(new.hearing, new.uploaded_by, fact, why_not, exhibits.add_exhibit(new))
        return refused or await self._taken(new)

    async def seed(self, new: Exhibit) -> Exhibit:
        """One that a hearing begins with: the log, which tells what happened since, does not name it."""
        await self._commits.commit(exhibits.add_exhibit(new))
        return await self._taken(new)

    async def _taken(self, new: Exhibit) -> Exhibit:
        added = await self.one(new.hearing, new.id)
        assert added is not None
        await self._open_annotations(added)
        self.intake.take(added)
        await self.tell(added.hearing)
        return added

    async def describe(self, person: str, exhibit: Exhibit, wanted: dict[str, str | int]) -> Refusal | None:
        """A clerk's changes: `title`, `purpose`, `number`, which moves it among the others (beyond the last: there)."""
        return await self._alone(exhibit.hearing, self._describe(person, exhibit, wanted))

    async def _describe(self, person: str, exhibit: Exhibit, wanted: dict[str, str | int]) -> Refusal | None:
        listed = await self.of(exhibit.hearing)
        now = next(each for each in listed if each.id == exhibit.id)
        if "number" in wanted and not now.number:
            return refusal("not_ready")
        if "number" in wanted:
            last = max(each.number for each in listed)
            wanted = {**wanted, "number": min(int(wanted["number"]), last)}
        changed = {name: value for name, value in wanted.items() if getattr(now, name) != value}
        if not changed:
            return None
        fact = ExhibitDescribed(exhibit.id, changed)
        write = exhibits.describe(exhibit.hearing, exhibit.id, changed)
        refused = await self._enter(
            exhibit.hearing, person, fact, lambda state: rights.why_not_describe(state, person, now), write
        )
        return refused or await self.tell(exhibit.hearing)

    async def withdraw(self, person: str, exhibit: Exhibit, reason: str) -> Refusal | None:
        """It keeps its number, its file and its marks; from this entry on nobody marks it."""
        return await self._alone(exhibit.hearing, self._withdraw(person, exhibit, reason))

    async def _withdraw(self, person: str, exhibit: Exhibit, reason: str) -> Refusal | None:
        now = await self.one(exhibit.hearing, exhibit.id) or exhibit
        fact = ExhibitWithdrawn(exhibit.id, reason)
        refused = await self._enter(
            exhibit.hearing, person, fact, lambda state: rights.why_not_withdraw(state, person, now, reason)
        )
        return refused or await self.tell(exhibit.hearing)

    async def _keep(self, exhibit: Exhibit, verdict: Verdict) -> None:
        """What intake decided; raises StorageUnavailable. A refusal gives its number up, so the log has it too."""
        write = exhibits.settle(exhibit.hearing, exhibit.id, verdict)
        if not verdict.code:
            await self._commits.commit(write)
            return
        fact = ExhibitRefused(exhibit.id, verdict.code)
        refused = await self._alone(
            exhibit.hearing, self._enter(exhibit.hearing, COURT, fact, lambda _state: "", write)
        )
        if refused is not None:
            raise StorageUnavailable(refused.code)

    async def _alone(self, hearing: str, work: Coroutine[Any, Any, T]) -> T:
        """Numbers follow from the list, so one at a time changes it. Once begun it is finished, whatever becomes of the
        caller."""

        async def in_turn() -> T:
            async with self._locks.setdefault(hearing, asyncio.Lock()):
                return await work

        task = asyncio.create_task(in_turn(), name=f"exhibits of {hearing}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _enter(
        self, hearing: str, person: str, fact: ExhibitFact, why_not: WhyNot, beside: Write | None = None
    ) -> Refusal | None:
        """The log's entry with what is written beside it, or neither."""
        control: HearingControl = await self._hearings.get(hearing)

        def decide(state: HearingState, _now_ms: int) -> tuple[ExhibitFact, ...] | Refusal:
            code = why_not(state)
            return refusal(code) if code else (fact,)

        entered = await control.record(person, decide, beside=beside)
        return entered if isinstance(entered, Refusal) else None

    # --- what follows ---

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

    async def tell(self, hearing: str) -> None:
        """That the list has changed, to those who may read it."""
        try:
            state = await self._hearings.state_of(hearing)
            listed = await self.of(hearing)
        except Exception:
            log.exception("hearing %s: nobody was told of a changed exhibit", hearing)
            return
        people = {each for each in state.participants if not rights.why_not_any(state, each)}
        people |= {
            each.uploaded_by
            for each in listed
            if each.uploaded_by and not rights.why_not_see(state, each.uploaded_by, each)
        }
        self._hearings.notify(hearing, people, NOTICE)
