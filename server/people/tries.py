"""How often an address may guess: wrong tries counted per address, in memory; knows no secret and no person."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

WRONG_TRIES = 10
WRONG_TRIES_LOOPBACK = 2_000  # many people and tests share the loopback address
PAUSE = 60.0  # seconds
MOST_ADDRESSES = 10_000  # remembered at once; the one longest unseen goes first


@dataclass(slots=True)
class _Count:
    wrong: int = 0
    last: float = 0.0
    until: float = 0.0


class Tries:
    """Ten wrong tries, each less than a minute after the one before, and the address waits a minute."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    def wait(self, address: str) -> float:
        """Seconds until `address` may try again; 0 when it may now."""
        count = self._counts.get(_network(address))
        return max(0.0, count.until - self._now()) if count else 0.0

    def wrong(self, address: str) -> None:
        """Counts one wrong try."""
        key, now = _network(address), self._now()
        count = self._counts.setdefault(key, _Count())
        self._counts.move_to_end(key)
        count.wrong = count.wrong + 1 if now - count.last < PAUSE else 1
        count.last = now
        if count.wrong >= _allowed(address):
            count.until, count.wrong = now + PAUSE, 0
        while len(self._counts) > MOST_ADDRESSES:
            self._counts.popitem(last=False)


def _allowed(address: str) -> int:
    try:
        return WRONG_TRIES_LOOPBACK if ip_address(address).is_loopback else WRONG_TRIES
    except ValueError:
        return WRONG_TRIES


def _network(address: str) -> str:
    """An IPv6 client owns a whole /64 and counts as one address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address
