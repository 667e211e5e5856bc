"""Credentials of a login session, derived from the server's key; stores no secret but that key and knows no session.

A token, a link secret and a cookie value are each HMAC-SHA256(key, label ‖ session id): nothing secret is in the
database, a copy of it lets nobody in, and a session's link can be printed again at every start.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from enum import Enum
from hashlib import sha256
from pathlib import Path

from server.durable import load_key_file

KEY_BYTES = 32
KEY_FILE = "secret.key"
LONGEST = 256  # characters; what is longer is no credential of ours and is not hashed


class Use(bytes, Enum):
    """What a credential is for; one use's value never passes for another's."""

    TOKEN = b"token\0"
    LINK = b"link\0"
    COOKIE = b"cookie\0"


def load_key(directory: Path) -> bytes:
    """The server's key from `directory`/secret.key, made at the first call; raises BadKeyFile, OSError."""
    return load_key_file(directory / KEY_FILE, KEY_BYTES)


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
