"""Public keys as they are written down: P-256 of signers as JWK (RFC 7517), the court's Ed25519 as 32 bytes.

Never holds or makes a private key.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .base64_text import from_base64url, to_base64url

COORDINATE_BYTES = 32
JWK_KEYS = ("kty", "crv", "x", "y")

Jwk = dict[str, str]


class BadKey(ValueError):
    """No P-256 public key in the one form that we write."""


def to_jwk(key: EllipticCurvePublicKey) -> Jwk:
    """{kty, crv, x, y}. Raises BadKey for another curve."""
    if not isinstance(key.curve, SECP256R1):
        raise BadKey(f"the key lies on {key.curve.name}, not on P-256")
    numbers = key.public_numbers()
    x, y = (to_base64url(number.to_bytes(COORDINATE_BYTES, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def public_jwk(jwk: object) -> Jwk:
    """The four members that are the key, checked; what browsers add (`ext`, `key_ops`) is dropped. Raises BadKey."""
    members: Mapping[Any, Any] = jwk if isinstance(jwk, Mapping) else {}  # pyright: ignore[reportUnknownVariableType]
    if "d" in members:
        raise BadKey("this is a private key; it was to stay where it was made")
    found = {key: members.get(key) for key in JWK_KEYS}
    if not all(isinstance(value, str) for value in found.values()):
        raise BadKey("a key is a JWK with kty, crv, x and y")
    plain: Jwk = {key: str(value) for key, value in found.items()}
    _read(plain)
    return plain


def from_jwk(jwk: Mapping[str, Any]) -> EllipticCurvePublicKey:
    """The key of a JWK, a point of the curve. Raises BadKey."""
    return _read(public_jwk(jwk))


def _read(jwk: Jwk) -> EllipticCurvePublicKey:
    if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
        raise BadKey("the key is not of kty EC and crv P-256")
    try:
        x, y = from_base64url(jwk["x"]), from_base64url(jwk["y"])
        if (len(x), len(y)) != (COORDINATE_BYTES, COORDINATE_BYTES):
            raise BadKey("a coordinate has not 32 bytes")
        return EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), SECP256R1()).public_key()
    except BadKey:
        raise
    except ValueError as error:
        raise BadKey(f"the key is no point of P-256: {error}") from None


def fingerprint(jwk: Mapping[str, Any]) -> str:
    """The thumbprint of RFC 7638 with SHA-256, in hex: the name of a key everywhere."""
    return hashlib.sha256(rfc8785.dumps(dict(public_jwk(jwk)))).hexdigest()


def ed25519_bytes(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def ed25519_key(data: bytes) -> Ed25519PublicKey:
    """Raises BadKey unless there are 32 bytes."""
    try:
        return Ed25519PublicKey.from_public_bytes(data)
    except ValueError as error:
        raise BadKey(str(error)) from None
