"""What counts as a sign of life of a peer: anything it sends, and taking what waits for it."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from server.websocket import WebSocketProtocol
from tests.harness.waiting import LIMIT, until

SMALL = 8 * 1024  # bytes of the system's buffers
WAITING = b"x" * 2_000_000


@pytest.fixture
def line() -> Iterator[tuple[socket.socket, socket.socket]]:
    """(the server's end, the peer's) of one TCP connection that holds little on its way."""
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        peer.connect(listener.getsockname())
        own, _ = listener.accept()
        own.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        with own:
            peer.setblocking(False)
            yield own, peer


async def served(own: socket.socket) -> WebSocketProtocol:
    protocol = WebSocketProtocol(Config(app=None, log_config=None), ServerState(), {})
    await asyncio.get_running_loop().connect_accepted_socket(lambda: protocol, own)
    return protocol


async def drop(protocol: WebSocketProtocol) -> None:
    protocol.transport.abort()
    await until(lambda: protocol.disconnected, "the connection's end")


async def taking(protocol: WebSocketProtocol, peer: socket.socket) -> None:
    """The peer reads, a little at a time, until the server's end sees it."""
    while not protocol.shows_life():
        await asyncio.get_running_loop().sock_recv(peer, SMALL)


def has_settled(protocol: WebSocketProtocol) -> bool:
    return not protocol.shows_life() and not protocol.shows_life()


async def test_a_slow_peer_is_alive_while_it_takes_what_waits_and_no_longer(
    line: tuple[socket.socket, socket.socket],
) -> None:
    own, peer = line
    protocol = await served(own)
    assert protocol.shows_life() and not protocol.shows_life()
    protocol.transport.write(WAITING)
    await until(lambda: has_settled(protocol), "the system's buffers to be full")

    for _ in range(3):
        await asyncio.wait_for(taking(protocol, peer), LIMIT)
    await until(lambda: has_settled(protocol), "a peer that has stopped taking it")
    await drop(protocol)


async def test_a_peer_from_which_the_server_does_not_read_is_not_judged(
    line: tuple[socket.socket, socket.socket],
) -> None:
    protocol = await served(line[0])
    assert protocol.shows_life() and not protocol.shows_life()
    protocol.hold_reading(True)
    assert protocol.shows_life() and protocol.shows_life()
    protocol.hold_reading(False)
    assert not protocol.shows_life()
    await drop(protocol)
