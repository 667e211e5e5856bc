"""Whose turn it is at intake, and how much of a hearing's evidence one person can hand in."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import pytest

from server.evidence import limits
from server.evidence.shares import NoRoom, Shares
from server.evidence.turns import Turns
from server.hearing.state import Participant, Role
from server.storage.exhibits import Exhibit, ExhibitState

HEARING = "h-1"
MB = 1024**2
PLAINTIFF, DEFENDANT, CLERK = (Participant(role, role, role) for role in (Role.PLAINTIFF, Role.DEFENDANT, Role.CLERK))


def exhibit(number: int, person: Participant = PLAINTIFF, **values: Any) -> Exhibit:
    given: dict[str, Any] = {"uploaded_by": person.person, "state": ExhibitState.READY, **values}
    return Exhibit(HEARING, f"e-{number}", number, "t", **given)


def shares(listed: list[Exhibit]) -> Shares:
    async def of(hearing: str) -> list[Exhibit]:
        assert hearing == HEARING
        await asyncio.sleep(0)
        return list(listed)

    return Shares(of)


async def refused(of: Shares, person: Participant, size: int = 0) -> str:
    """The code; empty when there is room."""
    try:
        async with of.hold(HEARING, person, size):
            return ""
    except NoRoom as full:
        return full.code


async def test_a_party_has_a_share_and_the_others_theirs() -> None:
    listed = [exhibit(n) for n in range(limits.PERSONS.exhibits)]
    assert await refused(shares(listed), PLAINTIFF) == "own_exhibits_used_up"
    assert await refused(shares(listed), DEFENDANT) == await refused(shares(listed), CLERK) == ""
    assert await refused(shares(listed[1:]), PLAINTIFF) == ""


async def test_what_was_refused_is_no_exhibit_but_a_file() -> None:
    kept = [exhibit(n, state=ExhibitState.REFUSED) for n in range(limits.PERSONS.exhibits)]
    assert await refused(shares(kept), PLAINTIFF) == ""
    assert await refused(shares(kept * 2), PLAINTIFF) == "own_exhibits_used_up"
    assert await refused(shares([exhibit(n, state=ExhibitState.LISTED) for n in range(999)]), PLAINTIFF) == ""


async def test_bytes_count_whoever_was_refused() -> None:
    half = limits.PERSONS.size // 2
    listed = [exhibit(1, size=half), exhibit(2, state=ExhibitState.REFUSED, size=half - MB)]
    assert await refused(shares(listed), PLAINTIFF, MB) == ""
    assert await refused(shares(listed), PLAINTIFF, MB + 1) == "own_exhibits_used_up"


async def test_a_hearing_is_full_for_everybody() -> None:
    listed = [exhibit(n, CLERK if n % 2 else PLAINTIFF) for n in range(limits.EXHIBITS)]
    assert {await refused(shares(listed), each) for each in (DEFENDANT, CLERK)} == {"too_many_exhibits"}
    great = [exhibit(n, CLERK, size=100 * MB) for n in range(204)]
    assert await refused(shares(great), DEFENDANT, 80 * MB) == ""
    assert await refused(shares(great), DEFENDANT, 81 * MB) == "too_many_exhibits"


async def test_uploads_at_once_do_not_pass_together_what_one_may_not() -> None:
    listed = [exhibit(n) for n in range(limits.PERSONS.exhibits - 3)]
    of = shares(listed)
    async with AsyncExitStack() as held:

        async def one() -> str:
            try:
                await held.enter_async_context(of.hold(HEARING, PLAINTIFF, 1))
            except NoRoom as full:
                return full.code
            return ""

        codes = await asyncio.gather(*(one() for _ in range(10)))
        assert sorted(codes) == [""] * 3 + ["own_exhibits_used_up"] * 7
        assert await refused(of, DEFENDANT) == ""
    assert await refused(of, PLAINTIFF) == ""


async def test_people_take_turns() -> None:
    turns = Turns()
    for number in range(4):
        turns.put(exhibit(number))
    assert (await turns.get()).id == "e-0"
    turns.put(exhibit(10, DEFENDANT))
    turns.put(exhibit(11, DEFENDANT))
    turns.put(exhibit(20, CLERK))
    assert [(await turns.get()).id for _ in range(6)] == ["e-1", "e-10", "e-20", "e-2", "e-11", "e-3"]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(turns.get(), 0.01)
    turns.put(exhibit(12, DEFENDANT))
    assert (await turns.get()).id == "e-12"
