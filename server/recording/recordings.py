"""All that a server does with recordings: when one is made and where, its rounds and gaps in the log, the alarm when
nothing is written, what court staff is told. Writes no segment: the media process does.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from server.control import HearingControl, Hearings, UnknownHearing
from server.evidence.downloads import Downloads
from server.hearing.events import Fact
from server.hearing.media_routes import media_routes
from server.hearing.reasons import Refusal
from server.hearing.recording_events import RecordingFact, RecordingGap, SegmentsSealed
from server.hearing.state import COURT, STAFF, HearingState, Phase
from server.recording.book import Book
from server.recording.estimate import LOOKED_AT, estimate
from server.recording.files import Found, RecordingFiles, sealed
from server.recording.ledger import NOBODY, RECESS
from server.recording.partial import NO_PACKETS
from server.recording.views import notice

log = logging.getLogger("yunting.recording")

SILENT_MS = 8_000  # nothing written for so long while somebody sends: with a look a second, alarm within ten seconds
SITS = (Phase.IN_SESSION, Phase.RECESS)
FOR_EVER = 2**53
LOOK = 1.0  # seconds between two looks at what is written
TOLD_EVERY_MS = 10_000  # staff who came meanwhile learn how it stands
MEDIA_STOPPED, DISK_LOW, TOO_SLOW = "media_stopped", "disk_low", "too_slow"

Json = dict[str, Any]


@dataclass(slots=True)
class Watched:
    """What is known of one hearing's recording beside its log. Times in unix milliseconds, 0: not."""

    publishing: dict[str, str] = field(default_factory=dict[str, str])  # peer -> person
    staff: frozenset[str] = frozenset()  # of the court, connected
    book: Book = field(default_factory=Book)
    written: int = 0
    moved_ms: int = 0  # when the files last grew, or somebody began to publish
    failed_ms: int = 0  # the recorder said so and has not started again
    low: bool = False  # the disk is: nothing is to be recorded
    behind: bool = False  # rounds on disk wait to be entered
    told: tuple[Any, ...] = ()
    told_ms: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Recordings:
    """One server's. `segment_ms`: no file lasts longer; `reserve`: bytes of the disk that documents alone may use."""

    def __init__(
        self,
        data: Path,
        hearings: Hearings,
        downloads: Downloads,
        *,
        segment_ms: int = 60_000,
        reserve: int = 1024 * 1024 * 1024,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    ) -> None:
        self.files = RecordingFiles(data)
        self.downloads = downloads
        self.reserve = reserve
        self._hearings = hearings
        self._segment_ms = segment_ms
        self.now_ms = now_ms
        self._watched: dict[str, Watched] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- what the media process is told ---

    def recording_for(self, state: HearingState) -> Json | None:
        """{dir, segment_ms} where the court sits and the disk has room: 开庭 to 闭庭 except in recess."""
        if state.phase is not Phase.IN_SESSION or self._of(state.id).low:
            return None
        return {"dir": str(self.files.folder(state.id)), "segment_ms": self._segment_ms}

    # --- what it tells ---

    async def started(self) -> None:
        """Before the first media process starts: what a crash left behind is sealed and its gap entered."""
        for hearing in await asyncio.to_thread(self.files.unfinished):
            self._of(hearing).behind = True
            self._start(self._take_up(hearing))

    def media_stopped(self) -> None:
        """The media process is dead and waited for; the next one has not started yet."""
        for hearing, watched in self._watched.items():
            if watched.publishing:
                people, watched.publishing = frozenset(watched.publishing.values()), {}
                watched.behind = True
                self._start(self._left_by_death(hearing, people))

    async def _left_by_death(self, hearing: str, people: frozenset[str]) -> None:
        await self._take_up(hearing)
        control = await self._hearings.get(hearing)
        if not people & _recorded(control.state):
            return
        book = self._of(hearing).book.read(control)
        await self._open_gap(control, max(book.end_ms, book.since_ms) or self.now_ms(), MEDIA_STOPPED)

    def on_notice(self, told: Json) -> None:
        """Any notice about a hearing's room; those that say nothing of the recording are passed over."""
        hearing, kind = str(told["room"]), told.get("notice")
        if kind == "connected" and told.get("leg") == "publish":
            self._publishes(hearing, str(told["peer"]), str(told["person"]))
        elif kind in ("disconnected", "ended") and told.get("leg", "publish") == "publish":
            self._of(hearing).publishing.pop(str(told["peer"]), None)
        elif kind == "sealed":
            self._start(self._enter(hearing, [Found(sealed(told), whole=True)]))
        elif kind == "recording" and told.get("state") == "failed":
            self._of(hearing).failed_ms = self.now_ms()
            self._start(self._recorder_failed(hearing, int(told["at_ms"]), str(told.get("reason", ""))))
        elif kind == "recording" and told.get("state") == "started":
            self._of(hearing).failed_ms = 0
            self._start(self._recorder_keeps_up(hearing, int(told["at_ms"])))

    def _publishes(self, hearing: str, peer: str, person: str) -> None:
        watched = self._of(hearing)
        if not watched.publishing:
            watched.moved_ms = self.now_ms()
        watched.publishing[peer] = person

    def _is_sending(self, control: HearingControl) -> bool:
        """Whether somebody sends who is to be recorded: the isolated and whoever looks on may send, and are not."""
        people = frozenset(self._of(control.hearing).publishing.values())
        return bool(people and people & _recorded(control.state))

    async def _recorder_failed(self, hearing: str, at_ms: int, reason: str) -> None:
        self._of(hearing).behind = True
        control = await self._hearings.get(hearing)
        await self._open_gap(control, at_ms, reason)

    async def _recorder_keeps_up(self, hearing: str, at_ms: int) -> None:
        """While it is too slow its files go on growing: it alone knows when nothing is lost any more."""
        control = await self._hearings.get(hearing)
        gap = self._of(hearing).book.read(control).gap
        if gap is not None and gap.reason == TOO_SLOW:
            await self._end_gap(control, at_ms)

    # --- rounds into the log ---

    async def _take_up(self, hearing: str) -> None:
        """Enter the rounds that lie on disk and not in the log."""
        watched, control = self._of(hearing), await self._hearings.get(hearing)
        logged = frozenset(watched.book.read(control).numbers)
        found, written = await asyncio.to_thread(self.files.left_behind, hearing, logged)
        entered = await self._enter(hearing, found)
        watched.behind = written or not entered

    async def _enter(self, hearing: str, found: Collection[Found]) -> bool:
        """Each round once, with the gap that its crash left; False when the disk refuses."""
        watched, control = self._of(hearing), await self._hearings.get(hearing)
        async with watched.lock:
            for each in found:
                told = await control.record(COURT, lambda state, _now, each=each: self._facts(control, state, each))
                if isinstance(told, Refusal):
                    watched.behind = True
                    return False
        return True

    def _facts(self, control: HearingControl, state: HearingState, found: Found) -> tuple[Fact, ...]:
        book, fact = self._of(control.hearing).book.read(control), found.fact
        if fact.round in book.numbers:
            return ()
        facts: list[RecordingFact] = [fact] if fact.files else []
        if book.gap is not None and book.gap.reason != TOO_SLOW and fact.from_ms > book.gap.from_ms:
            facts.insert(0, replace(book.gap, to_ms=fact.from_ms))
        elif not found.whole and book.gap is None and state.phase is Phase.IN_SESSION:
            facts.append(RecordingGap(fact.to_ms, 0, MEDIA_STOPPED))
        return tuple(facts)

    async def _open_gap(self, control: HearingControl, from_ms: int, reason: str, detail: str = "") -> None:
        """Enter that nothing is recorded from here on; once until something is recorded again."""
        watched, gap = self._of(control.hearing), RecordingGap(from_ms, 0, reason, detail)

        def decide(state: HearingState, _now_ms: int) -> tuple[Fact, ...]:
            is_new = state.phase is Phase.IN_SESSION and watched.book.read(control).gap is None
            return (gap,) if is_new else ()

        async with watched.lock:
            await control.record(COURT, decide)
        self._tell(control)

    async def _end_gap(self, control: HearingControl, at_ms: int) -> None:
        watched = self._of(control.hearing)

        def decide(_state: HearingState, _now_ms: int) -> tuple[Fact, ...]:
            gap = watched.book.read(control).gap
            return (replace(gap, to_ms=at_ms),) if gap is not None else ()

        async with watched.lock:
            await control.record(COURT, decide)
        self._tell(control)

    # --- the watch ---

    async def run(self) -> None:
        """Looks at what is written, at the disk, and at what waits for the log; for as long as the server lives."""
        while True:
            await asyncio.sleep(LOOK)
            for hearing in list(self._watched):
                try:
                    await self.look(hearing)
                except UnknownHearing:
                    log.warning("%s: a recording of no hearing that there is", hearing)
                    self._watched.pop(hearing, None)
                except Exception:
                    log.exception("hearing %s: could not look after its recording", hearing)

    async def look(self, hearing: str) -> None:
        watched, control = self._of(hearing), await self._hearings.get(hearing)
        if watched.behind:
            await self._take_up(hearing)
        if self._is_on(control.state) and (watched.low or self._is_sending(control)):
            await self._judge(control, self.now_ms())
        else:
            watched.moved_ms = self.now_ms()
        self._tell(control)
        if not watched.publishing and await self._is_over(control):
            self._watched.pop(hearing, None)

    async def _is_over(self, control: HearingControl) -> bool:
        """Nothing is to be looked after: the court has risen and all is in the log, or has not sat and nobody waits."""
        watched = self._of(control.hearing)
        if control.state.phase is not Phase.CLOSED:
            return control.state.phase not in SITS and not watched.staff and not watched.behind
        logged = frozenset(watched.book.read(control).numbers)
        if await asyncio.to_thread(self.files.waits, control.hearing, logged, FOR_EVER):
            watched.behind = True
        if watched.behind or watched.publishing or watched.lock.locked():
            return False
        await asyncio.to_thread(self.files.finish, control.hearing)
        return True

    async def _judge(self, control: HearingControl, now_ms: int) -> None:
        """At most one entry at a look."""
        watched, free = self._of(control.hearing), self.files.free_bytes()
        grown, gap = await self._has_grown(control.hearing, now_ms), watched.book.read(control).gap
        watched.low = free < self.reserve * (1.1 if watched.low else 1)  # not on and off at one number
        if watched.low:
            await self._open_gap(control, now_ms, DISK_LOW, f"{free} bytes free")
        elif gap is not None and self._may_end(watched, gap, now_ms) and (grown or gap.reason == DISK_LOW):
            await self._end_gap(control, now_ms)
        elif gap is None and now_ms - watched.moved_ms >= SILENT_MS:
            await self._open_gap(control, watched.moved_ms, NO_PACKETS)

    @staticmethod
    def _may_end(watched: Watched, gap: RecordingGap, now_ms: int) -> bool:
        """Not by what a recorder that has failed wrote last: it says when it starts again, or that it failed again."""
        return gap.reason != TOO_SLOW and now_ms - watched.failed_ms >= SILENT_MS

    async def _has_grown(self, hearing: str, now_ms: int) -> bool:
        watched = self._of(hearing)
        try:
            written = await asyncio.to_thread(self.files.written, hearing)
        except OSError as error:  # what cannot be seen to grow counts as not growing: it ends in the alarm
            log.warning("hearing %s: its recording cannot be looked at: %s", hearing, error)
            return False
        grown = written > watched.written
        watched.written = written
        if grown:
            watched.moved_ms = now_ms
        return grown

    def _is_on(self, state: HearingState) -> bool:
        return state.phase is Phase.IN_SESSION

    async def sealed_until(self, control: HearingControl, to_ms: int) -> tuple[SegmentsSealed, ...] | None:
        """All rounds, once everything that was recorded before `to_ms` is among them; None: not yet."""
        book = self._of(control.hearing).book.read(control)
        if self.standing(control)[0] == "on" and book.end_ms < to_ms:
            return None
        waits = await asyncio.to_thread(self.files.waits, control.hearing, frozenset(book.numbers), to_ms)
        return None if waits else tuple(book.read(control).rounds)

    # --- what staff is told ---

    def _tell(self, control: HearingControl) -> None:
        """On change, and every TOLD_EVERY_MS for those who came meanwhile."""
        watched, now_ms = self._of(control.hearing), self.now_ms()
        state, since_ms, reason = self.standing(control)
        latest = watched.book.rounds[-LOOKED_AT:]
        disk = estimate(latest, len(control.state.participants), self.files.free_bytes(), self.reserve)
        told = (state, reason, disk.hours_left)
        if told == watched.told and now_ms - watched.told_ms < TOLD_EVERY_MS:
            return
        watched.told, watched.told_ms = told, now_ms
        staff = [each.person for each in control.state.of_role(STAFF)]
        self._hearings.notify(control.hearing, staff, notice(state, since_ms, reason, disk))

    def standing(self, control: HearingControl) -> tuple[str, int, str]:
        """(on, off, gap or alarm; since; reason). `alarm`: nothing is recorded that should be."""
        watched = self._of(control.hearing)
        book = watched.book.read(control)
        if control.state.phase is Phase.RECESS:
            return "gap", book.since_ms, RECESS
        if not self._is_on(control.state):
            return "off", 0, ""
        if book.gap is not None:
            return "alarm", book.gap.from_ms, book.gap.reason
        return ("on", book.since_ms, "") if self._is_sending(control) else ("gap", watched.moved_ms, NOBODY)

    def watch(self, control: HearingControl) -> None:
        """Somebody of a hearing came, went or acted: from before 开庭 on it is looked after while court staff are here,
        and who has just come is told how it stands at the next look."""
        staff = control.connected() & {each.person for each in control.state.of_role(STAFF)}
        watched = self._watched.get(control.hearing)
        if watched is None and staff and control.state.phase is not Phase.CLOSED:
            watched = self._of(control.hearing)
            watched.behind = True
        if watched is not None:
            if staff - watched.staff:
                watched.told_ms = 0
            watched.staff = staff

    @property
    def looked_after(self) -> frozenset[str]:
        """Hearings of which something may have to be entered or told."""
        return frozenset(self._watched)

    # --- tasks ---

    def _of(self, hearing: str) -> Watched:
        return self._watched.setdefault(hearing, Watched())

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(_logged_failure(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Everything that was told so far has been entered, as far as the disk lets it."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Before the hearings are closed."""
        await self.settled()


def _recorded(state: HearingState) -> frozenset[str]:
    """Who is to be recorded now."""
    routes = media_routes(state)
    return routes.recorded_audio | routes.recorded_video


async def _logged_failure(work: Any) -> None:
    try:
        await work
    except Exception:
        log.exception("the recording's entries are behind")
