"""One hearing from phase to phase: in each, everybody tries everything on every document, and what happened is booked
against the permission table.

People try at the same time; what reached the others is looked at when all have tried: whoever watches a shared
document keeps every byte that came.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from server.hearing.documents import parse
from server.hearing.permissions import Action, Cell, Standing, denial
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import ParticipantState, Phase, Role
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.writing import add_annotation, add_turn, random_word
from tests.matrix.full_hearing import FullHearing, Member
from tests.matrix.probe import Attempt, Tried, hasty_bytes

WIRES = ("yjs", "collab")
AT_ONCE = 12  # people and documents
TESTIFY = ("witness", "expert")


@dataclass(slots=True)
class Visit:
    """What the whole run saw."""

    cells: set[Cell] = field(default_factory=set)
    forbidden: int = 0
    allowed: int = 0
    accepted: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        return self.accepted + self.leaked + self.denied


@dataclass(frozen=True, slots=True)
class Tries:
    """One person on one document: by wire, and everything at once where reading is forbidden (else empty)."""

    member: Member
    document: str
    by_wire: dict[str, Tried]
    hasty_word: str = ""
    hasty: bytes = b""


def roster(server: ServerProcess, hearing: FullHearing) -> dict[str, Any]:
    with server.http(hearing.of("presiding_judge").token) as client:
        answer = client.get(f"/api/hearings/{hearing.id}")
        assert answer.status_code == 200, answer.text
        return answer.json()


class Round:
    """One phase of one hearing, everybody on every document over both wires."""

    def __init__(self, server: ServerProcess, hearing: FullHearing, visit: Visit, *, observers_read: bool) -> None:
        self.server, self.hearing, self.visit, self.observers_read = server, hearing, visit, observers_read
        self.watchers: dict[str, YjsSpeaker] = {}
        self.secrets: list[str] = []
        self.shared = (hearing.transcript, hearing.annotations)

    async def prepare(self) -> None:
        """A clerk watches every shared document and writes a secret word into each, where the phase allows it."""
        clerk = self.hearing.of("clerk")
        page = roster(self.server, self.hearing)
        self.phase = Phase(page["phase"])
        self.stage = TranscriptPhase(page["transcript_phase"])
        self.states = {entry["person"]: ParticipantState(entry["state"]) for entry in page["roster"]}
        for document in self.shared:
            self.watchers[document] = await self.watcher(document, clerk)
        self.secret_in_transcript()
        if self.phase in (Phase.IN_SESSION, Phase.RECESS):
            self.secret_in_annotations(clerk)
        await self.watchers_in_step()

    async def watcher(self, document: str, member: Member) -> YjsSpeaker:
        speaker = await YjsSpeaker.connect(self.server.url, document, member.token, record=True)
        await speaker.in_step()
        return speaker

    async def watchers_in_step(self) -> None:
        """All that was written before has been told."""
        for watcher in self.watchers.values():
            await watcher.asked_again()

    def secret_in_transcript(self) -> None:
        self.secrets.append(random_word("secret"))
        add_turn(self.watchers[self.hearing.transcript].doc, self.secrets[-1])

    def secret_in_annotations(self, clerk: Member) -> None:
        self.secrets.append(random_word("secret"))
        add_annotation(self.watchers[self.hearing.annotations].doc, clerk.id, self.secrets[-1])

    def documents(self, member: Member) -> list[str]:
        other = self.hearing.of("judge" if member.role != "judge" else "clerk")
        own, others = self.hearing.notes(member.id), self.hearing.notes(other.id)
        return [self.hearing.transcript, self.hearing.annotations, own, others]

    def standing(self, member: Member, document: str) -> Standing | None:
        name = parse(document)
        assert name is not None
        if not member.role:
            return None
        own = not name.person or name.person == member.id
        state = self.states[member.id]
        stage = self.stage if document == self.hearing.transcript else TranscriptPhase.DRAFT
        return Standing(Role(member.role), state, self.phase, name.kind, own, self.observers_read, stage)

    def may(self, where: Standing | None, action: Action) -> bool:
        if where is None:
            return False
        reason = denial(where, action)
        self.visit.cells.add(Cell(where, action, not reason, reason))
        return not reason

    async def everybody(self, members: Collection[Member]) -> None:
        free = asyncio.Semaphore(AT_ONCE)

        async def when_free(member: Member, document: str) -> Tries:
            async with free:
                return await self.tries(member, document)

        found = await asyncio.gather(*(when_free(each, name) for each in members for name in self.documents(each)))
        await self.watchers_in_step()
        reached = {document: bytes(watcher.raw.received) for document, watcher in self.watchers.items()}
        for each in found:
            self.book(each, reached.get(each.document))

    async def tries(self, member: Member, document: str) -> Tries:
        """Both wires, and everything once more without waiting for any answer by who may not read."""
        by_wire = {wire: await Attempt(self.server.url, document, member).try_all(wire) for wire in WIRES}
        if self.may(self.standing(member, document), Action.READ):
            return Tries(member, document, by_wire)
        word = random_word("hasty")
        return Tries(member, document, by_wire, word, await hasty_bytes(self.server.url, document, member, word))

    def book(self, tries: Tries, reached: bytes | None) -> None:
        """What was expected against what happened. `reached`: all bytes that the document's watcher got, None: nobody
        watches it."""
        where = self.standing(tries.member, tries.document)
        read, write = self.may(where, Action.READ), self.may(where, Action.WRITE)
        who = f"{tries.member.role or 'outsider'} {self.states.get(tries.member.id, '')}"
        for wire, tried in tries.by_wire.items():
            label = f"{self.phase} {who} {tries.document} {wire} {tried.verdicts}"
            self.visit.allowed += read + write
            self.visit.forbidden += (not read) + (not write)
            self.book_reading(tried, tries.document, label, read=read)
            self.book_writing(tried, reached, label, write=write)
            if not read and reached is not None and tried.mark.encode() in reached:
                self.visit.accepted.append(f"awareness: {label}")
        label = f"hasty {self.phase} {who} {tries.document}"
        self.leaks(tries.hasty, label)
        if tries.hasty_word and tries.hasty_word.encode() in (reached or b""):
            self.visit.accepted.append(label)

    def book_reading(self, tried: Tried, document: str, label: str, *, read: bool) -> None:
        if read and not tried.read:
            self.visit.denied.append(f"read: {label}")
        if read and document == self.hearing.transcript and self.secrets[0].encode() not in tried.received:
            self.visit.denied.append(f"the search for secrets finds none where it must: {label}")
        if not read:
            self.visit.accepted += [f"read: {label}"] * tried.read
            self.leaks(tried.received, label)

    def book_writing(self, tried: Tried, reached: bytes | None, label: str, *, write: bool) -> None:
        has_come = reached is not None and tried.word.encode() in reached
        if write and not (tried.wrote and (has_come or reached is None)):
            self.visit.denied.append(f"write: {label}")
        if not write and (tried.wrote or has_come):
            self.visit.accepted.append(f"write: {label}")

    def leaks(self, received: bytes, label: str) -> None:
        self.visit.leaked += [f"{label}: {secret}" for secret in self.secrets if secret.encode() in received]

    def over_http(self, members: Collection[Member]) -> None:
        for member in members:
            read = self.may(self.standing(member, self.hearing.transcript), Action.READ)
            with self.server.http(member.token) as client:
                answer = client.get(f"/api/hearings/{self.hearing.id}/transcript")
            label = f"HTTP {self.phase} {member.role or 'outsider'} {answer.status_code}"
            if read and answer.status_code != 200:
                self.visit.denied.append(label)
            if not read:
                self.visit.accepted += [label] * (answer.status_code == 200)
                self.leaks(answer.content, label)

    async def run(self, members: Collection[Member]) -> None:
        await self.prepare()
        await self.everybody(members)
        self.over_http(members)
        for watcher in self.watchers.values():
            await watcher.leave()


class Story:
    """The phases one after the other; the presiding judge commands, and the clerk opens the waiting rooms."""

    def __init__(self, server: ServerProcess, hearing: FullHearing, visit: Visit, *, observers_read: bool) -> None:
        self.server, self.hearing, self.visit, self.observers_read = server, hearing, visit, observers_read

    @property
    def members(self) -> list[Member]:
        return list(self.hearing.members)

    def of(self, *roles: str) -> list[Member]:
        return [member for member in self.hearing.members if member.role in roles]

    async def round(self, members: Collection[Member]) -> None:
        await Round(self.server, self.hearing, self.visit, observers_read=self.observers_read).run(members)

    def command(self, name: str, by: str = "presiding_judge", **fields: object) -> int:
        return self.server.command(self.hearing.of(by).token, self.hearing.id, name, **fields).status_code

    def order(self, name: str, members: Collection[Member] = (), by: str = "presiding_judge") -> None:
        """Carried out: once, or about each of these."""
        if not members:
            assert self.command(name, by, reason="测试") == 200, name
        for member in members:
            assert self.command(name, by, person=member.id, reason="测试") == 200, (name, member.id)

    def may_be_ordered(self, name: str) -> list[Member]:
        """Everybody about whom the guards let the judge do this, which is done; the first clerk stays."""
        tried = [m for m in self.hearing.members if m.role and m != self.hearing.of("clerk")]
        return [m for m in tried if self.command(name, person=m.id, reason="测试") == 200]

    async def isolated_round(self) -> list[Member]:
        isolated = self.may_be_ordered("isolate")
        await self.round(isolated)
        self.order("release", isolated)
        return isolated

    async def gallery_round(self) -> None:
        """Observers, as they are and isolated, while the gallery is closed."""
        observers = self.of("observer")
        async with self.closed_gallery():
            await self.round(observers)
            self.order("isolate", observers)
            await self.round(observers)
            self.order("release", observers)

    @asynccontextmanager
    async def closed_gallery(self) -> AsyncIterator[None]:
        self.order("close_gallery")
        observers_read, self.observers_read = self.observers_read, False
        yield
        self.order("open_gallery")
        self.observers_read = observers_read

    async def phase_round(self) -> None:
        """Everybody as they are, isolated, and before a closed gallery."""
        await self.round(self.members)
        await self.isolated_round()
        await self.gallery_round()

    async def open(self) -> None:
        clerk = await CollabSpeaker.connect(self.server.url, self.hearing.transcript, self.hearing.of("clerk").token)
        await clerk.in_step()
        assert self.command("open") == 200
        await clerk.leave()


def report(visit: Visit) -> None:
    print(
        f"{len(visit.cells)} cells, {visit.forbidden} forbidden tries, {visit.allowed} allowed ones, "
        f"{len(visit.accepted)} accepted, {len(visit.leaked)} leaked, {len(visit.denied)} wrongly denied"
    )
