"""A signer's receipt: the envelope, its entry in the log, the proof that the entry lies under a signed tree head.

Checked with the receipt, the court's key and the signer's key alone. Fetches nothing and asks nobody.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from . import checkpoint, log_tree, merkle
from .keys import fingerprint
from .statement import Statement, open_statement, statement_sha256

SCHEMA = "yunting.receipt/1"
KEYS = {"schema", "envelope", "entry", "proof", "checkpoint", "keys", "court_key"}
ENTRY_KEYS = {"header", "leaf", "salt", "payload"}

Receipt = dict[str, Any]
Entry = Mapping[str, Any]


class BadReceipt(ValueError):
    """The receipt does not prove what it says; the message names the broken link."""


def make(
    entry: Entry, leaves: Sequence[bytes], signed_checkpoint: str, keys: Mapping[str, str], court_vkey: str
) -> Receipt:
    """`entry`: the `Signed` entry as GET …/log gives it; `leaves`: the leaf hashes under the checkpoint; `keys`:
    person -> fingerprint of everybody whose key is bound."""
    index = int(entry["header"]["seq"]) - 1
    hashes = [node.hex() for node in merkle.inclusion(leaves, index)]
    return {
        "schema": SCHEMA,
        "envelope": entry["payload"]["envelope"],
        "entry": {key: entry[key] for key in sorted(ENTRY_KEYS)},
        "proof": {"index": index, "size": len(leaves), "hashes": hashes},
        "checkpoint": signed_checkpoint,
        "keys": [{"person": person, "fingerprint": print_} for person, print_ in sorted(keys.items())],
        "court_key": court_vkey,
    }


def verify_receipt(receipt: Mapping[str, Any], court_vkey: str, jwk: Mapping[str, Any]) -> Statement:
    """The statement that the receipt proves to stand in the log. Raises BadReceipt, or the error of the broken part
    (BadEnvelope, BadStatement, BadNote, BadKey), all of them ValueError."""
    try:
        _require(set(receipt) == KEYS and receipt["schema"] == SCHEMA, "this is no receipt of this kind")
        statement = open_statement(receipt["envelope"], jwk)
        _check_keys(receipt, court_vkey, statement, jwk)
        _check_entry(receipt, statement)
        _check_proof(receipt, court_vkey, statement)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadReceipt(f"the receipt lacks a part or has one of another form: {error}") from None
    return statement


def _require(is_so: bool, sentence: str) -> None:
    if not is_so:
        raise BadReceipt(sentence)


def _check_keys(receipt: Mapping[str, Any], court_vkey: str, statement: Statement, jwk: Mapping[str, Any]) -> None:
    _require(receipt["court_key"] == court_vkey, "the receipt names another key of the court")
    own = {"person": statement.person.id, "fingerprint": fingerprint(jwk)}
    _require(own in receipt["keys"], "the signer's key is not among the keys that the receipt names")


def _check_entry(receipt: Mapping[str, Any], statement: Statement) -> None:
    """The entry is the signer's own, holds this very envelope and has the leaf that it says."""
    entry = receipt["entry"]
    header, payload = entry["header"], entry["payload"]
    said = (header["hearing"], header["kind"], header["actor"], payload["person"], payload["v"])
    person = statement.person.id
    _require(said == (statement.hearing, "Signed", person, person, statement.version), "the entry is another one's")
    _require(payload["envelope"] == receipt["envelope"], "the entry holds another envelope")
    _require(payload["statement_sha256"] == statement_sha256(statement), "the entry names another statement")
    drawn = (payload.get("handwriting_sha256"), payload.get("reservation"))
    _require(drawn == (statement.handwriting_sha256, statement.reservation), "the entry adds to the statement")
    leaf = log_tree.leaf_of(header, bytes.fromhex(entry["salt"]), payload)
    _require(set(entry) == ENTRY_KEYS and leaf.hex() == entry["leaf"], "the entry does not make its leaf")
    _require(header["seq"] > statement.log_head.size, "the entry is older than the log that the signer knew")


def _check_proof(receipt: Mapping[str, Any], court_vkey: str, statement: Statement) -> None:
    proof, entry = receipt["proof"], receipt["entry"]
    index, size = proof["index"], proof["size"]
    head = checkpoint.open_checkpoint(receipt["checkpoint"], court_vkey, checkpoint.origin(statement.hearing))
    _require(set(proof) == {"index", "size", "hashes"} and size == head.size, "the proof is over another tree")
    _require(index == entry["header"]["seq"] - 1, "the proof is that of another entry")
    path = [bytes.fromhex(node) for node in proof["hashes"]]
    _require([node.hex() for node in path] == proof["hashes"], "a hash of the proof is not written in its one form")
    leaf = bytes.fromhex(entry["leaf"])
    _require(merkle.verify_inclusion(leaf, index, size, path, head.root), "the proof does not lead to the signed root")
