"""The certificate in the bundle: who signed, refused, asked for a correction, as the log has it; for the court."""

import json
from pathlib import Path

import pymupdf
import pytest

from crdt_docs.signing.bundle import read
from crdt_docs.signing.container import pack
from crdt_docs.signing.verify import verify
from server.hearing.times import milliseconds
from server.signing import reprint
from server.signing.pdf import PrintFacts, render, short
from tests.endpoints.serving import HEARING
from tests.signing.court import Court
from tests.signing.test_handwriting import png

EVIL = '#panic("x") *拒* $1$ 𪚥'


async def files(court: Court, role: str) -> dict[str, bytes]:
    """What lies in the bundle of somebody of this role."""
    answer = await court.serving.get(court.serving.person(role), f"/api/hearings/{HEARING}/bundle")
    assert answer.status_code == 200
    assert verify(answer.content, court_key=court.serving.app.state.court_key.vkey).failed == ()
    return read(answer.content)


def shown(pdf: bytes) -> tuple[str, int]:
    """Its words without spaces, and how many pictures it has."""
    with pymupdf.open(stream=pdf, filetype="pdf") as opened:
        pictures = sum(len(page.get_images()) for page in opened)
        return "".join("".join(page.get_text() for page in opened).split()), pictures


async def test_it_says_who_signed_with_which_reservation_and_who_refused_and_why(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    receipt = (await court.sign(signer, png(200, 80), reservation="利息部分保留意见")).json()
    await court.order("plaintiff", "request_correction", reason="金额应为壹拾万元")
    defendant = court.serving.person("defendant")
    await court.order("clerk", "record_refusal", person=defendant, code="disagrees", reason=EVIL)
    await court.order("judge", "confirm_refusal", person=defendant)
    words, pictures = shown((await files(court, "clerk"))["certificate.pdf"])
    version = (await court.shown(signer))["frozen"]
    statement = receipt["entry"]["payload"]["statement_sha256"]
    for expected in (
        "周启航原告全文已签", short(statement), short(signer.fingerprint), "保留意见：利息部分保留意见",
        "贺岚被告全文拒绝签名", EVIL.replace("𪚥", "〔U+2A6A5〕"), "金额应为壹拾万元（未决定）",
        "梁柏年证人本人部分未签", version["content_sha256"],
    ):  # fmt: skip
        assert "".join(expected.split()) in words
    assert pictures >= 1


async def test_every_version_has_its_own_table(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    await court.sign(signer)
    await court.order("judge", "reopen", reason="补正")
    await court.freeze()
    words, _ = shown((await files(court, "judge"))["certificate.pdf"])
    first, second = words.split("第2版")
    assert "周启航原告全文已签" in first and "周启航原告全文未签" in second


async def test_a_private_line_is_withheld_from_a_party_s_copy_which_is_checked_all_the_same(court: Court) -> None:
    signer, person = await court.bound(court.signer("plaintiff")), court.serving.person("defendant")
    await court.sign(signer)
    await court.order("judge", "isolate", person=person)
    await court.order("defendant", "line", text="我要喝水")
    await court.order("clerk", "line", person=person, text="马上送来")
    await court.order("judge", "release", person=person)
    held = {role: (await files(court, role))["log.jsonl"].decode() for role in ("clerk", "plaintiff")}
    said = {role: [word in log for word in ("我要喝水", "马上送来")] for role, log in held.items()}
    assert said == {"clerk": [True, True], "plaintiff": [False, False]}
    assert all(log.count('"kind": "PrivateLine"') == 2 for log in held.values())


async def test_what_is_printed_again_from_the_content_is_the_pdf_that_was_signed(
    court: Court, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A PDF of other words is found out although its digest is the one that everybody signs."""
    inside = await files(court, "clerk")
    entry = next(
        line for line in map(json.loads, inside["log.jsonl"].splitlines()) if line["header"]["kind"] == "Frozen"
    )
    archive = tmp_path / "hearing.zip"
    archive.write_bytes(pack(inside))
    assert reprint.main(str(archive)) == 0
    assert "v1: " in capsys.readouterr().out
    said = json.loads(inside["transcript/v1/content.json"])
    hearing = json.loads(inside["hearing.json"])
    at_ms = milliseconds(json.loads(inside["log.jsonl"].splitlines()[entry["payload"]["of"] - 1])["header"]["at"])
    facts = PrintFacts(hearing["court"], hearing["title"], 1, at_ms, entry["payload"]["content_sha256"])
    assert said["blocks"][0]["runs"]
    said["blocks"][0]["runs"][0]["text"] += "三十万元"
    lie = {**inside, "transcript/v1/transcript.pdf": render(said, facts)[0]}
    archive.write_bytes(pack(lie))
    assert reprint.main(str(archive)) == 1
    lie.pop("transcript/v1/content.json")
    assert reprint.versions(pack(lie)) == {1: reprint.Printed.WITHHELD}


async def test_a_party_s_copy_names_it_and_does_not_hold_it(court: Court) -> None:
    signer = await court.bound(court.signer("plaintiff"))
    await court.sign(signer, png())
    await court.sign(await court.bound(court.signer("defendant")))
    held = await files(court, "plaintiff")
    assert "certificate.pdf" not in held
    assert b'"certificate.pdf"' in held["manifest.json"]
    statements = [name for name in held if "/statements/" in name]
    assert statements == [f"transcript/v1/statements/{signer.person.id}.json"]
