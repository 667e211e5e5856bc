"""Where a request comes from: is the page ours, and which address is the client's; knows no session and no right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from server.settings import Settings

UNKNOWN = ""
DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_is_ours(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether `Origin` is there and names this server: its public URL where one is set, else the host asked for."""
    origin = _origin(headers.get("origin", ""))
    if origin is None:
        return False
    if settings.public_url:
        return origin == _origin(settings.public_url)
    return origin == _origin(f"{origin[0]}://{headers.get('host', '')}")


def page_is_ours(headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether a request that changes something and carries a cookie was made by our own page.

    Browsers send Origin with every unsafe request; Sec-Fetch-Site counts where that is missing. Neither: not a browser,
    and a client that is none has no business with cookies.
    """
    if "origin" in headers:
        return origin_is_ours(headers, settings)
    return headers.get("sec-fetch-site") == "same-origin"


def client_address(connection: HTTPConnection, settings: Settings) -> str:
    """The client's address: the peer's own, or what trusted proxies (and only they) say was before them."""
    peer = connection.client.host if connection.client else UNKNOWN
    if not _trusted(peer, settings.trusted_proxies):
        return peer
    hops = [hop.strip() for line in connection.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    for hop in reversed(hops):
        if not _trusted(hop, settings.trusted_proxies):
            return hop if _is_address(hop) else peer
    return peer


def _origin(url: str) -> tuple[str, str, int] | None:
    """(scheme, host, port) with the default port written out; None for what is no http(s) origin (`null`, garbage)."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme]


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _trusted(address: str, proxies: tuple[str, ...]) -> bool:
    if not proxies or not _is_address(address):
        return False
    return any(ip_address(address) in network for network in _networks(proxies))


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks (10.0.0.0/8), checked when the settings were read."""
    return tuple(ip_network(each, strict=False) for each in proxies)
