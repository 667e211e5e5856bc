"""Keys, envelopes and statements: an independent DSSE library, openssl's form, and everything that must not pass."""

import hashlib
import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.signer import SSlibKey  # pyright: ignore[reportPrivateImportUsage]

from crdt_docs.signing import envelope, keys, statement
from crdt_docs.signing.envelope import BadEnvelope
from crdt_docs.signing.statement import BadStatement, LogHead
from tests.crdt_docs.signing.paper import ANNA, Signer, sha

SIGNER = Signer()
STATED = SIGNER.states(reservation="“笔录”第3页有误，保留意见 𪩪")
ENVELOPE = statement.sign(STATED, SIGNER.key)
SIGNATURE = ENVELOPE["signatures"][0]["sig"]


def changed(**members: Any) -> dict[str, Any]:
    return {**ENVELOPE, **members}


def resigned(**members: str) -> dict[str, Any]:
    return changed(signatures=[{**ENVELOPE["signatures"][0], **members}])


def test_the_fingerprint_is_the_thumbprint_of_rfc_7638() -> None:
    jwk = SIGNER.jwk
    by_hand = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    assert keys.fingerprint(jwk) == sha(by_hand)
    assert keys.fingerprint({**jwk, "ext": True, "key_ops": ["verify"]}) == sha(by_hand)
    assert keys.from_jwk(jwk).public_numbers() == SIGNER.key.public_key().public_numbers()


NO_KEYS: dict[str, dict[str, Any]] = {
    "a private key": {"d": "AA"},
    "another curve": {"crv": "P-384"},
    "another type": {"kty": "OKP"},
    "a point beside the curve": {"x": SIGNER.jwk["y"], "y": SIGNER.jwk["x"]},
    "a short coordinate": {"x": "AA"},
    "padding": {"x": SIGNER.jwk["x"] + "="},
    "signs outside the alphabet": {"x": SIGNER.jwk["x"] + "\n"},
    "a number": {"x": 5},
}


@pytest.mark.parametrize("wrong", NO_KEYS.values(), ids=NO_KEYS)
def test_no_other_key_is_taken(wrong: dict[str, Any]) -> None:
    with pytest.raises(keys.BadKey):
        keys.public_jwk({**SIGNER.jwk, **wrong})


def test_a_key_of_another_curve_has_no_jwk() -> None:
    with pytest.raises(keys.BadKey, match="secp384r1"):
        keys.to_jwk(ec.generate_private_key(ec.SECP384R1()).public_key())


def test_the_encoding_that_is_signed_is_that_of_the_dsse_specification() -> None:
    """The example of DSSE's protocol.md."""
    expected = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    assert envelope.pae("http://example.com/HelloWorld", b"hello world") == expected
    assert envelope.pae("类", "文".encode()) == b"DSSEv1 3 \xe7\xb1\xbb 3 \xe6\x96\x87"


def test_an_independent_dsse_library_verifies_our_envelope() -> None:
    """It wants DER, as openssl does; nothing else differs."""
    raw = b64decode(ENVELOPE["signatures"][0]["sig"])
    der = b64encode(envelope.to_der(raw)).decode()
    pem = SIGNER.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    other = SSlibKey(SIGNER.fingerprint, "ecdsa", "ecdsa-sha2-nistp256", {"public": pem})
    opened = OtherEnvelope.from_dict(resigned(sig=der))
    assert opened.pae() == envelope.pae(statement.PAYLOAD_TYPE, statement.encode(STATED))
    assert set(opened.verify([other], 1)) == {SIGNER.fingerprint}


@pytest.mark.skipif(not shutil.which("openssl"), reason="not run: no openssl on this machine")
def test_openssl_verifies_what_is_signed_once_the_signature_is_der(tmp_path: Path) -> None:
    """As PROTOCOL tells it."""
    pem = SIGNER.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    raw = b64decode(SIGNATURE)
    pae = envelope.pae(statement.PAYLOAD_TYPE, statement.encode(STATED))
    files = {"key.pem": pem, "pae": pae, "sig.der": envelope.to_der(raw), "sig.raw": raw}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    def verify(signature: str) -> int:
        command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", signature, "pae"]
        return subprocess.run(command, cwd=tmp_path, capture_output=True).returncode

    assert verify("sig.der") == 0
    assert verify("sig.raw") != 0


def test_an_envelope_opens_with_its_own_key_alone() -> None:
    assert envelope.open_envelope(ENVELOPE, SIGNER.jwk) == statement.encode(STATED)
    assert json.loads(json.dumps(ENVELOPE)) == ENVELOPE
    with pytest.raises(BadEnvelope, match="names another key"):
        envelope.open_envelope(ENVELOPE, Signer().jwk)
    stranger = Signer()
    with pytest.raises(BadEnvelope, match="not that of this key"):
        envelope.open_envelope(resigned(keyid=stranger.fingerprint), stranger.jwk)


BROKEN: dict[str, Any] = {
    "a list": [],
    "another member": changed(note=""),
    "a member less": {key: ENVELOPE[key] for key in ("payload", "signatures")},
    "no signature": changed(signatures=[]),
    "two signatures": changed(signatures=ENVELOPE["signatures"] * 2),
    "signatures that are an object": changed(signatures={}),
    "a signature that is a text": changed(signatures=[SIGNATURE]),
    "another payload": changed(payload=b64encode(b"{}").decode()),
    "a payload that is none": changed(payload="?"),
    "a payload that is a number": changed(payload=5),
    "another type": changed(payloadType="text/plain"),
    "a signature in DER": resigned(sig=b64encode(envelope.to_der(b64decode(SIGNATURE))).decode()),
    "a signature of zeros": resigned(sig=b64encode(bytes(64)).decode()),
    "a signature without padding": resigned(sig=SIGNATURE.rstrip("=")),
    "a signature with other last bits": resigned(sig=SIGNATURE[:-3] + chr(ord(SIGNATURE[-3]) + 1) + "=="),
    "a signature with a line's end": resigned(sig=SIGNATURE + "\n"),
    "another keyid": resigned(keyid=sha("another")),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_no_other_envelope_opens(broken: Any) -> None:
    with pytest.raises(BadEnvelope):
        envelope.open_envelope(broken, SIGNER.jwk)


@given(st.data())
def test_no_changed_byte_of_payload_or_signature_passes(data: st.DataObject) -> None:
    where = data.draw(st.sampled_from(("payload", "sig")))
    old = b64decode(ENVELOPE["payload"] if where == "payload" else SIGNATURE)
    at, flip = data.draw(st.integers(0, len(old) - 1)), data.draw(st.integers(1, 255))
    new = b64encode(old[:at] + bytes((old[at] ^ flip,)) + old[at + 1 :]).decode()
    with pytest.raises(BadEnvelope):
        envelope.open_envelope(changed(payload=new) if where == "payload" else resigned(sig=new), SIGNER.jwk)


@pytest.mark.parametrize("size", [0, 63, 65])
def test_a_raw_signature_has_64_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        envelope.to_der(bytes(size))


def test_raw_and_der_are_the_same_numbers() -> None:
    der = SIGNER.key.sign(b"x", ec.ECDSA(SHA256()))
    assert envelope.to_der(envelope.to_raw(der)) == der


def test_a_statement_comes_back_from_its_envelope() -> None:
    assert statement.open_statement(ENVELOPE, SIGNER.jwk) == STATED
    assert statement.read_statement(ENVELOPE) == STATED
    assert statement.statement_sha256(STATED) == hashlib.sha256(b64decode(ENVELOPE["payload"])).hexdigest()


def test_a_statement_is_written_with_these_members() -> None:
    part = SIGNER.states(scope="part", part_sha256=sha("part"), handwriting_sha256=sha("hand"))
    assert statement.to_json(part) == {
        **{"schema": "yunting.statement/1", "hearing": "h-1", "version": 1},
        **{"content_sha256": sha("content"), "update_sha256": sha("update")},
        **{"state_sha256": sha("state"), "pdf_sha256": sha("pdf")},
        **{"person": {"id": "anna", "name": "安娜"}, "role": "plaintiff", "scope": "part", "part_sha256": sha("part")},
        **{"time": "2026-03-02T09:30:00+08:00", "key": SIGNER.fingerprint},
        **{"log_head": {"size": 3, "root": sha("root")}, "handwriting_sha256": sha("hand")},
    }
    assert statement.decode(statement.encode(part)) == part
    assert "part_sha256" not in statement.to_json(STATED)


NO_STATEMENTS: dict[str, dict[str, Any]] = {
    "version 0": {"version": 0},
    "a digest in capitals": {"key": SIGNER.fingerprint.upper()},
    "a scope of no kind": {"scope": "half"},
    "a part without digest": {"scope": "part"},
    "the whole with a part's digest": {"part_sha256": sha("part")},
    "a time of no zone": {"time": "2026-03-02T09:30:00"},
    "an empty reservation": {"reservation": ""},
    "a long reservation": {"reservation": "字" * 2001},
    "an empty log": {"log_head": LogHead(0, sha("root"))},
    "a hearing with a slash": {"hearing": "h/1"},
}


@pytest.mark.parametrize("wrong", NO_STATEMENTS.values(), ids=NO_STATEMENTS)
def test_no_other_statement_can_be_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadStatement):
        SIGNER.states(**wrong)


def test_no_payload_but_the_canonical_one_is_a_statement() -> None:
    written = statement.to_json(STATED)
    good = statement.encode(STATED)
    for payload in (
        json.dumps(written).encode(),
        good.replace(b'"version":1', b'"version":1.0'),
        good.replace(b'"version":1', b'"version":true'),
        good.replace(b'"version":1', b'"version":1,"version":1'),
        good[:-1] + b',"zone":""}',
        good.replace(b'"yunting.statement/1"', b'"yunting.statement/2"'),
        good.replace('"安娜"'.encode(), b"null"),
        good.replace('"安娜"'.encode(), b'"\\ud800"'),
        good.replace(b'"version":1', b'"version":9007199254740993'),
        good.replace(b'"version":1', b'"version":NaN'),
        b"null",
        b"[" * 100_000,
        b"\xff",
    ):
        assert payload != good
        with pytest.raises(BadStatement):
            statement.decode(payload)


def test_a_statement_names_the_key_that_signed_it() -> None:
    """Otherwise one person's statement could be put into another's envelope."""
    other = Signer()
    moved = envelope.sign(other.key, statement.PAYLOAD_TYPE, statement.encode(STATED), other.fingerprint)
    assert envelope.open_envelope(moved, other.jwk)
    with pytest.raises(BadStatement, match="another key"):
        statement.open_statement(moved, other.jwk)
    wrong_type = envelope.sign(SIGNER.key, "text/plain", statement.encode(STATED), SIGNER.fingerprint)
    with pytest.raises(BadEnvelope, match="text/plain"):
        statement.open_statement(wrong_type, SIGNER.jwk)


def test_a_statement_keeps_the_person_as_the_content_names_them() -> None:
    assert statement.open_statement(ENVELOPE, SIGNER.jwk).person == ANNA
