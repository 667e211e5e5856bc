"""Downloads under way, so that whoever loses the right to a document is sent no further byte of it. Reads no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from server.hearing.state import HearingState


@dataclass(eq=False, slots=True)
class Download:
    """One answer that is being sent. `abort` drops the connection with what it still holds."""

    allowed: Callable[[HearingState], bool]
    abort: Callable[[], None]
    ended: bool = False


class Downloads:
    """All of one server's."""

    def __init__(self) -> None:
        self._running: dict[str, set[Download]] = {}

    @contextmanager
    def running(
        self, hearing: str, allowed: Callable[[HearingState], bool], abort: Callable[[], None]
    ) -> Iterator[Download]:
        """Within it the download counts as under way."""
        download = Download(allowed, abort)
        of_hearing = self._running.setdefault(hearing, set())
        of_hearing.add(download)
        try:
            yield download
        finally:
            of_hearing.discard(download)

    def look(self, hearing: str, state: HearingState) -> None:
        """End those that are no longer allowed in this state; in the same turn of the loop."""
        for download in list(self._running.get(hearing, ())):
            if not download.allowed(state):
                download.ended = True
                download.abort()
