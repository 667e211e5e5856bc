"""Hearings over HTTP: what each person is shown, commands and their refusals, the log, the transcript."""

import hashlib

import pytest
import rfc8785

from crdt_docs.transcript import Turn
from server.demo import cast
from server.endpoints.hearings import today_first
from tests.endpoints.serving import HEARING, NOW, OTHER, STRANGER, Serving


async def hearing_of(server: Serving, person: str) -> dict:
    answer = await server.get(person, f"/api/hearings/{HEARING}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_my_hearings_are_mine_alone(server: Serving) -> None:
    listed = (await server.get(server.person("clerk"), "/api/hearings")).json()["hearings"]
    assert {each["id"] for each in listed} == {HEARING, OTHER}
    assert listed[0]["role"] == "clerk" and listed[0]["phase"] == "SCHEDULED"
    assert (await server.get(STRANGER.id, "/api/hearings")).json() == {"hearings": []}


def test_todays_and_sitting_hearings_come_first_then_the_nearest() -> None:
    def entry(start: str, phase: str | None) -> dict:
        return {"starts_at": start, "phase": phase}

    last_week = entry("2026-02-23T01:00:00Z", "CLOSED")
    yesterday = entry("2026-03-01T01:00:00Z", None)
    sitting = entry("2026-03-01T02:00:00Z", "RECESS")
    this_morning = entry("2026-03-01T16:30:00Z", "CLOSED")  # 00:30 at +08:00
    tonight = entry("2026-03-02T12:00:00Z", "SCHEDULED")
    tomorrow = entry("2026-03-02T16:00:00Z", "SCHEDULED")
    next_week = entry("2026-03-09T01:00:00Z", "SCHEDULED")
    wanted = [sitting, this_morning, tonight, tomorrow, next_week, yesterday, last_week]
    assert today_first([*reversed(wanted)], NOW) == wanted


async def test_a_hearing_is_shown_with_place_rights_and_documents(server: Serving) -> None:
    judge, shown = server.person("judge"), await hearing_of(server, server.person("judge"))
    assert shown["case_number"] == cast.CASE_NUMBER and shown["court"] == cast.COURT
    assert (shown["seq"], shown["applied_seq"], shown["phase"]) == (0, 0, "SCHEDULED")
    assert shown["you"] == {"person": judge, "name": "顾明远", "role": "judge", "state": "IN_COURT"}
    assert [each["person"] for each in shown["roster"]] == [part.id for part in cast.CAST]
    assert shown["documents"] == {
        "transcript": f"{HEARING}/transcript",
        "annotations": [f"{HEARING}/annotations/{each.id}" for each in cast.EXHIBITS],
    }
    assert [each["number"] for each in shown["exhibits"]] == [1, 2]
    rights = {each["command"]: each for each in shown["commands"]}
    assert rights["open"]["reason"] == "clerk_absent"  # nobody is connected but who asks
    assert rights["recess"]["allowed"] is False and rights["isolate"]["allowed"] is True
    assert "民事诉讼法" in rights["open"]["ground_zh"]


async def test_before_opening_a_party_sees_no_document_and_after_it_does(server: Serving) -> None:
    party = server.person("plaintiff")
    before = await hearing_of(server, party)
    assert before["documents"] == {"transcript": None, "annotations": []} and before["exhibits"] == []
    await server.open_session()
    after = await hearing_of(server, party)
    assert after["phase"] == "IN_SESSION" and after["you"]["state"] == "IN_COURT"
    assert after["documents"]["transcript"] == f"{HEARING}/transcript"
    assert len(after["exhibits"]) == 2


@pytest.mark.parametrize("path", ["", "/log", "/transcript"])
async def test_a_hearing_of_others_does_not_exist(server: Serving, path: str) -> None:
    foreign = await server.get(STRANGER.id, f"/api/hearings/{HEARING}{path}")
    absent = await server.get(STRANGER.id, f"/api/hearings/h-none{path}")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()


async def test_a_command_is_acknowledged_with_its_number(server: Serving) -> None:
    await server.open_session()
    answer = await server.command(server.person("judge"), command="recess", reason="休息十分钟", until="10:30")
    assert (answer.status_code, answer.json()) == (200, {"seq": 2, "applied_seq": 2})
    assert (await hearing_of(server, server.person("clerk")))["phase"] == "RECESS"


@pytest.mark.parametrize(
    ("role", "body", "status", "code"),
    [
        ("clerk", {"command": "open"}, 403, "not_presiding"),
        ("plaintiff", {"command": "close"}, 403, "not_a_judge"),
        ("judge", {"command": "open"}, 409, "clerk_absent"),
        ("judge", {"command": "resume"}, 409, "not_in_recess"),
        ("judge", {"command": "isolate", "person": "p-unknown"}, 409, "unknown_person"),
        ("judge", {"command": "isolate"}, 400, "invalid_command"),
        ("judge", {"command": "dance"}, 400, "invalid_command"),
        ("judge", {"command": "recess", "until": "soon"}, 400, "invalid_command"),
        ("judge", {"reason": "x"}, 400, "malformed"),
    ],
)
async def test_a_refused_command_says_why_in_both_languages(
    server: Serving, role: str, body: dict[str, str], status: int, code: str
) -> None:
    answer = await server.command(server.person(role), **body)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert problem["title_zh"] and problem["title_en"] and problem["title"] == problem["title_zh"]
    assert (await hearing_of(server, server.person("judge")))["seq"] == 0


async def test_a_stranger_commands_nothing(server: Serving) -> None:
    assert (await server.command(STRANGER.id, command="open")).status_code == 404


async def test_a_command_by_cookie_must_come_from_our_page(server: Serving) -> None:
    await server.open_session()
    url, body = f"/api/hearings/{HEARING}/commands", {"command": "recess"}
    cookie = server.cookie(server.person("judge"))
    foreign = await server.client.post(url, json=body, headers={**cookie, "Origin": "http://evil.example"})
    assert foreign.json()["code"] == "cross_site"
    own = await server.client.post(url, json=body, headers={**cookie, "Origin": "http://127.0.0.1:8000"})
    assert own.json() == {"seq": 2, "applied_seq": 2}


async def test_the_isolated_are_told_that_and_nothing_else(server: Serving) -> None:
    await server.open_session()
    defendant, word = server.person("defendant"), "绝密之语"
    await server.command(server.person("judge"), command="isolate", person=defendant, reason=word)
    for path in ("", "/log", "/transcript"):
        answer = await server.get(defendant, f"/api/hearings/{HEARING}{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "isolated")
        assert word not in answer.text
    command = await server.command(defendant, command="close")
    assert (command.status_code, command.json()["code"]) == (403, "isolated")
    await server.command(server.person("judge"), command="recess")
    listed = (await server.get(defendant, "/api/hearings")).json()["hearings"]
    mine = next(each for each in listed if each["id"] == HEARING)
    assert mine["state"] == "ISOLATED" and mine["phase"] is None
    await server.command(server.person("judge"), command="release", person=defendant)
    assert (await hearing_of(server, defendant))["phase"] == "RECESS"


async def test_the_log_is_gapless_and_its_leaves_can_be_recomputed(server: Serving) -> None:
    await server.open_session()
    judge = server.person("judge")
    await server.command(judge, command="recess")
    await server.command(judge, command="resume")
    log = (await server.get(judge, f"/api/hearings/{HEARING}/log")).json()
    assert [each["header"]["seq"] for each in log["entries"]] == [1, 2, 3] and log["seq"] == 3
    for entry in log["entries"]:
        inner = hashlib.sha256(bytes.fromhex(entry["salt"]) + rfc8785.dumps(entry["payload"])).digest()
        assert hashlib.sha256(b"\0" + rfc8785.dumps(entry["header"]) + inner).hexdigest() == entry["leaf"]
    some = (await server.get(judge, f"/api/hearings/{HEARING}/log", after=1, limit=1)).json()
    assert [each["header"]["seq"] for each in some["entries"]] == [2] and some["seq"] == 3


async def test_what_happened_during_isolation_stays_withheld(server: Serving) -> None:
    await server.open_session()
    judge, defendant = server.person("judge"), server.person("defendant")
    await server.command(judge, command="isolate", person=defendant)
    await server.command(judge, command="recess", reason="绝密之语")
    await server.command(judge, command="release", person=defendant)
    answer = await server.get(defendant, f"/api/hearings/{HEARING}/log")
    entries = {each["header"]["kind"]: each for each in answer.json()["entries"]}
    assert entries["SessionRecessed"]["payload"] is None and entries["SessionRecessed"]["salt"] is None
    assert len(entries["SessionRecessed"]["leaf"]) == 64
    assert entries["SessionOpened"]["payload"] and entries["Released"]["payload"]
    assert "绝密之语" not in answer.text


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": "x"}, {"limit": "0"}, {"limit": "1001"}, {"after": "１"}])
async def test_a_wrong_number_is_refused(server: Serving, query: dict[str, str]) -> None:
    answer = await server.get(server.person("judge"), f"/api/hearings/{HEARING}/log", **query)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_the_transcript_is_read_by_whom_the_document_is_open_to(server: Serving) -> None:
    spoken = Turn("t1", "speech", server.person("judge"), "审", "2026-03-02T01:00:00Z", "", "现在开庭。𠮷")
    await server.app.state.rooms.seed(HEARING, [spoken], 1)
    path = f"/api/hearings/{HEARING}/transcript"
    clerk = await server.get(server.person("clerk"), path)
    assert clerk.json()["turns"] == [
        {
            "id": "t1",
            "kind": "speech",
            "speaker": spoken.speaker,
            "role": "审",
            "at": spoken.at,
            "origin": "",
            "text": spoken.text,
        }
    ]
    early = await server.get(server.person("plaintiff"), path)
    assert (early.status_code, early.json()["code"]) == (403, "not_let_in")
    await server.open_session()
    turns = (await server.get(server.person("plaintiff"), path)).json()["turns"]
    assert [turn["id"] for turn in turns] == ["t1", "c1"] and turns[1]["origin"] == "control:1"
    assert (await server.get(server.person("observer"), path)).status_code == 200
    witness = await server.get(server.person("witness"), path)
    assert (witness.status_code, witness.json()["code"]) == (403, "role_may_not_read")
