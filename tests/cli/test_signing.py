"""`yunting sign` and `export` against a real server: what is signed was computed here, and the receipt proves it."""

import hashlib
import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from clients.cli import signing_checks
from clients.cli.api import Api
from clients.cli.profiles import Login
from crdt_docs.signing import content, verify
from crdt_docs.signing.receipt import verify_receipt
from tests.cli.lying import lying
from tests.cli.terminal import Terminal
from tests.crdt_docs.signing.sitting import held_in_court
from tests.harness.demo import Person
from tests.harness.prepared import fill
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

LIMIT = 120.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """Its hearing's transcript lies before the signers; one of them was isolated when it was fixed."""
    process = ServerProcess(fill(tmp_path_factory.mktemp("signing")), env={"YUNTING_REFUSAL_BACKOFF": "0"}).start()
    hearing = process.demo.hearing
    away = hearing.person("agent", 1).id
    process.command(hearing.judge.token, hearing.id, "isolate", person=away).raise_for_status()
    assert process.command(hearing.judge.token, hearing.id, "start_signing").status_code == 200
    until_blocking(lambda: shown(process, hearing.judge)["stage"] != "REVIEW", "the freeze", LIMIT)
    process.command(hearing.judge.token, hearing.id, "release", person=away).raise_for_status()
    yield process
    process.stop()


def shown(server: ServerProcess, person: Person) -> dict[str, Any]:
    with server.http(person.token) as client:
        return client.get(f"/api/hearings/{server.demo.hearing.id}/signing").json()


def at(server: ServerProcess, person: Person, home: Path) -> Terminal:
    return Terminal(home, url=server.url, token=person.token)


def codes(server: ServerProcess, person: Person) -> list[str]:
    file = server.data / "outbox.jsonl"
    sent = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [each["code"] for each in sent if each["person"] == person.id]


def signs(server: ServerProcess, person: Person, home: Path, *options: str, code: str = "") -> tuple[int, str, str]:
    """Runs `sign` and types the code that was sent (or another). (status, printed, said beside)"""
    before = len(codes(server, person))
    key, receipt = str(home / "key.pem"), str(home / "receipt.json")
    running = at(server, person, home).start("sign", server.demo.hearing.id, "--key", key, "-o", receipt, *options)
    try:
        asked = lambda: len(codes(server, person)) > before  # noqa: E731
        until_blocking(lambda: asked() or running.process.poll() is not None, "the code", LIMIT)
        if asked():
            running.type(f"{code or codes(server, person)[-1]}\n")
        status = running.wait(LIMIT)
        until_blocking(lambda: running.lines or running.noise, "its words", LIMIT)
        return status, "".join(running.lines), "".join(running.noise)
    finally:
        running.stop()


@pytest.fixture
def hearing(server: ServerProcess) -> Any:
    return server.demo.hearing


def test_a_party_signs_with_a_new_key_and_gets_a_receipt_that_proves_it(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    plaintiff = hearing.person("plaintiff")
    text, pdf = tmp_path / "text.txt", tmp_path / "record.pdf"
    files = ("--text", str(text), "--pdf", str(pdf))
    status, printed, beside = signs(server, plaintiff, tmp_path, "--reservation", "利息部分保留意见", *files)
    assert status == 0, beside
    assert beside.index(str(text)) < beside.index("a code was sent")  # what is signed is there before the code is asked
    assert "双方差距较大，本庭不再继续当庭调解" in text.read_text("utf-8")
    assert "双方差距较大" not in beside
    now = shown(server, plaintiff)
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == now["frozen"]["pdf_sha256"]
    assert f"digest {now['frozen']['content_sha256']} (computed here as well)" in beside
    assert "signed version 1 (the whole text)" in printed
    assert stat.S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
    receipt = json.loads((tmp_path / "receipt.json").read_text("utf-8"))
    jwk = jwk_of(server, hearing, now["you"]["keys"][0])
    stated = verify_receipt(receipt, now["court_key"], jwk)
    assert (stated.person.id, stated.reservation) == (plaintiff.id, "利息部分保留意见")
    assert now["you"]["state"] == "SIGNED"
    there = version_of(server, plaintiff)
    assert signing_checks.is_of(stated, there)
    others = (
        replace(stated, hearing="h-other"),
        replace(stated, version=2),
        replace(stated, person=replace(stated.person, id="p-other")),
        replace(stated, digests=replace(stated.digests, content_sha256="0" * 64)),
        replace(stated, scope="part", part_sha256="0" * 64),
    )
    assert not any(signing_checks.is_of(other, there) for other in others)

    again = at(server, plaintiff, tmp_path).json("sign", hearing.id, "--key", str(tmp_path / "key.pem"))
    assert again == receipt
    other = at(server, plaintiff, tmp_path).run("sign", hearing.id, "--key", str(tmp_path / "other.pem"))
    assert (other.returncode, "other_key" in other.stderr) == (3, True)


def version_of(server: ServerProcess, person: Person) -> signing_checks.Version:
    login = Login(server.url, person.token)
    with Api(login, "en") as api:
        hearing = server.demo.hearing.id
        return signing_checks.opened(api, login, hearing, api.get(f"/api/hearings/{hearing}/signing"))


def jwk_of(server: ServerProcess, hearing: Any, fingerprint: str) -> dict[str, str]:
    with server.http(hearing.judge.token) as client:
        entries = client.get(f"/api/hearings/{hearing.id}/log").json()["entries"]
    bound = [entry["payload"] for entry in entries if entry["header"]["kind"] == "KeyBound"]
    return next(each["jwk"] for each in bound if each["fingerprint"] == fingerprint)


def test_a_witness_signs_the_own_part_alone(server: ServerProcess, hearing: Any, tmp_path: Path) -> None:
    witness = hearing.person("witness")
    refused(server, witness, tmp_path, lies_about_words(server, hearing, witness), "log_differs: ")
    status, printed, beside = signs(server, witness, tmp_path)
    assert status == 0, beside
    assert beside.index(f"（{witness.name}）：") < beside.index("a code was sent")
    assert "signed version 1 (one's own part)" in printed
    assert shown(server, witness)["you"]["part_sha256"] in beside


def test_a_wrong_code_is_refused_and_nothing_is_signed(server: ServerProcess, hearing: Any, tmp_path: Path) -> None:
    defendant = hearing.person("defendant")
    status, printed, beside = signs(server, defendant, tmp_path, code="wrong")
    assert (status, printed) == (3, "")
    assert "code_wrong" in beside
    assert shown(server, defendant)["you"]["state"] == "READING"
    assert not (tmp_path / "receipt.json").exists()


def test_no_code_typed_is_said(server: ServerProcess, hearing: Any, tmp_path: Path) -> None:
    terminal = at(server, hearing.person("agent"), tmp_path)
    done = terminal.run("sign", hearing.id, "--key", str(tmp_path / "key.pem"))
    assert (done.returncode, "no_code" in done.stderr) == (2, True)


def test_a_key_that_others_may_read_or_that_is_none_is_not_used(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    terminal, key = at(server, hearing.person("agent"), tmp_path), tmp_path / "key.pem"
    key.write_text("no key")
    key.chmod(0o644)
    done = terminal.run("sign", hearing.id, "--key", str(key))
    assert (done.returncode, "key_exposed" in done.stderr) == (2, True)
    key.chmod(0o600)
    done = terminal.run("sign", hearing.id, "--key", str(key))
    assert (done.returncode, "bad_key_file" in done.stderr) == (2, True)


def test_a_server_with_another_key_gets_no_signature(server: ServerProcess, hearing: Any, tmp_path: Path) -> None:
    agent = hearing.person("agent", 1)
    other = held_in_court().vkey
    done = at(server, agent, tmp_path).run("sign", hearing.id, "--key", str(tmp_path / "key.pem"), "--court-key", other)
    assert (done.returncode, "other_court_key" in done.stderr) == (3, True)
    assert not (tmp_path / "key.pem").exists()


def test_who_was_isolated_when_the_version_was_fixed_signs_what_the_own_replica_holds(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    """The log's entry is withheld from them for ever, and from nobody else."""
    status, _, beside = signs(server, hearing.person("agent", 1), tmp_path)
    assert status == 0, beside


def test_an_observer_is_no_signer(server: ServerProcess, hearing: Any, tmp_path: Path) -> None:
    done = at(server, hearing.person("observer"), tmp_path).run("sign", hearing.id, "--key", str(tmp_path / "k"))
    assert done.returncode == 3
    assert not (tmp_path / "k").exists()


def test_nothing_can_be_signed_before_it_is_frozen(server: ServerProcess, tmp_path: Path) -> None:
    scheduled = server.demo.scheduled
    done = at(server, scheduled.judge, tmp_path).run("sign", scheduled.id, "--key", str(tmp_path / "k"))
    assert (done.returncode, "not_being_signed" in done.stderr) == (3, True)


# ---- a server that lies


def refused(server: ServerProcess, person: Person, home: Path, lies: dict[bytes, bytes], why: str) -> None:
    """A server that lies so gets no signature of this person, who is told why."""
    before = shown(server, person)["you"]
    with lying(server.url, lies) as url:
        terminal = Terminal(home, url=url, token=person.token)
        done = terminal.run("sign", server.demo.hearing.id, "--key", str(home / "key.pem"), typed="000000\n")
    assert (done.returncode, done.stdout) == (3, "")
    assert why in done.stderr
    assert shown(server, person)["you"] == before


def lies_about_words(server: ServerProcess, hearing: Any, reader: Person) -> dict[bytes, bytes]:
    """Another first character for one turn, and the digest that goes with it: all of it agrees, over HTTP."""
    with server.http(reader.token) as client:
        told = client.get(f"/api/hearings/{hearing.id}/signing/1/content").content
    text = json.loads(told)
    spoken = next(block["runs"][0]["text"] for block in text["blocks"] if block["runs"])
    truth = b'"text":"' + spoken[:1].encode()
    lie = b'"text":"' + "伪".encode()
    assert len(truth) == len(lie)
    forged = content.digest_of(told.replace(truth, lie))
    return {truth: lie, content.digest_of(told).encode(): forged.encode()}


def test_a_text_that_is_not_the_one_in_the_own_replica_is_not_signed(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    agent = hearing.person("agent")
    refused(server, agent, tmp_path, lies_about_words(server, hearing, agent), "digest_differs: content_sha256")


def test_a_text_in_which_somebody_else_speaks_is_not_signed(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    """The names of the frozen text are held against those of the hearing, not against themselves."""
    agent = hearing.person("agent")
    with server.http(agent.token) as client:
        told = client.get(f"/api/hearings/{hearing.id}/signing/1/content").content
    plaintiff = hearing.person("plaintiff")
    truth = f'"name":"{plaintiff.name}","role":"plaintiff"}}'.encode()  # so in the content alone
    lie = truth.replace(plaintiff.name[:1].encode(), "伪".encode())
    assert told.count(truth) == 1
    forged = {truth: lie, content.digest_of(told).encode(): content.digest_of(told.replace(truth, lie)).encode()}
    refused(server, agent, tmp_path, forged, "digest_differs: content_sha256")


@pytest.mark.parametrize("digest", ["content_sha256", "pdf_sha256", "update_sha256", "state_sha256"])
def test_a_digest_that_the_file_does_not_have_is_not_signed(
    server: ServerProcess, hearing: Any, tmp_path: Path, digest: str
) -> None:
    agent = hearing.person("agent")
    truth = shown(server, agent)["frozen"][digest].encode()
    refused(server, agent, tmp_path, {truth: truth[::-1]}, f"digest_differs: {digest}")


def test_a_log_that_is_not_the_one_the_court_signed_is_not_known(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    agent = hearing.person("agent")
    with server.http(agent.token) as client:
        leaf = client.get(f"/api/hearings/{hearing.id}/log").json()["entries"][0]["leaf"].encode()
    refused(server, agent, tmp_path, {leaf: leaf[::-1]}, "log_differs")


# ---- the bundle


def test_what_is_exported_verifies_offline_with_the_receipts(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    clerk, file = hearing.clerk, tmp_path / "hearing.zip"
    assert signs(server, clerk, tmp_path)[0] == 0
    told = at(server, clerk, tmp_path).json("export", hearing.id, "-o", str(file))
    assert told == {"file": str(file), "size": file.stat().st_size}
    key = shown(server, clerk)["court_key"]
    nobody = Terminal(tmp_path)
    arguments = ("verify", str(file), "--court-key", key, "--receipt", str(tmp_path / "receipt.json"))
    done = nobody.json(*arguments)
    assert done["ok"]
    assert {check["code"]: check["status"] for check in done["checks"]} == dict.fromkeys(verify.CODES, "ok")


def test_a_signers_own_copy_verifies_and_says_what_it_lacks(
    server: ServerProcess, hearing: Any, tmp_path: Path
) -> None:
    file = tmp_path / "own.zip"
    judge = hearing.judge
    assert signs(server, judge, tmp_path)[0] == 0
    defendant = hearing.person("defendant")
    home = tmp_path / "defendant"
    home.mkdir()
    assert signs(server, defendant, home)[0] == 0
    assert at(server, defendant, tmp_path).run("export", hearing.id, "-o", str(file)).returncode == 0
    report = verify.verify(file.read_bytes(), court_key=shown(server, judge)["court_key"])
    assert report.failed == ()
    assert "course" in {each.code for each in report.results if each.status == "missing"}


def test_who_has_not_signed_gets_no_bundle(server: ServerProcess, hearing: Any, tmp_path: Path) -> None:
    done = at(server, hearing.person("observer"), tmp_path).run("export", hearing.id, "-o", str(tmp_path / "x.zip"))
    assert (done.returncode, "forbidden" in done.stderr) == (3, True)
    assert not (tmp_path / "x.zip").exists()
