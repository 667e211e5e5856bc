"""Rights that are lost while an answer is under way: from the acknowledged command on no further byte."""

import os

from tests.evidence.corpus import Desk as Papers
from tests.evidence.making import blank, written
from tests.harness.fixtures import MakeServer
from tests.harness.slow_reader import rest, slow_reader
from tests.signing.test_kill import Desk, given_for_signing

LARGE = 12_000_000  # more than any system's buffers hold
FROZEN = ("content.json", "transcript.pdf", "update.bin")


def large_document() -> bytes:
    """One page with a stream that cannot be made smaller."""
    pdf = blank()
    pdf.Root.Noise = pdf.make_stream(os.urandom(LARGE))
    return written(pdf, compress_streams=False)


def refusal(desk: Desk, place: str) -> tuple[int, str]:
    answer = desk.ask("GET", place)
    return answer.status_code, answer.json()["code"]


def test_whoever_is_isolated_or_removed_gets_no_further_byte_and_all_others_everything(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = server.demo.hearing
    exhibit = Papers(server, hearing, hearing.clerk).taken_in(large_document())
    assert exhibit["state"] == "ready"
    desks = {desk.login.role: desk for desk in given_for_signing(server)}
    isolated, removed, kept = (desks[role] for role in ("defendant", "plaintiff", "clerk"))
    for desk in (isolated, removed):
        assert desk.prepare().post().status_code == 201
    for name in FROZEN:  # only the size counts here: a JSON text may end with spaces
        with (server.data / "frozen" / hearing.id / "v1" / name).open("ab") as file:
            file.write(b" " * LARGE)
    places = ("/signing/1/content", "/signing/1/pdf", "/signing/1/update", "/bundle")
    places = (*places, f"/exhibits/{exhibit['id']}/annotated")
    readers = {
        (desk.login.role, place): slow_reader(server.url, f"/api/hearings/{hearing.id}{place}", desk.login.token)
        for desk in (isolated, removed, kept)
        for place in places
    }
    for command, desk in (("isolate", isolated), ("remove", removed)):
        given = {"person": desk.login.id, "reason": "扰乱法庭秩序"}
        server.command(hearing.judge.token, hearing.id, command, **given).raise_for_status()
    still = {key: rest(connection) for key, connection in readers.items()}
    for connection in readers.values():
        connection.close()
    assert {key for key, size in still.items() if size < LARGE} == {
        (desk.login.role, place) for desk in (isolated, removed) for place in places
    }
    for place in places:
        assert (refusal(isolated, place), refusal(removed, place)) == ((403, "isolated"), (403, "removed"))
    assert not any("Traceback" in line for line in server.log)
    folder = server.data / "exhibits"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert kept.ask("GET", "/bundle").status_code == 200
