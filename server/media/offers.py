"""How often one person may offer a connection, over all their sockets: an offer of many lines costs the media process
some 25 ms, on the loop that forwards for everybody. Knows no socket.
"""

from __future__ import annotations

BURST = 10  # offers at once: a page makes two each time it connects
SECONDS = 2.0  # and then one in so many


class Offers:
    """Of everybody; times in seconds of any steady clock."""

    def __init__(self) -> None:
        self._free: dict[str, float] = {}  # person -> when nothing of the burst is used any more

    def takes(self, person: str, now: float) -> bool:
        """Whether this offer is within the bound, and counts it; one that is not costs nothing."""
        self._free = {each: free for each, free in self._free.items() if free > now}
        free = max(now, self._free.get(person, now))
        if free - now > (BURST - 1) * SECONDS:
            return False
        self._free[person] = free + SECONDS
        return True
