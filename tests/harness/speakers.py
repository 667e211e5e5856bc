"""Thin Python clients of both wires over RawSocket: they keep a document in step and count what the server said.

They own one document on one socket and never retry by themselves; `reconnect` is the test's decision.
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

from pycrdt import Doc

from tests.harness import messages as m
from tests.harness.raw_socket import Closed, RawSocket, SocketClosed
from tests.harness.waiting import LIMIT, until


class Speaker:
    """What both wires share: a pycrdt document whose own changes are sent."""

    def __init__(self, url: str, document: str, token: str, doc: Doc[Any] | None = None) -> None:
        self.url, self.document, self.token = url, document, token
        self.doc: Doc[Any] = Doc() if doc is None else doc
        self.raw: RawSocket
        self.synced = False
        self.states: dict[int, tuple[int, object]] = {}  # awareness, as last heard
        self.updates: list[bytes] = []  # updates heard from others, as they came
        self.kept = 0
        self.sent = 0
        self.clock = 0
        self.is_silent = False  # then own changes stay here, as offline
        self.is_mute = False  # then a SyncStep1 is not answered
        self.questions = 0  # SyncStep1 heard
        self.on_update: Callable[[bytes], None] | None = None
        self._receiving = False
        self._subscription = self.doc.observe(self._changed)

    def _changed(self, event: Any) -> None:
        if not self._receiving and not self.is_silent and event.update != m.NOTHING:
            self.send_update(event.update)

    def _apply(self, update: bytes) -> None:
        self._receiving = True
        try:
            self.doc.apply_update(update)
        finally:
            self._receiving = False

    def _sync(self, step: int, content: bytes) -> None:
        if step == m.STEP1:
            self.questions += 1
            if not self.is_mute:
                self.send_sync(m.STEP2, self.doc.get_update(content))
            return
        self._apply(content)
        if step == m.STEP2:
            self.synced = True
            self.kept += 1
        else:
            self.updates.append(content)
            if self.on_update is not None:
                self.on_update(content)

    # sending

    def body(self, content: bytes) -> bytes:
        """The body as this wire carries it."""
        raise NotImplementedError

    def send_body(self, content: bytes) -> None:
        self.raw.send(self.body(content))

    def send_sync(self, step: int, content: bytes) -> None:
        self.send_body(m.sync(step, content))

    def send_update(self, update: bytes) -> None:
        self.sent += 1
        self.send_sync(m.UPDATE, update)

    def ask(self) -> None:
        """SyncStep1 with the own state."""
        self.send_sync(m.STEP1, self.doc.get_state())

    def show(self, user: object, client: int | None = None) -> None:
        """An awareness state under the own client id, or a forged one."""
        self.clock += 1
        self.send_body(m.awareness({self.doc.client_id if client is None else client: (self.clock, {"user": user})}))

    # waiting

    @property
    def closed(self) -> Closed | None:
        return self.raw.closed

    async def in_step(self, limit: float = LIMIT) -> None:
        await until(lambda: self.synced or self.closed, "the first SyncStep2", limit)
        if not self.synced and self.closed:
            raise SocketClosed(self.closed)

    async def asked_again(self, limit: float = LIMIT) -> None:
        """A SyncStep1 and its answer: all that was sent before is on disk."""
        before = self.kept
        self.ask()
        await until(lambda: self.kept > before or self.closed, "an answer to SyncStep1", limit)
        if self.kept == before and self.closed:
            raise SocketClosed(self.closed)

    async def leave(self) -> None:
        await self.raw.close()

    def vanish(self) -> None:
        self.raw.abort()


class YjsSpeaker(Speaker):
    """`/yjs/<document>`."""

    @classmethod
    async def connect(
        cls,
        url: str,
        document: str,
        token: str,
        doc: Doc[Any] | None = None,
        *,
        headers: Sequence[tuple[str, str]] = (),
        record: bool = False,
    ) -> "YjsSpeaker":
        speaker = cls(url, document, token, doc)
        await speaker.reconnect(headers, record=record)
        return speaker

    async def reconnect(self, headers: Sequence[tuple[str, str]] = (), *, record: bool = False) -> None:
        self.synced = False
        path = f"/yjs/{self.document}"
        self.raw = await RawSocket.open(
            self.url, path, token=self.token, headers=headers, on_message=self._heard, record=record
        )
        self.ask()

    def body(self, content: bytes) -> bytes:
        return content

    def _heard(self, content: bytes) -> None:
        message = m.read_yjs(content)
        if message.kind == m.SYNC:
            self._sync(message.step, message.content)
        elif message.kind == m.AWARENESS:
            self.states.update(m.read_awareness(message.content))

    async def saved(self, limit: float = LIMIT) -> None:
        """SYNC: a SyncStep1 after updates is answered only when they are on disk."""
        await self.asked_again(limit)


class CollabSpeaker(Speaker):
    """`/collab` with one document; `acks` are the SyncStatus values in order."""

    def __init__(self, url: str, document: str, token: str, doc: Doc[Any] | None = None) -> None:
        super().__init__(url, document, token, doc)
        self.scope = ""
        self.denied: list[str] = []
        self.closes: list[str] = []
        self.acks: list[bool] = []
        self.ack_times: list[float] = []
        self.told: list[Any] = []  # stateless messages
        self.pings = 0
        self.answers = 0  # SyncStep2 sent

    @classmethod
    async def connect(
        cls, url: str, document: str, token: str, doc: Doc[Any] | None = None, *, record: bool = False
    ) -> "CollabSpeaker":
        speaker = cls(url, document, token, doc)
        await speaker.reconnect(record=record)
        return speaker

    async def reconnect(self, *, record: bool = False) -> None:
        self.synced, self.scope = False, ""
        self.acks.clear()
        self.ack_times.clear()
        self.sent = self.answers = 0
        self.raw = await RawSocket.open(self.url, "/collab", on_message=self._heard, record=record)
        self.introduce()

    def introduce(self) -> None:
        """Authentication and SyncStep1 at once, as the provider sends them."""
        self.raw.send(m.authentication(self.document, self.token))
        self.ask()

    def body(self, content: bytes) -> bytes:
        return m.named(self.document, content)

    def send_sync(self, step: int, content: bytes) -> None:
        if step == m.STEP2:
            self.answers += 1
        super().send_sync(step, content)

    def _heard(self, content: bytes) -> None:
        message = m.read_collab(content)
        if message.kind == m.PING and not message.document:
            self.pings += 1
            self.raw.send(bytes((m.PONG,)))
        elif message.document == self.document:
            self._heard_here(message)

    def _heard_here(self, message: m.Message) -> None:
        if message.kind == m.SYNC:
            self._sync(message.step, message.content)
        elif message.kind == m.AWARENESS:
            self.states.update(m.read_awareness(message.content))
        elif message.kind == m.AUTH:
            self._authenticated(message)
        elif message.kind == m.SYNC_STATUS:
            self.acks.append(message.saved)
            self.ack_times.append(time.monotonic())
        elif message.kind == m.CLOSE:
            self.closes.append(message.text)
        elif message.kind == m.STATELESS:
            self.told.append(json.loads(message.text))

    def _authenticated(self, message: m.Message) -> None:
        if message.step == m.AUTHENTICATED:
            self.scope = message.text
        elif message.step == m.DENIED:
            self.denied.append(message.text)

    async def in_step(self, limit: float = LIMIT) -> None:
        await until(lambda: self.synced or self.denied or self.closed, "the first SyncStep2", limit)
        if not self.synced and self.closed:
            raise SocketClosed(self.closed)

    @property
    def all_acked(self) -> bool:
        return len(self.acks) >= self.sent + self.answers

    async def saved(self, limit: float = LIMIT) -> None:
        """Every own Update and SyncStep2 has its SyncStatus."""
        await until(lambda: self.all_acked or self.closed, "every ack", limit)
        if not self.all_acked and self.closed:
            raise SocketClosed(self.closed)


WIRES: dict[str, type[YjsSpeaker] | type[CollabSpeaker]] = {"yjs": YjsSpeaker, "collab": CollabSpeaker}
