"""`python -m media --fd N | --socket PATH`: the media engine as a process of its own, ended by the end of its link."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from pathlib import Path

import uvloop

from media import limits
from media.link import Link

NICENESS = -5


async def _serve_connected(connected: socket.socket) -> None:
    reader, writer = await asyncio.open_unix_connection(sock=connected, limit=limits.REQUEST_BYTES)
    await Link(reader, writer).serve()


async def _serve_listening(path: Path) -> None:
    """One server after another; the socket is its owner's alone."""
    serving: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        serving.add(task)
        task.add_done_callback(serving.discard)
        await Link(reader, writer).serve()

    path.unlink(missing_ok=True)
    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(serve, path, limit=limits.REQUEST_BYTES)
    finally:
        os.umask(before)
    async with server:
        await server.serve_forever()


def _until_told(main) -> None:
    """Runs until done or until SIGTERM or SIGINT, which end it the clean way."""

    async def run() -> None:
        task = asyncio.ensure_future(main)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        await asyncio.gather(task, return_exceptions=True)
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    uvloop.run(run())


def _hurry() -> None:
    """Before documents and pages where the system allows it: a packet that waits is a gap in somebody's sentence."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)
    except PermissionError:
        logging.getLogger(__name__).info("runs at ordinary priority; a unit can set Nice=%d", NICENESS)


def main(arguments: list[str] | None = None) -> int:
    """Exit status 0 when the link has ended or the engine was told to end."""
    parser = argparse.ArgumentParser(prog="python -m media", description=__doc__)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--fd", type=int, help="number of an inherited, connected unix socket")
    where.add_argument("--socket", type=Path, help="path of a unix socket to listen at")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="media: %(levelname)s %(name)s: %(message)s")
    _hurry()
    if options.fd is not None:
        _until_told(_serve_connected(socket.socket(fileno=options.fd)))
    else:
        _until_told(_serve_listening(options.socket))
    return 0


if __name__ == "__main__":
    sys.exit(main())
