"""The server's end of the line to the media process: requests with their answers, and notices; JSON, one object a line.

A request is written in the turn of the loop that makes it, and the media process carries requests out in that order.
Whatever ends the line out of order ends the process, and nothing counts as unanswered before it is dead: a process
without a line still has the routes that it was last given. Knows no hearing and no person.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from typing import Any, cast

from server.media.pidfd import Process

log = logging.getLogger("yunting.media")

Json = dict[str, Any]

LINE_BYTES = 4 * 1024 * 1024  # one answer or notice; longer: the process is not to be trusted any more
APPLY_SECONDS = 3.0  # a process that does not cut within it is given up: nobody receives anything then
ANSWER_SECONDS = 15.0  # for every other request; an offer gathers candidates


class MediaLost(ConnectionError):
    """The media process is gone, or was never there: nobody receives anything from it."""


class MediaRefused(RuntimeError):
    """The media process refuses one request; `code`: no_room, no_peer, bad_sdp, too_many, bad_request."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Link(asyncio.Protocol):
    """One connection. `lost` is done once it has ended and `process`, if it is known, is dead or has ended its work in
    order; `on_notice` is told each notice in order."""

    def __init__(self, on_notice: Callable[[Json], None]) -> None:
        loop = asyncio.get_running_loop()
        self.lost: asyncio.Future[None] = loop.create_future()
        self._loop = loop
        self._on_notice = on_notice
        self._number = 0
        self._pending: dict[int, tuple[asyncio.Future[Json], asyncio.TimerHandle | None]] = {}
        self._received = bytearray()
        self._transport: asyncio.Transport | None = None
        self.process: Process | None = None
        self._finishing = False
        self._given_up = False

    # --- requests ---

    def request(self, op: str, *, within: float = 0.0, **fields: Any) -> asyncio.Future[Json]:
        """Ask; the answer raises MediaRefused, or MediaLost when the process went before it has answered. `within`:
        seconds, where they are not those of the request's kind."""
        answer: asyncio.Future[Json] = self._loop.create_future()
        if self.lost.done():
            answer.set_exception(MediaLost(op))
            return answer
        self._number += 1
        number, transport = self._number, self._transport
        if transport is None or transport.is_closing() or self._finishing:
            self._pending[number] = answer, None
            return answer
        seconds = within or (APPLY_SECONDS if op == "apply" else ANSWER_SECONDS)
        self._pending[number] = answer, self._loop.call_later(seconds, self._late, number, op)
        line = json.dumps({"id": number, "op": op, **fields}, ensure_ascii=False, separators=(",", ":"))
        transport.write(line.encode() + b"\n")
        return answer

    def tell(self, op: str, **fields: Any) -> None:
        """Ask without waiting."""
        self.request(op, **fields).add_done_callback(lambda answer: _note(op, answer))

    def _late(self, number: int, op: str) -> None:
        """Whoever waits for a cut or a greeting waits on, until the process is dead."""
        if op in ("apply", "hello"):
            self._pending[number] = self._pending[number][0], None
            self.give_up(f"it did not answer {op} in time")
            return
        answer, _ = self._pending.pop(number)
        if not answer.done():
            answer.set_exception(MediaLost(f"{op}: no answer in time"))

    # --- the end ---

    def finish(self) -> None:
        """Nothing more will be asked: the process closes its files and ends; notices still come until `lost`."""
        if self._transport is not None and not self._transport.is_closing():
            self._finishing = True
            with contextlib.suppress(OSError):
                self._transport.write_eof()

    def give_up(self, why: str) -> None:
        """A process that may go on forwarding what it must not: it is dead before anybody is told that it has cut."""
        log.error("the media process is ended: %s", why)
        self._given_up, self._finishing = True, False
        if self.process is not None:
            self.process.kill()
        self.abort()

    async def certain(self) -> None:
        """Returns when a process that was given up is dead; at once when none was."""
        if self._given_up:
            await asyncio.shield(self.lost)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    # --- asyncio's hooks ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.process is None or self._finishing:
            self._end()
        else:
            self.process.kill()
            self.process.dead.add_done_callback(lambda _: self._end())

    def _end(self) -> None:
        for answer, limit in self._pending.values():
            if limit is not None:
                limit.cancel()
            if not answer.done():
                answer.set_exception(MediaLost("the media process has gone"))
        self._pending.clear()
        if not self.lost.done():
            self.lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._received += data
        *lines, rest = self._received.split(b"\n")
        self._received = bytearray(rest)
        for line in lines:
            self._read(bytes(line))
        if len(self._received) > LINE_BYTES:
            log.error("the media process sent a line that does not end")
            self.abort()

    def _read(self, line: bytes) -> None:
        try:
            message = json.loads(line)
            number = message.get("id")
        except (ValueError, AttributeError):
            log.error("the media process sent what is no message: %.200r", line)
            self.abort()
            return
        if number is None:
            self._heard(message)
        elif number in self._pending:
            answer, limit = self._pending.pop(number)
            if limit is not None:
                limit.cancel()
            _settle(answer, message)

    def _heard(self, notice: Json) -> None:
        try:
            self._on_notice(notice)
        except Exception:
            log.exception("a notice of the media process failed: %.200r", notice.get("notice"))


def _settle(answer: asyncio.Future[Json], message: Json) -> None:
    if answer.done():
        return
    if "error" in message:
        answer.set_exception(MediaRefused(str(message["error"]), str(message.get("detail", ""))))
    else:
        answer.set_result(message)


def _note(op: str, answer: asyncio.Future[Json]) -> None:
    error = None if answer.cancelled() else answer.exception()
    if isinstance(error, MediaRefused):
        log.info("the media process refused %s: %s", op, error)  # a client's doing, as often as it likes
