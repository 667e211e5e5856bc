"""Owns the built page clients/web/dist. A page that is being built never replaces the last one before it is whole."""

import shutil

from setup import node
from setup.paths import BIN, STAMPS, WEB
from setup.speech import run, say
from setup.stamps import digest, is_done, mark

BUILT = WEB / "dist"


def build() -> None:
    wanted = digest(WEB)
    if is_done(STAMPS / "page", wanted, [BUILT / "index.html"]):
        return
    node.install(WEB)
    say("正在构建网页……", "Building the page …")
    fresh = WEB / ".dist"
    shutil.rmtree(fresh, ignore_errors=True)
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    build = [BIN / "node", vite, "build", "--outDir", fresh.name, "--logLevel", "warn"]
    run(build, "网页构建失败。", "The page could not be built.", cwd=WEB)
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)
    mark(STAMPS / "page", wanted)
