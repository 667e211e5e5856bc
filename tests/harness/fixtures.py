"""pytest fixtures over the harness. A test that changes a hearing's phase or kills takes its own server."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.node import NodeClient
from tests.harness.prepared import fill
from tests.harness.raw_socket import drop_all
from tests.harness.server import ServerProcess, may_trace
from tests.harness.small_disk import NoMount, SmallDisk

MakeServer = Callable[..., ServerProcess]


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for tests that leave the hearings' phases as they found them; no refusal backoff."""
    data = fill(tmp_path_factory.mktemp("shared"))
    server = ServerProcess(data, env={"YUNTING_REFUSAL_BACKOFF": "0"})
    yield server.start()
    server.stop()


@pytest.fixture
def make_server(tmp_path: Path) -> Iterator[MakeServer]:
    """Servers of one test, not started yet: make_server(env=…, trace=…, data=…). Where no data directory is named it
    has one that a demo was made in; `is_new`: an empty one."""
    made: list[ServerProcess] = []

    def make(data: Path | None = None, *, is_new: bool = False, **options: object) -> ServerProcess:
        own = tmp_path / f"data{len(made)}"
        server = ServerProcess(data or (own if is_new else fill(own)), **options)  # type: ignore[arg-type]
        made.append(server)
        return server

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def fresh_server(make_server: MakeServer) -> ServerProcess:
    """A server of its own, without refusal backoff."""
    return make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()


@pytest.fixture
def node() -> Iterator[NodeClient]:
    """A node child process; start more with NodeClient()."""
    client = NodeClient().start()
    yield client
    client.stop()


@pytest.fixture
def another_node() -> Iterator[NodeClient]:
    client = NodeClient().start()
    yield client
    client.stop()


@pytest.fixture(scope="session")
def tracing() -> None:
    """Skips (reported as not run) where strace is missing or ptrace forbidden."""
    if not may_trace():
        pytest.skip("not run: needs strace and ptrace")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A file system of 48 MiB. Skips (reported as not run) where none may be mounted."""
    try:
        with SmallDisk(tmp_path / "small", megabytes=48) as disk:
            yield disk
    except NoMount as refused:
        pytest.skip(f"not run: {refused}")


@pytest.fixture
async def sockets_dropped() -> AsyncIterator[None]:
    """Raw sockets still open at a test's end are aborted; for `pytestmark` or a conftest's autouse fixture."""
    yield
    await drop_all()
