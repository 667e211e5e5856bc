"""Who is asking: the login session behind a request or a WebSocket upgrade; grants no right.

A cookie counts only for our own page: every WebSocket upgrade by cookie must carry an Origin that is ours, every unsafe
HTTP request by cookie must come from our page (origin.py). A bearer token is its own proof, from wherever it comes.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request

from server.endpoints.errors import ApiError
from server.endpoints.origin import origin_is_ours, page_is_ours
from server.people.tokens import Session, Sessions, presented_token
from server.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def session_of(asker: HTTPConnection | MutableMapping[str, Any], app: Starlette) -> Session | None:
    """The session of a WebSocket upgrade or a request (the connection or its ASGI scope); None: not logged in.

    A cookie in an upgrade whose Origin is missing or foreign is no login.
    """
    connection = asker if isinstance(asker, HTTPConnection) else HTTPConnection(asker)
    presented, session = sessions_of(app).of_bearer(connection)
    if presented:
        return session
    session = cookie_session(connection, app)
    if session and connection.scope["type"] == "websocket" and not origin_is_ours(connection.headers, settings_of(app)):
        return None
    return session


def cookie_session(connection: HTTPConnection, app: Starlette) -> Session | None:
    """The session of the browser's cookies, with the tab's `?as=`; asks nothing about the Origin."""
    return sessions_of(app).of_cookie(connection.cookies, connection.query_params.get("as"))


def require_session(request: Request) -> Session:
    """The session of an HTTP request; raises `unauthenticated`; `cross_site` for another page's use of our cookie."""
    session = session_of(request, request.app)
    if session is None:
        raise ApiError("unauthenticated")
    by_cookie = presented_token(request) is None
    if by_cookie and request.method not in SAFE_METHODS and not page_is_ours(request.headers, settings_of(request.app)):
        raise ApiError("cross_site")
    return session


def sessions_of(app: Starlette) -> Sessions:
    return app.state.sessions


def settings_of(app: Starlette) -> Settings:
    return app.state.settings
