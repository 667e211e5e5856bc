"""The application on a real SQLite file, asked through HTTP without a socket: people, two hearings, logins."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from server.app import App
from server.demo import cast
from server.hearing import commands
from server.people.tokens import Session
from server.settings import Settings
from server.storage.engine import migrate, open_engine
from server.storage.hearings import add_hearing
from server.storage.people import PersonRecord, add_people

STRANGER = PersonRecord("p-stranger", "路人")
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
EVERYBODY = frozenset(part.id for part in cast.CAST)
HEARING = cast.IN_SESSION
OTHER = cast.SCHEDULED


@dataclass
class Serving:
    app: App
    client: httpx.AsyncClient
    logins: Mapping[str, Session]

    def person(self, role: str, nth: int = 0) -> str:
        return [part.id for part in cast.CAST if part.role == role][nth]

    def bearer(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.app.state.sessions.token(self.logins[person])}"}

    def cookie(self, *people: str) -> dict[str, str]:
        sessions = self.app.state.sessions
        pairs = (f"{self.logins[each].cookie_name}={sessions.cookie_value(self.logins[each])}" for each in people)
        return {"Cookie": "; ".join(pairs)}

    async def get(self, person: str, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.bearer(person), params=query)

    async def command(self, actor: str, /, **body: Any) -> httpx.Response:
        return await self.client.post(f"/api/hearings/{HEARING}/commands", headers=self.bearer(actor), json=body)

    async def open_session(self) -> None:
        """As if everybody were connected."""
        control = await self.app.state.hearings.get(HEARING)
        await control.execute(self.person("judge"), commands.OpenSession(), connected=EVERYBODY)


@asynccontextmanager
async def serving(data: Path, client_address: str = "127.0.0.1", **settings: Any) -> AsyncIterator[Serving]:
    wanted = Settings(data=data, **settings)
    engine = open_engine(wanted.database_url)
    migrate(engine)
    app = App(wanted, engine)
    await app.start()
    try:
        logins = await _people(app)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(client_address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield Serving(app, client, logins)
    finally:
        await app.close()


async def _people(app: App) -> dict[str, Session]:
    commits = app.state.commit_thread
    known = [STRANGER, *(PersonRecord(part.id, part.name) for part in cast.CAST)]
    await commits.commit(add_people(known))
    for hearing in (cast.in_session(NOW), cast.scheduled(NOW)):
        await commits.commit(add_hearing(hearing, cast.EXHIBITS))
    return {each.id: await app.state.sessions.start(each.id) for each in known}
