"""The transcript while it is being frozen and signed: everybody tries everything on it over both wires.

A clerk's page that never says what it found holds the freeze open, so that REVIEW can be visited like any stage.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.hearing.permissions import Action
from server.hearing.signing_state import TranscriptPhase
from server.hearing.state import Phase, Role
from tests.harness.prepared import fill
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, random_word
from tests.matrix.full_hearing import FullHearing, Member, add_to
from tests.matrix.walk import Round, Story, Visit, report, roster


@pytest.fixture
def held_open(tmp_path: Path) -> Iterator[tuple[ServerProcess, FullHearing]]:
    """A freeze waits as long as a clerk is connected."""
    hearing = add_to(fill(tmp_path))[0]
    server = ServerProcess(tmp_path, env={"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_DIGEST_WAIT": "600"})
    yield server.start(), hearing
    server.stop()


class FrozenRound(Round):
    """The transcript alone; `secret` stands in it already, since nobody can write any more."""

    def __init__(self, story: Story, secret: str) -> None:
        super().__init__(story.server, story.hearing, story.visit, observers_read=True)
        self.secrets.append(secret)
        self.shared = (self.hearing.transcript,)

    def secret_in_transcript(self) -> None:
        """It is there."""

    def secret_in_annotations(self, clerk: Member) -> None:
        """They are not looked at."""

    def documents(self, member: Member) -> list[str]:
        return [self.hearing.transcript]


class StagedStory(Story):
    """The stages one after the other."""

    secret = ""

    async def write_secret(self) -> None:
        clerk = await self.clerk()
        self.secret = random_word("secret")
        add_turn(clerk.doc, self.secret)
        await clerk.saved()
        await clerk.leave()

    async def clerk(self) -> YjsSpeaker:
        token = self.hearing.of("clerk").token
        clerk = await YjsSpeaker.connect(self.server.url, self.hearing.transcript, token)
        await clerk.in_step()
        return clerk

    async def frozen_round(self) -> None:
        await FrozenRound(self, self.secret).run(list(self.hearing.members))

    async def stage(self, wanted: TranscriptPhase) -> None:
        await until(lambda: roster(self.server, self.hearing)["transcript_phase"] == wanted, f"stage {wanted}", 120)


async def test_nobody_writes_a_frozen_transcript_and_reading_stays_as_it_was(
    held_open: tuple[ServerProcess, FullHearing],
) -> None:
    server, hearing = held_open
    visit = Visit()
    story = StagedStory(server, hearing, visit, observers_read=True)
    await story.open()
    await story.write_secret()
    holder = await story.clerk()
    assert story.command("start_signing") == 200
    await story.stage(TranscriptPhase.REVIEW)
    await story.frozen_round()
    assert roster(server, hearing)["transcript_phase"] == "REVIEW"
    await holder.leave()
    await story.stage(TranscriptPhase.SIGNING)
    await story.frozen_round()
    assert story.command("close", reason="测试") == 200
    await story.frozen_round()
    report(visit)
    assert (visit.accepted, visit.leaked, visit.denied) == ([], [], [])
    stages = {TranscriptPhase.REVIEW, TranscriptPhase.SIGNING}
    seen = {(cell.standing.role, cell.standing.stage, cell.standing.phase) for cell in visit.cells}
    assert seen >= {(role, stage, Phase.IN_SESSION) for role in Role for stage in stages}
    assert seen >= {(role, TranscriptPhase.SIGNING, Phase.CLOSED) for role in Role}
    assert not any(cell.allowed for cell in visit.cells if cell.action is Action.WRITE)


async def test_after_the_reopening_everything_is_as_in_any_draft(held_open: tuple[ServerProcess, FullHearing]) -> None:
    server, hearing = held_open
    visit = Visit()
    story = StagedStory(server, hearing, visit, observers_read=True)
    await story.open()
    assert story.command("start_signing") == 200
    await story.stage(TranscriptPhase.SIGNING)
    assert story.command("reopen", reason="补记") == 200
    await story.round(list(hearing.members))
    report(visit)
    assert (visit.accepted, visit.leaked, visit.denied) == ([], [], [])
    assert any(cell.allowed and cell.standing.role is Role.CLERK for cell in visit.cells if cell.action is Action.WRITE)
