"""Updates written byte by byte, right and wrong ones, and the small documents they are tried on."""

from collections.abc import Sequence

from crdt_docs.gate import COURT, Admitted, Bindings, Frame, Gate, Writer
from crdt_docs.shapes import ANNOTATIONS, TRANSCRIPT, Shape
from crdt_docs.values import Value, write_any
from crdt_docs.varint import write, write_text
from tests.crdt_docs.world import AT, NOW

Id = tuple[int, int]

ANNA, BERT, COURT_CLIENT = 1, 2, 100
ENTRY = "0f8b2c1a-9d3e-4f50-8a61-7b2c3d4e5f60"
OTHER = "11111111-2222-4333-8444-555555555555"


def item(
    kind: int,
    content: bytes,
    left: Id | None = None,
    right: Id | None = None,
    parent: str | Id | None = None,
    key: str | None = None,
    flags: int = 0,
) -> bytes:
    info = kind | (0x80 if left else 0) | (0x40 if right else 0) | (0x20 if key is not None else 0) | flags
    ids = b"".join(write(part) for origin in (left, right) if origin for part in origin)
    if left or right:
        return bytes((info,)) + ids + content
    named = b"\1" + write_text(parent) if isinstance(parent, str) else b"\0" + b"".join(map(write, parent or (0, 0)))
    return bytes((info,)) + named + (write_text(key) if key is not None else b"") + content


def string(text: str, left=None, right=None, parent=None, key=None) -> bytes:
    return item(4, write_text(text), left, right, parent, key)


def values(*found: Value, left=None, right=None, parent=None, key=None) -> bytes:
    return item(8, write(len(found)) + b"".join(map(write_any, found)), left, right, parent, key)


def raw_value(content: bytes, parent: Id, key: str) -> bytes:
    return item(8, b"\1" + content, parent=parent, key=key)


def mark(name: str, value: str, left=None, right=None, parent=None) -> bytes:
    return item(6, write_text(name) + write_text(value), left, right, parent)


def element(name: str = "turn", left=None, right=None, parent: str | Id | None = "transcript", key=None) -> bytes:
    return item(7, b"\3" + write_text(name), left, right, parent, key)


def kind_of_type(reference: int, left=None, right=None, parent=None, key=None) -> bytes:
    return item(7, write(reference), left, right, parent, key)


def text_type(turn: Id) -> bytes:
    return kind_of_type(6, parent=turn)


def deleted(length: int, left=None, right=None, parent=None, key=None) -> bytes:
    return item(1, write(length), left, right, parent, key)


def collected(length: int) -> bytes:
    return b"\0" + write(length)


def update(*blocks: tuple[int, int, Sequence[bytes]], deletes: Sequence[tuple[int, Sequence[Id]]] = ()) -> bytes:
    out = write(len(blocks))
    for client, clock, structs in blocks:
        out += write(len(structs)) + write(client) + write(clock) + b"".join(structs)
    out += write(len(deletes))
    for client, ranges in deletes:
        out += write(client) + write(len(ranges)) + b"".join(write(a) + write(n) for a, n in ranges)
    return out


def only_deletes(client: int, *ranges: Id) -> bytes:
    return update(deletes=[(client, ranges)])


def turn_structs(client: int, clock: int, text: str = "", left: Id | None = None, **attributes: str) -> list[bytes]:
    """A turn and its attributes; with a text, its Y.XmlText and String."""
    turn = (client, clock)
    named = {"id": f"t{client}-{clock}", "kind": "speech", "at": AT, **attributes}
    structs = [element(left=left, parent=None if left else "transcript")]
    structs += [values(value, parent=turn, key=key) for key, value in named.items()]
    if text:
        structs += [text_type(turn), string(text, parent=(client, clock + len(named) + 1))]
    return structs


def entry_structs(client: int, clock: int, person: str, key: str = ENTRY, **more: Value) -> list[bytes]:
    named: dict[str, Value] = {
        "id": key,
        "author": person,
        "created": "2026-03-02T10:00:00+08:00",
        "kind": "highlight",
        **more,
    }
    made = kind_of_type(1, parent="annotations", key=key)
    fields = [values(value, parent=(client, clock), key=name) for name, value in named.items() if value is not None]
    return [made, *fields]


def gate_with(shape: Shape, *frames: tuple[str, bytes]) -> Gate:
    gate = Gate(shape, Bindings())
    for person, data in frames:
        verdict = gate.admit(data, Writer(person, True), Frame.UPDATE, NOW)
        assert isinstance(verdict, Admitted), verdict
    return gate


def transcript() -> Gate:
    """Anna's turn (1, 0): id 1, kind 2, at 3, text 4, "ab😀cd" 5..10; the court's (100, 0): origin 4, text 5, 6..7;
    Bert's turn (2, 0) with text 4 and "好的" 5..6, its second half deleted."""
    court = turn_structs(COURT_CLIENT, 0, "开庭", (ANNA, 0), id="c1", kind="procedure", origin="control:1")
    bert = update((BERT, 0, turn_structs(BERT, 0, "好的", (ANNA, 0))))
    return gate_with(
        TRANSCRIPT,
        ("anna", update((ANNA, 0, turn_structs(ANNA, 0, "ab😀cd", id="t1")))),
        (COURT, update((COURT_CLIENT, 0, court))),
        ("bert", bert),
        ("bert", only_deletes(BERT, (6, 1))),
    )


def annotations() -> Gate:
    """Anna's entry (1, 0): id 1, author 2, created 3, kind 4, page 5, body 6; Bert's entry OTHER (2, 0)."""
    return gate_with(
        ANNOTATIONS,
        ("anna", update((ANNA, 0, entry_structs(ANNA, 0, "anna", page=0, body="甲")))),
        ("bert", update((BERT, 0, entry_structs(BERT, 0, "bert", OTHER)))),
    )
