"""The demo: two hearings with fixed people on an empty data directory, and the file and links that let one into them.

Everything goes the way a court's own would: rows by storage, the opening by the hearing's control, the text through the
room. Each step finds out what is there and adds what is missing, so a start cut short is finished by the next one.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Protocol, TextIO

from starlette.datastructures import State

from crdt_docs.transcript import Turn, parse_sample
from server.control import HearingControl
from server.demo import cast, evidence, record
from server.hearing.commands import OpenSession
from server.hearing.reasons import Refusal
from server.hearing.state import Phase
from server.people.tokens import Session, Sessions, stamp, utc_now
from server.settings import BadSetting, Settings
from server.storage.hearings import add_hearing, hearing_records, move_start
from server.storage.people import PersonRecord, add_people

SAMPLE = Path(__file__).with_name("transcript.txt")
PREPARED = "【二、"  # the clerk's preparation ends before this heading; then the session is opened
CLOSING = "【七、"  # the rest of the sample tells of closing and signing, which have not happened yet
ENOUGH = timedelta(hours=1)  # a login with less time left is replaced


class App(Protocol):
    """What the demo needs of the application: `state` with settings, commit_thread, sessions, hearings, rooms,
    exhibits."""

    @property
    def state(self) -> State: ...


def refuse_public_host(settings: Settings) -> None:
    """The demo's links let anybody in who sees them: it is served to this machine only. Raises BadSetting."""
    if not _is_loopback(settings.host):
        raise BadSetting(
            f"--demo: serves this machine only, not {settings.host}; set YUNTING_HOST=127.0.0.1. "
            "演示模式只能在本机（回环地址）上运行。"
        )


def _is_loopback(host: str) -> bool:
    """Whether a host is this machine alone; names other than localhost are not looked up and count as public."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


async def prepare(app: App, url: str) -> dict[str, Any]:
    """Makes what is missing of the demo, writes `demo.json` for `url` and returns its content."""
    refuse_public_host(app.state.settings)
    await _schedule(app)
    await evidence.hand_in(app.state.exhibits)  # intake goes on while the rest is made
    logins = await _log_in(app.state.sessions)
    await _open_session(app)
    content = record.entries(url, app.state.sessions, logins, await evidence.settled(app.state.exhibits))
    record.write(app.state.settings.data, content)
    return content


async def _schedule(app: App) -> None:
    """People, both hearings and their exhibits in one transaction; the hearing to come is always today's."""
    now = utc_now()
    hearings = (cast.in_session(now), cast.scheduled(now))
    known = {each.id for each in await app.state.commit_thread.read(hearing_records)}
    if known and not known & {each.id for each in hearings}:
        raise BadSetting(
            "--demo: this data directory holds hearings of a court. 该数据目录已有真实庭审，不能生成演示数据。"
        )
    steps = [
        add_people(PersonRecord(part.id, part.name) for part in cast.CAST),
        *(add_hearing(each, cast.EXHIBITS) for each in hearings),
        move_start(cast.SCHEDULED, stamp(cast.scheduled_start(now))),
    ]
    await app.state.commit_thread.commit(lambda connection: [step(connection) for step in steps] and None)


async def _log_in(sessions: Sessions) -> dict[str, Session]:
    """A login for each person: the one of earlier starts while it has an hour left, else a new one."""
    logins: dict[str, Session] = {}
    for part in cast.CAST:
        lasting = (each for each in sessions.of_person(part.id) if each.expires_at - utc_now() >= ENOUGH)
        logins[part.id] = next(lasting, None) or await sessions.start(part.id)
    return logins


async def _open_session(app: App) -> None:
    """The clerk's preparation, then 开庭 by the judge, then what has been said since."""
    before, since = seeded_turns()
    control: HearingControl = await app.state.hearings.get(cast.IN_SESSION)
    await app.state.rooms.seed(cast.IN_SESSION, before, 1)
    if control.state.phase is Phase.SCHEDULED:
        everybody = frozenset(part.id for part in cast.CAST)
        judge = next(part.id for part in cast.CAST if part.role == "judge")
        outcome = await control.execute(judge, OpenSession(), connected=everybody)
        if isinstance(outcome, Refusal):
            raise RuntimeError(f"the demo's session was not opened: {outcome.code}")
    await app.state.rooms.seed(cast.IN_SESSION, since, 2)


def seeded_turns() -> tuple[list[Turn], list[Turn]]:
    """The sample text as turns of the cast: what stands there before 开庭, and what follows until now."""
    at = stamp(utc_now())
    turns = [_cast(turn, number, at) for number, turn in enumerate(parse_sample(SAMPLE.read_text("utf-8")), 1)]
    opening, closing = _place(turns, PREPARED), _place(turns, CLOSING)
    return turns[:opening], turns[opening:closing]


def _cast(turn: Turn, number: int, at: str) -> Turn:
    return replace(turn, id=f"s{number}", speaker=cast.speaker_of(turn.role), at=at, origin="")


def _place(turns: list[Turn], heading: str) -> int:
    return next(place for place, turn in enumerate(turns) if turn.text.startswith(heading))


def print_links(content: Mapping[str, Any], out: TextIO = sys.stdout) -> None:
    """One login link a person, for people at the terminal."""
    print("演示庭审已就绪，每人一个登录链接 / the demo is ready, one login link each:", file=out)
    for part, person in zip(cast.CAST, content["people"], strict=True):
        print(f"  {_padded(part.title, 26)}{_padded(part.name, 8)}{person['link']}", file=out)
    out.flush()


def _padded(text: str, width: int) -> str:
    """Filled up to a width in terminal cells, where a Chinese character takes two."""
    cells = sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(1, width - cells)
