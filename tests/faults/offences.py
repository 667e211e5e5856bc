"""Updates that must be refused, built on the document as it stands, and the verdict that PROTOCOL gives each.

It owns the bytes of offences; tests/faults/test_offences.py sends them over both wires.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pycrdt import Doc, Map, Text, XmlElement, XmlText

from tests.harness import messages as m
from tests.harness.demo import DemoHearing
from tests.harness.writing import ANNOTATIONS, add_annotation, add_turn, fragment, now, random_word

CODES = {"malformed": 4400, "forbidden": 4403, "stale": 4409}


@dataclass(frozen=True, slots=True)
class Scene:
    """What an offender can see: the document as an update, the people, somebody else's marks in it."""

    state: bytes
    hearing: DemoHearing
    victim: int  # client id of another person who wrote in the document
    key: str = ""  # annotations: the plaintiff's entry

    def doc(self, client: int | None = None) -> Doc[Any]:
        doc: Doc[Any] = Doc() if client is None else Doc(client_id=client)
        doc.apply_update(self.state)
        return doc


def edit(doc: Doc[Any], change: Callable[[Doc[Any]], object]) -> bytes:
    """The update of one transaction."""
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    with doc.transaction():
        change(doc)
    doc.unobserve(subscription)
    return updates[0]


def turn_of(doc: Doc[Any], kind: str) -> XmlElement:
    return next(turn for turn in fragment(doc).children if turn.attributes.get("kind") == kind)


def place_of(doc: Doc[Any], kind: str) -> int:
    return next(n for n, turn in enumerate(fragment(doc).children) if turn.attributes.get("kind") == kind)


def delete_turn(doc: Doc[Any], kind: str) -> None:
    del fragment(doc).children[place_of(doc, kind)]


def element(tag: str, **attributes: str) -> XmlElement:
    return XmlElement(tag, attributes)


def insert(doc: Doc[Any], child: Any) -> None:
    fragment(doc).children.insert(0, child)


def set_attribute(doc: Doc[Any], kind: str, name: str, content: str) -> None:
    turn_of(doc, kind).attributes[name] = content


def entry(doc: Doc[Any], key: str) -> Any:
    return doc.get(ANNOTATIONS, type=Map)[key]


def put(doc: Doc[Any], key: str, content: Any) -> None:
    doc.get(ANNOTATIONS, type=Map)[key] = content


def drop(doc: Doc[Any], key: str) -> None:
    del doc.get(ANNOTATIONS, type=Map)[key]


def other_root(doc: Doc[Any]) -> None:
    doc.get("elsewhere", type=Text).insert(0, "x")


Make = Callable[[Scene], bytes]


@dataclass(frozen=True, slots=True)
class Offence:
    """`role`, `nth`: who sends it."""

    name: str
    document: str
    role: str
    make: Make
    verdict: str
    nth: int = 0


def changed(change: Callable[[Doc[Any], Scene], object]) -> Make:
    """An offence that is one edit of the present document under a new client id."""
    return lambda scene: edit(scene.doc(), lambda doc: change(doc, scene))


def on_transcript(name: str, change: Callable[[Doc[Any], Scene], object], verdict: str = "forbidden") -> Offence:
    return Offence(name, "transcript", "clerk", changed(change), verdict)


def on_annotations(name: str, change: Callable[[Doc[Any], Scene], object], verdict: str = "forbidden") -> Offence:
    return Offence(name, "annotations", "defendant", changed(change), verdict)


def honest(scene: Scene) -> bytes:
    return edit(scene.doc(), lambda doc: add_turn(doc, random_word()))


def twice(scene: Scene) -> bytes:
    """Two client blocks of the same client in one update: crashes bare pycrdt."""
    update = honest(scene)
    reader = m.Reader(update)
    assert reader.uint() == 1
    block = update[1 : -len(deletions(update))]
    return b"\x02" + block + block + deletions(update)


def deletions(update: bytes) -> bytes:
    """The delete set of an update that deletes nothing."""
    assert update.endswith(b"\x00")
    return b"\x00"


MALFORMED = [
    ("noise", lambda scene: b"\xff\xff\xff"),
    ("nothing at all", lambda scene: b""),
    ("a byte too many", lambda scene: honest(scene) + b"\x00"),
    ("a byte too few", lambda scene: honest(scene)[:-1]),
    ("a client twice in one update", twice),
    ("a count beyond the bytes", lambda scene: b"\xff\xff\xff\xff\x0f" + honest(scene)[1:]),
]

TRANSCRIPT: list[tuple[str, Callable[[Doc[Any], Scene], object]]] = [
    ("another root", lambda doc, _: other_root(doc)),
    ("another element than a turn", lambda doc, _: insert(doc, element("script", id="x", kind="speech", at=now()))),
    ("bare text among the turns", lambda doc, _: insert(doc, XmlText("x"))),
    ("an attribute that no turn has", lambda doc, _: set_attribute(doc, "speech", "onclick", "x")),
    ("a turn within a turn", lambda doc, _: turn_of(doc, "speech").children.append(element("turn", id="y"))),
    ("a procedure line of one's own", lambda doc, _: insert(doc, element("turn", id="z", kind="procedure", at=now()))),
    ("an id kept for the court", lambda doc, _: add_turn(doc, "x", turn="c99")),
    (
        "an origin of one's own",
        lambda doc, _: insert(doc, element("turn", id="o", kind="speech", at=now(), origin="control:1")),
    ),
    ("a court's line deleted", lambda doc, _: delete_turn(doc, "procedure")),
    ("words in a court's line", lambda doc, _: turn_of(doc, "procedure").children[0].insert(0, "不")),
    ("a court's line renamed", lambda doc, _: set_attribute(doc, "procedure", "speaker", "somebody")),
    ("a court's line made speech", lambda doc, _: set_attribute(doc, "procedure", "kind", "speech")),
    ("an invented kind", lambda doc, _: set_attribute(doc, "speech", "kind", "verdict")),
]


def marks(doc: Doc[Any], scene: Scene, count: int, values: dict[str, Any]) -> None:
    with doc.transaction():
        for _ in range(count):
            add_annotation(doc, scene.hearing.person("defendant").id, "x", **values)


ANNOTATION: list[tuple[str, Callable[[Doc[Any], Scene], object]]] = [
    ("another's key taken over", lambda doc, s: put(doc, s.key, Map({"id": s.key, "author": s.hearing.judge.id}))),
    ("another's key set to plain JSON", lambda doc, s: put(doc, s.key, "mine")),
    ("another's words rewritten", lambda doc, s: entry(doc, s.key).update({"body": "I owe it all"})),
    ("a key in another's entry", lambda doc, s: entry(doc, s.key).update({"page": 3})),
    ("another's key removed", lambda doc, s: drop(doc, s.key)),
    ("an entry in another's name", lambda doc, s: add_annotation(doc, s.hearing.person("plaintiff").id, "not I")),
    ("a key that is no UUID", lambda doc, s: put(doc, "key", Map({"id": "key", "author": "x"}))),
    ("an unknown field", lambda doc, s: add_annotation(doc, s.hearing.person("defendant").id, "x", html="<b>")),
    ("a page that the exhibit has not", lambda doc, s: marks(doc, s, 1, {"page": 400})),
    ("more marks on a page than a person's share", lambda doc, s: marks(doc, s, 201, {"page": 1})),
    ("another root beside the entries", lambda doc, _: other_root(doc)),
]


def forged(scene: Scene) -> bytes:
    return edit(scene.doc(scene.victim), lambda doc: add_turn(doc, random_word()))


def forged_annotation(scene: Scene) -> bytes:
    author = scene.hearing.person("defendant").id
    return edit(scene.doc(scene.victim), lambda doc: add_annotation(doc, author, random_word()))


OFFENCES = [
    *(Offence(name, "transcript", "clerk", make, "malformed") for name, make in MALFORMED),
    *(on_transcript(name, change) for name, change in TRANSCRIPT),
    *(on_annotations(name, change) for name, change in ANNOTATION),
    Offence("another clerk's client id", "transcript", "clerk", forged, "forbidden"),
    Offence("another party's client id", "annotations", "defendant", forged_annotation, "forbidden"),
]
