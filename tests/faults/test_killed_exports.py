"""SIGKILL while bundles and annotated copies are made and sent: the next start gives the same, and nothing is left."""

import asyncio
import json
import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx

from crdt_docs.signing.verify import verify
from tests.annotated.test_over_http import marked
from tests.harness.demo import Person
from tests.harness.fixtures import MakeServer
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking
from tests.signing.test_kill import Desk, given_for_signing

KILLS = 4
EXHIBIT = "loan-contract"
MARKS = 40

Whose = tuple[str, str]  # person, path


class Exports:
    """Who asks for which file, and what each was given first."""

    def __init__(self, server: ServerProcess, readers: dict[str, list[Person]]) -> None:
        self.server = server
        self.base = f"/api/hearings/{server.demo.hearing.id}"
        self.asked = {(each.id, path): each for path, people in readers.items() for each in people}
        self.first: dict[Whose, bytes] = {}
        self.cut_off = 0  # requests that a kill took the answer of

    def ask(self, whose: Whose) -> bytes:
        with self.server.http(self.asked[whose].token) as client:
            return client.get(self.base + whose[1]).raise_for_status().content

    def ask_all(self) -> dict[Whose, bytes]:
        with ThreadPoolExecutor(len(self.asked)) as pool:
            return dict(zip(self.asked, pool.map(self.ask, self.asked), strict=True))

    def kill_after(self, seconds: float) -> None:
        """Everything is asked for at once; what came whole must be what came first."""
        with ThreadPoolExecutor(len(self.asked)) as pool:
            asking = {whose: pool.submit(self.ask, whose) for whose in self.asked}
            time.sleep(seconds)
            self.server.kill()
            for whose, answer in asking.items():
                self.judge(whose, answer)

    def judge(self, whose: Whose, answer: Future[bytes]) -> None:
        try:
            content = answer.result()
        except httpx.TransportError:
            self.cut_off += 1
        else:
            assert content == self.first[whose], whose


def left_over(server: ServerProcess, temporary: Path) -> list[str]:
    """Files and folders that serve no one longer than a request."""
    drafts = [path.name for path in (server.data / "exhibits").iterdir() if path.name.startswith(".")]
    unfinished = [path.name for path in server.data.rglob("*.new")]
    return [*drafts, *unfinished, *(path.name for path in temporary.iterdir())]


def test_killed_during_exports_the_next_start_gives_the_same_and_nothing_stays(
    make_server: MakeServer, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    server = make_server(env={"TMPDIR": str(temporary)}).start()
    hearing = server.demo.hearing
    marks = [
        {"kind": "note", "body": f"第{n}处", "page": 0.0, "rect": [9.0 * n, 9.0, 9.0 * n + 8, 20.0]}
        for n in range(MARKS)
    ]
    assert len(asyncio.run(marked(server, EXHIBIT, *marks))) == MARKS
    desks = [each.prepare() for each in given_for_signing(server) if each.login.role in ("plaintiff", "witness")]
    receipts = {desk.login.id: desk.post().raise_for_status().content for desk in desks}
    court_key = desks[0].shown()["court_key"]
    court = [hearing.judge, hearing.clerk]
    signed = [desk.login for desk in desks]
    exports = Exports(server, {"/bundle": [*court, *signed], f"/exhibits/{EXHIBIT}/annotated": court})
    began = time.monotonic()
    exports.first = exports.ask_all()
    lasted = time.monotonic() - began
    chance = random.Random(4)
    for number in range(KILLS):
        exports.kill_after(lasted * (number + chance.random()) / KILLS)
        server.start()
        assert exports.ask_all() == exports.first
        until_blocking(lambda: not left_over(server, temporary), "what the killed server left to go", 60)
    assert exports.cut_off >= KILLS, "no kill came between a request and its answer: the test proves nothing"
    for desk in desks:
        assert receipt_of(desk) == receipts[desk.login.id]
    kept = {person: json.loads(content) for person, content in receipts.items()}
    for (person, path), content in exports.first.items():
        if path == "/bundle":
            mine = kept if person in {each.id for each in court} else {person: kept[person]}
            report = verify(content, court_key=court_key, kept=mine)
            assert report.failed == (), [each for each in report.results if each.status == "failed"]


def receipt_of(desk: Desk) -> bytes:
    return desk.ask("GET", "/signing/1/receipt").raise_for_status().content
