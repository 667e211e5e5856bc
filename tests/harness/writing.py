"""Plain edits of a transcript or annotations document with pycrdt, as an honest client makes them.

It owns the words a test writes and how they are found again; never a socket.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText

ROOT = "transcript"
ANNOTATIONS = "annotations"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def random_word(prefix: str = "w") -> str:
    """A word that stands nowhere else."""
    return prefix + uuid.uuid4().hex


def fragment(doc: Doc[Any]) -> XmlFragment:
    return doc.get(ROOT, type=XmlFragment)


def add_turn(doc: Doc[Any], words: str, *, turn: str = "", speaker: str = "", index: int | None = None) -> XmlText:
    """One new turn in one transaction; its text is returned for typing on."""
    attributes = {"id": turn or random_word("t"), "kind": "speech", "speaker": speaker, "at": now()}
    children = fragment(doc).children
    with doc.transaction():
        place = len(children) if index is None else index
        children.insert(place, XmlElement("turn", attributes))
        element = children[place]
        element.children.append(XmlText(words))
        return element.children[0]


def append_words(text: XmlText, words: str) -> None:
    """At the end of the text; pycrdt counts UTF-8 bytes."""
    text.insert(len(str(text).encode()), words)


def turn_texts(doc: Doc[Any]) -> list[tuple[str, str]]:
    """(id, words) of each living turn in order."""
    return [
        (str(turn.attributes["id"]), "".join(words for text in turn.children for words, _ in text.diff()))
        for turn in fragment(doc).children
    ]


def all_words(doc: Doc[Any]) -> str:
    return "\n".join(words for _, words in turn_texts(doc))


def add_annotation(doc: Doc[Any], author: str, /, body: str, **other: Any) -> str:
    """One freetext entry; its key is returned."""
    key = str(uuid.uuid4())
    entry = {"id": key, "author": author, "created": now(), "kind": "freetext", "body": body, **other}
    with doc.transaction():
        doc.get(ANNOTATIONS, type=Map)[key] = Map(entry)
    return key


def rewrite(doc: Doc[Any], key: str, body: str) -> None:
    """New words of one's own entry."""
    doc.get(ANNOTATIONS, type=Map)[key]["body"] = body


def annotations(doc: Doc[Any]) -> dict[str, Any]:
    return doc.get(ANNOTATIONS, type=Map).to_py() or {}
