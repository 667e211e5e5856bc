"""Many people who may mark one page: who they are, and a data directory of ours in which the court sits with them."""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.harness.demo import DemoHearing, read
from tests.harness.more_people import agent_id, with_agents
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker

FILE = "court.json"


@dataclass(frozen=True, slots=True)
class Court:
    """The document that they mark, `people` as pairs of id and token, and one more token to read it with."""

    document: str
    people: list[tuple[str, str]]
    reader: str


def for_peer(count: int) -> Court:
    """For a server that asks nobody for a right; with the same ids, so that the marks have the same bytes."""
    people = [(agent_id(number), f"writer-{number}") for number in range(count)]
    return Court("hearing/annotations", people, "reader")


def seat(data: Path, count: int) -> None:
    """In a data directory of the demo: so many agents in the scheduled hearing, which is in session from here on."""
    server = ServerProcess(data)
    try:
        hearing = with_agents(server, read(data).scheduled, count)
        asyncio.run(_open(server, hearing))
    finally:
        server.stop()
    people = [(each.id, each.token) for each in hearing.people[-count:]]
    court = Court(hearing.annotations[0], people, hearing.judge.token)
    (data / FILE).write_text(json.dumps(asdict(court)))


async def _open(server: ServerProcess, hearing: DemoHearing) -> None:
    clerk = await YjsSpeaker.connect(server.url, hearing.transcript, hearing.clerk.token)
    await clerk.in_step()  # no court sits without one who is here
    server.command(hearing.judge.token, hearing.id, "open").raise_for_status()
    await clerk.leave()


def seated(data: Path) -> Court:
    """What `seat` made."""
    return Court(**json.loads((data / FILE).read_text()))
