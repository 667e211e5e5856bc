"""Mutants of honest updates and of crashers: nothing dies, hangs or reads otherwise after a fresh load."""

import pytest

from tests.crdt_docs.fuzz import Fuzzer

MUTANTS = 25_000


@pytest.mark.parametrize("seed", [1, 2])
def test_mutants_never_crash_hang_or_part_the_copies(seed: int):
    fuzzer = Fuzzer(seed)
    fuzzer.run(MUTANTS)
    assert fuzzer.faults == []
    assert fuzzer.counts["Admitted"] > MUTANTS // 100, "hardly anything got as far as pycrdt"


def test_a_mutant_that_is_not_admitted_leaves_the_index_as_it_was():
    fuzzer = Fuzzer(3, every=1)
    fuzzer.run(3_000)
    assert fuzzer.faults == []
