"""One operation of the HTTP API, as the route table holds it; lists none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from server.endpoints.schemas import Schema

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
    again: int | None = None  # status of an answer that repeats an earlier one
    body: str | None = None
    upload: str | None = None  # media type of a body that is a file
    open: bool = False  # needs no login
    refusals: tuple[str, ...] = ()
    unavailable: str | None = None  # schema of an answer 503 that is no problem document
    media_type: str = "application/json"
    query: dict[str, Schema] = field(default_factory=dict[str, Schema])
    place: dict[str, Schema] = field(default_factory=dict[str, Schema])  # parameters in the path
