"""Nothing that was acknowledged or seen by another is lost by SIGKILL or SIGTERM."""

import asyncio

from tests.faults.kill_loop import KillLoop
from tests.faults.typists import Account, Typist, fresh_copy, watch
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until

KILLS = 8


async def test_eight_kills_under_load_lose_no_acked_and_no_seen_word(make_server: MakeServer) -> None:
    report = await KillLoop(make_server().start(), seed=8).run(KILLS)
    assert report.kills == KILLS
    assert report.lost == set()
    assert len(report.account.acked) > KILLS and len(report.account.seen) > KILLS
    assert report.in_flight > 0, "no kill hit a word on its way: the loop proves nothing"


async def test_copies_agree_after_kills_when_everybody_is_back(make_server: MakeServer) -> None:
    loop = KillLoop(make_server().start(), seed=3)
    await loop.run(2)
    for typist in loop.typists:
        await typist.join()
    account = loop.report.account
    words = await fresh_copy("collab", loop.server.url, loop.document, loop.reader)
    assert words >= account.written, "what a clerk still held was merged when the clerk came back"


async def crowd(server: ServerProcess, account: Account) -> tuple[list[Typist], list[asyncio.Task[None]]]:
    hearing = server.demo.hearing
    tokens = [clerk.token for clerk in hearing.all_of("clerk")]
    typists = [
        Typist(name, wire, server.url, hearing.transcript, token, account)
        for name, wire, token in zip("ab", ("collab", "yjs"), tokens, strict=True)
    ]
    for typist in typists:
        await typist.join()
    return typists, [asyncio.create_task(typist.type_on(pause=0.002)) for typist in typists]


async def test_sigterm_ends_with_status_0_sockets_closed_1012_and_nothing_lost(make_server: MakeServer) -> None:
    server, account = make_server().start(), Account()
    hearing = server.demo.hearing
    typists, typing = await crowd(server, account)
    reader = await watch("yjs", server.url, hearing.transcript, hearing.judge.token, account)
    await until(lambda: len(account.acked) > 50 and len(account.seen) > 50, "words acknowledged")
    status = await asyncio.to_thread(server.terminate)
    await asyncio.gather(*typing)
    assert status == 0
    for speaker in (reader, *(typist.speaker for typist in typists)):
        assert (await speaker.raw.ended()).code == 1012
    server.start()
    for wire in ("yjs", "collab"):
        assert account.lost_from(await fresh_copy(wire, server.url, hearing.transcript, hearing.judge.token)) == set()
