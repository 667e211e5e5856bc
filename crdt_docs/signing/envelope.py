"""DSSE envelopes: a payload with its type under one ECDSA P-256 signature. Knows nothing of what the payload says.

Signatures are those of WebCrypto: r ‖ s, 64 bytes (IEEE P1363), where openssl and most libraries want DER.
"""

from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from .base64_text import from_base64, to_base64
from .keys import fingerprint, from_jwk

HALF = 32
_KEYS = {"payloadType", "payload", "signatures"}
_SIGNATURE_KEYS = {"keyid", "sig"}

Envelope = dict[str, Any]


class BadEnvelope(ValueError):
    """The envelope is not in its one form, or its signature is not the key's."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding: the bytes that are signed (DSSE, protocol.md)."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def to_raw(der: bytes) -> bytes:
    """A DER signature as r ‖ s."""
    return b"".join(number.to_bytes(HALF, "big") for number in decode_dss_signature(der))


def to_der(raw: bytes) -> bytes:
    """r ‖ s as DER, for openssl. Raises ValueError unless there are 64 bytes."""
    if len(raw) != 2 * HALF:
        raise ValueError(f"a signature has {2 * HALF} bytes, not {len(raw)}")
    return encode_dss_signature(int.from_bytes(raw[:HALF], "big"), int.from_bytes(raw[HALF:], "big"))


def sign(key: EllipticCurvePrivateKey, payload_type: str, payload: bytes, keyid: str) -> Envelope:
    """`keyid`: the fingerprint of the key's public half."""
    raw = to_raw(key.sign(pae(payload_type, payload), ECDSA(SHA256())))
    return wrap(payload_type, payload, keyid, raw)


def wrap(payload_type: str, payload: bytes, keyid: str, raw: bytes) -> Envelope:
    """The envelope around a signature made elsewhere."""
    signature = {"keyid": keyid, "sig": to_base64(raw)}
    return {"payloadType": payload_type, "payload": to_base64(payload), "signatures": [signature]}


def open_envelope(envelope: object, jwk: Mapping[str, Any], payload_type: str | None = None) -> bytes:
    """The payload, once the one signature is known to be that of the key. Raises BadEnvelope.

    Any change of any member is seen: forms are strict, and `keyid` must be the fingerprint of the key.
    """
    found, kind, payload = _form(envelope)
    if payload_type is not None and kind != payload_type:
        raise BadEnvelope(f"the envelope holds {kind!r}, not {payload_type!r}")
    try:
        is_named, public = found["keyid"] == fingerprint(jwk), from_jwk(jwk)
        signature = to_der(from_base64(found["sig"]))
    except ValueError as error:
        raise BadEnvelope(f"key or signature have no valid form: {error}") from None
    if not is_named:
        raise BadEnvelope("the envelope names another key")
    try:
        public.verify(signature, pae(kind, payload), ECDSA(SHA256()))
    except InvalidSignature:
        raise BadEnvelope("the signature is not that of this key over this payload") from None
    return payload


def payload_of(envelope: object) -> bytes:
    """The payload, unverified: to find out whose key to verify it with. Raises BadEnvelope."""
    return _form(envelope)[2]


def keyid_of(envelope: object) -> str:
    """The fingerprint that the envelope names, unverified. Raises BadEnvelope."""
    return _form(envelope)[0]["keyid"]


def _form(envelope: object) -> tuple[dict[str, str], str, bytes]:
    """The signature's members, the payload's type and the payload."""
    members = _members(envelope, _KEYS)
    signatures = members["signatures"]
    if not isinstance(signatures, list):
        raise BadEnvelope("the signatures of an envelope are a list")
    listed: list[Any] = signatures  # pyright: ignore[reportUnknownVariableType]
    if len(listed) != 1:
        raise BadEnvelope("an envelope has exactly one signature")
    signature = _members(listed[0], _SIGNATURE_KEYS)
    texts = (members["payloadType"], members["payload"], *signature.values())
    if not all(isinstance(text, str) for text in texts):
        raise BadEnvelope("type, payload and signature of an envelope are texts")
    try:
        return signature, members["payloadType"], from_base64(members["payload"])
    except ValueError as error:
        raise BadEnvelope(f"the payload has no valid form: {error}") from None


def _members(value: object, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, Mapping) or set(value) != keys:  # pyright: ignore[reportUnknownArgumentType]
        raise BadEnvelope(f"these members were expected: {', '.join(sorted(keys))}")
    return {str(key): member for key, member in value.items()}  # pyright: ignore
