"""The freeze asks a page of the court: its own replica must give the same content, or nothing is frozen."""

import asyncio

import httpx
import pytest

from crdt_docs.signing import content
from crdt_docs.signing.content import Person
from crdt_docs.transcript import blocks
from tests.harness.demo import DemoHearing
from tests.harness.demo import Person as Login
from tests.harness.fixtures import MakeServer
from tests.harness.pycrdt_client import PycrdtClient
from tests.harness.server import ServerProcess
from tests.harness.waiting import until

CASE = "（2024）云0188民初2617号"


async def asked(server: ServerProcess, login: Login, method: str, path: str, given: object = None) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as client:
        headers = {"Authorization": f"Bearer {login.token}"}
        return await client.request(
            method, f"/api/hearings/{server.demo.hearing.id}{path}", headers=headers, json=given
        )


async def started(server: ServerProcess, hearing: DemoHearing) -> int:
    """The entry that started the freeze."""
    answer = await asked(server, hearing.judge, "POST", "/commands", {"command": "start_signing"})
    assert answer.status_code == 200
    return answer.json()["seq"]


def own_digest(replica: PycrdtClient, hearing: DemoHearing) -> str:
    """As a page computes it: own replica, own roster."""
    people = [Person(each.id, each.role, each.name) for each in hearing.people]
    return content.content_sha256(content.content(hearing.id, CASE, people, blocks(replica.doc)))


async def stage(server: ServerProcess, hearing: DemoHearing, *stages: str) -> dict[str, object]:
    """What the judge is shown once the transcript is in one of the stages."""
    shown: list[dict[str, object]] = []

    async def look() -> bool:
        shown.append((await asked(server, hearing.judge, "GET", "/signing")).json())
        return shown[-1]["stage"] in stages

    async with asyncio.timeout(120):
        while not await look():
            await asyncio.sleep(0.05)
    return shown[-1]


@pytest.mark.parametrize("is_right", [True, False])
async def test_a_version_is_frozen_when_the_clerk_s_replica_agrees_and_only_then(
    make_server: MakeServer, is_right: bool
) -> None:
    server = make_server(env={"YUNTING_DIGEST_WAIT": "60"}).start()
    hearing = server.demo.hearing
    async with PycrdtClient(server.url, hearing.transcript, hearing.clerk.token) as replica:
        await until(lambda: blocks(replica.doc), "the clerk's replica")
        of = await started(server, hearing)
        await until(lambda: any(each["id"] == f"c{of}" for each in blocks(replica.doc)), "the last line")
        digest = own_digest(replica, hearing) if is_right else "0" * 64
        await asked(server, hearing.clerk, "POST", "/signing/digest", {"v": 1, "of": of, "content_sha256": digest})
        shown = await stage(server, hearing, "SIGNING" if is_right else "DRAFT")
    if is_right:
        assert shown["frozen"]["content_sha256"] == digest
        assert shown["frozen"]["checked_by"] == {"person": hearing.clerk.id, "role": "clerk"}
    else:
        assert (shown["fault"], shown["frozen"]) == ("digest_differs", None)


async def test_a_party_s_digest_is_not_asked_for(make_server: MakeServer) -> None:
    server = make_server().start()
    plaintiff = server.demo.hearing.person("plaintiff")
    found = {"v": 1, "of": 1, "content_sha256": "0" * 64}
    answer = await asked(server, plaintiff, "POST", "/signing/digest", found)
    assert answer.json()["code"] == "forbidden"
