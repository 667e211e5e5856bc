"""The set-up on machines that lack something: it says what is missing, in one sentence, and changes nothing outside."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from setup.bootstrap import newer_python
from setup.debian import missing
from setup.node import is_new_enough
from tests.architecture.checkout import ROOT


def program(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def bare_checkout(folder: Path) -> Path:
    """A checkout with the set-up alone."""
    shutil.copytree(ROOT / "setup", folder / "setup", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def without_modules(folder: Path, *names: str) -> dict[str, str]:
    """An environment in which these modules cannot be imported and no program but the shell's is found."""
    folder.mkdir()
    for name in names:
        (folder / f"{name}.py").write_text(f"raise ImportError('no {name}')\n")
    return {"PYTHONPATH": str(folder), "PATH": str(folder), "LANG": "C.UTF-8"}


def bootstrap(checkout: Path, *arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "setup" / "bootstrap.py"), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_without_venv_pip_and_apt_it_says_what_is_missing(tmp_path: Path) -> None:
    checkout = bare_checkout(tmp_path / "checkout")
    done = bootstrap(checkout, "run", env=without_modules(tmp_path / "bare", "venv", "ensurepip", "pip"))
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr
    assert "无法创建 Python 环境" in done.stderr
    assert not (checkout / ".venv" / ".stamps").exists()


def test_an_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    done = bootstrap(bare_checkout(tmp_path / "checkout"), "everything")
    assert done.returncode == 2
    assert done.stdout.startswith("usage:")


def test_a_set_up_that_is_done_says_and_does_nothing() -> None:
    bootstrap(ROOT, "check")
    done = bootstrap(ROOT, "check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("version", "enough"),
    [("v22.12.9", False), ("v22.13.0", True), ("v20.99.0", False), ("v24.1.0", True), ("sorry", False)],
)
def test_node_is_taken_from_the_machine_from_22_13_on(tmp_path: Path, version: str, enough: bool) -> None:
    node = program(tmp_path / "node", f"#!/bin/sh\necho {version}\n")
    assert is_new_enough(str(node)) is enough


def test_a_newer_python_is_looked_for_by_its_versioned_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert newer_python() is None
    found = program(tmp_path / "python3.12", "#!/bin/sh\n")
    assert newer_python() == str(found)


def test_packages_that_dpkg_does_not_know_are_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "dpkg-query", "#!/bin/sh\necho 'installed strace'\necho 'config-files chromium'\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert missing(["strace", "chromium", "fonts-noto-cjk"]) == ["chromium", "fonts-noto-cjk"]


def test_the_command_line_client_is_the_checkout_s_own() -> None:
    done = subprocess.run([ROOT / ".venv" / "bin" / "yunting", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "yunting" in done.stdout
