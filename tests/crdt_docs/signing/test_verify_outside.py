"""Verification against those who have not the court's key, and beside what others have kept: changed bytes, receipts,
copies from which something is withheld, machines without a network.
"""

from __future__ import annotations

import copy
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crdt_docs.signing import bundle, content, verify
from tests.crdt_docs.signing import lies
from tests.crdt_docs.signing.sitting import Json, Sitting, signed_twice
from tests.crdt_docs.signing.test_verify import LOG, ROWS, V1, V2, exchanged, result, sentences
from tests.harness.server import ROOT

CHANGED_BYTES = 500


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    return signed_twice()


@pytest.fixture(scope="module")
def archive(sitting: Sitting) -> bytes:
    return sitting.bundle()


# ---- without the court's key


def test_every_one_of_500_changed_bytes_is_reported(sitting: Sitting, archive: bytes) -> None:
    chance = random.Random(20240912)
    for _ in range(CHANGED_BYTES):
        at, change = chance.randrange(len(archive)), chance.randrange(1, 256)
        changed = archive[:at] + bytes([archive[at] ^ change]) + archive[at + 1 :]
        report = verify.verify(changed, court_key=sitting.vkey)
        assert not report.is_right, f"byte {at} ^ {change}"
        assert sentences(report, "container"), f"byte {at} ^ {change}"


def test_a_changed_byte_of_a_file_names_the_file_in_every_check_that_reads_it(sitting: Sitting, archive: bytes) -> None:
    report = verify.verify(archive.replace(b"% exhibit two", b"% exhibit too"), court_key=sitting.vkey)
    assert report.failed == ("container", "manifest", "exhibits")
    for code in report.failed:
        assert "exhibits/e2/original" in sentences(report, code)


@pytest.mark.parametrize("kept", [0, 1, 21, 1000, -1])
def test_a_file_that_was_cut_off_is_reported(sitting: Sitting, archive: bytes, kept: int) -> None:
    report = verify.verify(archive[:kept], court_key=sitting.vkey)
    assert "container" in report.failed


def test_a_file_of_something_else_fails_without_an_exception(sitting: Sitting) -> None:
    for data in (b"", b"PK", b"\x00" * 4096, b"%PDF-1.7\n", b"PK\x03\x04" + b"\xff" * 200):
        assert not verify.verify(data, court_key=sitting.vkey).is_right


OUTSIDERS: list[tuple[str, str, Callable[[lies.Files], object]]] = [
    ("manifest", f"{V1}/transcript.pdf is not the file", lambda files: files.update({f"{V1}/transcript.pdf": b"%PDF"})),
    ("manifest", f"{V2}/content.json is in the manifest", lambda files: files.pop(f"{V2}/content.json")),
    ("manifest", "more.txt is not in the manifest", lambda files: files.update({"more.txt": b""})),
    ("manifest", "is not there", lambda files: files.pop(bundle.MANIFEST)),
    ("manifest_signature", "is not there", lambda files: files.pop(bundle.SIGNATURE)),
    ("manifest_signature", "another manifest", lies.remanifested),
    ("manifest_signature", "not valid", lambda files: files.update({bundle.SIGNATURE: b"signed\n"})),
    ("log_root", "counts 35 entries, the log has 34", lambda files: files.update({LOG: _last_dropped(files[LOG])})),
    ("log_order", "line 5 of the log is entry 6", lambda files: files.update({LOG: _without_line(files[LOG], 4)})),
    ("update_chains", "is update 3", lambda files: files.update({ROWS: _without_line(files[ROWS], 1)})),
    ("log_order", "out of order", lambda files: lies.as_lines(LOG, exchanged(7, 8))(None, files)),
]  # fmt: skip


def _last_dropped(text: bytes) -> bytes:
    return b"".join(text.splitlines(keepends=True)[:-1])


def _without_line(text: bytes, at: int) -> bytes:
    lines = text.splitlines(keepends=True)
    return b"".join(lines[:at] + lines[at + 1 :])


@pytest.mark.parametrize(("code", "named", "change"), OUTSIDERS)
def test_a_repacked_archive_is_found_out(
    sitting: Sitting, archive: bytes, code: str, named: str, change: Callable[[lies.Files], object]
) -> None:
    report = verify.verify(lies.repacked(archive, change), court_key=sitting.vkey)
    assert result(report, "container").status == "ok"
    assert code in report.failed
    assert named in sentences(report, code)


def test_a_whole_bundle_signed_by_a_stranger_is_right_in_itself_and_not_the_courts(sitting: Sitting) -> None:
    forged = lies.signed_by_a_stranger(sitting, sitting.files())
    assert verify.verify(forged).is_right
    report = verify.verify(forged, court_key=sitting.vkey)
    assert report.failed == ("manifest_signature", "court_key", "checkpoint_signature")
    assert "not the court's key" in sentences(report, "court_key")


def test_something_that_is_no_key_given_as_the_courts_is_said(archive: bytes) -> None:
    report = verify.verify(archive, court_key="yunting/court+00000000+AAAA")
    assert {"court_key", "manifest_signature", "checkpoint_signature"} <= set(report.failed)


# ---- beside what others have kept


def kept_by(sitting: Sitting, person: str) -> dict[str, Json]:
    return {f"{person}.json": sitting.receipts[person]}


def test_a_log_without_its_last_entries_is_whole_until_a_receipt_comes(sitting: Sitting) -> None:
    last = next(at for at, each in enumerate(sitting.entries) if each["header"]["kind"] == "Objected")
    shorter = signed_twice()
    del shorter.entries[last - 1 :]
    del shorter.signed[2, "p-judge"]
    dropped = shorter.bundle()
    assert verify.verify(dropped, court_key=sitting.vkey).is_right
    report = verify.verify(dropped, court_key=sitting.vkey, kept=kept_by(sitting, "p-judge"))
    assert report.failed == ("receipts",)
    assert "the signature of p-judge that p-judge.json proves" in sentences(report, "receipts")
    assert "the last were dropped" in sentences(report, "receipts")


def test_a_history_that_was_rewritten_for_one_reader_contradicts_anothers_receipt(sitting: Sitting) -> None:
    lie = lies.of_entry("Isolated", lambda payload: payload.update(reason="扰乱秩序"))
    report = verify.verify(lies.told(sitting, lie), court_key=sitting.vkey, kept=kept_by(sitting, "p-witness"))
    assert "it was rewritten" in sentences(report, "receipts")


@pytest.mark.parametrize(
    "change",
    [
        lambda receipt: receipt["proof"]["hashes"].pop(),
        lambda receipt: receipt["proof"].update(index=0),
        lambda receipt: receipt["entry"].update(salt="00" * 32),
        lambda receipt: receipt["envelope"]["signatures"][0].update(sig="AAAA"),
        lambda receipt: receipt["envelope"]["signatures"][0].update(keyid="0" * 64),
        lambda receipt: receipt.update(checkpoint="yunting/h-2024\n1\nAAAA\n"),
        lambda receipt: receipt.update(keys=[]),
        lambda receipt: receipt.clear(),
    ],
)
def test_a_receipt_that_was_changed_proves_nothing(
    sitting: Sitting, archive: bytes, change: Callable[[Json], object]
) -> None:
    receipt = copy.deepcopy(sitting.receipts["p-clerk"])
    change(receipt)
    report = verify.verify(archive, court_key=sitting.vkey, kept={"mine.json": receipt})
    assert report.failed == ("receipts",)
    assert "mine.json" in sentences(report, "receipts")


def test_a_receipt_names_the_keys_that_the_log_had_bound(sitting: Sitting, archive: bytes) -> None:
    """What a lying server told one signer alone does not agree with the log that the others have."""
    for change, sentence in (
        (lambda keys: keys.pop(0), "does not name the key of"),
        (lambda keys: keys.append({"person": "p-plaintiff", "fingerprint": "0" * 64}), "names a key of p-plaintiff"),
        (lambda keys: keys[0].update(fingerprint="0" * 64), "names a key of"),
    ):
        found = copy.deepcopy(sitting.receipts["p-witness"])
        change(found["keys"])
        report = verify.verify(archive, court_key=sitting.vkey, kept={"mine.json": found})
        assert report.failed == ("receipts",)
        assert sentence in sentences(report, "receipts")


def test_of_withheld_keys_a_receipt_names_as_many_and_whose_they_are(sitting: Sitting) -> None:
    copied = lies.told(sitting, lies.withheld("KeyBound", but="p-witness"))
    kept = copy.deepcopy(kept_by(sitting, "p-witness"))
    report = verify.verify(copied, court_key=sitting.vkey, kept=kept)
    assert "receipts" in {each.code for each in report.results if each.status == "ok"}
    kept["p-witness.json"]["keys"][0]["person"] = "p-nobody"
    report = verify.verify(copied, court_key=sitting.vkey, kept=kept)
    assert "names a key of p-nobody" in sentences(report, "receipts")


# ---- copies from which something is withheld


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("HadSeen", set()),
        ("Isolated", {"course"}),
        ("CorrectionRequested", {"course"}),
        ("RefusalRecorded", {"course"}),
        ("KeyBound", {"keys", "signatures", "signature_places", "course"}),
        ("Signed", {"signatures", "statements", "signature_places", "statement_files", "course"}),
    ],
)
def test_withheld_payloads_stay_proven_and_what_needs_them_is_missing(
    sitting: Sitting, kind: str, missing: set[str]
) -> None:
    report = verify.verify(lies.told(sitting, lies.withheld(kind)), court_key=sitting.vkey)
    assert report.failed == ()
    assert {each.code for each in report.results if each.status == "missing"} == missing
    assert "withheld and stay proven" in sentences(report, "log_leaves")


def test_a_withheld_payload_that_was_swapped_fails(sitting: Sitting) -> None:
    swap = lies.as_lines(LOG, lambda lines: lies.by_kind(lines, "HadSeen").update(payload_digest="0" * 64))
    report = verify.verify(lies.told(sitting, lies.both(lies.withheld("HadSeen"), swap)), court_key=sitting.vkey)
    assert report.failed == ("log_leaves",)


def test_withheld_files_are_missing_and_no_failure(sitting: Sitting) -> None:
    files = sitting.files()
    paths = [ROWS, f"{V1}/update.bin", "exhibits/e1/original", f"{V2}/transcript.pdf"]
    report = verify.verify(sitting.bundle(files, {path: files.pop(path) for path in paths}), court_key=sitting.vkey)
    assert report.failed == ()
    missing = {each.code for each in report.results if each.status == "missing"}
    assert missing == {"update_chains", "log_heads", "barriers", "updates", "snapshots", "rebuilt"}
    assert "4 files are withheld" in sentences(report, "manifest")


def test_a_part_signer_s_copy_holds_the_part_and_it_is_checked(sitting: Sitting) -> None:
    path, kept = f"{V1}/parts/p-witness.json", sitting.files()
    whole = kept.pop(f"{V1}/content.json")
    part = content.encode(content.part(json.loads(whole), "p-witness"))
    reports = [
        verify.verify(sitting.bundle({**kept, path: told}, {f"{V1}/content.json": whole}), court_key=sitting.vkey)
        for told in (part, part.replace("钱".encode(), "物".encode()))
    ]
    assert [report.failed for report in reports] == [(), ("signers",)]
    assert f"{path} does not have the part_sha256" in sentences(reports[1], "signers")


def test_a_withheld_file_of_another_digest_fails(sitting: Sitting) -> None:
    files = sitting.files()
    del files["exhibits/e1/original"]
    report = verify.verify(sitting.bundle(files, {"exhibits/e1/original": b"another"}), court_key=sitting.vkey)
    assert report.failed == ("exhibits",)


# ---- on a machine without anything

ALONE = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.", "subprocess.", "urllib.", "http.")):
        raise SystemExit(f"{event} {arguments}")
from crdt_docs.signing.verify import verify
strangers = sorted(name for name in sys.modules if name.split(".")[0] in {"server", "clients"})
assert not strangers, strangers
sys.addaudithook(refuse)
with open(sys.argv[1], "rb") as file:
    report = verify(file.read(), court_key=sys.argv[2])
print(len(report.results), report.is_right)
"""


def test_verifying_imports_no_server_no_client_and_opens_no_socket(
    sitting: Sitting, archive: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "hearing.zip"
    file.write_bytes(archive)
    command = [sys.executable, "-c", ALONE, str(file), sitting.vkey]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{len(verify.CODES) - 1} True\n"), done.stderr
