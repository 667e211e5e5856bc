"""The short path for keystrokes and the long path for everything give the same verdict and the same index."""

import random

import pytest

from crdt_docs.gate import Bindings, Frame, Gate, Writer
from crdt_docs.shapes import TRANSCRIPT
from tests.crdt_docs.fuzz import honest_transcript
from tests.crdt_docs.mutants import mutant
from tests.crdt_docs.world import NOW, snapshot


class LongWay(Gate):
    """A gate that takes the long path always."""

    def admit(self, data, writer, frame, now):
        return self._judge(data, writer, frame, now)


@pytest.mark.parametrize("seed", range(12))
def test_both_paths_agree_on_honest_updates_and_on_mutants(seed: int):
    rng = random.Random(seed)
    short, long = Gate(TRANSCRIPT, Bindings()), LongWay(TRANSCRIPT, Bindings())
    taken = 0
    for person, data in honest_transcript(seed):
        mutants = [mutant(rng, data, short.state_vector()) for _ in range(6)]
        for update in (*mutants, data):
            verdicts = [gate.admit(update, Writer(person, True), Frame.UPDATE, NOW) for gate in (short, long)]
            assert (
                verdicts[0] == verdicts[1]._replace(parts=verdicts[0].parts)
                if hasattr(verdicts[1], "parts")
                else verdicts[0] == verdicts[1]
            )
            taken += hasattr(verdicts[0], "parts") and not verdicts[0].parts.structs
        assert snapshot(short) == snapshot(long)
    assert taken > 10
