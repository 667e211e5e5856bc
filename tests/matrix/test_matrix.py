"""Role × document × action × phase over both wires, from the permission table: nothing forbidden happens or leaks.

Visited are all cells of the transcript's draft that the rules let a hearing get to (reachable.py): every phase,
waiting, in court, isolated and removed people, an open and a closed gallery, for all sixteen roles and a person without
a part. The transcript's stages REVIEW and SIGNING stand in test_stages.py.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.hearing.state import Phase, Role
from tests.harness.figures import keep
from tests.harness.prepared import fill
from tests.harness.server import ServerProcess
from tests.matrix.full_hearing import FullHearing, Member, add_to
from tests.matrix.reachable import cells_in, places, reachable
from tests.matrix.walk import TESTIFY, Story, Visit, report

Bench = tuple[ServerProcess, tuple[FullHearing, ...]]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    data: Path = fill(tmp_path_factory.mktemp("matrix"))
    hearings = add_to(data)
    server = ServerProcess(data, env={"YUNTING_REFUSAL_BACKOFF": "0"})
    yield server.start(), hearings
    server.stop()


def test_the_rules_lead_to_every_role_in_every_phase() -> None:
    assert {(role, phase) for role, _, phase, _ in places()} == {(role, phase) for role in Role for phase in Phase}


async def test_every_reachable_cell_over_both_wires(bench: Bench) -> None:
    server, (hearing, shut, removed) = bench
    visit = Visit()
    await whole_hearing(Story(server, hearing, visit, observers_read=True))
    await without_the_removed(Story(server, removed, visit, observers_read=True))
    await without_the_gallery(Story(server, shut, visit, observers_read=False))
    report(visit)
    keep("matrix", figures(visit))
    assert visit.wrong == []
    missed = reachable() - cells_in(visit.cells, places())
    assert missed == set(), "cells of the table that no connection tried"


async def whole_hearing(story: Story) -> None:
    """Each phase; witness and expert wait, testify, and are let back into the recess and the signing room."""
    await story.phase_round()
    story.order("open_waiting", by="clerk")
    await story.phase_round()
    await story.open()
    await story.phase_round()
    story.order("recess")
    await story.phase_round()
    story.order("resume")
    heard = story.of(*TESTIFY)
    story.order("summon", heard)
    await story.round(heard)
    story.order("recess")
    story.order("release", heard)
    await story.round(heard)
    story.order("close")
    await story.phase_round()


async def without_the_removed(story: Story) -> None:
    """Whoever can be removed is, before anything has begun; what they try in each phase."""
    gone = story.may_be_ordered("remove")
    assert {"witness", "plaintiff", "defendant", "agent", "clerk", "observer"} <= {member.role for member in gone}
    await removed_round(story, gone)
    story.order("open_waiting", by="clerk")
    await removed_round(story, gone)
    await story.open()
    await removed_round(story, gone)
    story.order("recess")
    await removed_round(story, gone)
    story.order("close")
    await removed_round(story, gone)


async def removed_round(story: Story, gone: list[Member]) -> None:
    await story.round(gone)
    async with story.closed_gallery():
        await story.round([member for member in gone if member.role == "observer"])


async def without_the_gallery(story: Story) -> None:
    """Observers are not let to read at all; witness and expert have never been heard."""
    observers = story.of("observer")
    await story.round(observers)
    await story.open()
    await story.round(observers)
    story.order("close")
    await story.round(observers + story.of(*TESTIFY))


def figures(visit: Visit) -> dict[str, int]:
    tries = {"cells": len(visit.cells), "forbidden": visit.forbidden, "allowed": visit.allowed}
    return {**tries, "accepted": len(visit.accepted), "leaked": len(visit.leaked), "denied": len(visit.denied)}
