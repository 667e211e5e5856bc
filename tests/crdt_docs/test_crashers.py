"""Updates that crashed, hung or corrupted bare pycrdt: not one of the hostile ones gets in, the honest ones do."""

import json
from pathlib import Path

import pytest

from crdt_docs.document import Document
from crdt_docs.gate import Admitted, Bindings, Frame, Gap, Gate, Refused, Writer
from crdt_docs.shapes import ANNOTATIONS, TRANSCRIPT
from tests.crdt_docs.world import NOW, snapshot, vector

CRASHERS = json.loads((Path(__file__).parents[1] / "fixtures" / "crashers.json").read_text())["crashers"]


def shape_of(update: bytes):
    return ANNOTATIONS if b"annotations" in update else TRANSCRIPT


@pytest.mark.parametrize("crasher", CRASHERS, ids=[crasher["name"] for crasher in CRASHERS])
def test_a_crasher_changes_nothing(crasher: dict):
    """The first update fills the index as from a log where its shape is ours; the others come from a stranger."""
    updates = [bytes.fromhex(update) for update in crasher["updates"]]
    gate, document = Gate(shape_of(updates[0]), Bindings()), Document("h/x")
    if replays(gate, updates[0]):
        document.apply(updates.pop(0))
    before = snapshot(gate)
    for data in updates:
        for frame in Frame:
            verdict = gate.admit(data, Writer("mallory", True), frame, NOW)
            assert isinstance(verdict, Refused | Gap), verdict
    assert snapshot(gate) == before
    assert vector(document.state_vector()) == gate.state_vector()


def replays(gate: Gate, update: bytes) -> bool:
    before = snapshot(gate)
    try:
        gate.replay(update, "anna")
    except ValueError:
        assert snapshot(gate) == before
        return False
    return True


def test_a_stolen_clock_is_refused_and_the_owner_types_on():
    crasher = next(crasher for crasher in CRASHERS if crasher["name"] == "stolen-clock")
    first, stolen, *honest = map(bytes.fromhex, crasher["updates"])
    gate, document = Gate(TRANSCRIPT, Bindings()), Document("h/transcript")
    gate.replay(first, "anna")
    document.apply(first)
    verdict = gate.admit(stolen, Writer("mallory", True), Frame.UPDATE, NOW)
    assert isinstance(verdict, Refused) and verdict.code == "forbidden"
    for data in honest:
        verdict = gate.admit(data, Writer("anna", True), Frame.UPDATE, NOW)
        assert isinstance(verdict, Admitted), verdict
        document.apply(verdict.update)
    assert vector(document.state_vector()) == gate.state_vector()
