"""Files that are on disk whole or not at all, and found again by their names: secrets, made at a first start."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


class BadKeyFile(ValueError):
    """A key file is there and cannot be the key; its text is the sentence for the operator."""


def load_key_file(path: Path, size: int) -> bytes:
    """`size` secret bytes from `path` (mode 0600), made of chance at the first call; raises BadKeyFile, OSError."""
    if not path.exists():
        _make_key_file(path, size)
    key = path.read_bytes()
    if len(key) != size:
        raise BadKeyFile(f"{path}: expected {size} bytes, found {len(key)}. 密钥文件长度不对。")
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return key


def _make_key_file(path: Path, size: int) -> None:
    """Whole or not at all, and never over a key that another start has made meanwhile (link, not rename)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(size))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Makes the names in `directory` durable (a new file's content is not found again without its name)."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
