"""What the pen calls saved, against a scripted server that loses, drops or refuses what it was sent."""

from typing import Any

import pytest
from pycrdt import Doc
from websockets.asyncio.server import ServerConnection

from clients.cli.append import Pen
from clients.cli.outcomes import Exit, Failure
from clients.cli.profiles import Login
from crdt_docs.transcript import Turn, turns
from crdt_docs.wire import y_protocol as wire
from tests.cli.scripted import scripted


def turn(text: str) -> Turn:
    return Turn(id=text, kind="note", speaker="", role="", at="2026-01-01T09:00:00+08:00", origin="", text=text)


class Keeper:
    """The y-websocket server of one document, in memory. `keeps` decides whether an edit is taken."""

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.keeps = True
        self.edits = 0
        self.vanish_after_edits = 0
        self.close_on_edit: tuple[int, str] | None = None

    async def __call__(self, ws: ServerConnection, number: int) -> None:
        await ws.send(wire.step1(self.doc.get_state()))
        async for frame in ws:
            assert isinstance(frame, bytes)
            kind, content = wire.read_sync(frame, 1)
            if kind == wire.Sync.STEP1:
                await ws.send(wire.step2(self.doc.get_update(content)))
            elif content != b"\x00\x00":
                await self._edit(ws, content)

    async def _edit(self, ws: ServerConnection, content: bytes) -> None:
        self.edits += 1
        if self.close_on_edit is not None:
            await ws.close(*self.close_on_edit)
        elif self.edits <= self.vanish_after_edits:
            ws.transport.abort()  # before it is kept: the edit is lost with the connection
        elif self.keeps:
            self.doc.apply_update(content)

    def texts(self) -> list[str]:
        return [one.text for one in turns(self.doc)]


async def test_saved_means_that_the_server_has_it() -> None:
    keeper = Keeper()
    async with scripted(keeper) as url, Pen(Login(url, "t"), "h", patience=30).open() as pen:
        await pen.save([turn("a"), turn("b")])
        assert keeper.texts() == ["a", "b"]
        await pen.save([turn("c")])
        assert keeper.texts() == ["a", "b", "c"]
    assert keeper.edits == 2


async def test_an_edit_lost_with_the_connection_is_sent_again_and_stands_once() -> None:
    keeper = Keeper()
    keeper.vanish_after_edits = 2
    async with scripted(keeper) as url, Pen(Login(url, "t"), "h", patience=30).open() as pen:
        await pen.save([turn("a")])
        assert keeper.texts() == ["a"]
    assert keeper.edits == 3


async def test_an_edit_that_is_dropped_in_silence_is_not_saved() -> None:
    keeper = Keeper()
    keeper.keeps = False
    async with scripted(keeper) as url, Pen(Login(url, "t"), "h", patience=30).open() as pen:
        with pytest.raises(Failure) as failure:
            await pen.save([turn("a"), turn("b")])
    assert (failure.value.status, failure.value.code) == (Exit.NOT_SAVED, "not_saved")
    assert "2" in failure.value.words.en


@pytest.mark.parametrize(("code", "reason"), [(4403, "forbidden"), (4409, "stale"), (4400, "malformed")])
async def test_an_edit_that_is_refused_says_so(code: int, reason: str) -> None:
    keeper = Keeper()
    keeper.close_on_edit = (code, reason)
    async with scripted(keeper) as url, Pen(Login(url, "t"), "h", patience=30).open() as pen:
        with pytest.raises(Failure) as failure:
            await pen.save([turn("a")])
    assert (failure.value.status, failure.value.code) == (Exit.REFUSED, reason)


async def test_writing_goes_to_the_end_of_what_others_wrote() -> None:
    keeper = Keeper()
    async with scripted(keeper) as url:
        async with Pen(Login(url, "t"), "h", patience=30).open() as pen:
            await pen.save([turn("a")])
        async with Pen(Login(url, "t"), "h", patience=30).open() as pen:
            await pen.save([turn("b")])
    assert keeper.texts() == ["a", "b"]
