"""The HTTP routes: one table, from which the application's router and the OpenAPI document are both made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.endpoints import health, hearings, login, openapi
from server.endpoints.pages import Pages
from server.endpoints.schemas import ID, NUMBER, Schema
from server.hearing.guards import GUARDS

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True, eq=False)
class ApiRoute:
    """One operation. `body` and `answer` name schemas; `refusals` are codes beside those that any route has."""

    method: str
    path: str
    endpoint: Endpoint
    summary: str
    answer: str | None
    status: int = 200
    body: str | None = None
    open: bool = False  # needs no login
    refusals: tuple[str, ...] = ()
    unavailable: str | None = None  # schema of an answer 503 that is no problem document
    media_type: str = "application/json"
    query: dict[str, Schema] = field(default_factory=dict[str, Schema])
    place: dict[str, Schema] = field(default_factory=dict[str, Schema])  # parameters in the path


_HEARING = {"hearing": ID}
GUARD_CODES = tuple(dict.fromkeys(guard.code for guard in GUARDS))
_HIDDEN = ("isolated", "not_found")

TABLE: tuple[ApiRoute, ...] = (
    ApiRoute(
        "POST",
        "/api/login/link",
        login.login_by_link,
        "Log in with the secret of a personal link",
        "Login",
        body="LinkLogin",
        open=True,
        refusals=("bad_link", "cross_site", "too_many_tries"),
    ),
    ApiRoute("GET", "/api/session", login.own_session, "Who am I", "Session"),
    ApiRoute(
        "POST",
        "/api/logout",
        login.logout,
        "End this session on every device",
        None,
        204,
        refusals=("cross_site", "storage_unavailable"),
    ),
    ApiRoute("GET", "/api/hearings", hearings.own_hearings, "My hearings, today's first", "OwnHearings"),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}",
        hearings.one_hearing,
        "One hearing as I may see it now",
        "Hearing",
        refusals=_HIDDEN,
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/log",
        hearings.log,
        "The hearing's numbered log; what I may not see is withheld, its leaf hash stays",
        "Log",
        refusals=("malformed", *_HIDDEN),
        query={"after": NUMBER, "limit": {"type": "integer", "minimum": 1, "maximum": hearings.MOST_ENTRIES}},
        place=_HEARING,
    ),
    ApiRoute(
        "POST",
        "/api/hearings/{hearing}/commands",
        hearings.command,
        "Give a command; answered when it is on disk and carried out",
        "Ack",
        body="Command",
        refusals=("cross_site", "invalid_command", *GUARD_CODES, "storage_unavailable", "not_found"),
        place=_HEARING,
    ),
    ApiRoute(
        "GET",
        "/api/hearings/{hearing}/transcript",
        hearings.transcript,
        "The transcript's turns at this moment",
        "Transcript",
        refusals=("role_may_not_read", "observers_not_admitted", "not_let_in", "wrong_phase", *_HIDDEN),
        place=_HEARING,
    ),
    ApiRoute("GET", "/api/openapi.json", openapi.document, "This description", "OpenApi", open=True),
    ApiRoute(
        "GET", "/healthz", health.healthz, "Whether writes reach the disk", "Health", open=True, unavailable="Health"
    ),
    ApiRoute("GET", "/metrics", health.metrics_text, "Prometheus text", None, open=True, media_type="text/plain"),
)


def http_routes(pages: Pages | None = None) -> list[Route]:
    """Every HTTP route, the built page last: it takes whatever path is left."""
    api = [Route(each.path, each.endpoint, methods=[each.method]) for each in TABLE]
    return [*api, Route("/{path:path}", (pages or Pages()).serve, methods=["GET"])]
