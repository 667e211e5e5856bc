"""A real server killed between and during signatures: none is lost, none is there twice, every receipt stays true."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import httpx
import pytest

from crdt_docs.signing.content import Person
from crdt_docs.signing.receipt import verify_receipt
from crdt_docs.signing.verify import verify
from tests.harness.demo import Person as Login
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking
from tests.signing.signer import Signer, body

Json = dict[str, Any]


class Desk:
    """One signer at a real server; `given` is what was or will be posted."""

    def __init__(self, server: ServerProcess, login: Login) -> None:
        self.server, self.login = server, login
        self.signer = Signer(Person(login.id, login.role, login.name))
        self.given: Json = {}

    def ask(self, method: str, path: str, given: Json | None = None) -> httpx.Response:
        with self.server.http(self.login.token) as client:
            return client.request(method, f"/api/hearings/{self.server.demo.hearing.id}{path}", json=given)

    def shown(self) -> Json:
        return self.ask("GET", "/signing").json()

    def prepare(self) -> "Desk":
        """Key bound, code sent, statement signed: only the post is missing."""
        if self.signer.fingerprint not in self.shown()["you"]["keys"]:
            assert self.ask("POST", "/signing/keys", {"jwk": self.signer.jwk}).status_code == 201
        assert self.ask("POST", "/signing/code").status_code == 204
        said = self.signer.statement(self.server.demo.hearing.id, self.shown())
        self.given = body(self.signer.envelope(said), self._code())
        return self

    def _code(self) -> str:
        lines = map(json.loads, (self.server.data / "outbox.jsonl").read_text("utf-8").splitlines())
        return [line["code"] for line in lines if line["person"] == self.login.id][-1]

    def post(self) -> httpx.Response:
        return self.ask("POST", "/signing/signatures", self.given)


def given_for_signing(server: ServerProcess) -> list[Desk]:
    """Everybody who signs the demo's transcript, once a version lies before them."""
    hearing = server.demo.hearing
    judge = Desk(server, hearing.judge)
    assert server.command(hearing.judge.token, hearing.id, "start_signing").status_code == 200
    until_blocking(lambda: judge.shown()["stage"] == "SIGNING", "the freeze", 60)
    return [Desk(server, each) for each in hearing.people if each.role != "observer"]


def signed(desk: Desk) -> list[str]:
    """Persons of every Signed entry, as the judge's log has them."""
    judge = Desk(desk.server, desk.server.demo.hearing.judge)
    entries = judge.ask("GET", "/log").json()["entries"]
    return [each["payload"]["person"] for each in entries if each["header"]["kind"] == "Signed"]


def test_killed_between_two_signatures_both_are_there_and_the_receipt_is_the_same(make_server: MakeServer) -> None:
    server = make_server().start()
    first, second = (desk.prepare() for desk in given_for_signing(server)[:2])
    answered = first.post()
    assert answered.status_code == 201
    assert any(first.given["code"] in line and "验证码" in line for line in server.log)  # the demo's terminal
    server.restart()
    assert (again := first.post()).status_code == 200 and again.content == answered.content
    assert second.post().status_code == 201
    assert sorted(signed(first)) == sorted([first.login.id, second.login.id])
    verify_receipt(answered.json(), first.shown()["court_key"], first.signer.jwk)


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_killed_while_everybody_signs_no_receipt_is_broken_and_nobody_signs_twice(
    make_server: MakeServer, after: int
) -> None:
    """SIGKILL as soon as so many answers have come; the others are on their way."""
    server = make_server().start()
    desks = [desk.prepare() for desk in given_for_signing(server)]
    acked = at_once(desks, lambda count: server.kill() if count == after else None)
    server.restart()
    receipts = {desk.login.id: desk.post() for desk in desks}
    assert {answer.status_code for answer in receipts.values()} <= {200, 201}
    assert all(receipts[person].content == content for person, content in acked.items())
    assert sorted(signed(desks[0])) == sorted(desk.login.id for desk in desks)
    assert desks[0].shown()["stage"] == "SETTLED"
    bundle = Desk(server, server.demo.hearing.judge).ask("GET", "/bundle")
    kept = {person: answer.json() for person, answer in receipts.items()}
    report = verify(bundle.content, court_key=desks[0].shown()["court_key"], kept=kept)
    assert report.failed == ()


def at_once(desks: list[Desk], counted: Callable[[int], None]) -> dict[str, bytes]:
    """What was answered with 201 before the server was gone, by person."""
    acked: dict[str, bytes] = {}
    lock = Lock()

    def post(desk: Desk) -> None:
        try:
            answer = desk.post()
        except httpx.TransportError:
            return
        with lock:
            if answer.status_code == 201:
                acked[desk.login.id] = answer.content
            counted(len(acked))

    with ThreadPoolExecutor(len(desks)) as pool:
        waiting = [pool.submit(post, desk) for desk in desks]
        counted(0)
        for each in waiting:
            each.result()
    return acked


def test_an_outsider_checks_the_copy_of_a_party_that_signed(make_server: MakeServer) -> None:
    """What a party may not see is withheld from their copy; all that is left is still proven."""
    server = make_server().start()
    desks = [desk.prepare() for desk in given_for_signing(server)]
    party = next(desk for desk in desks if desk.login.role == "plaintiff")
    witness = next(desk for desk in desks if desk.login.role == "witness")
    assert party.ask("GET", "/bundle").json()["code"] == "forbidden"
    for desk in desks:
        assert desk.post().status_code == 201
    for reader in (party, witness):
        report = verify(reader.ask("GET", "/bundle").content, court_key=party.shown()["court_key"])
        assert report.failed == (), [result for result in report.results if result.status == "failed"]
