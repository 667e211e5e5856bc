"""Checks of the frozen versions: one text in four forms - what is signed, what the log of updates gives, the stored
bytes, the PDF - and each the one that the log's `Frozen` entry names.
"""

from collections.abc import Callable, Iterator
from typing import Any

from crdt_docs import transcript
from crdt_docs.annotations import annotations_json, entries, values
from crdt_docs.document import Document

from . import bundle, content, state
from .verify_case import HEARING, Case, Entry, Json
from .verify_findings import Findings, guarded, wrong

VersionCheck = Callable[[Case, Json, str], Findings]


def frozen(case: Case) -> Iterator[tuple[Entry, Json, str]]:
    """(entry, payload, folder) of every frozen version that this copy may know."""
    for entry in case.of_kind("Frozen"):
        payload = entry.told()
        yield entry, payload, f"transcript/v{payload['v']}"


def each(check: VersionCheck) -> Callable[[Case], Findings]:
    """The check of every version."""

    def checked(case: Case) -> Findings:
        for _, payload, folder in frozen(case):
            yield from guarded(folder, check, case, payload, folder)

    return checked


def versions(case: Case) -> Findings:
    """Every frozen version is there, and none besides; each was asked for by the entry it names."""
    kinds = {entry.seq: entry for entry in case.of_kind("SigningStarted")}
    folders: set[str] = set()
    for entry, payload, folder in frozen(case):
        folders.add(folder)
        started = kinds.get(payload["of"])
        if started is None or started.seq > entry.seq:
            yield wrong(
                "第 {seq} 条冻结所依据的第 {of} 条不是启动签署",
                "entry {seq} froze a version that entry {of} did not ask for",
                seq=entry.seq,
                of=payload["of"],
            )
    held = {"/".join(name.split("/")[:2]) for name in case.files if name.startswith("transcript/v")}
    for folder in sorted(held - folders):
        yield wrong("{folder} 在日志中没有冻结记录", "no entry of the log froze {folder}", folder=folder)


def contents(case: Case, payload: Json, folder: str) -> Findings:
    """content.json is the signed content: canonical, of this hearing and its people, with the digest of the log."""
    path = f"{folder}/content.json"
    encoded = case.file(path)
    found = case.json(path)
    if content.encode(found) != encoded or found["schema"] != content.SCHEMA:
        yield wrong("{path} 不是规范的正文格式", "{path} is not canonical content", path=path)
    if content.digest_of(encoded) != payload["content_sha256"]:
        yield differs(path, payload, "content_sha256")
    hearing = case.json(HEARING)
    people = content.content(case.id, hearing["case_number"], people_of(hearing), ())
    for key in ("hearing", "case", "people"):
        if found[key] != people[key]:
            yield wrong(
                "{path} 的 {key} 与 {hearing} 不符", "{key} in {path} is not that of {hearing}", path=path, key=key,
                hearing=HEARING,
            )  # fmt: skip


def people_of(hearing: Json) -> list[content.Person]:
    return [content.Person(each["id"], each["role"], each["name"]) for each in hearing["people"]]


def stored(case: Case, payload: Json, folder: str) -> Findings:
    """update.bin has the digest of the log, and holds the signed text."""
    path = f"{folder}/update.bin"
    if case.sha256(path) != payload["update_sha256"]:
        yield differs(path, payload, "update_sha256")
    update = case.file(path)
    if state.state_sha256(update) != payload["state_sha256"]:
        yield differs(path, payload, "state_sha256")
    document = Document(folder)
    document.apply(update)
    yield from _same_text(case, document, path, folder)


def snapshot(case: Case, payload: Json, folder: str) -> Findings:
    """snapshot.json is the state of update.bin, and the version can be restored from it."""
    path = f"{folder}/snapshot.json"
    update, written = case.file(f"{folder}/update.bin"), case.file(path)
    if written != state.snapshot(update):
        yield wrong("{path} 不是该版本的快照", "{path} is not the snapshot of this version", path=path)
        return
    try:
        restored = state.restore(update, written)
    except state.StateMismatch as error:
        yield wrong("{path} 无法恢复该版本：{why}", "{path} does not restore the version: {why}", path=path, why=error)
        return
    yield from _same_text(case, restored, path, folder)


def rebuilt(case: Case, payload: Json, folder: str) -> Findings:
    """The updates of the log up to the barrier, applied one after the other, give state and text of the version."""
    chain = case.chain(f"{case.id}/transcript")
    barrier = payload["barrier"]
    if not 0 <= barrier <= len(chain.updates):
        yield wrong(
            "{folder} 冻结于第 {barrier} 个修改，但笔录只有 {count} 个",
            "{folder} was frozen at update {barrier}, while the transcript has {count}",
            folder=folder,
            barrier=barrier,
            count=len(chain.updates),
        )
        return
    merged = state.rebuild(chain.document, [update.update for update in chain.updates[:barrier]])
    if state.state_sha256(merged) != payload["state_sha256"]:
        yield differs(f"{chain.path} (1–{barrier})", payload, "state_sha256")
    document = Document(chain.document)
    document.apply(merged)
    yield from _same_text(case, document, f"{chain.path} (1–{barrier})", folder)


def _same_text(case: Case, document: Document, what: str, folder: str) -> Findings:
    signed = case.json(f"{folder}/content.json")
    written = content.content(signed["hearing"], signed["case"], (), transcript.blocks(document.doc))["blocks"]
    if written == signed["blocks"]:
        return
    pairs = zip([*written, None], [*signed["blocks"], None], strict=False)
    turn = next((one or other for one, other in pairs if one != other), None)
    yield wrong(
        "{what} 给出的文字不是 {folder} 的正文，始于发言 {turn}",
        "{what} gives other words than the content of {folder}, from turn {turn} on",
        what=what,
        folder=folder,
        turn=turn["id"] if turn else "–",
    )


def pdf(case: Case, payload: Json, folder: str) -> Findings:
    """The PDF is the one that was read and signed."""
    path = f"{folder}/transcript.pdf"
    if case.sha256(path) != payload["pdf_sha256"]:
        yield differs(path, payload, "pdf_sha256")


def signers(case: Case, payload: Json, folder: str) -> Findings:
    """The people asked to sign are people of the hearing, each once, and each part is that person's."""
    for signer in payload.get("signers", ()):
        yield from _part_file(case, signer, payload, folder)
    signed = case.json(f"{folder}/content.json")
    roles = {each["id"]: each["role"] for each in signed["people"]}
    asked = [signer["person"] for signer in payload.get("signers", ())]
    if len(set(asked)) != len(asked):
        yield wrong("{folder} 的签署人有重复", "somebody is asked to sign {folder} twice", folder=folder)
    for signer in payload.get("signers", ()):
        person = signer["person"]
        if roles.get(person) != signer["role"]:
            yield wrong(
                "{folder} 的签署人 {person} 不是正文所列的身份",
                "{person} is not listed in {folder} with the role they were asked in",
                folder=folder,
                person=person,
            )
        part = content.content_sha256(content.part(signed, person)) if signer["scope"] == "part" else None
        if signer.get("part_sha256") != part:
            yield wrong(
                "{folder} 中 {person} 的部分与日志的摘要不符",
                "the part of {person} in {folder} is not the one that the log names",
                folder=folder,
                person=person,
            )


def _part_file(case: Case, signer: Json, payload: Json, folder: str) -> Findings:
    """Whoever signed a part and may not see the whole has the part in their copy."""
    path = f"{folder}/parts/{signer['person']}.json"
    if path in case.files and content.digest_of(case.file(path)) != signer.get("part_sha256"):
        yield differs(path, payload, "part_sha256")


def annotations(case: Case, payload: Json, folder: str) -> Findings:
    """The annotations as they were at the freeze, from their updates."""
    for document, facts in sorted(payload.get("annotations", {}).items()):
        yield from guarded(document, _annotated, case, document, facts, folder)


def _annotated(case: Case, document: str, facts: Json, folder: str) -> Findings:
    chain = case.chain(document)
    merged = state.rebuild(document, [update.update for update in chain.updates[: facts["barrier"]]])
    found = {"barrier": min(facts["barrier"], len(chain.updates)), **annotation_digests(document, merged)}
    for key in ("barrier", "content_sha256", "state_sha256"):
        if found[key] != facts[key]:
            yield wrong(
                "{document} 在 {folder} 冻结时的 {key} 与修改历史不符",
                "{key} of {document} at the freeze of {folder} is not what its updates give",
                document=document,
                folder=folder,
                key=key,
            )


def annotation_digests(document: str, merged: bytes) -> dict[str, Any]:
    """What a freeze notes of one document of annotations."""
    digest = bundle.sha256(annotations_of(document, merged))
    return {"content_sha256": digest, "state_sha256": state.state_sha256(merged)}


def annotations_of(document: str, merged: bytes) -> bytes:
    """The entries in canonical JSON, as annotations.json holds them."""
    opened = Document(document)
    opened.apply(merged)
    return annotations_json(entries(opened.doc))


def annotation_files(case: Case) -> Findings:
    """update.bin and annotations.json of each exhibit are what all of its updates give."""
    for document, chain in sorted(case.chains.items()):
        if "/annotations/" in document:
            yield from guarded(document, _annotation_files, case, document, chain.path.rpartition("/")[0])


def _annotation_files(case: Case, document: str, folder: str) -> Findings:
    merged = state.rebuild(document, [update.update for update in case.chain(document).updates])
    stored_as = case.file(f"{folder}/update.bin")
    states = {state.state_sha256(stored_as), state.state_sha256(merged)}
    if len(states) > 1 or _values(stored_as) != _values(merged):  # equal states may hold other values
        yield wrong("{path} 不是其修改的结果", "{path} is not what its updates give", path=f"{folder}/update.bin")
    if case.file(f"{folder}/annotations.json") != annotations_of(document, merged):
        yield wrong("{path} 不是其修改的结果", "{path} is not what its updates give", path=f"{folder}/annotations.json")


def _values(merged: bytes) -> Any:
    """Everything in a document of annotations, each entry under its key."""
    opened = Document("annotations")
    opened.apply(merged)
    return values(opened.doc)


def differs(path: str, payload: Json, digest: str) -> Any:
    return wrong(
        "{path} 与第 {v} 版冻结记录的 {digest} 不符",
        "{path} does not have the {digest} that version {v} was frozen with",
        path=path,
        digest=digest,
        v=payload["v"],
    )
