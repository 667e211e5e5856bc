"""The bundle of a hearing: named files, a manifest of all of them, and the court's signature over the manifest.

Owns the form of the file; what lies in it and whether that is true is verify.py's to judge. Holds no key of its own.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from . import bundle_readme, checkpoint, container
from .base64_text import to_base64
from .log_tree import canonical

SCHEMA: Final = "yunting.bundle/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """A file of the bundle, and its SHA-256 (hex) as the manifest gives it."""

    body: container.Body
    sha256: str


def held(content: bytes) -> Held:
    """Of what is at hand."""
    return Held(container.body(content), sha256(content))


def measured(pieces: Callable[[], Iterable[bytes]]) -> Held:
    """Of what is too large for that: read once for its size and digests. `pieces` as in container.Body."""
    digest, size, crc = hashlib.sha256(), 0, 0
    for piece in pieces():
        digest.update(piece)
        size, crc = size + len(piece), zlib.crc32(piece, crc)
    return Held(container.Body(size, crc, pieces), digest.hexdigest())


def write(
    files: Mapping[str, bytes], court: Ed25519PrivateKey, name: str, *, withheld: Mapping[str, bytes] | None = None
) -> bytes:
    """The bundle's bytes; the same files give the same bytes. See `whole`. Raises container.TooMuch."""
    shown = {path: held(content) for path, content in files.items()}
    kept_back = {path: held(content) for path, content in (withheld or {}).items()}
    return b"".join(container.pieces(whole(shown, court, name, withheld=kept_back)))


def whole(
    files: Mapping[str, Held], court: Ed25519PrivateKey, name: str, *, withheld: Mapping[str, Held]
) -> dict[str, container.Body]:
    """Everything that goes into the archive: the files, manifest and signature.

    `files` holds hearing.json at least; both READMEs are added. `name` is that of the court's key. Of `withheld` files,
    which the reader of this copy may not have, the manifest keeps size and digest alone.
    """
    named = {**{path: held(content) for path, content in bundle_readme.FILES.items()}, **files}
    hearing: str = json.loads(b"".join(named["hearing.json"].body.pieces()))["hearing"]
    manifest = canonical(_manifest(hearing, named, withheld))
    note = checkpoint.sign_note(manifest_note(hearing, manifest), name, court)
    bodies = {path: each.body for path, each in named.items()}
    return {**bodies, MANIFEST: container.body(manifest), SIGNATURE: container.body(note.encode())}


def _manifest(hearing: str, files: Mapping[str, Held], withheld: Mapping[str, Held]) -> Json:
    kept_back = {"withheld": _listed(withheld)} if withheld else {}
    return {"schema": SCHEMA, "hearing": hearing, "files": _listed(files), **kept_back}


def _listed(files: Mapping[str, Held]) -> Json:
    return {name: {"size": each.body.size, "sha256": each.sha256} for name, each in files.items()}


def manifest_note(hearing: str, manifest: bytes) -> str:
    """The text that the court signs: three lines."""
    digest = to_base64(hashlib.sha256(manifest).digest())
    return f"{SCHEMA}\n{hearing}\n{digest}\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class BadBundle(ValueError):
    """The bytes are not a bundle as `write` makes it; the message names the place."""


def read(archive: bytes) -> dict[str, bytes]:
    """All files, manifest and signature included. Raises BadBundle at the first byte that `write` would not write
    there; whether manifest and signature are right is verify.py's to say."""
    files, faults = container.unpack(archive)
    if faults:
        first = faults[0]
        raise BadBundle(f"{first.what} at byte {first.at}" + (f" ({first.file})" if first.file else ""))
    return files
