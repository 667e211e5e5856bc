"""What is committed works anywhere: no place of one machine, no registry's address, no work notes."""

import json
import re
from pathlib import Path

import pytest

from tests.architecture.checkout import ROOT, name_of, text_files

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:work|root|home|Users)/\w"),
    "a registry's address": re.compile(
        r"registry\.(?:npmjs|yarnpkg|npmmirror)|(?:test\.)?pypi\.(?:org|python)|pythonhosted\.|deb\.debian\.|/simple/?\b"
    ),
    "a mark of unfinished work": re.compile(r"\b(?:TODO|FIXME|XXX)\b"),
    "a document that is not here": re.compile(r"\b(?:INTERFACES|EXPERIENCE)\b|\bHEARING's\b|(?<!\w)design/"),
    "a number of an issue": re.compile(r"(?i)\bissues? #?\d"),
}
THIS = Path(__file__).resolve()
LOCKS = [*sorted(ROOT.glob("requirements*.lock")), ROOT / "setup" / "virtualenv.lock"]
NPM_LOCKS = [
    ROOT / folder / "package-lock.json" for folder in ("clients/web", "tests/interop", "bench", "server/fonts")
]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str) -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:120]}"
        for path, text in text_files()
        if path != THIS and path.name != "package-lock.json" and "fixtures" not in path.parts
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", "open('/work/main/x')"),
        ("a path of one machine", "cd /home/me"),
        ("a registry's address", "--index-url https://pypi.org/simple"),
        ("a registry's address", '"resolved": "https://registry.npmjs.org/yjs/-/yjs-13.tgz"'),
        ("a mark of unfinished work", "# TODO later"),
        ("a document that is not here", "as INTERFACES says"),
        ("a number of an issue", "as issue 12 says"),
    ],
)
def test_the_patterns_find(what: str, line: str) -> None:
    assert FORBIDDEN[what].search(line)


def test_paths_below_a_folder_are_not_taken_for_a_machine_s() -> None:
    assert not FORBIDDEN["a path of one machine"].search("bench/work/x and ./home/y")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_python_locks_hold_names_versions_and_hashes_only(lock: Path) -> None:
    allowed = re.compile(r"(?:[a-z0-9-]+==[0-9a-z.]+(?: ; [^\\]+)?|    --hash=sha256:[0-9a-f]{64})(?: \\)?")
    assert [line for line in lock.read_text().splitlines() if not allowed.fullmatch(line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_python_package_has_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text())
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_npm_locks_hold_no_addresses_but_hashes(lock: Path) -> None:
    packages = json.loads(lock.read_text())["packages"]
    outside = {name: entry for name, entry in packages.items() if name and not entry.get("link")}
    assert outside
    assert [name for name, entry in outside.items() if "resolved" in entry] == []
    assert [name for name, entry in outside.items() if not entry.get("integrity", "").startswith("sha512-")] == []


def test_the_test_lock_holds_the_same_versions_as_the_runtime_s() -> None:
    def pinned(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / name).read_text(), re.MULTILINE))

    assert pinned("requirements.lock") <= pinned("requirements-dev.lock")
