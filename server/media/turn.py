"""What a page is told about relays: their addresses with credentials that end by themselves. Keeps no secret, logs
none.

The credentials are those of draft-uberti-behave-turn-rest-00, which coturn checks with `use-auth-secret`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

CREDENTIAL_SECONDS = 6 * 3600  # a hearing's day in court; a page that connects again is given new ones


def ice_servers(urls: Sequence[str], secret: str, person: str, now_s: int) -> list[dict[str, Any]]:
    """`iceServers` of an RTCPeerConnection for one person: `[{urls}, {urls, username, credential}]`, empty without
    urls."""
    plain = [url for url in urls if url.startswith(("stun:", "stuns:"))]
    relays = [url for url in urls if not url.startswith(("stun:", "stuns:"))]
    servers: list[dict[str, Any]] = [{"urls": plain}] if plain else []
    if relays:
        username, password = credentials(secret, person, now_s + CREDENTIAL_SECONDS)
        servers.append({"urls": relays, "username": username, "credential": password})
    return servers


def credentials(secret: str, person: str, expires_s: int) -> tuple[str, str]:
    """(username `<expiry>:<person>`, password base64(HMAC-SHA1(secret, username))); expiry in seconds since 1970."""
    username = f"{expires_s}:{person}"
    mac = hmac.new(secret.encode(), username.encode(), hashlib.sha1)
    return username, base64.b64encode(mac.digest()).decode()
