"""A server killed at any point of a command, in a hearing without a media room: the log, the transcript's lines, the
notes of what was seen and the rights agree afterwards."""

from __future__ import annotations

import asyncio
import random

import pytest

from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import SocketClosed
from tests.harness.server import ServerProcess
from tests.media_room.aftermath import ORDERS, agrees

pytestmark = pytest.mark.usefixtures("sockets_dropped")

KILLS = 3


async def test_killed_at_any_point_of_a_command_nothing_is_lost_or_doubled(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    chance = random.Random(20_240_912)
    acked: set[int] = set()
    for _ in range(KILLS):
        await command_until_killed(server, server.demo.hearing, chance, acked)
        server.start()
        await agrees(server, server.demo.hearing, acked)
    assert len(acked) > KILLS, "commands were acknowledged between the kills"


async def command_until_killed(
    server: ServerProcess, hearing: DemoHearing, chance: random.Random, acked: set[int]
) -> None:
    """Some time after two more commands have been acknowledged."""
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    killing, due = None, len(acked) + 2
    try:
        while True:
            if killing is None and len(acked) >= due:
                killing = asyncio.get_running_loop().call_later(chance.uniform(0.0, 0.6), server.kill)
            name, role = chance.choice(ORDERS)
            answer = await judge.command(name, **({"person": hearing.person(role).id} if role else {}))
            if answer["type"] == "Ack":
                acked.add(answer["seq"])
    except SocketClosed:
        assert killing is not None, "the server has ended by itself"
