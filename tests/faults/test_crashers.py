"""The recorded crashers of bare pycrdt and mutated frames over both wires: nothing gets in, nothing dies."""

import json
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc

from tests.faults import attacks
from tests.faults.attacks import Target
from tests.faults.test_offences import Stage
from tests.harness import messages as m
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, all_words, random_word

CRASHERS = json.loads((Path(__file__).parents[1] / "fixtures" / "crashers.json").read_text("utf-8"))["crashers"]
FRAMES = 1_200
ROLES = {"transcript": "clerk", "annotations": "plaintiff"}


async def answered(speaker: Speaker) -> None:
    """The server has judged what was sent before: an answer to SyncStep1, or a refusal."""
    kept = speaker.kept
    speaker.ask()
    await until(lambda: speaker.kept > kept or speaker.closed or getattr(speaker, "closes", None), "a judgement")


async def send_all(stage: Stage, wire: str, role: str, updates: list[bytes]) -> list[str]:
    """Each update on a connection of its own; what the server said to each."""
    said = []
    for update in updates:
        speaker = await WIRES[wire].connect(stage.server.url, stage.document, stage.hearing.person(role).token, Doc())
        await speaker.in_step()
        speaker.send_update(update)
        await answered(speaker)
        said.append(verdict(speaker))
        speaker.vanish()
    return said


def verdict(speaker: YjsSpeaker | CollabSpeaker) -> str:
    if isinstance(speaker, CollabSpeaker):
        return (speaker.closes or ["open"])[0]
    return str(speaker.closed.code) if speaker.closed else "open"


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("document", ROLES)
async def test_no_crasher_gets_into_a_document_or_ends_the_server(
    shared_server: ServerProcess, document: str, wire: str
) -> None:
    stage, pid = await Stage(shared_server, document).set(), shared_server.pid
    for crasher in CRASHERS:
        updates = [bytes.fromhex(update) for update in crasher["updates"]]
        said = await send_all(stage, wire, ROLES[document], updates)
        assert len(said) == len(updates), crasher["name"]
    assert shared_server.is_alive and shared_server.pid == pid
    await stage.victim.asked_again()
    # the last update of each is hostile, but for the one whose point is the writer: here one person sends all of it
    hostile = {bytes.fromhex(c["updates"][-1]) for c in CRASHERS if c["name"] != "stolen-clock"}
    assert hostile.isdisjoint(stage.victim.updates)
    stage.victim.updates.clear()
    await stage.untouched()


@pytest.mark.parametrize("wire", WIRES)
async def test_mutated_frames_never_end_the_server_nor_spoil_the_document(
    shared_server: ServerProcess, wire: str
) -> None:
    stage, pid = await Stage(shared_server, "transcript").set(), shared_server.pid
    sockets = await attacks.fuzz(Target(shared_server.url, stage.hearing), wire, FRAMES, seed=FRAMES)
    assert sockets > 10, "the frames were too tame"
    word = random_word()
    clerk = await CollabSpeaker.connect(shared_server.url, stage.document, stage.hearing.clerk.token)
    await clerk.in_step()
    add_turn(clerk.doc, word)
    await clerk.saved()
    assert False not in clerk.acks
    fresh: Doc[Any] = Doc()
    newcomer = await YjsSpeaker.connect(shared_server.url, stage.document, stage.hearing.judge.token, fresh)
    await newcomer.in_step()
    assert word in all_words(fresh)
    assert fresh.get_update() and m.state_vector(fresh.get_state())
    assert shared_server.is_alive and shared_server.pid == pid
    assert not any("Traceback" in line for line in shared_server.log), shared_server.log[-40:]
