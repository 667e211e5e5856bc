"""Signing over HTTP: keys, codes, signatures, receipts, and each reason for which a signature is not taken in."""

import asyncio
import json
import random
from hashlib import sha256

import httpx
import pytest
from pymerkle import InclusionProof, InmemoryTree

from crdt_docs.signing import content, log_tree, merkle
from crdt_docs.signing.checkpoint import read_note
from crdt_docs.signing.content import Person
from crdt_docs.signing.receipt import verify_receipt
from server.control_entries import Entry
from server.demo import cast
from tests.endpoints.serving import HEARING, OTHER
from tests.signing.court import PATH, Court
from tests.signing.signer import Signer, body, broken, off
from tests.signing.test_handwriting import png

PICTURE = png(300, 120)


def refused(answer: httpx.Response, code: str) -> None:
    assert answer.json().get("code") == code, answer.text


async def signed_entries(court: Court) -> int:
    control = await court.control()
    return sum(entry.event.kind == "Signed" for entry in control.entries)


# --- what goes well ---


async def test_a_signature_is_answered_with_a_receipt_that_proves_it(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    shown = await court.shown(signer)
    answer = await court.sign(signer, PICTURE, reservation="利息部分保留意见")
    assert answer.status_code == 201
    stated = verify_receipt(answer.json(), shown["court_key"], signer.jwk)
    assert stated.person == signer.person and stated.reservation == "利息部分保留意见"
    assert (await court.shown(signer))["you"]["state"] == "SIGNED"


async def test_an_independent_library_finds_the_receipt_s_proof_right(court: Court) -> None:
    """It is given the entries as they are hashed, makes the whole tree itself and takes our path for one leaf."""
    signer = await court.bound(court.signer("plaintiff"))
    proof, leaf = (receipt := (await court.sign(signer)).json())["proof"], receipt["entry"]["leaf"]
    entries = (await court.control()).entries[: proof["size"]]
    tree = InmemoryTree.init_from_entries([hashed(entry) for entry in entries], algorithm="sha256")
    place = proof["index"] + 1
    theirs = tree.prove_inclusion(place, proof["size"])
    path = [bytes.fromhex(each) for each in (leaf, *proof["hashes"])]
    ours = InclusionProof("sha256", True, proof["size"], place, theirs.rule, path)
    ours.verify(bytes.fromhex(leaf), tree.get_root(), index=place, size=proof["size"])
    assert read_note(receipt["checkpoint"].partition("\n\n")[0] + "\n").root == tree.get_root()


def hashed(entry: Entry) -> bytes:
    digest = log_tree.payload_digest(entry.salt, log_tree.canonical(entry.payload))
    return log_tree.canonical(entry.header) + digest


async def test_the_receipt_names_every_key_of_the_hearing(court: Court) -> None:
    first = await court.bound(court.signer("plaintiff"))
    second = await court.bound(court.signer("defendant"))
    receipt = (await court.sign(first)).json()
    named = {(each["person"], each["fingerprint"]) for each in receipt["keys"]}
    assert named == {(each.person.id, each.fingerprint) for each in (first, second)}


async def test_the_same_statement_again_gives_the_same_receipt_without_a_code(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    said = signer.statement(HEARING, await court.shown(signer))
    given = body(signer.envelope(said), await court.code(signer))
    first = await court.post(signer, "/signatures", given)
    again = await court.post(signer, "/signatures", given)
    other_value = await court.post(signer, "/signatures", body(signer.envelope(said), "000000"))
    fetched = await court.get(signer, "/1/receipt")
    assert [first.status_code, again.status_code, other_value.status_code] == [201, 200, 200]
    assert first.content == again.content == other_value.content == fetched.content
    assert await signed_entries(court) == 1


async def test_ten_at_once_are_one_signature(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    given = body(signer.envelope(signer.statement(HEARING, await court.shown(signer))), await court.code(signer))
    answers = await asyncio.gather(*(court.post(signer, "/signatures", given) for _ in range(10)))
    assert sorted(each.status_code for each in answers) == [200] * 9 + [201]
    assert len({each.content for each in answers}) == 1
    assert await signed_entries(court) == 1


async def test_a_witness_signs_the_own_part_and_sees_no_more_of_the_text(court: Court) -> None:
    witness = await court.bound(court.signer("witness"))
    part = await court.get(witness, "/1/content")
    shown = await court.shown(witness)
    assert content.digest_of(part.content) == shown["you"]["part_sha256"]
    speakers = {block["speaker"] for block in part.json()["blocks"]}
    assert witness.person.id in speakers and part.json()["part"] == witness.person.id
    for path in ("/1/pdf", "/1/update"):
        refused(await court.get(witness, path), "role_may_not_read")
    assert (await court.sign(witness)).status_code == 201


async def test_the_files_are_those_that_the_digests_name(court: Court) -> None:
    signer = court.signer("plaintiff")
    frozen = (await court.shown(signer))["frozen"]
    whole = (await court.get(signer, "/1/content")).content
    assert content.digest_of(whole) == frozen["content_sha256"]
    for path, name in (("/1/pdf", "pdf_sha256"), ("/1/update", "update_sha256")):
        assert sha256((await court.get(signer, path)).content).hexdigest() == frozen[name]
    refused(await court.get(signer, "/2/pdf"), "not_found")
    refused(await court.get(signer, "/x/pdf"), "not_found")


async def test_staff_see_every_signer_and_others_see_themselves(court: Court) -> None:
    plaintiff, clerk, observer = (court.signer(role) for role in ("plaintiff", "clerk", "observer"))
    assert {each["person"] for each in (await court.shown(plaintiff))["signers"]} == {plaintiff.person.id}
    assert len((await court.shown(clerk))["signers"]) == 8  # all of the cast but the observer
    seen = await court.shown(observer)
    assert (seen["stage"], seen["frozen"], seen["signers"], seen["you"]["signer"]) == ("SIGNING", None, [], False)


async def test_a_look_at_the_signing_hashes_no_part_of_the_log_twice(
    court: Court, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer, hashed_nodes = court.signer("plaintiff"), 0
    for text in range(40):
        await court.order("clerk", "mark_incident", reason=f"{text}")

    def counted(left: bytes, right: bytes) -> bytes:
        nonlocal hashed_nodes
        hashed_nodes += 1
        return node(left, right)

    node = merkle._node  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(merkle, "_node", counted)
    head, entries = (await court.shown(signer))["head"], (await court.control()).entries
    assert hashed_nodes <= head["size"].bit_length() < len(entries)
    assert head["root"] == merkle.root([each.leaf for each in entries]).hex()


async def test_reading_is_noted_once(court: Court) -> None:
    signer = court.signer("plaintiff")
    for _ in range(2):
        assert (await court.post(signer, "/reading", {"v": 1})).status_code == 204
    assert (await court.shown(signer))["you"]["state"] == "READING"
    refused(await court.post(signer, "/reading", {"v": 2}), "wrong_version")


# --- keys ---


async def test_a_key_is_bound_once_to_one_person(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    again = await court.post(signer, "/keys", {"jwk": signer.jwk})
    assert again.status_code == 200 and again.json()["fingerprint"] == signer.fingerprint
    refused(await court.post(court.signer("defendant"), "/keys", {"jwk": signer.jwk}), "key_of_another")
    refused(await court.post(court.signer("observer"), "/keys", {"jwk": Signer(signer.person).jwk}), "not_a_signer")


@pytest.mark.parametrize("jwk", [{}, {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}, {"kty": "RSA", "n": "AQAB"}])
async def test_what_is_no_p_256_key_is_not_bound(court: Court, jwk: dict[str, str]) -> None:
    refused(await court.post(court.signer("plaintiff"), "/keys", {"jwk": jwk}), "bad_key")


async def test_a_private_key_is_refused_with_the_reason(court: Court) -> None:
    signer = court.signer("plaintiff")
    answer = await court.post(signer, "/keys", {"jwk": {**signer.jwk, "d": "AAAA"}})
    refused(answer, "bad_key")
    assert "private" in answer.json()["detail"]


async def test_a_lost_key_is_replaced_by_a_new_one(court: Court) -> None:
    await court.bound(court.signer("plaintiff"))
    other_device = await court.bound(court.signer("plaintiff"))
    assert (await court.sign(other_device)).status_code == 201


# --- what must not be possible ---


CHANGED = [
    ("statement_other_hearing", lambda _: {"hearing": OTHER}),
    ("wrong_version", lambda _: {"version": 2}),
    ("statement_other_role", lambda signer: {"person": Person(signer.person.id, "judge", signer.person.name)}),
    ("statement_other_person", lambda signer: {"person": Person(signer.person.id, "plaintiff", "别人")}),
    ("statement_other_scope", lambda _: {"scope": "part", "part_sha256": "0" * 64}),
    ("statement_other_time", lambda _: {"time": off(-11)}),
    ("statement_other_time", lambda _: {"time": off(11)}),
    ("handwriting_differs", lambda _: {"handwriting_sha256": "0" * 64}),
]


@pytest.mark.parametrize(("code", "changed"), CHANGED, ids=lambda value: value if isinstance(value, str) else "")
async def test_a_statement_that_says_something_else_is_refused_and_burns_no_code(
    court: Court, code: str, changed: object
) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    sent = await court.code(signer)
    refused(await court.sign(signer, code=sent, **changed(signer)), code)
    assert await signed_entries(court) == 0
    assert (await court.sign(signer, code=sent)).status_code == 201


@pytest.mark.parametrize("name", ["content_sha256", "update_sha256", "state_sha256", "pdf_sha256"])
async def test_each_of_the_four_digests_counts(court: Court, name: str) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    shown = await court.shown(signer)
    shown["frozen"][name] = "0" * 64
    given = body(signer.envelope(signer.statement(HEARING, shown)), await court.code(signer))
    refused(await court.post(signer, "/signatures", given), "statement_other_text")


async def test_a_head_that_the_log_never_had_is_refused(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    for head in ({"root": "0" * 64}, {"size": 99}, {"size": 1}):
        shown = await court.shown(signer)
        shown["head"].update(head)
        given = body(signer.envelope(signer.statement(HEARING, shown)), await court.code(signer))
        refused(await court.post(signer, "/signatures", given), "statement_other_log")


async def test_a_statement_of_somebody_else_is_refused(court: Court) -> None:
    plaintiff, defendant = await court.bound(court.signer("plaintiff")), await court.bound(court.signer("defendant"))
    stolen = plaintiff.envelope(plaintiff.statement(HEARING, await court.shown(plaintiff)))
    answer = await court.post(defendant, "/signatures", body(stolen, await court.code(defendant)))
    refused(answer, "statement_other_person")
    assert await signed_entries(court) == 0


async def test_a_key_that_was_not_bound_or_is_another_s_signs_nothing(court: Court) -> None:
    stranger = court.signer("plaintiff")
    refused(await court.sign(stranger), "key_missing")
    await court.bound(court.signer("plaintiff"))
    refused(await court.sign(stranger), "key_unknown")
    other = await court.bound(court.signer("defendant"))
    borrowed = Signer(stranger.person, other.key)
    refused(await court.sign(borrowed), "key_unknown")


async def test_a_broken_signature_is_refused(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    envelope = broken(signer.envelope(signer.statement(HEARING, await court.shown(signer))))
    code = await court.code(signer)
    refused(await court.post(signer, "/signatures", body(envelope, code)), "signature_wrong")
    assert (await court.sign(signer, code=code)).status_code == 201


@pytest.mark.parametrize("envelope", [{}, {"payloadType": "x", "payload": "AA==", "signatures": []}])
async def test_what_is_no_statement_is_refused(court: Court, envelope: dict[str, object]) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    refused(await court.post(signer, "/signatures", body(envelope, "123456")), "statement_malformed")


async def test_a_second_different_signature_is_refused(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    first = await court.sign(signer)
    refused(await court.sign(signer, reservation="后来才想到的"), "already_signed")
    assert (await court.get(signer, "/1/receipt")).content == first.content


async def test_the_isolated_can_do_nothing(court: Court) -> None:
    signer = await court.bound(court.signer("defendant"))
    said = signer.envelope(signer.statement(HEARING, await court.shown(signer)))
    code = await court.code(signer)
    judge = court.serving.person("judge")
    await court.serving.command(judge, command="isolate", person=signer.person.id)
    for path, given in (
        ("/signatures", body(said, code)), ("/code", None), ("/keys", {"jwk": signer.jwk}), ("/reading", {"v": 1}),
    ):  # fmt: skip
        refused(await court.post(signer, path, given), "isolated")
    for path in ("", "/1/content", "/1/pdf", "/1/update", "/1/receipt"):
        refused(await court.get(signer, path), "isolated")
    await court.serving.command(judge, command="release", person=signer.person.id)
    assert (await court.post(signer, "/signatures", body(said, code))).status_code == 201


async def test_a_picture_other_than_the_signed_one_or_none_at_all_is_refused(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    code = await court.code(signer)
    said = signer.envelope(signer.statement(HEARING, await court.shown(signer), PICTURE))
    refused(await court.post(signer, "/signatures", body(said, code)), "handwriting_differs")
    refused(await court.post(signer, "/signatures", body(said, code, png())), "handwriting_differs")
    refused(await court.post(signer, "/signatures", body(said, code, b"GIF89a")), "handwriting_unreadable")
    refused(await court.post(signer, "/signatures", {**body(said, code), "handwriting": "%"}), "handwriting_unreadable")
    assert (await court.post(signer, "/signatures", body(said, code, PICTURE))).status_code == 201


async def test_the_largest_picture_and_the_longest_reservation_fit_into_one_request(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    noise = random.Random(3).randbytes(39_800)
    drawn = png(99, 100, rows=b"".join(b"\0" + noise[row * 396 : (row + 1) * 396] for row in range(100)))
    assert 39_000 < len(drawn) <= 40_000
    assert (await court.sign(signer, drawn, reservation="保" * 2_000)).status_code == 201


# --- codes ---


async def test_a_wrong_code_five_times_and_the_right_one_is_dead(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    code = await court.code(signer)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    answers = [(await court.sign(signer, code=wrong)).json()["code"] for _ in range(5)]
    assert answers == ["code_wrong"] * 4 + ["code_ended"]
    refused(await court.sign(signer, code=code), "code_ended")
    assert (await court.sign(signer)).status_code == 201


async def test_a_code_is_nobody_else_s_and_good_for_one_signature(court: Court) -> None:
    plaintiff, defendant = await court.bound(court.signer("plaintiff")), await court.bound(court.signer("defendant"))
    code = await court.code(plaintiff)
    refused(await court.sign(defendant, code=code), "code_ended")
    assert (await court.sign(plaintiff, code=code)).status_code == 201
    await court.order("judge", "reopen", reason="补正")
    await court.freeze()
    refused(await court.sign(plaintiff, code=code), "code_ended")


async def test_the_sixth_code_of_an_hour_is_not_sent_and_the_answer_says_how_long_to_wait(court: Court) -> None:
    signer = court.signer("plaintiff")
    for _ in range(5):
        await court.code(signer)
    answer = await court.post(signer, "/code")
    refused(answer, "too_many_codes")
    assert 3_000 < int(answer.headers["retry-after"]) <= 3_600


async def test_codes_go_to_signers_while_there_is_something_to_sign(writing: Court) -> None:
    refused(await writing.post(writing.signer("plaintiff"), "/code"), "not_being_signed")
    await writing.freeze()
    refused(await writing.post(writing.signer("observer"), "/code"), "not_a_signer")
    assert not (writing.data / "outbox.jsonl").exists()


async def test_no_code_is_in_the_log_or_in_what_the_server_says(court: Court, caplog: pytest.LogCaptureFixture) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    code = await court.code(signer)
    answer = await court.sign(signer, code=code)
    control = await court.control()
    everything = json.dumps([dict(entry.payload) for entry in control.entries]) + answer.text + caplog.text
    assert f'"{code}"' not in everything


# --- versions ---


async def test_exhibits_keep_name_and_number_from_the_freeze_to_a_reopening(court: Court) -> None:
    place = f"/api/hearings/{HEARING}/exhibits/{cast.EXHIBITS[0].id}"
    clerk = court.serving.bearer(court.serving.person("clerk"))
    for body_of in ({"title": "收条"}, {"purpose": "证明已还"}, {"number": 2}):
        refused(await court.serving.client.patch(place, headers=clerk, json=body_of), "frozen")
    await court.order("judge", "reopen", reason="补正")
    assert (await court.serving.client.patch(place, headers=clerk, json={"title": "收条"})).status_code == 200


async def test_after_a_correction_everybody_signs_again_and_the_old_receipt_stays(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    first = await court.sign(signer)
    await court.order("judge", "reopen", reason="补正")
    refused(await court.post(signer, "/code"), "not_being_signed")
    await court.freeze()
    assert (await court.shown(signer))["you"]["state"] == "PENDING"
    assert (await court.sign(signer)).status_code == 201
    assert (await court.get(signer, "/1/receipt")).content == first.content
    assert (await court.get(signer, "/2/receipt")).json()["entry"]["payload"]["v"] == 2
    refused(await court.get(court.signer("defendant"), "/1/receipt"), "not_found")


async def test_nothing_is_signed_before_the_freeze(writing: Court) -> None:
    signer = await writing.bound(writing.signer("plaintiff"))
    shown = await writing.shown(signer)
    assert (shown["stage"], shown["frozen"], shown["versions"]) == ("DRAFT", None, [])
    digests = {name: "0" * 64 for name in ("content_sha256", "update_sha256", "state_sha256", "pdf_sha256")}
    said = signer.statement(HEARING, {**shown, "frozen": {"v": 1, **digests}})
    refused(await writing.post(signer, "/signatures", body(signer.envelope(said), "123456")), "not_being_signed")


@pytest.mark.parametrize("path", ["", "/1/receipt", "/1/content"])
async def test_a_stranger_learns_nothing(court: Court, path: str) -> None:
    refused(await court.serving.get("p-stranger", PATH + path), "not_found")
