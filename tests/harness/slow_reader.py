"""A download that has begun and that nobody reads: what still comes shows when a server drops it."""

import socket
from urllib.parse import urlsplit

SMALL_BUFFER = 64 * 1024
LIMIT = 240.0  # seconds; only for a server that hangs


def slow_reader(url: str, path: str, token: str) -> socket.socket:
    """The connection, once the answer has begun with 200."""
    address = urlsplit(url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    connection.settimeout(LIMIT)
    connection.connect((address.hostname, address.port))
    request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAuthorization: Bearer {token}\r\nConnection: close"
    connection.sendall(f"{request}\r\n\r\n".encode())
    begun = connection.recv(12)
    assert begun == b"HTTP/1.1 200", begun + connection.recv(2_000)
    return connection


def rest(connection: socket.socket) -> int:
    """How many bytes still come until the end."""
    size = 0
    try:
        while piece := connection.recv(1024 * 1024):
            size += len(piece)
    except ConnectionResetError:
        return size
    return size
