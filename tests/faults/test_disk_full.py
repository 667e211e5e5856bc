"""A full disk, for real: refused visibly, reading goes on, recovery by itself, nothing acknowledged is lost."""

import asyncio
import time

from tests.faults.typists import Account, Typist, fresh_copy
from tests.harness.demo import DemoHearing
from tests.harness.figures import keep
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.small_disk import SmallDisk
from tests.harness.speakers import CollabSpeaker
from tests.harness.waiting import until

RECOVERY_LIMIT = 60.0  # generous; the figure is reported


def health(server: ServerProcess) -> int:
    with server.http() as client:
        return client.get("/healthz").status_code


async def healthy(server: ServerProcess) -> bool:
    return await asyncio.to_thread(health, server) == 200


async def typist_for(server: ServerProcess, name: str, wire: str, account: Account) -> Typist:
    hearing = server.demo.hearing
    clerk = hearing.person("clerk", 0 if name == "a" else 1)
    typist = Typist(name, wire, server.url, hearing.transcript, clerk.token, account)
    await typist.join()
    return typist


def is_refused(typist: Typist) -> bool:
    """SyncStatus false on /collab, 1013 on /yjs."""
    speaker = typist.speaker
    if isinstance(speaker, CollabSpeaker):
        return False in speaker.acks
    return speaker.closed is not None and speaker.closed.code == 1013


async def write_until_refused(typist: Typist) -> None:
    """Freed pages of the WAL may take a few more words first: those are acknowledged and owed."""
    end = time.monotonic() + 60
    while not is_refused(typist) and time.monotonic() < end:
        typist.write()
        await until(lambda: answered(typist) or is_refused(typist), "an answer, good or bad")
        typist.settle()
    assert is_refused(typist), f"never refused; {typist.speaker.closed}"


def answered(typist: Typist) -> bool:
    speaker = typist.speaker
    if isinstance(speaker, CollabSpeaker):
        return speaker.all_acked
    return speaker.closed is not None


async def recovery(server: ServerProcess, typist: Typist) -> float:
    """Seconds from the freed disk to a word acknowledged again on a new connection."""
    start = time.monotonic()
    while time.monotonic() - start < RECOVERY_LIMIT:
        if await healthy(server):
            await typist.join()
            typist.write()
            await typist.speaker.saved()
            return time.monotonic() - start
        await asyncio.sleep(0.05)
    raise AssertionError("no recovery within the limit")


async def full_disk_story(server: ServerProcess, disk: SmallDisk, hearing: DemoHearing) -> tuple[float, Account]:
    account = Account()
    collab = await typist_for(server, "a", "collab", account)
    yjs = await typist_for(server, "b", "yjs", account)
    collab.write()
    await collab.speaker.saved()
    collab.settle()
    disk.fill()
    await write_until_refused(collab)
    await until(lambda: health(server) == 503, "/healthz to say 503")
    yjs.write()
    await until(lambda: is_refused(yjs), "1013 on /yjs")
    for wire in ("yjs", "collab"):
        assert account.lost_from(await fresh_copy(wire, server.url, hearing.transcript, hearing.judge.token)) == set()
    disk.free()
    seconds = await recovery(server, yjs)
    await yjs.ask()
    return seconds, account


async def test_a_full_disk_is_refused_visibly_and_recovers_by_itself_without_a_loss(
    make_server: MakeServer, small_disk: SmallDisk
) -> None:
    server = make_server(small_disk.path / "data").start()
    hearing = server.demo.hearing
    seconds, account = await full_disk_story(server, small_disk, hearing)
    server.restart()
    lost = account.lost_from(await fresh_copy("yjs", server.url, hearing.transcript, hearing.judge.token))
    keep("disk_full", {"recovery_s": round(seconds, 2), "acked": len(account.acked), "lost": len(lost)})
    assert lost == set()
    server.stop()
