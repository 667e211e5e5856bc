"""A part in the bundle: whoever was asked to sign one has its words in their own copy, no other word of the text."""

import json

from crdt_docs.signing import content
from tests.endpoints.serving import HEARING
from tests.signing.court import Court
from tests.signing.signer import Signer
from tests.signing.test_certificate import files

SHORTEST = 8  # characters: shorter words stand in many turns


def part_file(witness: Signer, v: int = 1) -> str:
    return f"transcript/v{v}/parts/{witness.person.id}.json"


def words(text: content.Content) -> dict[str, str]:
    """By turn."""
    return {block["id"]: "".join(run["text"] for run in block["runs"]) for block in text["blocks"]}


async def test_a_witness_who_signed_has_the_part_and_nothing_else_of_the_text(court: Court) -> None:
    witness = await court.bound(court.signer("witness"))
    assert (await court.sign(witness)).status_code == 201
    whole = words(json.loads((await files(court, "clerk"))["transcript/v1/content.json"]))
    held = await files(court, "witness")
    part = held.pop(part_file(witness))
    assert content.digest_of(part) == (await court.shown(witness))["you"]["part_sha256"]
    assert part == (await court.get(witness, "/1/content")).content
    own = words(json.loads(part))
    known = held.pop("hearing.json").decode()  # the court's name is a turn as well
    others = [text for turn, text in whole.items() if turn not in own and len(text) >= SHORTEST and text not in known]
    assert own and len(others) > 10
    everything = part + b"".join(held.values())
    withheld = json.loads(held["manifest.json"])["withheld"]
    assert "exhibits/exhibits.json" in withheld and "exhibits/exhibits.json" not in held
    assert [text for text in others if text.encode() in everything] == []
    assert {name for name in held if name.startswith("transcript/")} == {
        f"transcript/v1/statements/{witness.person.id}.json"
    }


async def test_the_court_and_who_may_see_the_whole_have_every_part_as_well(court: Court) -> None:
    witness, party = court.signer("witness"), await court.bound(court.signer("plaintiff"))
    assert (await court.sign(party)).status_code == 201
    for role in ("clerk", "plaintiff"):
        held = await files(court, role)
        whole = json.loads(held["transcript/v1/content.json"])
        assert "exhibits/exhibits.json" in held
        assert held[part_file(witness)] == content.encode(content.part(whole, witness.person.id))


async def test_each_version_has_its_own_part(court: Court) -> None:
    witness = await court.bound(court.signer("witness"))
    assert (await court.sign(witness)).status_code == 201
    await court.order("judge", "reopen", reason="补正")
    await court.freeze()
    held = await files(court, "witness")
    assert [json.loads(held[part_file(witness, v)])["hearing"] for v in (1, 2)] == [HEARING, HEARING]
