"""Putting the server together: storage, sessions, hearings and rooms made, joined and closed again. Holds no
logic of any of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import Receive, Scope, Send

from server import metrics
from server.control import Hearings
from server.endpoints import control, upgrade
from server.endpoints.errors import exception_handlers
from server.endpoints.headers import SecurityHeaders
from server.endpoints.joining import Joining
from server.endpoints.routes import http_routes
from server.people import credentials
from server.people.tokens import Session, Sessions
from server.settings import Settings
from server.storage.commit_thread import CommitThread
from server.storage.people import session_records
from server.sync.connections import Connections
from server.sync.refusals import Refusals
from server.sync.rooms import Rooms

LAG_INTERVAL = 1.0  # seconds between two looks at how late the event loop wakes


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
        state.sessions = sessions = Sessions(credentials.load_key(settings.data), commits)
        sessions.load(await commits.read(session_records))
        loop = asyncio.get_running_loop()
        state.rooms = rooms = Rooms(commits, Refusals(settings.refusal_backoff, loop.time))
        state.hearings = hearings = Hearings(commits, rooms, rooms.present)
        rooms.state_of = hearings.state_of
        rooms.notify = hearings.notify
        rooms.presence_changed = hearings.presence_changed
        commits.on_health.append(hearings.storage_changed)
        state.joining = Joining(rooms, sessions.alive, settings.frame_rate)
        state.connections = connections = Connections(sessions.alive)
        sessions.on_end(self._session_ended)
        self._tasks = [asyncio.create_task(connections.run()), asyncio.create_task(_watch_lag())]

    def _session_ended(self, session: Session) -> None:
        self.state.connections.session_ended(session.id)

    async def close(self) -> None:
        """After the sockets are closed: checkpoints, then everything that waits goes to the disk."""
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
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
        return upgrade.unknown


async def _watch_lag() -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + LAG_INTERVAL
        await asyncio.sleep(LAG_INTERVAL)
        metrics.event_loop_lag.set(max(0.0, loop.time() - due))
