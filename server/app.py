"""Putting the server together: storage, sessions, hearings and rooms made, joined and closed again. Holds no
logic of any of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from server import metrics
from server.control import HearingControl, Hearings
from server.control_watch import HoldWatch
from server.endpoints import control, media, upgrade
from server.endpoints.errors import exception_handlers
from server.endpoints.headers import SecurityHeaders
from server.endpoints.joining import Joining
from server.endpoints.replacing import ReplacedSessions
from server.endpoints.routes import http_routes
from server.evidence.exhibits import Exhibits
from server.evidence.export import Exporting
from server.extracts import Extracts
from server.hearing.events import Seen
from server.hearing.state import HearingState
from server.media.rooms import MediaRooms
from server.people import credentials
from server.people.tokens import Session, Sessions
from server.recording.recordings import Recordings
from server.settings import Settings
from server.signing import court_key
from server.signing.bundles import Bundles
from server.signing.confirmations import Confirmations
from server.signing.freezing import Freezing
from server.signing.frozen_files import FrozenFiles
from server.signing.gateway import outbox
from server.signing.pdf import render
from server.signing.quarantine import Quarantine
from server.signing.signatures import Signatures
from server.storage.commit_thread import CommitThread
from server.storage.freezes import every_hearing
from server.storage.people import session_records
from server.sync.connections import Connections
from server.sync.refusals import Refusals
from server.sync.rooms import Rooms

LAG_INTERVAL = 1.0  # seconds between two looks at how late the event loop wakes


class CourtRooms(Rooms):
    """Rooms with the downloads beside them: both follow the log in the same turn of the loop."""

    def __init__(self, commits: CommitThread, refusals: Refusals) -> None:
        super().__init__(commits, refusals)
        self.look_at_downloads: Callable[[str, HearingState], None] = lambda _hearing, _state: None

    def carry_out(self, hearing: str, state: HearingState, seq: int, cut: frozenset[str]) -> dict[str, dict[str, Seen]]:
        self.look_at_downloads(hearing, state)
        return super().carry_out(hearing, state, seq, cut)


class App:
    """The ASGI application: HTTP by Starlette, WebSockets by path to their endpoints. `state` is what
    endpoints share.
    """

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.http = Starlette(
            routes=list(http_routes()),
            middleware=[Middleware(SecurityHeaders, settings=settings)],
            exception_handlers=exception_handlers(),
        )
        self.state = self.http.state
        self.state.settings = settings
        self._engine = engine
        self._tasks: list[asyncio.Task[Any]] = []

    async def start(self) -> None:
        """Load what is kept and join the parts; on the event loop that will serve."""
        state, settings = self.state, self.state.settings
        state.commit_thread = commits = CommitThread(self._engine)
        key = credentials.load_key(settings.data)
        state.sessions = sessions = Sessions(key, commits)
        sessions.load(await commits.read(session_records))
        loop = asyncio.get_running_loop()
        state.rooms = rooms = CourtRooms(commits, Refusals(settings.refusal_backoff, loop.time))
        state.media = media_rooms = MediaRooms(settings.media)
        state.hearings = hearings = Hearings(commits, rooms, rooms.present, media=media_rooms)
        state.replaced_sessions = replaced = ReplacedSessions(sessions, hearings)
        state.frozen_files = FrozenFiles(settings.data)
        state.freezing = freezing = Freezing(commits, state.frozen_files, render, settings.digest_wait)
        hearings.review = freezing.review
        state.hold_watch = HoldWatch(settings.hold_after, _now_ms)
        rooms.late.keep = Quarantine(hearings).keep
        self._prepare_signing(key)
        rooms.state_of = hearings.state_of
        rooms.notify = hearings.notify
        state.extracts = extracts = Extracts(hearings.get, hearings.notify)
        rooms.told = extracts.changed
        rooms.presence_changed = hearings.presence_changed
        commits.on_health.append(hearings.storage_changed)
        state.exhibits = exhibits = Exhibits(settings.data, commits, hearings, rooms)
        state.exporting = Exporting(exhibits.files)
        state.bundles = Bundles(exhibits.files, commits, state.frozen_files, state.court_key)
        rooms.look_at_downloads = exhibits.downloads.look
        await exhibits.start()
        state.recordings = media_rooms.recorder = self._recordings(hearings, exhibits)
        hearings.watch = self._watched
        await state.recordings.started()
        await media_rooms.ready()
        state.joining = Joining(rooms, sessions.alive, replaced.came, settings.frame_rate)
        state.connections = connections = Connections(sessions.alive, settings.silence)
        sessions.on_end(self._session_ended)
        known = await commits.read(every_hearing)
        lasting = (connections.run(), _watch_lag(), state.recordings.run(), freezing.take_up(known, hearings.get))
        self._tasks = [asyncio.create_task(each) for each in lasting]

    def _watched(self, control: HearingControl) -> None:
        """Somebody of a hearing came, went or acted."""
        self.state.hold_watch.look(control)
        self.state.recordings.watch(control)

    def _recordings(self, hearings: Hearings, exhibits: Exhibits) -> Recordings:
        settings = self.state.settings
        segment_ms, reserve = round(settings.recording_segment * 1_000), settings.recording_reserve * 1_000_000
        return Recordings(settings.data, hearings, exhibits.downloads, segment_ms=segment_ms, reserve=reserve)

    def _prepare_signing(self, key: bytes) -> None:
        state, settings = self.state, self.state.settings
        state.court_key = court_key.load(settings.data)
        gateway = outbox(settings.data, demo=settings.demo)
        state.signatures = Signatures(
            Confirmations(key, state.commit_thread, gateway, _now_ms), state.court_key, _now_ms
        )

    def _session_ended(self, session: Session) -> None:
        self.state.connections.session_ended(session.id)

    async def close(self) -> None:
        """After the sockets are closed: checkpoints, then everything that waits goes to the disk."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.state.hold_watch.close()
        await self.state.extracts.close()
        await self.state.freezing.close()
        await self.state.exhibits.close()
        await self.state.media.close()
        await self.state.recordings.close()
        await self.state.hearings.close()
        await self.state.rooms.close()
        await self.state.commit_thread.close()
        self._engine.dispose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._endpoint(scope["path"])(scope, receive, send, self.http)
        else:
            await self.http(scope, receive, send)

    def _endpoint(self, path: str) -> upgrade.Endpoint:
        if path == "/collab":
            return upgrade.collab
        if path.startswith("/yjs/"):
            return upgrade.yjs
        if path.startswith("/control/"):
            return control.control
        if path.startswith("/media/"):
            return media.media
        return upgrade.unknown


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


async def _watch_lag() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_INTERVAL
        await asyncio.sleep(LAG_INTERVAL)
        metrics.event_loop_lag.set(max(0.0, loop.time() - due))
