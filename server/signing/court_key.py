"""The court's Ed25519 key, with which it signs the heads of its logs and its bundles; made once, kept in a file 0600.

Its name comes from the key itself, so that no change of a setting gives old signatures another signer.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crdt_docs.signing import checkpoint
from server.durable import load_key_file

FILE = "court.key"
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class CourtKey:
    """`name`: what stands in signed notes; `vkey`: the line with which anybody verifies them."""

    name: str
    private: Ed25519PrivateKey

    @property
    def vkey(self) -> str:
        return checkpoint.vkey(self.name, self.private.public_key())

    def sign_note(self, text: str) -> str:
        return checkpoint.sign_note(text, self.name, self.private)


def load(directory: Path) -> CourtKey:
    """The key from `directory`/court.key, made at the first call; raises BadKeyFile, OSError."""
    seed = load_key_file(directory / FILE, SEED_BYTES)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return CourtKey(f"yunting/{hashlib.sha256(public).hexdigest()[:16]}", private)
