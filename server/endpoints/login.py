"""Logging in by a personal link, asking who one is, logging out; the sessions themselves lie in people/tokens.py."""

from __future__ import annotations

import math
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server import metrics
from server.endpoints.admission import require_session, sessions_of, settings_of
from server.endpoints.bodies import json_object
from server.endpoints.errors import ApiError
from server.endpoints.headers import PRIVATE
from server.endpoints.origin import client_address, origin_is_ours
from server.people.tokens import Session, stamp, utc_now
from server.people.tries import Tries
from server.storage.people import person_record


async def login_by_link(request: Request) -> Response:
    """POST /api/login/link: the secret of a link for a cookie, and for the token when `bearer` is true."""
    _refuse_foreign_page(request)
    body = await json_object(request, {"secret": str, "bearer": bool}, frozenset({"secret"}))
    session = _session_of_link(request, body["secret"])
    answer = await described(request.app, session)
    if body.get("bearer"):
        answer["token"] = sessions_of(request.app).token(session)
    response = JSONResponse(answer, headers=PRIVATE)
    _set_cookie(response, request, session)
    return response


async def own_session(request: Request) -> Response:
    """GET /api/session."""
    return JSONResponse(await described(request.app, require_session(request)), headers=PRIVATE)


async def logout(request: Request) -> Response:
    """POST /api/logout: ends the session for good, on every device."""
    session = require_session(request)
    await sessions_of(request.app).end(session)
    response = Response(status_code=204, headers=PRIVATE)
    response.delete_cookie(session.cookie_name, path="/", secure=_secure(request), httponly=True, samesite="strict")
    return response


async def described(app: Starlette, session: Session) -> dict[str, Any]:
    """A session as the API tells it."""
    person = await app.state.commit_thread.read(lambda connection: person_record(connection, session.person))
    return {
        "session": session.id,
        "person": {"id": session.person, "name": person.name if person else ""},
        "expires_at": stamp(session.expires_at),
    }


def _session_of_link(request: Request, secret: str) -> Session:
    tries, address = _tries_of(request.app), client_address(request, settings_of(request.app))
    if wait := tries.wait(address):
        metrics.login_tries.labels("limited").inc()
        raise ApiError("too_many_tries", headers={"Retry-After": str(math.ceil(wait))})
    session = sessions_of(request.app).of_link(secret)
    metrics.login_tries.labels("ok" if session else "wrong").inc()
    if session is None:
        tries.wrong(address)
        raise ApiError("bad_link")
    return session


def _refuse_foreign_page(request: Request) -> None:
    """Another site's page must not log its visitor in here as somebody else."""
    if "origin" in request.headers and not origin_is_ours(request.headers, settings_of(request.app)):
        raise ApiError("cross_site")


def _set_cookie(response: Response, request: Request, session: Session) -> None:
    response.set_cookie(
        session.cookie_name,
        sessions_of(request.app).cookie_value(session),
        max_age=max(0, int((session.expires_at - utc_now()).total_seconds())),
        path="/",
        secure=_secure(request),
        httponly=True,
        samesite="strict",
    )


def _secure(request: Request) -> bool:
    return settings_of(request.app).secure


def _tries_of(app: Starlette) -> Tries:
    if not hasattr(app.state, "login_tries"):
        app.state.login_tries = Tries()
    return app.state.login_tries
