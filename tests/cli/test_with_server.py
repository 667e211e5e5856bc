"""Each command against a real server: what it prints, what it changes, and its exit status."""

import json
import stat
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from clients.cli import times
from tests.cli.terminal import Terminal, replayed
from tests.harness.demo import Person
from tests.harness.server import ServerProcess


@pytest.fixture
def hearing(server: ServerProcess) -> str:
    return server.demo.hearing.id


def at(server: ServerProcess, person: Person, home: Path) -> Terminal:
    return Terminal(home, url=server.url, token=person.token)


@pytest.fixture
def judge(server: ServerProcess, tmp_path: Path) -> Terminal:
    return at(server, server.demo.hearing.judge, tmp_path)


@pytest.fixture
def clerk(server: ServerProcess, tmp_path: Path) -> Terminal:
    return at(server, server.demo.hearing.clerk, tmp_path)


def transcript(server: ServerProcess, hearing: str) -> list[dict[str, Any]]:
    with server.http(server.demo.hearing.judge.token) as client:
        return client.get(f"/api/hearings/{hearing}/transcript").json()["turns"]


def words() -> str:
    return f"第{uuid.uuid4().hex}号发言𠮷"


# ---- login ------------------------------------------------------------------------------------------------------


def test_login_keeps_the_token_for_the_owner_alone_and_logout_ends_it(server: ServerProcess, tmp_path: Path) -> None:
    observer = server.demo.hearing.person("observer")
    terminal = Terminal(tmp_path)
    told = terminal.json("login", observer.link)
    assert told["person"] == {"id": observer.id, "name": observer.name}
    file = tmp_path / "config" / "yunting" / "config.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    token = json.loads(file.read_text("utf-8"))["profiles"]["default"]["token"]
    assert {one["role"] for one in terminal.json("hearings")["hearings"]} == {"observer"}

    assert terminal.run("logout").returncode == 0
    assert "token" not in file.read_text("utf-8")
    assert terminal.run("hearings").returncode == 2
    ended = Terminal(tmp_path, url=server.url, token=token).run("hearings")
    assert (ended.returncode, ended.stderr.split(":")[1].strip()) == (3, "unauthenticated")


def test_a_wrong_link_is_refused_and_nothing_is_stored(server: ServerProcess, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    done = terminal.run("login", f"{server.url}/login#wrong")
    assert done.returncode == 3
    assert "bad_link" in done.stderr
    assert not (tmp_path / "config").exists()


def test_several_people_in_several_profiles(server: ServerProcess, tmp_path: Path) -> None:
    terminal, people = Terminal(tmp_path), server.demo.hearing
    terminal.json("login", people.judge.link, "--profile", "judge")
    terminal.json("login", people.clerk.link)
    roles = {name: {one["role"] for one in terminal.json("hearings", "--profile", name)["hearings"]}
             for name in ("judge", "default")}  # fmt: skip
    assert roles == {"judge": {"judge"}, "default": {"clerk"}}


def test_hearings_for_a_person_are_lines_with_words(clerk: Terminal, hearing: str) -> None:
    done = clerk.run("hearings")
    line = next(line for line in done.stdout.splitlines() if line.startswith(hearing))
    assert "in session" in line
    assert "clerk" in line
    assert "+08:00" in line
    assert "\x1b" not in done.stdout


def test_bash_completes_the_ids_of_ones_own_hearings(server: ServerProcess, clerk: Terminal) -> None:
    assert set(clerk.completed("yunting watch ")) >= {server.demo.hearing.id, server.demo.scheduled.id}


# ---- append -----------------------------------------------------------------------------------------------------


def test_append_takes_its_text_behind_the_options_too(server: ServerProcess, clerk: Terminal, hearing: str) -> None:
    text = words()
    assert clerk.json("append", hearing, "--speaker", "审", text)["text"] == text
    assert transcript(server, hearing)[-1]["speaker"] == server.demo.hearing.judge.id
    assert clerk.run("append", hearing, text, "--speaker", "审", "more").returncode == 2


def test_append_writes_one_turn_at_the_end(server: ServerProcess, clerk: Terminal, hearing: str) -> None:
    text = words()
    told = clerk.json("append", hearing, text, "--speaker", "原", "--role", "原告")
    turn = transcript(server, hearing)[-1]
    assert told == {"saved": True, "turn": turn["id"], "text": text}
    plaintiff = server.demo.hearing.person("plaintiff")
    assert (turn["text"], turn["kind"], turn["speaker"], turn["role"], turn["origin"]) == (
        text, "speech", plaintiff.id, "原告", "",
    )  # fmt: skip
    assert turn["at"].endswith("+08:00")


def test_append_takes_each_line_of_standard_input_as_a_turn(
    server: ServerProcess, clerk: Terminal, hearing: str
) -> None:
    lines = [words() for _ in range(250)]
    done = clerk.run("append", hearing, "--kind", "note", typed="\n\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    assert [turn["text"] for turn in transcript(server, hearing)[-250:]] == lines
    assert done.stdout.count("saved ✓") == 250


def test_a_line_too_long_for_the_server_is_refused(clerk: Terminal, hearing: str) -> None:
    done = clerk.run("append", hearing, typed="字" * 400_000 + "\n")
    assert done.returncode == 3, done.stderr
    assert "too long" in done.stderr


def test_a_very_long_line_is_one_turn(server: ServerProcess, clerk: Terminal, hearing: str) -> None:
    line = "字" * 300_000  # more than one text may hold
    assert clerk.run("append", hearing, typed=line).returncode == 0
    assert transcript(server, hearing)[-1]["text"] == line


def test_append_without_words_is_wrong_use(clerk: Terminal, hearing: str) -> None:
    assert clerk.run("append", hearing, typed=" \n\n").returncode == 2


def test_append_for_a_speaker_who_is_not_there_names_those_who_are(clerk: Terminal, hearing: str) -> None:
    done = clerk.run("append", hearing, "x", "--speaker", "nobody")
    assert done.returncode == 2
    assert "顾明远" in done.stderr


@pytest.mark.parametrize("role", ["judge", "plaintiff", "agent", "observer", "witness"])
def test_append_by_anybody_but_a_clerk_is_refused_and_leaves_nothing(
    server: ServerProcess, tmp_path: Path, hearing: str, role: str
) -> None:
    text = words()
    done = at(server, server.demo.hearing.person(role), tmp_path).run("append", hearing, text)
    assert done.returncode in (3, 5), done.stderr
    assert text in done.stdout or done.returncode == 3
    assert text not in json.dumps(transcript(server, hearing), ensure_ascii=False)


def test_append_to_a_hearing_that_is_not_ones_own_is_refused(clerk: Terminal) -> None:
    done = clerk.run("append", "h-nowhere", "x")
    assert done.returncode == 3, done.stderr


# ---- control and tail -------------------------------------------------------------------------------------------


def test_a_whole_hearing_by_commands(server: ServerProcess, judge: Terminal, clerk: Terminal, tmp_path: Path) -> None:
    """One test, since each command needs the one before it."""
    hearing = server.demo.scheduled.id
    defendant = server.demo.scheduled.person("defendant")
    following = clerk.start("tail", hearing, "--follow", "--json")
    keeping = clerk.start("watch", hearing, "--json")  # the clerk is there
    try:
        keeping.wait_for(lambda: [one for one in keeping.said if one["type"] == "welcome"], "the clerk's welcome")
        by_clerk = clerk.run("control", hearing, "open")
        assert by_clerk.returncode == 3
        assert by_clerk.stdout == ""
        code, sentence = by_clerk.stderr.removeprefix("yunting: ").split(": ", 1)
        assert code.replace("_", "").isalpha()
        assert len(sentence) > 10

        assert judge.json("control", hearing, "open") == {"seq": 1, "applied_seq": 1}
        assert judge.run("control", hearing, "open").returncode == 3
        later = times.now() + timedelta(hours=1)
        recess = judge.json("control", hearing, "recess", "--until", later.isoformat(), "--reason", "网络故障")
        assert recess == {"seq": 2, "applied_seq": 2}
        assert judge.json("control", hearing, "resume")["seq"] == 3
        isolated = judge.json("control", hearing, "isolate", "--person", defendant.id)
        assert isolated["seq"] == 4
        twice = judge.run("control", hearing, "isolate", "--person", defendant.id, "--json")
        assert twice.returncode == 3
        assert set(json.loads(twice.stderr)) == {"code", "title", "title_zh", "title_en"}
        assert judge.run("control", hearing, "isolate", "--person", server.demo.scheduled.judge.id).returncode == 3
        assert judge.run("control", hearing, "release", "--person", defendant.id).returncode == 0
        closed = judge.json("control", hearing, "close")

        entries = [json.loads(line) for line in judge.run("tail", hearing, "--json").stdout.splitlines()]
        assert [one["header"]["seq"] for one in entries] == list(range(1, closed["seq"] + 1))
        kinds = [one["header"]["kind"] for one in entries if one["header"]["kind"] != "HadSeen"]
        assert kinds == [
            "SessionOpened", "SessionRecessed", "SessionResumed", "Isolated", "Released", "SessionClosed",
        ]  # fmt: skip
        assert entries[1]["payload"]["reason"] == "网络故障"
        assert times.read(entries[1]["payload"]["until"]) == later.replace(microsecond=0)
        following.wait_for(lambda: len(following.said) == closed["seq"], "the last entry")
        assert sorted(following.said, key=lambda one: one["header"]["seq"]) == entries
        last = judge.run("tail", hearing, "--after", str(closed["seq"] - 1)).stdout.splitlines()
        assert len(last) == 1
        assert "session closed" in last[0]
        assert following.interrupt() == 0
        assert keeping.interrupt() == 0
        told = [one["header"]["kind"] for one in keeping.said if one["type"] == "event"]
        assert [kind for kind in told if kind != "HadSeen"] == kinds
        procedure = [turn for turn in replayed(keeping.said) if turn["kind"] == "procedure"]
        assert len(procedure) == 6
    finally:
        following.stop()
        keeping.stop()


def test_a_hearing_that_is_not_there_is_refused(judge: Terminal) -> None:
    for arguments in (("control", "h-nowhere", "open"), ("tail", "h-nowhere"), ("tail", "h-nowhere", "--follow"),
                      ("watch", "h-nowhere")):  # fmt: skip
        done = judge.run(*arguments)
        assert done.returncode == 3, (arguments, done.stderr)
        assert "Traceback" not in done.stderr


def test_a_token_that_is_none_is_refused(server: ServerProcess, tmp_path: Path, hearing: str) -> None:
    stranger = Terminal(tmp_path, url=server.url, token="no.token")
    for arguments in (("hearings",), ("watch", hearing), ("append", hearing, "x"), ("tail", hearing, "--follow")):
        done = stranger.run(*arguments)
        assert done.returncode == 3, (arguments, done.stderr)
        assert "log in again" in done.stderr or "not logged in" in done.stderr, done.stderr


# ---- watch ------------------------------------------------------------------------------------------------------


def test_watch_tells_every_change_of_the_transcript(
    server: ServerProcess, judge: Terminal, clerk: Terminal, hearing: str
) -> None:
    watching = judge.start("watch", hearing, "--json")
    try:
        watching.wait_for(lambda: replayed(watching.said) == transcript(server, hearing), "the beginning")
        text = words()
        clerk.json("append", hearing, text)
        watching.wait_for(lambda: replayed(watching.said)[-1]["text"] == text, "the new turn")
        assert replayed(watching.said) == transcript(server, hearing)
        assert watching.interrupt() == 0
    finally:
        watching.stop()


def test_watch_for_people_prints_turns_without_colour(judge: Terminal, clerk: Terminal, hearing: str) -> None:
    watching = judge.start("watch", hearing, "--last", "1")
    try:
        watching.wait_for(lambda: any("earlier turns" in line for line in watching.lines), "the beginning")
        text = words()
        clerk.json("append", hearing, text, "--role", "书记员")
        watching.wait_for(lambda: any(f"书记员：{text}\n" in line for line in watching.lines), "the new turn")
        assert "\x1b" not in "".join(watching.lines)
        assert watching.interrupt() == 0
    finally:
        watching.stop()


def test_watch_on_a_terminal_shows_the_turn_too(judge: Terminal, clerk: Terminal, hearing: str) -> None:
    watching = judge.start("watch", hearing, "--last", "1", terminal=True)
    try:
        watching.wait_for(lambda: "earlier turns" in "".join(watching.lines), "the beginning")
        text = words()
        clerk.json("append", hearing, text)
        watching.wait_for(lambda: text in "".join(watching.lines).replace("\r\n", ""), "the new turn")
        assert watching.interrupt() == 0
    finally:
        watching.stop()


def test_watch_without_the_right_stops_with_a_sentence(server: ServerProcess, tmp_path: Path, hearing: str) -> None:
    done = at(server, server.demo.hearing.person("witness"), tmp_path).run("watch", hearing)
    assert done.returncode == 3
    assert "no right" in done.stderr


def test_watch_is_empty_during_isolation_and_comes_back_on_release(
    server: ServerProcess, judge: Terminal, clerk: Terminal, tmp_path: Path, hearing: str
) -> None:
    agent = server.demo.hearing.person("agent")
    watching = at(server, agent, tmp_path).start("watch", hearing, "--json")
    try:
        watching.wait_for(lambda: replayed(watching.said), "the beginning")
        judge.json("control", hearing, "isolate", "--person", agent.id)
        watching.wait_for(lambda: [one for one in watching.said if one["type"] == "transcript"], "the clearing")
        before = len(watching.said)
        hidden, asked, answered = words(), words(), words()
        clerk.json("append", hearing, hidden)
        at(server, agent, tmp_path).json("line", hearing, asked)
        clerk.json("line", hearing, "--person", agent.id, answered)
        watching.wait_for(lambda: answered in json.dumps(watching.said, ensure_ascii=False), "the clerk's answer")
        assert asked in json.dumps(watching.said, ensure_ascii=False)
        judge.json("control", hearing, "release", "--person", agent.id)
        watching.wait_for(lambda: replayed(watching.said) == transcript(server, hearing), "the transcript again")
        assert hidden in json.dumps(replayed(watching.said), ensure_ascii=False)
        kinds = [one["header"]["kind"] for one in watching.said if one["type"] == "event"]
        assert "Isolated" in kinds
        assert "Released" in kinds
        released = next(i for i, one in enumerate(watching.said) if one.get("header", {}).get("kind") == "Released")
        assert not [one for one in watching.said[before:released] if one["type"] == "turn"]
        assert watching.interrupt() == 0
    finally:
        watching.stop()


def test_isolation_wipes_the_terminal(
    server: ServerProcess, judge: Terminal, clerk: Terminal, tmp_path: Path, hearing: str
) -> None:
    agent = server.demo.hearing.person("agent", 1)
    text = words()
    clerk.json("append", hearing, text)
    watching = at(server, agent, tmp_path).start("watch", hearing, "--last", "9", terminal=True)

    def seen() -> str:
        return "".join(watching.lines).replace("\r\n", "")

    try:
        watching.wait_for(lambda: text in seen(), "the last turn")
        judge.json("control", hearing, "isolate", "--person", agent.id)
        watching.wait_for(lambda: "you are isolated" in seen(), "word of the isolation")
        assert "\x1b[3J" in seen()[seen().index(text) : seen().index("you are isolated")]
        judge.json("control", hearing, "release", "--person", agent.id)
        watching.wait_for(lambda: text in seen()[(seen() + "you are released").index("you are released") :], "it again")
        assert watching.interrupt() == 0
    finally:
        watching.stop()


def test_watch_started_during_isolation_waits_for_the_release(
    server: ServerProcess, judge: Terminal, tmp_path: Path, hearing: str
) -> None:
    plaintiff = server.demo.hearing.person("plaintiff")
    judge.json("control", hearing, "isolate", "--person", plaintiff.id)
    watching = at(server, plaintiff, tmp_path).start("watch", hearing, "--json")
    try:
        watching.wait_for(lambda: [one for one in watching.said if one["type"] == "transcript"], "the waiting")
        assert replayed(watching.said) == []
        judge.json("control", hearing, "release", "--person", plaintiff.id)
        watching.wait_for(lambda: replayed(watching.said) == transcript(server, hearing), "the transcript")
        assert watching.interrupt() == 0
    finally:
        watching.stop()
