"""The annotated copy over HTTP, from a real server and its limited child: whose it is, what it holds."""

import asyncio
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from crdt_docs.annotations import came_apart, from_json
from tests.annotated.marks import OPEN, cases, key, quad_of
from tests.annotated.readers import READERS
from tests.harness.fixtures import MakeServer
from tests.harness.prepared import fill
from tests.harness.server import ServerProcess
from tests.harness.speakers import YjsSpeaker
from tests.harness.waiting import until_blocking
from tests.harness.writing import add_annotation, annotations

WORKS = {
    "plain-cjk": set(),
    "enc-owner-restricted": {"encrypted_empty_password"},
    "signed": {"signed"},
    "annots-with-appearance": set(),
    "broken-xref": {"repaired"},
    "js-openaction": {"active_content_removed"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    process = ServerProcess(fill(tmp_path_factory.mktemp("annotated")), env={"YUNTING_REFUSAL_BACKOFF": "0"})
    yield process.start()
    process.stop()


def place(server: ServerProcess, exhibit: str, rest: str = "annotated") -> str:
    return f"/api/hearings/{server.demo.hearing.id}/exhibits/{exhibit}/{rest}"


def handed_in(server: ServerProcess, path: Path) -> dict[str, Any]:
    """An exhibit once it is ready."""
    with server.http(server.demo.hearing.clerk.token) as client:
        listed = f"/api/hearings/{server.demo.hearing.id}/exhibits"
        added = client.post(listed, params={"name": path.name}, content=path.read_bytes()).raise_for_status().json()
        until_blocking(lambda: client.get(f"{listed}/{added['id']}").json()["state"] != "received", "intake", 90)
        return client.get(f"{listed}/{added['id']}").json()


async def marked(server: ServerProcess, exhibit: str, *marks: dict[str, Any]) -> dict[str, Any]:
    """Marks of the plaintiff, on disk; all that the document holds then."""
    plaintiff = server.demo.hearing.person("plaintiff")
    document = f"{server.demo.hearing.id}/annotations/{exhibit}"
    speaker = await YjsSpeaker.connect(server.url, document, plaintiff.token)
    await speaker.in_step()
    for values in marks:
        add_annotation(speaker.doc, plaintiff.id, **values)
    await speaker.saved()
    found = annotations(speaker.doc)
    await speaker.leave()
    return found


@pytest.mark.parametrize("name", WORKS)
async def test_marks_come_back_from_what_intake_made_of_the_file(
    server: ServerProcess, name: str, tmp_path: Path
) -> None:
    case = next(case for case in cases() if case["case"] == name)
    exhibit = await asyncio.to_thread(handed_in, server, OPEN / case["file"])
    page = case["text"]["page"]
    body = f"请核对{uuid.uuid4().hex}"
    quads = [[float(value) for value in quad_of(case)]]
    mark = {"kind": "highlight", "body": body, "page": float(page), "quads": quads}
    text = {"kind": "freetext", "body": "对真实性无异议", "page": float(page), "rect": [60.0, 60.0, 300.0, 90.0]}
    made = await marked(server, exhibit["id"], mark, text)
    path = tmp_path / "annotated.pdf"
    with server.http(server.demo.hearing.judge.token) as client:
        answer = client.get(place(server, exhibit["id"])).raise_for_status()
    path.write_bytes(answer.content)
    assert (answer.headers["yunting-annotations"], answer.headers["yunting-left-out"]) == ("2", "0")
    assert WORKS[name] <= set(answer.headers["yunting-warnings"].split(", "))
    for reader in READERS:
        seen = {each.id: each for each in reader.annotations(path, page) if each.id in made}
        assert {each.kind for each in seen.values()} == {"/Highlight", "/FreeText"}
        highlight = next(each for each in seen.values() if each.kind == "/Highlight")
        assert (highlight.words, highlight.author) == (body, server.demo.hearing.person("plaintiff").name)
        assert highlight.quads == pytest.approx(quad_of(case), abs=0.01)
        assert "对真实性无异议" in reader.drawn_words(path, page)


async def test_the_original_and_the_shown_copy_stay_and_nothing_is_left_behind(server: ServerProcess) -> None:
    exhibit = await asyncio.to_thread(handed_in, server, OPEN / "signed.pdf")
    await marked(server, exhibit["id"], {"kind": "note", "body": "见", "page": 0.0, "rect": [50.0, 50.0, 60.0, 60.0]})
    folder = server.data / "exhibits"
    with server.http(server.demo.hearing.judge.token) as client:
        before = client.get(place(server, exhibit["id"], "served")).content
        copies = [client.get(place(server, exhibit["id"])).raise_for_status() for _ in range(3)]
        assert copies[0].content == copies[1].content == copies[2].content != before
        assert client.get(place(server, exhibit["id"], "served")).content == before
        assert client.get(place(server, exhibit["id"], "original")).content == (OPEN / "signed.pdf").read_bytes()
    until_blocking(lambda: not [path.name for path in folder.iterdir() if path.name.startswith(".")], "folders to go")


async def test_the_entries_are_given_with_all_their_values_and_when_they_came(
    server: ServerProcess, tmp_path: Path
) -> None:
    exhibit = await asyncio.to_thread(handed_in, server, OPEN / "plain-cjk.pdf")
    mark = {"kind": "note", "body": "列表", "page": 0.0, "rect": [1.0, 1.5, 2.0, 2.0]}
    await marked(server, exhibit["id"], {**mark, "created": "2026-01-05T09:00:00+08:00", "body": "倒签"})
    with server.http(server.demo.hearing.judge.token) as client:
        first = client.get(place(server, exhibit["id"], "annotations")).json()["received"]
        made = await marked(server, exhibit["id"], mark)
        told = client.get(place(server, exhibit["id"], "annotations")).json()
        copy = client.get(place(server, exhibit["id"])).raise_for_status()
    assert {each["id"]: each for each in told["annotations"]} == made
    assert told["received"].keys() == made.keys() and told["received"].items() > first.items()
    dated_back = {each["id"] for each in made.values() if each["body"] == "倒签"}
    apart = {each.id for each in map(from_json, told["annotations"]) if came_apart(each, told["received"][each.id])}
    assert apart == dated_back == first.keys()
    path = tmp_path / "annotated.pdf"
    path.write_bytes(copy.content)
    words = {each.id: each.words for each in READERS[0].annotations(path, 0) if each.id in made}
    assert {each for each in words if "服务器收到" in words[each]} == dated_back


@pytest.mark.parametrize("rest", ["annotated", "annotations"])
def test_who_may_not_read_the_annotations_gets_neither(server: ServerProcess, rest: str) -> None:
    with server.http(server.demo.hearing.person("witness").token) as client:
        answer = client.get(place(server, "loan-contract", rest))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_may_not_read")


@pytest.mark.parametrize("rest", ["annotated", "annotations"])
def test_what_is_not_there_is_not_found(server: ServerProcess, rest: str) -> None:
    with server.http(server.demo.hearing.judge.token) as client:
        for exhibit in (key(1), "x" * 64):
            answer = client.get(place(server, exhibit, rest))
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert httpx.get(server.url + place(server, "loan-contract", rest), trust_env=False).status_code == 401


def test_an_isolated_person_gets_neither_and_both_again_after_the_release(make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing, plaintiff = server.demo.hearing, server.demo.hearing.person("plaintiff")
    with server.http(plaintiff.token) as client:
        assert client.get(place(server, "loan-contract")).status_code == 200
        server.command(hearing.judge.token, hearing.id, "isolate", person=plaintiff.id).raise_for_status()
        for rest in ("annotated", "annotations"):
            answer = client.get(place(server, "loan-contract", rest))
            assert (answer.status_code, answer.json()["code"]) == (403, "isolated")
        server.command(hearing.judge.token, hearing.id, "release", person=plaintiff.id).raise_for_status()
        assert client.get(place(server, "loan-contract")).status_code == 200


@pytest.mark.parametrize("rest", ["annotated", "annotations"])
def test_an_exhibit_that_was_refused_has_neither(server: ServerProcess, rest: str) -> None:
    refused = handed_in(server, OPEN / "not-a-pdf.pdf")
    assert refused["state"] == "refused"
    with server.http(server.demo.hearing.judge.token) as client:
        answer = client.get(place(server, refused["id"], rest))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")


def test_one_person_who_asks_for_many_is_told_to_wait_and_others_are_served(server: ServerProcess) -> None:
    answers: list[httpx.Response] = []

    def ask(token: str) -> None:
        with server.http(token) as client:
            answers.append(client.get(place(server, "loan-contract")))

    judge, clerk = server.demo.hearing.judge, server.demo.hearing.clerk
    threads = [threading.Thread(target=ask, args=(judge.token,)) for _ in range(6)]
    threads.append(threading.Thread(target=ask, args=(clerk.token,)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    busy = [answer for answer in answers if answer.status_code == 503]
    assert {answer.json()["code"] for answer in busy} == {"exports_busy"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in busy)
    assert [answer.status_code for answer in answers].count(200) == len(answers) - len(busy) >= 3
