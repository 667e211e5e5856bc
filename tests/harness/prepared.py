"""A demo's data directory as a first start leaves it, made once a process and copied for every server that wants one.

Exhibits are taken in and the transcript is written once; a copy has its people, tokens and ids, as after a restart.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.harness.server import ServerProcess


def fill(data: Path) -> Path:
    """The folder, which must be empty or missing, with a demo in it."""
    shutil.copytree(_made(), data, dirs_exist_ok=True)
    data.chmod(0o700)
    return data


@cache
def _made() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="yunting-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = ServerProcess(folder / "data").start()
    assert server.terminate() == 0
    server.stop()
    return folder / "data"
