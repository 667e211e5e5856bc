"""Owns Debian packages: which are missing, and installing them when that is allowed.

Never used for anything that a lock file can bring.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence

from setup.speech import fail, run, say

APT = ["apt-get", "-y", "-q", "--no-install-recommends"]
TEST_PACKAGES = ("chromium", "coturn", "strace", "fonts-noto-cjk")


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def missing(packages: Sequence[str]) -> list[str]:
    """Those of the packages that dpkg does not report as installed; all of them where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return [name for name in packages if shutil.which(name) is None]
    form = "${db:Status-Status} ${Package}\n"
    told = subprocess.run(["dpkg-query", "-W", "-f", form, *packages], capture_output=True, text=True).stdout
    there = {line.split(" ", 1)[1] for line in told.splitlines() if line.startswith("installed ")}
    return [name for name in packages if name not in there]


def install(packages: Sequence[str]) -> None:
    names = " ".join(packages)
    say(f"正在安装 Debian 软件包：{names}……", f"Installing Debian packages: {names} …")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", *packages]):
        run([*APT, *command], f"无法安装 {names}。", f"Could not install {names}.", env=quiet)


def need(packages: Sequence[str]) -> None:
    """Sees to it that the packages are there, or ends with the sentence that says which are not."""
    absent = missing(packages)
    if not absent:
        return
    if not may_install():
        names = " ".join(absent)
        raise fail(
            f"缺少以下 Debian 软件包，请以管理员身份安装：apt-get install {names}",
            f"These Debian packages are missing; as root: apt-get install {names}",
        )
    install(absent)
