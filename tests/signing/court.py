"""A hearing on a real SQLite file that has been heard and frozen, asked through HTTP without a socket."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from crdt_docs.signing.content import Person
from server.control import HearingControl
from server.demo import cast, seeded_turns
from server.hearing.signing_state import TranscriptPhase
from tests.endpoints.serving import HEARING, Serving, serving
from tests.harness.waiting import until
from tests.signing.signer import Signer, body

Json = dict[str, Any]
PATH = f"/api/hearings/{HEARING}/signing"


@dataclass
class Court:
    serving: Serving
    data: Path

    def signer(self, role: str, nth: int = 0) -> Signer:
        part = [each for each in cast.CAST if each.role == role][nth]
        return Signer(Person(part.id, part.role, part.name))

    async def control(self) -> HearingControl:
        return await self.serving.app.state.hearings.get(HEARING)

    async def get(self, signer: Signer, path: str = "") -> httpx.Response:
        return await self.serving.get(signer.person.id, PATH + path)

    async def post(self, signer: Signer, path: str, given: Json | None = None) -> httpx.Response:
        headers = self.serving.bearer(signer.person.id)
        return await self.serving.client.post(PATH + path, headers=headers, json=given)

    async def shown(self, signer: Signer) -> Json:
        return (await self.get(signer)).json()

    async def bound(self, signer: Signer) -> Signer:
        """The signer, their key bound."""
        assert (await self.post(signer, "/keys", {"jwk": signer.jwk})).status_code == 201
        return signer

    async def code(self, signer: Signer) -> str:
        """A fresh code, taken from the outbox."""
        assert (await self.post(signer, "/code")).status_code == 204
        return json.loads((self.data / "outbox.jsonl").read_text("utf-8").splitlines()[-1])["code"]

    async def sign(self, signer: Signer, picture: bytes = b"", code: str = "", **changed: Any) -> httpx.Response:
        """A signature over what is shown; `changed`: fields of the statement."""
        said = signer.statement(HEARING, await self.shown(signer), picture, **changed)
        return await self.post(
            signer, "/signatures", body(signer.envelope(said), code or await self.code(signer), picture)
        )

    async def order(self, role: str, command: str, **given: str) -> None:
        answer = await self.serving.command(self.serving.person(role), command=command, **given)
        assert answer.status_code == 200, answer.text

    async def freeze(self) -> None:
        """The judge gives the transcript for signing; returns when a version lies before the signers."""
        await self.order("judge", "start_signing")
        control = await self.control()
        await until(lambda: control.state.transcript is TranscriptPhase.SIGNING, "the freeze")


@asynccontextmanager
async def heard(data: Path) -> AsyncIterator[Court]:
    """In session, the sample text written, still a draft."""
    async with serving(data) as running:
        court = Court(running, data)
        await running.open_session()
        before, since = seeded_turns()
        await running.app.state.rooms.seed(HEARING, [*before, *since], 1)
        yield court


@asynccontextmanager
async def frozen(data: Path) -> AsyncIterator[Court]:
    async with heard(data) as court:
        await court.freeze()
        yield court
