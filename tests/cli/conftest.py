"""A server for each file that asks for one; a file that needs its hearing in another state makes its own."""

from collections.abc import Iterator

import pytest

from tests.harness.prepared import fill
from tests.harness.server import ServerProcess


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(fill(tmp_path_factory.mktemp("cli")), env={"YUNTING_REFUSAL_BACKOFF": "0"})
    yield process.start()
    process.stop()
