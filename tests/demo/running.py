"""An application on a data directory, with the demo made in it or cut short."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import State

from server.app import App
from server.settings import Settings
from server.storage.engine import migrate, open_engine

URL = "http://127.0.0.1:8123"


@asynccontextmanager
async def application(data: Path) -> AsyncIterator[App]:
    settings = Settings(data=data, demo=True)
    engine = open_engine(settings.database_url)
    migrate(engine)
    app = App(settings, engine)
    await app.start()
    try:
        yield app
    finally:
        await app.close()


class Cut(Exception):
    """The end of the process, as far as the demo can tell."""


class Countdown:
    """Lets so many awaited calls through; the next one is cut off, before or after it has done its work."""

    def __init__(self, calls: int, *, after: bool) -> None:
        self.left, self.after = calls, after

    async def call(self, method: Any, *arguments: Any, **named: Any) -> Any:
        self.left -= 1
        if self.left < 0 and not self.after:
            raise Cut
        outcome = await method(*arguments, **named)
        if self.left < 0:
            raise Cut
        return outcome


class Counted:
    """Stands before a part of the application: `counted` methods run under the countdown, all else as it is."""

    def __init__(self, part: Any, countdown: Countdown, *counted: str) -> None:
        self._part, self._countdown, self._counted = part, countdown, counted

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._part, name)
        if name not in self._counted:
            return attribute
        return lambda *arguments, **named: self._countdown.call(attribute, *arguments, **named)


@dataclass
class CutShort:
    """The application as the demo sees it, with every step that writes counted."""

    state: State

    @staticmethod
    def before(app: App, countdown: Countdown) -> "CutShort":
        state = app.state
        parts = {
            "settings": state.settings,
            "commit_thread": Counted(state.commit_thread, countdown, "commit"),
            "sessions": Counted(state.sessions, countdown, "start"),
            "hearings": Counted(state.hearings, countdown, "get"),
            "exhibits": Counted(state.exhibits, countdown, "seed"),
            "rooms": Counted(state.rooms, countdown, "seed"),
        }
        return CutShort(State(parts))
