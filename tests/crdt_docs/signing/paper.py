"""What the tests of signatures write on: one hearing's keys, people, statement and log. Real keys, real hashes."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from crdt_docs.signing import checkpoint, log_tree, merkle, receipt, statement
from crdt_docs.signing.content import Person
from crdt_docs.signing.keys import fingerprint, to_jwk
from crdt_docs.signing.statement import Digests, LogHead, Statement

HEARING = "h-1"
COURT = "yunting-demo"
ANNA = Person("anna", "plaintiff", "安娜")
AT = "2026-03-02T09:30:00+08:00"


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


DIGESTS = Digests(sha("content"), sha("update"), sha("state"), sha("pdf"))


def log_entry(seq: int, kind: str, actor: str, payload: dict[str, Any]) -> dict[str, Any]:
    """An entry as GET …/log gives it."""
    header = log_tree.header(HEARING, seq, AT, kind, actor, {f"{HEARING}/transcript": sha("head")})
    salt = hashlib.sha256(b"salt %d" % seq).digest()
    leaf = log_tree.leaf_of(header, salt, payload).hex()
    return {"header": header, "leaf": leaf, "salt": salt.hex(), "payload": payload}


@dataclass
class Signer:
    """A person with a key on a device."""

    person: Person = ANNA
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def jwk(self) -> dict[str, str]:
        return to_jwk(self.key.public_key())

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.jwk)

    def states(self, **other: Any) -> Statement:
        known = {
            **{"hearing": HEARING, "version": 1, "digests": DIGESTS, "person": self.person, "scope": "whole"},
            **{"time": AT, "key": self.fingerprint, "log_head": LogHead(3, sha("root"))},
        }
        return Statement(**{**known, **other})


ENTIRE = Signer().states(
    scope="part", part_sha256=sha("part"), handwriting_sha256=sha("handwriting"), reservation="保留意见"
)  # a statement with every member that there is


@dataclass
class Record:
    """A hearing's log that signatures are entered into."""

    court: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    entries: list[dict[str, Any]] = field(
        default_factory=lambda: [log_entry(seq, "SessionOpened", "judge", {}) for seq in (1, 2, 3)]
    )

    @property
    def vkey(self) -> str:
        return checkpoint.vkey(COURT, self.court.public_key())

    @property
    def leaves(self) -> list[bytes]:
        return [bytes.fromhex(entry["leaf"]) for entry in self.entries]

    def enter(self, kind: str, actor: str, payload: dict[str, Any]) -> dict[str, Any]:
        self.entries.append(log_entry(len(self.entries) + 1, kind, actor, payload))
        return self.entries[-1]

    def signed(self, signer: Signer, stated: Statement) -> dict[str, Any]:
        facts = {
            **{"v": stated.version, "person": signer.person.id, "envelope": statement.sign(stated, signer.key)},
            **{"statement_sha256": statement.statement_sha256(stated)},
            **{"handwriting_sha256": stated.handwriting_sha256, "reservation": stated.reservation},
        }
        return self.enter("Signed", signer.person.id, {key: value for key, value in facts.items() if value is not None})

    def head(self) -> str:
        text = checkpoint.note(checkpoint.origin(HEARING), len(self.entries), merkle.root(self.leaves))
        return checkpoint.sign_note(text, COURT, self.court)

    def receipt(self, entry: dict[str, Any], *signers: Signer) -> dict[str, Any]:
        keys = {signer.person.id: signer.fingerprint for signer in signers}
        return receipt.make(entry, self.leaves, self.head(), keys, self.vkey)
