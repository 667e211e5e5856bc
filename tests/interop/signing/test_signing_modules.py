"""The page's signing modules in node against the same in Python: tree, notes, envelopes, receipts, changes."""

import copy
import difflib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from crdt_docs.signing import checkpoint, content, envelope, keys, log_tree, merkle, receipt, statement
from tests.crdt_docs.signing.receipt_cases import CHANGES, RECEIPT, RECORD, SIGNER, older
from tests.harness.node import ROOT, NodeClient

SCRIPT = ROOT / "tests" / "interop" / "signing" / "signing_client.mjs"
HEARING, PERSON, NAME = "h-1", "p-1", "yunting/test"
COURT = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = checkpoint.vkey(NAME, COURT.public_key())
AT = "2026-03-02T01:30:00Z"


@pytest.fixture(scope="module")
def page() -> Iterator[NodeClient]:
    client = NodeClient(SCRIPT).start()
    yield client
    client.stop()


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(count)]


# --- the tree ---


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 31, 64, 100])
def test_root_and_inclusion_are_those_of_the_court(page: NodeClient, size: int) -> None:
    tree = leaves(size)
    root = merkle.root(tree)
    assert page.ask("root", leaves=[leaf.hex() for leaf in tree]) == root.hex()
    for index in {0, size // 2, size - 1}:
        proof = [node.hex() for node in merkle.inclusion(tree, index)]
        asked: dict[str, Any] = {"leaf": tree[index].hex(), "size": size, "hashes": proof, "root": root.hex()}
        assert page.ask("inside", index=index, **asked)
        assert not page.ask("inside", index=index, **{**asked, "leaf": "00" * 32})
        assert not page.ask("inside", index=index, **{**asked, "hashes": [*proof, "00" * 32]})
        assert not page.ask("inside", index=size, **asked)


# --- checkpoints ---


def note(size: int = 5) -> str:
    text = checkpoint.note(checkpoint.origin(HEARING), size, merkle.root(leaves(size)))
    return checkpoint.sign_note(text, NAME, COURT)


def test_a_note_of_the_court_is_right_and_any_other_is_wrong(page: NodeClient) -> None:
    found = page.ask("note", note=note(), vkey=VKEY)
    assert found["signed"] == "right"
    assert found["head"] == {
        "origin": checkpoint.origin(HEARING),
        "size": 5,
        "root": merkle.root(leaves(5)).hex(),
    }
    other = checkpoint.vkey(NAME, Ed25519PrivateKey.generate().public_key())
    for bad in (note().replace("\n5\n", "\n6\n"), note().split("\n\n")[0], ""):
        assert page.ask("note", note=bad, vkey=VKEY)["signed"] == "wrong"
    assert page.ask("note", note=note(), vkey=other)["signed"] == "wrong"
    assert page.ask("note", note=note(), vkey=VKEY.replace("+", "-", 1))["signed"] == "wrong"


# --- statements ---

STATEMENT: dict[str, Any] = {
    "schema": statement.SCHEMA,
    "hearing": HEARING,
    "version": 2,
    "content_sha256": "1" * 64,
    "update_sha256": "2" * 64,
    "state_sha256": "3" * 64,
    "pdf_sha256": "4" * 64,
    "person": {"id": PERSON, "name": "贺岚"},
    "role": "defendant",
    "scope": "whole",
    "time": "2026-03-02T01:30:00.000Z",
    "log_head": {"size": 3, "root": "5" * 64},
    "reservation": "对第三条保留意见 😀",
}


def test_an_envelope_of_the_page_opens_with_its_key_and_no_other(page: NodeClient) -> None:
    made = page.ask("seal", statement=STATEMENT)
    assert keys.fingerprint(made["jwk"]) == made["fingerprint"]
    opened = statement.open_statement(made["envelope"], made["jwk"])
    assert (opened.hearing, opened.version, opened.person.name) == (HEARING, 2, "贺岚")
    assert opened.reservation == STATEMENT["reservation"]
    other = keys.to_jwk(generate_private_key(SECP256R1()).public_key())
    with pytest.raises(envelope.BadEnvelope):
        statement.open_statement(made["envelope"], other)


# --- receipts ---


def issued(page: NodeClient) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """A receipt as the court hands it out, for an envelope of the page; and the key."""
    made = page.ask("seal", statement=STATEMENT)
    digest = statement.statement_sha256(statement.read_statement(made["envelope"]))
    payload = {"v": 2, "person": PERSON, "envelope": made["envelope"], "statement_sha256": digest}
    payload["reservation"] = STATEMENT["reservation"]
    header = log_tree.header(HEARING, 4, AT, "Signed", PERSON, {})
    salt = bytes(32)
    leaf = log_tree.leaf_of(header, salt, payload)
    tree = [*leaves(3), leaf, *leaves(2)]
    text = checkpoint.note(checkpoint.origin(HEARING), len(tree), merkle.root(tree))
    entry = {"header": header, "leaf": leaf.hex(), "salt": salt.hex(), "payload": payload}
    signed = checkpoint.sign_note(text, NAME, COURT)
    return receipt.make(entry, tree, signed, {PERSON: made["fingerprint"]}, VKEY), made["jwk"]


def wrong(page: NodeClient, given: Mapping[str, Any], jwk: Mapping[str, Any], **asked: Any) -> list[str]:
    known = {"sent": given.get("envelope"), "person": PERSON, "scope": "whole", "hearing": HEARING, "courtKey": VKEY}
    checks = page.ask("receipt", receipt=given, known={**known, "jwk": jwk, **asked})
    return [check["what"] for check in checks if check["is"] != "right"]


def test_the_page_and_the_court_agree_on_a_receipt(page: NodeClient) -> None:
    given, jwk = issued(page)
    assert receipt.verify_receipt(given, VKEY, jwk).person.id == PERSON
    assert wrong(page, given, jwk) == []


SENT = {name: change for name, change in CHANGES.items() if name != "a payload without end"}  # no json.dumps writes it


@pytest.mark.parametrize("change", SENT.values(), ids=SENT)
def test_the_page_takes_no_receipt_that_the_court_would_not(
    page: NodeClient, change: Callable[[dict[str, Any]], object]
) -> None:
    """Right after signing, when the page has the envelope that it sent, and on a later visit."""
    of_anna: dict[str, Any] = {"person": "anna", "courtKey": RECORD.vkey}
    assert wrong(page, RECEIPT, SIGNER.jwk, **of_anna) == []
    found = copy.deepcopy(RECEIPT)
    change(found)
    assert wrong(page, found, SIGNER.jwk, **of_anna)
    assert wrong(page, found, SIGNER.jwk, **of_anna, sent=RECEIPT["envelope"])


def test_the_page_takes_no_receipt_for_an_entry_that_is_older_than_the_log_it_knew(page: NodeClient) -> None:
    record, found = older()
    assert wrong(page, found, SIGNER.jwk, person="anna", courtKey=record.vkey) == ["entry"]


def test_a_receipt_that_was_touched_is_found_out(page: NodeClient) -> None:
    given, jwk = issued(page)
    other, other_jwk = issued(page)
    entry, proof = given["entry"], given["proof"]
    assert wrong(page, given, jwk, sent=other["envelope"]) == ["statement"]
    assert wrong(page, given, other_jwk) == ["statement"]
    assert wrong(page, given, jwk, scope="part") == ["statement"]
    assert wrong(page, given, jwk, person="p-2") == ["statement", "entry"]
    assert wrong(page, given, jwk, hearing="h-2") == ["statement", "entry", "checkpoint"]
    assert "entry" in wrong(page, {**given, "entry": {**entry, "salt": "11" * 32}}, jwk)
    assert wrong(page, {**given, "proof": {**proof, "index": 2}}, jwk) == ["proof"]
    assert wrong(page, {**given, "proof": {**proof, "hashes": proof["hashes"][1:]}}, jwk) == ["proof"]
    assert wrong(page, {**given, "checkpoint": note(6)}, jwk) == ["proof"]
    assert wrong(page, {**given, "court_key": "x"}, jwk) == ["checkpoint"]


# --- what is compared before a signature ---

PERSONS = [content.Person("p-1", "defendant", "贺岚"), content.Person("p-2", "witness", "梁柏年")]
DIGESTS = {"update_sha256": "2" * 64, "state_sha256": "3" * 64, "pdf_sha256": "4" * 64}


def turn(name: str, speaker: str, words: str) -> dict[str, Any]:
    facts = {"id": name, "kind": "speech", "speaker": speaker, "role": "被", "at": AT, "origin": ""}
    return {**facts, "runs": [{"text": words}]}


def logged(payload: dict[str, Any]) -> dict[str, Any]:
    """The entry of a version as the control channel tells it."""
    header, salt = log_tree.header(HEARING, 3, AT, "Frozen", "", {}), bytes(32)
    leaf = log_tree.leaf_of(header, salt, payload)
    return {"header": header, "leaf": leaf.hex(), "salt": salt.hex(), "payload": payload}


def evidence(copy: Any, served: Any, **other: Any) -> dict[str, Any]:
    text = content.content(HEARING, "1号", PERSONS, [turn("a", "p-1", "借款二十万元"), turn("b", "p-2", "我看见了")])
    whole, own = content.content_sha256(text), content.content_sha256(content.part(text, "p-2"))
    frozen = {"v": 1, "seq": 3, "of": 2, "content_sha256": whole, **DIGESTS}
    signers = [
        {"person": "p-1", "role": "defendant", "scope": "whole"},
        {"person": "p-2", "role": "witness", "scope": "part", "part_sha256": own},
    ]
    known = {
        "person": "p-1",
        "scope": "whole",
        "part": "",
        "frozen": frozen,
        "entry": logged({**frozen, "signers": signers}),
        "isWithheld": False,
        "pdf": frozen["pdf_sha256"],
        "copy": copy(text),
        "served": content.encode(served(text)).decode(),
    }
    return {**known, **{key: make(text, own) for key, make in other.items()}}


def same(text: Any) -> Any:
    return text


def changed(text: Any) -> Any:
    return {**text, "blocks": [turn("a", "p-1", "借款三十万元"), *text["blocks"][1:]]}


def renamed(text: Any) -> Any:
    return {**text, "people": [{**person, "name": "某人"} for person in text["people"]]}


def compared(page: NodeClient, given: Mapping[str, Any]) -> tuple[bool, list[str]]:
    found = page.ask("compare", **given)
    return found["all"], [what for what, agrees in found["agrees"].items() if not agrees]


def test_what_agrees_everywhere_may_be_signed(page: NodeClient) -> None:
    assert compared(page, evidence(same, same)) == (True, [])


@pytest.mark.parametrize("lie", [changed, renamed])
def test_a_text_that_is_another_in_one_place_may_not_be_signed(page: NodeClient, lie: Any) -> None:
    assert compared(page, evidence(lie, same)) == (False, ["copy"])
    assert compared(page, evidence(same, lie)) == (False, ["served"])


def test_without_an_own_copy_or_in_another_form_nothing_is_signed(page: NodeClient) -> None:
    assert compared(page, evidence(lambda _: None, same)) == (False, ["copy"])
    given = evidence(same, same)
    assert compared(page, {**given, "served": given["served"] + " "}) == (False, ["served"])


def test_log_and_printed_form_must_be_of_the_same_version(page: NodeClient) -> None:
    given = evidence(same, same)
    entry = given["entry"]["payload"]
    assert compared(page, {**given, "entry": logged({**entry, "pdf_sha256": "9" * 64})}) == (False, ["log"])
    assert compared(page, {**given, "entry": logged({**entry, "signers": []})}) == (False, ["log"])
    assert compared(page, {**given, "pdf": "9" * 64}) == (False, ["pdf"])
    assert compared(page, {**given, "pdf": ""}) == (False, ["pdf"])


def test_an_entry_that_is_not_there_or_says_nothing_or_something_else_than_its_leaf_is_none(page: NodeClient) -> None:
    given = evidence(same, same)
    entry = given["entry"]
    nothing = {"header": entry["header"], "leaf": entry["leaf"]}
    others = ({**entry, "leaf": "9" * 64}, {**entry, "salt": "9" * 64}, {**entry, "salt": None})
    for lie in (None, nothing, *others, {**entry, "header": {**entry["header"], "kind": "Objected"}}):
        assert compared(page, {**given, "entry": lie}) == (False, ["log"])
    # isolated when it was written: the entry is there without its words, and the own copy stands for it
    assert compared(page, {**given, "entry": nothing, "isWithheld": True}) == (True, [])


def test_a_part_is_compared_with_the_digest_of_that_part(page: NodeClient) -> None:
    def own(text: Any) -> Any:
        return content.part(text, "p-2")

    given = evidence(lambda _: None, own, part=lambda _, digest: digest)
    of_witness = {**given, "person": "p-2", "scope": "part"}
    assert compared(page, of_witness) == (True, [])
    assert compared(page, {**of_witness, "part": "0" * 64}) == (False, ["log", "served"])
    assert compared(page, {**of_witness, "part": ""}) == (False, ["log", "served"])


# --- what differs between versions ---

words = st.text(alphabet="甲乙丙ab1 ，。", max_size=14)


@settings(max_examples=150)
@given(words, words)
def test_pieces_of_two_texts_give_both_texts_back(page: NodeClient, before: str, after: str) -> None:
    pieces = page.ask("pieces", before=before, after=after)
    assert "".join(one["text"] for one in pieces if one["is"] != "added") == before
    assert "".join(one["text"] for one in pieces if one["is"] != "removed") == after
    kept = sum(len(one["text"]) for one in pieces if one["is"] == "same")
    assert kept == 0 or any(block.size for block in difflib.SequenceMatcher(None, before, after).get_matching_blocks())


def read(name: str, text: str) -> dict[str, str]:
    return {"id": name, "kind": "speech", "speaker": "p-1", "role": "原", "at": AT, "text": text}


def test_added_removed_and_changed_turns_stand_in_the_order_of_the_text(page: NodeClient) -> None:
    older = [read("a", "同"), read("b", "借款二十万元"), read("c", "删"), read("d", "尾")]
    newer = [read("a", "同"), read("b", "借款三十万元"), read("n", "新"), read("d", "尾")]
    found = page.ask("differences", older=older, newer=newer)
    assert [(one["is"], one["turn"]["id"]) for one in found] == [("changed", "b"), ("added", "n"), ("removed", "c")]
    changed_one = next(one for one in found if one["is"] == "changed")
    assert [(one["is"], one["text"]) for one in changed_one["pieces"]] == [
        ("same", "借款"),
        ("removed", "二"),
        ("added", "三"),
        ("same", "十万元"),
    ]
    assert page.ask("differences", older=older, newer=older) == []


def test_a_turn_of_another_speaker_differs_although_its_words_do_not(page: NodeClient) -> None:
    found = page.ask("differences", older=[read("a", "同")], newer=[{**read("a", "同"), "speaker": "p-2"}])
    assert [(one["is"], [piece["is"] for piece in one["pieces"]]) for one in found] == [("changed", ["same"])]
