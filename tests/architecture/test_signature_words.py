"""PROTOCOL 15 and the code of signatures name the same members, digests, schemas and findings."""

import dataclasses
import re

from crdt_docs.signing import content, lint, receipt, statement
from tests.architecture.checkout import ROOT
from tests.architecture.vocabulary import quoted, section, tables
from tests.crdt_docs.signing.paper import ENTIRE

PROTOCOL = (ROOT / "PROTOCOL.md").read_text(encoding="utf-8")


def named(part: str) -> list[str]:
    """What the first column of the part's tables names, below the heading row."""
    return [word for row in tables(section(PROTOCOL, part)) for word in re.findall(r"`(\w+)`", row[0])]


def test_every_member_of_a_statement_is_described_and_no_other() -> None:
    assert sorted(named("15.4")) == sorted(statement.to_json(ENTIRE))


def test_every_digest_is_described_and_no_other() -> None:
    assert named("15.1") == [field.name for field in dataclasses.fields(statement.Digests)]


def test_every_finding_is_described_with_what_it_does_and_no_other() -> None:
    described = {code: row[1] for row in tables(section(PROTOCOL, "15.2")) for code in re.findall(r"`(\w+)`", row[0])}
    assert {code for code, blocks in described.items() if blocks == "no"} == lint.WARNINGS
    assert set(described) == lint.CODES


def test_the_members_of_content_and_receipt_are_described() -> None:
    assert set(content.BLOCK_KEYS) <= set(re.findall(r'"(\w+)"', section(PROTOCOL, "15.1")))
    assert set(receipt.KEYS | receipt.ENTRY_KEYS) <= set(re.findall(r'"(\w+)"', section(PROTOCOL, "15.5")))


def test_schemas_and_types_are_described() -> None:
    part = section(PROTOCOL, "15")
    for schema in (content.SCHEMA, statement.SCHEMA, statement.PAYLOAD_TYPE, receipt.SCHEMA):
        assert f'"{schema}"' in part or schema in quoted(part)
