"""The media process: started when it is first needed, started again when it dies, never left behind.

Owns the process and the line to it; what is said on the line is the rooms' (server/media/rooms). The process is joined
by a socket pair, so that the death of the server, however it comes, is the end of the line and with it of the process.
One that is its own unit (`YUNTING_MEDIA` names its socket) is started again by whoever runs it, and outlives a server
that ends; one that does not cut in time, or whose line breaks, is ended all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from server.media.link import Json, Link, MediaLost, MediaRefused
from server.media.pidfd import Process
from server.settings import MediaSettings

log = logging.getLogger("yunting.media")

ROOT = Path(__file__).resolve().parents[2]
FIRST_WAIT = 0.1  # seconds before a process that died is started again; doubled up to LONGEST_WAIT
LONGEST_WAIT = 5.0
STEADY_SECONDS = 10.0  # a process that lived so long is started again after FIRST_WAIT
UNIT_SECONDS = 3.0  # a unit that runs already has nothing to start: one that does not greet within it is ended
ENDING_SECONDS = 6.0  # for the last segments of an ending process


class Supervisor:
    """`on_up(link)` in the turn in which a process answers, before anybody may join; `on_down()` when it
    is dead and waited for, before there is another one."""

    def __init__(
        self,
        settings: MediaSettings,
        on_up: Callable[[Link], None],
        on_down: Callable[[], None],
        on_notice: Callable[[Json], None],
    ) -> None:
        self._settings = settings
        self._on_up, self._on_down, self._on_notice = on_up, on_down, on_notice
        self._task: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()
        self._tried = asyncio.Event()
        self.pid = 0  # of the process that is there, 0 when none is

    def need(self) -> None:
        """From now on there is a process."""
        if self._task is None and not self._ending.is_set():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="media process")

    async def ready(self) -> None:
        """A unit that has outlived an earlier server has ended that one's rooms, or is dead: before it has greeted, it
        may forward to people whom this server's log has cut off since. At once where the process is a child."""
        if self._settings.socket:
            self.need()
            await self._tried.wait()

    async def close(self) -> None:
        """The process closes what it writes and ends; its last notices are heard."""
        self._ending.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        wait, loop = FIRST_WAIT, asyncio.get_running_loop()
        while not self._ending.is_set():
            began = loop.time()
            try:
                await self._one_life()
            except (OSError, MediaLost, MediaRefused) as error:
                log.warning("no media process: %s", error)
            except Exception:
                log.exception("the media process could not be served")
            self._tried.set()
            wait = FIRST_WAIT if loop.time() - began > STEADY_SECONDS else min(LONGEST_WAIT, wait * 2)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), wait)

    async def _one_life(self) -> None:
        """From start to death."""
        process, link = await self._joined()
        answered = False
        try:
            answered = await self._greeted(link)
            await self._until_lost(link)
        finally:
            self.pid = 0
            link.abort()
            await link.lost
            if link.process is not None:
                link.process.release()
            if process is not None:
                await _ended(process)
            if answered:
                self._on_down()

    async def _greeted(self, link: Link) -> bool:
        settings = self._settings
        greeting = {"private_candidates": settings.private_candidates, "public_address": settings.public_address}
        answer = await link.request("hello", within=UNIT_SECONDS if settings.socket else 0.0, v=1, **greeting)
        self._tried.set()
        if self._ending.is_set():
            return False
        self.pid = int(answer.get("pid", 0))
        if link.process is not None and link.process.pid != self.pid:
            link.process.release()
            link.process = None
            raise MediaLost(f"process {self.pid} answers where another one listens: neither could be ended for certain")
        self._on_up(link)
        return True

    async def _until_lost(self, link: Link) -> None:
        """Shielded: whoever closes waits for the last notices, but not for ever."""
        ending = asyncio.ensure_future(self._ending.wait())
        await asyncio.wait({link.lost, ending}, return_when=asyncio.FIRST_COMPLETED)
        ending.cancel()
        if not link.lost.done():
            link.finish()
            await asyncio.wait({link.lost}, timeout=ENDING_SECONDS)
            if not link.lost.done():
                link.give_up("it did not end in time")
        if not self._ending.is_set():
            log.warning("the media process has gone")

    async def _joined(self) -> tuple[asyncio.subprocess.Process | None, Link]:
        if self._settings.socket:
            return None, await self._to_unit(self._settings.socket)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with theirs:
                process = await _started(theirs)
            return process, await self._linked(ours, Process(process.pid))
        except BaseException:
            ours.close()
            raise

    async def _to_unit(self, path: str) -> Link:
        ours = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            ours.setblocking(False)
            await asyncio.get_running_loop().sock_connect(ours, path)
            return await self._linked(ours, Process.at_the_other_end(ours))
        except BaseException:
            ours.close()
            raise

    async def _linked(self, ours: socket.socket, process: Process) -> Link:
        link = Link(self._on_notice)
        link.process = process
        await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=ours)
        return link


async def _started(theirs: socket.socket) -> asyncio.subprocess.Process:
    """With nothing of the environment, settings and secrets included; in a session of its own: a Ctrl-C at the
    server's terminal is the server's, which ends it in order."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-s", "-X", "utf8", "-m", "media", "--fd", str(theirs.fileno())),
        pass_fds=(theirs.fileno(),),
        stdin=asyncio.subprocess.DEVNULL,
        env={},
        cwd=ROOT,
        start_new_session=True,
    )


async def _ended(process: asyncio.subprocess.Process) -> None:
    """It ends by itself when the line does; one that hangs is ended."""
    try:
        async with asyncio.timeout(ENDING_SECONDS):
            await process.wait()
    except TimeoutError:
        log.warning("the media process hung: it is ended")
        _killed(process)
        await process.wait()


def _killed(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
