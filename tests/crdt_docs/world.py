"""A small world for property tests: clerks with pycrdt replicas, a server of gate and Document, what lies between."""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pycrdt import Doc, UndoManager, XmlElement, XmlFragment, XmlText

from crdt_docs.document import Document
from crdt_docs.gate import Admitted, Bindings, Frame, Gate, Known, Verdict, Writer
from crdt_docs.index import Place, Slot
from crdt_docs.shapes import TRANSCRIPT, Shape
from crdt_docs.updates import decode
from crdt_docs.varint import read, write

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
AT = "2026-03-02T09:30:00+08:00"
WORDS = ("好", "请讲。", "ab", "😀", "𠮷野家", "x", "被告答辩", "é")
ATTRIBUTES = {"kind": ("speech", "heading", "note"), "speaker": ("", "p-1", "p-2"), "role": ("", "审", "书记员")}


def vector(data: bytes) -> dict[int, int]:
    count, p = read(data, 0)
    found: dict[int, int] = {}
    for _ in range(count):
        client, p = read(data, p)
        found[client], p = read(data, p)
    return found


def vector_bytes(clocks: dict[int, int]) -> bytes:
    return write(len(clocks)) + b"".join(write(client) + write(clock) for client, clock in clocks.items())


class Server:
    """Gate and Document as a room uses them; the log of what was admitted."""

    def __init__(self, shape: Shape = TRANSCRIPT) -> None:
        self.shape = shape
        self.bindings = Bindings()
        self.gate = Gate(shape, self.bindings)
        self.document = Document("h/transcript")
        self.log: list[tuple[str, Admitted]] = []
        self.peers: list[Clerk] = []

    def take(self, data: bytes, writer: Writer, frame: Frame) -> Verdict:
        verdict = self.gate.admit(data, writer, frame, NOW)
        if isinstance(verdict, Admitted):
            self.document.apply(verdict.update)
            self.log.append((writer.person, verdict))
            for peer in self.peers:
                peer.inbox.append(verdict.update)
        return verdict


class Clerk:
    """A person at an editor. What was typed waits in `outbox`, what others typed in `inbox`."""

    def __init__(self, server: Server, person: str, client: int, skip_gc: bool = False, undo: bool = False) -> None:
        self.server = server
        self.writer = Writer(person, True)
        self.doc: Doc[Any] = Doc(client_id=client, skip_gc=skip_gc)
        self.root = self.doc.get("transcript", type=XmlFragment)
        self.inbox: deque[bytes] = deque()
        self.outbox: deque[bytes] = deque()
        self.made = 0
        self._receiving = False
        self.doc.observe(lambda event: None if self._receiving else self.outbox.append(event.update))
        self.undo = UndoManager(scopes=[self.root], capture_timeout_millis=0) if undo else None
        if self.undo:
            self.undo.include_origin(client)
        server.peers.append(self)

    # edits

    def edit(self, kind: int, a: int, b: int) -> None:
        _EDITS[kind % len(_EDITS)](self, a, b)

    def change(self) -> Any:
        return self.doc.transaction(origin=self.doc.client_id)

    def add(self, a: int, b: int) -> XmlElement:
        with self.change():
            at = a % (len(self.root.children) + 1)
            self.made += 1
            attributes = {"id": f"t{self.doc.client_id}-{self.made}", "kind": "speech", "at": AT, "role": "审"}
            turn = self.root.children.insert(at, XmlElement("turn", attributes))
            if b % 3:
                turn.children.append(XmlText(WORDS[b % len(WORDS)]))
            return turn

    def remove(self, a: int, b: int) -> None:
        own = self._own()
        if len(own) > 1:
            with self.change():
                del self.root.children[own[a % len(own)][0]]

    def move(self, a: int, b: int) -> None:
        """Delete a turn and write it anew elsewhere, under its id."""
        own = self._own()
        if len(own) > 1:
            at, turn = own[a % len(own)]
            with self.change():
                attributes, words = dict(turn.attributes), "".join(part[0] for part in _parts(turn))
                del self.root.children[at]
                moved = self.root.children.insert(b % (len(self.root.children) + 1), XmlElement("turn", attributes))
                moved.children.append(XmlText(words))

    def type(self, a: int, b: int) -> None:
        text = self._text(a)
        if text is not None:
            with self.change():
                text.insert(_offset(text, b), WORDS[b % len(WORDS)])

    def erase(self, a: int, b: int) -> None:
        text = self._text(a)
        if text is not None:
            words = _words(text)
            start = b % (len(words) + 1)
            if words[start : start + 2]:
                with self.change():
                    del text[_bytes(words[:start]) : _bytes(words[: start + 2])]

    def mark(self, a: int, b: int) -> None:
        text = self._text(a)
        if text is not None:
            words = _words(text)
            start = b % (len(words) + 1)
            if words[start : start + 3]:
                marks = ({"bold": True}, {"underline": {}}, {"unsure": {"at": "09:31"}}, {"bold": None})
                with self.change():
                    text.format(_bytes(words[:start]), _bytes(words[: start + 3]), marks[a % len(marks)])

    def describe(self, a: int, b: int) -> None:
        own = self._own()
        if own:
            key = list(ATTRIBUTES)[b % len(ATTRIBUTES)]
            with self.change():
                own[a % len(own)][1].attributes[key] = ATTRIBUTES[key][a % 3]

    def forget(self, a: int, b: int) -> None:
        own = self._own()
        if own and "role" in dict(own[a % len(own)][1].attributes):
            with self.change():
                del own[a % len(own)][1].attributes["role"]

    def undo_one(self, a: int, b: int) -> None:
        if self.undo and self.undo.can_undo():
            self.undo.undo()

    def redo_one(self, a: int, b: int) -> None:
        if self.undo and self.undo.can_redo():
            self.undo.redo()

    def split(self, a: int, b: int) -> None:
        """Enter inside a turn: its right half becomes a new turn."""
        text = self._text(a)
        if text is not None and len(_words(text)) > 1:
            words = _words(text)
            cut = 1 + b % (len(words) - 1)
            with self.change():
                del text[_bytes(words[:cut]) : _bytes(words)]
                self.add(a + 1, 0).children.append(XmlText(words[cut:]))

    def _own(self) -> list[tuple[int, XmlElement]]:
        """The turns that are not the court's."""
        turns = enumerate(self.root.children)
        return [(at, turn) for at, turn in turns if not dict(turn.attributes).get("origin")]

    def _text(self, a: int) -> XmlText | None:
        found = [child for _, turn in self._own() for child in turn.children]
        return found[a % len(found)] if found else None

    # traffic

    def send(self, count: int) -> list[Verdict]:
        verdicts = []
        while self.outbox and count:
            verdicts.append(self.server.take(self.outbox.popleft(), self.writer, Frame.UPDATE))
            count -= 1
        return verdicts

    def receive(self, count: int) -> None:
        self._receiving = True
        while self.inbox and count:
            self.doc.apply_update(self.inbox.popleft())
            count -= 1
        self._receiving = False

    def reconnect(self) -> list[Verdict]:
        """As after a broken line: both sides exchange what the other lacks."""
        self.outbox.clear()
        self.inbox.clear()
        ours = self.doc.get_update(vector_bytes(self.server.gate.state_vector()))
        verdict = self.server.take(ours, self.writer, Frame.STEP2)
        self._receiving = True
        self.doc.apply_update(self.server.document.diff(self.doc.get_state()))
        self._receiving = False
        self.inbox.clear()
        return [verdict]


def _parts(turn: XmlElement) -> list[tuple[str, Any]]:
    return [part for text in turn.children for part in text.diff()]


def _words(text: XmlText) -> str:
    return "".join(part[0] for part in text.diff())


def _bytes(words: str) -> int:
    return len(words.encode())


def _offset(text: XmlText, b: int) -> int:
    words = _words(text)
    return _bytes(words[: b % (len(words) + 1)])


_EDITS = (
    Clerk.type,
    Clerk.type,
    Clerk.erase,
    Clerk.add,
    Clerk.mark,
    Clerk.describe,
    Clerk.undo_one,
    Clerk.redo_one,
    Clerk.split,
    Clerk.move,
    Clerk.remove,
    Clerk.forget,
)


def content(doc: Doc[Any]) -> list[Any]:
    return [
        (dict(turn.attributes), [(words, marks) for words, marks in _parts(turn)])
        for turn in doc.get("transcript", type=XmlFragment).children
    ]


def deletions(update: bytes) -> dict[int, list[tuple[int, int]]]:
    return {client: sorted(zip(starts, ends, strict=True)) for client, starts, ends in decode(update).deletes}


def index_deletions(gate: Gate) -> dict[int, list[tuple[int, int]]]:
    return {client: log.deleted.ranges() for client, log in gate._logs.items() if log.deleted.starts}


def living_turns(gate: Gate) -> list[dict[str, Any]]:
    places = (run.content for run in gate._rules.root.units())
    return [
        {key: slot.value for key, slot in place.slots.items() if slot.alive}
        for place in places
        if isinstance(place, Place) and not place.dead
    ]


def snapshot(gate: Gate) -> Any:
    """Everything the index says, comparable; runs joined as far as their units say the same."""
    logs = {client: (log.owner, log.next, _units(log.runs), log.deleted.ranges()) for client, log in gate._logs.items()}
    bindings = (dict(gate._bindings._persons), dict(gate._bindings._counts))
    return logs, _tree(gate._rules.root), _counts(gate), bindings


def _units(runs: Iterable[Any]) -> list[Any]:
    joined: list[Any] = []
    for run in runs:
        where = run.place.item if run.place else None
        inner = run.content.item if isinstance(run.content, Place) else run.content
        last = joined[-1] if joined else None
        goes_on = run.kind in (1, 4, 36) and run.origin == (run.log.client, run.start - 1)
        if last and goes_on and (last[1], last[2], last[4]) == (run.kind, where, run.right):
            last[5] += inner if run.kind != 1 else run.end - run.start
            continue
        joined.append(
            [run.start, run.kind, where, run.origin, run.right, inner if run.kind != 1 else run.end - run.start]
        )
    return joined


def _tree(place: Place) -> Any:
    inner = [run.content for run in place.units() if isinstance(run.content, Place)]
    slots = {key: _tree(slot) for key, slot in sorted(place.slots.items())}
    own = (_whole(place.chain), place.alive, place.value) if isinstance(place, Slot) else ()
    order = [(run.log.client, clock) for run in place.units() for clock in range(run.start, run.end)]
    return place.role, place.item, place.dead, place.keeper, order, own, slots, [_tree(child) for child in inner]


def _whole(chain: list[Any]) -> list[Any]:
    """The values of a key; one that was parted and means the same is put together."""
    whole: list[Any] = []
    for client, start, end, left, left_clock in chain:
        last = whole[-1] if whole else None
        if last and (client, start, client, start - 1) == (last[0], last[2], left, left_clock):
            last[2] = end
        else:
            whole.append([client, start, end, left, left_clock])
    return whole


def _counts(gate: Gate) -> Any:
    turns = getattr(gate._rules, "turns", {})
    shares = getattr(gate._rules, "shares", None)
    counted = (+shares.pages, +shares.of_one, +shares.people) if shares else ()
    return {key: [turn.item for turn in same] for key, same in turns.items()}, counted


def honest(verdicts: Iterable[Verdict]) -> bool:
    return all(isinstance(verdict, Admitted | Known) for verdict in verdicts)
