"""Checkpoints as signed notes, and receipts: what they prove, and each way in which one could be made up."""

import copy
import hashlib
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crdt_docs.signing import checkpoint, merkle, receipt
from crdt_docs.signing.checkpoint import BadNote
from crdt_docs.signing.keys import BadKey
from tests.crdt_docs.signing.paper import COURT, HEARING, Record
from tests.crdt_docs.signing.receipt_cases import CHANGES, EXAMPLE_KEY, OTHER, RECEIPT, RECORD, SIGNER, STATED, older

# the example of golang.org/x/mod/sumdb/note, whose form C2SP signed-note took over
EXAMPLE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
EXAMPLE = (
    EXAMPLE_TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    "\n"
)


def test_the_example_of_the_signed_notes_opens() -> None:
    assert checkpoint.open_note(EXAMPLE, EXAMPLE_KEY) == EXAMPLE_TEXT


SEED = bytes(range(32))
KEY = Ed25519PrivateKey.from_private_bytes(SEED)
VKEY = checkpoint.vkey("court.example/1", KEY.public_key())
TEXT = "yunting/h-1\n3\nNmBZvMYNYGTQJ3qWkGPS9PjOdgfk8wgDOWAbNPn6lAg=\n"
NOTE = checkpoint.sign_note(TEXT, "court.example/1", KEY)


def test_a_checkpoint_is_signed_as_it_was_from_the_first_one_on() -> None:
    """Ed25519 is deterministic: these bytes may never change."""
    raw = KEY.public_key().public_bytes_raw()
    key_id = hashlib.sha256(b"court.example/1\n\x01" + raw).digest()[:4]
    encoded = b64encode(b"\x01" + raw).decode()
    assert f"court.example/1+{key_id.hex()}+{encoded}" == VKEY
    signature = b64encode(key_id + KEY.sign(TEXT.encode())).decode()
    assert f"{TEXT}\n— court.example/1 {signature}\n" == NOTE
    assert checkpoint.read_vkey(VKEY)[0] == "court.example/1"


def test_a_checkpoint_says_origin_size_and_root() -> None:
    root = merkle.root([bytes(32)] * 3)
    text = checkpoint.note(checkpoint.origin(HEARING), 3, root)
    signed = checkpoint.sign_note(text, "court.example/1", KEY)
    found = checkpoint.open_checkpoint(signed, VKEY, "yunting/h-1")
    assert (found.origin, found.size, found.root) == ("yunting/h-1", 3, root)
    with pytest.raises(BadNote, match="not of yunting/h-2"):
        checkpoint.open_checkpoint(signed, VKEY, "yunting/h-2")


NO_CHECKPOINTS = (
    "", "yunting/h-1\n3\n", TEXT + "more\n", TEXT.replace("\n3\n", "\n03\n"), TEXT.replace("\n3\n", "\n-3\n"),
    TEXT.replace("=\n", "\n"), TEXT.replace("lAg=", "lAh="), "yunting/h-1\n3\nAAAA\n", TEXT.replace("\n3\n", "\n３\n"),
)  # fmt: skip


@pytest.mark.parametrize("text", NO_CHECKPOINTS)
def test_no_other_text_is_a_checkpoint(text: str) -> None:
    with pytest.raises(BadNote):
        checkpoint.read_note(text)


def test_signatures_of_others_are_passed_over() -> None:
    """A witness signs the same text in a line of its own."""
    other = Ed25519PrivateKey.generate()
    line = checkpoint.sign_note(TEXT, "witness", other).removeprefix(TEXT + "\n")
    both = NOTE + line
    assert checkpoint.open_note(both, VKEY) == TEXT
    assert checkpoint.open_note(both, checkpoint.vkey("witness", other.public_key())) == TEXT
    assert [name for name, _ in checkpoint.signatures(both)] == ["court.example/1", "witness"]


BAD_NOTES: dict[str, str] = {
    "another text": NOTE.replace("\n3\n", "\n4\n"),
    "no signature": TEXT + "\n",
    "a signature twice": NOTE + NOTE.removeprefix(TEXT + "\n"),
    "no last line": NOTE[:-1],
    "no empty line": NOTE.replace("\n\n", "\n"),
    "another name": NOTE.replace("court.example/1 ", "court.example/2 "),
    "a line of another kind": NOTE + "hello\n",
    "a signature that is no base64": NOTE + "— witness A?==\n",
    "an empty signature": NOTE + "— witness AAAA\n",
    "another dash": NOTE.replace("— ", "- "),
    "too many signatures": NOTE + "— witness AAAAAAAAAAAA\n" * 16,
    "a control character": NOTE.replace("\n3\n", "\n3\r\n"),
}


@pytest.mark.parametrize("note", BAD_NOTES.values(), ids=BAD_NOTES)
def test_no_other_note_opens(note: str) -> None:
    with pytest.raises(BadNote):
        checkpoint.open_note(note, VKEY)


def test_another_key_of_the_same_name_opens_nothing() -> None:
    with pytest.raises(BadNote, match="0 times"):
        checkpoint.open_note(NOTE, checkpoint.vkey("court.example/1", Ed25519PrivateKey.generate().public_key()))


NO_VKEYS = (
    "", "name", VKEY + "\n", VKEY.replace("+", " "), VKEY[:-1], EXAMPLE_KEY.replace("c74f20a3", "c74f20a4"),
    "n+00000000+AAAA", "n+00000000+AgAA", "n+00000000+A?==", "n+00000000+AQA=",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_VKEYS)
def test_no_other_text_is_a_key_for_verifying(text: str) -> None:
    with pytest.raises(BadKey):
        checkpoint.read_vkey(text)


@pytest.mark.parametrize("text", ["no end", "a\x00b\n", "a\tb\n", ""])
def test_text_that_is_no_note_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError, match="text of a note"):
        checkpoint.sign_note(text, COURT, KEY)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n"])
def test_names_that_would_break_a_note_are_not_taken(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        checkpoint.sign_note(TEXT, name, KEY)


def test_a_receipt_proves_the_statement_to_stand_in_the_log() -> None:
    assert receipt.verify_receipt(RECEIPT, RECORD.vkey, SIGNER.jwk) == STATED
    assert set(RECEIPT) == receipt.KEYS
    assert RECEIPT["proof"]["index"] == 3
    assert RECEIPT["proof"]["size"] == 5
    assert [key["person"] for key in RECEIPT["keys"]] == ["anna", "bert"]


def test_a_log_without_the_entry_cannot_show_it() -> None:
    """An entry dropped from the end: the receipt's checkpoint and the shorter log disagree."""
    head = checkpoint.open_checkpoint(RECEIPT["checkpoint"], RECORD.vkey, "yunting/h-1")
    shorter = [*RECORD.leaves[:3], RECORD.leaves[4]]
    path = merkle.consistency(shorter, 3, 4)
    assert not merkle.verify_consistency(head.size, 4, head.root, merkle.root(shorter), path)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_changed_receipt_proves_anything(change: Callable[[dict[str, Any]], object]) -> None:
    found = copy.deepcopy(RECEIPT)
    change(found)
    assert found != RECEIPT
    with pytest.raises(ValueError):
        receipt.verify_receipt(found, RECORD.vkey, SIGNER.jwk)


def test_a_receipt_of_another_court_or_signer_proves_nothing() -> None:
    with pytest.raises(receipt.BadReceipt, match="another key of the court"):
        receipt.verify_receipt(RECEIPT, Record().vkey, SIGNER.jwk)
    with pytest.raises(ValueError, match="names another key"):
        receipt.verify_receipt(RECEIPT, RECORD.vkey, OTHER.jwk)


def test_a_statement_that_knew_a_longer_log_than_its_entry_proves_nothing() -> None:
    record, found = older()
    with pytest.raises(receipt.BadReceipt, match="older"):
        receipt.verify_receipt(found, record.vkey, SIGNER.jwk)
