"""What a version consists of before it is frozen: text, state and notes, rebuilt from the stored logs and digested.

Reads no living document and no clock; the same logs give the same text. Runs on a thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crdt_docs.annotations import annotations_json, entries
from crdt_docs.document import Document
from crdt_docs.signing import state as states
from crdt_docs.signing.content import Content, Person, content, content_sha256, digest_of, encode, part
from crdt_docs.signing.lint import lint
from crdt_docs.transcript import blocks
from server.hearing.signing_events import FrozenExhibit, FrozenNotes
from server.hearing.signing_state import Finding
from server.hearing.state import PART_SIGNER_ROLES, HearingState
from server.storage.freezes import LoggedPart

MOST_FINDINGS = 500  # of a kind that go into the log


@dataclass(frozen=True, slots=True)
class Stored:
    """What lies on disk at the freeze. `barrier`: seq of the transcript's last update in it."""

    transcript: LoggedPart
    annotations: Mapping[str, LoggedPart]
    exhibits: tuple[FrozenExhibit, ...]

    @property
    def barrier(self) -> int:
        return self.transcript.until


@dataclass(frozen=True, slots=True)
class Draft:
    """A version with everything but its PDF. `parts`: digest of the part of each witness and expert who spoke."""

    content: Content
    content_sha256: str
    encoded: bytes
    update: bytes
    snapshot: bytes
    parts: Mapping[str, str]
    blocking: tuple[Finding, ...]  # keep it from being frozen
    warnings: tuple[Finding, ...]  # are shown to the court, and no more
    annotations: Mapping[str, FrozenNotes]


def rebuilt(name: str, case_number: str, state: HearingState, stored: Stored) -> Draft:
    """Raises StateMismatch, DocumentBroken, Malformed when a log does not give a document."""
    update = states.rebuild(name, stored.transcript.updates)
    document = Document(name)
    document.apply(update)
    text = blocks(document.doc)
    people = (Person(each.person, each.role.value, each.name) for each in state.participants.values())
    whole = content(state.id, case_number, people, text)
    blocking, warnings = _found(text)
    notes = {key: _notes(key, logged) for key, logged in stored.annotations.items() if logged.updates}
    encoded, snapshot = encode(whole), states.snapshot(update)
    return Draft(whole, digest_of(encoded), encoded, update, snapshot, _parts(state, whole), blocking, warnings, notes)


def _found(text: Iterable[Mapping[str, Any]]) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """What lint finds that blocks, and what it warns of; of each the first ones."""
    found: dict[bool, list[Finding]] = {True: [], False: []}
    for each in lint(text):
        found[each.blocks].append(Finding(each.code, each.turn, each.at, each.code_point))
    return tuple(found[True][:MOST_FINDINGS]), tuple(found[False][:MOST_FINDINGS])


def _parts(state: HearingState, whole: Content) -> Mapping[str, str]:
    spoke = {block["speaker"] for block in whole["blocks"] if block["kind"] == "speech"}
    some = (each.person for each in state.of_role(PART_SIGNER_ROLES) if each.person in spoke)
    return {person: content_sha256(part(whole, person)) for person in some}


def _notes(name: str, logged: LoggedPart) -> FrozenNotes:
    update = states.rebuild(name, logged.updates)
    document = Document(name)
    document.apply(update)
    digest = hashlib.sha256(annotations_json(entries(document.doc))).hexdigest()
    return FrozenNotes(logged.until, digest, states.state_sha256(update))


def files_of(draft: Draft, pdf: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """The version's files under these names: update, snapshot, content, PDF."""
    return dict(zip(names, (draft.update, draft.snapshot, draft.encoded, pdf), strict=True))
