"""Credentials of a login session, derived from the server's key; stores no secret but that key and knows no session.

A token, a link secret and a cookie value are each HMAC-SHA256(key, label ‖ session id): nothing secret is in the
database, a copy of it lets nobody in, and a session's link can be printed again at every start.
"""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from enum import Enum
from hashlib import sha256
from pathlib import Path

KEY_BYTES = 32
KEY_FILE = "secret.key"
LONGEST = 256  # characters; what is longer is no credential of ours and is not hashed


class Use(bytes, Enum):
    """What a credential is for; one use's value never passes for another's."""

    TOKEN = b"token\0"
    LINK = b"link\0"
    COOKIE = b"cookie\0"


class BadKeyFile(ValueError):
    """The key file is there and cannot be the server's key; its text is the sentence for the operator."""


def load_key(directory: Path) -> bytes:
    """The server's key from `directory`/secret.key (mode 0600), made at the first call; raises BadKeyFile, OSError."""
    path = directory / KEY_FILE
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise BadKeyFile(f"{path}: expected {KEY_BYTES} bytes, found {len(key)}. 密钥文件长度不对。")
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return key


def _make_key(path: Path) -> None:
    """Whole or not at all, and never over a key that another start has made meanwhile (link, not rename)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
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


def mac(key: bytes, use: Use, session: str) -> str:
    """base64url, unpadded, of the HMAC that stands for `session` in this use (43 characters)."""
    digest = hmac.new(key, use.value + session.encode(), sha256).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def credential(key: bytes, use: Use, session: str) -> str:
    """`<session id>.<mac>`: the form of tokens and link secrets."""
    return f"{session}.{mac(key, use, session)}"


def same(one: str, other: str) -> bool:
    """Equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def session_named(key: bytes, use: Use, text: str) -> str | None:
    """The session id that `text` proves, or None when it is no credential of this use and key."""
    if len(text) > LONGEST:
        return None
    session, dot, given = text.partition(".")
    expected = mac(key, use, session)
    return session if same(given, expected) and dot and session else None
