"""Servers with a media process of their own; every connection is closed at the end."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.harness.control_client import ControlClient
from tests.harness.demo import Person
from tests.harness.media_sending import prepare
from tests.harness.server import ServerProcess
from tests.media_link.peers import FREQUENCY, MediaPerson

Enter = Callable[[ServerProcess, Person], Awaitable[MediaPerson]]


@pytest.fixture(scope="session")
def encoded() -> None:
    """The tone and the pictures that peers send, made before anybody is connected: that takes its time."""
    prepare(FREQUENCY)


@pytest.fixture
async def enter(encoded: None, sockets_dropped: None) -> AsyncIterator[Enter]:
    """enter(server, person): somebody in the demo hearing's media room."""
    entered: list[MediaPerson] = []

    async def one(server: ServerProcess, person: Person, *, echo: bool = False) -> MediaPerson:
        entered.append(await MediaPerson.enter(server, server.demo.hearing.id, person, echo=echo))
        return entered[-1]

    yield one
    for each in entered:
        await each.drop()


async def judge_of(server: ServerProcess) -> ControlClient:
    hearing = server.demo.hearing
    return await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
