"""A receipt that is right, and each way in which one could be made up: what Python and the page must judge alike."""

import copy
from collections.abc import Callable
from typing import Any

from crdt_docs.signing import checkpoint, log_tree, merkle
from crdt_docs.signing.content import Person
from crdt_docs.signing.statement import LogHead
from tests.crdt_docs.signing.paper import COURT, Record, Signer, sha

EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNER, RECORD = Signer(), Record()
STATED = SIGNER.states(handwriting_sha256=sha("hand"))
ENTRY = RECORD.signed(SIGNER, STATED)
OTHER = Signer(Person("bert", "defendant", "伯特"))
OTHER_ENTRY = RECORD.signed(OTHER, OTHER.states())
RECEIPT = RECORD.receipt(ENTRY, SIGNER, OTHER)


def _payload(found: dict[str, Any], **members: Any) -> None:
    """Another payload, with the leaf that it makes."""
    entry = found["entry"]
    entry["payload"].update(members)
    entry["leaf"] = log_tree.leaf_of(entry["header"], bytes.fromhex(entry["salt"]), entry["payload"]).hex()


def _elsewhere() -> str:
    """The same root, as the court would sign it for another hearing."""
    text = checkpoint.note("yunting/h-2", len(RECORD.leaves), merkle.root(RECORD.leaves))
    return checkpoint.sign_note(text, COURT, RECORD.court)


def _deep(depth: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another schema": lambda found: found.update(schema="yunting.receipt/2"),
    "another member": lambda found: found.update(more=1),
    "a member less": lambda found: found.pop("keys"),
    "a null entry": lambda found: found.update(entry=None),
    "another key of the court": lambda found: found.update(court_key=EXAMPLE_KEY),
    "the signer's key missing": lambda found: found["keys"].pop(0),
    "the signer's key another's": lambda found: found["keys"][0].update(person="bert"),
    "another one's entry": lambda found: found.update(entry=copy.deepcopy(OTHER_ENTRY)),
    "an entry of another kind": lambda found: found["entry"]["header"].update(kind="Objected"),
    "an entry of another hearing": lambda found: found["entry"]["header"].update(hearing="h-2"),
    "an entry of another time": lambda found: found["entry"]["header"].update(at="2026-03-02T09:31:00+08:00"),
    "another salt": lambda found: found["entry"].update(salt="00" * 32),
    "a payload with more": lambda found: _payload(found, reason="more"),
    "a payload of another version": lambda found: _payload(found, v=2),
    "a payload with a reservation": lambda found: _payload(found, reservation="no"),
    "a payload with other handwriting": lambda found: _payload(found, handwriting_sha256=sha("other")),
    "a payload with another envelope": lambda found: _payload(found, envelope=OTHER_ENTRY["payload"]["envelope"]),
    "a payload that names another statement": lambda found: _payload(found, statement_sha256=sha("other")),
    "a payload without end": lambda found: found["entry"]["payload"].update(reason=_deep(5000)),
    "another index": lambda found: found["proof"].update(index=2),
    "another size": lambda found: found["proof"].update(size=6),
    "a hash less": lambda found: found["proof"]["hashes"].pop(),
    "a hash more": lambda found: found["proof"]["hashes"].append("00" * 32),
    "a hash in capitals": lambda found: found["proof"]["hashes"].__setitem__(0, found["proof"]["hashes"][0].upper()),
    "a hash that is none": lambda found: found["proof"]["hashes"].__setitem__(0, "zz"),
    "an unsigned checkpoint": lambda found: found.update(checkpoint=found["checkpoint"].split("— ")[0]),
    "a checkpoint of another hearing": lambda found: found.update(checkpoint=_elsewhere()),
    "another one's envelope": lambda found: found.update(envelope=OTHER_ENTRY["payload"]["envelope"]),
}


def older() -> tuple[Record, dict[str, Any]]:
    """A log, and a receipt for a statement that knew more of it than there was before its entry."""
    record = Record()
    entry = record.signed(SIGNER, SIGNER.states(log_head=LogHead(9, sha("root"))))
    return record, record.receipt(entry, SIGNER)
