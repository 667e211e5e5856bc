"""What a signer states: who, over which digests of which version, in which scope, knowing which head of the log.

Its bytes are canonical JSON and are what is signed. Judges no rights: whether the person may sign, the hearing decides.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from crdt_docs.rfc3339 import parse

from . import envelope as dsse
from .content import Person
from .strict_json import loads

SCHEMA = "yunting.statement/1"
PAYLOAD_TYPE = "application/vnd.yunting.statement+json"
SCOPES = ("whole", "part")
LONGEST_RESERVATION = 2000
_HEX = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class BadStatement(ValueError):
    """The statement is not in its one form."""


@dataclass(frozen=True, slots=True)
class Digests:
    """Of one frozen version: normative content, stored bytes of the update, CRDT snapshot, PDF. Hex."""

    content_sha256: str
    update_sha256: str
    state_sha256: str
    pdf_sha256: str


@dataclass(frozen=True, slots=True)
class LogHead:
    """The tree head of the hearing's log that the signer knew; `root` in hex."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Statement:
    """`person`: as the content names them, role included; `time` RFC 3339; `key`: the fingerprint of the signer's key.
    `part_sha256` exactly with scope `part`."""

    hearing: str
    version: int
    digests: Digests
    person: Person
    scope: str
    time: str
    key: str
    log_head: LogHead
    part_sha256: str | None = None
    handwriting_sha256: str | None = None
    reservation: str | None = None

    def __post_init__(self) -> None:
        for is_so, sentence in _rules(self):
            if not is_so:
                raise BadStatement(sentence)


def _rules(statement: Statement) -> list[tuple[bool, str]]:
    """What a statement must be; evaluated in order by its constructor."""
    reservation = statement.reservation
    optional = (statement.part_sha256, statement.handwriting_sha256)
    hexes = [*asdict(statement.digests).values(), statement.key, statement.log_head.root, *filter(None, optional)]
    person = statement.person
    return [
        (all(_HEX.fullmatch(value) for value in hexes), "digests, key and root are 64 hex digits"),
        (bool(_ID.fullmatch(statement.hearing) and _ID.fullmatch(person.id)), "hearing and person are ids"),
        (statement.version > 0 and statement.log_head.size > 0, "version and size of the log count from 1"),
        (statement.scope in SCOPES, "the scope is whole or part"),
        ((statement.scope == "part") == (statement.part_sha256 is not None), "a part has a digest, the whole none"),
        (parse(statement.time) is not None, "the time is not RFC 3339"),
        (reservation is None or 0 < len(reservation) <= LONGEST_RESERVATION, "the reservation is empty or too long"),
    ]


def to_json(statement: Statement) -> dict[str, Any]:
    """What is absent is left out."""
    optional = {key: getattr(statement, key) for key in ("part_sha256", "handwriting_sha256", "reservation")}
    return {
        "schema": SCHEMA,
        "hearing": statement.hearing,
        "version": statement.version,
        **asdict(statement.digests),
        "person": {"id": statement.person.id, "name": statement.person.name},
        "role": statement.person.role,
        "scope": statement.scope,
        "time": statement.time,
        "key": statement.key,
        "log_head": asdict(statement.log_head),
        **{key: value for key, value in optional.items() if value is not None},
    }


def encode(statement: Statement) -> bytes:
    """JCS: the payload of the envelope."""
    return rfc8785.dumps(to_json(statement))


def statement_sha256(statement: Statement) -> str:
    """SHA-256 of the payload in hex: by it a signature is known, whichever valid ECDSA value it has."""
    return hashlib.sha256(encode(statement)).hexdigest()


def decode(payload: bytes) -> Statement:
    """Raises BadStatement for anything that encode never writes."""
    try:
        value: Any = loads(payload)
        statement = _of(value)
        is_canonical = encode(statement) == payload
    except BadStatement:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadStatement(f"this is no statement: {error}") from None
    if not is_canonical:
        raise BadStatement("the statement has other members than it may have, or is not canonical")
    return statement


def _of(value: Mapping[str, Any]) -> Statement:
    return Statement(
        hearing=value["hearing"],
        version=_count(value["version"]),
        digests=Digests(*(value[key] for key in Digests.__slots__)),
        person=Person(value["person"]["id"], _text(value["role"]), _text(value["person"]["name"])),
        scope=value["scope"],
        time=value["time"],
        key=value["key"],
        log_head=LogHead(_count(value["log_head"]["size"]), value["log_head"]["root"]),
        part_sha256=value.get("part_sha256"),
        handwriting_sha256=value.get("handwriting_sha256"),
        reservation=value.get("reservation"),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadStatement("role and name are texts")
    return value


def _count(value: object) -> int:
    if type(value) is not int:
        raise BadStatement("version and size of the log are whole numbers")
    return value


def sign(statement: Statement, key: EllipticCurvePrivateKey) -> dsse.Envelope:
    """The statement in its envelope, as a signer without a browser makes it."""
    return dsse.sign(key, PAYLOAD_TYPE, encode(statement), statement.key)


def open_statement(envelope: object, jwk: Mapping[str, Any]) -> Statement:
    """The statement that this key has signed. Raises BadEnvelope, BadStatement.

    The signature is checked before a byte of the payload is read; the statement names the key as well, so that an
    envelope cannot be put around it by another one.
    """
    statement = decode(dsse.open_envelope(envelope, jwk, PAYLOAD_TYPE))
    if statement.key != dsse.keyid_of(envelope):
        raise BadStatement("the statement names another key than the one that signed it")
    return statement


def read_statement(envelope: object) -> Statement:
    """The statement, unverified: to find out whose key must have signed it. Raises BadEnvelope, BadStatement."""
    return decode(dsse.payload_of(envelope))
