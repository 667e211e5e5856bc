"""`/control/<hearing>`: the numbered log, commands and presence as JSON texts. Owns the messages' form; the rest is
control's.

One socket of a known session that is part of the hearing. Isolation and bounds are kept by the audience
(server/control_audience).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from server import metrics
from server.control import Ack, HearingControl, Hearings, UnknownHearing
from server.control_audience import PING, text
from server.endpoints.admission import session_of
from server.endpoints.messages import Malformed, read_message
from server.endpoints.upgrade import accept
from server.hearing import commands
from server.hearing.reasons import REASONS
from server.hearing.state import GONE
from server.people.tokens import Session
from server.sync.connections import Connection
from server.websocket import WebSocketProtocol, text_frame

log = logging.getLogger("yunting.control")

FRAME_BYTES = 16 * 1024  # the longest command is a reason of 500 characters
MOST_UNDER_WAY = 16  # commands of one socket that have no answer yet
LONGEST_ID = 64

_PING = text_frame(PING)


async def control(scope: Scope, receive: Receive, send: Send, app: Starlette) -> None:
    """The endpoint. A hearing that does not exist is refused like one that is not the person's: no hint."""
    socket = await accept(scope, receive, send)
    session = session_of(scope, app)
    if session is None:
        socket.close(4401, "token")
        return
    hearing = await hearing_of(app.state.hearings, unquote(scope["path"].removeprefix("/control/")), session.person)
    if hearing is None:
        socket.close(4403, "forbidden")
        return
    state = app.state
    await state.replaced_sessions.entered(hearing, session)
    if not state.sessions.alive(session.id):  # both asked again after a wait
        socket.close(4401, "token")
        return
    if hearing.state.participants[session.person].state in GONE:
        socket.close(4403, "forbidden")
        return
    connection = ControlConnection(socket, hearing, session, state.sessions.alive, state.settings.frame_rate)
    state.connections.add(connection)
    metrics.connections.labels(wire="control").inc()
    try:
        await socket.attach(connection.receive, connection.closed)
    finally:
        state.connections.discard(connection)
        metrics.connections.labels(wire="control").dec()


async def hearing_of(hearings: Hearings, hearing: str, person: str) -> HearingControl | None:
    """The hearing, when the person is part of it."""
    try:
        found = await hearings.get(hearing)
    except UnknownHearing:
        return None
    participant = found.state.participants.get(person)
    return None if participant is None or participant.state in GONE else found


class ControlConnection(Connection):
    """One control socket. `alive(session id)`: whether the login still holds, asked at every command."""

    __slots__ = ("_alive", "_control", "_greeted", "_session", "_under_way", "person")

    def __init__(
        self,
        socket: WebSocketProtocol,
        control: HearingControl,
        session: Session,
        alive: Callable[[str], bool],
        frame_rate: int,
    ) -> None:
        super().__init__(socket, frame_rate, socket.loop.time())
        self.person = session.person
        self._control = control
        self._session = session
        self._alive = alive
        self._greeted = False
        self._under_way: set[asyncio.Task[None]] = set()
        control.arrive(self)

    # --- what the audience needs ---

    @property
    def unsent(self) -> int:
        return self.socket.unsent

    def send(self, text: str) -> None:
        self.socket.write(text_frame(text))

    def cut(self) -> None:
        self.socket.cut()

    def close(self, code: int, reason: str) -> None:
        self.socket.close(code, reason)

    # --- what the connections need ---

    @property
    def authenticated(self) -> bool:
        return True

    def check_sessions(self, alive: Callable[[str], bool]) -> None:
        if not alive(self._session.id):
            self.close(4401, "token")

    def keepalive(self) -> None:
        self.socket.write(_PING)

    def closed(self) -> None:
        """The socket has ended; commands under way are finished all the same."""
        self._control.unsubscribe(self)

    # --- messages ---

    def receive(self, data: bytes) -> None:
        """One message of the client; what is none closes the socket 4400."""
        if self.too_often():
            return
        if len(data) > FRAME_BYTES:
            self.close(1009, "frame_too_big")
            return
        try:
            message = read_message(data, _TABLE)
            _TABLE[message["type"]](self, message)
        except Malformed:
            self.close(4400, "malformed")

    def hello(self, message: dict[str, Any]) -> None:
        """{"type": "Hello", "after": n}: once; the log after n, then what comes."""
        after = message.get("after", 0)
        if type(after) is not int or after < 0 or self._greeted:
            raise Malformed("Hello")
        self._greeted = True
        self._control.subscribe(self, after)

    def pong(self, _message: dict[str, Any]) -> None:
        """{"type": "Pong"}: answers a Ping; any frame keeps the socket, so nothing is to be done."""

    def command(self, message: dict[str, Any]) -> None:
        """{"type": "Command", "id", "command", …}: answered by Ack or Refused."""
        number = message.get("id")
        if not isinstance(number, str) or not 0 < len(number) <= LONGEST_ID:
            raise Malformed("Command without an id")
        if not self._alive(self._session.id):
            self.close(4401, "token")
            return
        if len(self._under_way) >= MOST_UNDER_WAY:
            self.close(4429, "too_often")
            return
        try:
            order = commands.parse({key: value for key, value in message.items() if key not in ("type", "id")})
        except commands.BadCommand as error:
            self._refuse(number, error.code, str(error))
            return
        task = asyncio.create_task(self._execute(number, order))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _execute(self, number: str, order: commands.Command) -> None:
        try:
            outcome = await self._control.execute(self.person, order)
        except Exception:
            log.exception("hearing %s: a command failed", self._control.hearing)
            self._refuse(number, "internal")
            return
        if isinstance(outcome, Ack):
            answer = {"type": "Ack", "id": number, "seq": outcome.seq, "applied_seq": outcome.applied_seq}
            self.send(text(answer))
        else:
            self._refuse(number, outcome.code)

    def _refuse(self, number: str, code: str, detail: str = "") -> None:
        sentence = REASONS[code]
        answer = {"type": "Refused", "id": number, "code": code, "title_zh": sentence.zh, "title_en": sentence.en}
        self.send(text({**answer, "detail": detail} if detail else answer))


_TABLE: dict[str, Callable[[ControlConnection, dict[str, Any]], None]] = {
    "Hello": ControlConnection.hello,
    "Command": ControlConnection.command,
    "Pong": ControlConnection.pong,
}
