"""Exhibits over HTTP: who may see them and hand them in, what is refused, how parts of a file are given."""

import contextlib
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.evidence.corpus import CASES, FOLDER, LIMIT, Desk
from tests.evidence.making import blank, written
from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import drop_all
from tests.harness.waiting import until_blocking

PLAIN = (FOLDER / "plain-cjk.pdf").read_bytes()
READERS = ["judge", "clerk", "plaintiff", "defendant", "agent", "observer"]


def at(desk: Desk, role: str, nth: int = 0, *, scheduled: bool = False) -> Desk:
    """The same server, another person's desk."""
    hearing = desk.server.demo.scheduled if scheduled else desk.hearing
    return Desk(desk.server, hearing, hearing.person(role, nth))


@pytest.fixture(scope="module")
def ready(desk: Desk) -> dict[str, Any]:
    """An exhibit that a party has handed in."""
    return at(desk, "plaintiff").taken_in(PLAIN, title="借款合同", purpose="证明借款", name="a.pdf")


PLACES = ["", "/{id}", "/{id}/served", "/{id}/original", "/{id}/pages/0/glyphs"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", READERS)
def test_whoever_reads_annotations_sees_exhibits(desk: Desk, ready: dict[str, Any], role: str, place: str) -> None:
    assert at(desk, role).ask("GET", place.format(**ready)).status_code == 200


@pytest.mark.parametrize("place", PLACES)
def test_a_witness_sees_none(desk: Desk, ready: dict[str, Any], place: str) -> None:
    answer = at(desk, "witness").ask("GET", place.format(**ready))
    assert (answer.status_code, answer.json()["code"]) == (403, "role_may_not_read")


@pytest.mark.parametrize("place", PLACES)
def test_a_party_that_is_not_let_in_yet_sees_none(desk: Desk, place: str) -> None:
    answer = at(desk, "defendant", scheduled=True).ask("GET", place.format(id="loan-contract"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_let_in")


@pytest.mark.parametrize("place", PLACES)
def test_nobody_sees_anything_without_a_login_or_a_place_in_the_hearing(desk: Desk, place: str) -> None:
    url = f"{desk.server.url}{desk.path}{place.format(id='loan-contract')}"
    assert httpx.get(url, timeout=LIMIT, trust_env=False).status_code == 401
    elsewhere = replace(desk, hearing=replace(desk.hearing, id="h-none"))
    assert elsewhere.ask("GET", place.format(id="loan-contract")).status_code == 404


def test_who_hands_in_before_the_session_sees_their_own(desk: Desk) -> None:
    own = at(desk, "plaintiff", scheduled=True)
    exhibit = own.taken_in(PLAIN, name="own.pdf")
    assert exhibit["state"] == "ready"
    assert [each["id"] for each in own.ask("GET").json()["exhibits"]] == [exhibit["id"]]
    assert own.ask("GET", f"/{exhibit['id']}/served").status_code == 200
    assert at(desk, "defendant", scheduled=True).ask("GET", f"/{exhibit['id']}").status_code == 403


@pytest.mark.parametrize(
    ("role", "nth", "offers"), [("plaintiff", 0, "plaintiff"), ("agent", 0, "plaintiff"), ("agent", 1, "defendant")]
)
def test_an_exhibit_is_offered_by_the_party_it_is_handed_in_for(desk: Desk, role: str, nth: int, offers: str) -> None:
    hands = at(desk, role, nth)
    exhibit = hands.hand_in(PLAIN)
    assert exhibit["offered_by"] == desk.hearing.person(offers).id
    assert exhibit["uploaded_by"] == hands.person.id


def test_a_clerk_hands_in_for_any_party_or_none(desk: Desk) -> None:
    assert desk.hand_in(PLAIN)["offered_by"] == ""
    defendant = desk.hearing.person("defendant").id
    assert desk.hand_in(PLAIN, offered_by=defendant)["offered_by"] == defendant


@pytest.mark.parametrize(
    ("role", "offered_by", "code"),
    [
        ("plaintiff", "defendant", "offered_for_another"),
        ("agent", "defendant", "offered_for_another"),
        ("clerk", "witness", "offered_for_another"),
        ("judge", "", "role_may_not_hand_in"),
        ("witness", "", "role_may_not_hand_in"),
        ("observer", "", "role_may_not_hand_in"),
    ],
)
def test_nobody_hands_in_for_another(desk: Desk, role: str, offered_by: str, code: str) -> None:
    offered = desk.hearing.person(offered_by).id if offered_by else ""
    answer = at(desk, role).ask("POST", params={"offered_by": offered}, content=PLAIN)
    assert (answer.status_code, answer.json()["code"]) == (403, code)


def test_an_empty_file_is_taken_and_refused(desk: Desk) -> None:
    exhibit = desk.taken_in(b"", name="empty.pdf")
    assert (exhibit["state"], exhibit["intake"]["code"], exhibit["number"]) == ("refused", "empty", 0)
    assert desk.ask("GET", f"/{exhibit['id']}/served").json()["code"] == "not_ready"
    assert desk.ask("GET", f"/{exhibit['id']}/original").content == b""


def announce(desk: Desk, size: int) -> socket.socket:
    """A request for handing in whose header is sent and whose body is not."""
    address = urlsplit(desk.server.url)
    connection = socket.create_connection((address.hostname, address.port), LIMIT)
    lines = (
        f"POST {desk.path} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {desk.person.token}",
        f"Content-Length: {size}",
    )
    connection.sendall("\r\n".join((*lines, "", "")).encode())
    return connection


def test_what_is_announced_too_large_is_refused_before_it_is_sent(desk: Desk) -> None:
    with announce(desk, 100 * 1024 * 1024 + 1) as connection:
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_one_person_cannot_use_up_the_evidence_of_a_hearing(desk: Desk) -> None:
    """Uploads that are announced and never come are counted while they last, and free again when they are given up."""
    own, other = at(desk, "defendant", scheduled=True), at(desk, "plaintiff", scheduled=True)
    folder = desk.server.data / "exhibits"
    before = {path.name for path in folder.iterdir()}
    with contextlib.ExitStack() as connections:
        for _ in range(40):
            connections.enter_context(announce(own, 100 * 1024 * 1024))
        until_blocking(lambda: len({path.name for path in folder.iterdir()} - before) == 40, "40 uploads", LIMIT)
        last = connections.enter_context(announce(own, 100 * 1024 * 1024))
        answer = b""
        while b"}" not in answer and (piece := last.recv(65_536)):  # head and body may come apart
            answer += piece
        assert answer.startswith(b"HTTP/1.1 409 ") and b"own_exhibits_used_up" in answer
        assert other.ask("POST", content=b"").status_code == 202
    until_blocking(lambda: own.ask("POST", content=b"").status_code == 202, "the room to be free again", LIMIT)


def test_an_upload_that_breaks_off_leaves_nothing(desk: Desk) -> None:
    folder = desk.server.data / "exhibits"
    before = {path.name for path in folder.iterdir()}
    with announce(desk, 1_000_000) as connection:
        connection.sendall(b"%PDF-1.7\n" + bytes(200_000))
        until_blocking(lambda: {path.name for path in folder.iterdir()} - before, "the upload to begin", LIMIT)
    until_blocking(lambda: {path.name for path in folder.iterdir()} == before, "the upload to be forgotten", LIMIT)
    assert not any("Traceback" in line for line in desk.server.log)


def test_what_turns_out_too_large_is_refused_and_leaves_nothing(desk: Desk) -> None:
    folder = desk.server.data / "exhibits"
    before = {path.name for path in folder.iterdir()}

    def pieces() -> Iterator[bytes]:
        for _ in range(101):
            yield bytes(1024 * 1024)

    try:
        assert desk.ask("POST", content=pieces()).json()["code"] == "too_large"
    except (httpx.WriteError, httpx.ReadError):  # the server may close before all is sent
        assert desk.ask("GET").status_code == 200
    assert {path.name for path in folder.iterdir()} - before == set()


@pytest.mark.parametrize(
    ("given", "name", "title"),
    [
        ("C:\\文件\\借条.pdf", "借条.pdf", "借条"),
        ("../../etc/passwd", "passwd", "passwd"),
        ("a\r\nb\0.pdf", "a b .pdf", "a b "),
        ("", "exhibit", "证据"),
    ],
)
def test_a_file_s_name_is_a_name_and_nothing_more(desk: Desk, given: str, name: str, title: str) -> None:
    exhibit = desk.hand_in(PLAIN, name=given)
    assert (exhibit["name"], exhibit["title"]) == (name, title)
    header = desk.ask("HEAD", f"/{exhibit['id']}/original").headers["content-disposition"]
    assert header.isascii() and header.startswith('attachment; filename="') and "/" not in header.partition(";")[2]


@pytest.mark.parametrize("query", [{"title": "x" * 201}, {"purpose": "x" * 1_001}, {"name": "x" * 256}])
def test_texts_have_a_length(desk: Desk, query: dict[str, str]) -> None:
    assert desk.ask("POST", params=query, content=PLAIN).json()["code"] == "malformed"


def test_a_clerk_names_and_moves_exhibits_and_nobody_else_does(desk: Desk, ready: dict[str, Any]) -> None:
    place = f"/{ready['id']}"
    changed = desk.ask("PATCH", place, json={"title": "新名", "purpose": "新目的", "number": 1}).json()
    assert (changed["title"], changed["purpose"], changed["number"]) == ("新名", "新目的", 1)
    numbers = [each["number"] for each in desk.ask("GET").json()["exhibits"] if each["number"]]
    assert numbers == list(range(1, len(numbers) + 1))
    for role in ("judge", "plaintiff", "observer"):
        assert at(desk, role).ask("PATCH", place, json={"number": 2}).json()["code"] == "forbidden"


@pytest.mark.parametrize(
    "body", [{"number": 0}, {"number": True}, {"number": "1"}, {"number": 501}, {"title": " "}, {"id": "x"}, []]
)
def test_a_change_that_is_none_is_refused(desk: Desk, ready: dict[str, Any], body: Any) -> None:
    answer = desk.ask("PATCH", f"/{ready['id']}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


@pytest.mark.parametrize("page", ["-1", "3", "x", "１", "1.0", "99999999999999999999"])
def test_a_page_that_is_not_there_has_no_words(desk: Desk, ready: dict[str, Any], page: str) -> None:
    assert desk.ask("GET", f"/{ready['id']}/pages/{page}/glyphs").status_code == 404


def test_words_are_the_same_zipped_or_not(desk: Desk, ready: dict[str, Any]) -> None:
    place = f"/{ready['id']}/pages/1/glyphs"
    plain = desk.ask("GET", place, headers={"Accept-Encoding": "identity"})
    zipped = desk.ask("GET", place, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert json.loads(plain.content) == zipped.json()


@pytest.fixture(scope="module")
def copy(desk: Desk, ready: dict[str, Any]) -> httpx.Response:
    return desk.ask("GET", f"/{ready['id']}/served")


def test_a_copy_is_private_and_asked_for_again(copy: httpx.Response) -> None:
    assert copy.headers["cache-control"] == "private, no-cache"
    assert copy.headers["accept-ranges"] == "bytes" and copy.headers["x-content-type-options"] == "nosniff"


def test_a_copy_that_is_known_is_not_sent_again(desk: Desk, ready: dict[str, Any], copy: httpx.Response) -> None:
    for known in (copy.headers["etag"], f'"x", W/{copy.headers["etag"]}'):
        again = desk.ask("GET", f"/{ready['id']}/served", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.none() | st.integers(0, 40_000), last=st.none() | st.integers(0, 40_000))
def test_a_range_is_the_slice_it_names(
    desk: Desk, ready: dict[str, Any], copy: httpx.Response, first: int | None, last: int | None
) -> None:
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    answer = desk.ask("GET", f"/{ready['id']}/served", headers={"Range": asked})
    whole, size = copy.content, len(copy.content)
    if first is None and last is None:
        assert (answer.status_code, answer.content) == (200, whole)
        return
    wanted = whole[size - min(last, size) :] if first is None else whole[first : size if last is None else last + 1]
    if not wanted:
        assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
        assert answer.headers["content-range"] == f"bytes */{size}"
        return
    assert (answer.status_code, answer.content) == (206 if len(wanted) < size else 200, wanted)
    if answer.status_code == 206:
        start = size - len(wanted) if first is None else first
        assert answer.headers["content-range"] == f"bytes {start}-{start + len(wanted) - 1}/{size}"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-4", "bytes=a-b", "bytes"])
def test_a_range_of_another_kind_gives_the_whole(
    desk: Desk, ready: dict[str, Any], copy: httpx.Response, asked: str
) -> None:
    answer = desk.ask("GET", f"/{ready['id']}/served", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (200, copy.content)


def test_a_range_of_an_earlier_copy_gives_the_whole(desk: Desk, ready: dict[str, Any], copy: httpx.Response) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": copy.headers["etag"]}
    assert desk.ask("GET", f"/{ready['id']}/served", headers=headers).content == copy.content[:10]
    headers["If-Range"] = '"another"'
    assert desk.ask("GET", f"/{ready['id']}/served", headers=headers).content == copy.content


def test_a_head_tells_the_size_and_sends_nothing(desk: Desk, ready: dict[str, Any], copy: httpx.Response) -> None:
    answer = desk.ask("HEAD", f"/{ready['id']}/served")
    assert (answer.headers["content-length"], answer.content) == (str(len(copy.content)), b"")


def test_the_same_bytes_handed_in_twice_are_two_exhibits_of_one_file(desk: Desk) -> None:
    content = written(blank()) + b"\n%" + sha256(b"twice").hexdigest().encode()
    one, two = desk.taken_in(content), at(desk, "defendant").taken_in(content)
    assert one["id"] != two["id"] and one["sha256"] == two["sha256"] == sha256(content).hexdigest()
    assert desk.ask("GET", f"/{one['id']}/served").content == desk.ask("GET", f"/{two['id']}/served").content


def test_a_picture_comes_back_as_the_picture_it_was(desk: Desk) -> None:
    from tests.evidence.test_pictures import picture

    content = picture("PNG")
    exhibit = desk.taken_in(content, name="照片.png")
    assert exhibit["state"] == "ready" and {each["code"] for each in exhibit["warnings"]} == {"no_text_layer"}
    answer = desk.ask("GET", f"/{exhibit['id']}/original")
    assert (answer.headers["content-type"], answer.content) == ("image/png", content)


def test_what_is_refused_is_given_back_as_bytes_only(desk: Desk) -> None:
    exhibit = desk.taken_in((FOLDER / CASES["not-a-pdf"]["file"]).read_bytes(), name="x.html")
    answer = desk.ask("GET", f"/{exhibit['id']}/original")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_progress_is_shown_while_it_goes_on(desk: Desk) -> None:
    exhibit = desk.hand_in(written(blank(400)) + b"\n%progress")
    assert exhibit["state"] == "received" and exhibit["intake"]["steps"] == 8 and exhibit["pages"] == 0
    steps = [exhibit["intake"]["step"]]
    while (now := desk.ask("GET", f"/{exhibit['id']}").json())["state"] == "received":
        steps.append(now["intake"]["step"])
    assert steps == sorted(steps) and now["state"] == "ready"


async def test_those_who_may_read_are_told_and_the_witness_is_not(desk: Desk, make_server: MakeServer) -> None:
    server = make_server(env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = server.demo.hearing
    judge, witness = hearing.judge, hearing.person("witness")
    told = await ControlClient.connect(server.url, hearing.id, judge.token)
    left_out = await ControlClient.connect(server.url, hearing.id, witness.token)
    await told.wait_for("Welcome")
    await left_out.wait_for("Welcome")
    own = Desk(server, hearing, hearing.person("plaintiff"))
    exhibit = own.hand_in(PLAIN)
    await told.wait_for("Exhibits", 2)  # that it came, that it is ready
    assert own.ask("GET", f"/{exhibit['id']}").json()["state"] == "ready"
    assert all(set(each) == {"type"} for each in told.of("Exhibits"))
    assert left_out.of("Exhibits") == []
    await drop_all()


def test_a_new_exhibit_s_annotations_can_be_opened(desk: Desk, ready: dict[str, Any]) -> None:
    hearing = desk.ask("GET", "").json()
    assert ready["id"] in {each["id"] for each in hearing["exhibits"]}
    answer = httpx.get(
        f"{desk.server.url}/api/hearings/{desk.hearing.id}",
        headers={"Authorization": f"Bearer {desk.person.token}"},
        timeout=LIMIT,
        trust_env=False,
    )
    assert f"{desk.hearing.id}/annotations/{ready['id']}" in answer.json()["documents"]["annotations"]
