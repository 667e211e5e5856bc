"""Verification of a bundle: right where all is right, and each lie found by the check that is there for it."""

from __future__ import annotations

from typing import Any

import pytest

from crdt_docs.signing import keys, verify
from crdt_docs.signing.statement import LogHead
from tests.crdt_docs.signing import lies
from tests.crdt_docs.signing.lies import (
    Lie,
    as_json,
    as_lines,
    carried,
    dropped,
    logged,
    moved,
    of_entry,
    put,
    replaced,
    restated,
    swapped,
    withheld,
    without,
)
from tests.crdt_docs.signing.sitting import PNG, Json, Sitting, held_in_court, signed_twice

V1, V2 = "transcript/v1", "transcript/v2"
ROWS, LOG = "transcript/updates.jsonl", "log.jsonl"
NOTES = "annotations/e1"
EXHIBITS = "exhibits/exhibits.json"


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    return signed_twice()


def result(report: verify.Report, code: str) -> verify.Result:
    (found,) = [each for each in report.results if each.code == code]
    return found


def sentences(report: verify.Report, code: str) -> str:
    return "\n".join(finding.en for finding in result(report, code).findings)


def test_an_honest_bundle_is_right_in_every_check(sitting: Sitting) -> None:
    report = verify.verify(sitting.bundle(), court_key=sitting.vkey, kept=sitting.receipts)
    assert report.is_right
    assert report.hearing == "h-2024"
    assert {each.code: each.status for each in report.results} == dict.fromkeys(verify.CODES, "ok")
    assert sentences(report, "course").splitlines() == [
        "version 2, 钱代 (p-agent): could not be reached",
        "version 2, 李书 (p-clerk): signed",
        "version 2, 赵被𠮷 (p-defendant): refused to sign",
        "version 2, 王审 (p-judge): signed",
        "version 2, 张原 (p-plaintiff): signed",
        "version 2, 孙证 (p-witness): signed",
    ]


def test_without_the_courts_key_it_is_said_that_nothing_was_compared(sitting: Sitting) -> None:
    report = verify.verify(sitting.bundle())
    assert report.is_right
    assert result(report, "court_key").status == "missing"
    assert sitting.vkey in sentences(report, "court_key")
    assert "no key was given" in sentences(report, "court_key")


def test_a_hearing_that_nobody_has_signed_yet_verifies() -> None:
    sitting = held_in_court()
    assert verify.verify(sitting.bundle(), court_key=sitting.vkey).failed == ()


def test_exhibits_may_be_named_and_ordered_anew_in_a_draft_and_a_refused_one_gives_its_number_up() -> None:
    sitting = held_in_court()
    sitting.freeze(1, sitting.start_signing(1))
    files = sitting.files()
    as_json(EXHIBITS, lambda value: value["exhibits"][0].update(number=0))(sitting, files)
    as_json(EXHIBITS, lambda value: value["exhibits"][1].update(number=1))(sitting, files)
    assert verify.verify(sitting.bundle(files), court_key=sitting.vkey).failed == ()
    sitting.log("Reopened", "p-judge", v=2)
    files = sitting.files()
    as_json(EXHIBITS, renumbered)(sitting, files)
    as_json(EXHIBITS, lambda value: value["exhibits"][0].update(title="收条"))(sitting, files)
    assert verify.verify(sitting.bundle(files), court_key=sitting.vkey).failed == ()


def with_payload(**values: Any) -> Any:
    return lambda payload: payload.update(values)


def deleted(at: int) -> Any:
    return lambda values: values.pop(at)


def exchanged(one: int, other: int) -> Any:
    def change(values: list[Json]) -> None:
        values[one], values[other] = values[other], values[one]

    return change


def set_in(place: int, **values: Any) -> Any:
    return lambda lines: lines[place].update(values)


def doubled(entries: list[Json]) -> None:
    entries.insert(-1, lies.found(entries, "Signed", person="p-judge"))


def signed_while_isolated(entries: list[Json]) -> None:
    place = entries.index(lies.found(entries, "Signed", person="p-clerk", v=2))
    isolated = lies.found(entries, "Isolated")
    entries.insert(place, {**isolated, "payload": {"person": "p-clerk", "from": "IN_COURT"}})


def signed_after_removal(entries: list[Json]) -> None:
    """An isolation or a release afterwards changes nothing about it."""
    place = entries.index(lies.found(entries, "Signed", person="p-clerk", v=2))
    isolated, released = lies.found(entries, "Isolated"), lies.found(entries, "Released")
    removed = {**isolated, "header": {**isolated["header"], "kind": "Removed"}}
    for each in (released, isolated, removed):
        entries.insert(place, {**each, "payload": {"person": "p-clerk"}})


def renumbered(value: Json) -> None:
    one, other = value["exhibits"]
    one["number"], other["number"] = other["number"], one["number"]


def too_early(entries: list[Json]) -> None:
    frozen_at = lies.found(entries, "Frozen", v=2)["header"]["at"]
    lies.found(entries, "Unreachable")["header"]["at"] = frozen_at


def with_each_others_signature(entries: list[Json]) -> None:
    """Clerk and judge have exchanged envelopes."""
    one, other = (lies.found(entries, "Signed", person=person, v=2)["payload"] for person in ("p-clerk", "p-judge"))
    one["envelope"], other["envelope"] = other["envelope"], one["envelope"]
    one["statement_sha256"], other["statement_sha256"] = other["statement_sha256"], one["statement_sha256"]


def late_update(sitting: Sitting, files: lies.Files) -> None:
    """An edit after the last freeze, well chained."""
    late = signed_twice()
    late.edit("p-clerk", 3, lambda text: text.insert(0, "不"))
    files[ROWS] = late.files()[ROWS]


def other_key(sitting: Sitting, files: lies.Files) -> None:
    """The witness's key bound to the judge, in the log and in keys.json."""
    jwk = keys.to_jwk(sitting.keys["p-witness"].public_key())
    changed = {"jwk": jwk, "fingerprint": keys.fingerprint(jwk)}
    of_entry("KeyBound", with_payload(**changed), person="p-judge")(sitting, files)
    as_json("keys.json", lambda value: value["keys"][0].update(changed))(sitting, files)


def _other_part(frozen: Json) -> None:
    """The witness's words were corrected; the first signature is no longer over them."""
    frozen["signers"][5]["part_sha256"] = "0" * 64


WITNESS = f"{V1}/statements/p-witness.json"
CLERK, JUDGE = f"{V2}/statements/p-clerk.json", f"{V2}/statements/p-judge.json"
LIES: list[tuple[str, str, Lie]] = [
    # check, what its sentence names, the lie
    ("readable", "log.jsonl:2", replaced(LOG, b'"kind": "Isolated"', b'"kind": "Isolated')),
    ("keys", "cannot be read", put("keys.json", b"[]")),
    ("readable", "hearing.json", put("hearing.json", b'{"hearing": "h-2024", "hearing": "h-2024"}')),
    ("readable", f"{ROWS}:4", as_lines(ROWS, set_in(3, update="%%%"))),
    ("log_order", "line 4 of the log is entry 5", as_lines(LOG, deleted(3))),
    ("log_order", "line 2 of the log is entry 3", as_lines(LOG, exchanged(1, 2))),
    ("log_order", "another hearing's", logged(lambda entries: entries[3]["header"].update(hearing="h-other"))),
    ("log_order", "another form", logged(lambda entries: entries[3]["header"].update(v=2))),
    ("log_leaves", "entry 2 (Isolated)", replaced(LOG, b'"from": "IN_COURT"', b'"from": "WAITING"')),
    ("log_leaves", "entry 4 (Released)", withheld("Released", proven=False)),
    ("log_root", "counts", as_lines(LOG, deleted(-1))),
    ("log_root", "replaced or moved", put("log.jsonl", signed_twice().files()[LOG].replace(b"p-agent", b"p-agens"))),
    ("checkpoint_signature", "signature", replaced("checkpoint.txt", b"yunting/h-2024", b"yunting/h-2025")),
    ("keys", "keys that the log bound", as_json("keys.json", lambda value: value["keys"].pop())),
    ("keys", "p-clerk has another fingerprint", of_entry("KeyBound", with_payload(fingerprint="0" * 64), nth=1)),
    ("update_chains", f"line 6 of {ROWS} is update 7", as_lines(ROWS, deleted(5))),
    ("update_chains", f"line 6 of {ROWS} is update 7", as_lines(ROWS, exchanged(5, 6))),
    ("update_chains", "line 3", as_lines(ROWS, set_in(2, person="p-judge"))),
    ("update_chains", "line 3", as_lines(ROWS, set_in(2, at="2024-09-12T00:00:00.000Z"))),
    ("update_chains", "transcript/updates.jsonl is not there", dropped(ROWS)),
    ("update_chains", f"line 1 of {NOTES}/updates.jsonl", as_lines(f"{NOTES}/updates.jsonl", set_in(0, person="p"))),
    ("log_heads", f"{NOTES}/updates.jsonl is not", moved(f"{NOTES}/updates.jsonl", "annotations/e9/updates.jsonl")),
    ("log_heads", "history was rewritten", as_lines(ROWS, set_in(0, person="p-clerk"))),
    ("log_heads", "goes back", carried("SessionClosed", 0, 2)),
    ("versions", "froze transcript/v3", moved(f"{V1}/transcript.pdf", "transcript/v3/transcript.pdf")),
    ("versions", "did not ask for", of_entry("Frozen", with_payload(of=1))),
    ("barriers", "after the freeze at update", late_update),
    ("barriers", "are frozen", of_entry("Frozen", with_payload(barrier=3))),
    ("contents", f"{V1}/content.json does not have", replaced(f"{V1}/content.json", "偿还".encode(), "归还".encode())),
    ("contents", f"{V2}/content.json is not canonical", replaced(f"{V2}/content.json", b'{"blocks"', b'{ "blocks"')),
    ("contents", "people", as_json("hearing.json", lambda value: value["people"][2].update(name="张二"))),
    ("updates", f"{V1}/update.bin does not have the update_sha256", swapped(f"{V1}/update.bin", f"{V2}/update.bin")),
    ("updates", "from turn t3 on", swapped(f"{V1}/update.bin", f"{V2}/update.bin")),
    ("updates", f"{V1}/update.bin does not have the state", of_entry("Frozen", with_payload(state_sha256="0" * 64))),
    ("snapshots", f"{V2}/snapshot.json", swapped(f"{V1}/snapshot.json", f"{V2}/snapshot.json")),
    ("rebuilt", f"content of {V2}, from turn t3 on", swapped(f"{V1}/content.json", f"{V2}/content.json")),
    ("rebuilt", f"{V1} was frozen at update 900", of_entry("Frozen", with_payload(barrier=900))),
    ("rebuilt", "gives other words", of_entry("Frozen", with_payload(barrier=8))),
    ("pdf", f"{V1}/transcript.pdf", replaced(f"{V1}/transcript.pdf", b"%PDF", b"%PDf")),
    ("pdf", f"{V2}/transcript.pdf is not there", dropped(f"{V2}/transcript.pdf")),
    ("signers", "part of p-witness", of_entry("Frozen", lambda p: p["signers"][5].update(part_sha256="0" * 64))),
    ("signers", "p-judge is not listed", of_entry("Frozen", lambda p: p["signers"][0].update(role="clerk"))),
    ("signers", "twice", of_entry("Frozen", lambda p: p["signers"].append(p["signers"][0]))),
    ("signatures", "p-clerk is not valid", of_entry("Signed", lambda p: p["envelope"].update(payload="e30="), nth=2)),
    ("signatures", "signature of p-judge is by a key that is not theirs", other_key),
    ("signatures", "p-agent is by a key that is not", of_entry("Signed", with_payload(person="p-agent"))),
    ("signatures", "p-clerk is by a key that is not theirs", logged(with_each_others_signature)),
    ("signatures", "reservation of entry", of_entry("Signed", with_payload(reservation="同意"), v=2)),
    ("signatures", "statement_sha256 of entry", of_entry("Signed", with_payload(statement_sha256="0" * 64))),
    ("signatures", "actor of entry", logged(lambda e: lies.found(e, "Signed")["header"].update(actor="p-clerk"))),
    ("statements", "content_sha256 in the statement of", of_entry("Frozen", with_payload(content_sha256="0" * 64))),
    ("statements", "pdf_sha256 in the statement of p-clerk", of_entry("Frozen", with_payload(pdf_sha256="0" * 64))),
    ("statements", "hearing in the statement of p-judge", restated("p-judge", 2, hearing="h-other")),
    ("statements", "signed version 9", restated("p-judge", 2, version=9)),
    ("statements", "content_sha256 in the statement of p-clerk", restated("p-clerk", 1, version=2)),
    ("statements", "part_sha256 in the statement of p-witness", restated("p-witness", 1, part_sha256="0" * 64)),
    ("statements", "scope in the statement of p-witness", restated("p-witness", 1, scope="whole", part_sha256=None)),
    ("signature_places", "the log of 29 entries that p-judge", restated("p-judge", 2, log_head=LogHead(29, "0" * 64))),
    ("signature_places", "not between the freeze", restated("p-judge", 2, log_head=LogHead(900, "0" * 64))),
    ("signature_places", "not between the freeze", restated("p-judge", 2, log_head=LogHead(2, "0" * 64))),
    ("signature_places", "p-judge states the time", restated("p-judge", 2, time="2024-09-13T09:30:00+08:00")),
    ("signature_places", "key of p-plaintiff was not bound", carried("KeyBound", 0, -1, person="p-plaintiff")),
    ("statement_files", CLERK, swapped(CLERK, JUDGE)),
    ("statement_files", f"{WITNESS} is not there", moved(WITNESS, f"{V2}/statements/p-witness.json")),
    ("statement_files", "no entry of the log is", put(f"{V2}/statements/p-agent.json", b"{}")),
    ("statement_files", f"{V1}/handwriting/p-plaintiff.png", put(f"{V1}/handwriting/p-plaintiff.png", PNG[:-1])),
    ("statement_files", "stands in no statement", put(f"{V2}/handwriting/p-judge.png", PNG)),
    ("course", "p-judge was done with version 2", logged(doubled)),
    ("course", "p-clerk was isolated then", logged(signed_while_isolated)),
    ("course", "p-clerk had been removed before", logged(signed_after_removal)),
    ("course", "stands where the transcript was SIGNING", without("Reopened")),
    ("course", "for request", without("CorrectionDecided")),
    ("course", "stands where the transcript was DRAFT", without("SigningStarted")),
    ("course", "says that all have signed, while p-judge", without("Signed", person="p-judge")),
    ("course", "all have signed, while p-witness", of_entry("Frozen", _other_part, nth=1)),
    ("course", "the log does not say so", without("SigningSettled")),
    ("course", "less than five days", logged(too_early)),
    ("course", "no open record of a refusal", without("RefusalRecorded")),
    ("course", "all have signed, while p-defendant", without("RefusalConfirmed")),
    ("course", "p-defendant acted for p-witness", of_entry("Objected", with_payload(person="p-witness"))),
    ("course", "has no right", logged(lambda e: lies.found(e, "Reopened")["header"].update(actor="p-clerk"))),
    ("course", "speaks of version 2 while version 1", of_entry("Signed", with_payload(v=2))),
    ("course", "is not asked to sign", of_entry("Frozen", lambda p: p["signers"].pop(1))),
    ("course", "decides entry 900", of_entry("CorrectionDecided", with_payload(of=900))),
    ("course", "froze for entry 1,", of_entry("Frozen", with_payload(of=1))),
    ("exhibits", "exhibits/e1/original", swapped("exhibits/e1/original", "exhibits/e2/original")),
    ("exhibits", "exhibits/e2/original is not there", dropped("exhibits/e2/original")),
    ("exhibits", "exhibit e9 is not in the list", put("exhibits/e9/original", b"%PDF")),
    ("exhibits", "which entry", as_json("exhibits/exhibits.json", lambda value: value["exhibits"].pop())),
    ("exhibits", "is not the file that it was", of_entry("Frozen", lambda p: p["exhibits"][0].update(sha256="0" * 64))),
    ("exhibits", "e1 has another title", as_json(EXHIBITS, lambda value: value["exhibits"][0].update(title="收条"))),
    ("exhibits", "in another order", as_json(EXHIBITS, renumbered)),
    ("annotations", "content_sha256", of_entry("Frozen", lambda p: _first(p).update(content_sha256="0" * 64))),
    ("annotations", "state_sha256", of_entry("Frozen", lambda p: _first(p).update(state_sha256="0" * 64))),
    ("annotations", "barrier", of_entry("Frozen", lambda p: _first(p).update(barrier=7))),
    ("annotation_files", f"{NOTES}/annotations.json", replaced(f"{NOTES}/annotations.json", b"plaintiff", b"agent")),
    ("annotation_files", f"{NOTES}/update.bin", replaced(f"{NOTES}/update.bin", b"highlight", b"underline")),
    ("annotation_files", f"{NOTES}/update.bin", dropped(f"{NOTES}/update.bin")),
    ("annotation_files", f"{NOTES}/update.bin", swapped(f"{NOTES}/update.bin", "annotations/e2/update.bin")),
]  # fmt: skip


def _first(payload: Json) -> Json:
    return next(iter(payload["annotations"].values()))


@pytest.mark.parametrize(("code", "named", "lie"), LIES, ids=[f"{code}-{n}" for n, (code, *_) in enumerate(LIES)])
def test_a_lie_that_the_court_signed_is_found_and_named(sitting: Sitting, code: str, named: str, lie: Lie) -> None:
    report = verify.verify(lies.told(sitting, lie), court_key=sitting.vkey)
    assert code in report.failed, {each.code: [f.en for f in each.findings] for each in report.results}
    assert named in sentences(report, code)


def test_an_update_between_freeze_and_signature_is_found_though_the_log_goes_along_with_it() -> None:
    sitting = held_in_court()
    sitting.freeze(1, sitting.start_signing(1))
    sitting.bind("p-judge")
    sitting.edit("p-clerk", 3, lambda text: text.insert(0, "不"))
    sitting.sign("p-judge", 1)
    report = verify.verify(sitting.bundle(), court_key=sitting.vkey)
    assert report.failed == ("barriers",)
    assert "(Signed) the transcript had 15 updates, while 14 are frozen" in sentences(report, "barriers")


def test_a_statement_of_another_hearing_is_not_this_ones(sitting: Sitting) -> None:
    """Same people, same keys, same words: only the hearing is another."""
    report = verify.verify(lies.told(sitting, lies.as_json("hearing.json", lambda value: value.update(hearing="h-9"))))
    assert {"log_order", "checkpoint_signature", "contents", "statements"} <= set(report.failed)
    assert "hearing in the statement of p-judge" in sentences(report, "statements")


def test_every_check_is_held_against_a_lie() -> None:
    elsewhere = {"container", "manifest", "manifest_signature", "court_key", "receipts"}
    elsewhere |= {"recording_rounds"}  # tests/recording/test_verifying.py
    assert {code for code, *_ in LIES} | elsewhere == set(verify.CODES)
