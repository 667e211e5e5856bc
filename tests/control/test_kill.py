"""A server killed at any point of a command: the log, the transcript's lines and the notes of what was seen agree
afterwards."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.harness.control_client import ControlClient
from tests.harness.demo import DemoHearing
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import SocketClosed
from tests.harness.server import ServerProcess

pytestmark = pytest.mark.usefixtures("sockets_dropped")

KILLS = 6
ORDERS = ("recess", "resume", "isolate", "release")


async def test_killed_at_any_point_of_a_command_nothing_is_lost_or_doubled(make_server: MakeServer) -> None:
    server = make_server().start()
    chance = random.Random(20_240_912)
    acked: set[int] = set()
    for _ in range(KILLS):
        await command_until_killed(server, server.demo.hearing, chance, acked)
        server.start()
        await check(server, server.demo.hearing, acked)
    assert len(acked) > KILLS, "commands were acknowledged between the kills"


async def command_until_killed(
    server: ServerProcess, hearing: DemoHearing, chance: random.Random, acked: set[int]
) -> None:
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    killing = asyncio.get_running_loop().call_later(chance.uniform(0.02, 0.6), server.kill)
    target = hearing.person("defendant").id
    try:
        while True:
            order = chance.choice(ORDERS)
            about = {"person": target} if order in ("isolate", "release") else {}
            answer = await judge.command(order, **about)
            if answer["type"] == "Ack":
                acked.add(answer["seq"])
    except SocketClosed:
        killing.cancel()


async def check(server: ServerProcess, hearing: DemoHearing, acked: set[int]) -> None:
    entries, turns = await asyncio.gather(
        fetch(server, hearing, "log", "entries"), fetch(server, hearing, "transcript", "turns")
    )
    kinds = {entry["header"]["seq"]: entry["header"]["kind"] for entry in entries}
    assert list(kinds) == list(range(1, len(entries) + 1))
    assert acked <= kinds.keys()
    lines = Counter(turn["origin"] for turn in turns if turn["origin"].startswith("control:"))
    assert lines == Counter(f"control:{seq}" for seq, kind in kinds.items() if kind != "HadSeen")
    noted = Counter(entry["payload"]["of"] for entry in entries if entry["header"]["kind"] == "HadSeen")
    assert noted == Counter(seq for seq, kind in kinds.items() if kind == "Isolated")


async def fetch(server: ServerProcess, hearing: DemoHearing, what: str, part: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient(base_url=server.url, timeout=30.0) as http:
        headers = {"Authorization": f"Bearer {hearing.judge.token}"}
        answer = await http.get(f"/api/hearings/{hearing.id}/{what}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()[part]
