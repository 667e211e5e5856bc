"""A signer with a P-256 key of their own, as a thin client makes statements: pure, knows no transport."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key

from crdt_docs.signing import envelope, keys, statement
from crdt_docs.signing.content import Person
from crdt_docs.signing.statement import Digests, LogHead, Statement

Json = dict[str, Any]


@dataclass(frozen=True)
class Signer:
    """`person`: as the hearing names them."""

    person: Person
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    @property
    def jwk(self) -> Json:
        return keys.to_jwk(self.key.public_key())

    @property
    def fingerprint(self) -> str:
        return keys.fingerprint(self.jwk)

    def statement(self, hearing: str, shown: Mapping[str, Any], picture: bytes = b"", /, **changed: Any) -> Statement:
        """Over the version that GET …/signing shows; `changed`: fields of the statement that say something else."""
        frozen, you = shown["frozen"], shown["you"]
        made = Statement(
            hearing=hearing,
            version=frozen["v"],
            digests=Digests(*(frozen[name] for name in Digests.__slots__)),
            person=self.person,
            scope=you["scope"] or "whole",
            time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            key=self.fingerprint,
            log_head=LogHead(shown["head"]["size"], shown["head"]["root"]),
            part_sha256=you["part_sha256"],
            handwriting_sha256=hashlib.sha256(picture).hexdigest() if picture else None,
        )
        return replace(made, **changed)

    def envelope(self, said: Statement) -> Json:
        return statement.sign(said, self.key)


def body(envelope: Mapping[str, Any], code: str, picture: bytes = b"") -> Json:
    """What is posted to …/signing/signatures."""
    drawn = {"handwriting": base64.b64encode(picture).decode()} if picture else {}
    return {"envelope": dict(envelope), "code": code, **drawn}


def broken(given: Mapping[str, Any]) -> Json:
    """The envelope with one bit of its signature changed."""
    raw = bytearray(base64.b64decode(given["signatures"][0]["sig"]))
    raw[40] ^= 1
    return envelope.wrap(
        given["payloadType"], base64.b64decode(given["payload"]), given["signatures"][0]["keyid"], bytes(raw)
    )


def off(minutes: float) -> str:
    """RFC 3339, so many minutes from now."""
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="seconds").replace("+00:00", "Z")
