"""Heads of a hearing's log under the court's key, and the receipts that stand on them. Asks no right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crdt_docs.signing import checkpoint, receipt
from server.control import HearingControl
from server.control_entries import Entry
from server.hearing.signing_events import Signed
from server.hearing.signing_state import Signing
from server.signing.court_key import CourtKey

Json = dict[str, Any]


def root(control: HearingControl, size: int) -> str:
    """The tree head over the first `size` entries, in hex."""
    return control.tree.root(size).hex()


def signed_head(control: HearingControl, court: CourtKey, size: int | None = None) -> Json:
    """{size, root, checkpoint} of the log as it is now, or was when it had `size` entries."""
    size = len(control.tree) if size is None else size
    top = control.tree.root(size)
    note = checkpoint.note(checkpoint.origin(control.hearing), size, top)
    return {"size": size, "root": top.hex(), "checkpoint": court.sign_note(note)}


def signature_of(entries: Sequence[Entry], person: str, v: int) -> Entry | None:
    """The entry in which a person signed version `v`."""
    return next((each for each in entries if _is_of(each, person) and each.event.fact.v == v), None)  # type: ignore[union-attr]


def signature_over(entries: Sequence[Entry], person: str, statement_sha256: str) -> Entry | None:
    """The entry that took this very statement of the person in, whichever valid ECDSA value it came with."""
    mine = (each for each in entries if _is_of(each, person))
    return next((each for each in mine if each.payload["statement_sha256"] == statement_sha256), None)


def _is_of(entry: Entry, person: str) -> bool:
    return isinstance(entry.event.fact, Signed) and entry.event.fact.person == person


def receipt_of(control: HearingControl, entry: Entry, court: CourtKey) -> Json:
    """The receipt of a `Signed` entry, under the head that this entry made: the same bytes whenever it is asked for.

    It names every key that was bound until then: two receipts side by side show whether both signers were told alike.
    """
    leaves = [each.leaf for each in control.entries[: entry.seq]]
    head = signed_head(control, court, entry.seq)
    shown: Mapping[str, Any] = {**entry.public(), "salt": entry.salt.hex(), "payload": dict(entry.payload)}
    made = receipt.make(shown, leaves, head["checkpoint"], {}, court.vkey)
    return {**made, "keys": fingerprints(entry.after.signing)}


def fingerprints(signing: Signing) -> list[Json]:
    """[{person, fingerprint}] of every key of the hearing; a person may have several, one a device."""
    pairs = sorted((key.person, key.fingerprint) for key in signing.keys)
    return [{"person": person, "fingerprint": fingerprint} for person, fingerprint in pairs]


def has_signed(entries: Sequence[Entry], person: str) -> bool:
    """Whether the person has signed any version of the hearing."""
    return any(_is_of(each, person) for each in entries)
