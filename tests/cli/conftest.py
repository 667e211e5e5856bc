"""A server for each file that asks for one, without holds: the judge of a command line is connected for a moment only.

A file that needs its hearing in another state makes its own.
"""

from collections.abc import Iterator

import pytest

from tests.harness.prepared import fill
from tests.harness.server import ServerProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    env = {"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_HOLD_AFTER": "3600"}
    process = ServerProcess(fill(tmp_path_factory.mktemp("cli")), env=env)
    yield process.start()
    process.stop()
