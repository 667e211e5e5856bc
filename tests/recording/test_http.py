"""Recordings over HTTP: court staff alone, ranges, the archive, clips around a marked incident."""

import io
import zipfile
from hashlib import sha256

import av
import pytest

from server.hearing.court_events import IncidentMarked
from tests.endpoints.json_schema import faults
from tests.recording.conftest import PATH, Court
from tests.recording.prepared import pictures
from tests.recording.written import decoded, times_of


@pytest.fixture
async def recorded(court: Court) -> Court:
    """Nine seconds of two people, in the log."""
    written = court.record()
    written.go(9_000)
    written.stop()
    court.tell("disconnected", leg="publish", peer="1")
    await court.sealed()
    return court


async def marked(court: Court) -> int:
    """An incident in the middle of what was recorded; its entry."""
    entries = await court.control.record(court.serving.person("clerk"), lambda _state, _now: (IncidentMarked(""),))
    return entries[-1].seq


async def test_the_index_names_every_file_and_is_what_the_description_says(recorded: Court) -> None:
    answer = (await recorded.get()).json()
    assert [each["round"] for each in answer["rounds"]] == [1, 2, 3]
    assert {file["person_name"] for each in answer["rounds"] for file in each["files"]} >= {"审判员顾明远"}
    described = (await recorded.serving.client.get("/api/openapi.json")).json()
    schemas = described["components"]["schemas"]
    assert list(faults(answer, schemas["Recording"], schemas)) == []


async def test_each_segment_is_given_as_it_was_written_whole_and_in_parts(recorded: Court) -> None:
    for file in [file for each in (await recorded.get()).json()["rounds"] for file in each["files"]]:
        whole = await recorded.get(file["url"].removeprefix(PATH))
        assert sha256(whole.content).hexdigest() == file["sha256"]
        assert whole.headers["content-type"] == f"{file['kind']}/webm"
    part = await recorded.get(file["url"].removeprefix(PATH), Range="bytes=4-9")
    assert (part.status_code, part.content) == (206, whole.content[4:10])
    same = await recorded.get(file["url"].removeprefix(PATH), **{"If-None-Match": whole.headers["etag"]})
    assert same.status_code == 304


@pytest.mark.parametrize("name", ["nothing.webm", ".lock", "000001.json", "..%2F..%2Fyunting.sqlite3", "clips"])
async def test_nothing_but_segments_is_given(recorded: Court, name: str) -> None:
    for place in ("files", "clips"):
        assert (await recorded.get(f"/{place}/{name}")).json()["code"] == "not_found"


@pytest.mark.parametrize("path", ["", "/files/000001.webm", "/archive", "/clips/clip-1-0000000000000000.webm"])
@pytest.mark.parametrize("role", ["plaintiff", "agent", "witness", "observer"])
async def test_whoever_is_not_of_the_court_gets_nothing(court: Court, role: str, path: str) -> None:
    answer = await court.get(path, court.serving.person(role))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    made = await court.post("/clips", {"of": 1, "before_s": 1, "after_s": 1}, court.serving.person(role))
    assert made.json()["code"] == "forbidden"


async def test_an_isolated_person_is_told_that_alone(court: Court) -> None:
    await court.order("judge", "isolate", person=court.serving.person("plaintiff"))
    assert (await court.get("", court.serving.person("plaintiff"))).json()["code"] == "isolated"


async def test_the_archive_holds_every_segment_and_the_index(recorded: Court) -> None:
    answer = await recorded.get("/archive")
    assert "content-length" not in answer.headers
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        held = {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    index = held.pop("index.json")
    assert index
    assert held == {
        file["name"]: file["sha256"] for each in (await recorded.get()).json()["rounds"] for file in each["files"]
    }


async def test_a_clip_holds_everybody_around_the_incident_and_its_digest_is_in_the_log(recorded: Court) -> None:
    of = await marked(recorded)
    answer = await recorded.post("/clips", {"of": of, "before_s": 600, "after_s": 600})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    (fact,) = recorded.facts("ClipExported")
    assert (made["sha256"], made["of"]) == (fact.sha256, of)
    clip = await recorded.get(made["url"].removeprefix(PATH))
    assert sha256(clip.content).hexdigest() == made["sha256"]
    path = recorded.data / "clip.webm"
    path.write_bytes(clip.content)
    with av.open(str(path)) as container:
        tracks = [(stream.type, stream.metadata["title"]) for stream in container.streams]
    people = {recorded.control.state.participants[each].title for each in recorded.written.people}
    assert {kind for kind, _ in tracks[:2]} == {"video"} and {kind for kind, _ in tracks[2:]} == {"audio"}
    assert {title for _, title in tracks[:2]} == {title for _, title in tracks[2:]} == people
    assert decoded(path) == 9_000 // 40
    assert (await recorded.get()).json()["clips"] == [made]


async def test_the_same_clip_is_the_same_file_and_entered_once(recorded: Court) -> None:
    of = await marked(recorded)
    body = {"of": of, "before_s": 600, "after_s": 600}
    one, other = (await recorded.post("/clips", body)).json(), (await recorded.post("/clips", body)).json()
    assert one == other
    assert len(recorded.facts("ClipExported")) == 1


async def test_a_clip_begins_at_the_key_frame_before_it(recorded: Court) -> None:
    of = await marked(recorded)
    at_ms = recorded.control.entries[of - 1].event.at_ms
    start = recorded.written.sealed[0].from_ms
    before = (at_ms - start) // 1_000 - 3
    if before < 0:  # the machine took its time: the recording lies in the future of the mark
        after = -before
        made = (await recorded.post("/clips", {"of": of, "before_s": 0, "after_s": after + 2})).json()
    else:
        made = (await recorded.post("/clips", {"of": of, "before_s": before, "after_s": 5})).json()
    assert made["from_ms"] <= start + 9_000
    clip = await recorded.get(made["url"].removeprefix(PATH))
    path = recorded.data / "clip.webm"
    path.write_bytes(clip.content)
    with av.open(str(path)) as container:
        first = next(packet for packet in container.demux(container.streams.video[0]) if packet.size)
        assert first.is_keyframe
    assert decoded(path) > 0


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"of": 1, "before_s": 1, "after_s": 1}, "no_incident"),
        ({"of": 10_000, "before_s": 1, "after_s": 1}, "no_incident"),
        ({"of": 1, "before_s": -1, "after_s": 1}, "malformed"),
        ({"of": 1, "before_s": 1, "after_s": 601}, "malformed"),
        ({"of": True, "before_s": 1, "after_s": 1}, "malformed"),
        ({"of": 1}, "malformed"),
    ],
)
async def test_what_is_no_order_for_a_clip_is_refused(court: Court, body: dict[str, int], code: str) -> None:
    assert (await court.post("/clips", body)).json()["code"] == code


async def test_where_nothing_was_recorded_there_is_no_clip(court: Court) -> None:
    of = await marked(court)
    assert (await court.post("/clips", {"of": of, "before_s": 5, "after_s": 5})).json()["code"] == "nothing_recorded"
    assert court.facts("ClipExported") == []


async def test_a_segment_in_which_one_byte_is_another_makes_no_clip_and_is_named(recorded: Court) -> None:
    """Its frames are still found: without the digest the clip would be made, and be given one that is right."""
    of = await marked(recorded)
    path = sorted(recorded.written.folder.glob("*-video.webm"))[0]
    whole, frames = path.read_bytes(), times_of(path)
    at = whole.index(pictures()[0]) + len(pictures()[0]) // 2
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert times_of(path) == frames
    answer = await recorded.post("/clips", {"of": of, "before_s": 600, "after_s": 600})
    assert (answer.status_code, answer.json()["code"]) == (422, "segment_changed")
    assert answer.json()["detail"] == path.name
    assert list((recorded.written.folder / "clips").iterdir()) == [] == recorded.facts("ClipExported")


async def test_a_segment_that_is_gone_makes_no_clip(recorded: Court) -> None:
    of = await marked(recorded)
    sorted(recorded.written.folder.glob("*.webm"))[0].unlink()
    answer = await recorded.post("/clips", {"of": of, "before_s": 600, "after_s": 600})
    assert answer.json()["code"] == "clip_failed"


async def test_what_is_still_being_recorded_gives_no_clip_that_leaves_it_out(court: Court) -> None:
    """Neither while a round is written nor while it waits to be entered."""
    written = court.record()
    written.go(6_000)
    await court.sealed()
    of = await marked(court)
    order = {"of": of, "before_s": 600, "after_s": 600}
    assert (await court.post("/clips", order)).json()["code"] == "not_sealed_yet"
    court.tell("disconnected", leg="publish", peer="1")
    assert (await court.post("/clips", order)).json()["code"] == "not_sealed_yet"
    written.stop()
    assert (await court.post("/clips", order)).json()["code"] == "not_sealed_yet"
    await court.sealed()
    made = (await court.post("/clips", order)).json()
    assert made["to_ms"] == written.sealed[-1].to_ms
