"""A freeze step by step: what it holds, what ends it, whom it asks."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Map
from sqlalchemy import select, update

from crdt_docs.signing import content as signed
from crdt_docs.signing import state
from crdt_docs.transcript import blocks
from server.hearing import documents
from server.signing import court_key, view
from server.signing.freezing import TRIES
from server.signing.frozen_draft import MOST_FINDINGS
from server.storage import tables
from server.storage.control_log import append
from server.storage.hearings import add_hearing
from tests.freezing.rig import HEARING, Chamber, closed, joined, plain, sitting
from tests.harness.writing import add_annotation
from tests.sync.conftest import Client


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def test_a_frozen_version_is_the_living_text_and_its_files_are_what_the_log_names(chamber: Chamber) -> None:
    await chamber.written("clerk", "t1", "今天开庭。")
    entry = await chamber.frozen()
    payload = entry.payload
    assert payload["content_sha256"] == await chamber.digest()
    assert signed.digest_of(chamber.file("content.json")) == payload["content_sha256"]
    assert sha256(chamber.file("update.bin")) == payload["update_sha256"]
    assert sha256(chamber.file("snapshot.json")) == payload["state_sha256"]
    assert sha256(chamber.file("transcript.pdf")) == payload["pdf_sha256"]
    restored = state.restore(chamber.file("update.bin"), chamber.file("snapshot.json"))
    assert blocks(restored.doc) == blocks((await chamber.room()).document.doc)
    assert (entry.event.actor, "checked_by" in payload) == ("court", False)


async def test_the_line_of_starting_is_the_last_of_the_text_and_its_update_is_the_barrier(chamber: Chamber) -> None:
    await chamber.written("clerk", "t1", "一")
    entry = await chamber.frozen()
    assert (await chamber.content())["blocks"][-1]["id"] == f"c{entry.payload['of']}"
    assert entry.payload["barrier"] == (await chamber.room()).seq
    assert chamber.file("snapshot.json") == state.snapshot((await chamber.room()).document.diff())


async def test_a_second_version_leaves_the_first_as_it_was(chamber: Chamber) -> None:
    await chamber.written("clerk", "t1", "一")
    first = await chamber.frozen()
    kept = {name: chamber.file(name) for name in ("update.bin", "content.json", "transcript.pdf")}
    await chamber.give("judge", "reopen", reason="补记")
    await chamber.written("clerk", "t2", "二")
    second = await chamber.frozen()
    assert (first.payload["v"], second.payload["v"]) == (1, 2)
    assert {name: chamber.file(name) for name in kept} == kept
    assert first.payload["content_sha256"] != second.payload["content_sha256"]


async def test_exhibits_and_annotations_are_named_as_they_stand(chamber: Chamber) -> None:
    room = await chamber.rooms.open(documents.annotations(HEARING, "e1"))
    client = Client(room, "plaintiff")
    client.open()
    add_annotation(client.doc, "plaintiff", "签名存疑")
    client.send_made()
    await chamber.stored()
    entry = await chamber.frozen()
    (name,) = entry.payload["annotations"]
    found = entry.payload["annotations"][name]
    assert (name, found["barrier"]) == (f"{HEARING}/annotations/e1", room.seq)
    assert found["state_sha256"] == state.state_sha256(room.document.diff())
    assert entry.payload["exhibits"] == [{"id": "e1", "number": 1, "title": "借条"}]


async def test_annotations_without_any_entry_are_not_named(chamber: Chamber) -> None:
    assert "annotations" not in (await chamber.frozen()).payload


async def test_a_witness_who_spoke_is_asked_to_sign_their_part(chamber: Chamber) -> None:
    await chamber.written("clerk", "t1", "谁在场？", "judge")
    await chamber.written("clerk", "t2", "我在场。", "witness")
    entry = await chamber.frozen()
    scopes = {each["person"]: (each["scope"], each.get("part_sha256")) for each in entry.payload["signers"]}
    part = signed.content_sha256(signed.part(await chamber.content(), "witness"))
    assert scopes == {
        **{person: ("whole", None) for person in ("judge", "clerk", "clerk2", "plaintiff")},
        "witness": ("part", part),
    }


async def test_characters_that_nobody_sees_keep_a_text_from_being_frozen(chamber: Chamber) -> None:
    clerk = await chamber.written("clerk", "t1", "金额\u202e元")
    await chamber.give("judge", "start_signing")
    failed = await chamber.outcome()
    assert failed.payload["code"] == "lint"
    assert failed.payload["findings"] == [{"code": "bidi", "turn": "t1", "at": 2, "code_point": 0x202E}]
    clerk.take()
    at = next(place for place, words in enumerate(clerk.words()) if "\u202e" in words)
    text = clerk.text(at)
    del text[6:9]  # pycrdt counts UTF-8 bytes
    clerk.send_made()
    await chamber.stored()
    assert (await chamber.frozen()).payload["v"] == 1


async def test_what_lint_warns_of_is_frozen_and_shown_to_the_court(chamber: Chamber) -> None:
    await chamber.written("clerk", "t1", "葛\U000e0100女士")
    await chamber.written("clerk", "t2", "付至раypal账户")
    entry = await chamber.frozen()
    assert entry.payload["findings"] == [
        {"code": "variation", "turn": "t1", "at": 1, "code_point": 0xE0100},
        {"code": "mixed_scripts", "turn": "t2", "at": 4, "code_point": ord("y")},
    ]
    control, key = await chamber.control(), court_key.load(chamber.data)
    assert view.shown(control, "clerk", key)["findings"] == entry.payload["findings"]
    assert (view.shown(control, "clerk", key)["fault"], view.shown(control, "plaintiff", key)["findings"]) == (None, [])


async def test_of_very_many_findings_the_first_are_in_the_log(chamber: Chamber) -> None:
    await chamber.written("clerk", "t1", "葛\U000e0100" * (MOST_FINDINGS + 1))
    assert len((await chamber.frozen()).payload["findings"]) == MOST_FINDINGS


async def test_a_rare_character_never_keeps_a_text_from_being_frozen(chamber: Chamber) -> None:
    chamber.printer = lambda content, facts: (plain(content, facts)[0], [{"turn": "t1", "code_point": 0x2A6A5}])
    await chamber.written("clerk", "t1", "\U0002a6a5")
    entry = await chamber.frozen()
    assert entry.payload["unprintable"] == [{"turn": "t1", "code_point": 0x2A6A5}]


async def test_a_text_that_cannot_be_printed_is_a_draft_again(chamber: Chamber) -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("no paper")

    chamber.printer = broken
    await chamber.give("judge", "start_signing")
    assert (await chamber.outcome()).payload == {"v": 1, "code": "pdf_failed"}
    chamber.printer = plain
    assert (await chamber.frozen()).payload["v"] == 1
    assert chamber.file("transcript.pdf").startswith(b"%PDF-")


async def test_the_page_of_a_connected_clerk_is_waited_for_and_named(chamber: Chamber) -> None:
    chamber.present = {"clerk", "judge"}
    await chamber.give("judge", "start_signing")
    control, digest = await chamber.control(), await chamber.digest()
    await chamber.reported("judge", digest)
    await chamber.stored()
    assert control.state.transcript.value == "REVIEW", "a judge's word is not enough while a clerk is connected"
    await chamber.reported("clerk", digest)
    assert (await chamber.outcome()).payload["checked_by"] == {"person": "clerk", "role": "clerk"}


async def test_without_a_clerk_a_judges_page_counts(chamber: Chamber) -> None:
    chamber.present = {"judge"}
    await chamber.give("judge", "start_signing")
    await chamber.reported("judge", await chamber.digest())
    assert (await chamber.outcome()).payload["checked_by"] == {"person": "judge", "role": "judge"}


async def test_a_clerk_who_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    async with sitting(tmp_path, wait=0.2) as chamber:
        chamber.present = {"clerk", "judge"}
        await chamber.give("judge", "start_signing")
        await chamber.reported("judge", await chamber.digest())
        assert (await chamber.outcome()).payload["checked_by"]["person"] == "judge"


@pytest.mark.parametrize("person", ["clerk", "judge"])
async def test_another_digest_ends_the_freeze(chamber: Chamber, person: str) -> None:
    chamber.present = {"clerk", "judge"}
    await chamber.give("judge", "start_signing")
    await chamber.reported(person, "0" * 64)
    assert (await chamber.outcome()).payload == {"v": 1, "code": "digest_differs"}
    assert (await chamber.control()).state.transcript.value == "DRAFT"


async def test_nobody_elses_word_and_no_other_versions_counts(chamber: Chamber) -> None:
    chamber.present = {"clerk"}
    await chamber.give("judge", "start_signing")
    await chamber.reported("plaintiff", "0" * 64)
    of = (await chamber.control()).state.signing.started
    chamber.freezing.reported(HEARING, "clerk", (2, of), "0" * 64)
    chamber.freezing.reported("another", "clerk", (1, of), "0" * 64)
    await chamber.reported("clerk", await chamber.digest())
    assert (await chamber.outcome()).payload["checked_by"]["person"] == "clerk"


async def test_a_late_word_about_a_failed_try_does_not_end_the_next_of_the_same_version(chamber: Chamber) -> None:
    chamber.present = {"clerk", "judge"}
    failed = (await chamber.give("judge", "start_signing")).seq
    await chamber.reported("judge", "0" * 64)
    assert (await chamber.outcome()).event.kind == "FreezeFailed"
    await chamber.give("judge", "start_signing")
    chamber.freezing.reported(HEARING, "clerk", (1, failed), "0" * 64)
    await chamber.reported("clerk", await chamber.digest())
    assert (await chamber.outcome()).payload["checked_by"] == {"person": "clerk", "role": "clerk"}


async def test_a_freeze_waits_for_a_disk_that_takes_its_files(
    chamber: Chamber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.signing.freezing.RETRY", 0.02)
    (chamber.data / "frozen").write_text("in the way")
    await chamber.give("judge", "start_signing")
    tries = 0

    def counted(content: Any, facts: Any) -> Any:
        nonlocal tries
        tries += 1
        return plain(content, facts)

    chamber.printer = counted
    await chamber.until(lambda: tries > 2)
    assert (await chamber.control()).state.transcript.value == "REVIEW"
    (chamber.data / "frozen").unlink()
    assert (await chamber.outcome()).event.kind == "Frozen"
    control = await chamber.control()
    assert [entry.event.kind for entry in control.entries] == ["SessionOpened", "SigningStarted", "Frozen"]


async def test_a_freeze_that_fails_for_another_reason_than_the_disk_s_ends_and_the_court_has_its_draft_back(
    chamber: Chamber, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An annotations log that no gate has let in: it gives a document, but no annotations."""
    monkeypatch.setattr("server.signing.freezing.RETRY", 0.02)
    client = Client(await chamber.rooms.open(documents.annotations(HEARING, "e1")), "plaintiff")
    client.open()
    add_annotation(client.doc, "plaintiff", "签名存疑")
    client.send_made()
    await chamber.stored()
    damaged: Doc[Any] = Doc()
    damaged.get("annotations", type=Map)["x"] = Map({"kind": "nothing"})
    of_e1 = select(tables.documents.c.id).where(tables.documents.c.name == f"{HEARING}/annotations/e1")
    written = update(tables.updates).where(tables.updates.c.document.in_(of_e1)).values(data=damaged.get_update())
    await chamber.commits.commit(lambda connection: connection.execute(written) and None)
    await chamber.give("judge", "start_signing")
    assert (await chamber.outcome()).payload == {"v": 1, "code": "log_broken"}
    assert [caplog.text.count(words) for words in ("is tried again", "is given up")] == [TRIES - 1, 1]
    assert "BadAnnotation" in caplog.text
    assert (await chamber.control()).state.transcript.value == "DRAFT"


async def test_a_freeze_that_a_server_left_is_done_by_the_next_one(chamber: Chamber) -> None:
    chamber.present = {"clerk"}  # whose page never says anything
    await chamber.written("clerk", "t1", "一")
    await chamber.give("judge", "start_signing")
    await closed(chamber)
    after = joined(chamber.data, chamber.commits, 600.0)
    try:
        assert (await after.outcome()).event.kind == "Frozen"
        assert (await after.control()).seq == 3
    finally:
        await closed(after)


async def test_what_a_server_left_is_taken_up_by_the_next_before_anybody_comes(chamber: Chamber) -> None:
    chamber.present = {"clerk"}
    await chamber.written("clerk", "t1", "一")
    await chamber.give("judge", "start_signing")
    await closed(chamber)
    after = joined(chamber.data, chamber.commits, 600.0)
    asked: list[str] = []

    async def opened(hearing: str) -> None:
        asked.append(hearing)
        await after.hearings.get(hearing)

    try:
        await after.freezing.take_up([HEARING], opened)
        assert asked == [HEARING]
        assert (await after.outcome()).event.kind == "Frozen"
        await after.freezing.take_up([HEARING], opened)
        assert asked == [HEARING], "it has its outcome"
    finally:
        await closed(after)


async def test_one_hearing_that_cannot_be_opened_keeps_no_other_from_being_taken_up(
    chamber: Chamber, caplog: pytest.LogCaptureFixture
) -> None:
    chamber.present = {"clerk"}
    await chamber.commits.commit(add_hearing(replace((await chamber.control()).details, id="a-damaged-one")))
    await chamber.give("judge", "start_signing")
    row = (await chamber.control()).entries[-1].row()
    await chamber.commits.commit(append([replace(row, hearing="a-damaged-one", leaf=b"")]))
    asked: list[str] = []

    async def opened(hearing: str) -> None:
        asked.append(hearing)
        await chamber.hearings.get(hearing)

    with caplog.at_level("ERROR"):
        await chamber.freezing.take_up(["a-damaged-one", HEARING], opened)
    assert asked == ["a-damaged-one", HEARING]
    assert "a-damaged-one" in caplog.text
