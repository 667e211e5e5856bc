"""Login sessions: who is behind a token, a login link or a cookie; decides nothing about what that person may do.

All sessions are in memory (a look-up costs one HMAC, no disk) and written through the commit thread before they count.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from starlette.requests import HTTPConnection

from server.people import credentials
from server.people.credentials import Use
from server.storage.people import SessionRecord, Write, add_session, remove_sessions

LIFETIME = timedelta(hours=24)
COOKIE_PREFIX = "yunting_"
SUBPROTOCOL_PREFIX = "bearer."
BEARER_PREFIX = "bearer "


@dataclass(frozen=True, slots=True)
class Session:
    """One login of one person, on however many sockets and tabs; the id is no secret."""

    id: str
    person: str
    created_at: datetime
    expires_at: datetime

    @property
    def cookie_name(self) -> str:
        return COOKIE_PREFIX + self.id


class Storage(Protocol):
    """What sessions need of the commit thread."""

    def commit(self, write: Write) -> Awaitable[None]: ...


def utc_now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """RFC 3339, UTC, milliseconds: the form in the database and in answers."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Sessions:
    """The sessions of this server. Every `of_…` answers None for what is unknown, forged, ended or run out."""

    def __init__(self, key: bytes, storage: Storage, now: Callable[[], datetime] = utc_now) -> None:
        self._key = key
        self._storage = storage
        self._now = now
        self._sessions: dict[str, Session] = {}
        self._listeners: list[Callable[[Session], None]] = []

    def load(self, records: list[SessionRecord]) -> None:
        """Takes over the database, at start; what has run out counts for nothing, and goes at the next login."""
        self._sessions = {record.id: _session(record) for record in records}

    def on_end(self, listener: Callable[[Session], None]) -> None:
        """`listener` is called when a session ends by logout, so that its sockets can be closed."""
        self._listeners.append(listener)

    async def start(self, person: str, lifetime: timedelta = LIFETIME) -> Session:
        """A new session, on disk when this returns; raises StorageUnavailable. Those that have run out go."""
        await self._forget_expired()
        now = self._now()
        session = Session(secrets.token_hex(12), person, now, now + lifetime)
        record = SessionRecord(session.id, person, stamp(now), stamp(session.expires_at))
        await self._storage.commit(add_session(record))
        self._sessions[session.id] = session
        return session

    async def end(self, session: Session) -> None:
        """Ends a session for good: refused from this moment on, and gone from the disk when this returns."""
        ended = self._sessions.pop(session.id, None)
        try:
            await self._storage.commit(remove_sessions([session.id]))
        except BaseException:
            if ended:  # not on disk: a restart would bring it back, so it must not look ended
                self._sessions[session.id] = ended
            raise
        for listener in self._listeners:
            listener(session)

    async def _forget_expired(self) -> None:
        now = self._now()
        expired = [session.id for session in self._sessions.values() if session.expires_at <= now]
        if expired:
            await self._storage.commit(remove_sessions(expired))
            for each in expired:
                self._sessions.pop(each, None)

    def of_person(self, person: str) -> list[Session]:
        """A person's living sessions, the oldest first."""
        living = (self._living(each) for each in list(self._sessions))
        return sorted((s for s in living if s and s.person == person), key=_age)

    def token(self, session: Session) -> str:
        """For `Authorization: Bearer`, the subprotocol and the auth message of /collab."""
        return credentials.credential(self._key, Use.TOKEN, session.id)

    def link_secret(self, session: Session) -> str:
        """For the fragment of a login link."""
        return credentials.credential(self._key, Use.LINK, session.id)

    def cookie_value(self, session: Session) -> str:
        """For the cookie `yunting_<session id>`."""
        return credentials.mac(self._key, Use.COOKIE, session.id)

    def of_token(self, token: str) -> Session | None:
        return self._proven(Use.TOKEN, token)

    def of_link(self, secret: str) -> Session | None:
        return self._proven(Use.LINK, secret)

    def of_cookie(self, cookies: Mapping[str, str], as_: str | None = None) -> Session | None:
        """The session a tab names with `?as=`; without it the newest one of the browser."""
        if as_ is not None:
            return self._of_cookie_named(COOKIE_PREFIX + as_, cookies)
        found = (self._of_cookie_named(name, cookies) for name in cookies if name.startswith(COOKIE_PREFIX))
        return max((session for session in found if session), key=_age, default=None)

    def of_bearer(self, connection: HTTPConnection) -> tuple[bool, Session | None]:
        """(whether a token was presented, its session): a wrong token never falls back to a cookie."""
        token = presented_token(connection)
        return (False, None) if token is None else (True, self.of_token(token))

    def of_headers(self, scope: Mapping[str, Any]) -> Session | None:
        """By Authorization, subprotocol or cookie (with `?as=`); whether the Origin is ours is asked elsewhere."""
        connection = HTTPConnection(dict(scope))
        presented, session = self.of_bearer(connection)
        return session if presented else self.of_cookie(connection.cookies, connection.query_params.get("as"))

    def alive(self, session_id: str) -> bool:
        """Whether a session has neither ended nor run out: asked again for every open socket."""
        return self._living(session_id) is not None

    def _of_cookie_named(self, name: str, cookies: Mapping[str, str]) -> Session | None:
        session = self._living(name.removeprefix(COOKIE_PREFIX))
        given = cookies.get(name)
        if session is None or given is None:
            return None
        return session if credentials.same(given, self.cookie_value(session)) else None

    def _proven(self, use: Use, text: str) -> Session | None:
        session = credentials.session_named(self._key, use, text)
        return None if session is None else self._living(session)

    def _living(self, session_id: str) -> Session | None:
        session = self._sessions.get(session_id)
        return session if session and session.expires_at > self._now() else None


def presented_token(connection: HTTPConnection) -> str | None:
    """The bearer token of an Authorization header or a subprotocol `bearer.<token>`; None when there is none."""
    authorization = connection.headers.get("authorization", "")
    if authorization:
        scheme = authorization[: len(BEARER_PREFIX)].lower()
        return authorization[len(BEARER_PREFIX) :].strip() if scheme == BEARER_PREFIX else ""
    offered: list[str] = connection.scope.get("subprotocols") or []
    return next(
        (each.removeprefix(SUBPROTOCOL_PREFIX) for each in offered if each.startswith(SUBPROTOCOL_PREFIX)), None
    )


def _age(session: Session) -> tuple[datetime, str]:
    return session.created_at, session.id


def _session(record: SessionRecord) -> Session:
    made, ends = datetime.fromisoformat(record.created_at), datetime.fromisoformat(record.expires_at)
    return Session(record.id, record.person, made, ends)
