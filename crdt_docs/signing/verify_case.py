"""What lies in a bundle, as values: log entries, update chains, frozen versions, keys. Reads it strictly; what is
true of it is the checks' to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from . import bundle
from .base64_text import from_base64
from .log_tree import head0, next_head
from .strict_json import loads
from .verify_findings import UNREADABLE, Finding, Unavailable, lacking, unreadable, wrong

Json = dict[str, Any]
T = TypeVar("T")
LOG, HEARING, CHECKPOINT, COURT_KEY, KEYS = "log.jsonl", "hearing.json", "checkpoint.txt", "court_key.txt", "keys.json"
TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of log.jsonl. `payload` and `salt` are None where withheld; then `payload_digest` (hex) ties the header
    to the leaf."""

    seq: int
    kind: str
    actor: str
    header: Json
    leaf: bytes
    salt: bytes | None
    payload: Json | None
    payload_digest: bytes | None

    @property
    def heads(self) -> Mapping[str, str]:
        return self.header["heads"]

    def told(self) -> Json:
        """The payload; raises Unavailable where it is withheld."""
        if self.payload is None:
            zh = "第 {seq} 条（{kind}）的内容未提供，无法核验"
            raise Unavailable(lacking(zh, "entry {seq} ({kind}) is withheld", seq=self.seq, kind=self.kind))
        return self.payload


@dataclass(frozen=True, slots=True)
class Update:
    """One line of an updates.jsonl; `head` is what the chain gives after it, `written` what the line says."""

    seq: int
    person: str
    at: str
    update: bytes
    head: bytes
    written: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The updates of one document. `places`: a head's hex -> how many updates it stands for."""

    document: str
    path: str
    updates: tuple[Update, ...]
    places: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """A bundle that has been read. What could not be read is empty here and a finding there."""

    files: Mapping[str, bytes]
    withheld: Mapping[str, Json] = field(default_factory=dict[str, Json])
    hearing: Json = field(default_factory=dict[str, Any])
    entries: tuple[Entry, ...] = ()
    chains: Mapping[str, Chain] = field(default_factory=dict[str, Chain])
    court_key: str = ""  # the key that signatures are compared with: the one given, else the one inside

    @property
    def id(self) -> str:
        return self.hearing.get("hearing", "")

    def of_kind(self, *kinds: str) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.kind in kinds)

    def file(self, path: str) -> bytes:
        """Raises Unavailable: lacking where the manifest says it is withheld, else wrong."""
        if path in self.files:
            return self.files[path]
        if path in self.withheld:
            raise Unavailable(lacking("{path} 未提供给持有人", "{path} is withheld from this copy", path=path))
        raise Unavailable(wrong("缺少 {path}", "{path} is not there", path=path))

    def json(self, path: str) -> Json:
        return object_of(self.file(path))

    def sha256(self, path: str) -> str:
        """The digest of a file, also of a withheld one, from the manifest."""
        if path in self.withheld:
            return self.withheld[path]["sha256"]
        return bundle.sha256(self.file(path))

    def chain(self, document: str) -> Chain:
        """Raises Unavailable like `file`."""
        if document not in self.chains:
            path = updates_path(document)
            self.file(path)
            raise Unavailable(wrong("{path} 无法使用", "{path} cannot be used", path=path))
        return self.chains[document]


def updates_path(document: str) -> str:
    """`<hearing>/transcript` and `<hearing>/annotations/<exhibit>` lie under the same names without the hearing."""
    return document.partition("/")[2] + "/updates.jsonl"


def object_of(text: bytes) -> Json:
    """A JSON object that means one thing; raises ValueError."""
    found = loads(text)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found  # pyright: ignore[reportUnknownVariableType]


def load(files: Mapping[str, bytes], court_key: str | None) -> tuple[Case, list[Finding]]:
    """The case, and what could not be read."""
    found: list[Finding] = []
    nothing: Json = {}
    manifest = _read(files, bundle.MANIFEST, object_of, found) or nothing
    hearing = _read(files, HEARING, object_of, found) or nothing
    inside = _read(files, COURT_KEY, bytes.decode, found) or ""
    entries = _lines(files, LOG, _entry, found)
    withheld: Mapping[str, Json] = manifest.get("withheld", {})
    if HEARING not in files:
        found.append(wrong("缺少 {path}", "{path} is not there", path=HEARING))
    chains = {chain.document: chain for chain in _chains(files, hearing.get("hearing", ""), found)}
    return Case(files, withheld, hearing, tuple(entries), chains, court_key or inside.strip()), found


def _read(files: Mapping[str, bytes], path: str, reader: Callable[[bytes], T], found: list[Finding]) -> T | None:
    """The file as `reader` gives it; None when it is not there or cannot be read."""
    if path not in files:
        return None
    try:
        return reader(files[path])
    except UNREADABLE as error:
        found.append(unreadable(path, error))
        return None


def _lines(files: Mapping[str, bytes], path: str, reader: Callable[[Json], T], found: list[Finding]) -> list[T]:
    """Every line that can be read, in order; each that cannot is named by its number."""
    read: list[T] = []
    for number, line in enumerate(files.get(path, b"").splitlines(), 1):
        try:
            read.append(reader(object_of(line)))
        except UNREADABLE as error:
            found.append(unreadable(f"{path}:{number}", error))
    return read


def _as_it_is(line: Json) -> Json:
    return line


def _entry(line: Json) -> Entry:
    header: Json = line["header"]
    payload: Json | None = line.get("payload")
    salt, digest = line.get("salt"), line.get("payload_digest")
    return Entry(
        seq=header["seq"],
        kind=header["kind"],
        actor=header["actor"],
        header=header,
        leaf=bytes.fromhex(line["leaf"]),
        salt=bytes.fromhex(salt) if salt is not None else None,
        payload=payload,
        payload_digest=bytes.fromhex(digest) if digest is not None else None,
    )


def _chains(files: Mapping[str, bytes], hearing: str, found: list[Finding]) -> Iterator[Chain]:
    for path in sorted(files):
        folder, _, name = path.rpartition("/")
        if name == "updates.jsonl":
            document = f"{hearing}/{folder}"
            yield chain(document, path, _lines(files, path, _as_it_is, found), found)


def chain(document: str, path: str, lines: Iterable[Json], found: list[Finding]) -> Chain:
    """The chain as the lines give it, up to the first that makes no sense."""
    head = head0(document)
    updates: list[Update] = []
    places = {head.hex(): 0}
    for number, line in enumerate(lines, 1):
        try:
            update = from_base64(line["update"])
            facts = {"seq": line["seq"], "person": line["person"], "client": line["client"], "at": line["at"]}
            head = next_head(head, update, **facts)
            updates.append(Update(line["seq"], line["person"], line["at"], update, head, line["head"]))
        except UNREADABLE as error:
            found.append(unreadable(f"{path}:{number}", error))
            break
        places[head.hex()] = number
    return Chain(document, path, tuple(updates), places)
