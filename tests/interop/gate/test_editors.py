"""Real yjs, y-prosemirror and y-tiptap edit one transcript through the gate: none is refused, all copies end equal."""

import random
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest

from crdt_docs.gate import COURT, Admitted, Frame, Known, Verdict, Writer
from crdt_docs.transcript import Turn, append_turn
from crdt_docs.updates import merge
from tests.crdt_docs.world import (
    AT,
    Clerk,
    Server,
    content,
    deletions,
    index_deletions,
    vector,
    vector_bytes,
)
from tests.interop.gate.driver import Editors, data, text

KINDS = ("plain", "prosemirror", "tiptap")


@pytest.fixture(scope="module")
def editors() -> Iterator[Editors]:
    found = Editors()
    yield found
    found.close()


class Remote:
    """One editor in the child process, and what lies between it and the server."""

    def __init__(self, editors: Editors, server: Server, name: str, kind: str, client: int, person: str) -> None:
        self._editors = editors
        self._server = server
        self.name = name
        self.writer = Writer(person, True)
        self.inbox: deque[bytes] = deque()
        self.outbox: deque[bytes] = deque()
        editors.ask("make", name=name, kind=kind, client=client)
        server.peers.append(self)  # pyright: ignore[reportArgumentType]

    def edit(self, edit: int, a: int, b: int) -> None:
        self.outbox += map(data, self._editors.ask("edit", name=self.name, edit=edit, a=a, b=b))

    def send(self, count: int) -> list[Verdict]:
        verdicts = []
        while self.outbox and count:
            verdicts.append(self._server.take(self.outbox.popleft(), self.writer, Frame.UPDATE))
            count -= 1
        return verdicts

    def receive(self, count: int) -> None:
        taken = [self.inbox.popleft() for _ in range(min(count, len(self.inbox)))]
        self._apply(taken)

    def _apply(self, updates: list[bytes]) -> None:
        self.outbox += map(data, self._editors.ask("apply", name=self.name, updates=list(map(text, updates))))

    def reconnect(self) -> list[Verdict]:
        self.outbox.clear()
        self.inbox.clear()
        server = self._server
        ours = data(self._editors.ask("diff", name=self.name, vector=text(vector_bytes(server.gate.state_vector()))))
        verdict = server.take(ours, self.writer, Frame.STEP2)
        self.inbox.clear()
        self._apply([server.document.diff(data(self._editors.ask("vector", name=self.name)))])
        return [verdict]

    def content(self) -> Any:
        return self._editors.ask("content", name=self.name)


def open_hearing(server: Server) -> None:
    """The court's own lines among the clerk's, written by the court and by pycrdt."""
    clerk = Clerk(server, "clerk-1", 7)
    clerk.add(0, 1)
    clerk.add(1, 2)
    assert all(isinstance(verdict, Admitted) for verdict in clerk.send(9))
    court = Clerk(server, COURT, 2**40)
    court.receive(9)
    append_turn(court.doc, Turn("c1", "procedure", "", "", AT, "control:1", "现在开庭"))
    assert all(isinstance(verdict, Admitted) for verdict in court.send(9))
    server.peers.clear()


def play(editors: Editors, seed: int, steps: int) -> None:
    rng = random.Random(seed)
    server = Server()
    open_hearing(server)
    people: list[Any] = [
        Remote(editors, server, f"{seed}-{kind}", kind, rng.randrange(2**32), f"clerk-{n % 2}")
        for n, kind in enumerate(KINDS)
    ]
    people.append(Clerk(server, "clerk-1", rng.randrange(2**53)))
    for person in people:
        accepted(person.reconnect())
    for _ in range(steps):
        act(rng, rng.choice(people))
    settle(people)
    ours = unmarked(content(server.document.doc))
    for person in people:
        found = content(person.doc) if isinstance(person, Clerk) else from_delta(person.content())
        assert unmarked(found) == ours
    state = server.document.diff()
    assert server.gate.state_vector() == vector(server.document.state_vector())
    assert index_deletions(server.gate) == deletions(state)
    merged = merge([admitted.parts for _, admitted in server.log])
    for whole in (state, merged, data(editors.ask("merge", updates=[text(a.update) for _, a in server.log]))):
        assert unmarked(from_delta(editors.ask("load", update=text(whole)))) == ours


def act(rng: random.Random, person: Any) -> None:
    kind = rng.randrange(20)
    if kind < 13:
        person.edit(kind, rng.randrange(60), rng.randrange(60))
    elif kind < 16:
        accepted(person.send(rng.randrange(1, 6)))
    elif kind < 19:
        person.receive(rng.randrange(1, 10))
    else:
        accepted(person.reconnect())


def settle(people: list[Any]) -> None:
    """Until nobody has anything to say: replicas tidy marks of their own accord."""
    for _ in range(50):
        for person in people:
            accepted(person.reconnect())
            person.receive(9_999)
            accepted(person.send(9_999))
        if not any(person.outbox or person.inbox for person in people):
            return
    raise AssertionError("the replicas never came to rest")


def accepted(verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        assert isinstance(verdict, Admitted | Known), verdict


def from_delta(turns: Any) -> Any:
    return [
        (attributes, [(part["insert"], part.get("attributes")) for text in texts for part in text])
        for attributes, texts in turns
    ]


def unmarked(turns: Any) -> Any:
    """Attributes, and each character with its marks."""
    return [
        (attributes, [(character, marks or {}) for words, marks in parts for character in words])
        for attributes, parts in turns
    ]


@pytest.mark.parametrize("seed", range(8))
def test_editors_are_never_refused_and_all_copies_end_equal(editors: Editors, seed: int):
    play(editors, seed, 250)
