"""A clock that tests move, and a disk in memory that can refuse."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from server.storage.commit_thread import StorageUnavailable
from server.storage.people import Write

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, span: timedelta) -> None:
        self.now += span


@dataclass
class Disk:
    full: bool = False
    writes: list[Write] = field(default_factory=list)

    async def commit(self, write: Write) -> None:
        if self.full:
            raise StorageUnavailable("no space left")
        self.writes.append(write)
