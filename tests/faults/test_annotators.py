"""Many mark one page at once over both wires: equal copies, and nobody ever changes another's mark."""

from collections.abc import Callable
from typing import Any

import pytest
from pycrdt import Doc, Map

from tests.faults.annotators import PAGE, Annotator, Sightings, devices, equal_copies, leave, mark_together
from tests.faults.offences import edit
from tests.harness.server import ServerProcess
from tests.harness.speakers import WIRES, CollabSpeaker
from tests.harness.waiting import until
from tests.harness.writing import ANNOTATIONS, add_annotation, annotations, now

PEOPLE, MARKS = 20, 3
Change = Callable[[Any, str, str], None]  # the map of all, a key in it, who changes


def set_value(name: str, value: Any) -> Change:
    def change(entries: Any, key: str, person: str) -> None:
        entries[key][name] = value

    return change


def delete_for_its_author(entries: Any, key: str, person: str) -> None:
    entries[key]["deleted"] = {"by": person, "at": now()}


def clear_value(entries: Any, key: str, person: str) -> None:
    del entries[key]["body"]


def remove_entry(entries: Any, key: str, person: str) -> None:
    del entries[key]


def write_over_it(entries: Any, key: str, person: str) -> None:
    entries[key] = Map({"id": key, "author": person, "created": now(), "kind": "note", "body": "改写"})


FORGERIES: dict[str, Change] = {
    "another body": set_value("body", "被改"),
    "moved": set_value("rect", [1.0, 1.0, 2.0, 2.0]),
    "another author": set_value("author", "p-2"),
    "deleted": delete_for_its_author,
    "body cleared": clear_value,
    "removed": remove_entry,
    "written over": write_over_it,
}


async def test_a_crowd_marks_one_page_over_both_wires_and_ends_with_equal_copies(shared_server: ServerProcess) -> None:
    hearing, sightings = shared_server.demo.hearing, Sightings()
    *crowd, newcomer = devices(shared_server, hearing, PEOPLE + 1, sightings)
    await mark_together(crowd, MARKS, 0.02)
    found = await equal_copies(crowd, newcomer)
    assert {key for each in crowd for key in each.keys} <= found.keys()
    assert {found[key]["author"] for each in crowd for key in each.keys} == {each.person.id for each in crowd}
    assert all(len(getattr(each.speaker, "denied", ())) == 0 and each.speaker.closed is None for each in crowd)
    assert len(sightings.delays) >= (PEOPLE - 1) * sum(len(each.keys) for each in crowd)
    await leave([*crowd, newcomer])


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("wire", WIRES)
async def test_another_s_mark_is_never_changed_whoever_tries(
    shared_server: ServerProcess, wire: str, forgery: str
) -> None:
    hearing = shared_server.demo.hearing
    owner, watcher, *others = devices(shared_server, hearing, 9, Sightings())
    for each in (owner, watcher):
        await each.join()
    key = add_annotation(owner.doc, owner.person.id, "原告的批注", page=PAGE, rect=[10.0, 10.0, 20.0, 20.0])
    await owner.speaker.saved()
    await until(lambda: key in annotations(watcher.doc), "the mark")
    before = dict(annotations(watcher.doc)[key])
    forgers = {each.person.id: each.person for each in others if each.person.id != owner.person.id}
    assert len(forgers) >= 4
    for person in forgers.values():
        forger = Annotator(person, wire, shared_server.url, hearing.annotations[0], 0, Sightings())
        await forger.join()
        forger.speaker.send_update(forged(forger.doc, key, person.id, FORGERIES[forgery]))
        await refused(forger.speaker)
    await watcher.speaker.asked_again()
    assert annotations(watcher.doc)[key] == before == annotations(owner.doc)[key]
    newcomer = Annotator(owner.person, wire, shared_server.url, hearing.annotations[0], 0, Sightings())
    assert (await equal_copies([owner, watcher], newcomer))[key] == before
    await leave([owner, watcher, newcomer])


def forged(doc: "Doc[Any]", key: str, person: str, change: Change) -> bytes:
    """An update as the person's own device would make it if it did not care whose mark it is."""
    copy: Doc[Any] = Doc()
    copy.apply_update(doc.get_update())
    return edit(copy, lambda changed: change(changed.get(ANNOTATIONS, type=Map), key, person))


async def refused(speaker: Any) -> None:
    if isinstance(speaker, CollabSpeaker):
        await until(lambda: speaker.closes, "CLOSE")
        assert (speaker.acks[-1], speaker.denied, speaker.closes) == (False, ["forbidden"], ["forbidden"])
        await speaker.leave()
    else:
        assert (await speaker.raw.ended()).code == 4403
