"""What arrives of one stream: what is missing, how regularly it comes, how much was lost (RFC 3550, appendix A)."""

from media import rtp

HALF = 0x8000
MOST_MISSING = 256
RETRY_SECONDS = 0.06
TRIES = 5
MOST_LATE = 50


class Reception:
    """Counts one stream's packets; `clock_rate` in Hz. Times are the event loop's, in seconds."""

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self._base = self._top = -1
        self._cycles = 0
        self._missing: dict[int, tuple[int, float]] = {}
        self._transit = 0.0
        self._reported = (0, 0)
        self._late = 0
        self.received = 0
        self.jitter = 0.0
        self.sender_report: tuple[int, float] | None = None

    def add(self, sequence: int, timestamp: int, now: float) -> bool:
        """Counts one packet; False when it came before, or is older than anything that may be missing."""
        if self._top < 0:
            self._base = self._top = sequence
        else:
            ahead = (sequence - self._top) & 0xFFFF
            if ahead == 1:
                self._advance(sequence)
            elif ahead == 0 or ahead >= HALF:
                if self._missing.pop(sequence, None) is None:
                    self._late += 1
                    return False
            else:
                self._miss(ahead)
                self._advance(sequence)
        self.received += 1
        self._late = 0
        transit = now * self._clock_rate - timestamp
        if self._transit:
            moved = abs(transit - self._transit)
            if moved < self._clock_rate:  # else the sender's timestamps were set anew
                self.jitter += (moved - self.jitter) / 16
        self._transit = transit
        return True

    @property
    def strayed(self) -> bool:
        """Whether the sender seems to count from a new beginning: nothing but old numbers for a while."""
        return self._late >= MOST_LATE

    def _advance(self, sequence: int) -> None:
        if sequence < self._top:
            self._cycles += 0x10000
        self._top = sequence

    def _miss(self, ahead: int) -> None:
        for step in range(max(1, ahead - MOST_MISSING), ahead):
            self._missing[(self._top + step) & 0xFFFF] = (0, 0.0)
        while len(self._missing) > MOST_MISSING:
            del self._missing[next(iter(self._missing))]

    def missing(self, now: float) -> list[int]:
        """Sequence numbers to ask the sender for now; each is asked for a few times, then given up."""
        due = [number for number, (tries, at) in self._missing.items() if now - at >= RETRY_SECONDS]
        for number in due:
            tries = self._missing[number][0] + 1
            if tries > TRIES:
                del self._missing[number]
            else:
                self._missing[number] = (tries, now)
        return [number for number in due if number in self._missing]

    @property
    def expected(self) -> int:
        """Packets that must have been sent, from the first that arrived to the newest."""
        return self._cycles + self._top - self._base + 1 if self._top >= 0 else 0

    def block(self, ssrc: int, now: float) -> tuple[bytes, float]:
        """(a block for a receiver report, the fraction lost since the last one)."""
        expected, received = self.expected - self._reported[0], self.received - self._reported[1]
        self._reported = (self.expected, self.received)
        fraction = max(0.0, (expected - received) / expected) if expected > 0 else 0.0
        last, at = self.sender_report or (0, now)
        delay = int((now - at) * 65_536) if self.sender_report else 0
        lost = self.expected - self.received
        highest = self._cycles + max(0, self._top)
        share = min(255, int(fraction * 256))
        return rtp.receiver_block(ssrc, share, lost, highest, int(self.jitter), last, delay), fraction

    def counts(self) -> dict[str, int]:
        """Packets that came and that are lost."""
        return {"packets": self.received, "lost": self.expected - self.received}
