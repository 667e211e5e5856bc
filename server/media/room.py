"""One room as the server knows it: its members, the table that the media process was last given, what each member was
last told. What members and hearings have to offer for it. Knows no wire.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from server.hearing.events import Fact
from server.hearing.state import HearingState
from server.media.link import Json
from server.media.tables import Table, echo_table, table


class Told(Protocol):
    """What people see of each other in the media room (server/control_media)."""

    def note(self, person: str, **changes: Any) -> None: ...

    def forget(self, person: str) -> None: ...


class Control(Protocol):
    """What a room needs of its hearing."""

    hearing: str
    state: HearingState
    media: Any
    media_room: bool  # whether the log says that the hearing has a room in the media process

    @property
    def seq(self) -> int: ...

    def record(self, actor: str, decide: Callable[[HearingState, int], tuple[Fact, ...]]) -> Awaitable[Any]: ...


class Member(Protocol):
    """One socket of the media room; `id` is its peer in the media process."""

    id: str
    person: str

    def send(self, message: Json) -> None: ...

    def known(self) -> None:
        """The media process knows this member: offers may come. Said again by a new one, which has no connections."""
        ...

    def end(self, reason: str) -> None:
        """replaced, removed, closed or too_many: told, then closed."""
        ...


@dataclass(slots=True)
class LastTold:
    """What one member was told last. `seated`: whether anybody is on a slot, None: nothing said yet."""

    seated: bool | None = None
    speaker: str = ""


@dataclass(slots=True)
class Room:
    """`name` in the media process. `sent`: the table it was last given, None: none since it was started."""

    name: str
    control: Control
    echo: str = ""  # whose test room it is; empty: the hearing's own
    members: dict[str, Member] = field(default_factory=dict)
    told: dict[str, LastTold] = field(default_factory=dict)  # by member
    sent: Table | None = None
    stands: bool = False  # the media process has carried out a table: there is such a room
    noted: asyncio.Future[Any] | None = None  # done when the log was told of it: nobody is welcomed before
    closing: asyncio.TimerHandle | None = None  # nobody is in it: when it is closed
    speaker: str = ""  # by the media process's last word

    def wanted(self, recording: Json | None) -> Table:
        return echo_table(self.echo) if self.echo else table(self.control.state, recording)

    def admit(self, member: Member) -> None:
        self.members[member.id], self.told[member.id] = member, LastTold()

    def dismiss(self, member: Member) -> bool:
        """Whether they were here."""
        self.told.pop(member.id, None)
        return self.members.pop(member.id, None) is not None

    def is_barred(self, person: str) -> bool:
        """Whether nothing about others may reach this person."""
        return not self.echo and self.control.state.participants[person].barred

    def lapse(self) -> None:
        """The media process has no such room any more."""
        self.sent, self.stands, self.noted = None, False, None
