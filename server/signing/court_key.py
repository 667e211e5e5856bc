"""The court's Ed25519 key, with which it signs the heads of its logs and its bundles; made once, kept in a file 0600.

Its name comes from the key itself, so that no change of a setting gives old signatures another signer.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crdt_docs.signing import checkpoint
from server.people.credentials import BadKeyFile, sync_directory

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
    path = directory / FILE
    if not path.exists():
        _make(path)
    seed = path.read_bytes()
    if len(seed) != SEED_BYTES:
        raise BadKeyFile(f"{path}: expected {SEED_BYTES} bytes, found {len(seed)}. 法院密钥文件长度不对。")
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return CourtKey(f"yunting/{hashlib.sha256(public).hexdigest()[:16]}", private)


def _make(path: Path) -> None:
    """Whole or not at all, and never over a key that is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SEED_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
    sync_directory(path.parent)
