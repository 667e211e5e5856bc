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
    # exhibits
    "too_many_exhibits": Problem(
        409,
        "本次庭审的证据数量或总大小已达上限",
        "This hearing has as many exhibits as it can have, or as many bytes of them",
    ),
    "own_exhibits_used_up": Problem(
        409,
        "您可提交的证据数量或总大小已达上限，如需更多请联系书记员",
        "You have handed in as many exhibits, or bytes of them, as one person can; ask the clerk",
    ),
    "range_not_satisfiable": Problem(416, "请求的字节范围不在文件之内", "The range of bytes lies outside of the file"),
    # annotated copies and bundles
    "exports_busy": Problem(
        503, "正在导出的文件较多，请稍后再试", "Too many copies are being made at this moment; please try again shortly"
    ),
    "bundle_too_large": Problem(
        409,
        "卷宗包将超过 4 GiB，无法制成；请分别下载证据原件",
        "The bundle would be larger than 4 GiB and cannot be made; download the exhibits one by one",
    ),
    "export_failed": Problem(
        422,
        "该文件过于复杂，带批注的副本未能制成",
        "The file is too complex: no copy with its annotations could be made",
    ),
    "fonts_missing": Problem(
        503, "服务器缺少打印字体，请管理员运行 make setup", "The server has no fonts to print with: run make setup"
    ),
    # recordings
    "no_incident": Problem(404, "该条日志不是已标记的事件", "That entry marks no incident"),
    "nothing_recorded": Problem(409, "该时段没有录音录像", "Nothing was recorded in that time"),
    "not_sealed_yet": Problem(
        409,
        "这一时段尚未录完或封存，请在它过去约一分钟后再试",
        "Part of that time is still being recorded: try again about a minute after it has passed",
    ),
    "segment_changed": Problem(
        422,
        "该时段的录音录像文件与日志中的摘要不符，不能制作片段",
        "A file of the recording is not the one whose digest is in the log: no clip is made of it",
    ),
    "clip_failed": Problem(422, "片段未能制成", "The clip could not be made"),
    # tries
    "too_many_tries": Problem(429, "错误次数过多，请稍后再试", "Too many wrong tries; wait before the next one"),
    # signing
    "bad_key": Problem(400, "签名公钥格式不对，应为 P-256 公钥", "This is no P-256 public key in JWK form"),
    "statement_malformed": Problem(400, "签署声明格式不对", "The signed statement does not have its one form"),
    "statement_other_hearing": Problem(409, "签署声明属于另一次庭审", "The statement is another hearing's"),
    "statement_other_person": Problem(409, "签署声明不是您本人的", "The statement names somebody else"),
    "statement_other_text": Problem(
        409,
        "签署声明中的摘要与定稿笔录不符，未予接受",
        "The statement's digests are not those of the frozen transcript",
    ),
    "statement_other_role": Problem(409, "签署声明中的身份与您在本庭的身份不符", "The statement names another role"),
    "statement_other_scope": Problem(
        409, "签署声明的范围与您应签的范围不符", "The statement is over another scope than yours"
    ),
    "statement_other_time": Problem(
        409,
        "您设备的时间与服务器相差超过十分钟，请校准后再签",
        "Your clock is more than ten minutes off; set it and sign",
    ),
    "statement_other_log": Problem(
        409, "签署声明所见的庭审日志与服务器不符", "The statement names a head that this hearing's log never had"
    ),
    "handwriting_differs": Problem(
        409, "手写签名图片与签署声明不符", "The picture of your handwriting is not the one that was signed"
    ),
    "handwriting_unreadable": Problem(
        400, "手写签名应为不超过 40 kB 的 PNG 图片", "Handwriting must be a whole PNG of at most 40 kB"
    ),
    "key_unknown": Problem(409, "签名所用的密钥未绑定给您", "The key that signed is not bound to you"),
    "signature_wrong": Problem(409, "签名验证未通过", "The signature is not valid"),
    "code_wrong": Problem(403, "验证码不正确", "The one-time code is wrong"),
    "code_ended": Problem(403, "验证码已失效，请重新获取", "The one-time code is no longer valid; ask for a new one"),
    "too_many_codes": Problem(
        429, "验证码发送过于频繁，请稍后再试", "Too many one-time codes; wait before the next one"
    ),
}


_OF_THE_ASKER = frozenset(guard.code for guard in GUARDS if guard.about is About.ASKER)
_OF_ACCESS = frozenset(
    {"role_may_not_read", "role_may_not_write", "observers_not_admitted", "not_let_in", "wrong_phase", "not_yours"}
)
_OF_EXHIBITS = frozenset({"role_may_not_hand_in", "offered_for_another", "not_your_exhibit"})


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
    return _OTHER_STATUS.get(code) or (403 if code in _OF_THE_ASKER | _OF_ACCESS | _OF_EXHIBITS else 409)


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
