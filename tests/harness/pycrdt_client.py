"""pycrdt.Provider, unmodified, over pycrdt-websocket's own channel on an httpx-ws socket."""

from contextlib import AsyncExitStack
from typing import Any, Self

import httpx
from httpx_ws import aconnect_ws
from pycrdt import Doc, Provider
from pycrdt.websocket.websocket import HttpxWebsocket

WHOLE = 1 << 24  # httpx-ws drops messages over its 64 kB default


class PycrdtClient:
    """An asynchronous context manager around one Provider; `doc` may be given again after it ended."""

    def __init__(self, url: str, document: str, token: str, doc: Doc[Any] | None = None) -> None:
        self.address = url.replace("http", "ws", 1) + "/yjs/" + document
        self.headers = {"Authorization": f"Bearer {token}"}
        self.doc: Doc[Any] = Doc() if doc is None else doc
        self.provider: Provider
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        client = await self._stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        opening = aconnect_ws(self.address, client, headers=self.headers, max_message_size_bytes=WHOLE)
        channel = HttpxWebsocket(await self._stack.enter_async_context(opening), self.address)
        self.provider = await self._stack.enter_async_context(Provider(self.doc, channel))
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.__aexit__(*exc)  # type: ignore[arg-type]
