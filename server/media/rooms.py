"""Which hearing has a room in the media process, and who is in it: routes sent in the turn in which they became true,
everything sent anew to a process that was started anew, before anybody may join.

Owns no process (server/media/supervisor) and no socket: a member is told by its methods. Decides nothing: the table is
`media_routes`.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from server import metrics
from server.control_ports import Cutting
from server.hearing.events import Fact
from server.hearing.media_events import Cut, MediaStarted, MediaStopped, read_cut
from server.hearing.state import COURT, GONE, HearingState
from server.media.link import Json, Link, MediaLost, MediaRefused
from server.media.notices import pass_on, tell_speaker
from server.media.offers import Offers
from server.media.room import Control, Member, Room
from server.media.supervisor import Supervisor
from server.media.tables import Table, table
from server.settings import MediaSettings

log = logging.getLogger("yunting.media")

KEPT_EMPTY = 60.0  # seconds: whoever reloads a page comes back into the room that stands


class Recorder(Protocol):
    """What the recording needs to know. `recording_for`: what `apply` says of it, None: nothing is recorded."""

    def recording_for(self, state: HearingState) -> Json | None: ...

    def on_notice(self, told: Json, /) -> None: ...

    def media_stopped(self) -> None: ...


class MediaRooms:
    """All of them; the port `Media` of server.control. A hearing's room in the media process is closed when nobody was
    in it for `kept_empty` seconds and nothing of it is recorded."""

    def __init__(self, settings: MediaSettings, *, kept_empty: float = KEPT_EMPTY) -> None:
        self.settings = settings
        self.kept_empty = kept_empty
        self.recorder: Recorder | None = None
        self._supervisor = Supervisor(settings, self._up, self._down, self._notice)
        self._link: Link | None = None
        self._rooms: dict[str, Room] = {}
        self._offers = Offers()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    # --- members ---

    @staticmethod
    def new_id() -> str:
        """Of a member, never used again."""
        return secrets.token_hex(8)

    def enter(self, control: Control, member: Member, *, echo: bool) -> Room:
        """The member's room. They are welcomed as soon as a media process knows them: at once, or when there is one."""
        name = f"echo/{control.hearing}/{member.person}/{member.id}" if echo else control.hearing
        room = self._rooms.get(name)
        if room is None:
            room = self._rooms[name] = Room(name, control, member.person if echo else "")
        self._end_older(room, member)
        self._keep(room)
        room.admit(member)
        if not echo:
            control.media.note(member.person)
        self._supervisor.need()
        if self._link is not None:
            self._begin(room, self._link)
            self._join(room, member, self._link)
        return room

    def _end_older(self, room: Room, member: Member) -> None:
        """One socket a person: the newest."""
        rooms = [room]
        if room.echo:
            rooms += [each for each in self._rooms.values() if _same_test(each, room)]
        for each in [older for found in rooms for older in found.members.values()]:
            if each.person == member.person and each is not member:
                each.end("replaced")

    def leave(self, room: Room, member: Member) -> None:
        """The socket has ended."""
        if not room.dismiss(member):
            return
        if not room.echo and not any(each.person == member.person for each in room.members.values()):
            room.control.media.forget(member.person)
        if room.sent is not None:
            self.tell(room, "leave", peer=member.id)
        if room.echo and not room.members:
            del self._rooms[room.name]
            self.tell(room, "close")
        self._look_if_empty(room)

    def _join(self, room: Room, member: Member, link: Link) -> None:
        answer = link.request("join", room=room.name, peer=member.id, person=member.person)

        def joined(done: asyncio.Future[Json]) -> None:
            error, log_told = done.exception(), room.noted
            if room.members.get(member.id) is not member:
                return
            if isinstance(error, MediaRefused):
                log.warning("hearing %s: the media process lets nobody in: %s", room.control.hearing, error)
                member.end("too_many" if error.code == "too_many" else "closed")
            elif error is None and log_told is None:
                member.known()
            elif error is None and log_told is not None:
                log_told.add_done_callback(noted)

        def noted(_: asyncio.Future[Any]) -> None:
            if room.members.get(member.id) is member and link is self._link:
                member.known()

        answer.add_done_callback(joined)

    async def offer(self, room: Room, member: Member, leg: str, sdp: str) -> str:
        """The answer to a member's offer; raises MediaLost, MediaRefused."""
        if self._link is None:
            raise MediaLost("no media process")
        if not self._offers.takes(member.person, time.monotonic()):
            raise MediaRefused("too_many", "offers")
        answer = await self._link.request("offer", room=room.name, peer=member.id, leg=leg, sdp=sdp)
        return str(answer["sdp"])

    def tell(self, room: Room, op: str, **fields: Any) -> None:
        """What needs no answer (`candidate`, `want`, `leave`): lost with the process that it was meant for; one that
        ends is told nothing more."""
        if self._link is not None and not self._closing:
            self._link.tell(op, room=room.name, **fields)

    async def stats(self, hearing: str) -> Json:
        """What the media process counts of a hearing's room; raises MediaLost, MediaRefused."""
        if self._link is None:
            raise MediaLost("no media process")
        return await self._link.request("stats", room=hearing)

    # --- in step with the log ---

    def carry_out(self, hearing: str, state: HearingState, seq: int, began: float) -> Cutting | None:
        """The port `Media`: what the media process is told in this turn, and what it will answer."""
        room = self._rooms.get(hearing)
        try:
            return None if room is None else self._apply(room, state, seq, began)
        except Exception:
            log.exception("hearing %s: the media room did not follow entry %d", hearing, seq)
            if self._link is None:
                return _gone
            self._link.give_up("it could not be told a change of routes")
            return self._link.certain
        finally:
            self._show_out(state, hearing)

    def _apply(self, room: Room, state: HearingState, seq: int, began: float) -> Cutting | None:
        if self._link is None or room.sent is None:
            return _gone if room.control.media_room else None
        wanted = table(state, self._recording(state))
        if wanted == room.sent:
            return None
        link, answer = self._link, self._send(room, wanted, seq, self._link)
        tell_speaker(room)
        self._look_if_empty(room)
        if began:
            answer.add_done_callback(lambda _: metrics.cut_seconds.observe(time.monotonic() - began))
        return lambda: _cuts(answer, link)

    def _send(self, room: Room, wanted: Table, seq: int, link: Link) -> asyncio.Future[Json]:
        room.sent = wanted
        answer = link.request("apply", room=room.name, seq=seq, **wanted)
        answer.add_done_callback(lambda done: self._answered(room, link, done))
        return answer

    def _answered(self, room: Room, link: Link, done: asyncio.Future[Json]) -> None:
        """What `apply` came to. A room that the process does not take forwards nothing: its members are turned away; a
        process that refuses a change of a room that stands may forward what it must not."""
        error = done.exception()
        if link is not self._link:
            return
        if isinstance(error, MediaRefused) and room.stands:
            link.give_up(f"it refused a change of routes: {error}")
        elif isinstance(error, MediaRefused):
            self._turn_away(room, error)
        elif error is None and room.sent is None:
            link.tell("close", room=room.name)  # given up meanwhile
        elif error is None:
            room.stands = True

    def _turn_away(self, room: Room, refused: MediaRefused) -> None:
        log.warning("hearing %s: the media process has no room for it: %s", room.control.hearing, refused)
        room.lapse()
        if not room.echo:
            self._enter(room.control, lambda: self._stopped(room.control, "refused"))
        for member in list(room.members.values()):
            member.end("too_many" if refused.code == "too_many" else "closed")

    # --- empty rooms ---

    def _look_if_empty(self, room: Room) -> None:
        if self._is_unused(room) and not self._closing:
            self._keep(room)
            room.closing = asyncio.get_running_loop().call_later(self.kept_empty, self._close_unused, room)

    @staticmethod
    def _is_unused(room: Room) -> bool:
        return not (room.echo or room.members or room.sent is None or room.sent["recording"])

    @staticmethod
    def _keep(room: Room) -> None:
        if room.closing is not None:
            room.closing.cancel()
            room.closing = None

    def _close_unused(self, room: Room) -> None:
        """The process forgets the room; the log says so, and until then that nobody received anything."""
        room.closing = None
        if self._is_unused(room) and self._link is not None:
            self._link.tell("close", room=room.name)
            room.lapse()
            self._enter(room.control, lambda: self._stopped(room.control, "everybody_left"))

    def _recording(self, state: HearingState) -> Json | None:
        return self.recorder.recording_for(state) if self.recorder is not None else None

    def _show_out(self, state: HearingState, hearing: str) -> None:
        """Whoever is released or removed has no socket of the media room; the isolated keep theirs, but for the test
        room."""
        for room in [each for each in self._rooms.values() if each.control.hearing == hearing]:
            for member in list(room.members.values()):
                participant = state.participants[member.person]
                if participant.state in GONE or (room.echo and participant.barred):
                    member.end("removed")

    # --- the process ---

    def _begin(self, room: Room, link: Link) -> None:
        """The room as it is now, before anybody joins it."""
        if room.sent is not None:
            return
        control = room.control
        self._send(room, room.wanted(self._recording(control.state)), control.seq, link)
        if not room.echo:
            room.noted = self._enter(control, lambda: () if control.media_room else (MediaStarted(),))

    def _up(self, link: Link) -> None:
        metrics.media_processes.inc()
        self._link = link
        for room in self._rooms.values():
            room.lapse()
            if room.members:
                self._begin(room, link)
                for member in room.members.values():
                    self._join(room, member, link)

    def _down(self) -> None:
        self._link = None
        if self.recorder is not None:
            self.recorder.media_stopped()
        for room in self._rooms.values():
            room.lapse()
            tell_speaker(room)
            control = room.control
            for member in room.members.values():
                control.media.note(member.person, connected=False)
            if not room.echo:
                reason = "server_ended" if self._closing else "process_ended"
                self._enter(control, lambda control=control, reason=reason: self._stopped(control, reason))

    def _enter(self, control: Control, facts: Callable[[], tuple[Fact, ...]]) -> asyncio.Future[Any]:
        task = asyncio.ensure_future(control.record(COURT, lambda _state, _now: facts()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @staticmethod
    def _stopped(control: Control, reason: str) -> tuple[Fact, ...]:
        return (MediaStopped(reason),) if control.media_room else ()

    async def ready(self) -> None:
        """Before anybody is let in: nothing forwards any more by an earlier server's routes."""
        await self._supervisor.ready()

    async def close(self) -> None:
        """The process closes every room and ends; before the hearings' logs are closed."""
        self._closing = True
        for room in self._rooms.values():
            self._keep(room)
        await self._supervisor.close()
        if self._tasks:
            await asyncio.wait(self._tasks)

    # --- what the process tells by itself ---

    def _notice(self, notice: Mapping[str, Any]) -> None:
        kind, room = notice.get("notice"), self._rooms.get(str(notice.get("room")))
        if self.recorder is not None and kind in _OF_THE_RECORDING and not str(notice.get("room")).startswith("echo/"):
            self.recorder.on_notice(dict(notice))
        if room is not None:
            pass_on(room, notice)


async def _gone() -> None:
    """The answer of a media process that is no more."""


async def _cuts(answer: asyncio.Future[Json], link: Link) -> tuple[Cut, ...] | None:
    """None when nothing was measured; then the process is dead."""
    try:
        return tuple(read_cut(each) for each in (await answer)["cuts"])
    except (MediaLost, MediaRefused):
        await link.certain()
        return None


def _same_test(one: Room, other: Room) -> bool:
    return one is not other and (one.echo, one.control.hearing) == (other.echo, other.control.hearing)


_OF_THE_RECORDING = frozenset({"sealed", "recording", "connected", "disconnected", "ended"})
