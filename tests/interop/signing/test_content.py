"""What a browser signs is what the server freezes: the page's own code in node, on fixed and on random transcripts."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt_docs.document import Document
from crdt_docs.signing.content import Person, content, content_sha256, part
from crdt_docs.signing.state import rebuild, state_sha256
from crdt_docs.transcript import blocks
from tests.crdt_docs.signing.digest_cases import CASE, FIXTURE, HEARING
from tests.harness.node import ROOT, NodeClient, NodeFailed

CASES = json.loads(FIXTURE.read_text(encoding="utf-8"))
SCRIPT = ROOT / "tests" / "interop" / "signing" / "digests.mjs"
PEOPLE = (Person("p-2", "witness", "吴证"), Person("p-1", "presiding_judge", "张审"))


@pytest.fixture(scope="module")
def page() -> Iterator[NodeClient]:
    client = NodeClient(SCRIPT).start()
    yield client
    client.stop()


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_page_signs_the_fixed_transcripts_as_the_server_does(page: NodeClient, case: dict[str, Any]) -> None:
    found = page.ask("digest", **case)
    assert {key: found[key] for key in ("content_sha256", "jcs_sha256")} == {
        key: case[key] for key in ("content_sha256", "jcs_sha256")
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_replica_in_yjs_encodes_itself_otherwise_but_has_the_same_state(
    page: NodeClient, case: dict[str, Any]
) -> None:
    found = base64.b64decode(page.ask("digest", **case)["update"])
    assert state_sha256(found) == case["state_sha256"]


@settings(max_examples=60)
@given(st.integers(0, 2**31), st.integers(1, 60), st.integers(1, 3))
def test_random_transcripts_of_yjs_are_signed_alike(page: NodeClient, seed: int, steps: int, writers: int) -> None:
    written = page.ask("write", seed=seed, steps=steps, writers=writers)
    updates = [base64.b64decode(update) for update in written["updates"]]
    whole = rebuild("h/transcript", updates)
    assert state_sha256(whole) == state_sha256(base64.b64decode(written["whole"]))
    document = Document("h/transcript")
    document.apply(whole)
    signed = content(HEARING, CASE, PEOPLE, blocks(document.doc))
    people = [{"id": one.id, "role": one.role, "name": one.name} for one in PEOPLE]
    known = {"hearing": HEARING, "case": CASE, "people": people, "update": written["whole"]}
    assert page.ask("digest", part=None, **known)["content_sha256"] == content_sha256(signed)
    assert page.ask("digest", part="p-2", **known)["content_sha256"] == content_sha256(part(signed, "p-2"))


def test_the_page_signs_no_half_of_a_pair_and_nobody_twice(page: NodeClient) -> None:
    assert page.ask("refuse", json=json.dumps("\U0002a6a5"))
    with pytest.raises(NodeFailed, match="surrogate"):
        page.ask("refuse", json=json.dumps("\ud869"))
    with pytest.raises(NodeFailed, match="twice"):
        page.ask("digest", **{**CASES[0], "people": CASES[0]["people"][:1] * 2})
