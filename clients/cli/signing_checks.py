"""What `yunting sign` signs, computed and compared here: the text, its files, the log's entry. Signs nothing.

Names, roles and the case number are those of the hearing's own answer and the words those of the own replica; what is
served as the frozen version must be just that. Raises Failure (REFUSED) at the first thing that differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from clients.cli import replica, sentences
from clients.cli.api import Api, hearing_path
from clients.cli.outcomes import Exit, Failure
from clients.cli.profiles import Login
from clients.cli.verifying import printable
from crdt_docs import transcript
from crdt_docs.document import Document
from crdt_docs.signing import checkpoint, content, log_tree, merkle, statement
from crdt_docs.signing.state import state_sha256

Json = dict[str, Any]
LOG_PAGE = 200  # entries asked for at once


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen version as the server shows it to one signer; every comparison is with the digests in it."""

    api: Api
    login: Login
    hearing: str
    shown: Json  # GET …/signing
    known: Json  # GET /api/hearings/{hearing}
    log: Log

    @property
    def frozen(self) -> Json:
        return self.shown["frozen"]

    @property
    def person(self) -> str:
        return self.known["you"]["person"]

    @property
    def part_sha256(self) -> str | None:
        """None for who signs the whole."""
        return self.shown["you"]["part_sha256"] if self.shown["you"]["scope"] == "part" else None

    def path(self, rest: str = "") -> str:
        return hearing_path(self.hearing, f"/signing{rest}")

    def file(self, name: str) -> str:
        return self.path(f"/{self.frozen['v']}/{name}")


@dataclass(frozen=True, slots=True)
class Log:
    """The hearing's log as it is told to this person, from the first entry on; an entry that is told makes its leaf."""

    api: Api
    hearing: str
    entries: list[Json] = field(default_factory=list[Json])

    def grow(self, size: int) -> None:
        """Fetches what is missing of the first `size` entries. Raises Failure."""
        while len(self.entries) < size:
            path = hearing_path(self.hearing, "/log")
            came = self.api.get(path, after=len(self.entries), limit=LOG_PAGE)["entries"]
            for entry in came:
                _demand_log(_is_entry(entry, self.hearing, len(self.entries) + 1), f"leaf {len(self.entries) + 1}")
                self.entries.append(entry)
            _demand_log(bool(came), f"size {len(self.entries)}")

    def root(self, size: int) -> bytes:
        return merkle.root([bytes.fromhex(entry["leaf"]) for entry in self.entries[:size]])

    def was_isolated(self, person: str, seq: int) -> bool:
        """Whether entry `seq` was written while the person was isolated."""
        kinds = [
            entry["header"]["kind"]
            for entry in self.entries[: seq - 1]
            if entry["header"]["kind"] in ("Isolated", "Released") and (entry["payload"] or {}).get("person") == person
        ]
        return kinds[-1:] == ["Isolated"]


def _is_entry(entry: Json, hearing: str, seq: int) -> bool:
    header, payload = entry["header"], entry["payload"]
    if (header["hearing"], header["seq"]) != (hearing, seq):
        return False
    return payload is None or log_tree.leaf_of(header, bytes.fromhex(entry["salt"]), payload).hex() == entry["leaf"]


def opened(api: Api, login: Login, hearing: str, shown: Json) -> Version:
    return Version(api, login, hearing, shown, api.get(hearing_path(hearing)), Log(api, hearing))


def text(version: Version) -> tuple[content.Content, bytes]:
    """The content to be signed and the PDF of it (empty for a part), once everything agrees."""
    served = version.api.get(version.file("content"))
    part = version.part_sha256
    if part is None:
        _demand(content.content_sha256(served) == version.frozen["content_sha256"], "content_sha256")
        pdf = _whole(version)
    else:
        _demand(content.content_sha256(served) == part, "part_sha256")
        _demand(_is_own_part(version, served), "part_sha256")
        pdf = b""
    _logged(version)
    return served, pdf


def _whole(version: Version) -> bytes:
    """The PDF; content, update and state are those of the own replica, names and case those of the hearing."""
    own, frozen = replica.transcript(version.login, version.hearing), version.frozen
    people = [content.Person(each["person"], each["role"], each["name"]) for each in version.known["roster"]]
    rebuilt = content.content(version.hearing, version.known["case_number"], people, transcript.blocks(own))
    _demand(content.content_sha256(rebuilt) == frozen["content_sha256"], "content_sha256")
    pdf, update = _file(version, "pdf"), _file(version, "update")
    _demand(state_sha256(update) == frozen["state_sha256"], "state_sha256")
    kept = Document(f"{version.hearing}/transcript")
    kept.apply(update)
    _demand(transcript.blocks(kept.doc) == transcript.blocks(own), "update_sha256")
    return pdf


def _is_own_part(version: Version, served: content.Content) -> bool:
    """It is of this hearing and person; people are called there as in the roster, as far as it is told."""
    told = {each["person"]: (each["role"], each["name"]) for each in version.known["roster"]}
    you = version.known["you"]
    told[you["person"]] = (you["role"], you["name"])
    named = {each["id"]: (each["role"], each["name"]) for each in served["people"]}
    said = (served["hearing"], served["case"], served.get("part"))
    is_alike = all(named[person] == told[person] for person in named.keys() & told.keys())
    return is_alike and said == (version.hearing, version.known["case_number"], version.person)


def _file(version: Version, name: str) -> bytes:
    with version.api.fetch(version.file(name)) as answer:
        found = b"".join(answer.iter_bytes())
    _demand(hashlib.sha256(found).hexdigest() == version.frozen[f"{name}_sha256"], f"{name}_sha256")
    return found


def _logged(version: Version) -> None:
    """The log's entry says what the server shows; it is withheld from nobody but who was isolated at that moment."""
    frozen, seq = version.frozen, version.frozen["seq"]
    version.log.grow(seq)
    entry = version.log.entries[seq - 1]
    payload = entry["payload"]
    if payload is None:
        _demand_log(version.log.was_isolated(version.person, seq), "Frozen")
        return
    digests = all(payload.get(name) == frozen[name] for name in ("v", *statement.Digests.__slots__))
    own = next((each for each in payload["signers"] if each["person"] == version.person), {})
    asked = (own.get("scope"), own.get("part_sha256") or None)
    is_mine = asked == (version.shown["you"]["scope"], version.part_sha256)
    _demand_log(entry["header"]["kind"] == "Frozen" and digests and is_mine, "Frozen")


def log_head(version: Version) -> statement.LogHead:
    """The head of the log as it is now: signed by the court, and the root of the leaves that one is told."""
    head = version.api.get(version.path())["head"]
    try:
        origin = checkpoint.origin(version.hearing)
        signed = checkpoint.open_checkpoint(head["checkpoint"], version.shown["court_key"], origin)
    except ValueError as error:
        raise Failure(Exit.REFUSED, "log_differs", sentences.LOG_DIFFERS.fill(why=error)) from error
    version.log.grow(head["size"])
    root = version.log.root(head["size"])
    _demand_log((signed.size, signed.root, head["root"]) == (head["size"], root, root.hex()), "root")
    return statement.LogHead(head["size"], head["root"])


def is_of(stated: statement.Statement, version: Version) -> bool:
    """Whether a receipt's statement is this person's about what lies before them now (a part: of any version)."""
    if (stated.hearing, stated.person.id) != (version.hearing, version.person):
        return False
    if stated.scope == "part":
        return stated.part_sha256 == version.part_sha256
    digests = tuple(version.frozen[name] for name in statement.Digests.__slots__)
    told = tuple(getattr(stated.digests, name) for name in statement.Digests.__slots__)
    return (stated.version, told, version.part_sha256) == (version.frozen["v"], digests, None)


def _demand(is_so: bool, digest: str) -> None:
    """Nothing is signed over a digest that the text does not have."""
    if not is_so:
        raise Failure(Exit.REFUSED, "digest_differs", sentences.DIGEST_DIFFERS.fill(digest=digest))


def _demand_log(is_so: bool, why: str) -> None:
    if not is_so:
        raise Failure(Exit.REFUSED, "log_differs", sentences.LOG_DIFFERS.fill(why=why))


# ---- for reading


def readable(text: content.Content) -> str:
    """The text as a person reads it: a turn a line, with who spoke. Nothing in it moves a terminal's cursor."""
    names = {each["id"]: each["name"] for each in text["people"]}
    lines = (_line(block, names) for block in text["blocks"])
    return "".join(f"{printable(line)}\n" for line in (text["case"], *lines))


def _line(block: Mapping[str, Any], names: Mapping[str, str]) -> str:
    words = "".join(run["text"] for run in block["runs"])
    if block["kind"] != "speech":
        return words
    name = names.get(block["speaker"], "")
    return f"{block['role']}（{name}）：{words}" if name else f"{block['role']}：{words}"
