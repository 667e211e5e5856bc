"""Each offence over both wires: refused with the verdict of PROTOCOL, nothing applied, nothing sent on."""

import pytest
from pycrdt import Map

from tests.faults.offences import CODES, OFFENCES, Offence, Scene, edit, honest
from tests.harness import messages as m
from tests.harness.demo import DemoHearing
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker, Speaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_annotation, add_turn, annotations, append_words, random_word, turn_texts


def name_of(hearing: DemoHearing, document: str) -> str:
    return hearing.transcript if document == "transcript" else hearing.annotations[0]


class Stage:
    """A victim who wrote honestly and keeps watching; the offender's connection."""

    def __init__(self, server: ServerProcess, document: str) -> None:
        self.server, self.hearing = server, server.demo.hearing
        self.document = name_of(self.hearing, document)
        self.is_transcript = document == "transcript"
        self.victim: YjsSpeaker
        self.scene: Scene

    async def set(self) -> "Stage":
        person = self.hearing.person("clerk", 1) if self.is_transcript else self.hearing.person("plaintiff")
        self.victim = await YjsSpeaker.connect(self.server.url, self.document, person.token)
        await self.victim.in_step()
        key = ""
        if self.is_transcript:
            add_turn(self.victim.doc, random_word())
        else:
            key = add_annotation(self.victim.doc, person.id, random_word())
        await self.victim.saved()
        self.scene = Scene(self.victim.doc.get_update(), self.hearing, self.victim.doc.client_id, key)
        return self

    async def offender(self, wire: str, role: str, nth: int = 0) -> YjsSpeaker | CollabSpeaker:
        speaker = await WIRES[wire].connect(self.server.url, self.document, self.hearing.person(role, nth).token)
        await speaker.in_step()
        await speaker.asked_again()
        await speaker.saved()
        return speaker

    def view(self, speaker: Speaker) -> object:
        return turn_texts(speaker.doc) if self.is_transcript else annotations(speaker.doc)

    async def untouched(self) -> None:
        """Nothing came to the victim, and a newcomer gets what stood before."""
        await self.victim.asked_again()
        assert self.victim.updates == []
        newcomer = await YjsSpeaker.connect(self.server.url, self.document, self.hearing.judge.token)
        await newcomer.in_step()
        assert m.state_vector(newcomer.doc.get_state()) == m.state_vector(self.victim.doc.get_state())
        assert self.view(newcomer) == self.view(self.victim)
        for speaker in (newcomer, self.victim):
            await speaker.leave()


async def refused(speaker: Speaker, verdict: str) -> None:
    """The verdict as this wire tells it."""
    if isinstance(speaker, CollabSpeaker):
        await until(lambda: speaker.closes or speaker.closed, "the in-band CLOSE")
        assert speaker.closed is None, "a refusal on /collab never closes the socket"
        assert (speaker.acks[-1], speaker.denied, speaker.closes) == (False, [verdict], [verdict])
    else:
        assert (await speaker.raw.ended()).code == CODES[verdict]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("offence", OFFENCES, ids=lambda offence: f"{offence.document}: {offence.name}")
async def test_it_is_refused_and_leaves_no_trace(shared_server: ServerProcess, offence: Offence, wire: str) -> None:
    stage = await Stage(shared_server, offence.document).set()
    offender = await stage.offender(wire, offence.role, offence.nth)
    offender.send_update(offence.make(stage.scene))
    await refused(offender, offence.verdict)
    await stage.untouched()
    if isinstance(offender, CollabSpeaker):
        await offender.leave()


@pytest.mark.parametrize("wire", WIRES)
async def test_other_content_at_a_known_clock_is_a_conflict(shared_server: ServerProcess, wire: str) -> None:
    stage = await Stage(shared_server, "transcript").set()
    offender = await stage.offender(wire, "clerk")
    client = 2**31 + int(random_word("")[:6], 16)
    first, second = (
        edit(stage.scene.doc(client), lambda doc, w=w: add_turn(doc, w, turn="tx" + random_word())) for w in "甲乙"
    )
    offender.send_update(first)
    await offender.saved()
    await until(lambda: len(stage.victim.updates) == 1, "the honest update")
    stage.victim.updates.clear()
    offender.send_update(second)
    await refused(offender, "stale")
    await stage.untouched()


@pytest.mark.parametrize("role", ["judge", "plaintiff", "observer"])
async def test_a_readers_write_on_collab_is_refused_and_reading_goes_on(
    shared_server: ServerProcess, role: str
) -> None:
    stage = await Stage(shared_server, "transcript").set()
    reader = await stage.offender("collab", role)
    assert isinstance(reader, CollabSpeaker) and reader.scope == "readonly"
    reader.send_update(honest(stage.scene))
    await until(lambda: reader.acks and reader.acks[-1] is False, "SyncStatus false")
    word = random_word()
    add_turn(stage.victim.doc, word)
    await until(lambda: any(word.encode() in update for update in reader.updates), "the next honest word")
    assert (reader.denied, reader.closes, reader.closed) == ([], [], None)
    assert stage.victim.updates == []


@pytest.mark.parametrize("role", ["judge", "plaintiff", "observer"])
async def test_a_readers_write_on_yjs_closes_4403(shared_server: ServerProcess, role: str) -> None:
    stage = await Stage(shared_server, "transcript").set()
    reader = await stage.offender("yjs", role)
    reader.send_update(honest(stage.scene))
    await refused(reader, "forbidden")
    await stage.untouched()


@pytest.mark.parametrize("wire", WIRES)
async def test_a_forbidden_deletion_in_a_sync_step_2_is_stripped_silently(
    shared_server: ServerProcess, wire: str
) -> None:
    stage = await Stage(shared_server, "annotations").set()
    other = await stage.offender(wire, "defendant")
    other.send_sync(m.STEP2, deletion_of(stage))
    await other.saved()
    if isinstance(other, CollabSpeaker):
        assert False not in other.acks
    await stage.untouched()


def deletion_of(stage: Stage) -> bytes:
    """A whole state in which the plaintiff's entry is deleted."""
    doc = stage.scene.doc()
    del doc.get("annotations", type=Map)[stage.scene.key]
    return doc.get_update()


async def test_frames_after_a_refusal_are_ignored_until_a_new_authentication(shared_server: ServerProcess) -> None:
    stage = await Stage(shared_server, "transcript").set()
    clerk = await stage.offender("collab", "clerk")
    assert isinstance(clerk, CollabSpeaker)
    clerk.send_update(b"\xff")
    await refused(clerk, "malformed")
    count = len(clerk.acks)
    clerk.send_update(honest(stage.scene))
    clerk.synced = False
    clerk.introduce()
    await clerk.in_step()
    await clerk.asked_again()
    await stage.victim.asked_again()
    assert stage.victim.updates == [], "the honest update after the refusal was not taken"
    assert False not in clerk.acks[count:]
    text = add_turn(clerk.doc, "after")
    append_words(text, " the new authentication")
    await until(lambda: len(stage.victim.updates) >= 1, "words after the new authentication")
    await clerk.leave()
