"""How the log reaches its listeners: no gap, bounded, and to an isolated person nothing but their own isolation."""

from __future__ import annotations

import json

from server import control_audience
from server.control_views import Shown
from server.hearing.commands import Isolate
from tests.control.rig import PaperPeer, Rig, until
from tests.hearing.scenes import NOW, done, opened


def seqs(peer: PaperPeer) -> list[int]:
    return [message["header"]["seq"] for message in peer.of("Event")]


async def test_welcome_then_the_whole_log_then_what_comes(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "recess")
    peer = await court.join("p-clerk")
    assert peer.kinds() == ["Welcome", "SessionOpened", "SessionRecessed"]
    await court.ack("p-judge", "resume")
    assert peer.kinds()[3:] == ["SessionResumed", "State", "Applied"]


async def test_a_listener_that_comes_back_gets_exactly_the_rest(court: Rig) -> None:
    for name in ("open", "recess", "resume"):
        await court.ack("p-judge", name)
    assert seqs(await court.join("p-clerk", after=2)) == [3]
    assert seqs(await court.join("p-clerk", after=3)) == []
    beyond = await court.join("p-clerk", after=99)
    await court.ack("p-judge", "recess")
    assert seqs(beyond) == [4]


async def test_the_welcome_says_all_that_the_page_needs(court: Rig) -> None:
    await court.ack("p-judge", "open")
    welcome = (await court.join("p-defendant")).heard[0]
    assert welcome["hearing"] == {
        "id": "h-1",
        "case_number": "（2024）云0188民初2617号",
        "title": "借贷纠纷",
        "court": "云州",
        "starts_at": "2024-09-12T01:30:00Z",
    }
    assert welcome["you"] == {"person": "p-defendant", "name": "贺岚", "role": "defendant", "state": "IN_COURT"}
    assert (welcome["seq"], welcome["applied_seq"], welcome["phase"]) == (1, 1, "IN_SESSION")
    assert (welcome["transcript_phase"], welcome["recess"], welcome["writable"]) == ("DRAFT", None, True)
    assert len(welcome["roster"]) == 11 and {each["connected"] for each in welcome["roster"]} == {True, False}
    assert {each["command"]: each["reason"] for each in welcome["commands"]} == {
        "open": "not_presiding",
        "recess": "not_a_judge",
        "resume": "not_a_judge",
        "close": "not_a_judge",
        "isolate": "neither_judge_nor_clerk",
        "release": "neither_judge_nor_clerk",
        **dict.fromkeys(("open_waiting", "announce", "end_announcement"), "not_a_clerk"),
        **dict.fromkeys(("mute", "unmute", "lock_all", "mark_incident"), "neither_judge_nor_clerk"),
        **dict.fromkeys(("summon", "dismiss", "floor", "spotlight", "remove"), "not_a_judge"),
        **dict.fromkeys(("close_gallery", "open_gallery"), "not_a_judge"),
        **dict.fromkeys(("raise_hand", "lower_hand", "end_consult"), None),
        "consult": "no_consultation_now",
        "line": "not_on_the_line",
        "start_signing": "not_a_judge",
        "reopen": "not_a_judge",
        "request_correction": "not_being_signed",
        "decide_correction": "not_a_judge",
        "object": "not_being_signed",
        "record_refusal": "not_a_clerk",
        "confirm_refusal": "not_a_judge",
        "mark_unreachable": "not_a_clerk",
    }
    assert all(each["ground_zh"] and each["ground_en"] for each in welcome["commands"])


async def test_an_isolated_listener_hears_nothing_but_their_own_isolation_and_release(court: Rig) -> None:
    await court.ack("p-judge", "open")
    peer, control = await court.join("p-defendant"), await court.control()
    peer.forget()
    await court.ack("p-judge", "isolate", person="p-defendant")
    assert (peer.kinds(), peer.cuts) == (["Isolated"], 1)
    await court.ack("p-judge", "recess", reason="秘密评议")
    await court.ack("p-judge", "isolate", person="p-agent")
    control.audience.notify_all({"type": "Storage", "writable": False})
    control.audience.notify(["p-defendant"], {"type": "Stranded"})
    control.audience._tell_presence()
    assert peer.kinds() == ["Isolated"]
    assert "评议" not in json.dumps(peer.heard, ensure_ascii=False)


async def test_an_isolated_listener_has_their_own_line_to_the_clerks_and_no_other(court: Rig) -> None:
    await court.ack("p-judge", "open")
    for person in ("p-defendant", "p-agent"):
        await court.ack("p-judge", "isolate", person=person)
    peer, other = await court.join("p-defendant"), await court.join("p-agent")
    judge, party = await court.join("p-judge"), await court.join("p-plaintiff")
    for each in (peer, other, judge, party):
        each.forget()
    await court.ack("p-defendant", "line", text="我胸口疼")
    await court.ack("p-clerk", "line", person="p-defendant", text="医生就来")
    assert (peer.kinds(), other.kinds()) == (["PrivateLine", "PrivateLine"], [])
    assert [each["payload"]["text"] for each in peer.of("Event")] == ["我胸口疼", "医生就来"]
    assert judge.kinds() == ["PrivateLine", "Applied"] * 2, "nothing else has changed"
    assert party.kinds() == ["(PrivateLine)", "Applied"] * 2
    back = await court.join("p-defendant")
    assert back.kinds() == ["Isolated", "PrivateLine", "PrivateLine"], "a reload shows what was said"
    again = await court.restart().join("p-defendant")
    assert again.kinds() == back.kinds()
    freed = await court.join("p-agent")
    await court.ack("p-judge", "release", person="p-agent")
    assert "疼" not in json.dumps([*party.heard, *other.heard, *freed.heard], ensure_ascii=False)


async def test_a_release_brings_the_log_of_the_meantime_as_header_and_leaf_and_the_present_at_once(court: Rig) -> None:
    await court.ack("p-judge", "open")
    peer, other = await court.join("p-defendant"), await court.join("p-plaintiff")
    await court.ack("p-judge", "isolate", person="p-defendant")
    await court.ack("p-judge", "recess", reason="秘密评议")
    await court.ack("p-judge", "resume")
    peer.forget()
    await court.ack("p-judge", "release", person="p-defendant")
    told = ["(HadSeen)", "(SessionRecessed)", "(SessionResumed)", "Released", "Welcome"]
    assert peer.kinds()[:5] == told
    assert peer.heard[4]["you"]["state"] == "IN_COURT"
    assert seqs(peer) == [3, 4, 5, 6]
    assert all(set(message) == {"type", "header", "leaf"} for message in peer.of("Event")[:3])
    assert [message["leaf"] for message in peer.of("Event")] == [m["leaf"] for m in other.of("Event")][2:]
    await court.ack("p-judge", "recess")
    assert peer.kinds()[-3:] == ["SessionRecessed", "State", "Applied"]


async def test_what_was_withheld_stays_withheld_on_every_later_connection_and_restart(court: Rig) -> None:
    for name in ("open", "isolate", "recess", "release", "resume"):
        await court.ack("p-judge", name, **({"person": "p-defendant"} if name in ("isolate", "release") else {}))
    expected = ["Welcome", "SessionOpened", "Isolated", "(HadSeen)", "(SessionRecessed)", "Released", "SessionResumed"]
    assert (await court.join("p-defendant")).kinds() == expected
    assert (await court.restart().join("p-defendant")).kinds() == expected
    control = await court.control()
    shown = control.log_for("p-defendant")
    assert ["payload" in entry for entry in shown] == [True, True, False, False, True, True]


async def test_whoever_connects_while_isolated_gets_their_own_isolation_alone(court: Rig) -> None:
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "isolate", person="p-defendant")
    await court.ack("p-judge", "recess")
    peer = await court.join("p-defendant")
    assert peer.kinds() == ["Isolated"]
    await court.ack("p-judge", "release", person="p-defendant")
    assert sorted(seqs(peer)) == [1, 2, 3, 4, 5], "each entry once"
    assert peer.kinds()[1:5] == ["SessionOpened", "(HadSeen)", "(SessionRecessed)", "Released"]


async def test_another_device_of_an_isolated_person_is_held_as_well(court: Rig) -> None:
    """Isolation is the person's, whatever the device."""
    await court.ack("p-judge", "open")
    phone, page = await court.join("p-witness"), await court.join("p-witness")
    await court.ack("p-judge", "isolate", person="p-witness")
    await court.ack("p-judge", "recess")
    assert phone.kinds()[-1] == page.kinds()[-1] == "Isolated"


async def test_a_waiting_witness_is_told_phases_and_sees_the_court_alone(court: Rig) -> None:
    peer = await court.join("p-witness")
    await court.ack("p-judge", "open")
    await court.ack("p-judge", "isolate", person="p-defendant")
    assert [kind for kind in peer.kinds() if kind not in ("Welcome", "State", "Applied")] == [
        "SessionOpened",
        "(Isolated)",
        "(HadSeen)",
    ]
    people = {each["person"] for each in peer.of("State")[-1]["roster"]}
    assert people == {"p-judge", "p-clerk", "p-clerk-2", "p-witness"}


async def test_presence_is_gathered_told_once_and_only_of_people_one_may_know_of(court: Rig) -> None:
    clerk, witness = await court.join("p-clerk"), await court.join("p-witness")
    await until(lambda: bool(clerk.of("Presence")) and bool(witness.of("Presence")), "presence is told")
    clerk.forget()
    witness.forget()
    defendant = await court.join("p-defendant")
    await until(lambda: bool(clerk.of("Presence")), "the clerk is told")
    assert clerk.of("Presence")[-1]["connected"] == ["p-clerk", "p-defendant", "p-witness"]
    assert witness.heard == [], "nothing that a witness may know of has changed"
    (await court.control()).unsubscribe(defendant)
    await until(lambda: len(clerk.of("Presence")) == 2, "the clerk is told again")


async def test_a_clerks_coming_opens_the_way_for_the_judge_and_ends_the_pause(court: Rig) -> None:
    judge = await court.join("p-judge")
    rights = {each["command"]: each["reason"] for each in judge.heard[0]["commands"]}
    assert rights["open"] == "clerk_absent"
    clerk = await court.join("p-clerk")
    await until(lambda: bool(judge.of("State")), "the judge's rights have changed")
    assert {each["command"]: each["allowed"] for each in judge.of("State")[-1]["commands"]}["open"]
    await court.ack("p-judge", "open")
    assert judge.of("State")[-1]["transcript_paused"] is False
    (await court.control()).unsubscribe(clerk)
    await until(lambda: judge.heard[-1].get("transcript_paused") is True, "the record pauses: 笔录暂停")
    await court.join("p-clerk-2")
    await until(lambda: judge.heard[-1].get("transcript_paused") is False, "another writer is there")


async def test_a_peer_that_stops_reading_is_closed_1013_and_the_rest_go_on(court: Rig) -> None:
    deaf, clerk = await court.join("p-agent"), await court.join("p-clerk")
    deaf.reading = False
    deaf.unsent = control_audience.QUEUE_BYTES + 1
    control = await court.control()
    control.audience.notify_all({"type": "Storage", "writable": True})
    assert deaf.closed == (1013, "too_slow")
    await court.ack("p-judge", "open")
    assert clerk.kinds()[-3:] == ["SessionOpened", "State", "Applied"]


async def test_a_long_replay_waits_for_its_peer_and_then_goes_on_without_gap(court: Rig) -> None:
    for name in ("open", "recess", "resume"):
        await court.ack("p-judge", name)
    control, slow = await court.control(), PaperPeer("p-clerk")
    slow.unsent = control_audience.REPLAY_BYTES + 1
    control.arrive(slow)
    control.subscribe(slow, 0)
    assert slow.kinds() == ["Welcome"]
    await court.ack("p-judge", "recess")
    assert slow.kinds() == ["Welcome"]
    slow.unsent = 0
    await until(lambda: len(slow.of("Welcome")) == 2, "the replay has caught up")
    assert seqs(slow) == [1, 2, 3, 4]
    await court.ack("p-judge", "resume")
    assert seqs(slow) == [1, 2, 3, 4, 5]


async def test_a_replay_whose_peer_takes_nothing_is_given_up(court: Rig) -> None:
    await court.ack("p-judge", "open")
    control, deaf = await court.control(), PaperPeer("p-clerk")
    control.audience.patience = 0.0
    deaf.unsent = control_audience.REPLAY_BYTES + 1
    control.subscribe(deaf, 0)
    await until(lambda: deaf.closed == (1013, "too_slow"), "the peer is closed")


async def test_isolation_ends_a_replay_that_waits(court: Rig) -> None:
    await court.ack("p-judge", "open")
    control, slow = await court.control(), PaperPeer("p-defendant")
    slow.unsent = control_audience.REPLAY_BYTES + 1
    control.subscribe(slow, 0)
    await court.ack("p-judge", "isolate", person="p-defendant")
    assert (slow.kinds(), slow.cuts) == (["Welcome", "Isolated"], 1)


async def test_a_listener_that_leaves_during_a_replay_is_forgotten(court: Rig) -> None:
    await court.ack("p-judge", "open")
    control, slow = await court.control(), PaperPeer("p-clerk")
    slow.unsent = control_audience.REPLAY_BYTES + 1
    control.subscribe(slow, 0)
    control.unsubscribe(slow)
    control.unsubscribe(slow)
    slow.unsent = 0
    await court.ack("p-judge", "recess")
    assert slow.kinds() == ["Welcome"]


async def test_storage_and_notices_reach_whom_they_are_for(court: Rig) -> None:
    clerk, judge = await court.join("p-clerk"), await court.join("p-judge")
    court.hearings.storage_changed(False)
    court.hearings.notify("h-1", {"p-clerk"}, {"type": "Stranded", "words": "甲"})
    court.hearings.notify("h-none", {"p-clerk"}, {"type": "Stranded"})
    court.hearings.presence_changed("h-none")
    assert clerk.heard[-2:] == [{"type": "Storage", "writable": False}, {"type": "Stranded", "words": "甲"}]
    assert judge.heard[-1] == {"type": "Storage", "writable": False}


def test_views_are_made_once_for_people_of_one_standing() -> None:
    session = opened()
    shown = Shown(session, frozenset({"p-clerk"}), NOW)
    assert shown.roster("p-judge") is shown.roster("p-agent")
    assert shown.commands("p-clerk") is shown.commands("p-clerk-2")
    witness = shown.roster("p-witness")
    assert [each["person"] for each in witness] == ["p-judge", "p-clerk", "p-clerk-2", "p-witness"]
    assert shown.present("p-witness") == ["p-clerk"]
    isolated, _ = done(session, "p-judge", Isolate("p-agent"))
    assert Shown(isolated, frozenset({"p-clerk"}), NOW).roster("p-agent") == []
