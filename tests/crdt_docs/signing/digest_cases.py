"""Makes tests/fixtures/content_digests.json: transcripts as updates, and what is signed of each.

`python -m tests.crdt_docs.signing.digest_cases` writes it anew; a digest that changes by that breaks old signatures.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from crdt_docs.signing.content import Person, content, content_sha256, encode, part
from crdt_docs.signing.state import state_sha256
from crdt_docs.transcript import Turn, append_turn, blocks, parse_sample

FIXTURES = Path(__file__).parents[2] / "fixtures"
FIXTURE = FIXTURES / "content_digests.json"
AT = "2026-03-02T09:30:00+08:00"
HEARING, CASE = "h-2026-1", "（2026）沪0101民初12号"
PEOPLE = (
    Person("p-z", "presiding_judge", "张审"),
    Person("p-a", "plaintiff", "𪩪某"),
    Person("p-W", "witness", "吴证"),
    Person("p-10", "agent", 'O\'Neil "Bob" \\ Ünal'),
)
RARE = (
    "𪩪\U0002a6a5与𠮷野家",
    "葛\U000e0100城，邉\U000e0101",
    "👨\u200d👩\u200d👧 🇨🇳 ☎️ \U0001f9d1\U0001f3ff",
    "e\u0301 ≠ \u00e9；ﬁ；\u212b ≠ \u00c5；\u2126 \u212a ①",
    "\U0010fffd\ue000",
    "\u0000\u0001\u001f\u007f\u0085\u2028\u2029\ufeff",
    '引号"反斜\\杠/\b\f\n\r\t',
    "نص عربي \u202eعكس\u202c",
)


def _doc(client: int) -> "Doc[Any]":
    return Doc(skip_gc=True, client_id=client)


def _turn(number: int, text: str, *, speaker: str = "", kind: str = "speech", origin: str = "") -> Turn:
    return Turn(f"t{number}", kind, speaker, "审" if kind == "speech" else "", AT, origin, text)


def _written(*turns: Turn) -> "Doc[Any]":
    doc = _doc(7)
    for turn in turns:
        append_turn(doc, turn)
    return doc


def _root(doc: "Doc[Any]") -> XmlFragment:
    return doc.get("transcript", type=XmlFragment)


def _texts(doc: "Doc[Any]", *parts: str) -> list[XmlText]:
    """One more turn whose text lies in several Y.XmlText."""
    turn = _root(doc).children.append(XmlElement("turn", {"id": "tx", "kind": "speech", "at": AT}))
    return [turn.children.append(XmlText(part)) for part in parts]


def empty() -> "Doc[Any]":
    return _doc(7)


def sample() -> "Doc[Any]":
    return _written(*parse_sample((FIXTURES / "sample_transcript.txt").read_text(encoding="utf-8")))


def rare_characters() -> "Doc[Any]":
    return _written(*(_turn(number, text, speaker="p-a") for number, text in enumerate(RARE)))


def marks() -> "Doc[Any]":
    doc = _doc(7)
    (text,) = _texts(doc, "原告：甲乙丙丁戊己庚辛壬癸")
    for first, last, mark in (
        (3, 9, {"bold": True}),
        (9, 12, {"bold": {}}),
        (6, 15, {"underline": {}}),
        (15, 18, {"underline": True}),
        (12, 21, {"unsure": {"at": "2026-03-02T09:31:00+08:00"}}),
        (21, 24, {"unsure": {"at": "2026-03-02T09:32:00+08:00"}}),
        (9, 12, {"underline": None}),
    ):
        text.format(first, last, mark)
    return doc


def split_texts() -> "Doc[Any]":
    doc = _doc(7)
    texts = _texts(doc, "甲", "", "乙丙", "𠮷", "丁")
    texts[2].format(0, 6, {"bold": True})
    texts[3].format(0, 4, {"bold": {}})
    return doc


def empty_turns() -> "Doc[Any]":
    doc = _written(_turn(1, ""), _turn(2, "", kind="note"), _turn(3, "话"))
    _root(doc).children.append(XmlElement("turn", {"id": "bare"}))
    _root(doc).children.append(XmlElement("turn", {}))
    _texts(doc, "", "")
    return doc


def deleted_turns() -> "Doc[Any]":
    doc = _written(*(_turn(number, f"第{number}句") for number in range(1, 6)))
    root = _root(doc)
    del root.children[1]
    del root.children[3]
    element = root.children[0]
    element.attributes["role"] = "书"
    del element.attributes["speaker"]
    del element.children[0][0:3]
    return doc


def several_writers() -> "Doc[Any]":
    """Two write into the same turn at once, one deletes a turn that the other writes in."""
    base = _written(_turn(1, "共同的话"), _turn(2, "将删"), _turn(3, "末"))
    copies = [_doc(client) for client in (5, 900719925474099)]
    for number, copy in enumerate(copies):
        copy.apply_update(base.get_update())
        first = _root(copy).children[0].children[0]
        first.insert(6, f"并发{number}")
        first.format(0, 6, {"bold": True} if number else {"underline": {}})
        append_turn(copy, _turn(10 + number, f"新{number}", speaker="p-W"))
    del _root(copies[0]).children[1]
    _root(copies[1]).children[1].children[0].insert(0, "写入已删")
    for one, other in (copies, copies[::-1]):
        one.apply_update(other.get_update())
    assert blocks(copies[0]) == blocks(copies[1])
    return copies[0]


def questions() -> "Doc[Any]":
    """A witness is asked, answers twice, is interrupted by a procedure line, asked by another, and answers."""
    return _written(
        _turn(1, "证人到庭。", speaker="p-z"),
        _turn(2, "姓名？", speaker="p-z"),
        _turn(3, "吴某。", speaker="p-W"),
        _turn(4, "我补充。", speaker="p-W"),
        _turn(5, "休庭", kind="procedure", origin="control:9"),
        _turn(6, "何时看到？", speaker="p-10"),
        _turn(7, "（证人思考）", speaker="p-W", kind="note"),
        _turn(8, "三月。", speaker="p-W"),
        _turn(9, "谢谢。", speaker="p-z"),
    )


CASES: dict[str, tuple[Callable[[], "Doc[Any]"], str | None]] = {
    "an empty transcript": (empty, None),
    "the whole sample transcript": (sample, None),
    "rare characters": (rare_characters, None),
    "marks in both forms": (marks, None),
    "a text split over several": (split_texts, None),
    "empty turns and absent attributes": (empty_turns, None),
    "deleted turns and words": (deleted_turns, None),
    "several writers at once": (several_writers, None),
    "questions to a witness": (questions, None),
    "a witness's part": (questions, "p-W"),
    "the part of one who begins": (questions, "p-z"),
    "the part of one who said nothing": (questions, "p-a"),
}


def case_of(name: str) -> dict[str, Any]:
    make, person = CASES[name]
    doc = make()
    update = doc.get_update()
    whole = content(HEARING, CASE, PEOPLE, blocks(doc))
    signed = whole if person is None else part(whole, person)
    people = [{"id": one.id, "role": one.role, "name": one.name} for one in PEOPLE]
    return {
        **{"name": name, "hearing": HEARING, "case": CASE, "people": people, "part": person},
        **{"update": base64.b64encode(update).decode(), "state_sha256": state_sha256(update)},
        **{"jcs_sha256": hashlib.sha256(encode(signed)).hexdigest(), "content_sha256": content_sha256(signed)},
    }


if __name__ == "__main__":
    FIXTURE.write_text(json.dumps([case_of(name) for name in CASES], indent=1, ensure_ascii=False) + "\n", "utf-8")
