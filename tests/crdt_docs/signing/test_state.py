"""Frozen state: what the log makes is what lived, in any order and encoding; nothing that lacks a piece passes."""

import hashlib
import json
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from crdt_docs.document import Document
from crdt_docs.signing.state import StateMismatch, rebuild, restore, snapshot, state_sha256, update_sha256
from crdt_docs.transcript import Turn, append_turn, blocks
from crdt_docs.updates import DELETED, GC, decode, merge
from crdt_docs.varint import Malformed
from tests.crdt_docs.build import collected
from tests.crdt_docs.build import update as made_of
from tests.crdt_docs.signing.digest_cases import sample, several_writers

AT = "2026-03-02T09:30:00+08:00"
WORDS = ("好", "请讲。", "ab", "😀", "𠮷野家", "é", "")
NAME = "h/transcript"


class Writers:
    """Several pycrdt documents that know of each other only what they were sent; each one's updates are the log."""

    def __init__(self, number: int) -> None:
        self.docs: list[Doc[Any]] = [Doc(skip_gc=True, client_id=10 + n) for n in range(number)]
        self.live = Document(NAME)
        self.log: list[bytes] = []
        self.needs: list[set[int]] = []  # of each update: those that its writer had seen
        self._seen: list[set[int]] = [set() for _ in self.docs]
        self._hears = True
        for writer, doc in enumerate(self.docs):
            doc.observe(partial(self._heard, writer))

    def _heard(self, writer: int, event: Any) -> None:
        if self._hears:
            self.needs.append(set(self._seen[writer]))
            self._seen[writer].add(len(self.log))
            self.log.append(event.update)

    def otherwise(self, data: st.DataObject) -> list[bytes]:
        """The log in another order that could have been: nothing before what it rests on."""
        order: list[int] = []
        while len(order) < len(self.log):
            ready = [n for n, needs in enumerate(self.needs) if n not in order and needs <= set(order)]
            order.append(data.draw(st.sampled_from(ready)))
        return [self.log[n] for n in order]

    def act(self, data: st.DataObject, writer: int) -> None:
        doc = self.docs[writer]
        root = doc.get("transcript", type=XmlFragment)
        action = data.draw(st.sampled_from(ACTIONS)) if len(root.children) else add
        action(data, doc, root)

    def meet(self, one: int, other: int) -> None:
        self._hears = False
        self.docs[one].apply_update(self.docs[other].get_update())
        self._hears = True
        self._seen[one] |= self._seen[other]


def add(data: st.DataObject, doc: "Doc[Any]", root: XmlFragment) -> None:
    append_turn(doc, Turn(f"t{len(root.children)}", "speech", "", "审", AT, "", data.draw(st.sampled_from(WORDS))))


def _a_turn(data: st.DataObject, root: XmlFragment) -> XmlElement:
    return root.children[data.draw(st.integers(0, len(root.children) - 1))]


def remove(data: st.DataObject, doc: "Doc[Any]", root: XmlFragment) -> None:
    del root.children[data.draw(st.integers(0, len(root.children) - 1))]


def describe(data: st.DataObject, doc: "Doc[Any]", root: XmlFragment) -> None:
    _a_turn(data, root).attributes["role"] = data.draw(st.sampled_from(WORDS))


def write(data: st.DataObject, doc: "Doc[Any]", root: XmlFragment) -> None:
    turn = _a_turn(data, root)
    if not len(turn.children):
        turn.children.append(XmlText(""))
    text = turn.children[0]
    first = data.draw(st.sampled_from((0, len(str(text).encode()))))
    text.insert(first, data.draw(st.sampled_from(WORDS)) or "。")
    if data.draw(st.booleans()):
        text.format(0, len(str(text).encode()), data.draw(st.sampled_from(({"bold": {}}, {"bold": None}))))


ACTIONS = (add, remove, describe, write, write)


@settings(max_examples=60)
@given(st.data())
def test_what_is_rebuilt_from_the_log_is_what_lived(data: st.DataObject) -> None:
    writers = Writers(data.draw(st.integers(1, 3)))
    most = len(writers.docs) - 1
    for _ in range(data.draw(st.integers(1, 15))):
        writers.act(data, data.draw(st.integers(0, most)))
        if data.draw(st.booleans()):
            writers.meet(data.draw(st.integers(0, most)), data.draw(st.integers(0, most)))
    for update in writers.log:
        writers.live.apply(update)
    whole = rebuild(NAME, writers.log)
    assert snapshot(whole) == snapshot(writers.live.diff())
    assert state_sha256(rebuild(NAME, writers.otherwise(data))) == state_sha256(whole)
    restored = restore(whole, snapshot(whole))
    assert blocks(restored.doc) == blocks(writers.live.doc)


@settings(max_examples=40)
@given(st.data())
def test_a_log_in_disorder_makes_the_same_state_or_none(data: st.DataObject) -> None:
    """Our logs are in order; yrs itself loses its way in some that are not, and that is noticed."""
    writers = Writers(2)
    for _ in range(data.draw(st.integers(1, 8))):
        writers.act(data, data.draw(st.integers(0, 1)))
        writers.meet(data.draw(st.integers(0, 1)), data.draw(st.integers(0, 1)))
    expected = state_sha256(rebuild(NAME, writers.log))
    try:
        found = state_sha256(rebuild(NAME, data.draw(st.permutations(writers.log))))
    except StateMismatch:
        return
    assert found == expected


def test_a_hole_that_yrs_leaves_behind_disorder_is_noticed() -> None:
    """Should yrs learn better, the same state comes out, and this test may go."""
    writers = Writers(2)
    for writer, turn in ((0, "t0"), (0, "t1"), (0, "t2"), (1, "t0")):
        append_turn(writers.docs[writer], Turn(turn, "note", "", "", AT, "", "话"))
    writers.docs[0].get("transcript", type=XmlFragment).children[0].attributes["role"] = "书"
    assert blocks(restore(rebuild(NAME, writers.log), snapshot(rebuild(NAME, writers.log))).doc)
    with pytest.raises(StateMismatch, match="not whole"):
        rebuild(NAME, [writers.log[n] for n in (0, 2, 3, 4, 1)])


def _log() -> list[bytes]:
    """A writer's words, another's behind them, a deletion of the first one's."""
    writers = Writers(2)
    one, other = writers.docs
    append_turn(one, Turn("t1", "speech", "", "审", AT, "", "共同的话"))
    writers.meet(1, 0)
    text = other.get("transcript", type=XmlFragment).children[0].children[0]
    text.insert(12, "。")
    del text[0:3]
    append_turn(one, Turn("t2", "note", "", "", AT, "", "末"))
    return writers.log


def test_a_snapshot_is_written_like_this() -> None:
    log = _log()
    whole = rebuild(NAME, log)
    clock = dict(json.loads(snapshot(whole))["state_vector"])["10"]
    written = f'{{"deletes":{{"10":[[8,1]]}},"state_vector":{{"10":{clock},"11":1}}}}'.encode()
    assert snapshot(whole) == written
    assert state_sha256(whole) == hashlib.sha256(written).hexdigest()
    assert update_sha256(whole) == hashlib.sha256(whole).hexdigest()


def test_the_same_state_has_one_snapshot_however_it_is_encoded() -> None:
    log = _log()
    joined = merge([decode(update) for update in log])
    whole = rebuild(NAME, log)
    assert joined != whole
    assert snapshot(joined) == snapshot(whole)


def test_a_replica_that_collects_what_is_deleted_has_the_same_snapshot() -> None:
    log = _log()
    gone = Doc(skip_gc=True, client_id=30)
    gone.apply_update(rebuild(NAME, log))
    del gone.get("transcript", type=XmlFragment).children[0]
    whole = gone.get_update()
    collecting = Doc(client_id=31)
    collecting.apply_update(whole)
    collected = collecting.get_update()
    kinds = {struct[0] for structs in decode(collected).structs for struct in structs}
    assert kinds & {GC, DELETED}
    assert snapshot(collected) == snapshot(whole)


def test_what_structs_and_delete_set_say_is_one_list_without_seams() -> None:
    made = made_of((5, 0, (collected(3), collected(2))), deletes=[(5, [(5, 2), (9, 1)])])
    assert snapshot(made) == b'{"deletes":{"5":[[0,7],[9,1]]},"state_vector":{"5":5}}'


@pytest.mark.parametrize("missing", [0, 1])
def test_a_log_that_lacks_what_others_rest_on_is_not_rebuilt(missing: int) -> None:
    log = _log()
    assert len(log) == 4
    first_of_each = [log[0], log[1]]
    del log[log.index(first_of_each[missing])]
    if missing == 0:
        with pytest.raises(StateMismatch, match="lacks an update"):
            rebuild(NAME, log)
    else:
        assert state_sha256(rebuild(NAME, log)) != state_sha256(rebuild(NAME, _log()))


def test_a_deletion_of_what_the_log_lacks_is_not_passed_over() -> None:
    with pytest.raises(StateMismatch, match="not carried out"):
        rebuild(NAME, [_log()[2]])


def test_an_empty_log_makes_an_empty_document() -> None:
    whole = rebuild(NAME, [])
    assert snapshot(whole) == b'{"deletes":{},"state_vector":{}}'
    assert blocks(restore(whole, snapshot(whole)).doc) == []


def test_a_version_is_restored_from_its_own_bytes_alone() -> None:
    log = _log()
    first, second = rebuild(NAME, log[:1]), rebuild(NAME, log)
    with pytest.raises(StateMismatch, match="state_vector differs for client 10"):
        restore(second, snapshot(first))
    with pytest.raises(StateMismatch, match="state_vector differs"):
        restore(first, snapshot(second))
    with pytest.raises(StateMismatch, match="deletes differs for client 10"):
        restore(rebuild(NAME, [log[0], log[1], log[3]]), snapshot(second))


@pytest.mark.parametrize("wanted", [b"", b"[]", b"{}", b"null", b'{"deletes":[1],"state_vector":{}}', b"\xff"])
def test_a_snapshot_that_is_none_restores_nothing(wanted: bytes) -> None:
    with pytest.raises(StateMismatch, match="snapshot is unreadable"):
        restore(rebuild(NAME, _log()), wanted)


def test_a_snapshot_that_is_not_canonical_restores_nothing() -> None:
    whole = rebuild(NAME, _log())
    with pytest.raises(StateMismatch, match="not canonical"):
        restore(whole, snapshot(whole) + b"\n")


def test_bytes_that_are_no_update_or_only_a_later_one_have_no_snapshot() -> None:
    log = _log()
    with pytest.raises(Malformed):
        snapshot(b"\xff")
    with pytest.raises(StateMismatch, match="whole document"):
        snapshot(log[3])
    with pytest.raises(StateMismatch, match="unreadable"):
        restore(b"\xff", snapshot(rebuild(NAME, log)))


@pytest.mark.parametrize("make", [sample, several_writers])
def test_a_whole_transcript_is_restored(make: Any) -> None:
    doc = make()
    whole = rebuild(NAME, [doc.get_update()])
    assert blocks(restore(whole, snapshot(whole)).doc) == blocks(doc)
