"""The transcript as people know it: turns. Reads them from a Doc, appends one, prints them. Never judges a writer."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

ROOT, ROOT_CHILD = "transcript", "turn"
ATTRIBUTES = ("id", "kind", "speaker", "role", "at", "origin")
LONGEST_TEXT = 2**18  # UTF-16 units the gate takes in one text
# one struct holds what is inserted side by side; a longer text goes into several Y.XmlText, read in order as one

Run = dict[str, Any]  # {"text": str, "bold"?: true, "underline"?: true, "unsure"?: {"at": str}}


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn 发言. `at` is RFC 3339, `role` the printed label, `speaker` a person id or empty."""

    id: str
    kind: str
    speaker: str
    role: str
    at: str
    origin: str
    text: str


def append_turn(doc: "Doc[Any]", turn: Turn) -> None:
    """Append a turn in one transaction, hence one update."""
    root = doc.get(ROOT, type=XmlFragment)
    with doc.transaction():
        element = root.children.append(XmlElement(ROOT_CHILD, {key: getattr(turn, key) for key in ATTRIBUTES}))
        for part in _split(turn.text):
            element.children.append(XmlText(part))


def _split(text: str) -> Iterator[str]:
    """Parts of at most LONGEST_TEXT units, whole characters each."""
    size = LONGEST_TEXT if len(text.encode("utf-16-le")) == 2 * len(text) else LONGEST_TEXT // 2
    for start in range(0, len(text), size):
        yield text[start : start + size]


def turns(doc: "Doc[Any]") -> list[Turn]:
    return [
        Turn(**_attributes(element), text="".join(run["text"] for run in _runs(element))) for element in _elements(doc)
    ]


def blocks(doc: "Doc[Any]") -> list[dict[str, Any]]:
    """The canonical content: turns with their text in runs of equal marks, neighbours that look alike joined."""
    return [{**_attributes(element), "runs": list(_joined(_runs(element)))} for element in _elements(doc)]


def _elements(doc: "Doc[Any]") -> list[XmlElement]:
    return [child for child in doc.get(ROOT, type=XmlFragment).children if isinstance(child, XmlElement)]


def _attributes(element: XmlElement) -> dict[str, str]:
    present: dict[str, Any] = {key: value for key, value in element.attributes.__iter__()}
    return {key: str(present.get(key, "")) for key in ATTRIBUTES}


def _runs(element: XmlElement) -> Iterator[Run]:
    for text in element.children:
        if isinstance(text, XmlText):
            for words, marks in text.diff():
                yield {"text": words, **_marks(marks or {})}


def _marks(marks: dict[str, Any]) -> Run:
    """Canonical marks: bold and underline are true, whatever an editor wrote for "on"."""
    plain: Run = {name: True for name in ("bold", "underline") if marks.get(name) is not None}
    unsure = marks.get("unsure")
    return {**plain, "unsure": {"at": unsure["at"]}} if unsure is not None else plain


def _joined(runs: Iterable[Run]) -> Iterator[Run]:
    last: Run | None = None
    for run in runs:
        if last is not None and {**last, "text": ""} == {**run, "text": ""}:
            last["text"] += run["text"]
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last


def to_text(spoken: Iterable[Turn]) -> str:
    """One turn a line; speech with its speaker's label, as Chinese courts write it."""
    return "".join(map(_line, spoken))


def _line(turn: Turn) -> str:
    return f"{turn.role}：{turn.text}\n" if turn.kind == "speech" and turn.role else f"{turn.text}\n"


_SPEECH = re.compile("(审|书|原代|原|被代|被|证)：(.*)")
_HEADING = re.compile(r"【.*】|（[一二三四五六七八九十]+）.*")
_STARTED = datetime.fromisoformat("2024-09-12T09:30:00+08:00")


def parse_sample(text: str) -> list[Turn]:
    """The turns of a transcript typed one turn a line: ids t1, t2 …, a minute for every four, speakers left open."""
    lines = (line.strip() for line in text.splitlines())
    return [_sample_turn(n, line) for n, line in enumerate(filter(None, lines))]


def _sample_turn(n: int, line: str) -> Turn:
    at = (_STARTED + timedelta(seconds=15 * n)).isoformat()
    speech = _SPEECH.fullmatch(line)
    if speech:
        return Turn(f"t{n + 1}", "speech", "", speech[1], at, "", speech[2])
    return Turn(f"t{n + 1}", "heading" if _HEADING.fullmatch(line) else "note", "", "", at, "", line)
