"""A link comes back after every loss and stays away after the server's final word: against scripted servers."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.server import ServerConnection, serve

from clients.cli.live import Ended, Link, Status
from clients.cli.profiles import Login
from tests.cli.scripted import scripted
from tests.harness.waiting import until


class Listener:
    """A link and what came through it."""

    def __init__(self, url: str, silence: float = 30.0) -> None:
        self.frames: list[bytes | str] = []
        self.status: list[Status] = []
        self.opened = 0
        self.link = Link(
            Login(url, "a-token"), "/yjs/x", opened=self._opened, received=self._received,
            status=self.status.append, silence=silence,
        )  # fmt: skip

    async def _opened(self) -> None:
        self.opened += 1

    async def _received(self, frame: bytes | str) -> None:
        self.frames.append(frame)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        task = asyncio.create_task(self.link.run())
        try:
            yield task
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, Ended):
                await task


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 1013])
async def test_comes_back_after_a_close_that_is_not_final(code: int) -> None:
    async def script(ws: ServerConnection, number: int) -> None:
        await ws.send(f"frame {number}")
        if number < 3:
            await ws.close(code)
        else:
            await ws.wait_closed()

    async with scripted(script) as url:
        listener = Listener(url)
        async with listener.running():
            await until(lambda: len(listener.frames) == 3, "three connections")
    assert listener.frames == ["frame 1", "frame 2", "frame 3"]
    assert [one.why for one in listener.status if not one.connected] == [str(code)] * 2
    assert listener.opened == 3


async def test_comes_back_after_a_connection_that_breaks_off() -> None:
    async def script(ws: ServerConnection, number: int) -> None:
        await ws.send(str(number))
        if number == 1:
            ws.transport.abort()
        await ws.wait_closed()

    async with scripted(script) as url:
        listener = Listener(url)
        async with listener.running():
            await until(lambda: listener.frames[-1:] == ["2"], "the second connection")
    assert Status(False, "1006") in listener.status


async def test_comes_back_when_nothing_was_heard_for_too_long() -> None:
    async def script(ws: ServerConnection, number: int) -> None:
        await ws.send(str(number))
        await ws.wait_closed()

    async with scripted(script) as url:
        listener = Listener(url, silence=0.3)
        async with listener.running():
            await until(lambda: listener.frames[-1:] == ["3"], "the third connection")
    assert {one.why for one in listener.status if not one.connected} == {"silent"}


async def test_waits_for_a_server_that_is_not_there_yet() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        listener = Listener(f"http://127.0.0.1:{port}")
        async with listener.running():
            await until(lambda: len(listener.status) >= 2, "two refused connections")
            assert not any(one.connected for one in listener.status)
            taken.close()

            async def script(ws: ServerConnection) -> None:
                await ws.send("at last")
                await ws.wait_closed()

            async with serve(script, "127.0.0.1", port, ping_interval=None):
                await until(lambda: listener.frames == ["at last"], "the server that came late")


@pytest.mark.parametrize(
    ("code", "why"),
    [(1009, "frame_too_big"), (4400, "malformed"), (4401, "token"), (4403, "forbidden"), (4429, "too_often")],
)
async def test_a_final_close_ends_it(code: int, why: str) -> None:
    connections = 0

    async def script(ws: ServerConnection, number: int) -> None:
        nonlocal connections
        connections = number
        await ws.close(code, why)

    async with scripted(script) as url:
        listener = Listener(url)
        with pytest.raises(Ended) as end:
            await asyncio.wait_for(listener.link.run(), 30)
    assert (end.value.code, end.value.reason, connections) == (code, why, 1)


async def test_the_token_travels_in_the_header_and_not_in_the_address() -> None:
    seen: list[tuple[str, str | None]] = []

    async def script(ws: ServerConnection, number: int) -> None:
        assert ws.request is not None
        seen.append((ws.request.path, ws.request.headers.get("Authorization")))
        await ws.close(4403, "forbidden")

    async with scripted(script) as url:
        with pytest.raises(Ended):
            await asyncio.wait_for(Listener(url).link.run(), 30)
    assert seen == [("/yjs/x", "Bearer a-token")]


async def test_an_error_of_the_listener_is_no_reason_to_come_back() -> None:
    async def script(ws: ServerConnection, number: int) -> None:
        await ws.send("x")
        await ws.wait_closed()

    async def broken(frame: bytes | str) -> None:
        raise RuntimeError("the listener's own fault")

    async with scripted(script) as url:
        listener = Listener(url)
        listener.link._received = broken
        with pytest.raises(RuntimeError, match="own fault"):
            await asyncio.wait_for(listener.link.run(), 30)
