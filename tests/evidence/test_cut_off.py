"""What is cut off: a download by an isolation, an intake by a kill of the server, an upload by a full disk."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from tests.evidence.corpus import FOLDER, LIMIT, Desk
from tests.evidence.making import blank, written
from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import drop_all
from tests.harness.server import ServerProcess
from tests.harness.slow_reader import rest, slow_reader
from tests.harness.small_disk import SmallDisk
from tests.harness.waiting import until_blocking

LARGE = 40_000_000
PLAIN = (FOLDER / "plain-cjk.pdf").read_bytes()


def large_document() -> bytes:
    """One page with a stream that cannot be made smaller."""
    pdf = blank()
    pdf.Root.Noise = pdf.make_stream(os.urandom(LARGE))
    return written(pdf, compress_streams=False)


def begun(desk: Desk, place: str) -> socket.socket:
    return slow_reader(desk.server.url, desk.path + place, desk.person.token)


@pytest.mark.parametrize("file", ["served", "original"])
async def test_an_isolation_drops_the_downloads_of_the_isolated_and_of_nobody_else(
    make_server: MakeServer, file: str
) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = server.demo.hearing
    clerk = Desk(server, hearing, hearing.clerk)
    defendant = Desk(server, hearing, hearing.person("defendant"))
    exhibit = clerk.taken_in(large_document())
    assert exhibit["state"] == "ready"
    with (
        begun(defendant, f"/{exhibit['id']}/{file}") as cut,
        begun(clerk, f"/{exhibit['id']}/{file}") as kept,
    ):
        judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
        answer = await judge.command("isolate", person=defendant.person.id)
        assert answer["type"] == "Ack"
        assert rest(cut) < LARGE / 2  # what the system held already, and no more
        size = 0
        while size < LARGE:
            size += len(kept.recv(1024 * 1024))
    for place in ("", f"/{exhibit['id']}", f"/{exhibit['id']}/{file}", f"/{exhibit['id']}/pages/0/glyphs"):
        refused = defendant.ask("GET", place)
        assert (refused.status_code, refused.json()["code"]) == (403, "isolated")
    assert defendant.ask("POST", content=b"x").json()["code"] == "isolated"
    await judge.command("release", person=defendant.person.id)
    assert defendant.ask("GET", f"/{exhibit['id']}/{file}").status_code == 200
    assert not any("Traceback" in line for line in server.log)
    await drop_all()


def intake_children(server: ServerProcess) -> list[int]:
    """Processes that look at a file of this server's."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"server.evidence.examination" in words and str(server.pid).encode() in words:
            found.append(int(entry.name))
    return found


def long_document() -> bytes:
    """Takes intake long enough to be cut off."""
    from server.demo.evidence import FOLDER as papers
    from tests.evidence.making import repeated

    return repeated((papers / "exhibit-1-loan-contract.pdf").read_bytes(), 150)


def test_an_intake_that_a_kill_cut_off_is_done_again_and_its_child_is_gone(make_server: MakeServer) -> None:
    server = make_server().start()
    hearing = server.demo.hearing
    desk = Desk(server, hearing, hearing.person("plaintiff"))
    exhibit = desk.hand_in(long_document())
    until_blocking(lambda: intake_children(server), "a child to begin", LIMIT)
    children = intake_children(server)
    server.kill()
    until_blocking(lambda: not any(Path(f"/proc/{each}/exe").exists() for each in children), "the child to end", LIMIT)
    server.start()
    settled = desk.settled(exhibit["id"])
    assert (settled["state"], settled["pages"]) == ("ready", 450)
    assert desk.lines(exhibit["id"], 449)
    names = {path.name for path in (server.data / "exhibits").iterdir()}
    assert not any(name.startswith(".") for name in names)


def test_a_clean_end_during_intake_leaves_no_child_and_loses_nothing(make_server: MakeServer) -> None:
    server = make_server().start()
    desk = Desk(server, server.demo.hearing, server.demo.hearing.clerk)
    exhibit = desk.hand_in(long_document())
    until_blocking(lambda: intake_children(server), "a child to begin", LIMIT)
    children = intake_children(server)
    assert server.terminate() == 0
    assert not any(Path(f"/proc/{each}/exe").exists() for each in children)
    server.start()
    assert desk.settled(exhibit["id"])["state"] == "ready"


def test_files_that_no_exhibit_stands_on_are_taken_away_at_the_next_start(make_server: MakeServer) -> None:
    server = make_server().start()
    folder = server.data / "exhibits"
    desk = Desk(server, server.demo.hearing, server.demo.hearing.clerk)
    kept = desk.taken_in((FOLDER / "plain-cjk.pdf").read_bytes())
    server.terminate()
    before = {path.name for path in folder.iterdir()}
    (folder / ("0" * 64)).write_bytes(b"orphan")
    (folder / ".upload-0").write_bytes(b"half")
    (folder / ".work-0").mkdir()
    (folder / ".work-0" / "served.pdf").write_bytes(b"half")
    server.start()
    assert {path.name for path in folder.iterdir()} == before
    assert desk.ask("GET", f"/{kept['id']}/original").status_code == 200


def test_originals_and_copies_are_readable_by_the_owner_only(make_server: MakeServer) -> None:
    server = make_server().start()
    folder = server.data / "exhibits"
    originals = [path for path in folder.iterdir() if path.is_file()]
    assert folder.stat().st_mode & 0o077 == 0 and len(originals) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in originals)


def test_a_lost_copy_is_made_again_from_the_original(make_server: MakeServer) -> None:
    server = make_server().start()
    desk = Desk(server, server.demo.hearing, server.demo.hearing.clerk)
    exhibit = desk.taken_in((FOLDER / "plain-cjk.pdf").read_bytes())
    copy = desk.ask("GET", f"/{exhibit['id']}/served").content
    server.terminate()
    shutil.rmtree(server.data / "exhibits" / f"{exhibit['sha256']}.made")
    server.start()
    assert desk.settled(exhibit["id"]) == exhibit
    assert desk.ask("GET", f"/{exhibit['id']}/served").content == copy


def test_a_full_disk_takes_no_exhibit_and_says_so(make_server: MakeServer, small_disk: SmallDisk) -> None:
    server = make_server(data=small_disk.path / "data").start()
    desk = Desk(server, server.demo.hearing, server.demo.hearing.clerk)
    small_disk.fill()
    answer = desk.ask("POST", content=os.urandom(2_000_000))
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert not any(path.name.startswith(".") for path in (server.data / "exhibits").iterdir())
    small_disk.free()
    until_blocking(lambda: desk.ask("POST", content=PLAIN).status_code == 202, "room for an exhibit", LIMIT)
    server.terminate()
