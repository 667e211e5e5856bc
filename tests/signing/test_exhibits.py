"""Exhibits in the log and in bundles: what is entered is whole or not there, and each bundle agrees with its log."""

from __future__ import annotations

import json
import sqlite3
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from crdt_docs.signing.verify import Result, verify
from server.signing.bundle import kept
from server.storage import exhibits as sql
from server.storage.exhibits import Exhibit, Write
from tests.endpoints.serving import HEARING
from tests.evidence.corpus import FOLDER
from tests.harness.waiting import until
from tests.signing.court import Court

PLACE = f"/api/hearings/{HEARING}/exhibits"
FILE = (FOLDER / "plain-cjk.pdf").read_bytes()


async def ask(court: Court, role: str, path: str, **given: Any) -> httpx.Response:
    headers = court.serving.bearer(court.serving.person(role))
    return await court.serving.client.post(PLACE + path, headers=headers, **given)


async def hand_in(court: Court, role: str, content: bytes = FILE) -> str:
    return (await ask(court, role, "", content=content)).raise_for_status().json()["id"]


async def withdraw(court: Court, role: str, exhibit: str) -> None:
    (await ask(court, role, f"/{exhibit}/withdraw", json={"reason": "重复"})).raise_for_status()


async def bundle_of(court: Court, role: str) -> tuple[Result, ZipFile]:
    """The check of exhibits in one person's copy, which must not be wrong in anything."""
    answer = await court.serving.get(court.serving.person(role), f"/api/hearings/{HEARING}/bundle")
    report = verify(answer.raise_for_status().content, court_key=court.serving.app.state.court_key.vkey)
    assert report.failed == ()
    return next(each for each in report.results if each.code == "exhibits"), ZipFile(BytesIO(answer.content))


async def test_a_bundle_agrees_with_the_log_and_keeps_a_withdrawn_original_from_the_others(writing: Court) -> None:
    state, clerk = writing.serving.app.state, writing.serving.person("clerk")
    first, empty = await hand_in(writing, "plaintiff"), await hand_in(writing, "agent", b"")
    for each in (first, empty):
        await state.exhibits.intake.settled(HEARING, each)
    second = await hand_in(writing, "agent")
    change = {"headers": writing.serving.bearer(clerk), "json": {"title": "收条", "number": 1}}
    (await writing.serving.client.patch(f"{PLACE}/{second}", **change)).raise_for_status()
    await withdraw(writing, "plaintiff", first)
    await writing.freeze()
    for role in ("plaintiff", "defendant"):  # who has signed may have one
        assert (await writing.sign(await writing.bound(writing.signer(role)))).status_code == 201
    for role, has_original in (("judge", True), ("plaintiff", True), ("defendant", False)):
        found, held = await bundle_of(writing, role)
        assert found.status == "ok"
        assert next(each.en for each in found.findings if first in each.en).endswith("重复")
        assert (f"exhibits/{first}/original" in held.namelist()) == has_original
        listed = {each["id"]: each for each in json.loads(held.read("exhibits/exhibits.json"))["exhibits"]}
        assert [listed[each]["number"] for each in (second, first, empty)] == [1, 4, 0]
        assert listed[first]["withdrawn"]["reason"] == "重复" and "withdrawn" not in listed[second]


async def test_what_the_disk_refuses_leaves_neither_row_nor_entry(
    writing: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = writing.serving.app.state
    control = await writing.control()
    whole, before = sql.add_exhibit, (control.seq, len(await state.exhibits.of(HEARING)))

    def cut_off(new: Exhibit) -> Write:
        def write(connection: Connection) -> None:
            whole(new)(connection)
            raise OperationalError("INSERT", None, sqlite3.OperationalError("database or disk is full"))

        return write

    with monkeypatch.context() as patched:
        patched.setattr(sql, "add_exhibit", cut_off)
        answer = await ask(writing, "plaintiff", "", content=FILE)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert (control.seq, len(await state.exhibits.of(HEARING))) == before
    await until(lambda: state.commit_thread.healthy, "the disk to take writes again")
    exhibit = await hand_in(writing, "plaintiff")
    assert control.entries[before[0]].payload["exhibit"] == exhibit


async def test_a_list_read_while_the_log_went_on_is_read_again(writing: Court) -> None:
    control, commits = await writing.control(), writing.serving.app.state.commit_thread
    known = control.seq
    await writing.order("judge", "mark_incident", reason="x")
    assert not (await commits.read(lambda connection: kept(connection, HEARING, known))).is_ahead
    await hand_in(writing, "plaintiff")
    assert (await commits.read(lambda connection: kept(connection, HEARING, known))).is_ahead
    assert not (await commits.read(lambda connection: kept(connection, HEARING, control.seq))).is_ahead
