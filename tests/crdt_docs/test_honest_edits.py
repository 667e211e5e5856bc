"""Whatever clerks honestly do is admitted, and the index says what the Doc says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from crdt_docs.document import Document
from crdt_docs.gate import Gate
from crdt_docs.updates import merge
from tests.crdt_docs.world import (
    Clerk,
    Server,
    content,
    deletions,
    honest,
    index_deletions,
    living_turns,
    snapshot,
    vector,
)

STEP = st.tuples(st.integers(0, 2), st.integers(0, 19), st.integers(0, 40), st.integers(0, 40))


def play(steps: list[tuple[int, int, int, int]], skip_gc: bool) -> tuple[Server, list[Clerk]]:
    server = Server()
    clerks = [
        Clerk(server, "clerk-1", 5, skip_gc),
        Clerk(server, "clerk-2", 2**52 + 7, skip_gc),
        Clerk(server, "clerk-1", 90_000, skip_gc),
    ]
    clerks[0].add(0, 1)
    clerks[0].add(1, 2)
    for clerk in clerks:
        assert honest(clerk.send(99))
        clerk.receive(99)
    for who, kind, a, b in steps:
        clerk = clerks[who]
        if kind < 12:
            clerk.edit(kind, a, b)
        elif kind < 15:
            verdicts = clerk.send(1 + a)
            assert honest(verdicts), verdicts
        elif kind < 18:
            clerk.receive(1 + a)
        else:
            verdicts = clerk.reconnect()
            assert honest(verdicts), verdicts
    for clerk in clerks:
        verdicts = clerk.send(9_999)
        assert honest(verdicts), verdicts
    for clerk in clerks:
        clerk.receive(9_999)
        verdicts = clerk.reconnect()
        assert honest(verdicts), verdicts
    return server, clerks


@settings(max_examples=300)
@given(st.lists(STEP, max_size=60), st.booleans())
def test_honest_edits_are_never_refused_and_the_index_agrees_with_the_doc(steps, skip_gc):
    server, clerks = play(steps, skip_gc)
    state = server.document.diff()
    assert server.gate.state_vector() == vector(server.document.state_vector())
    assert index_deletions(server.gate) == deletions(state)
    ours = sorted(map(repr, (sorted(turn.items()) for turn in living_turns(server.gate))))
    assert ours == sorted(repr(sorted(turn.items())) for turn, _ in content(server.document.doc))
    for clerk in clerks:
        assert content(clerk.doc) == content(server.document.doc)


@settings(max_examples=100)
@given(st.lists(STEP, max_size=60), st.booleans())
def test_the_log_replayed_and_the_merged_state_give_the_same_index_and_document(steps, skip_gc):
    server, _ = play(steps, skip_gc)
    replayed, loaded = Gate(server.shape, server.bindings), Gate(server.shape, server.bindings)
    for person, admitted in server.log:
        replayed.replay(admitted.update, person)
    merged = Document("merged")
    merged.apply(merge([admitted.parts for _, admitted in server.log]))
    assert content(merged.doc) == content(server.document.doc)
    assert deletions(merged.diff()) == deletions(server.document.diff())
    loaded.load_state(server.document.diff())
    assert snapshot(replayed) == snapshot(server.gate)
    assert index_deletions(loaded) == index_deletions(server.gate)
    assert loaded.state_vector() == server.gate.state_vector()
    assert living_turns_sorted(loaded) == living_turns_sorted(server.gate)


def living_turns_sorted(gate: Gate) -> list[str]:
    return sorted(repr(sorted(turn.items())) for turn in living_turns(gate))
