"""A small file system of its own (tmpfs) that can be filled to the last byte and freed again. Needs root."""

import errno
import os
import subprocess
from pathlib import Path
from types import TracebackType


class NoMount(RuntimeError):
    """This machine does not let us mount."""


class SmallDisk:
    """A context manager; `path` is the mount point."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self.path, self.megabytes = path, megabytes
        self.filler = path / "filler"

    def __enter__(self) -> "SmallDisk":
        self.path.mkdir(parents=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={self.megabytes}m", "tmpfs", str(self.path)]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (subprocess.CalledProcessError, FileNotFoundError) as refused:
            raise NoMount(str(refused)) from refused
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        subprocess.run(["umount", "--lazy", str(self.path)], check=True, capture_output=True)

    def fill(self) -> None:
        """Writes until the system says that no byte is left."""
        with self.filler.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(os.urandom(4096))
            except OSError as full:
                if full.errno != errno.ENOSPC:
                    raise

    def free(self) -> None:
        self.filler.unlink()
