"""The control channel as a thin client: it keeps every message and never interprets them."""

import json
from typing import Any

from tests.harness.raw_socket import RawSocket, SocketClosed
from tests.harness.waiting import LIMIT, until


class ControlClient:
    """`heard` holds all decoded messages in order; `raw` the socket with its recorded bytes."""

    def __init__(self, raw: RawSocket) -> None:
        self.raw = raw
        self.heard: list[dict[str, Any]] = []
        self._number = 0

    @classmethod
    async def connect(cls, url: str, hearing: str, token: str, after: int = 0) -> "ControlClient":
        client = cls(await RawSocket.open(url, f"/control/{hearing}", token=token))
        client.send(type="Hello", after=after)
        return client

    def send(self, **message: object) -> None:
        self.raw.send_text(json.dumps(message, ensure_ascii=False))

    def collect(self) -> list[dict[str, Any]]:
        while self.raw.texts:
            self.heard.append(json.loads(self.raw.texts.popleft()))
        return self.heard

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.collect() if message["type"] == kind]

    async def wait_for(self, kind: str, count: int = 1, limit: float = LIMIT) -> dict[str, Any]:
        """The count-th message of a kind."""
        await until(lambda: len(self.of(kind)) >= count or self.raw.closed, f"{kind} on /control", limit)
        found = self.of(kind)
        if len(found) < count and self.raw.closed:
            raise SocketClosed(self.raw.closed)
        return found[count - 1]

    async def command(self, name: str, **fields: object) -> dict[str, Any]:
        """The Ack or Refused of one command."""
        self._number += 1
        number = f"c{self._number}"
        self.send(type="Command", id=number, command=name, **fields)
        await until(lambda: self._answer(number) or self.raw.closed, f"an answer to {name}")
        answer = self._answer(number)
        if answer is None:
            raise SocketClosed(await self.raw.ended())
        return answer

    def _answer(self, number: str) -> dict[str, Any] | None:
        answers = self.of("Ack") + self.of("Refused")
        return next((answer for answer in answers if answer["id"] == number), None)

    async def leave(self) -> None:
        await self.raw.close()
