"""The control channel as a listener: each numbered event once, whatever breaks in between; sends no command.

Owns the number to go on from and what is known of the hearing; what is shown of it is the caller's.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, NoReturn

from clients.cli.live import SILENCE, Link, Status
from clients.cli.profiles import Login

Message = dict[str, Any]


class ControlFeed:
    """`told` gets every message worth showing: Welcome, Event, State, Storage. Events come once, gapless or not."""

    def __init__(
        self,
        login: Login,
        hearing: str,
        *,
        after: int,
        told: Callable[[Message], None],
        status: Callable[[Status], None],
        silence: float = SILENCE,
    ) -> None:
        self._link = Link(
            login,
            f"/control/{hearing}",
            opened=self._hello,
            received=self._received,
            status=status,
            silence=silence,
        )
        self._told = told
        self._gapless = after
        self._ahead: set[int] = set()
        self._as_of = 0  # the last Welcome tells the person's state up to here
        self.me = ""
        self.free = asyncio.Event()  # set while the person is not isolated, as far as is known
        self.free.set()

    async def run(self) -> NoReturn:
        await self._link.run()

    async def _hello(self) -> None:
        await self._link.send(json.dumps({"type": "Hello", "after": self._gapless}))

    async def _received(self, frame: bytes | str) -> None:
        message: Message = json.loads(frame)
        take = _TAKE.get(message["type"])
        if message["type"] == "Ping":
            await self._link.send('{"type":"Pong"}')
        elif take is not None:
            take(self, message)

    def _welcome(self, message: Message) -> None:
        self.me = message["you"]["person"]
        self._as_of = message["seq"]
        self._set_free(message["you"]["state"] != "ISOLATED")
        self._told(message)

    def _event(self, message: Message) -> None:
        if not self._is_new(message["header"]["seq"]):
            return
        if message["header"]["seq"] > self._as_of and self._concerns_me(message):
            self._set_free(message["header"]["kind"] == "Released")
        self._told(message)

    def _concerns_me(self, message: Message) -> bool:
        """The own isolation or release. Who is isolated from the start gets no Welcome and no other events."""
        if message["header"]["kind"] not in {"Isolated", "Released"}:
            return False
        return not self.me or (message.get("payload") or {}).get("person") == self.me

    def _state(self, message: Message) -> None:
        self._told(message)

    def _is_new(self, seq: int) -> bool:
        """Also remembers it. Events of an isolation's meantime come after the release that is numbered behind them."""
        if seq <= self._gapless or seq in self._ahead:
            return False
        self._ahead.add(seq)
        while self._gapless + 1 in self._ahead:
            self._gapless += 1
            self._ahead.remove(self._gapless)
        return True

    def _set_free(self, free: bool) -> None:
        if free:
            self.free.set()
        else:
            self.free.clear()


_TAKE: dict[str, Callable[[ControlFeed, Message], None]] = {
    "Welcome": ControlFeed._welcome,
    "Event": ControlFeed._event,
    "State": ControlFeed._state,
    "Storage": ControlFeed._state,
}
