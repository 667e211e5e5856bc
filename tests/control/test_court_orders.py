"""The court's orders as a whole: several entries of one command, sockets, edges that a hearing must hold."""

from __future__ import annotations

import asyncio
import json

from server.hearing import documents
from server.hearing.permissions import document_access
from tests.control.rig import PaperPeer, Rig


def seen(heard: list[dict[str, object]]) -> str:
    return json.dumps(heard, ensure_ascii=False)


def last(peer: PaperPeer) -> list[str]:
    """The last three messages, without presence, which comes when it comes."""
    return [kind for kind in peer.kinds() if kind != "Presence"][-3:]


async def kinds(court: Rig) -> list[str]:
    return [entry.event.kind for entry in (await court.control()).entries]


async def test_a_witness_in_court_at_a_recess_is_cut_with_it_and_stays_out(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "summon", person="p-witness")
    witness = await court.join("p-witness")
    assert witness.heard[0]["you"]["state"] == "IN_COURT"
    await court.ack("p-judge", "recess", reason="午休")
    assert await kinds(court) == ["SessionOpened", "WitnessSummoned", "SessionRecessed", "Isolated", "HadSeen"]
    assert (witness.kinds()[-1], witness.cuts) == ("Isolated", 1)
    witness.forget()
    await court.ack("p-judge", "resume")
    await court.ack("p-judge", "floor", person="p-plaintiff")
    assert witness.heard == []
    phone = await court.join("p-witness")  # on another device: isolated as well
    assert phone.kinds() == ["Isolated"]
    await court.ack("p-judge", "summon", person="p-witness")
    orders = [kind for kind in phone.kinds() if kind in ("Released", "WitnessSummoned")]
    assert orders[-2:] == ["Released", "WitnessSummoned"]
    assert phone.of("State")[-1]["you"]["state"] == "IN_COURT"


async def test_a_dismissal_isolates_in_the_same_step_and_the_note_follows(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "summon", person="p-expert")
    ack = await court.ack("p-judge", "dismiss", person="p-expert")
    assert ack.seq == ack.applied_seq == 4
    assert await kinds(court) == ["SessionOpened", "WitnessSummoned", "WitnessDismissed", "Isolated", "HadSeen"]
    assert court.documents.carried[-2:] == [(4, "IN_SESSION", frozenset({"p-expert"})), (5, "IN_SESSION", frozenset())]
    again = court.restart()
    assert (await again.control()).state == (await court.control()).state


async def test_whoever_is_removed_is_told_so_and_their_sockets_end(court: Rig) -> None:
    await court.ack("p-judge", "open")
    page, phone, other = [await court.join(each) for each in ("p-defendant", "p-defendant", "p-plaintiff")]
    page.forget()
    await court.ack("p-judge", "remove", person="p-defendant", reason="多次打断")
    for peer in (page, phone):
        assert (peer.closed, peer.kinds()[-1]) == ((4403, "removed"), "Removed")
    assert page.kinds() == ["Removed"]
    assert other.closed is None and "多次打断" in seen(other.heard)
    assert "p-defendant" in (await court.control()).state.participants
    assert await court.refusal("p-defendant", "raise_hand") == "removed"
    await court.ack("p-judge", "recess", reason="后来之事")
    assert "后来之事" not in seen(page.heard)


async def test_an_isolated_person_can_be_removed(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "isolate", person="p-defendant")
    peer = await court.join("p-defendant")
    await court.ack("p-judge", "remove", person="p-defendant", reason="毁坏设备")
    assert (peer.closed, peer.kinds()) == ((4403, "removed"), ["Isolated", "Removed"])


async def test_the_roster_says_who_is_muted_has_a_hand_up_and_consults(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "unmute", person="p-agent")
    hand = await court.ack("p-plaintiff", "raise_hand")
    roster = {each["person"]: each for each in (await court.join("p-clerk")).heard[0]["roster"]}
    assert {person for person, each in roster.items() if each["muted"]} == {
        "p-plaintiff",
        "p-defendant",
        "p-interpreter",
    }
    assert {person: each["hand"] for person, each in roster.items() if each["hand"]} == {"p-plaintiff": hand.seq}
    await court.ack("p-judge", "recess")
    await court.ack("p-agent", "consult")
    roster = {each["person"]: each for each in (await court.join("p-clerk")).heard[0]["roster"]}
    assert {person for person, each in roster.items() if each["consulting"]} == {"p-plaintiff", "p-agent"}


async def test_whoever_waits_outside_is_not_told_who_speaks(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "floor", person="p-plaintiff")
    await court.ack("p-judge", "spotlight", person="p-judge")
    clerk, witness = await court.join("p-clerk"), await court.join("p-witness")
    assert (clerk.heard[0]["floor"], clerk.heard[0]["spotlight"]) == ("p-plaintiff", "p-judge")
    assert (witness.heard[0]["floor"], witness.heard[0]["spotlight"]) == ("", "p-judge")
    assert "p-plaintiff" not in seen(witness.heard[:1])


async def test_marks_are_told_to_the_staff_alone_and_waiting_rooms_to_all(court: Rig) -> None:
    await court.ack("p-clerk", "open_waiting")
    await court.ack("p-clerk", "announce")
    witness, defendant, judge = [await court.join(each) for each in ("p-witness", "p-defendant", "p-judge")]
    assert witness.kinds()[:3] == ["Welcome", "WaitingOpened", "AnnouncementStarted"]
    assert witness.heard[0]["phase"] == "PREPARING" and witness.heard[0]["announcing"] == "p-clerk"
    await court.ack("p-judge", "open")
    await court.ack("p-clerk", "mark_incident", person="p-defendant", reason="偷录")
    for peer in (witness, defendant):
        assert last(peer) == ["(IncidentMarked)", "State", "Applied"]
        assert "偷录" not in seen(peer.heard)
    assert last(judge) == ["IncidentMarked", "State", "Applied"]


async def test_a_closed_gallery_takes_the_transcript_from_observers(court: Rig) -> None:
    await court.ack("p-judge", "open")
    name = documents.transcript("h-1")
    assert document_access((await court.control()).state, "p-observer", name).read
    await court.ack("p-judge", "close_gallery", reason="涉及隐私")
    access = document_access((await court.control()).state, "p-observer", name)
    assert (access.read, access.reason) == (False, "observers_not_admitted")
    await court.ack("p-judge", "open_gallery")
    assert document_access((await court.control()).state, "p-observer", name).read


async def test_two_judges_devices_at_once_have_one_order_and_the_loser_is_told(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "summon", person="p-witness")
    answers = await asyncio.gather(
        court.give("p-judge", "dismiss", person="p-witness"), court.give("p-judge", "dismiss", person="p-witness")
    )
    assert sorted(getattr(each, "code", "ack") for each in answers) == ["ack", "person_not_in_court"]
