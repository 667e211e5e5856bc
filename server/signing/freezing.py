"""The freeze: a transcript given for signing is rebuilt from its log, looked through, compared with what a page of the
court found, printed, put on disk - and only then does the log say so.

Owes each freeze that was started exactly one outcome, whatever ends the server in between: while the log has none it is
done again. Decides nothing about who may; writes no document.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol

from crdt_docs.document import DocumentBroken
from crdt_docs.signing.content import Content
from crdt_docs.signing.state import StateMismatch
from crdt_docs.varint import Malformed
from server.control import HearingControl
from server.hearing import documents
from server.hearing.reasons import Refusal
from server.hearing.signing import expected, outcome
from server.hearing.signing_events import FreezeFailed, Frozen, FrozenExhibit, SigningStarted
from server.hearing.signing_state import Digests, Finding, FreezeFault, TranscriptPhase
from server.hearing.state import COURT, JUDGES, HearingState, Participant, Role
from server.signing import frozen_files
from server.signing.frozen_draft import Draft, Stored, files_of, rebuilt
from server.signing.frozen_files import FrozenFiles
from server.signing.pdf import PrintFacts
from server.storage import freezes
from server.storage.exhibits import ExhibitState, exhibits_of

log = logging.getLogger("yunting.signing")

RETRY = 1.0  # seconds until a freeze that the disk refused is tried again; then twice as long, up to
LONGEST_RETRY = 30.0
TRIES = 3  # of one that fails for no reason of the disk's; then the court is told and has its draft back
LOOK = 1.0  # seconds between two looks at who of the court is still connected
_STEPS = frozenset(each.__name__ for each in (SigningStarted, Frozen, FreezeFailed))
_FILES = (frozen_files.UPDATE, frozen_files.SNAPSHOT, frozen_files.CONTENT, frozen_files.PDF)

Render = Callable[[Content, PrintFacts], tuple[bytes, list[dict[str, Any]]]]


class Reader(Protocol):
    """What a freeze reads the stored logs through."""

    def read(self, query: Callable[[Any], Any]) -> Awaitable[Any]: ...


class Fault(Exception):
    """The transcript cannot be frozen as it is."""

    def __init__(self, code: FreezeFault, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(code.value)
        self.code, self.findings = code, findings


@dataclass(slots=True)
class UnderWay:
    """A freeze that has no outcome yet. `found`: the digest each person's page has computed; `failed`: how often it
    ended for no reason of the disk's."""

    of: int
    v: int
    found: dict[str, str] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None
    failed: int = 0


class Freezing:
    """`wait`: seconds for the digest of a page; `render`: content and facts to a PDF, on a thread."""

    def __init__(self, reader: Reader, files: FrozenFiles, render: Render, wait: float) -> None:
        self._reader = reader
        self._files = files
        self._render = render
        self._wait = wait
        self._under_way: dict[str, UnderWay] = {}
        self._closing = False

    # --- what is asked of it ---

    def review(self, control: HearingControl) -> None:
        """The hearing has a transcript to freeze, and its last line is on disk; said again, it changes nothing."""
        signing = control.state.signing
        known = self._under_way.get(control.hearing)
        if not self._closing and (known is None or known.of != signing.started):
            begun = self._under_way[control.hearing] = UnderWay(signing.started, signing.v)
            begun.task = asyncio.create_task(self._until_done(control, begun), name=f"freeze {control.hearing}")

    async def take_up(self, hearings: Iterable[str], opened: Callable[[str], Awaitable[object]]) -> None:
        """At the start, what the last server left without an outcome: whoever opens such a hearing says its review.
        Hearing by hearing, so that nobody's read waits for all of them.
        """
        for hearing in hearings:
            try:
                if await self._reader.read(partial(_is_begun, hearing=hearing)):
                    await opened(hearing)
            except Exception:
                log.exception("hearing %s: its freeze waits until it is asked for", hearing)

    def reported(self, hearing: str, person: str, freeze: tuple[int, int], digest: str) -> None:
        """A clerk's or judge's page has computed the content's digest from its own replica. `freeze`: the version and
        the entry that started it; a failed freeze is followed by one of the same version.
        """
        known = self._under_way.get(hearing)
        if known is not None and (known.v, known.of) == freeze:
            known.found[person] = digest
            known.news.set()

    async def close(self) -> None:
        """Before control and storage end; what has no outcome is owed to the next start."""
        self._closing = True
        tasks = [each.task for each in self._under_way.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # --- one freeze ---

    async def _until_done(self, control: HearingControl, begun: UnderWay) -> None:
        pause = RETRY
        try:
            while _owed(control.state, begun.of):
                try:
                    await self._once(control, begun)
                except Exception:
                    log.exception("hearing %s: the freeze of version %d is tried again", control.hearing, begun.v)
                if _owed(control.state, begun.of):
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_RETRY)
        finally:
            if self._under_way.get(control.hearing) is begun:
                del self._under_way[control.hearing]

    async def _once(self, control: HearingControl, begun: UnderWay) -> None:
        """One try; leaves the freeze owed when the disk refuses, or what failed may not fail again."""
        try:
            made = await self._made(control, begun)
        except Fault as fault:
            log.warning("hearing %s: version %d cannot be frozen: %s", control.hearing, begun.v, fault.code)
            made = _failure(begun, fault.code, fault.findings)
        except freezes.DISK:
            raise
        except Exception:
            begun.failed += 1
            if begun.failed < TRIES:
                raise
            log.exception("hearing %s: the freeze of version %d is given up", control.hearing, begun.v)
            made = _failure(begun, FreezeFault.LOG_BROKEN)
        entered = await control.record(COURT, lambda state, _now_ms: outcome(state, begun.of, made(state)))
        if isinstance(entered, Refusal):
            log.warning("hearing %s: the outcome of a freeze is not on disk: %s", control.hearing, entered.code)

    async def _made(self, control: HearingControl, begun: UnderWay) -> Callable[[HearingState], Frozen | FreezeFailed]:
        """The version, complete on disk; raises Fault."""
        stored = await self._reader.read(lambda connection: _stored(connection, control.state, begun.of))
        draft = await asyncio.to_thread(_rebuilt, control, stored)
        if draft.blocking:
            raise Fault(FreezeFault.LINT, draft.blocking)
        printing = asyncio.create_task(self._printed(control, begun, draft))
        try:
            checked_by = await self._checked_by(control, begun, draft.content_sha256)
            pdf, unprintable = await printing
        finally:
            printing.cancel()
        files = files_of(draft, pdf, _FILES)
        await asyncio.to_thread(self._files.write, control.hearing, begun.v, files)
        return _outcome(begun, stored, draft, _digests(draft, files), checked_by, unprintable)

    async def _printed(
        self, control: HearingControl, begun: UnderWay, draft: Draft
    ) -> tuple[bytes, tuple[tuple[str, int], ...]]:
        details = control.details
        at_ms = control.entries[begun.of - 1].event.at_ms
        facts = PrintFacts(details.court, details.title, begun.v, at_ms, draft.content_sha256)
        try:
            pdf, unprintable = await asyncio.to_thread(self._render, draft.content, facts)
        except Exception as error:
            log.exception("hearing %s: version %d cannot be printed", control.hearing, begun.v)
            raise Fault(FreezeFault.PDF_FAILED) from error
        return pdf, tuple((each["turn"], each["code_point"]) for each in unprintable)

    async def _checked_by(self, control: HearingControl, begun: UnderWay, digest: str) -> tuple[str, str] | None:
        """Whose page found the same digest: a clerk's while one is connected, else a judge's; None when nobody's did
        in time. Raises Fault when a page found another.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + self._wait
        while True:
            court = _court(control, begun.found)
            if any(begun.found[each.person] != digest for each in court):
                log.error("hearing %s: pages found other digests than %s: %s", control.hearing, digest, begun.found)
                raise Fault(FreezeFault.DIGEST_DIFFERS)
            late = clock() >= until
            checker = _checker(control, court, late=late)
            if checker is not None:
                return checker.person, checker.role.value
            if late or not _court_here(control):
                return None
            begun.news.clear()
            try:
                async with asyncio.timeout(min(until - clock(), LOOK)):
                    await begun.news.wait()
            except TimeoutError:
                continue


def _is_begun(connection: Any, hearing: str) -> bool:
    return freezes.last_of(connection, hearing, _STEPS) == SigningStarted.__name__


def _owed(state: HearingState, of: int) -> bool:
    return state.transcript is TranscriptPhase.REVIEW and state.signing.started == of


def _stored(connection: Any, state: HearingState, of: int) -> Stored:
    """Read in one go; the transcript up to its barrier, the annotations as they are on disk by now."""
    name = str(documents.transcript(state.id))
    barrier = freezes.barrier_of(connection, name, of)
    if barrier is None:
        raise RuntimeError(f"the line of entry {of} is not in the log of {name}")
    exhibits = [each for each in exhibits_of(connection, state.id) if each.state is not ExhibitState.REFUSED]
    notes = {str(documents.annotations(state.id, each.id)) for each in exhibits}
    return Stored(
        freezes.logged(connection, name, barrier),
        {each: freezes.logged(connection, each) for each in sorted(notes)},
        tuple(
            FrozenExhibit(each.id, each.number, each.title, each.sha256, each.id in state.withdrawn)
            for each in exhibits
        ),
    )


def _rebuilt(control: HearingControl, stored: Stored) -> Draft:
    name = str(documents.transcript(control.hearing))
    try:
        return rebuilt(name, control.details.case_number, control.state, stored)
    except (StateMismatch, DocumentBroken, Malformed) as error:
        log.exception("hearing %s: its log gives no document", control.hearing)
        raise Fault(FreezeFault.LOG_BROKEN) from error


def _digests(draft: Draft, files: Mapping[str, bytes]) -> Digests:
    named = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    snapshot, pdf = named[frozen_files.SNAPSHOT], named[frozen_files.PDF]
    return Digests(draft.content_sha256, named[frozen_files.UPDATE], snapshot, pdf)


def _failure(
    begun: UnderWay, code: FreezeFault, findings: tuple[Finding, ...] = ()
) -> Callable[[HearingState], FreezeFailed]:
    failed = FreezeFailed(begun.v, code.value, findings)
    return lambda _state: failed


def _outcome(
    begun: UnderWay,
    stored: Stored,
    draft: Draft,
    digests: Digests,
    checked_by: tuple[str, str] | None,
    unprintable: tuple[tuple[str, int], ...],
) -> Callable[[HearingState], Frozen]:
    """Who signs is asked of the state at the moment of the entry."""
    rest = (checked_by, unprintable, draft.annotations, stored.exhibits, draft.warnings)
    return lambda state: Frozen(begun.v, begun.of, stored.barrier, digests, expected(state, draft.parts), *rest)


def _court(control: HearingControl, found: Mapping[str, str]) -> list[Participant]:
    """The clerks and judges whose page has told what it found; nobody else's word counts."""
    court = control.state.of_role(JUDGES | {Role.CLERK})
    return [each for each in court if each.person in found and not each.barred]


def _checker(control: HearingControl, court: list[Participant], *, late: bool) -> Participant | None:
    """The clerk first; a judge when no clerk is connected or none has answered in time."""
    clerk = next((each for each in court if each.role is Role.CLERK), None)
    judge = next((each for each in court if each.role in JUDGES), None)
    waits = not late and _here(control, frozenset({Role.CLERK}))
    return clerk or (None if waits else judge)


def _court_here(control: HearingControl) -> bool:
    return _here(control, JUDGES | {Role.CLERK})


def _here(control: HearingControl, roles: frozenset[Role]) -> bool:
    connected = control.connected()
    return any(each.person in connected and not each.barred for each in control.state.of_role(roles))
