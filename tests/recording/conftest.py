"""A hearing in session on a real SQLite file, with the folder that a media process would write into."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from server.control import HearingControl
from server.hearing.state import Role
from server.recording.recordings import Recordings
from tests.endpoints.serving import HEARING, Serving, serving
from tests.recording.written import Written

Json = dict[str, Any]
PATH = f"/api/hearings/{HEARING}/recording"


@dataclass
class Court:
    """`written`: what the media process would do, at the court's clock."""

    serving: Serving
    data: Path
    control: HearingControl
    written: Written = field(init=False)

    @property
    def recordings(self) -> Recordings:
        return self.serving.app.state.recordings

    @property
    def staff(self) -> frozenset[str]:
        roles = {Role.JUDGE, Role.CLERK, Role.JUDGE_ASSISTANT, Role.ASSESSOR, Role.PRESIDING_JUDGE}
        return frozenset(each.person for each in self.control.state.participants.values() if each.role in roles)

    def record(self) -> Written:
        """Two people send from now on."""
        people = (self.serving.person("judge"), self.serving.person("plaintiff"))
        now_ms = self.recordings.now_ms()
        self.written = Written(self.recordings.files.folder(HEARING), people=people, now_ms=now_ms)
        self.tell("connected", leg="publish", peer="1", person=people[0])
        return self.written

    def tell(self, notice: str, **told: Any) -> None:
        self.recordings.on_notice({"notice": notice, "room": HEARING, **told})

    async def sealed(self) -> None:
        """Every round that was sealed so far is told of and entered."""
        for each in self.written.sealed:
            self.tell("sealed", **each.as_json())
        await self.recordings.settled()

    def facts(self, kind: str) -> list[Any]:
        return [entry.event.fact for entry in self.control.entries if entry.event.kind == kind]

    async def get(self, path: str = "", person: str = "", **headers: str) -> httpx.Response:
        bearer = self.serving.bearer(person or self.serving.person("clerk"))
        return await self.serving.client.get(PATH + path, headers={**bearer, **headers})

    async def post(self, path: str, body: Json, person: str = "") -> httpx.Response:
        bearer = self.serving.bearer(person or self.serving.person("clerk"))
        return await self.serving.client.post(PATH + path, headers=bearer, json=body)

    async def order(self, role: str, command: str, **given: str) -> None:
        answer = await self.serving.command(self.serving.person(role), command=command, **given)
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def court(tmp_path: Path) -> AsyncIterator[Court]:
    async with serving(tmp_path) as running:
        await running.open_session()
        yield Court(running, tmp_path, await running.app.state.hearings.get(HEARING))
