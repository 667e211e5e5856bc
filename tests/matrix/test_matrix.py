"""Role × document × action × phase over both wires, from the permission table: nothing forbidden happens or leaks.

Visited are the cells that commands of today can bring about: the phases SCHEDULED, IN_SESSION, RECESS, CLOSED and the
states WAITING, IN_COURT, ISOLATED, for all sixteen roles and a person without a part.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from server.hearing.documents import parse
from server.hearing.permissions import Action, Cell, Standing, denial, matrix
from server.hearing.state import ParticipantState, Phase, Role
from tests.harness.figures import keep
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.writing import add_annotation, add_turn, random_word
from tests.matrix.full_hearing import FullHearing, Member, add_to
from tests.matrix.probe import Attempt, Tried, hasty_bytes

WIRES = ("yjs", "collab")


@dataclass(slots=True)
class Visit:
    """What the whole run saw."""

    cells: set[Cell] = field(default_factory=set)
    forbidden: int = 0
    allowed: int = 0
    accepted: list[str] = field(default_factory=list)
    leaked: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, FullHearing, FullHearing]]:
    data: Path = tmp_path_factory.mktemp("matrix")
    server = ServerProcess(data, env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    server.terminate()
    hearings = add_to(data)
    yield server.start(), *hearings
    server.stop()


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

    async def prepare(self) -> None:
        """A clerk watches every shared document and writes a secret word into each, where the phase allows it."""
        clerk = self.hearing.of("clerk")
        page = roster(self.server, self.hearing)
        self.phase = Phase(page["phase"])
        self.states = {entry["person"]: ParticipantState(entry["state"]) for entry in page["roster"]}
        for document in (self.hearing.transcript, self.hearing.annotations):
            self.watchers[document] = await self.watcher(document, clerk)
        self.secret_in_transcript()
        if self.phase in (Phase.IN_SESSION, Phase.RECESS):
            self.secret_in_annotations(clerk)
        for watcher in self.watchers.values():
            await watcher.asked_again()

    async def watcher(self, document: str, member: Member) -> YjsSpeaker:
        speaker = await YjsSpeaker.connect(self.server.url, document, member.token)
        await speaker.in_step()
        return speaker

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
        return Standing(Role(member.role), state, self.phase, name.kind, own, self.observers_read)

    def may(self, where: Standing | None, action: Action) -> bool:
        if where is None:
            return False
        reason = denial(where, action)
        self.visit.cells.add(Cell(where, action, not reason, reason))
        return not reason

    async def everybody(self, members: list[Member]) -> None:
        for member in members:
            for document in self.documents(member):
                for wire in WIRES:
                    await self.one(member, document, wire)

    async def one(self, member: Member, document: str, wire: str) -> None:
        where = self.standing(member, document)
        read, write = self.may(where, Action.READ), self.may(where, Action.WRITE)
        tried = await Attempt(self.server.url, document, member).try_all(wire)
        who = f"{member.role or 'outsider'} {self.states.get(member.id, '')}"
        label = f"{self.phase} {who} {document} {wire} {tried.verdicts}"
        self.visit.allowed += read + write
        self.visit.forbidden += (not read) + (not write)
        await self.book(tried, document, label, read=read, write=write)
        if not read:
            await self.hasten(member, document, label)

    async def book(self, tried: Tried, document: str, label: str, *, read: bool, write: bool) -> None:
        """What was expected against what happened, the watcher's copy included."""
        visit = self.visit
        visit.denied += [f"read: {label}"] * (read and not tried.read) + [f"write: {label}"] * (
            write and not tried.wrote
        )
        visit.accepted += [f"read: {label}"] * (tried.read and not read)
        if read and document == self.hearing.transcript and self.secrets[0].encode() not in tried.received:
            visit.denied.append(f"the search for secrets finds none where it must: {label}")
        reached = await self.reached(document, tried)
        if not write and (tried.wrote or tried.word in reached):
            visit.accepted.append(f"write: {label}")
        if not read:
            visit.accepted += [f"awareness: {label}"] * (tried.mark in reached)
            self.leaks(tried.received, label)

    async def reached(self, document: str, tried: Tried) -> str:
        watcher = self.watchers.get(document)
        if watcher is None:
            return ""
        await watcher.asked_again()
        return repr(watcher.states) + b"".join(watcher.updates).decode("latin-1")

    def leaks(self, received: bytes, label: str) -> None:
        self.visit.leaked += [f"{label}: {secret}" for secret in self.secrets if secret.encode() in received]

    async def hasten(self, member: Member, document: str, label: str) -> None:
        """The same once more without waiting for any answer."""
        word = random_word("hasty")
        self.leaks(await hasty_bytes(self.server.url, document, member, word), "hasty " + label)
        watcher = self.watchers.get(document)
        if watcher is not None:
            await watcher.asked_again()
            got = repr(watcher.states).encode() + b"".join(watcher.updates)
            self.visit.accepted += [f"hasty {label}"] * (word.encode() in got)

    def over_http(self, members: list[Member]) -> None:
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

    async def run(self, members: list[Member]) -> None:
        await self.prepare()
        await self.everybody(members)
        self.over_http(members)
        for watcher in self.watchers.values():
            await watcher.leave()


class Story:
    """The phases one after the other; the presiding judge commands."""

    def __init__(self, server: ServerProcess, hearing: FullHearing, visit: Visit, *, observers_read: bool) -> None:
        self.server, self.hearing, self.visit, self.observers_read = server, hearing, visit, observers_read

    async def round(self, members: list[Member]) -> None:
        await Round(self.server, self.hearing, self.visit, observers_read=self.observers_read).run(members)

    def command(self, name: str, **fields: object) -> int:
        judge = self.hearing.of("presiding_judge")
        return self.server.command(judge.token, self.hearing.id, name, **fields).status_code

    def isolate_all(self) -> list[Member]:
        """Everybody whom the guards let the judge isolate."""
        tried = [m for m in self.hearing.members if m.role and m.role not in ("presiding_judge", "clerk")]
        return [m for m in tried if self.command("isolate", person=m.id, reason="测试") == 200]

    async def isolated_round(self) -> list[Member]:
        isolated = self.isolate_all()
        await self.round(isolated)
        for member in isolated:
            assert self.command("release", person=member.id, reason="测试") == 200
        return isolated

    async def open(self) -> None:
        clerk = await CollabSpeaker.connect(self.server.url, self.hearing.transcript, self.hearing.of("clerk").token)
        await clerk.in_step()
        assert self.command("open") == 200
        await clerk.leave()


async def test_every_reachable_cell_over_both_wires(bench: tuple[ServerProcess, FullHearing, FullHearing]) -> None:
    server, hearing, _ = bench
    visit = Visit()
    story = Story(server, hearing, visit, observers_read=True)
    members = list(hearing.members)
    await story.round(members)
    await story.open()
    await story.round(members)
    isolated = await story.isolated_round()
    assert story.command("recess", reason="休息") == 200
    await story.round(members)
    await story.isolated_round()
    assert story.command("resume") == 200
    assert story.command("close", reason="测试") == 200
    await story.round(members)
    report(visit)
    keep("matrix", figures(visit))
    assert visit.accepted == []
    assert visit.leaked == []
    assert visit.denied == []
    assert {"witness", "plaintiff", "defendant", "agent"} <= {member.role for member in isolated}
    assert covered(visit) == reachable(visit), "cells of the table that no connection tried"


async def test_observers_who_are_not_let_to_read_get_no_byte(
    bench: tuple[ServerProcess, FullHearing, FullHearing],
) -> None:
    server, _, hearing = bench
    visit = Visit()
    story = Story(server, hearing, visit, observers_read=False)
    observers = [member for member in hearing.members if member.role == "observer"]
    await story.round(observers)
    await story.open()
    await story.round(observers)
    assert story.command("close", reason="测试") == 200
    await story.round(observers)
    report(visit)
    assert (visit.accepted, visit.leaked, visit.denied) == ([], [], [])
    assert not any(cell.allowed and cell.standing.kind != "notes" for cell in visit.cells)


def figures(visit: Visit) -> dict[str, int]:
    tries = {"cells": len(visit.cells), "forbidden": visit.forbidden, "allowed": visit.allowed}
    return {**tries, "accepted": len(visit.accepted), "leaked": len(visit.leaked), "denied": len(visit.denied)}


def report(visit: Visit) -> None:
    print(
        f"{len(visit.cells)} cells, {visit.forbidden} forbidden tries, {visit.allowed} allowed ones, "
        f"{len(visit.accepted)} accepted, {len(visit.leaked)} leaked, {len(visit.denied)} wrongly denied"
    )


def places(cells: Iterator[Cell] | set[Cell], states: set[tuple[Role, ParticipantState, Phase]]) -> set[object]:
    """(role, state, phase, document, own, action) of the cells in these states."""
    wheres = ((cell.standing, cell.action) for cell in cells)
    return {
        (w.role, w.state, w.phase, w.kind, w.own, action)
        for w, action in wheres
        if (w.role, w.state, w.phase) in states and w.observers_read
    }


def seen_states(visit: Visit) -> set[tuple[Role, ParticipantState, Phase]]:
    return {(cell.standing.role, cell.standing.state, cell.standing.phase) for cell in visit.cells}


def covered(visit: Visit) -> set[object]:
    return places(visit.cells, seen_states(visit))


def reachable(visit: Visit) -> set[object]:
    """All cells of the table in the states that the story reached, which are at least every role in every phase."""
    states = seen_states(visit)
    phases = {Phase.SCHEDULED, Phase.IN_SESSION, Phase.RECESS, Phase.CLOSED}
    assert {(role, phase) for role, _, phase in states} >= {(role, phase) for role in Role for phase in phases}
    return places(matrix(), states)
