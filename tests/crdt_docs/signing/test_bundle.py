"""The bundle's file: one form only, opened by everybody, described by texts whose commands work."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.signing import bundle, bundle_readme, container
from tests.crdt_docs.signing import sitting

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=20)
FILES = st.dictionaries(NAMES, st.binary(max_size=60), max_size=5)


@pytest.fixture(scope="module")
def made() -> sitting.Sitting:
    return sitting.signed_twice()


@given(FILES.filter(bool))
def test_what_is_packed_is_unpacked_and_other_programs_read_it(files: dict[str, bytes]) -> None:
    archive = container.pack(files)
    assert container.unpack(archive) == (files, ())
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        assert opened.testzip() is None
        assert [each.compress_type for each in opened.infolist()] == [zipfile.ZIP_STORED] * len(files)


@given(FILES.filter(bool))
def test_the_order_in_which_files_are_given_makes_no_difference(files: dict[str, bytes]) -> None:
    assert container.pack(files) == container.pack(dict(reversed(files.items())))


@given(FILES.filter(bool), st.data())
def test_a_changed_missing_or_added_byte_anywhere_is_seen(files: dict[str, bytes], data: st.DataObject) -> None:
    archive = container.pack(files)
    at = data.draw(st.integers(0, len(archive) - 1))
    flipped = archive[:at] + bytes([archive[at] ^ data.draw(st.integers(1, 255))]) + archive[at + 1 :]
    for damaged in (flipped, archive[:at], archive[:at] + archive[at + 1 :], archive + b"\0", b"\0" + archive):
        assert container.unpack(damaged)[1]


@given(st.binary(max_size=400))
def test_no_bytes_make_reading_fail(damaged: bytes) -> None:
    for archive in (damaged, b"PK\x03\x04" + damaged, b"PK\x05\x06" + damaged):
        assert container.unpack(archive)[1]


def test_a_fault_names_the_file() -> None:
    archive = container.pack({"a": b"first", "b/c": b"second"})
    (fault,) = container.unpack(archive.replace(b"second", b"sec0nd"))[1]
    assert (fault.file, fault.what, archive[fault.at : fault.at + 6]) == ("b/c", "contents", b"second")
    with pytest.raises(bundle.BadBundle, match=r"contents at byte \d+ \(b/c\)"):
        bundle.read(archive.replace(b"second", b"sec0nd"))


def test_the_same_files_give_the_same_bundle(made: sitting.Sitting) -> None:
    assert made.bundle() == made.bundle()


def test_a_bundle_holds_its_files_the_manifest_and_what_to_know_about_it(made: sitting.Sitting) -> None:
    files = bundle.read(made.bundle())
    added = {"README.zh.txt", "README.en.txt", bundle.MANIFEST, bundle.SIGNATURE}
    assert files.keys() == made.files().keys() | added
    assert files["README.en.txt"].decode() == bundle_readme.ENGLISH
    assert files["README.zh.txt"].decode() == bundle_readme.CHINESE


def test_of_what_is_withheld_only_size_and_digest_are_there(made: sitting.Sitting) -> None:
    files = made.files()
    secret = files.pop("exhibits/e2/original")
    archive = made.bundle(files, {"exhibits/e2/original": secret})
    assert secret not in archive
    assert sitting.sha256(secret).encode() in archive


TOOLS = ("bash", "jq", "xxd", "base64", "sha256sum", "openssl")


@pytest.mark.parametrize("text", [bundle_readme.CHINESE, bundle_readme.ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("person", ["p-plaintiff", "p-witness"])
def test_the_commands_of_the_readme_verify_a_statement(
    made: sitting.Sitting, tmp_path: Path, text: str, person: str
) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not run: needs {', '.join(missing)}")
    with zipfile.ZipFile(io.BytesIO(made.bundle())) as opened:
        opened.extractall(tmp_path)
    (tmp_path / "S").write_bytes((tmp_path / f"transcript/v1/statements/{person}.json").read_bytes())
    commands = text[text.index("# files, exhibits") :]
    done = subprocess.run(["bash", "-euc", commands], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    frozen = made.versions[1].payload
    assert frozen["content_sha256"] in done.stdout
    assert frozen["pdf_sha256"] in done.stdout
    assert "Verified OK" in done.stdout
