"""A signer's P-256 key in a file that its owner alone may read (PKCS #8 in PEM); made when it is not there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from clients.cli import sentences
from clients.cli.outcomes import Exit, Failure


def load_or_make(path: Path) -> tuple[EllipticCurvePrivateKey, bool]:
    """(key, whether it was made now). Raises Failure for a file that others may read or that holds no such key."""
    try:
        return (_load(path), False) if path.exists() else (_make(path), True)
    except OSError as error:
        words = sentences.FILE_UNREADABLE.fill(path=path, why=error.strerror or error)
        raise Failure(Exit.USAGE, "file_unreadable", words) from error


def _load(path: Path) -> EllipticCurvePrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Failure(Exit.USAGE, "key_exposed", sentences.KEY_EXPOSED.fill(path=path))
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Failure(Exit.USAGE, "bad_key_file", sentences.BAD_KEY_FILE.fill(path=path)) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise Failure(Exit.USAGE, "bad_key_file", sentences.BAD_KEY_FILE.fill(path=path))
    return key


def _make(path: Path) -> EllipticCurvePrivateKey:
    """On disk before it is used: a signature whose key is lost could not be made again."""
    key = generate_private_key(SECP256R1())
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return key
