"""The court of those who mark one page: the same people for every server, and in ours they may."""

import asyncio
from pathlib import Path

from bench import court
from tests.harness.prepared import fill
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker
from tests.harness.writing import add_annotation

PEOPLE = 3


async def _mark(url: str, seated: court.Court) -> list[bool]:
    acks: list[bool] = []
    for person, token in seated.people:
        speaker = await CollabSpeaker.connect(url, seated.document, token)
        await speaker.in_step()
        add_annotation(speaker.doc, person, "有异议")
        await speaker.saved()
        acks += speaker.acks[-1:]
        await speaker.leave()
    return acks


def test_the_same_people_are_in_every_server_and_may_mark_the_page_in_ours(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    court.seat(data, PEOPLE)
    seated = court.seated(data)
    assert [person for person, _ in seated.people] == [person for person, _ in court.for_peer(PEOPLE).people]
    server = ServerProcess(data).start()
    try:
        assert asyncio.run(_mark(server.url, seated)) == [True] * PEOPLE
    finally:
        server.stop()
