"""What is signed of a transcript: the fixture's digests, the canonical bytes by hand, a part."""

import base64
import hashlib
import json
from typing import Any

import pytest

from crdt_docs.document import Document
from crdt_docs.signing.content import Person, content, content_sha256, digest_of, encode, part
from crdt_docs.signing.state import state_sha256
from crdt_docs.transcript import blocks
from tests.crdt_docs.signing.digest_cases import AT, CASES, FIXTURE, HEARING, PEOPLE, case_of, questions

FIXED = json.loads(FIXTURE.read_text(encoding="utf-8"))
DIGESTS = ("content_sha256", "jcs_sha256", "state_sha256")


@pytest.mark.parametrize("case", FIXED, ids=[case["name"] for case in FIXED])
def test_the_fixed_transcripts_are_signed_as_they_always_were(case: dict[str, Any]) -> None:
    document = Document("h/transcript")
    document.apply(base64.b64decode(case["update"]))
    people = [Person(**person) for person in case["people"]]
    whole = content(case["hearing"], case["case"], people, blocks(document.doc))
    signed = whole if case["part"] is None else part(whole, case["part"])
    assert content_sha256(signed) == case["content_sha256"]
    assert hashlib.sha256(encode(signed)).hexdigest() == case["jcs_sha256"]
    assert digest_of(encode(signed)) == case["content_sha256"]
    assert state_sha256(document.diff()) == case["state_sha256"]


def test_the_fixture_is_what_its_maker_makes() -> None:
    made = [case_of(name) for name in CASES]
    assert [[case[key] for key in DIGESTS] for case in made] == [[case[key] for key in DIGESTS] for case in FIXED]
    assert len({case["content_sha256"] for case in FIXED}) == len(FIXED)


BLOCK = {
    **{"id": "t1", "kind": "speech", "speaker": "b", "role": "审", "at": AT, "origin": ""},
    "runs": [{"text": "“好”\\"}, {"text": ""}, {"text": "𪩪", "bold": True, "unsure": {"at": AT}}],
}


def test_the_canonical_bytes_are_these() -> None:
    people = [Person("b", "judge", "乙"), Person("a", "clerk", "甲")]
    expected = (
        '{"blocks":[{"at":"2026-03-02T09:30:00+08:00","id":"t1","kind":"speech","origin":"","role":"审","runs":'
        '[{"text":"“好”\\\\"},{"bold":true,"text":"𪩪","unsure":{"at":"2026-03-02T09:30:00+08:00"}}],"speaker":"b"}],'
        '"case":"（2026）1号","hearing":"h-1","people":[{"id":"a","name":"甲","role":"clerk"},'
        '{"id":"b","name":"乙","role":"judge"}],"schema":"yunting.transcript/1"}'
    ).encode()
    made = content("h-1", "（2026）1号", people, [BLOCK])
    assert encode(made) == expected
    assert content_sha256(made) == hashlib.sha256(b"yunting.transcript/1\x00" + expected).hexdigest()


def test_every_member_is_bound() -> None:
    def signed(hearing: str = "h", case: str = "c", person: Person = PEOPLE[0], **block: Any) -> str:
        return content_sha256(content(hearing, case, [person], [{**BLOCK, **block}]))

    same = [signed(), signed(runs=[run for run in BLOCK["runs"] if run["text"]])]
    others = [
        signed(hearing="i"),
        signed(case="d"),
        *(signed(person=person) for person in (PEOPLE[1], Person("p-z", "judge", "张审"), Person("p-z", "x", "张"))),
        *(signed(**{key: "x"}) for key in ("id", "kind", "speaker", "role", "at", "origin")),
        signed(runs=[{"text": "“好”\\𪩪"}]),
        signed(runs=[]),
    ]
    assert len(set(same)) == 1
    assert len({*same, *others}) == 1 + len(others)


def test_nobody_is_named_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        content("h", "c", [PEOPLE[0], Person("p-z", "clerk", "另")], [])


def test_a_part_is_what_was_said_and_what_was_asked_before() -> None:
    whole = content(HEARING, "c", PEOPLE, blocks(questions()))
    own = part(whole, "p-W")
    assert [block["id"] for block in own["blocks"]] == ["t2", "t3", "t4", "t6", "t8"]
    assert (own["part"], own["people"]) == ("p-W", whole["people"])
    assert part(whole, "p-a")["blocks"] == []
    assert "part" not in whole


def test_a_part_stays_what_it_is_when_others_turns_change() -> None:
    """So that after a correction elsewhere a part's signature holds on."""
    whole = content(HEARING, "c", PEOPLE, blocks(questions()))
    changed = json.loads(json.dumps(whole))
    changed["blocks"][8]["runs"] = [{"text": "改"}]
    assert content_sha256(part(changed, "p-W")) == content_sha256(part(whole, "p-W"))
    changed["blocks"][1]["runs"] = [{"text": "改"}]
    assert content_sha256(part(changed, "p-W")) != content_sha256(part(whole, "p-W"))
