"""One server with the whole corpus handed in; tests that kill or isolate take their own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.evidence.corpus import CASES, FOLDER, Desk
from tests.harness.server import ServerProcess


@pytest.fixture(scope="session")
def desk(shared_server: ServerProcess) -> Iterator[Desk]:
    """The clerk's, in the hearing that is in session."""
    hearing = shared_server.demo.hearing
    yield Desk(shared_server, hearing, hearing.clerk)


@pytest.fixture(scope="session")
def handed_in(desk: Desk) -> dict[str, dict[str, Any]]:
    """Each case's exhibit, once intake has ended for all."""
    ids = {
        name: desk.hand_in((FOLDER / case["file"]).read_bytes(), name=case.get("upload_name", case["file"]))["id"]
        for name, case in CASES.items()
    }
    return {name: desk.settled(each) for name, each in ids.items()}
