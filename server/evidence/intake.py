"""Takes exhibits in, a few at a time, each in a limited child: from bytes on disk to a verdict on disk and told.

What a crash cut off is done again at the next start. Knows neither persons' rights nor wires.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from server.evidence import child, limits
from server.evidence.child import ChildUnavailable
from server.evidence.files import ExhibitFiles
from server.evidence.turns import Turns
from server.evidence.verdicts import REFUSALS, STEPS, WARNINGS, Refused
from server.storage import exhibits
from server.storage.commit_thread import CommitThread, StorageUnavailable
from server.storage.exhibits import Exhibit, Verdict

log = logging.getLogger("yunting.evidence")

AT_ONCE = 2
RETRY = 2.0  # seconds until an exhibit is tried again that could not be looked at
EXAMINATION = "server.evidence.examination"

Json = dict[str, Any]
Key = tuple[str, str]
OfVerdict = Callable[[Exhibit, Verdict], Awaitable[None]]


class Intake:
    """One server's. `keep` puts a verdict on disk and raises StorageUnavailable; `decided` is told once it is there."""

    def __init__(self, commits: CommitThread, files: ExhibitFiles, keep: OfVerdict, decided: OfVerdict) -> None:
        self.files = files
        self._commits = commits
        self._keep = keep
        self._decided = decided
        self._steps: dict[Key, int] = {}
        self._settled: dict[Key, asyncio.Event] = {}
        self._turns = Turns()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Take up again what was not finished."""
        in_use = await self._commits.read(exhibits.files_in_use)
        await asyncio.to_thread(self.files.tidy, in_use)
        for each in await self._commits.read(exhibits.ready):
            await self._look_after(each)
        for waiting in await self._commits.read(exhibits.unfinished):
            self.take(waiting)
        for number in range(AT_ONCE):
            self._begin(self._work(), f"intake {number}")

    async def _look_after(self, exhibit: Exhibit) -> None:
        """One whose copy is missing or of an older form is taken in again; its original is all that is needed."""
        if self.files.verdict(exhibit.sha256) is not None:
            return
        if self.files.original(exhibit.sha256).exists():
            await self._commits.commit(exhibits.take_in_again(exhibit.hearing, exhibit.id))
        else:
            log.error("exhibit %s of %s: original and copy are missing", exhibit.id, exhibit.hearing)

    def take(self, exhibit: Exhibit) -> None:
        """Queue one whose original is on disk and whose row is."""
        key = (exhibit.hearing, exhibit.id)
        self._steps[key] = 0
        self._settled[key] = asyncio.Event()
        self._turns.put(exhibit)

    def step(self, hearing: str, exhibit: str) -> int:
        """How far it has come, from 0 to STEPS."""
        return self._steps.get((hearing, exhibit), STEPS)

    async def settled(self, hearing: str, exhibit: str) -> None:
        """Returns when it is ready or refused."""
        event = self._settled.get((hearing, exhibit))
        if event is not None:
            await event.wait()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for task in list(self._tasks):
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _begin(self, work: Any, name: str) -> None:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        while True:
            await self._settle(await self._turns.get())

    async def _settle(self, exhibit: Exhibit) -> None:
        key = (exhibit.hearing, exhibit.id)
        try:
            verdict = await self._verdict(exhibit, key)
            await self._keep(exhibit, verdict)
        except (ChildUnavailable, StorageUnavailable, OSError) as error:
            log.warning("exhibit %s of %s waits: %s", exhibit.id, exhibit.hearing, error)
            self._begin(self._again(exhibit), "intake again")
            return
        self._steps.pop(key, None)
        self._settled.pop(key).set()
        await self._decided(exhibit, verdict)

    async def _again(self, exhibit: Exhibit) -> None:
        await asyncio.sleep(RETRY)
        self._turns.put(exhibit)

    async def _verdict(self, exhibit: Exhibit, key: Key) -> Verdict:
        known = await asyncio.to_thread(self.files.verdict, exhibit.sha256)
        if known is not None:
            return known
        work = self.files.work_folder()
        try:
            verdict = await self._examined(exhibit, str(work), key)
            await asyncio.to_thread(self.files.keep, work, exhibit.sha256, verdict)
        except Refused as refused:
            if refused.code == "damaged" and not self.files.room_for(exhibit.size):
                raise ChildUnavailable("the disk is full") from None
            return Verdict(0, refused.code)
        finally:
            await asyncio.to_thread(self.files.drop, work)
        return verdict

    async def _examined(self, exhibit: Exhibit, folder: str, key: Key) -> Verdict:
        if not self.files.room_for(exhibit.size):
            raise ChildUnavailable("the disk is full")
        seconds = limits.seconds_for(exhibit.size)

        def heard(report: Json) -> None:
            step = report.get("step")
            if isinstance(step, int) and self._steps[key] < step <= STEPS:
                self._steps[key] = step

        original = str(self.files.original(exhibit.sha256))
        request: Json = {"original": original, "folder": folder, "read": [original], "write": [folder]}
        result = await child.run(EXAMINATION, request, seconds, heard)
        pages, warnings = _read(result)
        page, text = _progress(result, 0)
        while page < pages:  # the text of a long document is read in several runs
            request = {"folder": folder, "page": page, "write": [folder]}
            result = await child.run(EXAMINATION, request, limits.MOST_SECONDS, heard)
            page, text = _progress(result, page)
        return Verdict(pages, "", tuple(sorted(warnings if text else {*warnings, "no_text_layer"})))


def _read(result: Json) -> tuple[int, set[str]]:
    """Pages and warnings; raises Refused for a refusal, and for what no honest child says."""
    code, pages, warnings = result.get("code"), result.get("pages"), result.get("warnings")
    if code is not None:
        raise Refused(code if code in REFUSALS else "damaged")
    if not isinstance(pages, int) or not 0 < pages <= limits.PAGES or not isinstance(warnings, list):
        raise Refused("damaged")
    return pages, {each for each in warnings if each in WARNINGS}


def _progress(result: Json, page: int) -> tuple[int, bool]:
    code, reached = result.get("code"), result.get("next")
    if code is not None or not isinstance(reached, int) or reached <= page:
        raise Refused(str(code) if code in REFUSALS else "damaged")
    return reached, bool(result.get("text"))
