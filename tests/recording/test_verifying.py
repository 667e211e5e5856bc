"""`yunting verify --recording`: each segment that the log names is there as it was; whatever is not so is named."""

import json
import random
import shutil
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from clients.cli.recording import digests
from crdt_docs.signing import verify
from tests.cli.terminal import Terminal
from tests.crdt_docs.signing import lies
from tests.crdt_docs.signing.sitting import Sitting, held_in_court
from tests.recording.written import Written

Json = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds of two people in two rounds, with the rounds' notes beside them."""
    written = Written(tmp_path_factory.mktemp("data") / "h")
    written.go(6_000)
    written.stop()
    (written.folder / "sealed").write_text(json.dumps([each.as_json() for each in written.sealed]))
    return written.folder


@pytest.fixture(scope="module")
def sitting(folder: Path) -> Sitting:
    held = held_in_court()
    for each in json.loads((folder / "sealed").read_text()):
        held.log("SegmentsSealed", "court", **each)
    held.log("RecordingGap", "court", from_ms=9_000, reason="media_stopped")
    held.log("ClipExported", "court", of=1, from_ms=1, to_ms=2, sha256="0" * 64)
    return held


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def checked(sitting: Sitting, recording: dict[str, str] | None, archive: bytes | None = None) -> verify.Report:
    return verify.verify(archive or sitting.bundle(), court_key=sitting.vkey, recording=recording)


def said(report: verify.Report, code: str) -> list[str]:
    return [each.en for result in report.results if result.code == code for each in result.findings]


def test_a_recording_as_it_was_written_is_right_in_a_folder_and_in_an_archive(
    sitting: Sitting, folder: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "recording.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.glob("*.webm"):
            archive.write(path, path.name)
    assert digests(str(packed)) == digests(str(folder))
    report = checked(sitting, digests(str(folder)))
    assert report.failed == ()
    assert {result.code: result.status for result in report.results}["recording"] == "ok"


def test_without_a_recording_its_check_is_not_made_and_the_rounds_are(sitting: Sitting) -> None:
    report = checked(sitting, None)
    assert report.failed == ()
    assert [result.code for result in report.results][-1] == "recording_rounds"


def test_every_flipped_byte_is_found_and_its_file_named(sitting: Sitting, copy: Path) -> None:
    chance = random.Random(7)
    files = sorted(copy.glob("*.webm"))
    right, archive = digests(str(copy)), sitting.bundle()
    for _ in range(100):
        path = chance.choice(files)
        content = bytearray(path.read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        changed = {**right, path.name: sha256(content).hexdigest()}
        (sentence,) = said(checked(sitting, changed, archive), "recording")
        assert sentence.startswith(f"{path.name} was changed")


def test_a_flipped_byte_on_disk_ends_the_command_with_1(sitting: Sitting, copy: Path, tmp_path: Path) -> None:
    bundle, path = tmp_path / "hearing.zip", sorted(copy.glob("*.webm"))[0]
    bundle.write_bytes(sitting.bundle())
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    right = Terminal(tmp_path).run("verify", str(bundle), "--court-key", sitting.vkey, "--recording", str(copy))
    path.write_bytes(content)
    wrong = Terminal(tmp_path).run("verify", str(bundle), "--court-key", sitting.vkey, "--recording", str(copy))
    assert (right.returncode, wrong.returncode) == (0, 1), right.stdout + right.stderr
    assert f"{path.name} was changed" in wrong.stdout


def test_a_missing_file_and_one_too_many_are_named(sitting: Sitting, copy: Path) -> None:
    gone = sorted(copy.glob("*.webm"))[1]
    gone.rename(copy / "extra.webm")
    first, second = said(checked(sitting, digests(str(copy))), "recording")
    assert first.startswith(f"{gone.name}, which entry") and first.endswith("is not there")
    assert second == "the log names no extra.webm"


def test_clips_of_the_log_are_known_by_their_digest_and_a_changed_one_by_its_name(folder: Path, copy: Path) -> None:
    clip = b"a clip"
    made = sha256(clip).hexdigest()
    held = held_in_court()
    for each in json.loads((folder / "sealed").read_text()):
        held.log("SegmentsSealed", "court", **each)
    entry = held.log("ClipExported", "court", of=1, from_ms=1, to_ms=2, sha256=made)
    (copy / "clips").mkdir()
    path = copy / "clips" / f"clip-1-{made[:16]}.webm"
    path.write_bytes(clip)
    (copy / "renamed.webm").write_bytes(clip)
    assert said(checked(held, digests(str(copy))), "recording") == []
    path.write_bytes(clip + b"!")
    (sentence,) = said(checked(held, digests(str(copy))), "recording")
    assert sentence == f"{path.name} was changed: it is not the clip of entry {entry['header']['seq']}"


def test_two_files_that_changed_their_names_are_both_named(sitting: Sitting, folder: Path) -> None:
    held = digests(str(folder))
    one, other = sorted(held)[:2]
    held[one], held[other] = held[other], held[one]
    assert len(said(checked(sitting, held), "recording")) == 2


def test_an_archive_that_is_damaged_inside_names_the_file(sitting: Sitting, folder: Path, tmp_path: Path) -> None:
    packed, path = tmp_path / "recording.zip", sorted(folder.glob("*.webm"))[0]
    with zipfile.ZipFile(packed, "w") as archive:
        for each in folder.glob("*.webm"):
            archive.write(each, each.name)
    content = packed.read_bytes()
    at = content.index(path.read_bytes()) + 100
    packed.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    (sentence,) = said(checked(sitting, digests(str(packed))), "recording")
    assert sentence.startswith(f"{path.name} was changed")


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_recording_is_a_usage_error(sitting: Sitting, tmp_path: Path, content: bytes) -> None:
    bundle, other = tmp_path / "hearing.zip", tmp_path / "other.zip"
    bundle.write_bytes(sitting.bundle())
    other.write_bytes(content)
    done = Terminal(tmp_path).run("verify", str(bundle), "--recording", str(other))
    assert (done.returncode, "cannot be read" in done.stderr) == (2, True)


LIES: list[tuple[str, Callable[[Json], None], str]] = [
    ("SegmentsSealed", lambda p: p.update(round=2), "are the same round"),
    ("SegmentsSealed", lambda p: p.update(to_ms=p["from_ms"] - 1), "ends before it begins"),
    ("SegmentsSealed", lambda p: p.pop("round"), "cannot be read"),
    ("RecordingGap", lambda p: p.update(to_ms=1), "ends before it begins"),
    ("ClipExported", lambda p: p.update(to_ms=0), "ends before it begins"),
]


@pytest.mark.parametrize(("kind", "change", "named"), LIES)
def test_rounds_that_make_no_sense_are_named(
    sitting: Sitting, kind: str, change: Callable[[Json], None], named: str
) -> None:
    report = checked(sitting, None, lies.told(sitting, lies.of_entry(kind, change)))
    assert "recording_rounds" in report.failed
    assert named in " ".join(said(report, "recording_rounds"))


def test_a_copy_from_which_the_rounds_are_withheld_says_so_and_is_not_wrong(sitting: Sitting, folder: Path) -> None:
    archive = lies.told(sitting, lies.withheld("SegmentsSealed"))
    report = checked(sitting, digests(str(folder)), archive)
    statuses = {result.code: result.status for result in report.results}
    assert (statuses["recording"], statuses["recording_rounds"]) == ("missing", "missing")
