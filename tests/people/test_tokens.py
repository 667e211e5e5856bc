"""Sessions: found by token, link and cookie; gone when ended or run out; on disk before they count."""

from datetime import timedelta

import pytest

from server.people.tokens import LIFETIME, Session, Sessions, stamp
from server.storage.commit_thread import StorageUnavailable
from server.storage.people import SessionRecord
from tests.people.fakes import START, Clock, Disk

KEY = b"k" * 32


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def sessions(disk: Disk, clock: Clock) -> Sessions:
    return Sessions(KEY, disk, clock)


def cookies_of(sessions: Sessions, *logins: Session) -> dict[str, str]:
    return {each.cookie_name: sessions.cookie_value(each) for each in logins}


def upgrade(*, headers: dict[str, str] | None = None, query: str = "", subprotocols: list[str] | None = None) -> dict:
    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return {
        "type": "websocket",
        "path": "/yjs/h/transcript",
        "query_string": query.encode(),
        "headers": raw,
        "subprotocols": subprotocols or [],
    }


async def test_token_link_and_cookie_lead_to_the_session_and_do_not_use_it_up(sessions: Sessions) -> None:
    session = await sessions.start("p-1")
    assert session.expires_at == START + LIFETIME == START + timedelta(hours=24)
    for _ in range(3):
        assert sessions.of_token(sessions.token(session)) == session
        assert sessions.of_link(sessions.link_secret(session)) == session
        assert sessions.of_cookie(cookies_of(sessions, session)) == session


async def test_one_kind_of_credential_is_worth_nothing_as_another(sessions: Sessions) -> None:
    session = await sessions.start("p-1")
    assert sessions.of_token(sessions.link_secret(session)) is None
    assert sessions.of_link(sessions.token(session)) is None
    assert sessions.of_cookie({session.cookie_name: sessions.token(session)}) is None
    assert sessions.of_token(f"{session.id}.{sessions.cookie_value(session)}") is None


async def test_a_session_is_on_disk_before_it_counts(sessions: Sessions, disk: Disk) -> None:
    disk.full = True
    with pytest.raises(StorageUnavailable):
        await sessions.start("p-1")
    assert sessions.of_person("p-1") == []
    disk.full = False
    await sessions.start("p-1")
    assert len(disk.writes) == 1 and len(sessions.of_person("p-1")) == 1


async def test_a_session_runs_out(sessions: Sessions, clock: Clock) -> None:
    session = await sessions.start("p-1")
    token, cookies = sessions.token(session), cookies_of(sessions, session)
    clock.pass_(LIFETIME - timedelta(milliseconds=1))
    assert sessions.of_token(token) == session
    clock.pass_(timedelta(milliseconds=1))
    assert sessions.of_token(token) is None
    assert sessions.of_cookie(cookies) is None
    assert sessions.of_person("p-1") == []


async def test_sessions_that_ran_out_leave_memory_and_disk_at_the_next_login(
    sessions: Sessions, clock: Clock, disk: Disk
) -> None:
    await sessions.start("p-1")
    clock.pass_(LIFETIME)
    await sessions.start("p-2")
    assert len(disk.writes) == 3  # add, remove, add
    clock.now = START
    assert sessions.of_person("p-1") == []


async def test_logout_ends_the_session_everywhere_and_says_so(sessions: Sessions) -> None:
    ended: list[Session] = []
    sessions.on_end(ended.append)
    session, other = await sessions.start("p-1"), await sessions.start("p-1")
    await sessions.end(session)
    assert sessions.of_token(sessions.token(session)) is None
    assert sessions.of_link(sessions.link_secret(session)) is None
    assert sessions.of_cookie(cookies_of(sessions, session)) is None
    assert sessions.of_token(sessions.token(other)) == other
    assert ended == [session]


async def test_a_logout_that_does_not_reach_the_disk_is_no_logout(sessions: Sessions, disk: Disk) -> None:
    ended: list[Session] = []
    sessions.on_end(ended.append)
    session = await sessions.start("p-1")
    disk.full = True
    with pytest.raises(StorageUnavailable):
        await sessions.end(session)
    assert sessions.of_token(sessions.token(session)) == session
    assert ended == []


async def test_loaded_sessions_keep_their_credentials(sessions: Sessions, disk: Disk, clock: Clock) -> None:
    session = await sessions.start("p-1")
    old = SessionRecord("old", "p-1", stamp(START - LIFETIME), stamp(START))
    again = Sessions(KEY, disk, clock)
    again.load([old, SessionRecord(session.id, "p-1", stamp(session.created_at), stamp(session.expires_at))])
    assert again.of_token(sessions.token(session)) == session
    assert again.of_person("p-1") == [session]
    written = len(disk.writes)
    await again.start("p-2")
    assert len(disk.writes) == written + 2  # what had run out while no server ran goes, the new one comes


async def test_a_tab_names_its_session_and_without_a_name_the_newest_counts(sessions: Sessions, clock: Clock) -> None:
    first = await sessions.start("p-1")
    clock.pass_(timedelta(minutes=1))
    second = await sessions.start("p-2")
    third = await sessions.start("p-3")
    cookies = cookies_of(sessions, second, first)
    assert sessions.of_cookie(cookies) == second
    assert sessions.of_cookie(cookies, first.id) == first
    assert sessions.of_cookie(cookies, third.id) is None
    assert sessions.of_cookie(cookies, "") is None
    assert sessions.of_cookie({**cookies, third.cookie_name: sessions.cookie_value(first)}) == second


async def test_headers_give_the_session_by_bearer_subprotocol_or_cookie(sessions: Sessions) -> None:
    mine, other = await sessions.start("p-1"), await sessions.start("p-2")
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies_of(sessions, mine, other).items())}
    token = sessions.token(mine)
    assert sessions.of_headers(upgrade(headers={"authorization": f"Bearer {token}"})) == mine
    assert sessions.of_headers(upgrade(headers={"authorization": f"bearer {token}"})) == mine
    assert sessions.of_headers(upgrade(subprotocols=["yunting", f"bearer.{token}"])) == mine
    assert sessions.of_headers(upgrade(headers=cookie, query=f"as={mine.id}")) == mine
    assert sessions.of_headers(upgrade()) is None


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Basic dTpw", "Bearer", "Bearer "])
async def test_a_wrong_token_never_falls_back_to_a_cookie(sessions: Sessions, authorization: str) -> None:
    session = await sessions.start("p-1")
    (name, value), *_ = cookies_of(sessions, session).items()
    scope = upgrade(headers={"authorization": authorization, "cookie": f"{name}={value}"})
    assert sessions.of_headers(scope) is None
    scope = upgrade(headers={"cookie": f"{name}={value}"}, subprotocols=["yunting", "bearer.x"])
    assert sessions.of_headers(scope) is None
