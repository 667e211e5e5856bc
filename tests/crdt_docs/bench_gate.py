"""Figures of the gate: `python -m tests.crdt_docs.bench_gate`. Never part of a pass or fail."""

import random
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from crdt_docs.gate import Admitted, Bindings, Frame, Gate, Known, Writer
from crdt_docs.shapes import TRANSCRIPT

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CLERK = Writer("clerk", True)
AT = "2026-03-02T09:30:00+08:00"


def transcript(turns: int) -> tuple[Doc, list[bytes]]:
    doc, updates = Doc(), []
    root = doc.get("transcript", type=XmlFragment)
    doc.observe(lambda event: updates.append(event.update))
    for n in range(turns):
        with doc.transaction():
            turn = root.children.append(XmlElement("turn", {"id": f"t{n}", "kind": "speech", "at": AT}))
            turn.children.append(XmlText("请讲。"))
    return doc, updates


def texts(doc: Doc) -> list[XmlText]:
    return [child for turn in doc.get("transcript", type=XmlFragment).children for child in turn.children]


def gate_of(updates: list[bytes]) -> Gate:
    gate = Gate(TRANSCRIPT, Bindings())
    for update in updates:
        assert isinstance(gate.admit(update, CLERK, Frame.UPDATE, NOW), Admitted)
    return gate


def timed(label: str, unit: str, scale: float, action: Callable[[], int]) -> None:
    best = min(_rounds(action))
    print(f"{label:64} {best * scale:9.2f} {unit}")


def _rounds(action: Callable[[], int]) -> list[float]:
    found = []
    for _ in range(3):
        start = process_time()
        count = action()
        found.append((process_time() - start) / count)
    return found


def admit_all(before: list[bytes], updates: list[bytes]) -> Callable[[], int]:
    gates = [gate_of(before) for _ in range(3)]

    def action() -> int:
        gate = gates.pop()
        for update in updates:
            verdict = gate.admit(update, CLERK, Frame.UPDATE, NOW)
            assert isinstance(verdict, Admitted), verdict
        return len(updates)

    return action


def typing(middle: bool) -> tuple[list[bytes], list[bytes]]:
    doc, updates = transcript(10)
    text = texts(doc)[-1]
    before, size = list(updates), len(text)
    updates.clear()
    for n in range(5_000):
        text.insert(size + n if not middle else 3 + n % 2, "a")
    return before, list(updates)


def mixed(count: int) -> tuple[list[bytes], list[bytes]]:
    rng = random.Random(1)
    doc, updates = transcript(30)
    before = list(updates)
    updates.clear()
    root = doc.get("transcript", type=XmlFragment)
    while len(updates) < count:
        n = rng.randrange(len(root.children))
        texts_of = list(root.children[n].children)
        kind = rng.randrange(10)
        if kind == 0:
            with doc.transaction():
                turn = root.children.insert(n, XmlElement("turn", {"id": f"n{len(updates)}", "kind": "note", "at": AT}))
                turn.children.append(XmlText("新的一段"))
        elif kind == 1 and len(root.children) > 20:
            del root.children[n]
        elif kind == 2:
            root.children[n].attributes["role"] = rng.choice("审书原被")
        elif texts_of:
            text = texts_of[0]
            size = len(str(text.diff()[0][0]).encode()) if text.diff() and len(text.diff()) == 1 else 0
            if kind == 3 and size >= 6:
                text.format(0, 3, {"bold": True})
            elif kind == 4 and size >= 6:
                del text[0:3]
            else:
                text.insert(0, "甲乙丙"[: rng.randrange(1, 4)])
    return before, list(updates)


def many_structs() -> tuple[Doc, bytes]:
    """About 20,000 structs: turns with attributes and texts typed at alternating places."""
    doc, _ = transcript(1_650)
    for n, text in enumerate(texts(doc)):
        for k in range(5):
            text.insert(0, "字" if (n + k) % 3 else "字词")
    return doc, doc.get_update()


def fragmented(ranges: int) -> tuple[list[bytes], Doc]:
    doc, updates = transcript(1)
    text = texts(doc)[0]
    text.insert(0, "a" * (2 * ranges + 2))
    with doc.transaction():
        for n in range(ranges):
            del text[n + 1 : n + 2]
    return updates, doc


def main() -> None:
    for middle in (False, True):
        before, updates = typing(middle)
        where = "in the middle" if middle else "at the end"
        timed(f"one character {where}", "us", 1e6, admit_all(before, updates))
    before, updates = mixed(3_000)
    label = f"mixed honest edits (median {statistics.median(map(len, updates)):.0f} B)"
    timed(label, "us", 1e6, admit_all(before, updates))
    _, state = many_structs()
    structs = sum(block[3] for block in _blocks(state))

    def load() -> int:
        Gate(TRANSCRIPT, Bindings()).load_state(state)
        return 1

    def step2() -> int:
        verdict = Gate(TRANSCRIPT, Bindings()).admit(state, CLERK, Frame.STEP2, NOW)
        assert isinstance(verdict, Admitted), verdict
        return 1

    timed(f"SyncStep2 of {structs} new structs", "ms", 1e3, step2)
    timed(f"load of a state of {structs} structs", "ms", 1e3, load)
    _deletions()


def _blocks(state: bytes):
    from crdt_docs.updates import decode

    return decode(state).blocks


def _deletions() -> None:
    updates, doc = fragmented(50_000)
    gate = gate_of(updates)
    empty = b"\0" + doc.get_update(doc.get_state())[1:]
    reader = Writer("reader", False)

    def known() -> int:
        assert isinstance(gate.admit(empty, reader, Frame.STEP2, NOW), Known)
        return 1

    timed(f"reader's SyncStep2, the same {len(gate._logs[doc.client_id].deleted.starts)} ranges", "ms", 1e3, known)
    short = Gate(TRANSCRIPT, Bindings())
    for update in updates:
        short.admit(update, CLERK, Frame.UPDATE, NOW)
    with doc.transaction():
        texts(doc)[0].insert(0, "b")
        del texts(doc)[0][5:7]
    short.replay(doc.get_update(doc.get_state()), "clerk")
    behind = Gate(TRANSCRIPT, Bindings())
    behind.load_state(doc.get_update())

    def differing() -> int:
        assert isinstance(behind.admit(empty, reader, Frame.STEP2, NOW), Known)
        return 1

    timed("reader's SyncStep2, one range behind", "ms", 1e3, differing)


if __name__ == "__main__":
    main()
