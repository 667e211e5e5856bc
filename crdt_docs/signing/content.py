"""What is signed: the transcript's content as a value, its canonical bytes, its digest. Knows no keys, judges nobody.

P = {schema, hearing, case, people, blocks}. Nothing is normalised: the characters that are seen are those that are
signed. clients/web/src/signing/content.ts is the same in the browser; one fixture holds the two equal.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

SCHEMA = "yunting.transcript/1"
BLOCK_KEYS = ("id", "kind", "speaker", "role", "at", "origin")

Content = dict[str, Any]
Block = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A participant as signed: a server must not be able to swap who spoke, hence the name."""

    id: str
    role: str
    name: str


def content(hearing: str, case: str, people: Iterable[Person], blocks: Iterable[Block]) -> Content:
    """P: `case` is the case number, `blocks` are crdt_docs.transcript's. Raises ValueError on a person named twice."""
    by_id = sorted(people, key=lambda person: person.id)
    if len({person.id for person in by_id}) != len(by_id):
        raise ValueError("a person is named twice")
    return {
        "schema": SCHEMA,
        "hearing": hearing,
        "case": case,
        "people": [{"id": person.id, "role": person.role, "name": person.name} for person in by_id],
        "blocks": [_block(block) for block in blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    return {**{key: block[key] for key in BLOCK_KEYS}, "runs": [dict(run) for run in block["runs"] if run["text"]]}


def encode(content: Content) -> bytes:
    """JCS (RFC 8785)."""
    return rfc8785.dumps(content)


def content_sha256(content: Content) -> str:
    """SHA-256("yunting.transcript/1" ‖ 0x00 ‖ JCS(P)) in hex; of a part as well."""
    return digest_of(encode(content))


def digest_of(encoded: bytes) -> str:
    """The digest of content that is encoded already, as a bundle holds it."""
    return hashlib.sha256(SCHEMA.encode() + b"\0" + encoded).hexdigest()


def part(content: Content, person: str) -> Content:
    """What a witness or expert signs: their own turns and, before each, the last one spoken by somebody else."""
    blocks: Sequence[Block] = content["blocks"]
    kept = sorted(places_of(blocks, person))
    return {**content, "part": person, "blocks": [blocks[place] for place in kept]}


def places_of(blocks: Sequence[Block], person: str) -> set[int]:
    """Indices of a person's own turns and, before each, of the last one spoken by somebody else."""
    kept: set[int] = set()
    others: int | None = None
    for place, block in enumerate(blocks):
        if block["kind"] != "speech":
            continue
        if block["speaker"] != person:
            others = place
            continue
        kept |= {place} if others is None else {others, place}
    return kept
