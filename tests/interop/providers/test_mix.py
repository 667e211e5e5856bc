"""@hocuspocus/provider, y-websocket and pycrdt.Provider, unmodified, mixed on one document."""

import asyncio

import pytest

from tests.harness.fixtures import MakeServer
from tests.harness.node import NodeClient
from tests.harness.pycrdt_client import PycrdtClient
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_turn, all_words, random_word
from tests.interop.providers.mixed import JAVASCRIPT, Mixed

ASLEEP = 35  # seconds: both JavaScript providers drop a socket that is silent for 30


async def test_three_providers_agree_on_one_document(shared_server: ServerProcess, node: NodeClient) -> None:
    async with Mixed(shared_server, node, shared_server.demo.hearing) as mixed:
        for _ in range(5):
            await mixed.everywhere(await mixed.write_everywhere())
        await mixed.equal()
        await mixed.all_saved()
        for kind in JAVASCRIPT:
            assert (await mixed.status(kind))["connections"] == 1


async def test_words_written_offline_merge_on_return(shared_server: ServerProcess, node: NodeClient) -> None:
    async with Mixed(shared_server, node, shared_server.demo.hearing) as mixed:
        for kind in JAVASCRIPT:
            await node.call("offline", name=kind)
            await node.call("wait", name=kind, what="offline")
        words = [random_word() for _ in range(4)]
        for kind, word in zip(JAVASCRIPT, words, strict=False):
            await node.call("add_turn", name=kind, turn=random_word("t"), text=word)
        add_turn(mixed.pycrdt.doc, words[2])
        for kind in JAVASCRIPT:
            await node.call("online", name=kind)
        add_turn(mixed.pycrdt.doc, words[3])
        await mixed.everywhere(words)
        await mixed.equal()
        await mixed.all_saved()


async def test_pycrdt_provider_comes_back_with_what_it_wrote_alone(
    shared_server: ServerProcess, node: NodeClient
) -> None:
    async with Mixed(shared_server, node, shared_server.demo.hearing) as mixed:
        doc = mixed.pycrdt.doc
        await mixed.leave_pycrdt()
        word = random_word()
        add_turn(doc, word)
        await mixed.connect_pycrdt(doc)
        await mixed.everywhere([word])
        await mixed.equal()


@pytest.mark.parametrize("how", ["kill", "terminate"])
async def test_all_come_back_after_a_server_restart_with_words_on_their_way(
    make_server: MakeServer, node: NodeClient, how: str
) -> None:
    server = make_server().start()
    async with Mixed(server, node, server.demo.hearing) as mixed:
        words = await mixed.write_everywhere()
        doc = mixed.pycrdt.doc
        await asyncio.to_thread(server.kill if how == "kill" else server.terminate)
        for kind in JAVASCRIPT:
            await node.call("wait", name=kind, what="offline")
            words.append(random_word())
            await node.call("add_turn", name=kind, turn=random_word("t"), text=words[-1])
        await asyncio.to_thread(server.start)
        await mixed.lose_pycrdt()
        await mixed.connect_pycrdt(doc)
        await mixed.everywhere(words)
        await mixed.equal()
        await mixed.all_saved()


async def test_thirty_five_seconds_of_sleep_of_silence_and_of_refusal(
    shared_server: ServerProcess, node: NodeClient, another_node: NodeClient
) -> None:
    """One process sleeps, one is awake and silent, one client was refused: all in the same 35 seconds."""
    hearing = shared_server.demo.hearing
    async with Mixed(shared_server, node, hearing) as asleep, Mixed(shared_server, another_node, hearing) as silent:
        words = await asleep.write_everywhere()
        await silent.everywhere(words)
        await be_refused(another_node, shared_server)
        before = {kind: await silent.status(kind) for kind in JAVASCRIPT}
        node.suspend()
        try:
            await asyncio.sleep(ASLEEP)  # the time itself is what is tested
        finally:
            node.wake()
        await kept_by_the_servers_frames(silent, before)
        await not_come_back(another_node)
        words.append(random_word())
        add_turn(asleep.pycrdt.doc, words[-1])
        await asleep.everywhere(words)
        await asleep.equal()
        await asleep.all_saved()
        await silent.everywhere(words)


async def be_refused(node: NodeClient, server: ServerProcess) -> None:
    """Two clients with a bad token: neither may come back for ever."""
    place = {"url": server.url, "document": server.demo.hearing.transcript, "token": "nonsense"}
    for kind in JAVASCRIPT:
        await node.call("make", name=f"refused {kind}", kind=kind, **place)
    await node.call("wait", name="refused hocuspocus", what="denied")
    assert (await node.call("wait", name="refused y-websocket", what="closed"))["closes"][0][0] == 4401


async def not_come_back(node: NodeClient) -> None:
    """y-websocket stays away; the Hocuspocus provider opens a socket again after each 10 s without authentication."""
    assert (await node.call("status", name="refused y-websocket"))["connections"] == 1
    assert (await node.call("status", name="refused hocuspocus"))["connections"] <= ASLEEP // 10 + 2


async def kept_by_the_servers_frames(silent: Mixed, before: dict[str, dict[str, int]]) -> None:
    for kind, earlier in before.items():
        status = await silent.status(kind)
        assert status["connections"] == earlier["connections"] == 1
        assert status["frames"] >= earlier["frames"] + 2, "a data frame at least every 15 s"


async def test_a_refusal_ends_y_websocket_for_good(shared_server: ServerProcess, node: NodeClient) -> None:
    hearing = shared_server.demo.hearing
    place = {"url": shared_server.url, "document": hearing.transcript}
    await node.call("make", name="reader", kind="y-websocket", token=hearing.judge.token, **place)
    await node.call("wait", name="reader", what="synced")
    await node.call("add_turn", name="reader", turn="forbidden", text="x")
    status = await node.call("wait", name="reader", what="closed")
    assert status["closes"] == [[4403, "forbidden"]]
    await asyncio.sleep(4)  # longer than its longest backoff: nothing must come
    assert (await node.call("status", name="reader"))["connections"] == 1


async def test_a_refusal_reaches_the_hocuspocus_provider_in_band_and_its_edit_stays_unsynced(
    shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    place = {"url": shared_server.url, "document": hearing.transcript}
    await node.call("make", name="clerk", kind="hocuspocus", token=hearing.clerk.token, **place)
    await node.call("wait", name="clerk", what="saved")
    await node.call("add_turn", name="clerk", turn="c7", text="an id kept for the court")
    status = await node.call("wait", name="clerk", what="closed")
    assert (status["denied"], status["closes"]) == (["forbidden"], [[1000, "forbidden"]])
    assert status["unsynced"] == 1 and status["connections"] == 1
    await asyncio.sleep(3)  # about three of its reconnect delays: nothing must come
    assert (await node.call("status", name="clerk"))["connections"] == 1


async def test_a_reader_whose_write_is_refused_on_collab_goes_on_reading(
    shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    place = {"url": shared_server.url, "document": hearing.transcript}
    await node.call("make", name="party", kind="hocuspocus", token=hearing.person("plaintiff").token, **place)
    await node.call("wait", name="party", what="saved")
    await node.call("add_turn", name="party", turn="mine", text="x")
    async with Mixed(shared_server, node, hearing) as mixed:
        word = random_word()
        add_turn(mixed.pycrdt.doc, word)
        await node.call("wait_words", name="party", text=word)
    status = await node.call("status", name="party")
    assert (status["denied"], status["closes"], status["scope"], status["unsynced"]) == ([], [], "readonly", 1)


async def test_pycrdt_awareness_of_others_is_heard_and_own_user_shown(
    shared_server: ServerProcess, node: NodeClient
) -> None:
    hearing = shared_server.demo.hearing
    async with Mixed(shared_server, node, hearing):
        user = {"id": hearing.clerk.id, "name": hearing.clerk.name}
        await node.call("show", name="hocuspocus", user=user)

        async def seen() -> bool:
            states = await node.call("seen", name="y-websocket")
            return any((state or {}).get("user") == user for _, state in states)

        for _ in range(600):
            if await seen():
                break
            await asyncio.sleep(0.05)
        assert await seen()


async def test_words_of_all_reach_a_fresh_reader(shared_server: ServerProcess, node: NodeClient) -> None:
    async with Mixed(shared_server, node, shared_server.demo.hearing) as mixed:
        words = await mixed.write_everywhere()
        await mixed.everywhere(words)
        async with mixed.provider() as fresh:
            await until(lambda: all(word in all_words(fresh.doc) for word in words), "a fresh copy")


async def test_pycrdt_provider_may_send_back_a_whole_document_of_many_clients(shared_server: ServerProcess) -> None:
    """It does so whenever it joins: all of it is known, however many clients wrote it."""
    hearing = shared_server.demo.hearing
    for _ in range(24):
        writer = await YjsSpeaker.connect(shared_server.url, hearing.transcript, hearing.clerk.token)
        await writer.in_step()
        add_turn(writer.doc, random_word())
        await writer.saved()
        await writer.leave()
    async with PycrdtClient(shared_server.url, hearing.transcript, hearing.clerk.token) as client:
        await until(client.provider.synced.is_set, "SyncStep2")
        word = random_word()
        add_turn(client.doc, word)
        async with PycrdtClient(shared_server.url, hearing.transcript, hearing.judge.token) as reader:
            await until(lambda: word in all_words(reader.doc), "the word")
