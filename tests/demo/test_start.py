"""`python -m server --demo` as a process: links before it listens, the same after a kill, refusals to start."""

from pathlib import Path

import httpx
import pytest

from tests.harness.fixtures import MakeServer
from tests.harness.waiting import until_blocking


def test_the_file_and_the_links_are_there_when_it_listens(make_server: MakeServer) -> None:
    server = make_server(is_new=True).start()
    links = [person.link for person in server.demo.hearing.people]
    listening = server.log.index(f"listening on {server.url}")
    assert all(any(line.endswith(link) for line in server.log[:listening]) for link in links)
    assert server.demo.url == server.url
    for person in server.demo.hearing.people:
        with server.http() as client:
            answer = client.post("/api/login/link", json={"secret": person.link.partition("#")[2]})
            assert answer.json()["person"] == {"id": person.id, "name": person.name}
            assert {each["id"] for each in client.get("/api/hearings").json()["hearings"]} == {
                server.demo.hearing.id,
                server.demo.scheduled.id,
            }
    log = "\n".join(server.log)
    assert not any(person.token.partition(".")[2] in log for person in server.demo.hearing.people)


def test_people_and_tokens_outlive_a_kill_and_the_address_follows_the_port(make_server: MakeServer) -> None:
    server = make_server(is_new=True).start()
    before = server.demo
    server.kill()
    server.port = 0
    server.start()
    after = server.demo
    assert [(each.id, each.token) for each in after.hearing.people] == [
        (each.id, each.token) for each in before.hearing.people
    ]
    assert after.url == server.url
    assert all(each.link.startswith(f"{server.url}/login#") for each in after.hearing.people)
    answer = httpx.get(
        f"{server.url}/api/session", headers={"Authorization": f"Bearer {before.hearing.judge.token}"}, trust_env=False
    )
    assert answer.json()["person"]["id"] == before.hearing.judge.id


@pytest.mark.parametrize("sign", ["secret.key", "yunting.sqlite3-wal", "demo.json"])
def test_a_start_killed_at_a_sign_of_life_is_finished_by_the_next(make_server: MakeServer, sign: str) -> None:
    server = make_server(is_new=True)
    server.launch()
    until_blocking(lambda: (server.data / sign).exists() or not server.is_alive, sign)
    server.kill()
    server.start()
    hearing = server.demo.hearing
    with server.http(hearing.clerk.token) as client:
        turns = client.get(f"/api/hearings/{hearing.id}/transcript").json()["turns"]
    assert [turn["id"] for turn in turns if turn["kind"] == "procedure"] == ["c1"]
    assert len(turns) > 100


def test_it_refuses_to_serve_the_demo_to_others(make_server: MakeServer, tmp_path: Path) -> None:
    server = make_server(is_new=True, env={"YUNTING_HOST": "0.0.0.0"}).launch()
    assert server.wait() == 2
    assert "YUNTING_HOST=127.0.0.1" in server.log[0] and "Traceback" not in "\n".join(server.log)
    assert not (server.data / "demo.json").exists()


def test_a_torn_key_file_ends_the_start_with_a_sentence(make_server: MakeServer) -> None:
    server = make_server(is_new=True)
    server.data.mkdir(parents=True)
    (server.data / "secret.key").write_bytes(b"torn")
    server.launch()
    assert server.wait() == 2
    assert "secret.key" in server.log[-1] and "Traceback" not in "\n".join(server.log)
