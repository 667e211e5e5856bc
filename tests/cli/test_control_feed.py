"""The control channel's listener: every event once and in the end all of them, against scripted servers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from websockets.asyncio.server import ServerConnection

from clients.cli.control_feed import ControlFeed
from clients.cli.profiles import Login
from tests.cli.scripted import scripted
from tests.harness.waiting import until


def welcome(state: str = "IN_COURT", seq: int = 0) -> str:
    return json.dumps({"type": "Welcome", "you": {"person": "me", "state": state}, "seq": seq})


def event(seq: int, kind: str = "SessionRecessed", person: str = "") -> str:
    message: dict[str, Any] = {"type": "Event", "header": {"seq": seq, "kind": kind}, "leaf": ""}
    return json.dumps({**message, "payload": {"person": person}} if person else message)


@asynccontextmanager
async def listening(url: str, after: int = 0) -> AsyncIterator[tuple[ControlFeed, list[dict[str, Any]]]]:
    told: list[dict[str, Any]] = []
    feed = ControlFeed(Login(url, "t"), "h", after=after, told=told.append, status=lambda _: None)
    task = asyncio.create_task(feed.run())
    try:
        yield feed, told
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def numbers(told: list[dict[str, Any]]) -> list[int]:
    return [one["header"]["seq"] for one in told if one["type"] == "Event"]


async def test_asks_for_what_it_has_not_and_tells_nothing_twice() -> None:
    asked: list[int] = []

    async def script(ws: ServerConnection, number: int) -> None:
        asked.append(json.loads(await ws.recv())["after"])
        await ws.send(welcome())
        for seq in {1: (3, 4), 2: (4, 5)}[number]:
            await ws.send(event(seq))
        if number == 1:
            await ws.close(1012)
        await ws.wait_closed()

    async with scripted(script) as url, listening(url, after=2) as (_, told):
        await until(lambda: 5 in numbers(told), "the last event")
        assert numbers(told) == [3, 4, 5]
    assert asked == [2, 4]


async def test_a_gap_is_asked_for_again_and_filled() -> None:
    asked: list[int] = []

    async def script(ws: ServerConnection, number: int) -> None:
        asked.append(json.loads(await ws.recv())["after"])
        await ws.send(welcome())
        for seq in {1: (1, 3), 2: (2, 3, 4)}[number]:
            await ws.send(event(seq))
        if number == 1:
            await ws.close(1012)
        await ws.wait_closed()

    async with scripted(script) as url, listening(url) as (_, told):
        await until(lambda: 4 in numbers(told), "the last event")
        assert numbers(told) == [1, 3, 2, 4]
    assert asked == [0, 1]


async def test_answers_pings() -> None:
    answered = asyncio.Event()

    async def script(ws: ServerConnection, number: int) -> None:
        await ws.recv()
        await ws.send('{"type":"Ping"}')
        assert json.loads(await ws.recv()) == {"type": "Pong"}
        answered.set()
        await ws.wait_closed()

    async with scripted(script) as url, listening(url):
        await asyncio.wait_for(answered.wait(), 30)


async def test_knows_its_own_isolation_and_release_and_not_those_of_others() -> None:
    go_on = asyncio.Event()

    async def script(ws: ServerConnection, number: int) -> None:
        await ws.recv()
        await ws.send(welcome())
        await ws.send(event(1, "Isolated", "somebody else"))
        await go_on.wait()
        go_on.clear()
        await ws.send(event(2, "Isolated", "me"))
        await go_on.wait()
        await ws.send(event(4, "Released", "me"))
        await ws.send(event(3))
        await ws.wait_closed()

    async with scripted(script) as url, listening(url) as (feed, told):
        await until(lambda: numbers(told) == [1], "the isolation of somebody else")
        assert feed.free.is_set()
        go_on.set()
        await until(lambda: not feed.free.is_set(), "the own isolation")
        go_on.set()
        await until(lambda: feed.free.is_set() and 3 in numbers(told), "the release")
        assert numbers(told) == [1, 2, 4, 3]


async def test_isolated_from_the_start_without_a_welcome() -> None:
    async def script(ws: ServerConnection, number: int) -> None:
        await ws.recv()
        await ws.send(event(1, "Isolated", "me"))
        await ws.wait_closed()

    async with scripted(script) as url, listening(url) as (feed, _):
        await until(lambda: not feed.free.is_set(), "the isolation")


async def test_a_welcome_that_says_isolated_counts() -> None:
    async def script(ws: ServerConnection, number: int) -> None:
        await ws.recv()
        await ws.send(welcome("ISOLATED"))
        await ws.wait_closed()

    async with scripted(script) as url, listening(url) as (feed, _):
        await until(lambda: not feed.free.is_set(), "the isolation")


async def test_an_isolation_of_long_ago_that_is_told_again_is_history() -> None:
    states: list[bool] = []

    async def script(ws: ServerConnection, number: int) -> None:
        await ws.recv()
        await ws.send(welcome("IN_COURT", seq=2))
        await ws.send(event(1, "Isolated", "me"))
        await ws.send(event(2, "Released", "me"))
        await ws.wait_closed()

    async with scripted(script) as url, listening(url) as (feed, told):
        feed._told = lambda message: (told.append(message), states.append(feed.free.is_set()))[0]
        await until(lambda: numbers(told) == [1, 2], "the history")
    assert states == [True, True, True]
