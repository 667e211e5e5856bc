"""Child of the fuzzer: applies what the gate admitted to pycrdt, loads it anew, types on. Dies alone when pycrdt does.

Frames on stdin and stdout: 4 bytes length, then JSON with updates in hex.
"""

import json
import resource
import sys
from typing import Any

from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText

from crdt_docs.document import Document
from tests.crdt_docs.world import vector

MEMORY = 2 * 1024**3


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while head := sys.stdin.buffer.read(4):
        job = json.loads(sys.stdin.buffer.read(int.from_bytes(head, "big")))
        try:
            updates = [bytes.fromhex(update) for update in job["updates"]]
            answer: dict[str, Any] = check(job["root"], updates, job["merged"])
        except BaseException as error:
            answer = {"fault": f"{type(error).__name__}: {error}"}
        out = json.dumps(answer).encode()
        sys.stdout.buffer.write(len(out).to_bytes(4, "big") + out)
        sys.stdout.buffer.flush()


def check(root: str, updates: list[bytes], merged: str) -> dict[str, Any]:
    """The state after all of it, and an honest update typed into a fresh load. Raises on any difference."""
    document = Document("live")
    for update in updates:
        document.apply(update)
    state = document.diff()
    ours = content(document.doc, root)
    for name, whole in (("a fresh load", state), ("the merged log", bytes.fromhex(merged))):
        fresh = Document(name)
        fresh.apply(whole)
        if content(fresh.doc, root) != ours:
            raise AssertionError(f"{name} reads otherwise")
        if vector(fresh.state_vector()) != vector(document.state_vector()):
            raise AssertionError(f"{name} knows other clocks")
    return {"state": state.hex(), "typed": typed(state, root).hex()}


def content(doc: Doc, root: str) -> Any:
    if root == "annotations":
        return {key: entry.to_py() for key, entry in doc.get(root, type=Map).items()}
    return [
        (sorted(turn.attributes), [text.diff() for text in turn.children])
        for turn in doc.get(root, type=XmlFragment).children
    ]


def typed(state: bytes, root: str) -> bytes:
    """One more honest person: opens the document, types into every text and adds a turn."""
    doc: Doc = Doc(client_id=4_000_000_001)
    doc.apply_update(state)
    before = doc.get_state()
    if root == "transcript":
        turns = doc.get(root, type=XmlFragment).children
        for turn in turns:
            if not dict(turn.attributes).get("origin"):
                for text in turn.children:
                    text.insert(0, "甲")
                    text.insert(len("".join(part[0] for part in text.diff()).encode()), "z")
        with doc.transaction():
            made = turns.append(XmlElement("turn", {"id": "honest", "kind": "note", "at": "2026-03-02T09:30:00Z"}))
            made.children.append(XmlText("说完。"))
    else:
        with doc.transaction():
            key = "99999999-9999-4999-8999-999999999999"
            doc.get(root, type=Map)[key] = Map(
                {"id": key, "author": "clerk-9", "created": "2026-03-02T09:30:00+08:00", "kind": "note"}
            )
    return doc.get_update(before)


if __name__ == "__main__":
    main()
