"""The media process as the system knows it: it can be ended, and its death is noticed, whoever started it.

Holds it by a pidfd (Linux), which never names another process. Starts nothing and says nothing to it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import struct

_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid: struct ucred of unix(7)


class Process:
    """A living process that this server may end; raises OSError where there is none or it may not.

    `dead`: done once it sends nothing more, all its threads included.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._loop = asyncio.get_running_loop()
        self.dead: asyncio.Future[None] = self._loop.create_future()
        self._handle = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(self._handle, 0)
            self._loop.add_reader(self._handle, self._died)
        except BaseException:
            os.close(self._handle)
            raise

    @classmethod
    def at_the_other_end(cls, connected: socket.socket) -> Process:
        """The one that listened where `connected` was led to."""
        size = _CREDENTIALS.size
        pid, _, _ = _CREDENTIALS.unpack(connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
        if pid <= 0:
            raise ProcessLookupError("the media process is not to be seen from here: it runs in another pid namespace")
        return cls(pid)

    def kill(self) -> None:
        if self._handle >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def release(self) -> None:
        """It is no concern of this server any more."""
        if self._handle >= 0:
            self._loop.remove_reader(self._handle)
            os.close(self._handle)
            self._handle = -1

    def _died(self) -> None:
        self.release()
        self.dead.set_result(None)
