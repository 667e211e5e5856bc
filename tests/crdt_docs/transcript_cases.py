"""Updates on the transcript of build.transcript(): what the gate admits, forbids and calls malformed, by sentence."""

from crdt_docs.gate import Writer
from crdt_docs.varint import write, write_text
from tests.crdt_docs.build import (
    ANNA,
    BERT,
    COURT_CLIENT,
    collected,
    deleted,
    element,
    item,
    kind_of_type,
    mark,
    only_deletes,
    raw_value,
    string,
    text_type,
    turn_structs,
    update,
    values,
)
from tests.crdt_docs.world import AT

NEXT = 11  # Anna's next clock
TEXT, TURN, END = (ANNA, 4), (ANNA, 0), (ANNA, 10)
COURT_TURN, COURT_TEXT = (COURT_CLIENT, 0), (COURT_CLIENT, 5)

ANNA_WRITES = Writer("anna", True)


def anna(*structs: bytes, deletes=()) -> bytes:
    return update((ANNA, NEXT, structs), deletes=deletes)


def new_turn(**attributes: str) -> bytes:
    return anna(*turn_structs(ANNA, NEXT, "话", (ANNA, 0), **attributes))


def in_turn(*wanted: tuple[str, object]) -> bytes:
    turn = (ANNA, NEXT)
    return anna(element(left=TURN), *(values(value, parent=turn, key=key) for key, value in wanted))


def rewritten(clock: int, value: str) -> bytes:
    return anna(values(value, left=(ANNA, clock), key=""))


WHOLE = (("id", "n1"), ("kind", "note"), ("at", AT))

ADMITTED = {
    "a character at the end of a text": anna(string("x", left=END)),
    "a character between two others": anna(string("x", left=(ANNA, 5), right=(ANNA, 6))),
    "a character before the first one": anna(string("x", right=(ANNA, 5))),
    "an emoji behind an emoji": anna(string("😀", left=(ANNA, 8), right=(ANNA, 9))),
    "the first words of an empty turn": anna(text_type(TURN), string("x", parent=(ANNA, NEXT))),
    "a turn with all it needs": new_turn(),
    "a turn with a speaker and a role": new_turn(speaker="p-1", role="审"),
    "an empty origin": new_turn(origin=""),
    "bold on": anna(mark("bold", "true", right=(ANNA, 5)), mark("bold", "null", left=END)),
    "bold as editors write it": anna(mark("bold", "{}", right=(ANNA, 5))),
    "unsure with the time": anna(mark("unsure", '{"at":"09:31:05"}', left=END)),
    "a new kind for a turn": rewritten(2, "note"),
    "a new kind for a colleague's turn": anna(values("note", left=(BERT, 2), key="")),
    "a new id for one's own turn": rewritten(1, "t-new"),
    "a deletion of one's own words": only_deletes(ANNA, (5, 2)),
    "a deletion of a whole emoji": only_deletes(ANNA, (7, 2)),
    "a deletion of a colleague's words": only_deletes(BERT, (5, 1)),
    "a deletion of a turn": only_deletes(BERT, (0, 7)),
    "a turn moved: deleted and written again under its id": anna(
        *turn_structs(ANNA, NEXT, "好的", id="t2-0"), deletes=[(BERT, [(0, 7)])]
    ),
    "collected units of one's own": anna(collected(5)),
    "deleted units of one's own beside words": anna(deleted(3, left=END)),
    "two values of a key that the update itself deletes": anna(
        values("a", "b", parent=TURN, key="role"), deletes=[(ANNA, [(NEXT, 2)])]
    ),
    "a client id seen for the first time": update((77, 0, [string("x", left=END)])),
    "two clients of one person that need each other": update(
        (77, 0, [string("x", left=END), string("z", left=(78, 0))]), (78, 0, [string("y", left=(77, 0))])
    ),
}

FORBIDDEN = {
    "words of a client that belongs to somebody else": update((BERT, 7, [string("x", left=END)])),
    "an update with one block of somebody else's client": update(
        (ANNA, NEXT, [string("x", left=END)]), (BERT, 7, [string("x", left=END)])
    ),
    "another root": anna(element(parent="annotations")),
    "an element with another name": anna(element("paragraph")),
    "a text in the root": anna(kind_of_type(6, parent="transcript")),
    "a map in the root": anna(kind_of_type(1, parent="transcript")),
    "an element in a turn": anna(element(parent=TURN)),
    "a plain text type in a turn": anna(kind_of_type(2, parent=TURN)),
    "a type in a text": anna(kind_of_type(6, left=END)),
    "words in the root": anna(string("x", left=TURN)),
    "words beside a turn's text": anna(string("x", left=TEXT)),
    "a value in a text": anna(values("x", left=END)),
    "a mark at an attribute": anna(mark("bold", "true", left=TEXT)),
    "an attribute of a text": anna(values("x", parent=TEXT, key="id")),
    "an attribute of the root": anna(values("x", parent="transcript", key="id")),
    "an attribute of unknown name": anna(values("x", parent=TURN, key="colour")),
    "a number as an attribute": in_turn(*WHOLE, ("role", 7)),
    "a type as an attribute": anna(kind_of_type(6, parent=TURN, key="role")),
    "a key with several values that live": anna(values("a", "b", parent=TURN, key="role")),
    "an empty id": new_turn(id=""),
    "an id with a blank": new_turn(id="a b"),
    "an id of 65 characters": new_turn(id="a" * 65),
    "an unknown kind": new_turn(kind="shout"),
    "a time without an offset": new_turn(at="2026-03-02T09:30:00"),
    "a day that does not exist": new_turn(at="2026-02-30T09:30:00Z"),
    "a speaker that is no person id": new_turn(speaker="张三"),
    "a role of 65 characters": new_turn(role="审" * 65),
    "a clerk's procedure turn": new_turn(kind="procedure"),
    "a clerk's turn with an origin": new_turn(origin="control:9"),
    "an origin of unknown form": new_turn(origin="elsewhere:9"),
    "an id reserved to the court": new_turn(id="c12"),
    "a turn made a procedure": rewritten(2, "procedure"),
    "words in the court's turn": anna(string("x", left=(COURT_CLIENT, 7))),
    "a mark in the court's turn": anna(mark("bold", "true", right=(COURT_CLIENT, 6))),
    "a second text in the court's turn": anna(text_type(COURT_TURN)),
    "an attribute of the court's turn rewritten": anna(values("note", left=(COURT_CLIENT, 2), key="")),
    "a new attribute of the court's turn": anna(values("审", parent=COURT_TURN, key="role")),
    "the court's turn deleted": only_deletes(COURT_CLIENT, (0, 1)),
    "the court's words deleted": only_deletes(COURT_CLIENT, (6, 1)),
    "the court's text deleted": only_deletes(COURT_CLIENT, (5, 1)),
    "an attribute of the court's turn deleted": only_deletes(COURT_CLIENT, (4, 1)),
    "an unknown mark": anna(mark("italic", "true", left=END)),
    "a mark with an unknown value": anna(mark("bold", '"yes"', left=END)),
    "unsure without a time": anna(mark("unsure", "{}", left=END)),
    "unsure with more than a time": anna(mark("unsure", '{"at":"9","by":"x"}', left=END)),
    "unsure with a key twice": anna(mark("unsure", '{"at":"9","at":"9"}', left=END)),
    "unsure nested deeply": anna(mark("unsure", "[" * 8_000, left=END)),
    "JSON content": anna(item(2, write(1) + write_text('"x"'), left=END)),
    "binary content": anna(item(3, write(1) + b"x", left=END)),
    "embedded content": anna(item(5, write_text("{}"), left=END)),
    "a subdocument": anna(item(9, write_text("guid") + b"\x76\0", left=END)),
    "a skip": anna(b"\x0a\x05", string("x", left=END)),
    "a move": anna(item(11, b"\0\0\0", left=END)),
    "undefined": anna(raw_value(b"\x7f", TURN, "role")),
    "a big integer": anna(raw_value(b"\x7a" + bytes(8), TURN, "role")),
    "bytes as a value": anna(raw_value(b"\x74\x01x", TURN, "role")),
    "not a number": anna(raw_value(b"\x7b\x7f\xf8" + bytes(6), TURN, "role")),
    "an object with a key twice": anna(raw_value(b"\x76\x02\x01a\x7e\x01a\x7e", TURN, "role")),
    "an object with __proto__": anna(raw_value(b"\x76\x01\x09__proto__\x7e", TURN, "role")),
    "a value nested nine deep": anna(raw_value(b"\x75\x01" * 9 + b"\x7e", TURN, "role")),
}

MALFORMED = {
    "nothing at all": b"",
    "half an update": anna(string("x", left=END))[:-3],
    "a byte too many": anna(string("x", left=END)) + b"\0",
    "a number not in its shortest form": b"\x81\0" + anna(string("x", left=END))[1:],
    "more structs than bytes": b"\1\x7f\1\x0b\x84",
    "one client twice": update((ANNA, NEXT, [string("x", left=END)]), (ANNA, 12, [string("y", left=END)])),
    "one client twice in the delete set": update(deletes=[(ANNA, [(5, 1)]), (ANNA, [(6, 1)])]),
    "an empty block": update((ANNA, NEXT, [])),
    "an empty string": anna(string("", left=END)),
    "a deleted struct without length": anna(deleted(0, left=END)),
    "a collected struct without length": anna(collected(0)),
    "a collected struct with flags": anna(b"\x40" + b"\1\5" + b"\1"),
    "a struct of unknown kind": anna(item(12, b"\1", left=END)),
    "half a surrogate pair": anna(item(4, b"\3\xed\xa0\xbd", left=END)),
    "a text that is not UTF-8": anna(item(4, b"\1\xff", left=END)),
    "a client id of 2^53": update((2**53, 0, [string("x", left=END)])),
    "a clock of 2^31": update((ANNA, 2**31, [string("x", left=END)])),
    "a collected range that reaches 2^31": anna(collected(2**31)),
    "more than 2^20 removed units": anna(collected(2**20 + 1)),
    "a text of more than 2^18 units": anna(string("x" * (2**18 + 1), left=END)),
    "a value of more than 16 KiB": anna(values("x" * 16_400, parent=TURN, key="role")),
    "more than 20,000 structs": anna(*(string("x", left=(ANNA, 10 + n)) for n in range(20_001))),
    "more than 16 clients": update(*((200 + n, 0, [string("x", left=END)]) for n in range(17))),
    "delete ranges that touch": only_deletes(ANNA, (5, 1), (6, 1)),
    "delete ranges in the wrong order": only_deletes(ANNA, (9, 1), (5, 1)),
    "an empty delete range": only_deletes(ANNA, (5, 0)),
    "a client without delete ranges": update(deletes=[(ANNA, [])]),
    "an origin inside an emoji": anna(string("x", left=(ANNA, 7))),
    "a right origin inside an emoji": anna(string("x", right=(ANNA, 8))),
    "a deletion of half an emoji": only_deletes(ANNA, (8, 1)),
    "a deletion up to half an emoji": only_deletes(ANNA, (6, 2)),
    "origins in different texts": anna(string("x", left=END, right=(BERT, 5))),
    "origins in a text and beside it": anna(string("x", left=END, right=TEXT)),
    "origins in the wrong order": anna(string("x", left=(ANNA, 6), right=(ANNA, 5))),
    "origins of several writers in the wrong order": update(
        (ANNA, NEXT, [string("x", left=(ANNA, 5)), string("y", left=END, right=(ANNA, NEXT))])
    ),
    "both origins one unit": anna(string("x", left=END, right=END)),
    "an origin that comes later": anna(string("x", left=(ANNA, NEXT + 1)), string("y", left=END)),
    "words as a parent": anna(string("x", parent=END)),
    "an attribute's value with a right origin": anna(values("note", left=(ANNA, 2), right=(ANNA, 2), key="")),
    "a text struct that claims a key": anna(item(4, b"\1x", left=END, flags=0x20)),
    "an attribute struct without the key's bit": anna(values("note", left=(ANNA, 2))),
}
