"""The demo's exhibits: two PDFs of the parties, handed in the way a person would; done once, then left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from server.demo import cast
from server.evidence import limits
from server.evidence.exhibits import Exhibits
from server.people.tokens import stamp, utc_now
from server.storage.exhibits import Exhibit, ExhibitState

FOLDER = Path(__file__).with_name("exhibits")


@dataclass(frozen=True, slots=True)
class Paper:
    """A file and what is said of it; `offered_by` and `handed_in_by` are names of the cast."""

    file: str
    purpose: str
    offered_by: str
    handed_in_by: str


PAPERS = {
    "loan-contract": Paper(
        "exhibit-1-loan-contract.pdf",
        "证明原、被告于2022年6月20日订立借款合同，借款20万元，月利率1.2%，期限一年。",
        "周启航",
        "秦念",
    ),
    "transfer-and-chat": Paper(
        "exhibit-2-transfer-and-chat.pdf",
        "证明原告已转账交付借款，以及被告在微信中确认欠款并两次还款。",
        "周启航",
        "秦念",
    ),
}


async def hand_in(exhibits: Exhibits) -> None:
    """Those that have no file yet, in both hearings; intake goes on by itself."""
    for hearing in (cast.IN_SESSION, cast.SCHEDULED):
        for listed in await exhibits.of(hearing):
            if listed.state is ExhibitState.LISTED and listed.id in PAPERS:
                await exhibits.seed(await _handed_in(exhibits, listed))


async def settled(exhibits: Exhibits) -> dict[str, list[Exhibit]]:
    """By hearing, once intake has ended for all of them."""
    hearings = (cast.IN_SESSION, cast.SCHEDULED)
    await asyncio.gather(*(exhibits.intake.settled(hearing, each) for hearing in hearings for each in PAPERS))
    return {hearing: [each for each in await exhibits.of(hearing) if each.id in PAPERS] for hearing in hearings}


async def _handed_in(exhibits: Exhibits, listed: Exhibit) -> Exhibit:
    paper = PAPERS[listed.id]
    content = (FOLDER / paper.file).read_bytes()
    received = await exhibits.files.receive(_whole(content), limits.UPLOAD_BYTES)
    return Exhibit(
        listed.hearing,
        listed.id,
        listed.number,
        listed.title,
        purpose=paper.purpose,
        offered_by=cast.fixed_id("p", paper.offered_by),
        name=paper.file,
        uploaded_by=cast.fixed_id("p", paper.handed_in_by),
        uploaded_at=stamp(utc_now()),
        size=received.size,
        sha256=received.sha256,
    )


async def _whole(content: bytes) -> AsyncIterator[bytes]:
    yield content
