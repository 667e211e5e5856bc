"""Exhibits in the hearing's log: each is there with its entry or not at all; what was withdrawn stays and is marked no
more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.evidence.corpus import FOLDER, Desk
from tests.harness.control_client import ControlClient
from tests.harness.fixtures import MakeServer
from tests.harness.raw_socket import drop_all
from tests.harness.server import ServerProcess
from tests.harness.speakers import CollabSpeaker, YjsSpeaker
from tests.harness.waiting import until
from tests.harness.writing import add_annotation, annotations, random_word

PLAIN = (FOLDER / "plain-cjk.pdf").read_bytes()
KINDS = ("ExhibitOffered", "ExhibitRefused", "ExhibitDescribed", "ExhibitWithdrawn")


def at(desk: Desk, role: str, nth: int = 0, *, scheduled: bool = False) -> Desk:
    hearing = desk.server.demo.scheduled if scheduled else desk.hearing
    return Desk(desk.server, hearing, hearing.person(role, nth))


def entries(desk: Desk, exhibit: str = "") -> list[dict[str, Any]]:
    """The log's entries of exhibits as the person may see them; `exhibit`: of one."""
    with desk.server.http(desk.person.token) as client:
        shown = client.get(f"/api/hearings/{desk.hearing.id}/log").raise_for_status().json()["entries"]
    found = [each for each in shown if each["header"]["kind"] in KINDS]
    return [each for each in found if not exhibit or (each["payload"] or {}).get("exhibit") == exhibit]


def withdraw(desk: Desk, exhibit: str, reason: str = "重复提交") -> Any:
    return desk.ask("POST", f"/{exhibit}/withdraw", json={"reason": reason})


def code(desk: Desk, exhibit: str, reason: str = "重复提交") -> tuple[int, str]:
    answer = withdraw(desk, exhibit, reason)
    return answer.status_code, answer.json()["code"]


def test_the_log_names_what_is_handed_in_changed_and_withdrawn(desk: Desk) -> None:
    agent = at(desk, "agent")
    exhibit = agent.taken_in(PLAIN, title="借条", purpose="证明借款", name="借条.pdf")
    assert (exhibit["withdrawn"], exhibit["may_withdraw"]) == (None, True)
    place = f"/{exhibit['id']}"
    desk.ask("PATCH", place, json={"title": "借据", "purpose": "", "number": 500}).raise_for_status()
    assert desk.ask("PATCH", place, json={"title": "借据"}).status_code == 200  # nothing new: no entry
    withdrawn = withdraw(agent, exhibit["id"], " 重复\n提交 ").raise_for_status().json()
    offered, described, last = entries(desk, exhibit["id"])
    assert offered["payload"] == {
        "exhibit": exhibit["id"],
        **{name: exhibit[name] for name in ("number", "title", "sha256", "purpose", "offered_by", "name")},
        "bytes": len(PLAIN),
    }
    assert offered["header"]["actor"] == last["header"]["actor"] == agent.person.id
    assert described["header"]["actor"] == desk.person.id
    assert described["payload"]["changed"] == {"title": "借据", "purpose": ""}  # the last of them already
    assert last["payload"]["reason"] == "重复 提交"
    assert withdrawn["withdrawn"] == {"person": agent.person.id, "at": last["header"]["at"], "reason": "重复 提交"}
    assert (withdrawn["number"], withdrawn["state"]) == (exhibit["number"], "ready")


def test_a_file_that_the_check_refuses_gives_its_number_up_in_the_log(desk: Desk) -> None:
    exhibit = desk.taken_in(b"", name="empty.pdf")
    offered, refused = entries(desk, exhibit["id"])
    assert offered["payload"]["number"] > 0
    assert (refused["header"]["actor"], refused["payload"]["code"]) == ("court", "empty")
    assert code(desk, exhibit["id"]) == (409, "not_ready")


def test_who_may_not_see_exhibits_is_told_that_something_happened_and_not_what(desk: Desk) -> None:
    exhibit = desk.hand_in(PLAIN)["id"]
    assert entries(at(desk, "observer"), exhibit)
    withheld = entries(at(desk, "witness"))
    assert len(withheld) == len(entries(desk)) and all(each["payload"] is None for each in withheld)


def test_a_side_withdraws_its_own_and_a_clerk_any(desk: Desk) -> None:
    plaintiff, defendant = at(desk, "plaintiff"), at(desk, "defendant")
    first, second = plaintiff.hand_in(PLAIN)["id"], at(desk, "agent").hand_in(PLAIN)["id"]
    for other in (defendant, at(desk, "judge"), at(desk, "agent", 1), at(desk, "observer")):
        assert not other.ask("GET", f"/{first}").json()["may_withdraw"]
        assert code(other, first) == (403, "not_your_exhibit")
    assert code(at(desk, "witness"), first)[0] == 403
    assert code(plaintiff, first, "  ") == (409, "reason_missing")
    assert code(plaintiff, first, "x" * 501) == (400, "malformed")
    assert code(plaintiff, "e-none") == (404, "not_found")
    assert withdraw(plaintiff, second).status_code == withdraw(desk, first).status_code == 200
    assert code(plaintiff, first) == code(desk, first) == (409, "exhibit_withdrawn")
    assert desk.ask("PATCH", f"/{first}", json={"title": "x"}).json()["code"] == "exhibit_withdrawn"


def test_what_is_withdrawn_is_shown_still_and_its_original_is_the_court_s(desk: Desk) -> None:
    plaintiff, defendant, judge = at(desk, "plaintiff"), at(desk, "defendant"), at(desk, "judge")
    exhibit = plaintiff.taken_in(PLAIN)["id"]
    withdraw(plaintiff, exhibit).raise_for_status()
    for reader in (plaintiff, defendant, judge):
        assert reader.ask("GET", f"/{exhibit}").json()["withdrawn"]["person"] == plaintiff.person.id
        assert reader.ask("GET", f"/{exhibit}/served").status_code == 200
    assert judge.ask("GET", f"/{exhibit}/original").content == PLAIN
    assert plaintiff.ask("GET", f"/{exhibit}/original").content == PLAIN
    refused = defendant.ask("GET", f"/{exhibit}/original")
    assert (refused.status_code, refused.json()["code"]) == (409, "exhibit_withdrawn")


def test_before_the_session_a_party_withdraws_what_it_handed_in(desk: Desk) -> None:
    own = at(desk, "plaintiff", scheduled=True)
    exhibit = own.hand_in(PLAIN)["id"]
    assert withdraw(own, exhibit).json()["withdrawn"]["person"] == own.person.id
    assert [each["header"]["kind"] for each in entries(own)] == ["ExhibitOffered", "ExhibitWithdrawn"]
    assert all(each["payload"] is None for each in entries(at(desk, "defendant", scheduled=True)))


@pytest.fixture
def server(make_server: MakeServer) -> ServerProcess:
    return make_server(env={"YUNTING_REFUSAL_BACKOFF": "0", "YUNTING_DIGEST_WAIT": "0"}).start()


async def end_of(speaker: YjsSpeaker) -> tuple[int, str]:
    closed = await speaker.raw.ended()
    return closed.code, closed.reason


async def test_marks_that_came_are_kept_and_later_ones_are_stale(server: ServerProcess) -> None:
    """Over both wires, for who was there and for who comes back with a mark made before."""
    hearing = server.demo.hearing
    plaintiff = Desk(server, hearing, hearing.person("plaintiff"))
    defendant = hearing.person("defendant")
    exhibit = plaintiff.hand_in(PLAIN)["id"]
    document = f"{hearing.id}/annotations/{exhibit}"
    here = await YjsSpeaker.connect(server.url, document, defendant.token)
    judge = await CollabSpeaker.connect(server.url, document, hearing.judge.token)
    for speaker in (here, judge):
        await speaker.in_step()
    early = random_word()
    add_annotation(here.doc, defendant.id, early)
    await here.saved()
    control = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    await control.wait_for("Welcome")
    withdraw(plaintiff, exhibit).raise_for_status()
    await control.wait_for("Exhibits")
    add_annotation(here.doc, defendant.id, random_word("late"))
    assert await end_of(here) == (4409, "stale")
    add_annotation(judge.doc, hearing.judge.id, random_word("late"))
    await until(lambda: judge.closes, "an end of the judge's document")
    assert judge.closes == ["stale"]
    back = await YjsSpeaker.connect(server.url, document, defendant.token, here.doc)
    assert await end_of(back) == (4409, "stale")
    fresh = await YjsSpeaker.connect(server.url, document, defendant.token)
    await fresh.in_step()
    assert [each["body"] for each in annotations(fresh.doc).values()] == [early]
    await drop_all()


async def test_a_kill_leaves_an_exhibit_and_its_entry_or_neither(server: ServerProcess) -> None:
    """Each row is one transaction with its entry: after a start they agree, and the withdrawal holds."""
    hearing = server.demo.hearing
    plaintiff = Desk(server, hearing, hearing.person("plaintiff"))
    first = plaintiff.hand_in(PLAIN)["id"]
    withdraw(plaintiff, first).raise_for_status()
    second = plaintiff.hand_in(PLAIN)["id"]
    server.kill()
    server.start()
    clerk = replace(plaintiff, person=hearing.clerk)
    listed = {each["id"]: each for each in clerk.ask("GET").json()["exhibits"]}
    named = {each["payload"]["exhibit"] for each in entries(clerk)}
    assert named == {first, second} == listed.keys() - {"loan-contract", "transfer-and-chat"}
    assert listed[first]["withdrawn"]["reason"] == "重复提交" and listed[second]["withdrawn"] is None
    assert plaintiff.settled(first)["state"] == "ready"
    late = await YjsSpeaker.connect(server.url, f"{hearing.id}/annotations/{first}", hearing.clerk.token)
    await late.in_step()
    add_annotation(late.doc, hearing.clerk.id, random_word())
    assert await end_of(late) == (4409, "stale")
    await drop_all()


async def test_nothing_is_withdrawn_from_a_version_that_is_being_signed(server: ServerProcess) -> None:
    hearing = server.demo.hearing
    plaintiff, clerk = (Desk(server, hearing, hearing.person(role)) for role in ("plaintiff", "clerk"))
    first, second = plaintiff.taken_in(PLAIN)["id"], plaintiff.taken_in(PLAIN)["id"]
    withdraw(clerk, first).raise_for_status()
    judge = await ControlClient.connect(server.url, hearing.id, hearing.judge.token)
    assert (await judge.command("start_signing"))["type"] == "Ack"
    await until(lambda: any(each["header"]["kind"] == "Frozen" for each in judge.of("Event")), "a frozen version", 120)
    frozen = next(each for each in judge.of("Event") if each["header"]["kind"] == "Frozen")
    named = {each["id"]: each.get("withdrawn", False) for each in frozen["payload"]["exhibits"]}
    assert (named[first], named[second]) == (True, False)
    assert code(plaintiff, second) == code(clerk, second) == (409, "frozen")
    assert (await judge.command("reopen", reason="补记"))["type"] == "Ack"
    assert withdraw(plaintiff, second).status_code == 200
    assert (await judge.command("close"))["type"] == "Ack"
    assert code(clerk, "loan-contract") == (409, "hearing_closed")
    await drop_all()
