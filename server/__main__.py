"""`python -m server [--demo]`: start, serve until SIGTERM or SIGINT, end with exit status 0. Exit status 2: it
cannot start.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import logging
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace

import uvicorn
import uvloop
from uvicorn.config import Config

from server import demo
from server.app import App
from server.durable import BadKeyFile
from server.handshake import HttpProtocol
from server.settings import BadSetting, Settings
from server.storage.engine import DataInUse, DataLock, grow_log, migrate, open_engine
from server.websocket import FRAME_LIMIT, WebSocketProtocol

SWITCH_INTERVAL = 0.0005  # seconds; the commit thread must not wait 5 ms for the interpreter lock
GRACE_SECONDS = 3  # for requests and sockets under way at the end


class Server(uvicorn.Server):
    """uvicorn's server with an end of its own: signals are not raised again, so that a clean end has exit status 0."""

    def __init__(self, config: Config, url: str) -> None:
        super().__init__(config)
        self._url = url
        self._ending = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(f"listening on {self._url}", flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._end, number)
        yield

    def _end(self, number: int) -> None:
        self.handle_exit(number, None)
        self._ending.set()

    async def main_loop(self) -> None:
        """uvicorn's, once a second instead of ten times (its share in a quiet hearing shows); a signal ends it
        at once.
        """
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), 1.0)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m server", description="云庭 Yunting server; settings: YUNTING_* (README)"
    )
    parser.add_argument("--demo", action="store_true", help="make the demo hearings in an empty data directory")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = Settings.from_environment(demo=options.demo)
        if options.demo:
            demo.refuse_public_host(settings)
        lock = DataLock(settings.data)
        listener = _bind(settings)
        _raise_open_files()
        sys.setswitchinterval(SWITCH_INTERVAL)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, listener))
    except (BadSetting, BadKeyFile, DataInUse, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    lock.release()
    return 0


async def _serve(settings: Settings, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    settings = replace(settings, port=port)
    engine = open_engine(settings.database_url)
    migrate(engine)
    grow_log(engine, settings.data)
    app = App(settings, engine)
    await app.start()
    if settings.demo:
        demo.print_links(await demo.prepare(app, f"http://{host}:{port}"))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        await Server(_config(app), f"http://{host}:{port}").serve(sockets=[listener])
    finally:
        await app.close()


def _config(app: App) -> Config:
    return Config(
        app,
        loop="none",
        http=HttpProtocol,
        ws=WebSocketProtocol,
        ws_max_size=FRAME_LIMIT,
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # server/sync/connections pings
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=2048,
    )


def _bind(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise OSError(f"{settings.host}:{settings.port}: cannot listen ({error.strerror}). 无法监听该地址。") from None
    return listener


def _raise_open_files() -> None:
    """Each socket is a file: take what the system allows this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    sys.exit(main())
