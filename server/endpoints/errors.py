"""What a refused request is told: one table of stable codes, as RFC 9457 problems in Chinese and English.

What the rules of a hearing refuse has its sentences there (server/hearing/reasons.py); only the status is decided here.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from server.endpoints.headers import FIXED
from server.hearing.commands import BadCommand
from server.hearing.guards import GUARDS, About
from server.hearing.reasons import REASONS
from server.storage.commit_thread import StorageUnavailable

LOG = logging.getLogger("yunting.http")
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:yunting:error:"


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of error: HTTP status and the sentence people read."""

    status: int
    zh: str
    en: str


ERRORS: dict[str, Problem] = {
    "malformed": Problem(
        400, "请求内容无法解析或不符合要求", "The request cannot be read or does not have the expected form"
    ),
    "unauthenticated": Problem(401, "请先登录", "You are not logged in"),
    "bad_link": Problem(401, "登录链接无效或已过期", "This login link is not valid or has expired"),
    "cross_site": Problem(403, "请求不是来自本站页面，已拒绝", "The request did not come from a page of this site"),
    "forbidden": Problem(403, "您没有此项权限", "You do not have this right"),
    "not_found": Problem(404, "没有找到，或您无权查看", "Not found, or not yours to see"),
    "method_not_allowed": Problem(405, "不支持该请求方法", "This method is not offered here"),
    "too_large": Problem(413, "请求内容过大", "The request is too large"),
    "unsupported_media_type": Problem(415, "请求内容应为 application/json", "The request must be application/json"),
    "too_many_tries": Problem(429, "错误次数过多，请稍后再试", "Too many wrong tries; wait before the next one"),
}


_OF_THE_ASKER = frozenset(guard.code for guard in GUARDS if guard.about is About.ASKER)
_OF_ACCESS = frozenset(
    {"role_may_not_read", "role_may_not_write", "observers_not_admitted", "not_let_in", "wrong_phase", "not_yours"}
)


_OTHER_STATUS = {BadCommand.code: 400, "internal": 500, StorageUnavailable.code: 503}


def problem_of(code: str) -> Problem:
    """Status and sentences of a code: this table's, or the hearing's reasons (403: who asks, 409: how things stand).

    Raises KeyError for a code that has no sentence.
    """
    if code in ERRORS:
        return ERRORS[code]
    sentence = REASONS[code]
    return Problem(_status_of_reason(code), sentence.zh, sentence.en)


def _status_of_reason(code: str) -> int:
    return _OTHER_STATUS.get(code) or (403 if code in _OF_THE_ASKER | _OF_ACCESS else 409)


@dataclass(eq=False)
class ApiError(Exception):
    """Ends a request with a problem. `detail` is for developers, English; never holds a credential."""

    code: str
    detail: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def problem(self) -> Problem:
        return problem_of(self.code)


def language(connection: HTTPConnection) -> str:
    """`zh` or `en`, whichever Accept-Language likes better; `zh` when it says neither."""
    wishes: dict[str, float] = {}
    for item in connection.headers.get("accept-language", "").split(","):
        tag, _, quality = item.strip().partition(";q=")
        base = tag.split("-")[0].lower()
        wishes[base] = max(wishes.get(base, 0.0), _quality(quality))
    return "en" if wishes.get("en", 0.0) > wishes.get("zh", 0.0) else "zh"


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def problem_response(request: HTTPConnection, error: ApiError) -> Response:
    """The error as `application/problem+json` in the reader's language, with both languages beside it."""
    problem, wanted = error.problem, language(request)
    title = problem.en if wanted == "en" else problem.zh
    body = {
        "type": TYPE_PREFIX + error.code,
        "title": title,
        "title_zh": problem.zh,
        "title_en": problem.en,
        "status": problem.status,
        "code": error.code,
        "detail": error.detail or problem.en,
    }
    headers = {"Content-Language": wanted, "Vary": "Accept-Language", "Cache-Control": "no-store", **error.headers}
    if problem.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="yunting"'
    return JSONResponse(body, problem.status, headers, MEDIA_TYPE)


async def on_api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return problem_response(request, error)


_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}


async def on_storage_unavailable(request: Request, error: Exception) -> Response:
    """A login or logout that did not reach the disk."""
    return problem_response(request, ApiError(StorageUnavailable.code))


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What the router itself refuses (unknown path, method): the same form."""
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, "malformed" if error.status_code < 500 else "internal")
    return problem_response(request, ApiError(code, headers=error.headers or {}))


async def on_failure(request: Request, error: Exception) -> Response:
    """Anything unforeseen: the caller learns no more than that it is recorded."""
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(request, ApiError("internal", headers=FIXED))  # answered outside of the middleware


def exception_handlers() -> dict[Any, Callable[[Request, Exception], Awaitable[Response]]]:
    """For the application: every failure becomes a problem document."""
    return {
        ApiError: on_api_error,
        StorageUnavailable: on_storage_unavailable,
        HTTPException: on_http_exception,
        Exception: on_failure,
    }
