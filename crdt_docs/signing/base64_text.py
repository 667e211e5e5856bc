"""Bytes as text in one way only: what decodes and encodes again to other text is refused."""

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode


def to_base64(data: bytes) -> str:
    """Standard alphabet, padded (RFC 4648, 4)."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Raises ValueError for anything that to_base64 never writes."""
    data = b64decode(text, validate=True)
    if to_base64(data) != text:
        raise ValueError("the base64 is not canonical")
    return data


def to_base64url(data: bytes) -> str:
    """URL-safe alphabet without padding (RFC 7515, 2), as JWKs write numbers."""
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")


def from_base64url(text: str) -> bytes:
    """Raises ValueError for anything that to_base64url never writes."""
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(data) != text:
        raise ValueError("the base64url is not canonical")
    return data
