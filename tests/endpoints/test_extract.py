"""A witness's extract: their own words and the questions, while they are in court, and nobody else's business."""

import asyncio
import json
from typing import Any

from crdt_docs.transcript import Turn
from server.hearing import documents
from tests.endpoints.serving import HEARING, Serving
from tests.harness.waiting import until

PATH = f"/api/hearings/{HEARING}/extract"
SECRET = "原告方的秘密陈述"


class Listener:
    """A control socket that keeps what it is told."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.unsent = 0
        self.heard: list[dict[str, Any]] = []

    def send(self, text: str) -> None:
        self.heard.append(json.loads(text))

    def cut(self) -> None:
        self.unsent = 0

    def close(self, code: int, reason: str) -> None:
        self.heard.append({"type": "closed", "code": code, "reason": reason})

    def extracts(self) -> list[int]:
        return [each["turns"] for each in self.heard if each["type"] == "Extract"]


def said(number: int, speaker: str, text: str) -> Turn:
    return Turn(f"t{number}", "speech", speaker, "", "2024-09-12T09:30:00.000+08:00", "", text)


async def write(server: Serving, part: int, *turns: Turn) -> None:
    await server.app.state.rooms.seed(HEARING, list(turns), part)


async def summon(server: Serving) -> str:
    witness = server.person("witness")
    answer = await server.command(server.person("judge"), command="summon", person=witness)
    assert answer.status_code == 200, answer.text
    return witness


async def texts(server: Serving, person: str) -> list[str]:
    answer = await server.get(person, PATH)
    assert answer.status_code == 200, answer.text
    return [turn["text"] for turn in answer.json()["turns"]]


async def test_a_witness_reads_their_words_the_questions_and_the_courts_lines_about_them(server: Serving) -> None:
    await server.open_session()
    judge, plaintiff = server.person("judge"), server.person("plaintiff")
    witness = await summon(server)
    await write(
        server,
        1,
        said(1, plaintiff, SECRET),
        said(2, judge, "借款当日你在场吗？"),
        said(3, witness, "我在场。"),
        said(4, plaintiff, SECRET),
    )
    read = await texts(server, witness)
    assert "传唤证人" in read[0] and read[1:] == ["借款当日你在场吗？", "我在场。"]
    turn = (await server.get(witness, PATH)).json()["turns"][2]
    assert (turn["speaker"], turn["at"]) == (witness, "2024-09-12T09:30:00.000+08:00")
    transcript = await server.get(witness, f"/api/hearings/{HEARING}/transcript")
    assert (transcript.status_code, transcript.json()["code"]) == (403, "role_may_not_read")


async def test_it_is_for_witnesses_who_are_in_court(server: Serving) -> None:
    witness, judge = server.person("witness"), server.person("judge")

    async def refusal(person: str) -> tuple[int, str]:
        answer = await server.get(person, PATH)
        return answer.status_code, answer.json().get("code", "")

    await server.open_session()
    assert await refusal(witness) == (403, "not_let_in")
    for role in ("judge", "clerk", "plaintiff", "observer"):
        assert await refusal(server.person(role)) == (403, "role_may_not_read")
    await summon(server)
    assert await refusal(witness) == (200, "")
    await server.command(judge, command="recess")
    assert await refusal(witness) == (403, "isolated")
    await server.command(judge, command="resume")
    await summon(server)
    await server.command(judge, command="close")
    assert await refusal(witness) == (200, "")  # the signing room
    await server.command(judge, command="remove", person=witness, reason="喧哗")
    assert await refusal(witness) == (403, "removed")


async def test_the_witness_is_told_when_it_changes_and_nobody_else_is(server: Serving) -> None:
    await server.open_session()
    control = await server.app.state.hearings.get(HEARING)
    witness = await summon(server)
    listeners = [Listener(witness), Listener(server.person("plaintiff"))]
    for each in listeners:
        control.arrive(each)
        control.subscribe(each, 0)
    await write(server, 1, said(1, server.person("judge"), "问？"), said(2, witness, "答。"))
    await until(lambda: listeners[0].extracts()[-1:] == [3], "the witness is told")
    await write(server, 2, said(3, server.person("plaintiff"), SECRET))
    await write(server, 3, said(4, witness, "再答。"))
    await until(lambda: listeners[0].extracts()[-1:] == [5], "the witness is told again")
    assert SECRET not in json.dumps(listeners[0].heard, ensure_ascii=False)
    await server.command(server.person("judge"), command="dismiss", person=witness)
    told = len(listeners[0].extracts())
    await write(server, 4, said(5, server.person("judge"), "再问？"), said(6, witness, "补记。"))
    await asyncio.sleep(0.6)
    assert len(listeners[0].extracts()) == told
    assert listeners[1].extracts() == []


async def test_the_room_knows_the_document(server: Serving) -> None:
    """The extract never opens the document to the witness."""
    await server.open_session()
    witness = await summon(server)
    room = await server.app.state.rooms.open(documents.transcript(HEARING))
    assert not room.access(witness).read
