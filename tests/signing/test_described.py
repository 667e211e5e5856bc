"""What signing answers is what the API's description says, refusals included."""

from typing import Any

import pytest

from tests.endpoints.serving import HEARING
from tests.endpoints.test_openapi import check, description
from tests.signing.court import Court
from tests.signing.signer import body

BASE = "/api/hearings/{hearing}"
READS = [("", "judge"), ("", "plaintiff"), ("", "observer"), ("/1/receipt", "plaintiff"), ("/1/content", "plaintiff"),
         ("/1/content", "witness"), ("/1/content", "observer"), ("/1/pdf", "plaintiff"), ("/1/pdf", "witness"),
         ("/1/update", "clerk"), ("/9/update", "clerk")]  # fmt: skip


def place(path: str) -> str:
    """The path as the description writes it."""
    return BASE + "/signing" + path.replace("/1/", "/{v}/").replace("/9/", "/{v}/")


async def test_a_signature_from_key_to_receipt_is_answered_as_described(court: Court) -> None:
    described = await description(court.serving)
    signer = court.signer("plaintiff")

    async def posted(path: str, given: dict[str, Any] | None, *expected: int) -> None:
        for status in expected:
            answer = await court.post(signer, path, given)
            assert answer.status_code == status, answer.text
            if status != 204:
                check(described, "POST", place(path), answer)

    await posted("/keys", {"jwk": signer.jwk}, 201, 200)
    await posted("/keys", {"jwk": {}}, 400)
    await posted("/reading", {"v": 1}, 204)
    await posted("/reading", {"v": 7}, 409)
    await posted("/digest", {"v": 1, "of": 1, "content_sha256": "0" * 64}, 403)
    said = signer.envelope(signer.statement(HEARING, await court.shown(signer)))
    await posted("/signatures", body(said, "x"), 403)
    await posted("/signatures", body({}, "x"), 400)
    await posted("/signatures", body(said, await court.code(signer)), 201, 200)
    for path, role in READS:
        answer = await court.get(court.signer(role), path)
        check_file(described, place(path), answer)


def check_file(described: dict[str, Any], path: str, answer: Any) -> None:
    """As `check`; of an answer that is no JSON the media type."""
    kind = answer.headers["content-type"].partition(";")[0]
    if kind.endswith("json"):
        check(described, "GET", path, answer)
    else:
        assert kind in described["paths"][path]["get"]["responses"]["200"]["content"]


async def test_a_draft_is_shown_as_described(writing: Court) -> None:
    described = await description(writing.serving)
    for role in ("judge", "plaintiff"):
        check(described, "GET", place(""), await writing.get(writing.signer(role)))


@pytest.mark.parametrize(("role", "status"), [("clerk", 200), ("observer", 403), ("plaintiff", 403)])
async def test_the_bundle_is_for_the_court_and_for_those_who_signed(court: Court, role: str, status: int) -> None:
    described = await description(court.serving)
    answer = await court.serving.get(court.signer(role).person.id, f"/api/hearings/{HEARING}/bundle")
    assert answer.status_code == status
    check_file(described, BASE + "/bundle", answer)


async def test_there_is_no_bundle_before_a_version_is_frozen(writing: Court) -> None:
    answer = await writing.serving.get(writing.signer("clerk").person.id, f"/api/hearings/{HEARING}/bundle")
    assert answer.json()["code"] == "nothing_frozen"


async def test_two_bundles_of_one_moment_are_the_same_bytes(court: Court) -> None:
    path = f"/api/hearings/{HEARING}/bundle"
    first, second = [await court.serving.get(court.signer("clerk").person.id, path) for _ in range(2)]
    assert first.content == second.content
