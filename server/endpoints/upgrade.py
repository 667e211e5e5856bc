"""WebSocket upgrades by path: who is asking, accepting, then the socket is its wire's. Starlette never sees them.

An upgrade is accepted before it is refused: a refusal before that would be a bare HTTP 403 without a code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send

from server import metrics
from server.endpoints.admission import cookie_session, session_of
from server.endpoints.collab import CollabConnection
from server.endpoints.origin import origin_is_ours
from server.endpoints.yjs import YjsConnection
from server.people.tokens import Session
from server.sync.connections import Connection
from server.websocket import WebSocketProtocol

SUBPROTOCOL = "yunting"

Endpoint = Callable[[Scope, Receive, Send, Starlette], Awaitable[None]]


async def collab(scope: Scope, receive: Receive, send: Send, app: Starlette) -> None:
    """`/collab`: the cookie of an upgrade from our own page stands in for an empty token."""
    socket = await accept(scope, receive, send)
    connection = CollabConnection(socket, app.state.joining, app.state.sessions.of_token, _own_cookie(scope, app))
    await _serve(socket, connection, "collab", app)


async def yjs(scope: Scope, receive: Receive, send: Send, app: Starlette) -> None:
    """`/yjs/<document>`."""
    socket = await accept(scope, receive, send)
    session = session_of(scope, app)
    if session is None:
        socket.close(4401, "token")
        return
    document = unquote(scope["path"].removeprefix("/yjs/"))
    await _serve(socket, YjsConnection(socket, app.state.joining, session, document), "yjs", app)


async def accept(scope: Scope, receive: Receive, send: Send) -> WebSocketProtocol:
    """Answer the upgrade; `yunting` is the subprotocol where it was offered."""
    await receive()
    offered: list[str] = scope.get("subprotocols") or []
    await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL if SUBPROTOCOL in offered else None})
    return scope["extensions"]["yunting.socket"]


async def _serve(socket: WebSocketProtocol, connection: Connection, wire: str, app: Starlette) -> None:
    app.state.connections.add(connection)
    metrics.connections.labels(wire=wire).inc()
    try:
        await socket.attach(connection.receive, connection.closed)
    finally:
        app.state.connections.discard(connection)
        metrics.connections.labels(wire=wire).dec()


def _own_cookie(scope: Scope, app: Starlette) -> Session | None:
    asker = HTTPConnection(scope)
    return cookie_session(asker, app) if origin_is_ours(asker.headers, app.state.settings) else None


async def unknown(scope: Scope, receive: Receive, send: Send, app: Starlette) -> None:
    """No such endpoint."""
    socket = await accept(scope, receive, send)
    socket.close(4403, "not_found")
