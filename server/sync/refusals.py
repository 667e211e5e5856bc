"""Who was refused on which document and how long the next handshake waits: 1, 2, 4 … seconds. Per login
session, in memory.
"""

from __future__ import annotations

from collections.abc import Callable


class Refusals:
    """`longest` in seconds; 0 switches the waiting off. `clock` is monotonic seconds."""

    def __init__(self, longest: float, clock: Callable[[], float]) -> None:
        self._longest = longest
        self._clock = clock
        self._waits: dict[tuple[str, str], tuple[float, float]] = {}

    def note(self, session: str, document: str) -> None:
        """A refusal that counts (never `stale`): the next handshake waits, twice as long as the time before."""
        if self._longest <= 0:
            return
        last, _ = self._waits.get((session, document), (0.5, 0.0))
        wait = min(last * 2, self._longest)
        self._waits[session, document] = (wait, self._clock() + wait)

    def wait(self, session: str, document: str) -> float:
        """Seconds until a handshake may be answered; 0 when none was refused."""
        entry = self._waits.get((session, document))
        return max(0.0, entry[1] - self._clock()) if entry else 0.0

    def forget(self, hearing: str) -> None:
        """Rights in this hearing changed: nobody waits for what was refused under the old ones."""
        for key in [key for key in self._waits if key[1].startswith(f"{hearing}/")]:
            del self._waits[key]
