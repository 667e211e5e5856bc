"""The HTTP API as this client uses it: sends, and turns every way of going wrong into a Failure; prints nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httpx

from clients.cli import sentences
from clients.cli.outcomes import Exit, Failure, Words
from clients.cli.profiles import Login

Json = dict[str, Any]
_UNREACHABLE_STATUS = {502, 504}  # a proxy's word for "nobody is behind me"


class Api:
    """One server, one person. Answers are the decoded JSON bodies; refusals raise Failure with the server's code."""

    def __init__(self, login: Login, lang: str, *, seconds: float = 20.0) -> None:
        headers = {"Accept-Language": "en" if lang == "en" else "zh-CN", "User-Agent": "yunting"}
        if login.token:
            headers["Authorization"] = f"Bearer {login.token}"
        self._url = login.url
        self._client = httpx.Client(
            base_url=login.url,
            headers=headers,
            timeout=seconds,
            trust_env=not on_this_machine(login.url),
            verify=login.url.startswith("https:"),  # without TLS the certificates need not be read
        )

    def __enter__(self) -> Api:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, **query: object) -> Json:
        return self._ask("GET", path, params={name: str(value) for name, value in query.items()})

    def post(self, path: str, body: Json | None = None) -> Json:
        return self._ask("POST", path, json=body or {})

    def send(self, path: str, pieces: Iterator[bytes], size: int, query: Mapping[str, str]) -> Json:
        """POST the bytes of a file as they are."""
        headers = {"Content-Length": str(size), "Content-Type": "application/octet-stream"}
        return self._ask("POST", path, content=pieces, headers=headers, params=dict(query))

    @contextmanager
    def fetch(self, path: str) -> Iterator[httpx.Response]:
        """An answer whose bytes come as they are read. Raises Failure, also when it breaks off."""
        with self._failing("GET"), self._client.stream("GET", path) as answer:
            if not answer.is_success:
                answer.read()
                _refused(answer, self._url)
            yield answer

    def _ask(self, method: str, path: str, **content: Any) -> Json:
        with self._failing(method):
            answer = self._client.request(method, path, **content)
        return _body(answer) if answer.is_success else _refused(answer, self._url)

    @contextmanager
    def _failing(self, method: str) -> Iterator[None]:
        """Every way of not getting an answer, as a Failure."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise no_connection(self._url, error) from error
        except httpx.TransportError as error:
            lost = sentences.OUTCOME_UNKNOWN if method == "POST" else sentences.NO_CONNECTION
            words = lost.fill(url=self._url, why=reason(error))
            raise Failure(Exit.NO_CONNECTION, "no_connection", words) from error


def hearing_path(hearing: str, rest: str = "") -> str:
    return f"/api/hearings/{quote(hearing, safe='')}{rest}"


def on_this_machine(url: str) -> bool:
    """Loopback addresses are never reached through a proxy."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def reason(error: Exception) -> str:
    return str(error) or type(error).__name__


def no_connection(url: str, error: Exception) -> Failure:
    words = sentences.NO_CONNECTION.fill(url=url, why=reason(error))
    return Failure(Exit.NO_CONNECTION, "no_connection", words)


def _body(answer: httpx.Response) -> Json:
    if answer.status_code == 204 or not answer.content:
        return {}
    found = _object(answer)
    if found is None:
        raise Failure(Exit.OTHER, "bad_answer", sentences.BAD_ANSWER.fill(status=answer.status_code))
    return found


def _object(answer: httpx.Response) -> Json | None:
    try:
        found = answer.json()
    except ValueError:
        return None
    return cast(Json, found) if isinstance(found, dict) else None


def _refused(answer: httpx.Response, url: str) -> Json:
    """A problem document (RFC 9457) is a refusal in the server's own words; anything else did not come from it."""
    problem = _object(answer) or {}
    if "code" in problem:
        title = str(problem.get("title", problem["code"]))
        words = Words(str(problem.get("title_zh", title)), str(problem.get("title_en", title)))
        status = Exit.OTHER if answer.status_code in {500, 501} else Exit.REFUSED
        raise Failure(status, str(problem["code"]), words)
    if answer.status_code in _UNREACHABLE_STATUS:
        words = sentences.NO_CONNECTION.fill(url=url, why=f"HTTP {answer.status_code}")
        raise Failure(Exit.NO_CONNECTION, "no_connection", words)
    raise Failure(Exit.OTHER, "bad_answer", sentences.BAD_ANSWER.fill(status=answer.status_code))
