"""What a freeze has left behind, read as an outsider would: the log over HTTP, the files from the data directory.

It judges one version against itself and against a copy of the living document; never starts or ends anything.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pycrdt import Doc

from crdt_docs.signing import content as signed
from crdt_docs.signing import state
from crdt_docs.transcript import blocks
from tests.harness.demo import DemoHearing
from tests.harness.server import ServerProcess
from tests.harness.waiting import until_blocking

DIGESTS = {"update.bin": "update_sha256", "snapshot.json": "state_sha256", "transcript.pdf": "pdf_sha256"}


def log_of(server: ServerProcess, hearing: DemoHearing) -> list[dict[str, Any]]:
    """All entries as the judge sees them."""
    entries: list[dict[str, Any]] = []
    with server.http(hearing.judge.token) as client:
        while True:
            path = f"/api/hearings/{hearing.id}/log"
            answer = client.get(path, params={"after": len(entries)}).raise_for_status().json()
            entries += answer["entries"]
            if len(entries) >= answer["seq"]:
                return entries


def of_kind(entries: list[dict[str, Any]], *kinds: str) -> list[dict[str, Any]]:
    return [entry for entry in entries if entry["header"]["kind"] in kinds]


def page_of(server: ServerProcess, hearing: DemoHearing) -> dict[str, Any]:
    with server.http(hearing.judge.token) as client:
        return client.get(f"/api/hearings/{hearing.id}").raise_for_status().json()


def stage_of(server: ServerProcess, hearing: DemoHearing) -> str:
    return page_of(server, hearing)["signing"]["stage"]


def past_review(server: ServerProcess, hearing: DemoHearing, limit: float = 120.0) -> str:
    """The stage once the freeze has an outcome."""
    until_blocking(lambda: stage_of(server, hearing) != "REVIEW", "an outcome of the freeze", limit)
    return stage_of(server, hearing)


@dataclass(frozen=True, slots=True)
class FrozenCopy:
    """One version: its event's payload and its files."""

    payload: dict[str, Any]
    files: dict[str, bytes]

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.files["content.json"])

    @property
    def text(self) -> str:
        return "\n".join("".join(run["text"] for run in block["runs"]) for block in self.content["blocks"])


def frozen_copy(data: Path, hearing: str, payload: dict[str, Any]) -> FrozenCopy:
    folder = data / "frozen" / hearing / f"v{payload['v']}"
    return FrozenCopy(payload, {path.name: path.read_bytes() for path in folder.iterdir()})


def agrees(copy: FrozenCopy) -> None:
    """Files and log name the same; the stored bytes restore to the text that is signed."""
    assert copy.files.keys() == {*DIGESTS, "content.json"}
    for name, key in DIGESTS.items():
        assert hashlib.sha256(copy.files[name]).hexdigest() == copy.payload[key], name
    encoded = copy.files["content.json"]
    assert signed.digest_of(encoded) == copy.payload["content_sha256"]
    assert state.state_sha256(copy.files["update.bin"]) == copy.payload["state_sha256"]
    restored = state.restore(copy.files["update.bin"], copy.files["snapshot.json"])
    assert with_blocks(copy.content, restored.doc) == encoded


def with_blocks(content: dict[str, Any], doc: Doc[Any]) -> bytes:
    """The same hearing and people with the text of this document, as canonical bytes."""
    people = [signed.Person(each["id"], each["role"], each["name"]) for each in content["people"]]
    return signed.encode(signed.content(content["hearing"], content["case"], people, blocks(doc)))
