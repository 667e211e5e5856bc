"""A whole hearing made up in memory: its documents with their updates, its log, its signers, and the bundle of it all.

It plays the server's part by the protocol alone, without a server, so that verification is held against something that
was not made by what it verifies.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText

from crdt_docs import transcript
from crdt_docs.annotations import annotations_json, entries
from crdt_docs.document import Document
from crdt_docs.signing import bundle, checkpoint, content, keys, log_tree, merkle, receipt, state, statement
from crdt_docs.signing.base64_text import from_base64, to_base64
from crdt_docs.transcript import Turn
from crdt_docs.updates import decode

Json = dict[str, Any]
HEARING, CASE = "h-2024", "（2024）京0105民初12345号"
NAME = "yunting/court"
PEOPLE = (
    ("p-judge", "presiding_judge", "王审"),
    ("p-clerk", "clerk", "李书"),
    ("p-plaintiff", "plaintiff", "张原"),
    ("p-defendant", "defendant", "赵被𠮷"),
    ("p-agent", "agent", "钱代"),
    ("p-witness", "witness", "孙证"),
)
SPOKEN = (
    ("p-judge", "审", "现在开庭，核对当事人身份。"),
    ("p-plaintiff", "原", "请求判令被告偿还借款人民币五万元。"),
    ("p-defendant", "被", "不同意，款项已还清𪚥。"),
    ("p-judge", "审", "证人，你看见了什么？"),
    ("p-witness", "证", "我看见被告把钱交给了原告。"),
    ("p-judge", "审", "双方有无补充？"),
    ("p-agent", "原代", "没有补充。"),
)
START = datetime.fromisoformat("2024-09-12T01:30:00+00:00")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(64))
PDF = b"%PDF-1.7\n% exhibit "


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Paper:
    """One document and its update log; everybody who writes has a copy of their own."""

    def __init__(self, sitting: Sitting, name: str) -> None:
        self.name = name
        self.rows: list[Json] = []
        self.head = log_tree.head0(name)
        self._sitting = sitting
        self._copies: dict[str, Doc[Any]] = {}

    @property
    def updates(self) -> list[bytes]:
        return [from_base64(row["update"]) for row in self.rows]

    def write(self, person: str, change: Callable[[Doc[Any]], None]) -> None:
        """One transaction on the person's copy is one update, which all others get."""
        doc = self._copy(person)
        before = doc.get_state()
        with doc.transaction():
            change(doc)
        update = doc.get_update(before)
        self.append(person, update)
        for other, copy in self._copies.items():
            if other != person:
                copy.apply_update(update)

    def append(self, person: str, update: bytes) -> None:
        blocks = decode(update).blocks
        facts = {"seq": len(self.rows) + 1, "person": person, "at": self._sitting.tick()}
        facts["client"] = blocks[0][0] if blocks else None
        self.head = log_tree.next_head(self.head, update, **facts)
        self.rows.append({**facts, "update": to_base64(update), "head": self.head.hex()})

    def _copy(self, person: str) -> Doc[Any]:
        if person not in self._copies:
            doc: Doc[Any] = Doc(client_id=1000 + len(self._sitting.clients), skip_gc=True)
            self._sitting.clients.append(person)
            for update in self.updates:
                doc.apply_update(update)
            self._copies[person] = doc
        return self._copies[person]

    def whole(self) -> bytes:
        return state.rebuild(self.name, self.updates)

    def opened(self) -> Document:
        document = Document(self.name)
        document.apply(self.whole())
        return document


@dataclass
class Frozen:
    """What a freeze made: the entry's payload and the files of the version."""

    payload: Json
    files: dict[str, bytes] = field(default_factory=dict)


class Sitting:
    """The hearing. Methods are what people do, in the order they do it; `files` is what the server would collect."""

    def __init__(self) -> None:
        self.court = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.vkey = checkpoint.vkey(NAME, self.court.public_key())
        self.now = START
        self.clients: list[str] = []
        self.entries: list[Json] = []  # {header, leaf, salt, payload} as GET …/log gives them
        self.transcript = Paper(self, f"{HEARING}/transcript")
        self.notes = {f"e{n}": Paper(self, f"{HEARING}/annotations/e{n}") for n in (1, 2)}
        self.originals = {"e1": PDF + b"one", "e2": PDF + b"two"}
        self.versions: dict[int, Frozen] = {}
        self.keys = {person: ec.derive_private_key(1000 + n, ec.SECP256R1()) for n, (person, *_) in enumerate(PEOPLE)}
        self.signed: dict[tuple[int, str], Json] = {}
        self.pictures: dict[tuple[int, str], bytes] = {}
        self.receipts: dict[str, Json] = {}

    def tick(self, **passed: float) -> str:
        self.now += timedelta(**(passed or {"seconds": 1}))
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    # ---- the log

    def log(self, kind: str, actor: str, **payload: Any) -> Json:
        papers = (self.transcript, *self.notes.values())
        heads = {paper.name: paper.head.hex() for paper in papers if paper.rows}
        header = log_tree.header(HEARING, len(self.entries) + 1, self.tick(), kind, actor, heads)
        self.entries.append(entry(header, {key: value for key, value in payload.items() if value is not None}))
        return self.entries[-1]

    @property
    def leaves(self) -> list[bytes]:
        return [bytes.fromhex(each["leaf"]) for each in self.entries]

    def checkpoint(self) -> str:
        return signed_head(self.leaves, self.court)

    # ---- what people do

    def speak(self, clerk: str, turn: str, speaker: str, role: str, text: str, origin: str = "") -> None:
        kind = "procedure" if origin else "speech"
        spoken = Turn(turn, kind, speaker, role, self.tick(), origin, text)
        self.transcript.write(clerk, lambda doc: transcript.append_turn(doc, spoken))

    def line(self, entry: Json, text: str) -> None:
        """The court's own line for an entry."""
        seq = entry["header"]["seq"]
        self.speak("court", f"c{seq}", "", "", text, origin=f"control:{seq}")

    def edit(self, clerk: str, turn: int, change: Callable[[XmlText], None]) -> None:
        """pycrdt counts a text in bytes of UTF-8."""

        def edited(doc: Doc[Any]) -> None:
            children = doc.get("transcript", type=XmlFragment).children
            element = children[turn % len(children)]
            assert isinstance(element, XmlElement)
            text = element.children[0]
            assert isinstance(text, XmlText)
            change(text)

        self.transcript.write(clerk, edited)

    def mark(self, person: str, exhibit: str, key: str, **values: Any) -> None:
        original = sha256(self.originals[exhibit])
        made: Json = {"id": key, "author": person, "created": self.tick(), "v": 1, "doc": original, "page": 0, **values}
        paper = self.notes[exhibit]
        paper.write(person, lambda doc: doc.get("annotations", type=Map).__setitem__(key, Map(made)))

    def bind(self, person: str) -> None:
        jwk = keys.to_jwk(self.keys[person].public_key())
        self.log("KeyBound", person, person=person, jwk=jwk, fingerprint=keys.fingerprint(jwk))

    def start_signing(self, v: int) -> Json:
        started = self.log("SigningStarted", "p-judge", v=v)
        self.line(started, f"（启动第{v}版笔录签署）")
        return started

    def freeze(self, v: int, started: Json, parts: tuple[str, ...] = ("p-witness",)) -> None:
        update = self.transcript.whole()
        people = [content.Person(*each) for each in PEOPLE]
        text = content.content(HEARING, CASE, people, transcript.blocks(self.transcript.opened().doc))
        files = {
            "content.json": content.encode(text),
            "update.bin": update,
            "snapshot.json": state.snapshot(update),
            "transcript.pdf": PDF + f"transcript {v} {content.content_sha256(text)}".encode(),
        }
        payload = {
            "v": v,
            "of": started["header"]["seq"],
            "barrier": len(self.transcript.rows),
            "content_sha256": content.content_sha256(text),
            "update_sha256": sha256(update),
            "state_sha256": state.state_sha256(update),
            "pdf_sha256": sha256(files["transcript.pdf"]),
            "checked_by": {"person": "p-clerk", "role": "clerk"},
            "annotations": {paper.name: _noted(paper) for paper in self.notes.values() if paper.rows},
            "exhibits": self.exhibits(),
            "signers": [_asked(person, role, text, parts) for person, role, _ in PEOPLE],
        }
        self.log("Frozen", "court", **payload)
        self.versions[v] = Frozen(payload, files)

    def exhibits(self) -> list[Json]:
        return [
            {"id": name, "number": n, "title": f"证据{n}", "sha256": sha256(original)}
            for n, (name, original) in enumerate(self.originals.items(), 1)
        ]

    def sign(self, person: str, v: int, *, reservation: str | None = None, picture: bytes | None = None) -> None:
        made = self.statement(person, v, reservation=reservation, picture=picture)
        sealed = statement.sign(made, self.keys[person])
        self.tick()
        signed = self.log(
            "Signed",
            person,
            v=v,
            person=person,
            envelope=sealed,
            statement_sha256=statement.statement_sha256(made),
            handwriting_sha256=made.handwriting_sha256,
            reservation=reservation,
        )
        self.signed[v, person] = sealed
        if picture is not None:
            self.pictures[v, person] = picture
        known = {each["payload"]["person"]: each["payload"]["fingerprint"] for each in self.of_kind("KeyBound")}
        self.receipts[person] = receipt.make(signed, self.leaves, self.checkpoint(), known, self.vkey)

    def statement(
        self, person: str, v: int, *, reservation: str | None = None, picture: bytes | None = None
    ) -> statement.Statement:
        frozen = self.versions[v].payload
        asked = next(each for each in frozen["signers"] if each["person"] == person)
        name = next(each[2] for each in PEOPLE if each[0] == person)
        digests = (frozen[f"{what}_sha256"] for what in ("content", "update", "state", "pdf"))
        return statement.Statement(
            hearing=HEARING,
            version=v,
            digests=statement.Digests(*digests),
            person=content.Person(person, asked["role"], name),
            scope=asked["scope"],
            time=self.tick(),
            key=keys.fingerprint(keys.to_jwk(self.keys[person].public_key())),
            log_head=statement.LogHead(len(self.entries), merkle.root(self.leaves).hex()),
            part_sha256=asked.get("part_sha256"),
            handwriting_sha256=None if picture is None else sha256(picture),
            reservation=reservation,
        )

    def of_kind(self, kind: str) -> list[Json]:
        return [each for each in self.entries if each["header"]["kind"] == kind]

    # ---- the bundle

    def files(self) -> dict[str, bytes]:
        bound = [each["payload"] for each in self.of_kind("KeyBound")]
        return {
            "hearing.json": dumped(hearing_json()),
            "log.jsonl": lines(self.entries),
            "checkpoint.txt": self.checkpoint().encode(),
            "court_key.txt": f"{self.vkey}\n".encode(),
            "keys.json": dumped({"keys": bound}),
            "transcript/updates.jsonl": lines(self.transcript.rows),
            "exhibits/exhibits.json": dumped({"exhibits": self.exhibits()}),
            **{f"exhibits/{name}/original": original for name, original in self.originals.items()},
            **self._version_files(),
            **self._note_files(),
        }

    def _version_files(self) -> dict[str, bytes]:
        made = {f"transcript/v{v}/{name}": held for v, one in self.versions.items() for name, held in one.files.items()}
        for (v, person), sealed in self.signed.items():
            made[f"transcript/v{v}/statements/{person}.json"] = dumped(sealed)
        for (v, person), picture in self.pictures.items():
            made[f"transcript/v{v}/handwriting/{person}.png"] = picture
        return made

    def _note_files(self) -> dict[str, bytes]:
        made: dict[str, bytes] = {}
        for exhibit, paper in self.notes.items():
            if paper.rows:
                folder = f"annotations/{exhibit}"
                made[f"{folder}/updates.jsonl"] = lines(paper.rows)
                made[f"{folder}/update.bin"] = paper.whole()
                made[f"{folder}/annotations.json"] = annotations_json(entries(paper.opened().doc))
        return made

    def bundle(self, files: dict[str, bytes] | None = None, withheld: dict[str, bytes] | None = None) -> bytes:
        """Signed by the court, whatever the files say."""
        return bundle.write(files or self.files(), self.court, NAME, withheld=withheld)


def entry(header: Json, payload: Json) -> Json:
    salt = hashlib.sha256(f"salt {header['seq']}".encode()).digest()
    leaf = log_tree.leaf_of(header, salt, payload)
    return {"header": header, "leaf": leaf.hex(), "salt": salt.hex(), "payload": payload}


def signed_head(leaves: list[bytes], court: Ed25519PrivateKey) -> str:
    note = checkpoint.note(checkpoint.origin(HEARING), len(leaves), merkle.root(leaves))
    return checkpoint.sign_note(note, NAME, court)


def hearing_json() -> Json:
    people = [{"id": person, "role": role, "name": name} for person, role, name in PEOPLE]
    facts = {"title": "民间借贷纠纷", "court": "北京市朝阳区人民法院", "starts_at": "2024-09-12T09:30:00+08:00"}
    return {"schema": "yunting.hearing/1", "hearing": HEARING, "case_number": CASE, **facts, "people": people}


def dumped(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def lines(values: list[Json]) -> bytes:
    return b"".join(dumped(value) + b"\n" for value in values)


def _noted(paper: Paper) -> Json:
    whole = paper.whole()
    digest = sha256(annotations_json(entries(paper.opened().doc)))
    return {"barrier": len(paper.rows), "content_sha256": digest, "state_sha256": state.state_sha256(whole)}


def _asked(person: str, role: str, text: content.Content, parts: tuple[str, ...]) -> Json:
    if person in parts:
        digest = content.content_sha256(content.part(text, person))
        return {"person": person, "role": role, "scope": "part", "part_sha256": digest}
    return {"person": person, "role": role, "scope": "whole"}


MARKS = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")


def held_in_court() -> Sitting:
    """From 开庭 to the last edit before the signing: turns, corrections, annotations, an isolation."""
    sitting = Sitting()
    opened = sitting.log("SessionOpened", "p-judge", let_in=[person for person, *_ in PEOPLE])
    sitting.line(opened, "（审判长宣布开庭）")
    for number, (speaker, role, text) in enumerate(SPOKEN, 1):
        sitting.speak("p-clerk", f"t{number}", speaker, role, text)
    sitting.edit("p-clerk", 2, lambda text: text.insert(len("请求".encode()), "依法"))
    sitting.edit("p-clerk", 3, lambda text: text.format(0, 3, {"bold": {}}))
    sitting.mark("p-plaintiff", "e1", MARKS[0], kind="highlight", quads=[[1, 2, 3, 4, 5, 6, 7, 8]], body="借条")
    isolated = sitting.log("Isolated", "p-judge", person="p-witness", **{"from": "IN_COURT"})
    sitting.line(isolated, "（证人暂时退庭）")
    sitting.log("HadSeen", "p-judge", person="p-witness", of=isolated["header"]["seq"], documents={})
    sitting.line(sitting.log("Released", "p-judge", person="p-witness", to="IN_COURT"), "（证人到庭）")
    sitting.line(sitting.log("SessionClosed", "p-judge"), "（闭庭）")
    return sitting


def signed_twice() -> Sitting:
    """The whole course: a first version that three sign, a correction, a second one that everybody is done with."""
    sitting = held_in_court()
    sitting.freeze(1, sitting.start_signing(1))
    for person, *_ in PEOPLE:
        sitting.bind(person)
    for person in ("p-witness", "p-plaintiff", "p-clerk"):
        sitting.log("ReadingStarted", person, v=1, person=person)
        sitting.sign(person, 1, picture=PNG if person == "p-plaintiff" else None)
    asked = sitting.log("CorrectionRequested", "p-defendant", v=1, person="p-defendant", turn="t3", reason="金额有误")
    of = asked["header"]["seq"]
    sitting.log("CorrectionDecided", "p-judge", v=1, of=of, granted=True)
    sitting.line(sitting.log("Reopened", "p-judge", v=2, of=of), "（笔录补正）")
    sitting.edit("p-clerk", 3, lambda text: text.insert(0, "我方"))
    sitting.mark("p-defendant", "e2", MARKS[1], kind="note", rect=[0, 0, 9, 9], body="已还")
    sitting.start_signing(2)
    sitting.log("FreezeFailed", "court", v=2, code="pdf_failed")
    sitting.freeze(2, sitting.start_signing(2))
    late = {"document": sitting.transcript.name, "person": "p-clerk", "sha256": "0" * 64, "bytes": 9}
    sitting.log("LateEditKept", "p-clerk", v=2, **late)
    sitting.sign("p-plaintiff", 2, reservation="对第三段保留意见", picture=PNG)
    sitting.sign("p-clerk", 2)
    sitting.sign("p-judge", 2)
    sitting.log("Objected", "p-defendant", v=2, person="p-defendant", reason="仍不认可")
    refused = sitting.log("RefusalRecorded", "p-clerk", v=2, person="p-defendant", code="disagrees", reason="拒签")
    sitting.log("RefusalConfirmed", "p-judge", v=2, person="p-defendant", of=refused["header"]["seq"], reason="属实")
    sitting.tick(days=5)
    sitting.log("Unreachable", "p-clerk", v=2, person="p-agent", reason="未接电话")
    sitting.log("SigningSettled", "court", v=2)
    return sitting
