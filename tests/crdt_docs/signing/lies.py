"""Ways in which a bundle can be made to lie: by somebody without the court's key, and by a court that signs its lies.

Each is one change; what has to be made anew for the change to be well signed is made anew.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crdt_docs.signing import bundle, checkpoint, container, log_tree, statement
from tests.crdt_docs.signing.sitting import Json, Sitting, dumped, entry, lines, sha256, signed_head

Files = dict[str, bytes]
Lie = Callable[[Sitting, Files], None]
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)


def told(sitting: Sitting, lie: Lie) -> bytes:
    """The bundle with one lie in its files, signed by the court."""
    files = sitting.files()
    lie(sitting, files)
    return sitting.bundle(files)


def replaced(path: str, old: bytes, new: bytes) -> Lie:
    def lie(_: Sitting, files: Files) -> None:
        assert files[path].count(old) >= 1
        files[path] = files[path].replace(old, new, 1)

    return lie


def put(path: str, content: bytes) -> Lie:
    return lambda _, files: files.__setitem__(path, content)


def dropped(path: str) -> Lie:
    return lambda _, files: files.pop(path) and None


def moved(old: str, new: str) -> Lie:
    return lambda _, files: files.__setitem__(new, files.pop(old))


def swapped(one: str, other: str) -> Lie:
    def lie(_: Sitting, files: Files) -> None:
        files[one], files[other] = files[other], files[one]

    return lie


def as_json(path: str, change: Callable[[Any], None]) -> Lie:
    """A JSON file with a value changed."""

    def lie(_: Sitting, files: Files) -> None:
        value = json.loads(files[path])
        change(value)
        files[path] = dumped(value)

    return lie


def as_lines(path: str, change: Callable[[list[Json]], None]) -> Lie:
    """A file of JSON lines with lines changed; nothing else follows."""

    def lie(_: Sitting, files: Files) -> None:
        values = [json.loads(line) for line in files[path].splitlines()]
        change(values)
        files[path] = lines(values)

    return lie


def logged(change: Callable[[list[Json]], None]) -> Lie:
    """A log that was otherwise: entries changed, numbered anew, leaves and checkpoint made anew and signed."""

    def lie(sitting: Sitting, files: Files) -> None:
        entries = copy.deepcopy(sitting.entries)
        change(entries)
        again = [entry({**each["header"], "seq": seq}, each["payload"]) for seq, each in enumerate(entries, 1)]
        files["log.jsonl"] = lines(again)
        leaves = [bytes.fromhex(each["leaf"]) for each in again]
        files["checkpoint.txt"] = signed_head(leaves, sitting.court).encode()

    return lie


def both(*lies: Lie) -> Lie:
    def lie(sitting: Sitting, files: Files) -> None:
        for each in lies:
            each(sitting, files)

    return lie


def found(entries: Sequence[Json], kind: str, nth: int = 0, **payload: Any) -> Json:
    """The nth entry of a kind whose payload has these values."""
    fitting = [
        each
        for each in entries
        if each["header"]["kind"] == kind and all(each["payload"].get(key) == value for key, value in payload.items())
    ]
    return fitting[nth]


def by_kind(values: Sequence[Json], kind: str) -> Json:
    """The first line of a kind, withheld or not."""
    return next(each for each in values if each["header"]["kind"] == kind)


def of_entry(kind: str, change: Callable[[Json], None], nth: int = 0, **payload: Any) -> Lie:
    """A log in which one entry's payload was otherwise."""
    return logged(lambda entries: change(found(entries, kind, nth, **payload)["payload"]))


def without(kind: str, nth: int = 0, **payload: Any) -> Lie:
    """A log from which one entry is left out, as if it had never been."""
    return logged(lambda entries: entries.remove(found(entries, kind, nth, **payload)))


def carried(kind: str, nth: int, to: int, **payload: Any) -> Lie:
    """A log in which one entry stands at another place."""

    def change(entries: list[Json]) -> None:
        one = found(entries, kind, nth, **payload)
        entries.remove(one)
        entries.insert(to, one)

    return logged(change)


def restated(person: str, v: int, **changed: Any) -> Lie:
    """A statement that says something else, signed by its person all the same and entered in the log."""

    def lie(sitting: Sitting, files: Files) -> None:
        old = statement.read_statement(sitting.signed[v, person])
        kept = {key: getattr(old, key) for key in statement.Statement.__slots__}
        made = statement.Statement(**{**kept, **changed})
        sealed = statement.sign(made, sitting.keys[person])
        says = {"envelope": sealed, "statement_sha256": statement.statement_sha256(made)}
        of_entry("Signed", lambda payload: payload.update(says), person=person, v=v)(sitting, files)
        files[f"transcript/v{v}/statements/{person}.json"] = dumped(sealed)

    return lie


def withheld(kind: str, *, proven: bool = True, but: str = "") -> Lie:
    """Entries of a kind kept from the reader, `but` this actor's own; their payloads stay provable or not."""

    def change(values: list[Json]) -> None:
        for each in values:
            if each["header"]["kind"] == kind and each["header"]["actor"] != but:
                salt, payload = bytes.fromhex(each["salt"]), log_tree.canonical(each["payload"])
                digest = {"payload_digest": log_tree.payload_digest(salt, payload).hex()} if proven else {}
                each.update({"salt": None, "payload": None, **digest})

    return as_lines("log.jsonl", change)


def signed_by_a_stranger(sitting: Sitting, files: Files) -> bytes:
    """Everything of the court signed anew with a stranger's key, which then lies inside."""
    name = "yunting/court"
    files["court_key.txt"] = f"{checkpoint.vkey(name, STRANGER.public_key())}\n".encode()
    files["checkpoint.txt"] = signed_head(sitting.leaves, STRANGER).encode()
    return bundle.write(files, STRANGER, name)


def repacked(archive: bytes, change: Callable[[Files], None]) -> bytes:
    """A well-formed archive with other files, whose manifest nobody signed."""
    files = bundle.read(archive)
    change(files)
    return container.pack(files)


def remanifested(files: Files) -> None:
    """Another PDF and a manifest that fits it, under the old signature."""
    files["transcript/v1/transcript.pdf"] = b"%PDF"
    stated = json.loads(files[bundle.MANIFEST])
    for name in stated["files"]:
        stated["files"][name] = {"size": len(files[name]), "sha256": sha256(files[name])}
    files[bundle.MANIFEST] = log_tree.canonical(stated)
