"""Checkpoints of the hearing's log as C2SP signed notes under the court's Ed25519 key. Holds no key, keeps no log.

A note is text that ends with a line; after an empty line each signature stands in a line `— name base64(key id ‖ sig)`.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .base64_text import from_base64, to_base64
from .keys import BadKey, ed25519_bytes, ed25519_key

ED25519 = b"\x01"
MOST_SIGNATURES = 16
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE = re.compile(r"— (\S+) (\S+)")
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")
_CHECKPOINT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]*)\n([^\n]+)\n")


class BadNote(ValueError):
    """The note is not in its one form, or not signed by the key."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree's head: `root` 32 bytes over `size` leaves of the log that `origin` names."""

    origin: str
    size: int
    root: bytes


def origin(hearing: str) -> str:
    return f"yunting/{hearing}"


def note(origin: str, size: int, root: bytes) -> str:
    """The text of a checkpoint (C2SP tlog-checkpoint)."""
    return f"{origin}\n{size}\n{to_base64(root)}\n"


def read_note(text: str) -> Checkpoint:
    """A checkpoint's text as a value; nothing may follow the root. Raises BadNote."""
    found = _CHECKPOINT.fullmatch(text)
    if not found:
        raise BadNote("a checkpoint is an origin, a size and a root, a line each")
    try:
        checkpoint = Checkpoint(found[1], int(found[2]), from_base64(found[3]))
    except ValueError as error:
        raise BadNote(f"the root of the checkpoint is unreadable: {error}") from None
    if len(checkpoint.root) != hashlib.sha256().digest_size:
        raise BadNote("the root of a checkpoint has 32 bytes")
    return checkpoint


def key_id(name: str, public: Ed25519PublicKey) -> bytes:
    """The first 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + ed25519_bytes(public)).digest()[:4]


def vkey(name: str, public: Ed25519PublicKey) -> str:
    """The key for verifying, in one line: name+hex key id+base64(0x01 ‖ key)."""
    return f"{_named(name)}+{key_id(name, public).hex()}+{to_base64(ED25519 + ed25519_bytes(public))}"


def read_vkey(text: str) -> tuple[str, Ed25519PublicKey]:
    """Name and key. Raises BadKey."""
    found = _VKEY.fullmatch(text)
    if not found:
        raise BadKey("a key for verifying is name+id+key in one line")
    try:
        data = from_base64(found[3])
    except ValueError as error:
        raise BadKey(f"the key for verifying is unreadable: {error}") from None
    if data[:1] != ED25519:
        raise BadKey("the key for verifying is not an Ed25519 key")
    public = ed25519_key(data[1:])
    if key_id(found[1], public).hex() != found[2]:
        raise BadKey("the key for verifying has another id than it says")
    return found[1], public


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("a key's name has neither spaces nor +")
    return name


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The signed note (C2SP signed-note). Raises ValueError for text that does not end with a line."""
    if not _is_text(text):
        raise ValueError("the text of a note ends with a line and has no control characters")
    signature = key_id(_named(name), key.public_key()) + key.sign(text.encode())
    return f"{text}\n— {name} {to_base64(signature)}\n"


def _is_text(text: str) -> bool:
    return text.endswith("\n") and not any(ord(sign) < 32 and sign != "\n" for sign in text)


def open_note(signed: str, vkey: str) -> str:
    """The text, once the key is known to have signed it. Signatures of other keys are passed over. Raises BadNote."""
    name, public = read_vkey(vkey)
    text, lines = _parts(signed)
    wanted = (name, key_id(name, public))
    own = [signature for *whose, signature in map(_signature, lines) if tuple(whose) == wanted]
    if len(own) != 1:
        raise BadNote(f"{name} has signed this note {len(own)} times, not once")
    try:
        public.verify(own[0], text.encode())
    except InvalidSignature:
        raise BadNote(f"the signature is not that of {name} over this note") from None
    return text


def _parts(signed: str) -> tuple[str, list[str]]:
    """The text and the lines of signatures: what stands before and behind the last empty line."""
    text, parted, rest = signed.rpartition("\n\n")
    text += "\n"
    if not parted or not rest.endswith("\n") or not _is_text(text):
        raise BadNote("a signed note is text, an empty line and lines of signatures")
    lines = rest[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise BadNote("the note has too many signatures")
    return text, lines


def _signature(line: str) -> tuple[str, bytes, bytes]:
    """Name, key id and signature."""
    found = _SIGNATURE.fullmatch(line)
    try:
        data = from_base64(found[2]) if found else b""
    except ValueError:
        data = b""
    if not found or len(data) < 5:
        raise BadNote("a line of the note is no signature")
    return found[1], data[:4], data[4:]


def signatures(signed: str) -> Iterator[tuple[str, bytes]]:
    """Who claims to have signed: name and key id of each, unverified."""
    for name, key, _ in map(_signature, _parts(signed)[1]):
        yield name, key


def open_checkpoint(signed: str, vkey: str, origin: str) -> Checkpoint:
    """The tree head that the key has signed for the log `origin`. Raises BadNote."""
    checkpoint = read_note(open_note(signed, vkey))
    if checkpoint.origin != origin:
        raise BadNote(f"the checkpoint is that of {checkpoint.origin}, not of {origin}")
    return checkpoint
