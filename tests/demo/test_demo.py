"""The demo: complete, the same after any number of starts and after a start that was cut short anywhere."""

import hashlib
import io
import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crdt_docs.transcript import Turn, parse_sample, turns
from server import demo
from server.app import App
from server.demo import cast, evidence
from server.hearing import documents
from server.hearing.state import ParticipantState, Phase
from server.hearing.times import COURT_ZONE
from server.people.tokens import stamp
from server.settings import BadSetting, Settings
from server.storage.hearings import add_hearing, hearing_record
from server.storage.people import PersonRecord, SessionRecord, add_people, add_session
from tests.demo.running import URL, Countdown, Cut, CutShort, application

ROLES = ["judge", "clerk", "clerk", "plaintiff", "defendant", "agent", "agent", "witness", "observer"]
STEPS = 17  # writes of the first start: rows, four exhibits, nine logins, the hearing, two pieces of text
PAGES = {"loan-contract": 3, "transfer-and-chat": 2}


def read_file(data: Path) -> dict[str, Any]:
    return json.loads((data / "demo.json").read_text("utf-8"))


def digests() -> set[str]:
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in evidence.FOLDER.glob("*.pdf")}


async def text_of(app: App, hearing: str) -> list[Turn]:
    room = await app.state.rooms.open(documents.transcript(hearing))
    return turns(room.document.doc)


async def make(data: Path, url: str = URL) -> dict[str, Any]:
    async with application(data) as app:
        await demo.prepare(app, url)
    return read_file(data)


async def test_the_file_says_everything_that_is_needed_to_enter(tmp_path: Path) -> None:
    content = await make(tmp_path)
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert set(content) == {"url", "hearing", "people", "documents", "exhibits", "scheduled"}
    assert content["url"] == URL
    for hearing in (content, content["scheduled"]):
        assert [each["role"] for each in hearing["people"]] == ROLES
        assert all(set(each) == {"role", "id", "name", "token", "link"} for each in hearing["people"])
        assert hearing["documents"]["transcript"] == f"{hearing['hearing']}/transcript"
        assert hearing["documents"]["annotations"] == [
            f"{hearing['hearing']}/annotations/{each['id']}" for each in hearing["exhibits"]
        ]
        assert {each["id"]: each["pages"] for each in hearing["exhibits"]} == PAGES
        assert {each["sha256"] for each in hearing["exhibits"]} == digests()
        assert all(documents.parse(name) for name in hearing["documents"]["annotations"])
    assert content["hearing"] != content["scheduled"]["hearing"]
    assert content["scheduled"]["people"] == content["people"]


async def test_tokens_and_links_of_the_file_log_their_people_in(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        content = await demo.prepare(app, URL)
        for person in content["people"]:
            url, _, secret = person["link"].partition("#")
            assert url == f"{URL}/login"
            by_token, by_link = app.state.sessions.of_token(person["token"]), app.state.sessions.of_link(secret)
            assert by_token == by_link and by_token.person == person["id"]
            assert by_token.expires_at - datetime.now(UTC) > timedelta(hours=23)


async def test_the_agents_speak_for_the_parties_the_plaintiffs_first(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        record = await app.state.commit_thread.read(lambda connection: hearing_record(connection, cast.IN_SESSION))
    names = {each.person: each.name for each in record.participants}
    agents = [(each.name, names[each.represents]) for each in record.participants if each.role == "agent"]
    assert agents == [("秦念", "周启航"), ("段子謇", "贺岚")]
    assert record.options == {"bench": "sole", "observers_read": True}


async def test_the_first_hearing_is_in_session_and_its_log_says_so(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        control = await app.state.hearings.get(cast.IN_SESSION)
        assert (control.state.phase, control.seq, control.applied_seq) == (Phase.IN_SESSION, 1, 1)
        states = {each.role.value: each.state for each in control.state.participants.values()}
        for role in ("judge", "clerk", "plaintiff", "defendant", "agent"):
            assert states[role] is ParticipantState.IN_COURT
        assert states["witness"] is states["observer"] is ParticipantState.WAITING


async def test_the_transcript_is_the_samples_up_to_its_present_with_the_opening_in_its_place(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        seeded = await text_of(app, cast.IN_SESSION)
    sample = parse_sample(demo.SAMPLE.read_text("utf-8"))
    spoken = [turn for turn in seeded if turn.kind != "procedure"]
    assert [turn.text for turn in spoken] == [turn.text for turn in sample[: len(spoken)]]
    assert sample[len(spoken)].text == "【七、闭庭】"
    assert all(turn.origin == "" for turn in spoken)
    assert len({turn.id for turn in seeded}) == len(seeded)
    lines = [place for place, turn in enumerate(seeded) if turn.kind == "procedure"]
    assert len(lines) == 1 and seeded[lines[0]].id == "c1"
    assert seeded[lines[0] - 1].text == "报告审判员，庭前准备工作就绪，请开庭。"
    assert seeded[lines[0] + 1].text == "【二、宣布开庭、核对身份、告知权利义务】"


async def test_each_spoken_line_belongs_to_the_person_who_says_it(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        seeded = await text_of(app, cast.IN_SESSION)
    speakers = {turn.role: turn.speaker for turn in seeded if turn.kind == "speech"}
    assert speakers == {part.label: part.id for part in reversed(cast.CAST) if part.role != "observer"}
    assert all(turn.speaker == "" for turn in seeded if turn.kind in ("note", "heading"))


async def test_the_second_hearing_is_todays_and_nothing_has_happened_in_it(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        control = await app.state.hearings.get(cast.SCHEDULED)
        assert (control.state.phase, control.seq) == (Phase.SCHEDULED, 0)
        assert await text_of(app, cast.SCHEDULED) == []
        start = datetime.fromisoformat(control.details.starts_at).astimezone(COURT_ZONE)
        assert start.date() == datetime.now(COURT_ZONE).date()


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("09:00", "10:00"),
        ("09:29", "10:00"),
        ("09:30", "10:30"),
        ("22:59", "23:30"),
        ("23:00", "23:59"),
        ("23:58", "23:59"),
        ("00:00", "01:00"),
    ],
)
def test_the_second_hearing_never_slips_into_tomorrow(now: str, start: str) -> None:
    moment = datetime.fromisoformat(f"2026-03-02T{now}:30+08:00")
    assert cast.scheduled_start(moment).isoformat() == f"2026-03-02T{start}:00+08:00"


async def test_a_second_start_keeps_everything_but_the_address(tmp_path: Path) -> None:
    first = await make(tmp_path)
    second = await make(tmp_path, "http://127.0.0.1:9999")
    assert second == json.loads(json.dumps(first).replace(URL, "http://127.0.0.1:9999"))
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        assert (await app.state.hearings.get(cast.IN_SESSION)).seq == 1
        assert len(await text_of(app, cast.IN_SESSION)) > 100
    assert read_file(tmp_path) == first


async def test_a_second_start_takes_no_exhibit_in_again(tmp_path: Path) -> None:
    await make(tmp_path)
    served = {path: path.stat().st_mtime_ns for path in (tmp_path / "exhibits").glob("*.made/*")}
    assert len(served) == 8
    async with application(tmp_path) as app:
        before = [await app.state.exhibits.of(hearing) for hearing in (cast.IN_SESSION, cast.SCHEDULED)]
        await demo.prepare(app, URL)
        assert before == [await app.state.exhibits.of(hearing) for hearing in (cast.IN_SESSION, cast.SCHEDULED)]
    assert served == {path: path.stat().st_mtime_ns for path in (tmp_path / "exhibits").glob("*.made/*")}


async def test_what_people_did_since_is_left_alone(tmp_path: Path) -> None:
    from server.hearing.commands import Recess

    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        control = await app.state.hearings.get(cast.IN_SESSION)
        await control.execute(cast.CAST[0].id, Recess())
        before = await text_of(app, cast.IN_SESSION)
    async with application(tmp_path) as app:
        await demo.prepare(app, URL)
        assert (await app.state.hearings.get(cast.IN_SESSION)).state.phase is Phase.RECESS
        assert await text_of(app, cast.IN_SESSION) == before


async def test_a_login_with_less_than_an_hour_left_is_replaced_and_others_are_kept(tmp_path: Path) -> None:
    ending, lasting = cast.CAST[0].id, cast.CAST[1].id
    now = datetime.now(UTC)
    async with application(tmp_path) as app:
        await app.state.commit_thread.commit(add_people(PersonRecord(part.id, part.name) for part in cast.CAST))
        for person, left in ((ending, timedelta(minutes=59)), (lasting, timedelta(minutes=61))):
            record = SessionRecord(f"old-{person}", person, stamp(now - timedelta(hours=23)), stamp(now + left))
            await app.state.commit_thread.commit(add_session(record))
    content = await make(tmp_path)
    tokens = {each["id"]: each["token"] for each in content["people"]}
    assert not tokens[ending].startswith(f"old-{ending}.")
    assert tokens[lasting].startswith(f"old-{lasting}.")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("steps", range(STEPS))
async def test_a_start_that_was_cut_short_is_finished_by_the_next(tmp_path: Path, steps: int, after: bool) -> None:
    async with application(tmp_path) as app:
        with pytest.raises(Cut):
            await demo.prepare(CutShort.before(app, Countdown(steps, after=after)), URL)
    assert not (tmp_path / "demo.json").exists()
    async with application(tmp_path) as app:
        content = await demo.prepare(app, URL)
        assert (await app.state.hearings.get(cast.IN_SESSION)).seq == 1
        seeded = await text_of(app, cast.IN_SESSION)
        before, since = demo.seeded_turns()
        assert [turn.text for turn in seeded if turn.id != "c1"] == [turn.text for turn in before + since]
        assert seeded[len(before)].id == "c1"
        assert all(len(app.state.sessions.of_person(part.id)) == 1 for part in cast.CAST)
    for hearing in (content, content["scheduled"]):
        assert {each["id"]: each["pages"] for each in hearing["exhibits"]} == PAGES


async def test_the_number_of_steps_above_is_the_real_one(tmp_path: Path) -> None:
    countdown = Countdown(STEPS, after=False)
    async with application(tmp_path) as app:
        await demo.prepare(CutShort.before(app, countdown), URL)
    assert countdown.left == 0


async def test_a_courts_own_data_is_never_mixed_with_the_demo(tmp_path: Path) -> None:
    async with application(tmp_path) as app:
        from dataclasses import replace

        real = replace(cast.in_session(datetime.now(UTC)), id="h-real", participants=())
        await app.state.commit_thread.commit(add_hearing(real))
        with pytest.raises(BadSetting, match="真实庭审"):
            await demo.prepare(app, URL)
        assert not (tmp_path / "demo.json").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "court.example", ""])
def test_the_demo_is_served_to_this_machine_only(host: str) -> None:
    with pytest.raises(BadSetting, match="YUNTING_HOST"):
        demo.refuse_public_host(Settings(host=host))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machines_own_addresses_are_fine(host: str) -> None:
    demo.refuse_public_host(Settings(host=host))


async def test_the_links_are_printed_one_a_person(tmp_path: Path) -> None:
    content = await make(tmp_path)
    out = io.StringIO()
    demo.print_links(content, out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 1 + len(cast.CAST)
    for line, person, part in zip(lines[1:], content["people"], cast.CAST, strict=True):
        assert person["name"] in line and part.title in line and line.endswith(person["link"])
        assert person["token"] not in line
