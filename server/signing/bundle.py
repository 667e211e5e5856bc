"""The bundle's files, collected from what is kept: log, histories, frozen versions, statements, exhibits, annotations.

Each reader's copy holds what that person may see; of the rest the log keeps digests and the manifest size and SHA-256,
so that nothing withheld breaks a proof. Judges nothing of the files: crdt_docs/signing/verify.py does.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crdt_docs import annotations
from crdt_docs.document import Document
from crdt_docs.signing import bundle, content, log_tree, state
from server.control import HearingControl
from server.control_entries import Entry
from server.evidence.rights import why_not_original
from server.evidence.views import MEMBERS, withdrawn
from server.fonts import FontsMissing
from server.hearing import documents, exhibit_events
from server.hearing.documents import DocumentName
from server.hearing.permissions import document_access
from server.hearing.signing_events import Frozen, KeyBound, Signed
from server.hearing.signing_state import Scope
from server.hearing.state import STAFF, HearingState
from server.signing.certificate import certificate
from server.signing.court_key import CourtKey
from server.signing.frozen_files import CONTENT, PDF, SNAPSHOT, UPDATE, FrozenFiles
from server.signing.pdf import PdfFailed
from server.signing.receipts import root, signed_head
from server.storage import control_log
from server.storage import exhibits as exhibit_sql
from server.storage import signing as sql
from server.storage.exhibits import Exhibit
from server.storage.update_log import HistoryRow, history

log = logging.getLogger("yunting.signing")

Json = dict[str, Any]
Files = dict[str, bundle.Held]
PIECE = 1024 * 1024  # bytes of an original in memory
NAMES = (CONTENT, UPDATE, SNAPSHOT, PDF)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the disk holds of a hearing, read at one moment, no earlier than the log in memory. `is_ahead`: the exhibits
    may have changed since."""

    exhibits: Sequence[Exhibit]
    histories: Mapping[DocumentName, Sequence[HistoryRow]]  # notes never among them
    handwriting: Mapping[str, bytes]
    is_ahead: bool


def kept(connection: Any, hearing: str, known: int) -> Kept:
    """`known`: the last entry in memory."""
    listed = exhibit_sql.exhibits_of(connection, hearing)
    names = [documents.transcript(hearing), *(documents.annotations(hearing, each.id) for each in listed)]
    histories = {name: history(connection, str(name)) for name in names}
    later = (json.loads(row.header)["kind"] for row in control_log.entries(connection, hearing, known))
    is_ahead = any(kind in exhibit_events.READERS for kind in later)
    return Kept(listed, histories, sql.handwriting_of(connection, hearing), is_ahead)


@dataclass(frozen=True, slots=True)
class Source:
    """A hearing at one moment, for one reader. `original`: where an exhibit's file lies, by its SHA-256."""

    control: HearingControl
    state: HearingState
    entries: Sequence[Entry]
    reader: str
    frozen: FrozenFiles
    original: Callable[[str], Path]
    court: CourtKey

    def reads(self, document: DocumentName) -> bool:
        return document_access(self.state, self.reader, document).read


def documents_of(found: Kept, source: Source) -> frozenset[DocumentName]:
    """Those whose words the reader is given: who loses one of them meanwhile gets no further byte of the copy."""
    return frozenset(filter(source.reads, found.histories))


def collected(source: Source, found: Kept) -> tuple[Files, Files]:
    """The files that the reader may have, and those that are withheld from this copy."""
    shown: Files = {name: bundle.held(given) for name, given in _head(source).items()}
    withheld: Files = {}
    for name, given, is_shown in _judged(source, found):
        held = _of_file(given) if isinstance(given, Path) else bundle.held(given)
        (shown if is_shown else withheld)[name] = held
    return shown, withheld


def _of_file(path: Path) -> bundle.Held:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    return bundle.measured(pieces)


def _judged(source: Source, found: Kept) -> Iterator[tuple[str, bytes | Path, bool]]:
    """(name, content or where it lies, whether the reader may have it) of everything that is not everybody's."""
    hearing = source.control.hearing
    for document, rows in found.histories.items():
        readable = source.reads(document)
        yield from ((name, held, readable) for name, held in _history(str(document), rows))
    transcript = source.reads(documents.transcript(hearing))
    for version in source.state.signing.versions:
        for name in NAMES:
            yield f"transcript/v{version.v}/{name}", source.frozen.path(hearing, version.v, name), transcript
    yield from _parts(source, transcript)
    yield from _statements(source, found)
    yield from _certificate(source, found)
    yield from _exhibits(source, found.exhibits)


def _head(source: Source) -> dict[str, bytes]:
    """What every copy has: hearing, log, checkpoint, keys."""
    entries = source.entries
    return {
        "hearing.json": _json(_hearing(source)),
        "log.jsonl": _lines(_line(entry, source.reader) for entry in entries),
        "checkpoint.txt": signed_head(source.control, source.court, len(entries))["checkpoint"].encode(),
        "court_key.txt": source.court.vkey.encode() + b"\n",
        "keys.json": _json({"keys": list(_keys(entries, source.reader))}),
    }


def _hearing(source: Source) -> Json:
    details = source.control.details
    people = source.state.participants.values()
    return {
        "hearing": details.id,
        "case_number": details.case_number,
        "title": details.title,
        "court": details.court,
        "starts_at": details.starts_at,
        "people": [
            {"id": each.person, "role": each.role.value, "name": each.name, "label": each.label} for each in people
        ],
    }


def _line(entry: Entry, reader: str) -> Json:
    """As GET …/log gives it; a withheld payload leaves the digest that ties header and leaf."""
    if entry.seen_by(reader):
        return entry.shown_to(reader)
    digest = log_tree.payload_digest(entry.salt, log_tree.canonical(entry.payload))
    return {**entry.public(), "salt": None, "payload": None, "payload_digest": digest.hex()}


def _keys(entries: Iterable[Entry], reader: str) -> Iterator[Json]:
    for entry in entries:
        fact = entry.event.fact
        if isinstance(fact, KeyBound) and entry.seen_by(reader):
            yield {"person": fact.person, "fingerprint": fact.fingerprint, "jwk": dict(fact.jwk), "seq": entry.seq}


def _history(document: str, rows: Sequence[HistoryRow]) -> Iterator[tuple[str, bytes]]:
    folder = document.partition("/")[2]
    yield f"{folder}/updates.jsonl", _lines(map(_update, rows))
    if folder.startswith("annotations/"):
        merged = state.rebuild(document, [row.data for row in rows])
        opened = Document(document)
        opened.apply(merged)
        yield f"{folder}/update.bin", merged
        yield f"{folder}/annotations.json", annotations.annotations_json(annotations.entries(opened.doc))


def _update(row: HistoryRow) -> Json:
    return {
        "seq": row.seq,
        "person": row.person,
        "client": row.client,
        "at": row.at,
        "update": base64.b64encode(row.data).decode(),
        "head": row.head.hex(),
    }


def _parts(source: Source, whole_is_shown: bool) -> Iterator[tuple[str, bytes, bool]]:
    """The part of each who was asked for a part of a version: theirs, and whoever's may see the whole."""
    for v, asked in _asked_for_parts(source.entries):
        whole = json.loads(source.frozen.read(source.control.hearing, v, CONTENT))
        for person in asked:
            part = content.encode(content.part(whole, person))
            yield f"transcript/v{v}/parts/{person}.json", part, whole_is_shown or person == source.reader


def _asked_for_parts(entries: Iterable[Entry]) -> Iterator[tuple[int, list[str]]]:
    for entry in entries:
        fact = entry.event.fact
        if isinstance(fact, Frozen):
            asked = [each.person for each in fact.signers if each.scope is Scope.PART]
            if asked:
                yield fact.v, asked


def _statements(source: Source, found: Kept) -> Iterator[tuple[str, bytes, bool]]:
    for entry in source.entries:
        fact = entry.event.fact
        if isinstance(fact, Signed):
            folder, seen = f"transcript/v{fact.v}", entry.seen_by(source.reader)
            yield f"{folder}/statements/{fact.person}.json", _json(dict(fact.envelope)), seen
            if fact.handwriting_sha256:
                picture = found.handwriting[fact.handwriting_sha256]
                yield f"{folder}/handwriting/{fact.person}.png", picture, seen


def _certificate(source: Source, found: Kept) -> Iterator[tuple[str, bytes, bool]]:
    """For the court; a bundle is whole without it, so what keeps it from being printed is logged and no more."""
    control, size = source.control, len(source.entries)
    facts = (root(control, size), source.court.vkey, found.handwriting)
    try:
        made = certificate(control.details, source.entries, *facts)
    except (PdfFailed, FontsMissing):
        log.exception("hearing %s: its bundle has no certificate", control.hearing)
        return
    yield "certificate.pdf", made, source.state.participants[source.reader].role in STAFF


def _exhibits(source: Source, listed: Sequence[Exhibit]) -> Iterator[tuple[str, bytes | Path, bool]]:
    """The originals and the list of them, which says what each side wants to prove: whole, or not at all."""
    state, hearing = source.state, source.control.hearing
    readable = all(source.reads(documents.annotations(hearing, each.id)) for each in listed)
    yield "exhibits/exhibits.json", _json({"exhibits": [_listed(state, each) for each in listed]}), readable
    for each in listed:
        if each.sha256:
            shown = source.reads(documents.annotations(hearing, each.id))
            given = shown and not why_not_original(state, source.reader, each)
            yield f"exhibits/{each.id}/original", source.original(each.sha256), given


def _listed(state: HearingState, exhibit: Exhibit) -> Json:
    entry = {name: getattr(exhibit, name) for name in MEMBERS}
    withdrawal = withdrawn(state.withdrawn.get(exhibit.id))
    return {**entry, "withdrawn": withdrawal} if withdrawal else entry


def _json(value: Json) -> bytes:
    return log_tree.canonical(value)


def _lines(values: Iterable[Json]) -> bytes:
    return b"".join(json.dumps(value, ensure_ascii=False, sort_keys=True).encode() + b"\n" for value in values)
